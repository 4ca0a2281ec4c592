/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.array.ElementType;
import org.syncline.config.InterpolationConfig;
import org.syncline.decode.DecodingException;
import org.syncline.decode.EncodedTypes;
import org.syncline.decode.FrameStore;
import org.syncline.decode.Stimulus;
import org.syncline.device.Problem;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.StoredZeros;
import org.syncline.device.trials.TrialIndex;
import org.syncline.device.trials.TrialKind;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;
import org.syncline.format.Statistics;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.FrameArray;
import org.syncline.storage.FrameSize;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyHeader;
import org.syncline.storage.StoredDoubles;

/** Says what is wrong with a screen: its clock, trials, pixel files and statistics. */
final class ScreenCheck {
  /** Recordings have tens of thousands of trials: of each some pages are looked at. */
  private static final int PAGES_OF_A_FILE = 32;

  /** How many times the largest pixels of trials of one scale may differ. */
  private static final double FAR = 50;

  private final Problems problems;
  private final FileChecks files;

  /** What some pages of each file hold. */
  private final Map<Path, PixelSample> samples = new LinkedHashMap<>();

  /** A number for what these pages hold. */
  private final Map<Path, Long> contents = new HashMap<>();

  ScreenCheck(Problems problems) {
    this.problems = problems;
    files = new FileChecks(problems);
  }

  /** Checks a device. */
  void check(ScreenMeta meta) {
    Path folder = meta.folder();
    double[] times = times(meta);
    if (times != null) {
      if (times.length == 0) {
        problems.error(meta.timestampsFile(), "length", "0", "one time for each frame", null);
      } else if (Double.isFinite(times[0]) && Double.isFinite(times[times.length - 1])) {
        problems.range(times[0], times[times.length - 1]);
        ScreenTimes.range(meta, times.length, i -> times[i], problems);
      }
    }
    if (!Files.exists(folder.resolve("combined_meta.json"), LinkOption.NOFOLLOW_LINKS)
        && TrialIndex.singleFiles(folder.resolve("meta")).isEmpty()) {
      problems.error(
          folder,
          "trials",
          "neither combined_meta.json nor meta/NNNNN.yml",
          "the metadata of at least one trial",
          null);
      return;
    }
    int[] count = {0};
    TrialIndex trials =
        TrialIndex.check(
            folder,
            meta.useStimuliNames(),
            e -> {
              if (count[0]++ < FileChecks.MOST_OF_A_KIND) {
                problems.error(e);
              }
            });
    if (count[0] > FileChecks.MOST_OF_A_KIND) {
      problems.error(
          trials.source(),
          "trials",
          count[0] - FileChecks.MOST_OF_A_KIND + " more broken trials",
          "none",
          null);
    }
    if (times != null) {
      ScreenTimes.lengths(meta.timestampsFile(), times.length, trials, problems);
      ScreenTimes.repeats(meta.timestampsFile(), times.length, i -> times[i], trials, problems);
      ScreenTimes.videos(meta.timestampsFile(), times, trials, problems);
    }
    singles(folder, trials);
    boolean shared = sharedStimuli(trials);
    pixelFiles(folder, trials);
    if (!shared) {
      problems.guarded(() -> sharedPixels(trials));
    }
    screenStatistics(folder, trials);
  }

  private double[] times(ScreenMeta meta) {
    try (Arena arena = Arena.ofConfined()) {
      StoredDoubles times = files.timestamps(meta.timestampsFile(), FileChecks.Times.FRAMES, arena);
      return times == null ? null : times.copy(0, times.length());
    }
  }

  /** Warns of a stimulus that trials of training and trials of testing show, by its name. */
  private boolean sharedStimuli(TrialIndex trials) {
    Map<Object, Integer> trained = new HashMap<>();
    for (int t = 0; t < trials.size(); t++) {
      Object stimulus = trials.metadata(t, "stimulus_name");
      if (stimulus != null && "train".equals(trials.metadata(t, "tier"))) {
        trained.putIfAbsent(stimulus, t);
      }
    }
    int shared = 0;
    int first = -1;
    for (int t = 0; t < trials.size() && !trained.isEmpty(); t++) {
      if (trained.containsKey(trials.metadata(t, "stimulus_name"))
          && "test".equals(trials.metadata(t, "tier"))) {
        first = shared == 0 ? t : first;
        shared++;
      }
    }
    if (shared > 0) {
      Object stimulus = trials.metadata(first, "stimulus_name");
      problems.warning(
          trials.source(),
          "tier",
          "train of trial "
              + trials.key(trained.get(stimulus))
              + " and test of trial "
              + trials.key(first)
              + ", which both show "
              + stimulus
              + (shared == 1 ? "" : ", and " + (shared - 1) + " more"),
          "stimuli for testing that are not trained on",
          null);
    }
    return shared > 0;
  }

  /** Warns of trials of training and of testing whose files hold the same pixels. */
  private void sharedPixels(TrialIndex trials) {
    Map<Long, List<Integer>> trained = new HashMap<>();
    for (int t = 0; t < trials.size(); t++) {
      Long content = "train".equals(trials.metadata(t, "tier")) ? content(trials, t) : null;
      if (content != null) {
        trained.computeIfAbsent(content, c -> new ArrayList<>()).add(t);
      }
    }
    int shared = 0;
    String first = "";
    for (int t = 0; t < trials.size() && !trained.isEmpty(); t++) {
      Long content = "test".equals(trials.metadata(t, "tier")) ? content(trials, t) : null;
      List<Integer> alike = content == null ? null : trained.get(content);
      // what some pages have in common may differ elsewhere
      if (alike != null && isSame(trials.file(alike.getFirst()), trials.file(t))) {
        first =
            shared++ == 0
                ? "train of trial "
                    + trials.key(alike.getFirst())
                    + " and test of trial "
                    + trials.key(t)
                : first;
      }
    }
    if (shared > 0) {
      problems.warning(
          trials.source(),
          "tier",
          first
              + ", whose files hold the same pixels"
              + (shared == 1 ? "" : ", and " + (shared - 1) + " more"),
          "stimuli for testing that are not trained on",
          "was one file copied over the other, or a tier changed?");
    }
  }

  /** Returns what some pages of a trial's file hold as a number; null of one grey, and of none. */
  private Long content(TrialIndex trials, int t) {
    if (!trials.hasFile(t)) {
      return null;
    }
    Path file = trials.file(t);
    PixelSample sample = samples.get(file);
    return sample == null || !(sample.low() < sample.high()) ? null : contents.get(file);
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.mismatch(a, b) < 0;
    } catch (IOException e) {
      throw Fields.unreadable(b, e);
    }
  }

  /** Compares combined_meta.json with the single files. */
  private void singles(Path folder, TrialIndex trials) {
    Path meta = folder.resolve("meta");
    if (!trials.source().getFileName().toString().equals("combined_meta.json")) {
      return;
    }
    List<Path> files = TrialIndex.singleFiles(meta);
    if (files.isEmpty()) {
      return;
    }
    Map<String, Integer> byKey = new HashMap<>();
    for (int t = 0; t < trials.size(); t++) {
      byKey.put(trials.key(t), t);
    }
    int shown = 0;
    Set<String> seen = new HashSet<>();
    List<String> unknown = new ArrayList<>();
    for (Path file : files) {
      String key = file.getFileName().toString().substring(0, 5);
      seen.add(key);
      Integer trial = byKey.get(key);
      if (trial == null) {
        unknown.add(key);
        continue;
      }
      try {
        MapNode single = Fields.readYaml(file).map();
        Set<String> names = new TreeSet<>(single.entries().keySet());
        names.addAll(trials.metadataKeys());
        for (String name : names) {
          Node node = single.get(name);
          Object here = node == null ? null : node.value();
          Object there = trials.metadata(trial, name);
          if (!equal(here, there) && shown++ < FileChecks.MOST_OF_A_KIND) {
            problems.warning(
                file,
                name,
                String.valueOf(here),
                there + " as in combined_meta.json",
                "combined_meta.json is what is read");
          }
        }
      } catch (RecordingException e) {
        problems.warning(
            file, e.key(), e.found(), e.expected(), "combined_meta.json is what is read");
      }
    }
    if (shown > FileChecks.MOST_OF_A_KIND) {
      problems.warning(
          meta,
          null,
          shown - FileChecks.MOST_OF_A_KIND + " more differences",
          "agreement with combined_meta.json",
          null);
    }
    if (!unknown.isEmpty()) {
      problems.warning(
          meta,
          null,
          "trials " + FileChecks.some(unknown),
          "only trials of combined_meta.json",
          "they are not read");
    }
    List<String> missing = new ArrayList<>(byKey.keySet());
    missing.removeAll(seen);
    missing.sort(null);
    if (!missing.isEmpty()) {
      problems.warning(
          meta,
          null,
          "no files of trials " + FileChecks.some(missing),
          "a file for each trial of combined_meta.json",
          null);
    }
  }

  /** Returns whether two numbers are the same; whole ones beyond 2^53 by all their digits. */
  private static boolean sameNumber(Number a, Number b) {
    if (a.equals(b)) {
      return true;
    }
    BigDecimal x = exact(a);
    BigDecimal y = exact(b);
    return x != null && y != null && x.compareTo(y) == 0;
  }

  /** Returns a number with all its digits, null for NaN and infinities. */
  private static BigDecimal exact(Number number) {
    if (number instanceof Double d) {
      return Double.isFinite(d) ? new BigDecimal(d) : null;
    }
    return new BigDecimal(number.toString());
  }

  private static boolean equal(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return sameNumber(x, y);
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!equal(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    return Objects.equals(a, b);
  }

  /**
   * Compares the headers of pixel files with the metadata of their trials, and finds files that no
   * trial names.
   */
  private void pixelFiles(Path folder, TrialIndex trials) {
    try (FrameStore decoded = new FrameStore(trials.data())) {
      pixelFiles(folder, trials, decoded);
    }
  }

  private void pixelFiles(Path folder, TrialIndex trials, FrameStore decoded) {
    Path data = folder.resolve("data");
    Set<Path> named = new HashSet<>();
    int channels = channels(folder, trials);
    int odd = 0;
    int broken = 0;
    for (int t = 0; t < trials.size() && channels > 0; t++) {
      if (!trials.hasFile(t)) {
        continue;
      }
      int trial = t;
      Problems found = new Problems();
      found.guarded(
          () -> {
            named.add(trials.file(trial));
            pixels(trials, trial, channels, decoded, found);
          });
      if (found.list().isEmpty()) {
        continue;
      }
      boolean error = found.list().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
      // a kind each, so that many oddities hide no error
      if ((error ? broken++ : odd++) < FileChecks.MOST_OF_A_KIND) {
        problems.addAll(found);
      }
    }
    if (broken > FileChecks.MOST_OF_A_KIND) {
      problems.error(
          data,
          null,
          broken - FileChecks.MOST_OF_A_KIND + " more trials whose files cannot be read",
          "none",
          null);
    }
    if (odd > FileChecks.MOST_OF_A_KIND) {
      problems.warning(
          data,
          null,
          odd - FileChecks.MOST_OF_A_KIND + " more trials whose files are odd",
          "none",
          null);
    }
    scales();
    zeros(data);
    blanks(trials);
    if (!Files.isDirectory(data)) {
      return;
    }
    List<String> extra = new ArrayList<>();
    try (var entries = Files.walk(data)) {
      entries
          .filter(
              p ->
                  Files.isRegularFile(p)
                      && !named.contains(p)
                      && !p.getFileName().toString().startsWith("."))
          .sorted()
          .forEach(p -> extra.add(data.relativize(p).toString()));
    } catch (IOException | UncheckedIOException e) {
      problems.error(
          data, null, "an error while listing: " + e.getMessage(), "a readable folder", null);
    }
    if (!extra.isEmpty()) {
      problems.warning(
          data,
          null,
          extra.size() + " files that no trial names: " + FileChecks.some(extra),
          "only files of trials",
          null);
    }
  }

  /** Says that no file holds anything: of a single one, which may be black, nobody knows. */
  private void zeros(Path data) {
    if (samples.size() < 2) {
      return;
    }
    for (PixelSample sample : samples.values()) {
      if (sample.largest() != 0 || sample.nans() > 0) {
        return;
      }
    }
    problems.guarded(() -> StoredZeros.ofAll(data, samples.keySet(), problems));
  }

  /** Returns the channels of interpolated frames, 0 where the screen has no size. */
  private int channels(Path folder, TrialIndex trials) {
    InterpolationConfig rescaled = InterpolationConfig.builder().rescale(true).build();
    int[] channels = {0};
    problems.guarded(
        () -> channels[0] = ScreenSize.of(folder, trials, rescaled).frame().channels());
    return channels[0];
  }

  private void pixels(TrialIndex trials, int t, int channels, FrameStore decoded, Problems found) {
    if (EncodedTypes.isEncoded(trials.file(t))) {
      encoded(TrialFiles.stimulus(trials, t, trials.file(t), channels), decoded, found);
      return;
    }
    FrameSize size = TrialFiles.check(trials, t, channels);
    Path file = trials.file(t);
    if (trials.height(t) > 0
        && (size.height() != trials.height(t) || size.width() != trials.width(t))) {
      found.warning(
          file,
          "shape",
          "frames of " + size.height() + " x " + size.width(),
          trials.height(t) + " x " + trials.width(t) + ", the image_size of trial " + trials.key(t),
          "they are read with interpolation.rescale alone, resized");
    }
    // the last one ends with the recording
    boolean whole = t < trials.size() - 1 && trials.kind(t) == TrialKind.VIDEO;
    if (whole && size.frames() > trials.frames(t)) {
      found.warning(
          file,
          "shape",
          size.frames() + " frames",
          "num_frames = " + trials.frames(t) + " of trial " + trials.key(t),
          "those past it are never read");
    }
    NpyHeader header = Npy.header(file);
    ElementType type = header.dtype().type();
    if (!samples.containsKey(file)) {
      values(file, header, size.frames() > 1, found);
    }
    if (type != ElementType.UINT8 && type != ElementType.FLOAT32 && type != ElementType.FLOAT64) {
      found.warning(
          file,
          "dtype",
          type.numpyName(),
          "uint8, float32 or float64",
          "the whole file is converted whenever it is opened");
    }
  }

  /** Looks at some pages of a file: for NaN, and for what copies leave. */
  private void values(Path file, NpyHeader header, boolean video, Problems found) {
    try (Arena arena = Arena.ofConfined()) {
      FrameArray frames =
          video ? ArrayFiles.openVideo(file, arena) : ArrayFiles.openImage(file, arena);
      FileChecks.surplus(file, found);
      StoredZeros.atEnd(frames, found);
      StoredZeros.inside(frames, PAGES_OF_A_FILE, found);
      PixelSample sample = PixelSample.of(frames, PAGES_OF_A_FILE);
      samples.put(file, sample);
      contents.put(file, PixelSample.content(frames, PAGES_OF_A_FILE));
      if (sample.nans() > 0) {
        long values = Math.min(header.dataBytes(), 4096L * PAGES_OF_A_FILE) / frames.type().bytes();
        found.warning(
            file,
            "pixels",
            sample.nans() + " NaN in " + values + " values that were looked at",
            "numbers",
            "they stay NaN, and spread where frames are resized; nans replaces or refuses them");
      }
    }
  }

  /** Says which trials are of another scale than most. */
  private void scales() {
    List<Path> small = new ArrayList<>();
    List<Path> wide = new ArrayList<>();
    samples.forEach(
        (file, sample) -> {
          if (sample.isSmall() || sample.isBinary() || sample.isTruth()) {
            small.add(file);
          } else if (sample.isWide()) {
            wide.add(file);
          }
        });
    List<Path> bytes = wide.stream().filter(file -> samples.get(file).isBytes()).toList();
    List<Path> beyond = wide.stream().filter(file -> samples.get(file).isBeyondBytes()).toList();
    if (!small.isEmpty() && !wide.isEmpty()) {
      sayFewer(small, wide);
    } else if (!bytes.isEmpty() && !beyond.isEmpty()) {
      sayFewer(beyond, bytes);
    } else {
      farScales();
    }
  }

  /** Names the trials of the scale that fewer have. */
  private void sayFewer(List<Path> some, List<Path> others) {
    boolean most = some.size() > others.size();
    List<Path> odd = most ? others : some;
    Path usual = (most ? some : others).getFirst();
    for (Path file : odd.subList(0, Math.min(odd.size(), FileChecks.MOST_OF_A_KIND))) {
      PixelWatch.mixed(file, samples.get(file), usual, samples.get(usual), problems);
    }
  }

  /** Says which trials are far above or below most; dark ones of bytes are among bytes. */
  private void farScales() {
    List<Path> sorted =
        samples.keySet().stream()
            .filter(file -> samples.get(file).largest() > 0)
            .sorted(Comparator.comparingDouble(file -> samples.get(file).largest()))
            .toList();
    if (sorted.size() < 2) {
      return;
    }
    Path usual = sorted.get(sorted.size() / 2);
    PixelSample ofUsual = samples.get(usual);
    sorted.stream()
        .filter(
            file -> {
              PixelSample sample = samples.get(file);
              double ratio = sample.largest() / ofUsual.largest();
              boolean bytes =
                  sample.type() == ElementType.UINT8 && ofUsual.type() == ElementType.UINT8;
              return !bytes && (ratio > FAR || ratio < 1 / FAR);
            })
        .limit(FileChecks.MOST_OF_A_KIND)
        .forEach(file -> PixelWatch.mixed(file, samples.get(file), usual, ofUsual, problems));
  }

  /** Says which blanks are of another scale than the pixels of files. */
  private void blanks(TrialIndex trials) {
    BlankValues blanks = new BlankValues(trials);
    // of trials that are wrong nobody knows whether they are blanks
    if (problems.list().stream().noneMatch(p -> isError(p, trials.source()))) {
      blanks.checkMissing(problems);
    }
    for (Map.Entry<Path, PixelSample> file : samples.entrySet()) {
      if (blanks.check(file.getKey(), file.getValue(), problems)) {
        return;
      }
    }
  }

  private static boolean isError(Problem problem, Path file) {
    return problem.severity() == Problem.Severity.ERROR && problem.file().equals(file);
  }

  /** Compares statistics with the pixels of files. */
  private void fit(Path folder, int channels) {
    Path stds = Statistics.file(folder, "stds");
    Path means = Statistics.file(folder, "means");
    if (Files.notExists(stds) || samples.isEmpty()) {
      return;
    }
    double[] s = Npy.readDoubles(stds).values();
    double[] m = Files.exists(means) ? Npy.readDoubles(means).values() : new double[1];
    boolean ofChannels = s.length <= channels && (m.length == 1 || m.length == s.length);
    PixelSample all = null;
    for (PixelScale scale : ofChannels ? PixelScale.ofChannels(m, s) : PixelScale.ofPixels(m, s)) {
      for (Map.Entry<Path, PixelSample> file : samples.entrySet()) {
        PixelSample sample = file.getValue();
        if (scale.check(file.getKey(), sample, problems)) {
          return;
        }
        all = all == null ? sample : sample.with(all);
      }
      if (scale.checkAll(samples.keySet().iterator().next(), all, problems)) {
        return;
      }
    }
  }

  private static void encoded(Stimulus stimulus, FrameStore decoded, Problems found) {
    try {
      decoded.check(stimulus);
    } catch (DecodingException e) {
      found.error(
          stimulus.file(),
          "trial " + stimulus.trial(),
          e.getMessage(),
          "frames that can be decoded here",
          null);
    }
  }

  private void screenStatistics(Path folder, TrialIndex trials) {
    for (String name : new String[] {"means", "stds"}) {
      Path file = Statistics.file(folder, name);
      if (files.isThere(file)) {
        files.optional(
            () -> {
              Npy.Doubles array = Npy.readDoubles(file);
              long n = array.values().length;
              int channels = Math.max(trials.channels(0), 1);
              long pixels = (long) trials.height(0) * trials.width(0);
              if (n != 1 && n != channels && n != pixels && n != pixels * channels) {
                problems.warning(
                    file,
                    "shape",
                    FileChecks.shapeText(array.shape()),
                    "one value, or one for each of " + channels + " channels",
                    "normalising with them is refused");
              } else {
                ScreenStatistics.check(file, array.shape(), trials, problems);
              }
              files.values(file, array.values(), name);
            });
      }
    }
    try {
      fit(folder, Math.max(trials.channels(0), 1));
    } catch (RecordingException _) {
      // what cannot be read has been said
    }
  }
}
