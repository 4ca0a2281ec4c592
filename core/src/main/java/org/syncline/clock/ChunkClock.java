/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

import org.syncline.error.ConfigException;

/** Computes the times at which one device is sampled for a chunk. Immutable, allocates nothing. */
public abstract sealed class ChunkClock {
  private final int count;

  private ChunkClock(int count) {
    this.count = count;
  }

  /** Returns the samples of a chunk. */
  public final int count() {
    return count;
  }

  /** Writes the times of the chunk that starts at {@code start}, as timestamps report them. */
  public abstract void times(double start, double[] times);

  /** Returns time {@code k} of the chunk that starts at {@code start}, one of {@link #times}. */
  public abstract double time(double start, int k);

  /**
   * Moves times that stand for a stored row, but for rounding, to where the interpolator finds that
   * row.
   */
  public void snap(double[] times) {}

  /** Returns where {@link #snap(double[])} moves one time. */
  public double snap(double time) {
    return time;
  }

  /**
   * Makes the original's clock: {@code (round(s*P) + round(offset*P) + k*round(P/rate)) / P},
   * integers until the division, {@code P = 10^precision}, halves to even.
   *
   * @throws ConfigException where the period rounds to nothing, or a sum would not fit in 64 bits
   */
  public static ChunkClock rounded(
      String device, int count, double rate, double offset, int precision) {
    return new Rounded(device, count, rate, offset, precision);
  }

  /**
   * Makes the exact clock: sample k is {@code start + offset + k/rate}, computed once in integers
   * of a rational rate.
   *
   * @param grid the grid of the starts: a start that is one of its points counts as that point, not
   *     as its rounding
   * @param storedStart start of a device that is stored at {@code storedRate}, to which times snap
   * @param storedRate Hz, or NaN for a device without rows at a rate
   * @param storedEnd last valid time
   */
  public static ChunkClock exact(
      SampleGrid.Exact grid,
      int count,
      ExactRate rate,
      double offset,
      double storedStart,
      double storedRate,
      double storedEnd) {
    return new Exact(grid, count, rate, offset, storedStart, storedRate, storedEnd);
  }

  private static final class Rounded extends ChunkClock {
    private final double scale;
    private final long offset;
    private final long period;

    Rounded(String device, int count, double rate, double offset, int precision) {
      super(count);
      scale = Math.pow(10, precision);
      double scaledPeriod = Math.rint(scale / rate);
      double scaledOffset = Math.rint(offset * scale);
      if (scaledPeriod < 1 && count > 1) {
        throw new ConfigException(
            "configuration",
            0,
            "interpolate_precision",
            "at "
                + precision
                + " decimals the period of "
                + device
                + " ("
                + rate
                + " Hz) rounds to 0; give more decimals or time_grid: exact");
      }
      // a quarter of the range is left for each, so that their sum never wraps
      if (!(Math.abs(scaledOffset) < 0x1p61 && scaledPeriod * count < 0x1p61)) {
        throw new ConfigException(
            "configuration",
            0,
            "interpolate_precision",
            "at "
                + precision
                + " decimals the chunk of "
                + device
                + " does not fit in 64-bit integers; give fewer decimals or time_grid: exact");
      }
      this.period = (long) scaledPeriod;
      this.offset = (long) scaledOffset;
    }

    @Override
    public void times(double start, double[] times) {
      double scaled = Math.rint(start * scale);
      for (int k = 0; k < count(); k++) {
        times[k] = at(scaled, k);
      }
    }

    @Override
    public double time(double start, int k) {
      return at(Math.rint(start * scale), k);
    }

    private double at(double scaled, int k) {
      if (Math.abs(scaled) < 0x1p62) {
        return (double) ((long) scaled + offset + k * period) / scale;
      }
      // such a double is an integer by itself, and the sum is rounded once, as the conversion of
      // the integer would be
      return (scaled + (double) (offset + k * period)) / scale;
    }
  }

  private static final class Exact extends ChunkClock {
    private final SampleGrid.Exact grid;
    private final ExactRate rate;
    private final double offset;
    private final double storedStart;
    private final double storedRate;
    private final double storedPeriod;
    private final double storedEnd;
    // grid index times a plus sample times b, over c, is the exact number of seconds since the
    // grid's start
    private final long a;
    private final long b;
    private final long c;

    Exact(
        SampleGrid.Exact grid,
        int count,
        ExactRate rate,
        double offset,
        double storedStart,
        double storedRate,
        double storedEnd) {
      super(count);
      this.grid = grid;
      this.rate = rate;
      this.offset = offset;
      this.storedStart = storedStart;
      this.storedRate = storedRate;
      this.storedPeriod = 1 / storedRate;
      this.storedEnd = storedEnd;
      long x = 0;
      long y = 0;
      long z = 0;
      try {
        long common =
            Math.multiplyExact(grid.rate().num(), rate.num() / gcd(grid.rate().num(), rate.num()));
        x = Math.multiplyExact(grid.rate().den(), common / grid.rate().num());
        y = Math.multiplyExact(rate.den(), common / rate.num());
        z = common;
        Math.addExact(
            Math.multiplyExact(x, (long) grid.length() + 1), Math.multiplyExact(y, (long) count));
      } catch (ArithmeticException e) {
        z = 0;
      }
      a = x;
      b = y;
      c = z;
    }

    private static long gcd(long m, long n) {
      while (n != 0) {
        long r = m % n;
        m = n;
        n = r;
      }
      return m;
    }

    @Override
    public void times(double start, double[] times) {
      int index = grid.indexOf(start);
      for (int k = 0; k < count(); k++) {
        times[k] = at(index, start, k);
      }
    }

    @Override
    public double time(double start, int k) {
      return at(grid.indexOf(start), start, k);
    }

    private double at(int index, double start, int k) {
      return index >= 0 && index <= grid.length() && c != 0
          ? ExactTimes.at(grid.start(), offset, index * a + k * b, c)
          : ExactTimes.at(start, offset, k * rate.den(), rate.num());
    }

    @Override
    public void snap(double[] times) {
      if (!(storedRate > 0)) {
        return;
      }
      for (int k = 0; k < count(); k++) {
        times[k] = snap(times[k]);
      }
    }

    @Override
    public double snap(double time) {
      return storedRate > 0 ? snap(time, storedStart, storedRate, storedPeriod, storedEnd) : time;
    }
  }

  /**
   * Returns the time moved up by a few ulps where it stands for a stored row and rounding put it
   * just before: near 1.6e9 s doubles are 0.24 µs apart, so that {@code floor((t - start) / dt)} is
   * a row too low for half of all times that fall on rows.
   */
  public static double snap(double t, double start, double rate, double period, double end) {
    double position = (t - start) / period;
    double row = Math.rint(position);
    double spacing = rate * Math.max(Math.ulp(t), Math.ulp(t - start));
    double tolerance = 2 * spacing + 4 * Math.ulp(row);
    // starts are rounded, too; but more than a tenth of a row, as at 1 MHz, may be a time between
    // rows: there it is no more than what rounding the time itself does
    double most = Math.min(Math.max(0.1, 0.51 * spacing), 0.49);
    if (position >= row || row - position > Math.min(tolerance, most)) {
      return t;
    }
    double moved = t;
    for (int i = 0; i < 16 && (moved - start) / period < row; i++) {
      moved = Math.nextUp(moved);
    }
    // a start before 0 can lie on a finer grid than the difference: then one step of the coarser
    // one
    if ((moved - start) / period < row) {
      moved = t + Math.ulp(t - start);
    }
    return moved <= end ? moved : t;
  }
}
