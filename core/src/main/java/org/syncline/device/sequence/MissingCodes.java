/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/** Tells rows in which all columns hold one code for a missing sample, such as -1. */
final class MissingCodes {
  private static final int COLUMNS = 16;
  private static final int ROWS = 4096;
  private static final int LEAST = 8;
  private static final double LEAST_SHARE = 0.005;

  /** How far a code lies outside of other values, in ranges of these. */
  private static final double APART = 1;

  private MissingCodes() {}

  /**
   * Adds a warning where rows of one number throughout lie apart from all others, which a device
   * measures in several columns.
   */
  static void check(RowArray rows, Problems problems) {
    int columns = Math.min(rows.columns(), COLUMNS);
    int n = (int) Math.min(rows.rows(), ROWS);
    if (columns < 2 || n < 2 * LEAST) {
      return;
    }
    double[][] found = new double[n][columns];
    for (int i = 0; i < n; i++) {
      long row = (rows.rows() - 1) * i / (n - 1);
      for (int j = 0; j < columns; j++) {
        int column = (int) ((long) j * rows.columns() / columns);
        found[i][j] = RowArray.value(rows.type(), rows.bits(row, column));
      }
    }
    double code = Double.NaN;
    for (int i = 0; i < n && Double.isNaN(code); i++) {
      code = isOne(found[i]) && count(found, found[i][0]) >= least(n) ? found[i][0] : Double.NaN;
    }
    if (Double.isNaN(code)) {
      return;
    }
    for (int j = 0; j < columns; j++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] row : found) {
        if (!isOne(row) && Double.isFinite(row[j])) {
          low = Math.min(low, row[j]);
          high = Math.max(high, row[j]);
        }
      }
      if (Math.max(low - code, code - high) > APART * (high - low) && high > low) {
        problems.warning(
            rows.path(),
            "values",
            code
                + " in all columns of "
                + count(found, code)
                + " of "
                + n
                + " rows looked at, far from others, as "
                + (float) low
                + " to "
                + (float) high
                + " in column "
                + (int) ((long) j * rows.columns() / columns),
            "NaN where a value is missing",
            "filters, means and deviations take a code for a value: write NaN in its place");
        return;
      }
    }
  }

  private static double least(int rows) {
    return Math.max(LEAST, LEAST_SHARE * rows);
  }

  private static int count(double[][] rows, double code) {
    int count = 0;
    for (double[] row : rows) {
      count += isOne(row) && row[0] == code ? 1 : 0;
    }
    return count;
  }

  /** Returns whether all columns of a row have one number. */
  private static boolean isOne(double[] row) {
    for (double value : row) {
      if (value != row[0]) {
        return false;
      }
    }
    return Double.isFinite(row[0]);
  }
}
