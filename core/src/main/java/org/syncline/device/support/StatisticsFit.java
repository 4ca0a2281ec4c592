/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.syncline.device.Problems;
import org.syncline.device.StoredRows;
import org.syncline.format.Values;

/**
 * Tells by some rows whether statistics are those of other data: of another recording, another
 * unit, or of a version before.
 */
public final class StatisticsFit {
  /** Values of a column from which on it is judged. */
  private static final int ENOUGH = 8;

  /** Rows from which on deviations are compared with each other. */
  private static final int ENOUGH_ROWS = 64;

  /** Columns that are judged: some, evenly among all. */
  public static final int MOST_COLUMNS = 64;

  /** How many times the deviations may differ, in either direction. */
  private static final double SPREAD = 100;

  /** How many deviations the means may lie apart. */
  private static final double APART = 5;

  /** What the data of all columns are at most of deviations that make them nothing. */
  private static final double NOTHING = 1e-5;

  /**
   * How many times deviations, and how many deviations means, are off where one column is enough.
   */
  private static final double ABSURD = 1e6;

  private static final int VALUES_LOOKED_AT = 2048;
  private static final int LEAST_ROWS = 16;
  private static final int MOST_ROWS = 256;

  /** Rows that are read to say that no column changes. */
  private static final int MOST_CONSTANT = 1 << 16;

  private StatisticsFit() {}

  /**
   * Says where statistics do not suit the rows of a device: a few rows, for every opening.
   *
   * @param means one a column, or one for all; null where nothing is subtracted
   * @param stds likewise, never null
   * @param stored gives the stored column of one of these
   * @param file what is to blame
   */
  public static void say(
      StoredRows rows, double[] means, double[] stds, IntUnaryOperator stored, Path file) {
    Problems odd = new Problems();
    check(
        of(rows),
        rows.rows(),
        rows.columns(),
        Math.clamp(VALUES_LOOKED_AT / Math.max(1, rows.columns()), LEAST_ROWS, MOST_ROWS),
        means,
        stds,
        false,
        stored,
        file,
        odd);
    Findings.say(odd);
  }

  /** Reads some columns of a row, of those that statistics are of: a row may have thousands. */
  @FunctionalInterface
  public interface Rows {
    /** Writes the values of a row in these columns. */
    void read(long row, int[] columns, double[] values);
  }

  private static Rows of(StoredRows stored) {
    return (row, columns, values) ->
        stored.read(
            row,
            1,
            (memory, offset, count, rowBytes) -> {
              long first = offset / stored.type().bytes();
              for (int j = 0; j < values.length; j++) {
                values[j] = Values.get(stored.type(), memory, first + columns[j]);
              }
            });
  }

  /**
   * Adds a warning where statistics do not suit rows that are spread over the recording.
   *
   * @param count of rows
   * @param rowsRead rows that are read at most
   * @param means one a column, or one for all; null where nothing is subtracted
   * @param stds likewise, never null
   * @param small whether deviations that are too large are looked for, too: takes many rows, for a
   *     signal may be silent most of the time
   * @param stored gives the stored column of one of these
   * @param file what is to blame
   */
  public static void check(
      Rows rows,
      long count,
      int columns,
      int rowsRead,
      double[] means,
      double[] stds,
      boolean small,
      IntUnaryOperator stored,
      Path file,
      Problems problems) {
    int n = (int) Math.min(count, rowsRead);
    int m = Math.min(columns, MOST_COLUMNS);
    if (n < ENOUGH || m == 0) {
      return;
    }
    int[] chosen = new int[m];
    for (int j = 0; j < m; j++) {
      chosen[j] = (int) ((long) j * columns / m);
    }
    double[][] sample = new double[m][n];
    double[] row = new double[m];
    for (int i = 0; i < n; i++) {
      rows.read((count - 1) * i / (n - 1), chosen, row);
      for (int j = 0; j < m; j++) {
        sample[j][i] = row[j];
      }
    }
    double[] spread = new double[m];
    double[] apart = new double[m];
    double[] theirs = new double[m];
    double[] own = new double[m];
    double[] centers = new double[m];
    double[] ownCenters = new double[m];
    int judged = 0;
    int constant = 0;
    int worst = -1;
    double widest = 0;
    double farthest = 0;
    double most = 0;
    for (int j = 0; j < m; j++) {
      int column = chosen[j];
      double std = Math.abs(stds[stds.length == 1 ? 0 : column]);
      double center = means == null ? 0 : means[means.length == 1 ? 0 : column];
      double[] values = finite(sample[j]);
      double mean = mean(values, 0, 1);
      double found = Math.sqrt(mean(values, mean, 2));
      // what is no number is said where it is read
      boolean finite = Double.isFinite(std) && Double.isFinite(center);
      constant += values.length == n && same(values) && std > 0 && finite ? 1 : 0;
      if (values.length < ENOUGH || found == 0 || std == 0 || !finite) {
        continue;
      }
      theirs[judged] = std;
      own[judged] = found;
      centers[judged] = center;
      ownCenters[judged] = mean;
      spread[judged] = found / std;
      apart[judged] = means == null ? 0 : Math.abs(mean - center) / Math.max(found, std);
      most = Math.max(most, spread[judged]);
      if (Math.max(spread[judged], apart[judged]) > Math.max(widest, farthest)) {
        worst = column;
        widest = spread[judged];
        farthest = apart[judged];
      }
      judged++;
    }
    if (constant == m && count <= MOST_CONSTANT && isConstant(rows, count, chosen)) {
      problems.warning(
          file,
          "values",
          "deviations above 0 of data in which no column changes, "
              + count
              + " rows of "
              + (float) sample[0][0]
              + (m == 1 ? "" : ", …"),
          "statistics of the data that they normalise",
          "was the data file never filled, or are they of other data?");
      return;
    }
    double usual = 2 * judged < m ? 1 : median(spread, judged);
    double distance = 2 * judged < m ? 0 : median(apart, judged);
    boolean nothing = 2 * judged >= m && judged > 0 && most < NOTHING;
    if (usual > SPREAD || small && usual < 1 / SPREAD || nothing || distance > APART) {
      problems.warning(
          file,
          "values",
          distance > APART
              ? "means that are " + (float) distance + " deviations from those of the data"
              : "deviations of which those of the data are " + (float) usual + " times",
          "statistics of the data that they normalise",
          "are they of another recording, another unit, or data of before? `syncline stats --write"
              + " --replace` computes them");
    } else if (Math.max(widest, farthest) > ABSURD) {
      problems.warning(
          file,
          "values",
          (farthest > widest
                  ? "a mean that is " + (float) farthest + " deviations from that of the data"
                  : "a deviation of which that of the data is " + (float) widest + " times")
              + ", of column "
              + stored.applyAsInt(worst),
          "statistics of the data that they normalise",
          "is it a signal that stood still when they were computed? `syncline stats --write"
              + " --replace` computes them, and columns leaves it out");
    } else if (n >= ENOUGH_ROWS
        && DeviationsTaken.areMeans(
            Arrays.copyOf(centers, judged),
            Arrays.copyOf(theirs, judged),
            Arrays.copyOf(ownCenters, judged),
            Arrays.copyOf(own, judged))) {
      problems.warning(
          file,
          "values",
          "deviations that look like means, and means that look like deviations",
          "statistics of the data that they normalise",
          "were means.npy and stds.npy swapped? `syncline stats --write --replace` computes them");
    } else if (n >= ENOUGH_ROWS) {
      String looksLike =
          DeviationsTaken.as(
              Arrays.copyOf(theirs, judged), Arrays.copyOf(own, judged), n, count, small);
      if (looksLike != null) {
        problems.warning(
            file,
            "values",
            "deviations that look like " + looksLike,
            "standard deviations of the data that they normalise, in the order of its columns",
            "`syncline stats --write --replace` computes them");
      }
    }
  }

  // loops: each lambda is a class that every opening would load

  private static double[] finite(double[] values) {
    double[] found = new double[values.length];
    int n = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        found[n++] = value;
      }
    }
    return Arrays.copyOf(found, n);
  }

  /** Returns the mean of the first or second power of what is above a center, 0 of nothing. */
  private static double mean(double[] values, double center, int power) {
    double sum = 0;
    for (double value : values) {
      double above = value - center;
      sum += power == 2 ? above * above : above;
    }
    return values.length == 0 ? 0 : sum / values.length;
  }

  private static boolean same(double[] values) {
    for (double value : values) {
      if (value != values[0]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isConstant(Rows rows, long count, int[] columns) {
    double[] first = new double[columns.length];
    double[] row = new double[columns.length];
    rows.read(0, columns, first);
    for (long r = 1; r < count; r++) {
      rows.read(r, columns, row);
      if (!Arrays.equals(first, row)) {
        return false;
      }
    }
    return true;
  }

  private static double median(double[] values, int count) {
    double[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }
}
