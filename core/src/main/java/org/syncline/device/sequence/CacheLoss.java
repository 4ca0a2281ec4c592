/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.math.BigDecimal;
import org.syncline.array.ElementType;
import org.syncline.device.support.Findings;
import org.syncline.device.support.LostSteps;
import org.syncline.storage.RowArray;

/** Tells by some values whether a cache in float32 changes those of a device. */
final class CacheLoss {
  private static final int ROWS = 64;
  private static final int COLUMNS = 64;

  private CacheLoss() {}

  /** Warns of whole numbers that are no float32, and of floats whose steps it has not. */
  static void check(RowArray rows) {
    ElementType type = rows.type();
    int columns = rows.columns();
    for (int k = 0; k < Math.min(columns, COLUMNS); k++) {
      int column = (int) ((long) k * columns / Math.min(columns, COLUMNS));
      double lost = type == ElementType.FLOAT64 ? step(rows, column) : whole(rows, column);
      if (!Double.isNaN(lost)) {
        Findings.warn(
            rows.path(),
            "values",
            "values that float32 does not hold, as "
                + new BigDecimal(lost).toPlainString()
                + " in column "
                + column,
            "values that cache_data reads as they are",
            "they are rounded, some steps of several rows to one: set cache_data to false");
        return;
      }
    }
  }

  private static long row(RowArray rows, int k) {
    return Math.max(0, rows.rows() - 2) * k / (ROWS - 1);
  }

  private static double whole(RowArray rows, int column) {
    if (rows.type().bytes() < 4 || rows.type().isFloating()) {
      return Double.NaN;
    }
    for (int k = 0; k < ROWS && rows.rows() > 0; k++) {
      double value = RowArray.value(rows.type(), rows.bits(row(rows, k), column));
      if ((float) value != value) {
        return value;
      }
    }
    return Double.NaN;
  }

  /** Returns a value whose step to the next row is lost, where most are and the signal is flat. */
  private static double step(RowArray rows, int column) {
    LostSteps signal = new LostSteps(ElementType.FLOAT32);
    for (int k = 0; k < ROWS && rows.rows() > 1; k++) {
      long row = row(rows, k);
      signal.step(
          RowArray.value(rows.type(), rows.bits(row, column)),
          RowArray.value(rows.type(), rows.bits(row + 1, column)));
    }
    return signal.found();
  }
}
