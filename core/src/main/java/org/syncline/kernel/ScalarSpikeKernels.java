/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Scalar kernels over spike times and along time. */
class ScalarSpikeKernels implements SpikeKernels {
  /** Spikes between windows up to which stepping over them one by one beats searching. */
  private static final long STEPS = 24;

  @Override
  public void locate(
      MemorySegment spikes,
      MemorySegment firsts,
      MemorySegment ends,
      int units,
      double low,
      double high,
      MemorySegment from,
      MemorySegment to) {
    for (int u = 0; u < units; u++) {
      long end = ends.get(JAVA_LONG_UNALIGNED, 8L * u);
      long a = search(spikes, firsts.get(JAVA_LONG_UNALIGNED, 8L * u), end, low);
      long b = search(spikes, a, end, high);
      from.set(JAVA_LONG_UNALIGNED, 8L * u, a);
      to.set(JAVA_LONG_UNALIGNED, 8L * u, Math.min(end, b + SLACK));
    }
  }

  @Override
  public void count(
      MemorySegment spikes,
      MemorySegment from,
      MemorySegment to,
      int units,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      boolean ascending,
      MemorySegment rows,
      MemorySegment dst,
      long dstOffset) {
    for (int u = 0; u < units; u++) {
      long first = from.get(JAVA_LONG_UNALIGNED, 8L * u);
      long end = to.get(JAVA_LONG_UNALIGNED, 8L * u);
      countUnit(spikes, first, end, lows, highs, windows, ascending, rows, dst, dstOffset + 8L * u);
    }
  }

  /** Counts for one unit, whose column starts at {@code at}. */
  static void countUnit(
      MemorySegment spikes,
      long first,
      long end,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      boolean ascending,
      MemorySegment rows,
      MemorySegment dst,
      long at) {
    if (!ascending) {
      searchEach(spikes, first, end, lows, highs, windows, rows, dst, at);
    } else if (end - first <= STEPS * windows) {
      step(spikes, first, end, lows, highs, windows, rows, dst, at);
    } else {
      gallopEach(spikes, first, end, lows, highs, windows, rows, dst, at);
    }
  }

  private static void searchEach(
      MemorySegment spikes,
      long first,
      long end,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      MemorySegment rows,
      MemorySegment dst,
      long at) {
    for (int w = 0; w < windows; w++) {
      long a = search(spikes, first, end, lows.get(JAVA_DOUBLE_UNALIGNED, 8L * w));
      long b = gallop(spikes, a, end, highs.get(JAVA_DOUBLE_UNALIGNED, 8L * w));
      dst.set(JAVA_DOUBLE_UNALIGNED, at + rows.get(JAVA_LONG_UNALIGNED, 8L * w), b - a);
    }
  }

  private static void step(
      MemorySegment spikes,
      long first,
      long end,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      MemorySegment rows,
      MemorySegment dst,
      long at) {
    long a = first;
    long b = first;
    for (int w = 0; w < windows; w++) {
      double low = lows.get(JAVA_DOUBLE_UNALIGNED, 8L * w);
      double high = highs.get(JAVA_DOUBLE_UNALIGNED, 8L * w);
      while (a < end && spikes.get(JAVA_DOUBLE_UNALIGNED, 8 * a) < low) {
        a++;
      }
      b = Math.max(a, b);
      while (b < end && spikes.get(JAVA_DOUBLE_UNALIGNED, 8 * b) < high) {
        b++;
      }
      dst.set(JAVA_DOUBLE_UNALIGNED, at + rows.get(JAVA_LONG_UNALIGNED, 8L * w), b - a);
    }
  }

  private static void gallopEach(
      MemorySegment spikes,
      long first,
      long end,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      MemorySegment rows,
      MemorySegment dst,
      long at) {
    long a = first;
    long b = first;
    for (int w = 0; w < windows; w++) {
      a = gallop(spikes, a, end, lows.get(JAVA_DOUBLE_UNALIGNED, 8L * w));
      b = gallop(spikes, Math.max(a, b), end, highs.get(JAVA_DOUBLE_UNALIGNED, 8L * w));
      dst.set(JAVA_DOUBLE_UNALIGNED, at + rows.get(JAVA_LONG_UNALIGNED, 8L * w), b - a);
    }
  }

  /**
   * Returns the number of the first spike in [first, end) that is not below x, doubling its steps.
   */
  static long gallop(MemorySegment spikes, long first, long end, double x) {
    long low = first;
    long step = 1;
    while (step <= end - low && spikes.get(JAVA_DOUBLE_UNALIGNED, 8 * (low + step - 1)) < x) {
      low += step;
      step <<= 1;
    }
    return search(spikes, low, Math.min(low + step - 1, end), x);
  }

  /** Returns the number of the first spike in [first, end) that is not below x. */
  static long search(MemorySegment spikes, long first, long end, double x) {
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (spikes.get(JAVA_DOUBLE_UNALIGNED, 8 * middle) < x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void smooth(
      MemorySegment src,
      long srcOffset,
      MemorySegment weights,
      int radius,
      int rows,
      int columns,
      MemorySegment dst,
      long dstOffset) {
    for (int row = 0; row < rows; row++) {
      smoothRow(
          src,
          srcOffset,
          weights,
          radius,
          rows,
          columns,
          row,
          0,
          dst,
          dstOffset + 8L * columns * row);
    }
  }

  /** Smooths the columns of one row from {@code column} on. */
  static void smoothRow(
      MemorySegment src,
      long srcOffset,
      MemorySegment weights,
      int radius,
      int rows,
      int columns,
      int row,
      int column,
      MemorySegment dst,
      long dstOffset) {
    long rowBytes = 8L * columns;
    for (int j = column; j < columns; j++) {
      long at = srcOffset + 8L * j;
      double sum =
          src.get(JAVA_DOUBLE_UNALIGNED, at + rowBytes * row)
              * weights.get(JAVA_DOUBLE_UNALIGNED, 0);
      // outermost first, as scipy adds them
      for (int k = radius; k > 0; k--) {
        double before = src.get(JAVA_DOUBLE_UNALIGNED, at + rowBytes * mirror(row - k, rows));
        double after = src.get(JAVA_DOUBLE_UNALIGNED, at + rowBytes * mirror(row + k, rows));
        sum += (before + after) * weights.get(JAVA_DOUBLE_UNALIGNED, 8L * k);
      }
      dst.set(JAVA_DOUBLE_UNALIGNED, dstOffset + 8L * j, sum);
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
