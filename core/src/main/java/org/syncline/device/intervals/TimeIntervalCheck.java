/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.intervals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.format.Fields;
import org.syncline.storage.Npy;

/** Says what is wrong with labelled intervals. */
final class TimeIntervalCheck {
  /** What is expected of an interval, and of a label, in words that the reader uses too. */
  static final String ORDERED = "start <= end";

  static final String SOME = "at least one";

  private final Problems problems;

  TimeIntervalCheck(Problems problems) {
    this.problems = problems;
  }

  /** Checks a device. */
  void check(TimeIntervalMeta meta) {
    if (meta.labels().isEmpty()) {
      problems.warning(
          meta.folder().resolve("meta.yml"), "labels", "none", "at least one label", null);
    }
    meta.labels().forEach((label, file) -> problems.guarded(() -> label(meta, label, file)));
    List<String> extra = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(meta.folder(), "*.npy")) {
      for (Path entry : entries) {
        if (!meta.labels().containsValue(entry)) {
          extra.add(entry.getFileName().toString());
        }
      }
    } catch (IOException e) {
      problems.error(Fields.unreadable(meta.folder(), e));
    }
    if (!extra.isEmpty()) {
      extra.sort(null);
      problems.warning(
          meta.folder(),
          null,
          "files that no label names: " + FileChecks.some(extra),
          "only files of labels",
          null);
    }
  }

  private void label(TimeIntervalMeta meta, String label, Path file) {
    Npy.Doubles array = Npy.readDoubles(file);
    long[] shape = array.shape();
    double[] values = array.values();
    if (values.length > 0 && (shape.length != 2 || shape[1] != 2)) {
      problems.error(
          file, "shape", FileChecks.shapeText(shape), "(n, 2), rows of start and end", null);
      return;
    }
    FileChecks.surplus(file, problems);
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
      problems.warning(file, label, "no interval", SOME, "the label is false everywhere");
    }
    if (!odd.isEmpty()) {
      problems.warning(
          file,
          label,
          "NaN in rows " + FileChecks.some(odd),
          ORDERED,
          "these intervals are ignored");
    }
    if (!inverted.isEmpty()) {
      problems.warning(
          file,
          label,
          "start after end in rows " + FileChecks.some(inverted),
          ORDERED,
          "these intervals are ignored");
    }
    if (!outside.isEmpty()) {
      problems.warning(
          file,
          label,
          "rows " + FileChecks.some(outside) + " outside the device's range",
          "intervals in " + meta.startTime() + " to " + meta.endTime(),
          null);
    }
  }
}
