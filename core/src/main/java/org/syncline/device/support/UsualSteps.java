/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Tells the steps between a device's samples from gaps, in which nothing was stored. */
public final class UsualSteps {
  /** Steps that are looked at, spread over all times. */
  private static final int MOST = 500;

  /** Times of which it is said that they are even. */
  private static final int EVEN_TIMES = 20;

  private static final double EVEN_SHARE = 0.9;

  /** A gap is as many usual steps, and seconds, or more. */
  private static final double GAP_STEPS = 20;

  private static final double GAP_SECONDS = 1;

  private UsualSteps() {}

  /**
   * Returns the usual step in seconds: the median.
   *
   * @param n times, two or more, ascending
   * @param time gives a time in seconds by its place
   */
  public static double usual(int n, IntToDoubleFunction time) {
    double[] steps = some(n, time);
    return steps[steps.length / 2];
  }

  /**
   * Returns above how many seconds a step is a gap; infinity for few times, and for steps that are
   * not even but for some.
   */
  public static double leastGap(int n, IntToDoubleFunction time) {
    if (n < EVEN_TIMES) {
      return Double.POSITIVE_INFINITY;
    }
    double[] steps = some(n, time);
    double usual = steps[steps.length / 2];
    return steps[(int) (steps.length * EVEN_SHARE)] > 1.5 * usual
        ? Double.POSITIVE_INFINITY
        : Math.max(GAP_STEPS * usual, GAP_SECONDS);
  }

  /** Returns steps that are spread over the times, ascending. */
  private static double[] some(int n, IntToDoubleFunction time) {
    double[] steps = new double[Math.min(n - 1, MOST)];
    for (int k = 0; k < steps.length; k++) {
      int i = (int) ((long) k * (n - 1) / steps.length);
      steps[k] = time.applyAsDouble(i + 1) - time.applyAsDouble(i);
    }
    Arrays.sort(steps);
    return steps;
  }
}
