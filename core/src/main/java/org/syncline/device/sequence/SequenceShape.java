/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.file.Path;
import org.syncline.device.Problems;
import org.syncline.device.support.StoredType;
import org.syncline.device.support.StoredZeros;
import org.syncline.error.RecordingException;
import org.syncline.storage.RowArray;

/** Compares the stored rows of a sequence with what meta.yml says of them. */
final class SequenceShape {
  private SequenceShape() {}

  /**
   * Checks what leaves no doubt.
   *
   * @throws RecordingException for an array whose axes are swapped
   */
  static void check(SequenceMeta meta, long rows, int columns) {
    if (meta.memMapped() || meta.signals() < 0 || columns == meta.signals()) {
      return;
    }
    if (rows == meta.signals() && (meta.irregular() || fitsBetter(meta, columns, rows))) {
      throw RecordingException.of(
          meta.dataFile(),
          "shape",
          "(" + rows + ", " + columns + ")",
          "(samples, signals) with n_signals = " + meta.signals() + " columns",
          "it looks transposed: write the array's transpose");
    }
  }

  /** Returns whether a number of samples suits rate and range better than another. */
  private static boolean fitsBetter(SequenceMeta meta, long samples, long other) {
    double expected = (meta.endTime() - meta.startTime()) * meta.samplingRate() + 1;
    return !Double.isFinite(expected) || Math.abs(samples - expected) < Math.abs(other - expected);
  }

  /** Returns whether a declared number of rows is that of rate and range, or of own times. */
  private static boolean isCountRight(SequenceMeta meta) {
    double samples = (meta.endTime() - meta.startTime()) * meta.samplingRate() + 1;
    return meta.irregular() || Math.abs(samples - meta.timestamps()) <= 1.5;
  }

  /** Adds what does not fit, though it can be read. */
  static void compare(SequenceMeta meta, RowArray data, Problems problems) {
    Path file = meta.dataFile();
    StoredZeros.atEnd(data, problems);
    if (meta.memMapped()) {
      if (isCountRight(meta)
          && StoredType.isWider(
              file, data.rows() * data.columns(), data.type(), meta.dtype(), problems)) {
        return;
      }
      StoredType.check(data, meta.dtype(), meta.folder().resolve("meta.yml"), problems);
    } else if (meta.signals() >= 0 && data.columns() != meta.signals()) {
      problems.warning(
          file,
          "columns",
          String.valueOf(data.columns()),
          "n_signals = " + meta.signals(),
          "the file's columns are used");
    }
  }
}
