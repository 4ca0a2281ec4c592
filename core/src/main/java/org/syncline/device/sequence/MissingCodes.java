/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.syncline.device.Problems;
import org.syncline.device.support.StoredZeros;
import org.syncline.storage.RowArray;

/** Tells rows in which all columns, or one, hold a code for a missing sample, such as -1. */
final class MissingCodes {
  private static final int COLUMNS = 16;
  private static final int ROWS = 4096;
  private static final int LEAST = 8;
  private static final double LEAST_SHARE = 0.005;

  /** How often a code comes, in average counts of other values. */
  private static final int OFTEN = 4;

  /** How far a code lies outside of other values, in ranges of these. */
  private static final double APART = 1;

  /** Stored rows of zeros that follow each other where a device is off, and lost no sample. */
  private static final int LONG = 16;

  /** One of so many rows is 0 where a device is off now and then. */
  private static final int OFF = 4;

  private static final String ADVICE =
      "filters, means and deviations take a code for a value: write NaN in its place";

  private MissingCodes() {}

  /**
   * Adds a warning where rows of one number throughout lie apart from all others, which a device
   * measures in several columns.
   *
   * @param zeros whether 0 may be such a number: no other check has said what it means
   */
  static void check(RowArray rows, boolean zeros, Problems problems) {
    int columns = Math.min(rows.columns(), COLUMNS);
    int n = (int) Math.min(rows.rows(), ROWS);
    if (columns < 1 || n < 2 * LEAST) {
      return;
    }
    double[][] found = new double[n][columns];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < columns; j++) {
        found[i][j] = value(rows, row(rows, i, n), column(rows, j, columns));
      }
    }
    if (columns < 2 || !ofRows(rows, found, zeros, problems)) {
      ofColumns(rows, found, zeros, problems);
    }
  }

  /** Adds a warning of rows that hold one number throughout; returns whether it did. */
  private static boolean ofRows(RowArray rows, double[][] found, boolean zeros, Problems problems) {
    int n = found.length;
    int columns = found[0].length;
    boolean withZero = zeros && !isOff(rows, found, 0, columns);
    double code = Double.NaN;
    for (int i = 0; i < n && Double.isNaN(code); i++) {
      if (isOne(found[i])
          && (withZero || found[i][0] != 0)
          && count(found, found[i][0]) >= least(n)
          && isOne(rows, row(rows, i, n), found[i][0])) {
        code = found[i][0];
      }
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
                + column(rows, j, columns),
            "NaN where a value is missing",
            ADVICE);
        return true;
      }
    }
    return false;
  }

  /** Adds a warning of the first column of which many values are one, outside of all others. */
  private static void ofColumns(RowArray rows, double[][] found, boolean zeros, Problems problems) {
    int columns = found[0].length;
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
      if ((low || isCode(values, 0, n - highs, values[n - 1]))
          && (values[low ? 0 : n - 1] != 0 || zeros && !isOff(rows, found, j, j + 1))) {
        int from = low ? lows : 0;
        int to = low ? n : n - highs;
        problems.warning(
            rows.path(),
            "values",
            values[low ? 0 : n - 1]
                + " in column "
                + column(rows, j, columns)
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
    if (times < least(values.length) || others < StoredZeros.DISTINCT) {
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
    return distinct >= StoredZeros.DISTINCT
        && times > OFTEN * (double) others / distinct
        && (apart || below);
  }

  /**
   * Returns whether some columns are 0 together so often, or for so long, as a device is off: what
   * is lost now and then is no state.
   */
  private static boolean isOff(RowArray rows, double[][] found, int from, int to) {
    int n = found.length;
    int columns = found[0].length;
    int[] zeros =
        IntStream.range(0, n)
            .filter(i -> IntStream.range(from, to).allMatch(j -> found[i][j] == 0))
            .toArray();
    if (zeros.length > n / OFF) {
      return true;
    }
    int inLong = 0;
    for (int i : zeros) {
      long first = row(rows, i, n);
      long end = first + 1;
      while (first > 0 && end - first < LONG && isZero(rows, first - 1, from, to, columns)) {
        first--;
      }
      while (end < rows.rows() && end - first < LONG && isZero(rows, end, from, to, columns)) {
        end++;
      }
      inLong += end - first >= LONG ? 1 : 0;
    }
    return zeros.length > 0 && 2 * inLong >= zeros.length;
  }

  private static boolean isZero(RowArray rows, long row, int from, int to, int columns) {
    for (int j = from; j < to; j++) {
      if (value(rows, row, column(rows, j, columns)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns one of so many rows, spread evenly. */
  private static long row(RowArray rows, int i, int n) {
    return (rows.rows() - 1) * i / (n - 1);
  }

  /** Returns one of so many columns, spread evenly. */
  private static int column(RowArray rows, int j, int columns) {
    return (int) ((long) j * rows.columns() / columns);
  }

  private static double value(RowArray rows, long row, int column) {
    return RowArray.value(rows.type(), rows.bits(row, column));
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

  /** Returns whether all columns of a stored row have a number, those not looked at, too. */
  private static boolean isOne(RowArray rows, long row, double number) {
    for (int c = 0; c < rows.columns(); c++) {
      if (value(rows, row, c) != number) {
        return false;
      }
    }
    return true;
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
