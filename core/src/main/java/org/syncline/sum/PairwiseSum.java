/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.sum;

import java.util.Arrays;

/**
 * Adds up in NumPy's order (halves down to 128 values, of which eight running sums are made), on
 * which the last digit can depend.
 */
public final class PairwiseSum {
  private PairwiseSum() {}

  /** Returns the sum of all values. */
  public static double of(double[] values) {
    return sum(values, 0, values.length, false);
  }

  /** Returns the sum of float32 values, each addition rounded to float32. */
  public static double ofFloats(double[] values) {
    return sum(values, 0, values.length, true);
  }

  /** Returns what {@code numpy.nanmean} gives: the mean of all values but NaN. */
  public static double nanMean(double[] values) {
    return of(numbers(values)) / count(values);
  }

  /** Returns the mean of all float32 values but NaN, each operation rounded to float32. */
  public static double nanMeanOfFloats(double[] values) {
    return (float) ofFloats(numbers(values)) / count(values);
  }

  private static double[] numbers(double[] values) {
    return Arrays.stream(values).map(v -> v == v ? v : 0).toArray();
  }

  private static long count(double[] values) {
    return Arrays.stream(values).filter(v -> v == v).count();
  }

  private static double sum(double[] x, int from, int n, boolean floats) {
    if (n < 8) {
      double s = -0.0;
      for (int i = 0; i < n; i++) {
        s = add(s, x[from + i], floats);
      }
      return s;
    }
    if (n <= 128) {
      double[] r = Arrays.copyOfRange(x, from, from + 8);
      int i = 8;
      for (; i < n - n % 8; i += 8) {
        for (int k = 0; k < 8; k++) {
          r[k] = add(r[k], x[from + i + k], floats);
        }
      }
      double s =
          add(
              add(add(r[0], r[1], floats), add(r[2], r[3], floats), floats),
              add(add(r[4], r[5], floats), add(r[6], r[7], floats), floats),
              floats);
      for (; i < n; i++) {
        s = add(s, x[from + i], floats);
      }
      return s;
    }
    int half = n / 2;
    half -= half % 8;
    return add(sum(x, from, half, floats), sum(x, from + half, n - half, floats), floats);
  }

  /** Adds two numbers; of two floats, the sum of doubles rounds to the float that adding gives. */
  private static double add(double a, double b, boolean floats) {
    return floats ? (float) (a + b) : a + b;
  }
}
