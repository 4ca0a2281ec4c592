/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.util.Arrays;

/** For what deviations of columns are taken that are none: they come by a slip of an exporter. */
final class DeviationsTaken {
  private static final int LEAST_COLUMNS = 3;

  /** How far logarithms may lie apart, in the middle. */
  private static final double NEAR = 0.15;

  /** How far logarithms lie apart, both of means and of deviations, where they are swapped. */
  private static final double SWAPPED = 0.5;

  /** How far the logarithms of deviations lie from their mean where columns can be told apart. */
  private static final double VARIED = 0.2;

  private static final double ALIKE = 0.9;

  /** How many times smaller than the data's deviations are that are another thing for sure. */
  private static final double SMALLER = 5;

  /** Columns and rows from which on their order is compared. */
  private static final int COLUMNS_IN_ORDER = 8;

  private static final int ROWS_IN_ORDER = 512;

  /** The same where these are all rows there are. */
  private static final int ALL_ROWS_IN_ORDER = 64;

  private static final double UNLIKE = 0.3;

  private DeviationsTaken() {}

  /**
   * Returns what deviations look like, or null for what they are meant to be.
   *
   * @param theirs of the file, all above 0
   * @param own of the data, all above 0
   * @param sampled rows that own ones are of
   * @param rows of the data
   * @param ordered whether their order is compared, too
   */
  static String as(double[] theirs, double[] own, int sampled, long rows, boolean ordered) {
    int n = own.length;
    if (n == 0) {
      return null;
    }
    double[] x = logarithms(own);
    double[] y = logarithms(theirs);
    double smaller = middle(x, y, 1);
    if (-smaller > Math.log(SMALLER) && Math.abs(-smaller - Math.log(rows) / 2) < NEAR) {
      return "standard errors: those of the data are "
          + (float) Math.exp(-smaller)
          + " times, the root of its "
          + rows
          + " rows";
    }
    if (n < LEAST_COLUMNS) {
      return null;
    }
    double meanX = mean(x);
    double meanY = mean(y);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int j = 0; j < n; j++) {
      xx += (x[j] - meanX) * (x[j] - meanX);
      yy += (y[j] - meanY) * (y[j] - meanY);
      xy += (x[j] - meanX) * (y[j] - meanY);
    }
    if (Math.sqrt(xx / n) < VARIED || yy == 0) {
      return null;
    }
    double alike = xy / Math.sqrt(xx * yy);
    double slope = xy / xx;
    String last =
        ", as " + (float) theirs[n - 1] + " where that of the data is " + (float) own[n - 1];
    if (alike > ALIKE && Math.abs(slope - 2) < UNLIKE && Math.abs(middle(x, y, 2)) < NEAR) {
      return "variances" + last;
    }
    if (alike < -ALIKE && Math.abs(slope + 1) < UNLIKE && Math.abs(middle(x, y, -1)) < NEAR) {
      return "1 divided by deviations" + last;
    }
    boolean enough = sampled >= (sampled == rows ? ALL_ROWS_IN_ORDER : ROWS_IN_ORDER);
    if (ordered && n >= COLUMNS_IN_ORDER && enough && alike < UNLIKE) {
      Arrays.sort(x);
      Arrays.sort(y);
      double apart = 0;
      for (int j = 0; j < n; j++) {
        apart += Math.abs(y[j] - x[j]) / n;
      }
      return apart < NEAR ? "those of the same columns in another order" + last : null;
    }
    return null;
  }

  /**
   * Returns whether means are the data's deviations and deviations its means: the files were
   * swapped.
   *
   * @param means of the file
   * @param stds of the file, all above 0
   * @param ownMeans of the data
   * @param ownStds of the data, all above 0
   */
  static boolean areMeans(double[] means, double[] stds, double[] ownMeans, double[] ownStds) {
    int n = stds.length;
    if (n == 0) {
      return false;
    }
    double[] swapped = new double[n];
    double[] apart = new double[n];
    for (int j = 0; j < n; j++) {
      swapped[j] = distance(stds[j], ownMeans[j]) + distance(means[j], ownStds[j]);
      apart[j] = distance(stds[j], ownStds[j]) + distance(means[j], ownMeans[j]);
    }
    Arrays.sort(swapped);
    Arrays.sort(apart);
    return swapped[n / 2] < NEAR && apart[n / 2] > SWAPPED;
  }

  /** Returns how far the logarithms of two numbers lie apart, infinity of numbers below 0. */
  private static double distance(double a, double b) {
    return a > 0 && b > 0 ? Math.abs(Math.log(a / b)) : Double.POSITIVE_INFINITY;
  }

  // loops: each lambda is a class that every opening would load

  private static double[] logarithms(double[] values) {
    double[] found = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      found[j] = Math.log(values[j]);
    }
    return found;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Returns the median of y - power * x. */
  private static double middle(double[] x, double[] y, int power) {
    double[] differences = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      differences[j] = y[j] - power * x[j];
    }
    Arrays.sort(differences);
    return differences[x.length / 2];
  }
}
