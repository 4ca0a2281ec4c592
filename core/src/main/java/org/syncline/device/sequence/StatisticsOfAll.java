/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.syncline.device.Problems;
import org.syncline.format.Values;
import org.syncline.storage.RowArray;

/**
 * Compares stored statistics with those of all rows. Where most columns agree to the last digits
 * that rounding leaves, they were computed of these very data: a column that does not agree was
 * changed since, and so was the order of columns where each agrees with another one.
 */
final class StatisticsOfAll {
  /** How far statistics of the same data differ by rounding, in deviations. */
  private static final double SAME = 1e-3;

  /** From here on, in deviations, a column is another one. */
  private static final double OTHER = 0.05;

  /** Columns of which a quarter may tell that statistics are of others. */
  private static final int MANY_COLUMNS = 12;

  private static final double UNLIKE = 3;

  /** Rows from which on their statistics say something. */
  private static final int ENOUGH_ROWS = 64;

  private static final int BLOCK = 256;

  private final double[] means;
  private final double[] stds;
  private final double[] ownMeans;
  private final double[] ownStds;

  private StatisticsOfAll(double[] means, double[] stds, double[] ownMeans, double[] ownStds) {
    this.means = means;
    this.stds = stds;
    this.ownMeans = ownMeans;
    this.ownStds = ownStds;
  }

  /**
   * Adds a warning where they do not agree.
   *
   * @param means one a column
   * @param stds one a column
   * @param most bytes of data up to which all rows are read
   * @param file what is to blame
   */
  static void check(
      RowArray rows, double[] means, double[] stds, long most, Path file, Problems problems) {
    if (rows.rows() < ENOUGH_ROWS
        || rows.rows() * rows.rowBytes() > most
        || means.length != rows.columns()
        || stds.length != rows.columns()) {
      return;
    }
    double[] ownMeans = new double[means.length];
    double[] ownStds = new double[means.length];
    moments(rows, ownMeans, ownStds);
    new StatisticsOfAll(means, stds, ownMeans, ownStds).say(file, problems);
  }

  private static void moments(RowArray rows, double[] means, double[] stds) {
    int columns = means.length;
    double[] center = new double[columns];
    double[] sums = new double[columns];
    double[] squares = new double[columns];
    long[] counts = new long[columns];
    long size = rows.rowBytes();
    try (Arena arena = Arena.ofConfined()) {
      int block = Math.clamp((1 << 20) / size, 1, BLOCK);
      MemorySegment values = arena.allocate(block * size, 8);
      for (long r = 0; r < rows.rows(); r += block) {
        int count = (int) Math.min(block, rows.rows() - r);
        rows.copyRows(r, count, values, 0);
        for (int i = 0; i < count * columns; i++) {
          double value = Values.get(rows.type(), values, i);
          if (!Double.isFinite(value)) {
            continue;
          }
          int c = i % columns;
          // sums of what is left are exact enough where values lie far from 0
          if (counts[c]++ == 0) {
            center[c] = value;
          }
          double above = value - center[c];
          sums[c] += above;
          squares[c] += above * above;
        }
      }
    }
    for (int c = 0; c < columns; c++) {
      double mean = sums[c] / counts[c];
      means[c] = center[c] + mean;
      stds[c] = Math.sqrt(Math.max(0, squares[c] / counts[c] - mean * mean));
    }
  }

  private void say(Path file, Problems problems) {
    int n = means.length;
    int same = 0;
    int other = 0;
    int first = -1;
    int judged = 0;
    double[] spread = new double[n];
    double[] sorted = stds.clone();
    Arrays.sort(sorted);
    for (int c = 0; c < n; c++) {
      if (!Double.isFinite(means[c])
          || !(stds[c] > 0)
          || Double.isNaN(ownMeans[c])
          || isRaised(c, sorted)) {
        continue;
      }
      double apart = apart(c, c);
      same += apart < SAME ? 1 : 0;
      if (apart > OTHER) {
        first = other++ == 0 ? c : first;
      }
      if (ownStds[c] > 0) {
        spread[judged++] = ownStds[c] / stds[c];
      }
    }
    if (other == 0) {
      return;
    }
    Arrays.sort(spread, 0, judged);
    if (same >= Math.max(2, 2 * other)) {
      problems.warning(
          file,
          "values",
          String.format(
              Locale.ROOT,
              "mean %.6g and deviation %.6g of column %d, of which the data are %.6g and %.6g%s,"
                  + " while those of %d columns agree",
              means[first],
              stds[first],
              first,
              ownMeans[first],
              ownStds[first],
              other == 1 ? "" : ", and likewise of " + (other - 1) + " more",
              same),
          "statistics of the data that they normalise",
          "were values of that column changed, lost or damaged since the statistics were computed?");
    } else if (isPermuted(true) || isPermuted(false)) {
      problems.warning(
          file,
          "values",
          (isPermuted(true) ? "means and " : "") + "deviations of the columns in another order",
          "those of the data, column by column",
          "were columns sorted after the statistics were computed? `syncline stats --write"
              + " --replace` computes them");
    } else if (areOfOthers(spread, judged)) {
      problems.warning(
          file,
          "values",
          String.format(
              Locale.ROOT,
              "deviations of which those of all rows are %.3g to %.3g times",
              spread[judged / 8],
              spread[judged - 1 - judged / 8]),
          "statistics of the data that they normalise",
          "are they of other signals, or another recording? `syncline stats --write --replace`"
              + " computes them");
    }
  }

  /**
   * Returns whether a deviation was raised so that nothing is divided by 0 or by next to it, which
   * is usual: of a column that never changes, or to the number that others were raised to.
   */
  private boolean isRaised(int column, double[] sorted) {
    double std = stds[column];
    if (ownStds[column] >= std || Math.abs(means[column] - ownMeans[column]) > SAME * std) {
      return false;
    }
    int at = Arrays.binarySearch(sorted, std);
    return ownStds[column] == 0
        || at > 0 && sorted[at - 1] == std
        || at + 1 < sorted.length && sorted[at + 1] == std;
  }

  /** Returns whether deviations of many columns are far too small and of others far too large. */
  private static boolean areOfOthers(double[] sorted, int n) {
    int small = 0;
    int large = 0;
    for (int i = 0; i < n; i++) {
      small += sorted[i] < 1 / UNLIKE ? 1 : 0;
      large += sorted[i] > UNLIKE ? 1 : 0;
    }
    return n >= MANY_COLUMNS && 4 * (small + large) >= n && 20 * Math.min(small, large) >= n;
  }

  /** Returns how far the statistics of one column are from the data of another. */
  private double apart(int column, int data) {
    return apart(column, data, true);
  }

  private double apart(int column, int data, boolean both) {
    double scale = Math.max(ownStds[data], stds[column]);
    return Math.max(
        both ? Math.abs(means[column] - ownMeans[data]) / scale : 0,
        Math.abs(stds[column] - ownStds[data]) / scale);
  }

  /** Returns whether each column's statistics are those of a column, and of most another one. */
  private boolean isPermuted(boolean both) {
    int n = means.length;
    if (n < 2 || n > 4096) {
      return false;
    }
    boolean[] taken = new boolean[n];
    int moved = 0;
    for (int c = 0; c < n; c++) {
      int found = -1;
      for (int d = 0; d < n && found < 0; d++) {
        found = !taken[d] && stds[c] > 0 && apart(c, d, both) < SAME ? d : -1;
      }
      if (found < 0) {
        return false;
      }
      taken[found] = true;
      moved += apart(c, c, both) > OTHER ? 1 : 0;
    }
    return moved >= 2;
  }
}
