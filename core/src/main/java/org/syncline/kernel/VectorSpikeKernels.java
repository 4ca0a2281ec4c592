/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector kernels over spike times and along time; what it does not override runs scalar.
 *
 * <p>A search by comparisons costs a mispredicted branch or two a window, which is most of its time. Here a block of
 * spikes is compared at once and the spikes below are counted, without a branch on them. The position of the next
 * window waits for that of the last, so two units are swept side by side.
 */
final class VectorSpikeKernels extends ScalarSpikeKernels {
  private static final VectorSpecies<Double> DOUBLES = Widths.DOUBLE;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final long VECTOR_BYTES = 8L * LANES;
  private static final int BLOCK = 4 * LANES;
  private static final long BLOCK_BYTES = 8L * BLOCK;

  /** Below this many spikes a window most windows find the position unmoved, and plain steps are well predicted. */
  private static final long SPARSE = 1;

  /** Above this many blocks a window their pages are better leapt over. */
  private static final long DENSE = 8L * BLOCK;

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
      MemorySegment dst,
      long dstOffset) {
    if (LANES < 4) {
      // C2 has no count of a mask of two lanes: each would be an object
      super.count(spikes, from, to, units, lows, highs, windows, ascending, dst, dstOffset);
      return;
    }
    int u = 0;
    while (u < units) {
      long a = from.get(JAVA_LONG_UNALIGNED, 8L * u);
      long aEnd = to.get(JAVA_LONG_UNALIGNED, 8L * u);
      if (u + 1 < units && ascending && suits(aEnd - a, windows)) {
        long b = from.get(JAVA_LONG_UNALIGNED, 8L * (u + 1));
        long bEnd = to.get(JAVA_LONG_UNALIGNED, 8L * (u + 1));
        if (suits(bEnd - b, windows)) {
          sweepTwo(spikes, 8 * a, 8 * aEnd, 8 * b, 8 * bEnd, units, lows, highs, windows, dst, dstOffset + 8L * u);
          u += 2;
          continue;
        }
      }
      countUnit(spikes, a, aEnd, units, lows, highs, windows, ascending, dst, dstOffset + 8L * u);
      u++;
    }
  }

  private static boolean suits(long spikes, int windows) {
    return spikes - SLACK > SPARSE * windows && spikes < DENSE * windows;
  }

  /** Counts for two neighbouring units; all positions are byte offsets. */
  private static void sweepTwo(
      MemorySegment spikes,
      long a,
      long aEnd,
      long b,
      long bEnd,
      int units,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      MemorySegment dst,
      long dstOffset) {
    long p = a;
    long q = b;
    long pEnd = a;
    long qEnd = b;
    long at = dstOffset;
    for (int w = 0; w < windows; w++) {
      double low = lows.get(JAVA_DOUBLE_UNALIGNED, 8L * w);
      double high = highs.get(JAVA_DOUBLE_UNALIGNED, 8L * w);
      if (p + BLOCK_BYTES <= aEnd && q + BLOCK_BYTES <= bEnd) {
        int m = belowInBlock(spikes, p, low);
        int n = belowInBlock(spikes, q, low);
        p += 8L * m;
        q += 8L * n;
        if (m == BLOCK) {
          p = advance(spikes, p, aEnd, low);
        }
        if (n == BLOCK) {
          q = advance(spikes, q, bEnd, low);
        }
      } else {
        p = advance(spikes, p, aEnd, low);
        q = advance(spikes, q, bEnd, low);
      }
      // windows may overlap: their ends ascend too
      pEnd = Math.max(p, pEnd);
      qEnd = Math.max(q, qEnd);
      if (pEnd + VECTOR_BYTES <= aEnd && qEnd + VECTOR_BYTES <= bEnd) {
        int m = DoubleVector.fromMemorySegment(DOUBLES, spikes, pEnd, ORDER).lt(high).trueCount();
        int n = DoubleVector.fromMemorySegment(DOUBLES, spikes, qEnd, ORDER).lt(high).trueCount();
        pEnd += 8L * m;
        qEnd += 8L * n;
        if (m == LANES) {
          pEnd = advance(spikes, pEnd, aEnd, high);
        }
        if (n == LANES) {
          qEnd = advance(spikes, qEnd, bEnd, high);
        }
      } else {
        pEnd = advance(spikes, pEnd, aEnd, high);
        qEnd = advance(spikes, qEnd, bEnd, high);
      }
      dst.set(JAVA_DOUBLE_UNALIGNED, at, (pEnd - p) >> 3);
      dst.set(JAVA_DOUBLE_UNALIGNED, at + 8, (qEnd - q) >> 3);
      at += 8L * units;
    }
  }

  /** Returns how many spikes of the block at byte offset p are below x: the first ones, for spikes ascend. */
  private static int belowInBlock(MemorySegment spikes, long p, double x) {
    return DoubleVector.fromMemorySegment(DOUBLES, spikes, p, ORDER).lt(x).trueCount()
        + DoubleVector.fromMemorySegment(DOUBLES, spikes, p + VECTOR_BYTES, ORDER).lt(x).trueCount()
        + DoubleVector.fromMemorySegment(DOUBLES, spikes, p + 2 * VECTOR_BYTES, ORDER).lt(x).trueCount()
        + DoubleVector.fromMemorySegment(DOUBLES, spikes, p + 3 * VECTOR_BYTES, ORDER).lt(x).trueCount();
  }

  /** Returns the byte offset of the first spike in [p, end) that is not below x. */
  private static long advance(MemorySegment spikes, long p, long end, double x) {
    long at = p;
    while (at + BLOCK_BYTES <= end) {
      int n = belowInBlock(spikes, at, x);
      at += 8L * n;
      if (n < BLOCK) {
        return at;
      }
    }
    while (at < end && spikes.get(JAVA_DOUBLE_UNALIGNED, at) < x) {
      at += 8;
    }
    return at;
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
    int bound = DOUBLES.loopBound(columns);
    for (int row = 0; row < rows; row++) {
      long at = dstOffset + 8L * columns * row;
      if (row >= radius && row < rows - radius) {
        smoothInner(src, srcOffset + 8L * columns * row, weights, radius, columns, dst, at);
      } else {
        smoothEdge(src, srcOffset, weights, radius, rows, columns, row, dst, at);
      }
      smoothRow(src, srcOffset, weights, radius, rows, columns, row, bound, dst, at);
    }
  }

  private static void smoothInner(
      MemorySegment src, long srcOffset, MemorySegment weights, int radius, int columns, MemorySegment dst, long at) {
    long rowBytes = 8L * columns;
    double w0 = weights.get(JAVA_DOUBLE_UNALIGNED, 0);
    for (int j = 0; j < DOUBLES.loopBound(columns); j += LANES) {
      long here = srcOffset + 8L * j;
      DoubleVector sum = DoubleVector.fromMemorySegment(DOUBLES, src, here, ORDER).mul(w0);
      for (int k = radius; k > 0; k--) {
        DoubleVector before = DoubleVector.fromMemorySegment(DOUBLES, src, here - rowBytes * k, ORDER);
        DoubleVector after = DoubleVector.fromMemorySegment(DOUBLES, src, here + rowBytes * k, ORDER);
        sum = sum.add(before.add(after).mul(weights.get(JAVA_DOUBLE_UNALIGNED, 8L * k)));
      }
      sum.intoMemorySegment(dst, at + 8L * j, ORDER);
    }
  }

  private static void smoothEdge(
      MemorySegment src,
      long srcOffset,
      MemorySegment weights,
      int radius,
      int rows,
      int columns,
      int row,
      MemorySegment dst,
      long at) {
    long rowBytes = 8L * columns;
    double w0 = weights.get(JAVA_DOUBLE_UNALIGNED, 0);
    for (int j = 0; j < DOUBLES.loopBound(columns); j += LANES) {
      long column = srcOffset + 8L * j;
      DoubleVector sum = DoubleVector.fromMemorySegment(DOUBLES, src, column + rowBytes * row, ORDER).mul(w0);
      for (int k = radius; k > 0; k--) {
        long b = column + rowBytes * mirror(row - k, rows);
        long a = column + rowBytes * mirror(row + k, rows);
        DoubleVector before = DoubleVector.fromMemorySegment(DOUBLES, src, b, ORDER);
        DoubleVector after = DoubleVector.fromMemorySegment(DOUBLES, src, a, ORDER);
        sum = sum.add(before.add(after).mul(weights.get(JAVA_DOUBLE_UNALIGNED, 8L * k)));
      }
      sum.intoMemorySegment(dst, at + 8L * j, ORDER);
    }
  }
}
