/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

/** Sums of a start time, an offset and a rational number of seconds that round once. */
final class ExactTimes {
  private static final double SPLIT = 0x1p27 + 1;

  private ExactTimes() {}

  /**
   * Returns {@code start + offset + num/den} seconds, rounded to nearest once (but for doubts of
   * 2^-50 ulp).
   *
   * @param num 0 or more
   * @param den above 0
   */
  static double at(double start, double offset, long num, long den) {
    // two-sums keep what each addition loses, and the remainder of the division what the fraction
    // loses
    double a = start + offset;
    double v = a - start;
    double lost = (start - (a - v)) + (offset - v);
    double whole = num / den;
    double b = a + whole;
    v = b - a;
    lost += (a - (b - v)) + (whole - v);
    double rest = num % den;
    double fraction = rest / den;
    double c = b + fraction;
    v = c - b;
    lost += (b - (c - v)) + (fraction - v);
    return c + (lost + remainder(rest, fraction, den) / den);
  }

  /**
   * Returns {@code rest - fraction * den} exactly, by splitting: Math.fma is slow where the
   * processor has none.
   */
  private static double remainder(double rest, double fraction, double den) {
    double t = SPLIT * fraction;
    double fh = t - (t - fraction);
    double fl = fraction - fh;
    t = SPLIT * den;
    double dh = t - (t - den);
    double dl = den - dh;
    double product = fraction * den;
    double error = ((fh * dh - product) + fh * dl + fl * dh) + fl * dl;
    return (rest - product) - error;
  }
}
