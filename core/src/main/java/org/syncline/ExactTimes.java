/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

/** Sums of a start time, an offset and a rational number of seconds that round once. */
final class ExactTimes {
  private ExactTimes() {}

  /**
   * Returns {@code start + offset + whole + fraction}, rounded to nearest once but for a doubt of 2^-50 of an ulp.
   *
   * @param whole seconds, below 2^53
   * @param fraction in [0, 1)
   */
  static double at(double start, double offset, long whole, double fraction) {
    // two-sums keep what each addition to the large start loses
    double a = start + offset;
    double v = a - start;
    double lost = (start - (a - v)) + (offset - v);
    double w = whole;
    double b = a + w;
    v = b - a;
    lost += (a - (b - v)) + (w - v);
    return b + (lost + fraction);
  }
}
