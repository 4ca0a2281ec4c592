/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.syncline.kernel.Addresses.ALL;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Objects;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector kernels over spike times and along time; what it does not override runs scalar.
 *
 * <p>A search by comparisons costs a mispredicted branch or two a window, which is most of its
 * time. Here a block of spikes is compared at once and the spikes below are counted, without a
 * branch on them. The position of the next window waits for that of the last, so two units are
 * swept side by side.
 *
 * <p>The public methods check each range once; vectors are loaded by absolute address, see {@link
 * Addresses}.
 */
final class VectorSpikeKernels extends ScalarSpikeKernels {
  private static final VectorSpecies<Double> DOUBLES = Widths.DOUBLE;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final long VECTOR_BYTES = 8L * LANES;
  private static final int BLOCK = 4 * LANES;
  private static final long BLOCK_BYTES = 8L * BLOCK;

  /**
   * Below this many spikes a window most windows find the position unmoved, and plain steps are
   * well predicted.
   */
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
    long base = Addresses.of(spikes, 0, spikes.byteSize());
    long low = Addresses.of(lows, 0, 8L * windows);
    long high = Addresses.of(highs, 0, 8L * windows);
    long out = Addresses.writable(dst, dstOffset, 8L * units * windows);
    long all = spikes.byteSize() / 8;
    int u = 0;
    while (u < units) {
      long a = from.get(JAVA_LONG_UNALIGNED, 8L * u);
      long aEnd = to.get(JAVA_LONG_UNALIGNED, 8L * u);
      if (u + 1 < units && ascending && suits(aEnd - a, windows)) {
        long b = from.get(JAVA_LONG_UNALIGNED, 8L * (u + 1));
        long bEnd = to.get(JAVA_LONG_UNALIGNED, 8L * (u + 1));
        if (suits(bEnd - b, windows)) {
          Objects.checkFromToIndex(a, aEnd, all);
          Objects.checkFromToIndex(b, bEnd, all);
          sweepTwo(
              base + 8 * a,
              base + 8 * aEnd,
              base + 8 * b,
              base + 8 * bEnd,
              units,
              low,
              high,
              windows,
              out + 8L * u);
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

  /** Counts for two neighbouring units; all positions are addresses. */
  private static void sweepTwo(
      long a,
      long aEnd,
      long b,
      long bEnd,
      int units,
      long lows,
      long highs,
      int windows,
      long dst) {
    long p = a;
    long q = b;
    long pEnd = a;
    long qEnd = b;
    long at = dst;
    for (int w = 0; w < windows; w++) {
      double low = ALL.get(JAVA_DOUBLE_UNALIGNED, lows + 8L * w);
      double high = ALL.get(JAVA_DOUBLE_UNALIGNED, highs + 8L * w);
      if (p + BLOCK_BYTES <= aEnd && q + BLOCK_BYTES <= bEnd) {
        int m = belowInBlock(p, low);
        int n = belowInBlock(q, low);
        p += 8L * m;
        q += 8L * n;
        if (m == BLOCK) {
          p = advance(p, aEnd, low);
        }
        if (n == BLOCK) {
          q = advance(q, bEnd, low);
        }
      } else {
        p = advance(p, aEnd, low);
        q = advance(q, bEnd, low);
      }
      // windows may overlap: their ends ascend too
      pEnd = Math.max(p, pEnd);
      qEnd = Math.max(q, qEnd);
      if (pEnd + VECTOR_BYTES <= aEnd && qEnd + VECTOR_BYTES <= bEnd) {
        int m = DoubleVector.fromMemorySegment(DOUBLES, ALL, pEnd, ORDER).lt(high).trueCount();
        int n = DoubleVector.fromMemorySegment(DOUBLES, ALL, qEnd, ORDER).lt(high).trueCount();
        pEnd += 8L * m;
        qEnd += 8L * n;
        if (m == LANES) {
          pEnd = advance(pEnd, aEnd, high);
        }
        if (n == LANES) {
          qEnd = advance(qEnd, bEnd, high);
        }
      } else {
        pEnd = advance(pEnd, aEnd, high);
        qEnd = advance(qEnd, bEnd, high);
      }
      ALL.set(JAVA_DOUBLE_UNALIGNED, at, (pEnd - p) >> 3);
      ALL.set(JAVA_DOUBLE_UNALIGNED, at + 8, (qEnd - q) >> 3);
      at += 8L * units;
    }
  }

  /**
   * Returns how many spikes of the block at address p are below x: the first ones, for spikes
   * ascend.
   */
  private static int belowInBlock(long p, double x) {
    return DoubleVector.fromMemorySegment(DOUBLES, ALL, p, ORDER).lt(x).trueCount()
        + DoubleVector.fromMemorySegment(DOUBLES, ALL, p + VECTOR_BYTES, ORDER).lt(x).trueCount()
        + DoubleVector.fromMemorySegment(DOUBLES, ALL, p + 2 * VECTOR_BYTES, ORDER)
            .lt(x)
            .trueCount()
        + DoubleVector.fromMemorySegment(DOUBLES, ALL, p + 3 * VECTOR_BYTES, ORDER)
            .lt(x)
            .trueCount();
  }

  /** Returns the address of the first spike in [p, end) that is not below x. */
  private static long advance(long p, long end, double x) {
    long at = p;
    while (at + BLOCK_BYTES <= end) {
      int n = belowInBlock(at, x);
      at += 8L * n;
      if (n < BLOCK) {
        return at;
      }
    }
    while (at < end && ALL.get(JAVA_DOUBLE_UNALIGNED, at) < x) {
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
    long bytes = 8L * columns * rows;
    long in = Addresses.of(src, srcOffset, bytes);
    long out = Addresses.writable(dst, dstOffset, bytes);
    long weight = Addresses.of(weights, 0, 8L * (radius + 1));
    int bound = DOUBLES.loopBound(columns);
    for (int row = 0; row < rows; row++) {
      long at = 8L * columns * row;
      if (row >= radius && row < rows - radius) {
        smoothInner(in + at, weight, radius, columns, out + at);
      } else {
        smoothEdge(in, weight, radius, rows, columns, row, out + at);
      }
      smoothRow(src, srcOffset, weights, radius, rows, columns, row, bound, dst, dstOffset + at);
    }
  }

  private static void smoothInner(long src, long weights, int radius, int columns, long dst) {
    long rowBytes = 8L * columns;
    double w0 = ALL.get(JAVA_DOUBLE_UNALIGNED, weights);
    int j = 0;
    // sums of four vectors of columns do not wait for each other
    for (; j <= columns - BLOCK; j += BLOCK) {
      long here = src + 8L * j;
      DoubleVector s0 = DoubleVector.fromMemorySegment(DOUBLES, ALL, here, ORDER).mul(w0);
      DoubleVector s1 =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, here + VECTOR_BYTES, ORDER).mul(w0);
      DoubleVector s2 =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, here + 2 * VECTOR_BYTES, ORDER).mul(w0);
      DoubleVector s3 =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, here + 3 * VECTOR_BYTES, ORDER).mul(w0);
      for (int k = radius; k > 0; k--) {
        long b = here - rowBytes * k;
        long a = here + rowBytes * k;
        double w = ALL.get(JAVA_DOUBLE_UNALIGNED, weights + 8L * k);
        DoubleVector b0 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b, ORDER);
        s0 = s0.add(b0.add(DoubleVector.fromMemorySegment(DOUBLES, ALL, a, ORDER)).mul(w));
        DoubleVector b1 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b + VECTOR_BYTES, ORDER);
        s1 =
            s1.add(
                b1.add(DoubleVector.fromMemorySegment(DOUBLES, ALL, a + VECTOR_BYTES, ORDER))
                    .mul(w));
        DoubleVector b2 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 2 * VECTOR_BYTES, ORDER);
        s2 =
            s2.add(
                b2.add(DoubleVector.fromMemorySegment(DOUBLES, ALL, a + 2 * VECTOR_BYTES, ORDER))
                    .mul(w));
        DoubleVector b3 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 3 * VECTOR_BYTES, ORDER);
        s3 =
            s3.add(
                b3.add(DoubleVector.fromMemorySegment(DOUBLES, ALL, a + 3 * VECTOR_BYTES, ORDER))
                    .mul(w));
      }
      long out = dst + 8L * j;
      s0.intoMemorySegment(ALL, out, ORDER);
      s1.intoMemorySegment(ALL, out + VECTOR_BYTES, ORDER);
      s2.intoMemorySegment(ALL, out + 2 * VECTOR_BYTES, ORDER);
      s3.intoMemorySegment(ALL, out + 3 * VECTOR_BYTES, ORDER);
    }
    for (; j <= columns - LANES; j += LANES) {
      long here = src + 8L * j;
      DoubleVector sum = DoubleVector.fromMemorySegment(DOUBLES, ALL, here, ORDER).mul(w0);
      for (int k = radius; k > 0; k--) {
        DoubleVector before =
            DoubleVector.fromMemorySegment(DOUBLES, ALL, here - rowBytes * k, ORDER);
        DoubleVector after =
            DoubleVector.fromMemorySegment(DOUBLES, ALL, here + rowBytes * k, ORDER);
        sum = sum.add(before.add(after).mul(ALL.get(JAVA_DOUBLE_UNALIGNED, weights + 8L * k)));
      }
      sum.intoMemorySegment(ALL, dst + 8L * j, ORDER);
    }
  }

  private static void smoothEdge(
      long src, long weights, int radius, int rows, int columns, int row, long dst) {
    long rowBytes = 8L * columns;
    double w0 = ALL.get(JAVA_DOUBLE_UNALIGNED, weights);
    for (int j = 0; j <= columns - LANES; j += LANES) {
      long column = src + 8L * j;
      DoubleVector sum =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, column + rowBytes * row, ORDER).mul(w0);
      for (int k = radius; k > 0; k--) {
        long b = column + rowBytes * mirror(row - k, rows);
        long a = column + rowBytes * mirror(row + k, rows);
        DoubleVector before = DoubleVector.fromMemorySegment(DOUBLES, ALL, b, ORDER);
        DoubleVector after = DoubleVector.fromMemorySegment(DOUBLES, ALL, a, ORDER);
        sum = sum.add(before.add(after).mul(ALL.get(JAVA_DOUBLE_UNALIGNED, weights + 8L * k)));
      }
      sum.intoMemorySegment(ALL, dst + 8L * j, ORDER);
    }
  }
}
