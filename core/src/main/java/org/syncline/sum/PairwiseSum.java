/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.sum;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Adds up in NumPy's order (halves down to 128 values, of which eight running sums are made), on
 * which the last digit can depend.
 */
public final class PairwiseSum {
  private PairwiseSum() {}

  /** Returns the sum of all values. */
  public static double of(double[] values) {
    return sum(MemorySegment.ofArray(values), 0, values.length, false, false);
  }

  /** Returns the sum of float32 values, each addition rounded to float32. */
  public static double ofFloats(double[] values) {
    return ofFloats(values, false);
  }

  private static double ofFloats(double[] values, boolean skipNaN) {
    return sum(MemorySegment.ofArray(values), 0, values.length, true, skipNaN);
  }

  /**
   * Returns the sum of the first float64 values in memory, NaN as 0; allocates nothing.
   *
   * @param values aligned, in native byte order
   */
  public static double ofNumbers(MemorySegment values, int count) {
    return sum(values, 0, count, false, true);
  }

  /** Returns what {@code numpy.nanmean} gives: the mean of all values but NaN. */
  public static double nanMean(double[] values) {
    return ofNumbers(MemorySegment.ofArray(values), values.length) / count(values);
  }

  /** Returns the mean of all float32 values but NaN, each operation rounded to float32. */
  public static double nanMeanOfFloats(double[] values) {
    return (float) ofFloats(values, true) / count(values);
  }

  private static long count(double[] values) {
    return Arrays.stream(values).filter(v -> v == v).count();
  }

  private static double sum(MemorySegment x, int from, int n, boolean floats, boolean skipNaN) {
    if (n < 8) {
      double s = -0.0;
      for (int i = 0; i < n; i++) {
        s = add(s, at(x, from + i, skipNaN), floats);
      }
      return s;
    }
    if (n <= 128) {
      double r0 = at(x, from, skipNaN);
      double r1 = at(x, from + 1, skipNaN);
      double r2 = at(x, from + 2, skipNaN);
      double r3 = at(x, from + 3, skipNaN);
      double r4 = at(x, from + 4, skipNaN);
      double r5 = at(x, from + 5, skipNaN);
      double r6 = at(x, from + 6, skipNaN);
      double r7 = at(x, from + 7, skipNaN);
      int i = 8;
      for (; i < n - n % 8; i += 8) {
        r0 = add(r0, at(x, from + i, skipNaN), floats);
        r1 = add(r1, at(x, from + i + 1, skipNaN), floats);
        r2 = add(r2, at(x, from + i + 2, skipNaN), floats);
        r3 = add(r3, at(x, from + i + 3, skipNaN), floats);
        r4 = add(r4, at(x, from + i + 4, skipNaN), floats);
        r5 = add(r5, at(x, from + i + 5, skipNaN), floats);
        r6 = add(r6, at(x, from + i + 6, skipNaN), floats);
        r7 = add(r7, at(x, from + i + 7, skipNaN), floats);
      }
      double s =
          add(
              add(add(r0, r1, floats), add(r2, r3, floats), floats),
              add(add(r4, r5, floats), add(r6, r7, floats), floats),
              floats);
      for (; i < n; i++) {
        s = add(s, at(x, from + i, skipNaN), floats);
      }
      return s;
    }
    int half = n / 2;
    half -= half % 8;
    return add(
        sum(x, from, half, floats, skipNaN),
        sum(x, from + half, n - half, floats, skipNaN),
        floats);
  }

  private static double at(MemorySegment x, int index, boolean skipNaN) {
    double v = x.getAtIndex(JAVA_DOUBLE, index);
    return skipNaN && Double.isNaN(v) ? 0 : v;
  }

  /** Adds two numbers; of two floats, the sum of doubles rounds to the float that adding gives. */
  private static double add(double a, double b, boolean floats) {
    return floats ? (float) (a + b) : a + b;
  }
}
