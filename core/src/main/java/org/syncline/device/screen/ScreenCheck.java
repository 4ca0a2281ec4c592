/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.device.trials.TrialIndex;
import org.syncline.device.trials.TrialKind;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyHeader;

/** Says what is wrong with a screen: its clock, trials, pixel files and statistics. */
final class ScreenCheck {
  private final Problems problems;
  private final FileChecks files;

  ScreenCheck(Problems problems) {
    this.problems = problems;
    files = new FileChecks(problems);
  }

  /** Checks a device. */
  void check(ScreenMeta meta) {
    Path folder = meta.folder();
    double[] times = files.timestamps(meta.timestampsFile(), true);
    if (times != null) {
      if (times.length == 0) {
        problems.error(meta.timestampsFile(), "length", "0", "one time for each frame", null);
      } else if (Double.isFinite(times[0]) && Double.isFinite(times[times.length - 1])) {
        problems.range(times[0], times[times.length - 1]);
      }
    }
    if (!Files.exists(folder.resolve("combined_meta.json"))
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
    if (times != null && times.length != trials.totalFrames()) {
      int last = trials.size() - 1;
      boolean past = times.length < trials.totalFrames();
      problems.error(
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
    pixelFiles(folder, trials);
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
  private void pixelFiles(Path folder, TrialIndex trials) {
    Path data = folder.resolve("data");
    Set<Path> named = new HashSet<>();
    int shown = 0;
    boolean fit = true;
    for (int t = 0; t < trials.size(); t++) {
      if (!trials.hasFile(t)) {
        continue;
      }
      int trial = t;
      Problems found = new Problems();
      found.guarded(
          () -> {
            Path file = trials.file(trial);
            named.add(file);
            pixels(file, trials, trial, found);
          });
      if (!found.list().isEmpty()) {
        fit = false;
        if (shown++ < FileChecks.MOST_OF_A_KIND) {
          problems.addAll(found);
        }
      }
    }
    if (shown > FileChecks.MOST_OF_A_KIND) {
      problems.error(
          data,
          null,
          shown - FileChecks.MOST_OF_A_KIND + " more trials whose files do not fit",
          "none",
          null);
    }
    if (!Files.isDirectory(data)) {
      if (fit && !named.isEmpty()) {
        problems.error(data, null, "no such folder", "the pixels of trials", null);
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

  private void pixels(Path file, TrialIndex trials, int t, Problems found) {
    NpyHeader header = Npy.header(file);
    long[] shape = header.shape();
    boolean video = trials.kind(t) == TrialKind.VIDEO;
    int axes = shape.length - (video ? 1 : 0);
    String wanted = video ? "(T, H, W) or (T, H, W, 3)" : "(H, W) or (H, W, 3)";
    if (axes != 2 && axes != 3) {
      found.error(file, "shape", header.shapeText(), wanted, null);
      return;
    }
    if (video && shape[0] < trials.frames(t)) {
      found.error(
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
      found.error(
          file,
          "shape",
          header.shapeText(),
          "frames of image_size = [" + size + "] of trial " + trials.key(t),
          null);
    }
    ElementType type = header.dtype().type();
    if (type != ElementType.UINT8 && type != ElementType.FLOAT32 && type != ElementType.FLOAT64) {
      found.warning(file, "dtype", type.numpyName(), "uint8, float32 or float64", null);
    }
  }

  private void screenStatistics(Path folder, TrialIndex trials) {
    for (String name : new String[] {"means", "stds"}) {
      Path file = Statistics.file(folder, name);
      if (Files.exists(file)) {
        problems.guarded(
            () -> {
              Npy.Doubles array = Npy.readDoubles(file);
              long n = array.values().length;
              int channels = Math.max(trials.channels(0), 1);
              long pixels = (long) trials.height(0) * trials.width(0);
              if (n != 1 && n != channels && n != pixels && n != pixels * channels) {
                problems.error(
                    file,
                    "shape",
                    FileChecks.shapeText(array.shape()),
                    "one value, or one for each of " + channels + " channels",
                    null);
              }
              files.values(file, array.values(), name);
            });
      }
    }
  }
}
