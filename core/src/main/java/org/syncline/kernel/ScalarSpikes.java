/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

/** Scalar bodies of the passes over spike times and along time. */
final class ScalarSpikes {
  /** Spikes between windows up to which stepping over them one by one beats searching. */
  private static final long STEPS = 24;

  private ScalarSpikes() {}

  /** Searches unit after unit. */
  static final class Search extends SpikeSearchPass.Body {
    @Override
    void run(
        long spikes,
        long firsts,
        long ends,
        int units,
        double low,
        double high,
        long from,
        long to) {
      for (int u = 0; u < units; u++) {
        long first = ALL.get(JAVA_LONG_UNALIGNED, at(firsts + 8L * u));
        long end = ALL.get(JAVA_LONG_UNALIGNED, at(ends + 8L * u));
        long a = search(spikes, first, end, low);
        long b = search(spikes, a, end, high);
        ALL.set(JAVA_LONG_UNALIGNED, at(from + 8L * u), a);
        ALL.set(JAVA_LONG_UNALIGNED, at(to + 8L * u), Math.min(end, b + SpikeSearchPass.SLACK));
      }
    }
  }

  /** Counts unit after unit. */
  static final class Count extends SpikeCountPass.Body {
    @Override
    void run(
        long spikes,
        long from,
        long to,
        int units,
        long lows,
        long highs,
        int windows,
        boolean ascending,
        long rows,
        long dst) {
      for (int u = 0; u < units; u++) {
        long first = ALL.get(JAVA_LONG_UNALIGNED, at(from + 8L * u));
        long end = ALL.get(JAVA_LONG_UNALIGNED, at(to + 8L * u));
        countUnit(spikes, first, end, lows, highs, windows, ascending, rows, dst + 8L * u);
      }
    }
  }

  /** Smooths row after row. */
  static final class Smooth extends SmoothPass.Body {
    @Override
    void run(long src, long weights, int radius, int rows, int columns, long dst) {
      for (int row = 0; row < rows; row++) {
        smoothRow(src, weights, radius, rows, columns, row, 0, dst + 8L * columns * row);
      }
    }
  }

  /** Counts for one unit, whose column starts at {@code dst}. */
  static void countUnit(
      long spikes,
      long first,
      long end,
      long lows,
      long highs,
      int windows,
      boolean ascending,
      long rows,
      long dst) {
    if (!ascending) {
      searchEach(spikes, first, end, lows, highs, windows, rows, dst);
    } else if (end - first <= STEPS * windows) {
      step(spikes, first, end, lows, highs, windows, rows, dst);
    } else {
      gallopEach(spikes, first, end, lows, highs, windows, rows, dst);
    }
  }

  private static void searchEach(
      long spikes, long first, long end, long lows, long highs, int windows, long rows, long dst) {
    for (int w = 0; w < windows; w++) {
      long a = search(spikes, first, end, ALL.get(JAVA_DOUBLE_UNALIGNED, at(lows + 8L * w)));
      long b = gallop(spikes, a, end, ALL.get(JAVA_DOUBLE_UNALIGNED, at(highs + 8L * w)));
      ALL.set(
          JAVA_DOUBLE_UNALIGNED, at(dst + ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w))), b - a);
    }
  }

  private static void step(
      long spikes, long first, long end, long lows, long highs, int windows, long rows, long dst) {
    long a = first;
    long b = first;
    for (int w = 0; w < windows; w++) {
      double low = ALL.get(JAVA_DOUBLE_UNALIGNED, at(lows + 8L * w));
      double high = ALL.get(JAVA_DOUBLE_UNALIGNED, at(highs + 8L * w));
      while (a < end && ALL.get(JAVA_DOUBLE_UNALIGNED, at(spikes + 8 * a)) < low) {
        a++;
      }
      b = Math.max(a, b);
      while (b < end && ALL.get(JAVA_DOUBLE_UNALIGNED, at(spikes + 8 * b)) < high) {
        b++;
      }
      ALL.set(
          JAVA_DOUBLE_UNALIGNED, at(dst + ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w))), b - a);
    }
  }

  private static void gallopEach(
      long spikes, long first, long end, long lows, long highs, int windows, long rows, long dst) {
    long a = first;
    long b = first;
    for (int w = 0; w < windows; w++) {
      a = gallop(spikes, a, end, ALL.get(JAVA_DOUBLE_UNALIGNED, at(lows + 8L * w)));
      b = gallop(spikes, Math.max(a, b), end, ALL.get(JAVA_DOUBLE_UNALIGNED, at(highs + 8L * w)));
      ALL.set(
          JAVA_DOUBLE_UNALIGNED, at(dst + ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w))), b - a);
    }
  }

  /**
   * Returns the number of the first spike in [first, end) that is not below x, doubling its steps.
   */
  static long gallop(long spikes, long first, long end, double x) {
    long low = first;
    long step = 1;
    while (step <= end - low
        && ALL.get(JAVA_DOUBLE_UNALIGNED, at(spikes + 8 * (low + step - 1))) < x) {
      low += step;
      step <<= 1;
    }
    return search(spikes, low, Math.min(low + step - 1, end), x);
  }

  /** Returns the number of the first spike in [first, end) that is not below x. */
  static long search(long spikes, long first, long end, double x) {
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (ALL.get(JAVA_DOUBLE_UNALIGNED, at(spikes + 8 * middle)) < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Smooths the columns of one row from {@code column} on. */
  static void smoothRow(
      long src, long weights, int radius, int rows, int columns, int row, int column, long dst) {
    long rowBytes = 8L * columns;
    for (int j = column; j < columns; j++) {
      long p = src + 8L * j;
      double sum =
          ALL.get(JAVA_DOUBLE_UNALIGNED, p + rowBytes * row)
              * ALL.get(JAVA_DOUBLE_UNALIGNED, weights);
      // outermost first, as scipy adds them
      for (int k = radius; k > 0; k--) {
        double before = ALL.get(JAVA_DOUBLE_UNALIGNED, p + rowBytes * mirror(row - k, rows));
        double after = ALL.get(JAVA_DOUBLE_UNALIGNED, p + rowBytes * mirror(row + k, rows));
        sum += (before + after) * ALL.get(JAVA_DOUBLE_UNALIGNED, weights + 8L * k);
      }
      ALL.set(JAVA_DOUBLE_UNALIGNED, dst + 8L * j, sum);
    }
  }

  /**
   * Returns the row that stands for row i, which may be far outside: the edges are mirrored again
   * and again.
   */
  static int mirror(int i, int rows) {
    if (i >= 0 && i < rows) {
      return i;
    }
    long period = 2L * rows;
    long m = Math.floorMod((long) i, period);
    return (int) (m < rows ? m : period - 1 - m);
  }
}
