/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.io.IOException;
import java.nio.file.Path;
import org.syncline.device.Problems;
import org.syncline.device.support.StoredType;
import org.syncline.device.support.StoredZeros;
import org.syncline.error.RecordingException;
import org.syncline.file.RegularFiles;
import org.syncline.format.Fields;
import org.syncline.storage.RowArray;

/** Compares the stored rows of a sequence with what meta.yml says of them. */
final class SequenceShape {
  /** Rows of which a longer file has a multiple by chance. */
  private static final int FEW_ROWS = 32;

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

  /**
   * Adds an error for a file that has as many rows as declared of more columns, and no whole number
   * of the declared ones: each row that is read is put together of two.
   */
  private static boolean hasOtherColumns(SequenceMeta meta, RowArray data, Problems problems) {
    long size;
    try {
      size = RegularFiles.size(meta.dataFile());
    } catch (IOException e) {
      throw Fields.unreadable(meta.dataFile(), e);
    }
    long column = data.rows() * data.type().bytes();
    if (data.rows() < FEW_ROWS
        || size <= column * data.columns()
        || size % column != 0
        || data.columns() == 0
        || size % data.rowBytes() == 0) {
      return false;
    }
    long columns = size / column;
    problems.error(
        meta.dataFile(),
        "size",
        size + " bytes, " + data.rows() + " rows of " + columns + " " + meta.dtype(),
        column * data.columns() + " bytes: n_signals = " + data.columns() + " of them",
        "rows read would be put together of two: is n_signals " + columns + "?");
    return true;
  }

  /**
   * Adds what does not fit, though it can be read.
   *
   * @return whether zeros are among it
   */
  static boolean compare(SequenceMeta meta, RowArray data, Problems problems) {
    Path file = meta.dataFile();
    boolean zeros = StoredZeros.atEnd(data, problems) | StoredZeros.atBegin(data, problems);
    if (data.rows() * data.rowBytes() <= SwappedAxes.SMALL) {
      SwappedAxes.check(data, problems);
    }
    if (meta.memMapped()) {
      if (isCountRight(meta)
          && StoredType.isWider(
              file, data.rows() * data.columns(), data.type(), meta.dtype(), problems)) {
        return zeros;
      }
      if (isCountRight(meta) && hasOtherColumns(meta, data, problems)) {
        return zeros;
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
    return zeros;
  }
}
