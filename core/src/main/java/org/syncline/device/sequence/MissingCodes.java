/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.util.Arrays;
import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/** Tells rows in which all columns, or one, hold a code for a missing sample, such as -1. */
final class MissingCodes {
  private static final int COLUMNS = 16;
  private static final int ROWS = 4096;
  private static final int LEAST = 8;
  private static final double LEAST_SHARE = 0.005;

  /** Distinct values from which on a column measures something, and is no list of states. */
  private static final int DISTINCT = 32;

  /** How often a code comes, in average counts of other values. */
  private static final int OFTEN = 4;

  /** How far a code lies outside of other values, in ranges of these. */
  private static final double APART = 1;

  private static final String ADVICE =
      "filters, means and deviations take a code for a value: write NaN in its place";

  private MissingCodes() {}

  /**
   * Adds a warning where rows of one number throughout lie apart from all others, which a device
   * measures in several columns.
   */
  static void check(RowArray rows, Problems problems) {
    int columns = Math.min(rows.columns(), COLUMNS);
    int n = (int) Math.min(rows.rows(), ROWS);
    if (columns < 1 || n < 2 * LEAST) {
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
    if (columns < 2 || !ofRows(rows, found, columns, problems)) {
      ofColumns(rows, found, columns, problems);
    }
  }

  /** Adds a warning of rows that hold one number throughout; returns whether it did. */
  private static boolean ofRows(RowArray rows, double[][] found, int columns, Problems problems) {
    int n = found.length;
    double code = Double.NaN;
    for (int i = 0; i < n && Double.isNaN(code); i++) {
      code = isOne(found[i]) && count(found, found[i][0]) >= least(n) ? found[i][0] : Double.NaN;
    }
    if (Double.isNaN(code)) {
      return false;
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
            ADVICE);
        return true;
      }
    }
    return false;
  }

  /** Adds a warning of the first column of which many values are one, outside of all others. */
  private static void ofColumns(RowArray rows, double[][] found, int columns, Problems problems) {
    for (int j = 0; j < columns; j++) {
      int column = j;
      double[] values =
          Arrays.stream(found)
              .mapToDouble(r -> r[column])
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      int n = values.length;
      if (n < 2 * LEAST) {
        continue;
      }
      int lows = 1;
      while (lows < n && values[lows] == values[0]) {
        lows++;
      }
      int highs = 1;
      while (highs < n && values[n - 1 - highs] == values[n - 1]) {
        highs++;
      }
      boolean low = isCode(values, lows, n, values[0]);
      if (low || isCode(values, 0, n - highs, values[n - 1])) {
        int from = low ? lows : 0;
        int to = low ? n : n - highs;
        problems.warning(
            rows.path(),
            "values",
            values[low ? 0 : n - 1]
                + " in column "
                + (int) ((long) j * rows.columns() / columns)
                + " of "
                + (n - (to - from))
                + " of "
                + n
                + " rows looked at, apart from all others, which are "
                + (float) values[from]
                + " to "
                + (float) values[to - 1],
            "NaN where a value is missing",
            ADVICE);
        return;
      }
    }
  }

  /**
   * Returns whether a value is a code: it comes much more often than the others, which measure
   * something, and lies far from them, or is a whole number below zero where they are none.
   */
  private static boolean isCode(double[] values, int from, int to, double code) {
    int others = to - from;
    int times = values.length - others;
    if (times < least(values.length) || others < DISTINCT) {
      return false;
    }
    int distinct = 1;
    for (int i = from + 1; i < to; i++) {
      distinct += values[i] != values[i - 1] ? 1 : 0;
    }
    double low = values[from];
    double high = values[to - 1];
    boolean apart = Math.max(low - code, code - high) > APART * (high - low);
    boolean below = code <= -1 && code == Math.rint(code) && low >= 0;
    return distinct >= DISTINCT && times > OFTEN * (double) others / distinct && (apart || below);
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
