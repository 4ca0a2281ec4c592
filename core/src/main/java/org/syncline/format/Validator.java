/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.array.ArrayFiles;
import org.syncline.array.Dtype;
import org.syncline.array.ElementType;
import org.syncline.array.Npy;
import org.syncline.array.NpyHeader;
import org.syncline.array.RowArray;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.RecordingException;

/**
 * Says everything that is wrong with a recording, without changing it. What makes opening or
 * reading fail, or gives wrong values, is an error; what is merely odd is a warning. Data up to 256
 * MB a device is read whole, of more a sample of rows over its whole length.
 */
public final class Validator {
  private static final long READ_WHOLE = 256L << 20;
  private static final int MOST_OF_A_KIND = 100;

  private final List<Problem> problems = new ArrayList<>();
  private double latestStart = Double.NEGATIVE_INFINITY;
  private double earliestEnd = Double.POSITIVE_INFINITY;
  private Path latestDevice;
  private Path earliestDevice;

  private Validator() {}

  /**
   * Returns all problems of a recording, errors and warnings, device by device; empty where there
   * is none.
   */
  public static List<Problem> validate(Path root) {
    Validator validator = new Validator();
    validator.recording(root);
    return List.copyOf(validator.problems);
  }

  private void error(Path file, String key, String found, String expected, String advice) {
    problems.add(new Problem(Problem.Severity.ERROR, file, key, found, expected, advice));
  }

  private void warning(Path file, String key, String found, String expected, String advice) {
    problems.add(new Problem(Problem.Severity.WARNING, file, key, found, expected, advice));
  }

  private void error(RecordingException e) {
    error(Path.of(e.file()), e.key(), e.found(), e.expected(), e.advice());
  }

  /** Runs a check; the exception that ends it is a problem. */
  private void guarded(Runnable check) {
    try {
      check.run();
    } catch (RecordingException e) {
      error(e);
    }
  }

  private void recording(Path root) {
    if (!Files.isDirectory(root)) {
      error(
          root,
          null,
          Files.exists(root) ? "a file" : "nothing",
          "a folder with one sub-folder a device",
          null);
      return;
    }
    DataKey.of(
        root,
        text ->
            warning(
                root.resolve("meta.json"), null, text, "a data_key or a complete scan_key", null));
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry) && !entry.getFileName().toString().startsWith(".")) {
          folders.add(entry);
        }
      }
    } catch (IOException e) {
      error(Fields.unreadable(root, e));
      return;
    }
    folders.sort(null);
    int devices = 0;
    for (Path folder : folders) {
      if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
        error(
            folder,
            null,
            "no permission to read it",
            "a readable folder",
            "change its permissions or run as its owner");
      } else if (!Files.exists(folder.resolve("meta.yml"))) {
        warning(
            folder,
            "meta.yml",
            "no such file",
            "a device's meta.yml",
            "without it the folder is no device");
      } else {
        devices++;
        guarded(() -> device(folder));
      }
    }
    if (devices == 0) {
      error(root, null, "no device", "at least one sub-folder with a meta.yml", null);
    }
    if (latestStart >= earliestEnd) {
      warning(
          root,
          "time range",
          latestDevice.getFileName()
              + " starts at "
              + latestStart
              + " s, "
              + earliestDevice.getFileName()
              + " ends at "
              + earliestEnd
              + " s",
          "a range of time that all devices share",
          null);
    }
  }

  /**
   * Reads meta.yml with all its problems: each wrong key is reported, replaced by a harmless value,
   * and reading goes on.
   */
  private void device(Path folder) {
    Fields fields = Fields.readYaml(folder.resolve("meta.yml"));
    Set<String> broken = new HashSet<>();
    DeviceMeta meta = null;
    while (meta == null) {
      try {
        meta = MetaReader.read(folder, fields);
      } catch (RecordingException e) {
        error(e);
        String key = e.key() == null ? "modality" : e.key().split("[.\\[]")[0];
        if (key.equals("modality") || !broken.add(key)) {
          return;
        }
        Object harmless =
            switch (key) {
              case "start_time", "end_time" -> 0.0;
              case "sampling_rate" -> 1.0;
              case "spike_indices" -> List.of(0L);
              case "labels" -> Map.of();
              case "dtype" -> "float32";
              case "n_timestamps" -> 0L;
              case "n_signals" -> fields.map().get("spike_indices") == null ? 0L : null;
              default -> null;
            };
        fields = fields.with(key, harmless);
      }
    }
    times(meta, broken);
    switch (meta) {
      case SequenceMeta sequence -> sequence(sequence, broken);
      case ScreenMeta screen -> screen(screen);
      case TimeIntervalMeta intervals -> intervals(intervals);
      case SpikesMeta spikes -> spikes(spikes, broken);
    }
  }

  private void times(DeviceMeta meta, Set<String> broken) {
    if (!meta.timesDeclared() || broken.contains("start_time") || broken.contains("end_time")) {
      return;
    }
    Path file = meta.folder().resolve("meta.yml");
    String found = meta.startTime() + " to " + meta.endTime();
    if (!meta.hasFiniteTimes()) {
      warning(
          file,
          "start_time, end_time",
          found,
          "finite times",
          "the device is left out of the experiment");
    } else if (meta.endTime() < meta.startTime()) {
      error(file, "end_time", found, "an end that is not before the start", null);
    } else {
      range(meta.folder(), meta.startTime(), meta.endTime());
    }
  }

  private void range(Path device, double start, double end) {
    if (start > latestStart) {
      latestStart = start;
      latestDevice = device;
    }
    if (end < earliestEnd) {
      earliestEnd = end;
      earliestDevice = device;
    }
  }

  /** Warns of a file of the other format, beside the one that meta.yml names. */
  private void unread(Path other, Path read) {
    if (Files.exists(other)) {
      warning(
          other,
          null,
          "a file that is not read",
          "only " + read.getFileName(),
          "is_mem_mapped says which");
    }
  }

  // sequences

  private void sequence(SequenceMeta meta, Set<String> broken) {
    unread(meta.folder().resolve(meta.memMapped() ? "data.npy" : "data.mem"), meta.dataFile());
    if (broken.contains("is_mem_mapped")
        || broken.contains("n_signals")
        || broken.contains("dtype")) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      RowArray rows =
          broken.contains("n_timestamps") && meta.memMapped() ? null : rows(meta, arena);
      if (rows != null) {
        if (!broken.contains("sampling_rate")
            && !broken.contains("start_time")
            && !broken.contains("end_time")) {
          guarded(() -> clock(meta, rows.rows()));
        }
        guarded(() -> nans(meta.dataFile(), rows));
        statistics(meta, rows.columns());
      } else if (meta.signals() >= 0) {
        statistics(meta, meta.signals());
      }
    }
  }

  /** Opens the rows and compares them with what is declared; null where that is impossible. */
  private RowArray rows(SequenceMeta meta, Arena arena) {
    Path file = meta.dataFile();
    Path metaFile = meta.folder().resolve("meta.yml");
    try {
      if (meta.memMapped()) {
        Dtype dtype = Dtype.parse(meta.dtype());
        if (dtype == null) {
          error(
              metaFile,
              "dtype",
              "'" + meta.dtype() + "'",
              "a NumPy type such as float32 or <f4",
              null);
          return null;
        }
        long size = Files.exists(file) ? Files.size(file) : -1;
        long row = Math.multiplyExact((long) meta.signals(), dtype.type().bytes());
        if (row > 0 && size >= 0 && size != Math.multiplyExact(row, meta.timestamps())) {
          String found =
              size
                  + " bytes, "
                  + size / (double) row
                  + " rows of "
                  + meta.signals()
                  + " "
                  + meta.dtype();
          String expected =
              row * meta.timestamps() + " bytes, n_timestamps = " + meta.timestamps() + " rows";
          if (size < row * meta.timestamps()) {
            error(
                file,
                "size",
                found,
                expected,
                "the file is truncated, or n_signals, n_timestamps or dtype is wrong");
            return null;
          }
          warning(
              file,
              "size",
              found,
              expected,
              "it is read as far as declared; check n_signals, n_timestamps and dtype");
        }
        return ArrayFiles.openRaw(file, dtype, meta.timestamps(), meta.signals(), arena);
      }
      RowArray rows = ArrayFiles.openNpy(file, arena);
      if (meta.signals() >= 0 && rows.columns() != meta.signals()) {
        error(
            file, "columns", String.valueOf(rows.columns()), "n_signals = " + meta.signals(), null);
      }
      if (meta.timestamps() >= 0 && rows.rows() != meta.timestamps()) {
        warning(
            file,
            "rows",
            String.valueOf(rows.rows()),
            "n_timestamps = " + meta.timestamps(),
            "the file's count is used");
      }
      if (meta.dtype() != null) {
        Dtype declared = Dtype.parse(meta.dtype());
        if (declared == null || declared.type() != rows.type()) {
          warning(file, "dtype", rows.type().numpyName(), meta.dtype(), "the file's type is used");
        }
      }
      return rows;
    } catch (RecordingException e) {
      error(e);
    } catch (IOException e) {
      error(Fields.unreadable(file, e));
    } catch (ArithmeticException e) {
      error(
          metaFile,
          "n_timestamps",
          String.valueOf(meta.timestamps()),
          "a size that a file can have",
          null);
    }
    return null;
  }

  /** Compares the declared rate with (n - 1) / (end - start), or reads a sequence's own times. */
  private void clock(SequenceMeta meta, long n) {
    Path file = meta.folder().resolve("meta.yml");
    if (n == 0) {
      warning(meta.dataFile(), "rows", "0", "at least one row", null);
    }
    if (Files.exists(meta.timestampsFile())) {
      double[] times = timestamps(meta.timestampsFile(), meta.irregular());
      if (times != null && times.length != n) {
        report(
            meta.irregular(),
            meta.timestampsFile(),
            "length",
            String.valueOf(times.length),
            "one time for each of " + n + " rows");
      }
      if (times != null && times.length > 0 && !meta.timesDeclared()) {
        range(meta.folder(), times[0], times[times.length - 1]);
      }
    }
    double length = meta.endTime() - meta.startTime();
    if (meta.irregular() || n < 2 || !(length > 0) || Double.isInfinite(length)) {
      return;
    }
    double rate = meta.samplingRate();
    double expected = (n - 1) / length;
    double samples = length * rate - (n - 1);
    if (Math.abs(samples) <= 0.5) {
      return;
    }
    String found = String.valueOf(rate);
    String wanted =
        String.format(
            Locale.ROOT,
            "%.9g Hz = (%d - 1) / (%s - %s)",
            expected,
            n,
            meta.endTime(),
            meta.startTime());
    if (Math.abs(samples) <= 1.5) {
      warning(
          file, "sampling_rate", found, wanted, "start, end and number of samples are one apart");
    } else if (Math.abs(rate * expected - 1) < 0.05) {
      error(
          file,
          "sampling_rate",
          found,
          wanted,
          "it looks like the period in seconds instead of the rate");
    } else if (Math.abs(rate / expected - 1) > 0.001) {
      error(file, "sampling_rate", found, wanted, "rate, times or number of samples are wrong");
    } else {
      warning(file, "sampling_rate", found, wanted, "values drift against the declared range");
    }
  }

  private void report(boolean severe, Path file, String key, String found, String expected) {
    if (severe) {
      error(file, key, found, expected, null);
    } else {
      warning(file, key, found, expected, "the file is not needed");
    }
  }

  /**
   * Reads a clock and reports what is not finite or not ascending; null where it cannot be read.
   */
  private double[] timestamps(Path file, boolean needed) {
    Npy.Doubles array;
    try {
      array = Npy.readDoubles(file);
    } catch (RecordingException e) {
      error(e);
      return null;
    }
    if (array.shape().length != 1 && !Statistics.fits(array.shape(), array.values().length)) {
      report(needed, file, "shape", shapeText(array.shape()), "one axis");
    }
    double[] times = array.values();
    long odd = 0;
    long back = 0;
    long same = 0;
    int firstOdd = -1;
    int firstBack = -1;
    int firstSame = -1;
    for (int i = 0; i < times.length; i++) {
      if (!Double.isFinite(times[i])) {
        firstOdd = odd++ == 0 ? i : firstOdd;
      } else if (i > 0 && times[i] < times[i - 1]) {
        firstBack = back++ == 0 ? i : firstBack;
      } else if (i > 0 && times[i] == times[i - 1]) {
        firstSame = same++ == 0 ? i : firstSame;
      }
    }
    if (odd > 0) {
      report(
          needed,
          file,
          "values",
          odd + " NaN or infinite, the first at index " + firstOdd,
          "finite times");
    }
    if (back > 0) {
      String found =
          back
              + " steps back, the first at index "
              + firstBack
              + ": "
              + times[firstBack - 1]
              + " to "
              + times[firstBack];
      report(needed, file, "values", found, "ascending times");
    }
    if (same > 0) {
      warning(
          file,
          "values",
          same + " repeated times, the first at index " + firstSame,
          "ascending times",
          null);
    }
    return times;
  }

  private void nans(Path file, RowArray rows) {
    ElementType type = rows.type();
    if (!type.isFloating() || rows.rows() == 0 || rows.columns() == 0) {
      return;
    }
    long step = Math.max(1, Math.ceilDiv(rows.rows() * rows.rowBytes(), READ_WHOLE));
    long[] nan = new long[rows.columns()];
    long read = 0;
    long infinite = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(rows.rowBytes(), 8);
      for (long r = 0; r < rows.rows(); r += step, read++) {
        rows.copyRow(r, row, 0);
        for (int c = 0; c < nan.length; c++) {
          double value = Values.get(type, row, c);
          if (value != value) {
            nan[c]++;
          } else if (Double.isInfinite(value)) {
            infinite++;
          }
        }
      }
    }
    long all = 0;
    List<Integer> empty = new ArrayList<>();
    for (int c = 0; c < nan.length; c++) {
      all += nan[c];
      if (nan[c] == read) {
        empty.add(c);
      }
    }
    String sampled = step > 1 ? " (of every " + step + "th row)" : "";
    if (all > 0) {
      double share = 100.0 * all / (read * (double) nan.length);
      String found = String.format(Locale.ROOT, "%.3g %% NaN%s", share, sampled);
      warning(file, "values", found, "numbers", "chunks near them are invalid with nan_filter");
    }
    if (!empty.isEmpty()) {
      warning(file, "columns", "nothing but NaN in " + some(empty), "values", null);
    }
    if (infinite > 0) {
      warning(file, "values", infinite + " infinite" + sampled, "finite numbers", null);
    }
  }

  private static String some(List<?> items) {
    int shown = Math.min(items.size(), 8);
    String text = String.join(", ", items.subList(0, shown).stream().map(String::valueOf).toList());
    return items.size() > shown ? text + " and " + (items.size() - shown) + " more" : text;
  }

  private void statistics(SequenceMeta meta, int n) {
    boolean means = Files.exists(Statistics.file(meta.folder(), "means"));
    boolean stds = Files.exists(Statistics.file(meta.folder(), "stds"));
    if (means != stds) {
      warning(
          Statistics.file(meta.folder(), means ? "stds" : "means"),
          null,
          "no such file",
          "both means.npy and stds.npy",
          null);
    }
    for (String name : new String[] {"means", "stds"}) {
      if (Files.exists(Statistics.file(meta.folder(), name))) {
        guarded(
            () ->
                values(
                    Statistics.file(meta.folder(), name),
                    Statistics.read(meta.folder(), name, n),
                    name));
      }
    }
    if (meta.phaseShifted()) {
      guarded(
          () ->
              values(
                  Statistics.file(meta.folder(), "phase_shifts"),
                  Statistics.read(meta.folder(), "phase_shifts", n),
                  ""));
    }
    if (Files.exists(Statistics.file(meta.folder(), "unit_ids"))) {
      guarded(
          () -> {
            Set<Long> seen = new HashSet<>();
            List<Long> twice = new ArrayList<>();
            for (long id : Statistics.unitIds(meta.folder(), n)) {
              if (!seen.add(id)) {
                twice.add(id);
              }
            }
            if (!twice.isEmpty()) {
              warning(
                  Statistics.file(meta.folder(), "unit_ids"),
                  "values",
                  "repeated ids " + some(twice),
                  "one id each",
                  null);
            }
          });
    }
  }

  private void values(Path file, double[] values, String name) {
    List<Integer> odd = new ArrayList<>();
    List<Integer> zero = new ArrayList<>();
    List<Integer> negative = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        odd.add(i);
      } else if (values[i] == 0) {
        zero.add(i);
      } else if (values[i] < 0) {
        negative.add(i);
      }
    }
    if (!odd.isEmpty()) {
      if (name.isEmpty()) {
        error(file, "values", "NaN or infinite at " + some(odd), "finite numbers", null);
      } else {
        warning(
            file,
            "values",
            "NaN or infinite at " + some(odd),
            "finite numbers",
            "normalised values become NaN");
      }
    }
    if (name.equals("stds") && !zero.isEmpty()) {
      warning(
          file,
          "values",
          "0 at " + some(zero),
          "positive numbers",
          "normalising with them is refused");
    }
    if (name.equals("stds") && !negative.isEmpty()) {
      error(file, "values", "negative at " + some(negative), "positive numbers", null);
    }
  }

  private static String shapeText(long[] shape) {
    return Arrays.toString(shape).replace('[', '(').replace("]", shape.length == 1 ? ",)" : ")");
  }

  // screens

  private void screen(ScreenMeta meta) {
    Path folder = meta.folder();
    double[] times = timestamps(meta.timestampsFile(), true);
    if (times != null) {
      if (times.length == 0) {
        error(meta.timestampsFile(), "length", "0", "one time for each frame", null);
      } else if (Double.isFinite(times[0]) && Double.isFinite(times[times.length - 1])) {
        range(folder, times[0], times[times.length - 1]);
      }
    }
    if (!Files.exists(folder.resolve("combined_meta.json"))
        && TrialIndex.singleFiles(folder.resolve("meta")).isEmpty()) {
      error(
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
              if (count[0]++ < MOST_OF_A_KIND) {
                error(e);
              }
            });
    if (count[0] > MOST_OF_A_KIND) {
      error(
          trials.source(),
          "trials",
          count[0] - MOST_OF_A_KIND + " more broken trials",
          "none",
          null);
    }
    if (times != null && times.length != trials.totalFrames()) {
      int last = trials.size() - 1;
      boolean past = times.length < trials.totalFrames();
      error(
          meta.timestampsFile(),
          "length",
          times.length + " times",
          trials.totalFrames() + ", the frames of all trials",
          past
              ? "trials from "
                  + trials.key(trials.trialOfFrame(times.length))
                  + " on lie past the clock"
              : "frames past the last trial " + trials.key(last) + " cannot be read");
    }
    singles(folder, trials);
    files(folder, trials);
    screenStatistics(folder, trials);
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
          if (!equal(here, there) && shown++ < MOST_OF_A_KIND) {
            warning(
                file,
                name,
                String.valueOf(here),
                there + " as in combined_meta.json",
                "combined_meta.json is what is read");
          }
        }
      } catch (RecordingException e) {
        warning(file, e.key(), e.found(), e.expected(), "combined_meta.json is what is read");
      }
    }
    if (shown > MOST_OF_A_KIND) {
      warning(
          meta,
          null,
          shown - MOST_OF_A_KIND + " more differences",
          "agreement with combined_meta.json",
          null);
    }
    if (!unknown.isEmpty()) {
      warning(
          meta,
          null,
          "trials " + some(unknown),
          "only trials of combined_meta.json",
          "they are not read");
    }
    List<String> missing = new ArrayList<>(byKey.keySet());
    missing.removeAll(seen);
    missing.sort(null);
    if (!missing.isEmpty()) {
      warning(
          meta,
          null,
          "no files of trials " + some(missing),
          "a file for each trial of combined_meta.json",
          null);
    }
  }

  private static boolean equal(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return x.doubleValue() == y.doubleValue() || x.equals(y);
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
  private void files(Path folder, TrialIndex trials) {
    Path data = folder.resolve("data");
    Set<Path> named = new HashSet<>();
    int shown = 0;
    int before = problems.size();
    for (int t = 0; t < trials.size(); t++) {
      if (!trials.hasFile(t)) {
        continue;
      }
      int had = problems.size();
      int trial = t;
      guarded(
          () -> {
            Path file = trials.file(trial);
            named.add(file);
            pixels(file, trials, trial);
          });
      shown += problems.size() > had ? 1 : 0;
      if (shown > MOST_OF_A_KIND) {
        problems.removeLast();
      }
    }
    if (shown > MOST_OF_A_KIND) {
      error(
          data, null, shown - MOST_OF_A_KIND + " more trials whose files do not fit", "none", null);
    }
    if (!Files.isDirectory(data)) {
      if (problems.size() == before && !named.isEmpty()) {
        error(data, null, "no such folder", "the pixels of trials", null);
      }
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
      error(data, null, "an error while listing: " + e.getMessage(), "a readable folder", null);
    }
    if (!extra.isEmpty()) {
      warning(
          data,
          null,
          extra.size() + " files that no trial names: " + some(extra),
          "only files of trials",
          null);
    }
  }

  private void pixels(Path file, TrialIndex trials, int t) {
    NpyHeader header = Npy.header(file);
    long[] shape = header.shape();
    boolean video = trials.kind(t) == TrialKind.VIDEO;
    int axes = shape.length - (video ? 1 : 0);
    String wanted = video ? "(T, H, W) or (T, H, W, 3)" : "(H, W) or (H, W, 3)";
    if (axes != 2 && axes != 3) {
      error(file, "shape", header.shapeText(), wanted, null);
      return;
    }
    if (video && shape[0] < trials.frames(t)) {
      error(
          file,
          "frames",
          String.valueOf(shape[0]),
          "num_frames = " + trials.frames(t) + " of trial " + trials.key(t),
          null);
    }
    int at = video ? 1 : 0;
    long channels = axes == 3 ? shape[at + 2] : 0;
    if (trials.height(t) > 0
        && (shape[at] != trials.height(t)
            || shape[at + 1] != trials.width(t)
            || Math.max(channels, 1) != Math.max(trials.channels(t), 1))) {
      String size =
          trials.height(t)
              + ", "
              + trials.width(t)
              + (trials.channels(t) > 0 ? ", " + trials.channels(t) : "");
      error(
          file,
          "shape",
          header.shapeText(),
          "frames of image_size = [" + size + "] of trial " + trials.key(t),
          null);
    }
    ElementType type = header.dtype().type();
    if (type != ElementType.UINT8 && type != ElementType.FLOAT32 && type != ElementType.FLOAT64) {
      warning(file, "dtype", type.numpyName(), "uint8, float32 or float64", null);
    }
  }

  private void screenStatistics(Path folder, TrialIndex trials) {
    for (String name : new String[] {"means", "stds"}) {
      Path file = Statistics.file(folder, name);
      if (Files.exists(file)) {
        guarded(
            () -> {
              Npy.Doubles array = Npy.readDoubles(file);
              long n = array.values().length;
              int channels = Math.max(trials.channels(0), 1);
              long pixels = (long) trials.height(0) * trials.width(0);
              if (n != 1 && n != channels && n != pixels && n != pixels * channels) {
                error(
                    file,
                    "shape",
                    shapeText(array.shape()),
                    "one value, or one for each of " + channels + " channels",
                    null);
              }
              values(file, array.values(), name);
            });
      }
    }
  }

  // labelled intervals

  private void intervals(TimeIntervalMeta meta) {
    if (meta.labels().isEmpty()) {
      warning(meta.folder().resolve("meta.yml"), "labels", "none", "at least one label", null);
    }
    meta.labels().forEach((label, file) -> guarded(() -> label(meta, label, file)));
    List<String> extra = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(meta.folder(), "*.npy")) {
      for (Path entry : entries) {
        if (!meta.labels().containsValue(entry)) {
          extra.add(entry.getFileName().toString());
        }
      }
    } catch (IOException e) {
      error(Fields.unreadable(meta.folder(), e));
    }
    if (!extra.isEmpty()) {
      extra.sort(null);
      warning(
          meta.folder(),
          null,
          "files that no label names: " + some(extra),
          "only files of labels",
          null);
    }
  }

  private void label(TimeIntervalMeta meta, String label, Path file) {
    Npy.Doubles array = Npy.readDoubles(file);
    long[] shape = array.shape();
    double[] values = array.values();
    if (values.length > 0 && (shape.length != 2 || shape[1] != 2)) {
      error(file, "shape", shapeText(shape), "(n, 2), rows of start and end", null);
      return;
    }
    List<Integer> odd = new ArrayList<>();
    List<Integer> inverted = new ArrayList<>();
    List<Integer> outside = new ArrayList<>();
    for (int i = 0; i < values.length / 2; i++) {
      double start = values[2 * i];
      double end = values[2 * i + 1];
      if (Double.isNaN(start) || Double.isNaN(end)) {
        odd.add(i);
      } else if (start > end) {
        inverted.add(i);
      } else if (end < meta.startTime() || start > meta.endTime()) {
        outside.add(i);
      }
    }
    if (values.length == 0) {
      warning(file, label, "no interval", "at least one", "the label is false everywhere");
    }
    if (!odd.isEmpty()) {
      error(file, label, "NaN in rows " + some(odd), "numbers", null);
    }
    if (!inverted.isEmpty()) {
      warning(
          file,
          label,
          "start after end in rows " + some(inverted),
          "start <= end",
          "these intervals are ignored");
    }
    if (!outside.isEmpty()) {
      warning(
          file,
          label,
          "rows " + some(outside) + " outside the device's range",
          "intervals in " + meta.startTime() + " to " + meta.endTime(),
          null);
    }
  }

  // spikes

  private void spikes(SpikesMeta meta, Set<String> broken) {
    if (broken.contains("spike_indices")
        || broken.contains("is_mem_mapped")
        || broken.contains("dtype")) {
      return;
    }
    unread(meta.folder().resolve(meta.memMapped() ? "spikes.npy" : "spikes.mem"), meta.dataFile());
    long[] indices = meta.spikeIndices();
    Path metaFile = meta.folder().resolve("meta.yml");
    if (indices.length == 0) {
      error(metaFile, "spike_indices", "an empty list", "n + 1 offsets, the first 0", null);
      return;
    }
    if (indices[0] != 0) {
      error(metaFile, "spike_indices[0]", String.valueOf(indices[0]), "0", null);
    }
    long n = indices[indices.length - 1];
    try (Arena arena = Arena.ofConfined()) {
      RowArray times;
      long stored;
      if (meta.memMapped()) {
        Dtype dtype = Dtype.parse(meta.dtype());
        if (dtype == null) {
          error(
              metaFile,
              "dtype",
              "'" + meta.dtype() + "'",
              "a NumPy type such as float64 or <f8",
              null);
          return;
        }
        stored =
            Files.exists(meta.dataFile()) ? Files.size(meta.dataFile()) / dtype.type().bytes() : 0;
        times = ArrayFiles.openRaw(meta.dataFile(), dtype, Math.min(n, stored), 1, arena);
      } else {
        NpyHeader header = Npy.header(meta.dataFile());
        if (header.shape().length != 1) {
          error(meta.dataFile(), "shape", header.shapeText(), "one axis", null);
          return;
        }
        times = ArrayFiles.openNpy(meta.dataFile(), arena);
        stored = times.rows();
      }
      if (stored < n) {
        error(
            meta.dataFile(), "length", stored + " spikes", n + ", the last of spike_indices", null);
      } else if (stored > n && meta.memMapped()) {
        warning(
            meta.dataFile(),
            "length",
            stored + " spikes",
            n + ", the last of spike_indices",
            "the rest belongs to no unit");
      } else if (stored > n) {
        error(
            meta.dataFile(), "length", stored + " spikes", n + ", the last of spike_indices", null);
      }
      spikeTimes(meta, times, Math.min(n, stored));
    } catch (IOException e) {
      error(Fields.unreadable(meta.dataFile(), e));
    }
  }

  private void spikeTimes(SpikesMeta meta, RowArray times, long n) {
    long odd = 0;
    long outside = 0;
    Set<Integer> unsorted = new TreeSet<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(8, 8);
      for (int unit = 0; unit < meta.units(); unit++) {
        double last = Double.NEGATIVE_INFINITY;
        for (long i = meta.spikeIndices()[unit];
            i < Math.min(meta.spikeIndices()[unit + 1], n);
            i++) {
          times.copyRow(i, value, 0);
          double t = Values.get(times.type(), value, 0);
          if (!Double.isFinite(t)) {
            odd++;
            continue;
          }
          if (t < last) {
            unsorted.add(unit);
          }
          last = t;
          if (t < meta.startTime() || t > meta.endTime()) {
            outside++;
          }
        }
      }
    }
    if (odd > 0) {
      error(meta.dataFile(), "values", odd + " NaN or infinite", "finite times", null);
    }
    if (!unsorted.isEmpty()) {
      error(
          meta.dataFile(),
          "values",
          "times that descend in units " + some(List.copyOf(unsorted)),
          "ascending times in each unit",
          null);
    }
    if (outside > 0) {
      warning(
          meta.dataFile(),
          "values",
          outside + " spikes outside the device's range",
          "times in " + meta.startTime() + " to " + meta.endTime(),
          null);
    }
  }
}
