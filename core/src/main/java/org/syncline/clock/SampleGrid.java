/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

import org.syncline.error.ConfigException;

/**
 * The points of time at which chunks can start: ascending, computed from their index, never stored.
 * Immutable.
 */
public abstract sealed class SampleGrid {
  private final double start;
  private final double end;
  private int length;

  private SampleGrid(double start, double end) {
    this.start = start;
    this.end = end;
  }

  /** The original's grid, bit for bit: NumPy's {@code arange(start, end, 1 / rate)}. */
  public static SampleGrid rounded(double start, double end, double rate, String lead) {
    return new Rounded(start, end, rate, lead);
  }

  /** Points {@code start + k/rate} below the end, each computed once. */
  public static SampleGrid exact(double start, double end, ExactRate rate, String lead) {
    return new Exact(start, end, rate, lead);
  }

  /** Returns the first point in seconds. */
  public final double start() {
    return start;
  }

  /**
   * Returns the end of the range in seconds; a grid by rounding may have a last point at or past
   * it.
   */
  public final double end() {
    return end;
  }

  /** Returns point k in seconds, for any k of 0 or more. */
  public abstract double time(int k);

  /** Returns the mean distance of points in seconds. */
  public abstract double period();

  /** Returns the number of points. */
  public final int length() {
    return length;
  }

  /** Returns the index of the first point at or after t: 0 … length. */
  public final int firstAtOrAfter(double t) {
    double guess = Math.ceil((t - start) / period());
    int k = guess >= length ? length : guess > 0 ? (int) guess : 0;
    while (k > 0 && time(k - 1) >= t) {
      k--;
    }
    while (k < length && time(k) < t) {
      k++;
    }
    return k;
  }

  /** Returns the index of the point that is exactly t, or -1; allocates nothing. */
  public final int indexOf(double t) {
    double guess = Math.rint((t - start) / period());
    if (!(guess >= 0 && guess <= Integer.MAX_VALUE - 8)) {
      return -1;
    }
    int k = (int) guess;
    return time(k) == t ? k : -1;
  }

  /** Returns all points. */
  public final double[] times() {
    double[] all = new double[length];
    for (int k = 0; k < all.length; k++) {
      all[k] = time(k);
    }
    return all;
  }

  private static int checkLength(double points, String lead) {
    if (points > Integer.MAX_VALUE - 8) {
      throw new ConfigException(
          "configuration",
          0,
          "modality_config." + lead + ".sampling_rate",
          "gives a sample grid of "
              + points
              + " points, expected at most 2^31; choose a lower rate");
    }
    return (int) Math.max(points, 0);
  }

  private static final class Rounded extends SampleGrid {
    private final double distance;

    Rounded(double start, double end, double rate, String lead) {
      super(start, end);
      double step = 1 / rate;
      distance = (start + step) - start;
      if (!(distance > 0)) {
        throw new ConfigException(
            "configuration",
            0,
            "modality_config." + lead + ".sampling_rate",
            rate
                + " Hz is finer than doubles are near "
                + start
                + " s; choose a lower rate or time_grid: exact");
      }
      super.length = checkLength(Math.ceil((end - start) / step), lead);
    }

    @Override
    public double time(int k) {
      return start() + k * distance;
    }

    @Override
    public double period() {
      return distance;
    }
  }

  /** Points of a rational rate. */
  public static final class Exact extends SampleGrid {
    private final ExactRate rate;

    Exact(double start, double end, ExactRate rate, String lead) {
      super(start, end);
      this.rate = rate;
      int n = checkLength(Math.ceil((end - start) * rate.num() / rate.den()), lead);
      while (n > 0 && time(n - 1) >= end) {
        n--;
      }
      while (time(n) < end) {
        n++;
      }
      super.length = n;
    }

    @Override
    public double time(int k) {
      return ExactTimes.at(start(), 0, k * rate.den(), rate.num());
    }

    @Override
    public double period() {
      return (double) rate.den() / rate.num();
    }

    /** Returns the points per second. */
    public ExactRate rate() {
      return rate;
    }
  }
}
