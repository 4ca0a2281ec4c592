/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Vector bodies of the passes over spike times and along time.
 *
 * <p>A search by comparisons costs a mispredicted branch or two a window, which is most of its
 * time. Here a vector of spikes, or four where many pass, is compared at once and the spikes below
 * are counted, without a branch on them. The position of the next window waits for that of the
 * last, so four units are swept side by side: 1,000 windows at 30 Hz over 500 units of 27 Hz take 2
 * ms, plain steps took 6.5.
 *
 * <p>Vectors are loaded by absolute address, see {@link Addresses}.
 */
final class VectorSpikes {
  private static final VectorSpecies<Double> DOUBLES = Widths.DOUBLE;
  private static final Class<? extends DoubleVector> D = Widths.DOUBLE_CLASS;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = DOUBLES.length();
  private static final long VECTOR_BYTES = 8L * LANES;
  private static final int BLOCK = 4 * LANES;
  private static final long BLOCK_BYTES = 8L * BLOCK;

  /** From so many spikes a window of four units on, the next is rarely in the next vector. */
  private static final long FAR = 2L * LANES;

  /** Above this many blocks a window their pages are better leapt over. */
  private static final long DENSE = 8L * BLOCK;

  /** What was read to have it in the cache: the compiler leaves out reads that nobody uses. */
  private static long fetched;

  private VectorSpikes() {}

  static SpikeCountPass.Body count() {
    return new Count();
  }

  static SmoothPass.Body smooth() {
    return new Smooth();
  }

  private static final class Count extends SpikeCountPass.Body {
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
      boolean scattered = !ascends(rows, windows);
      int u = 0;
      while (u < units) {
        long first = from + 8L * u;
        long end = to + 8L * u;
        long out = dst + 8L * u;
        if (ascending && units - u >= 4 && sweeps(first, end, windows)) {
          if (scattered) {
            fetched = fetch(out, 8L * units, windows);
          }
          sweepFour(
              spikes + 8 * index(first),
              spikes + 8 * index(end),
              spikes + 8 * index(first + 8),
              spikes + 8 * index(end + 8),
              spikes + 8 * index(first + 16),
              spikes + 8 * index(end + 16),
              spikes + 8 * index(first + 24),
              spikes + 8 * index(end + 24),
              lows,
              highs,
              windows,
              rows,
              out);
          u += 4;
          continue;
        }
        ScalarSpikes.countUnit(
            spikes, index(first), index(end), lows, highs, windows, ascending, rows, out);
        u++;
      }
    }
  }

  private static boolean ascends(long rows, int windows) {
    for (int w = 1; w < windows; w++) {
      long before = ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w - 8));
      if (ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w)) < before) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads what will be written of each row: rows in no order are not fetched ahead, and a store
   * that misses the cache holds up those after it, where loads wait side by side. Reads them as
   * they lie, which the processor fetches ahead, not in the order of the windows.
   */
  private static long fetch(long dst, long rowBytes, int windows) {
    long seen = 0;
    for (int w = 0; w < windows; w++) {
      long p = at(dst + rowBytes * w);
      seen |= ALL.get(JAVA_LONG_UNALIGNED, p) | ALL.get(JAVA_LONG_UNALIGNED, p + 24);
    }
    return seen;
  }

  /** Returns whether none of four neighbouring units has too many spikes to pass over. */
  private static boolean sweeps(long from, long to, int windows) {
    boolean sweeps = true;
    for (int u = 0; u < 4; u++) {
      long first = ALL.get(JAVA_LONG_UNALIGNED, at(from + 8L * u));
      sweeps &= ALL.get(JAVA_LONG_UNALIGNED, at(to + 8L * u)) - first < DENSE * windows;
    }
    return sweeps;
  }

  private static long index(long address) {
    return ALL.get(JAVA_LONG_UNALIGNED, at(address));
  }

  /**
   * Counts for four neighbouring units, whose spikes lie in [a, aEnd) and so on.
   *
   * <p>C2 inlines nothing of ours from 18,000 nodes on (NodeCountInliningCutoff), and a comparison
   * that is not inlined makes objects for as long as the process lives. An access to a segment is
   * 600 nodes, a search 1,500: so the caller reads the addresses, and a time is made a vector once
   * for four searches. More than 325 bytecodes keep this method apart from its caller.
   */
  private static void sweepFour(
      long a,
      long aEnd,
      long b,
      long bEnd,
      long c,
      long cEnd,
      long d,
      long dEnd,
      long lows,
      long highs,
      int windows,
      long rows,
      long dst) {
    long aHigh = a;
    long bHigh = b;
    long cHigh = c;
    long dHigh = d;
    boolean far = (aEnd - a) + (bEnd - b) + (cEnd - c) + (dEnd - d) > 8 * FAR * windows;
    for (int w = 0; w < windows; w++) {
      double low = ALL.get(JAVA_DOUBLE_UNALIGNED, at(lows + 8L * w));
      DoubleVector lowLanes = DoubleVector.broadcast(DOUBLES, low);
      a = next(a, aEnd, low, lowLanes, far);
      b = next(b, bEnd, low, lowLanes, far);
      c = next(c, cEnd, low, lowLanes, far);
      d = next(d, dEnd, low, lowLanes, far);
      // windows may overlap: their ends ascend on their own
      double high = ALL.get(JAVA_DOUBLE_UNALIGNED, at(highs + 8L * w));
      DoubleVector highLanes = DoubleVector.broadcast(DOUBLES, high);
      aHigh = next(Math.max(a, aHigh), aEnd, high, highLanes, false);
      bHigh = next(Math.max(b, bHigh), bEnd, high, highLanes, false);
      cHigh = next(Math.max(c, cHigh), cEnd, high, highLanes, false);
      dHigh = next(Math.max(d, dHigh), dEnd, high, highLanes, false);
      long row = at(dst + ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w)));
      ALL.set(JAVA_DOUBLE_UNALIGNED, row, (aHigh - a) >> 3);
      ALL.set(JAVA_DOUBLE_UNALIGNED, row + 8, (bHigh - b) >> 3);
      ALL.set(JAVA_DOUBLE_UNALIGNED, row + 16, (cHigh - c) >> 3);
      ALL.set(JAVA_DOUBLE_UNALIGNED, row + 24, (dHigh - d) >> 3);
    }
  }

  /**
   * Returns the address of the first spike in [p, end) that is not below x.
   *
   * @param lanes x in each lane
   * @param far whether a vector of spikes is not expected to reach it
   */
  private static long next(long p, long end, double x, DoubleVector lanes, boolean far) {
    Addresses.mayFault();
    if (!far && p + VECTOR_BYTES <= end) {
      int n = DoubleVector.fromMemorySegment(DOUBLES, ALL, at(p), ORDER).lt(lanes).trueCount();
      if (n < LANES) {
        return p + 8L * n;
      }
    }
    return advance(p, end, x);
  }

  /**
   * Returns the address of the first spike in [p, end) that is not below x.
   *
   * <p>Two blocks are written out to make more than the 325 bytecodes above which HotSpot inlines
   * no method: in each of eight searches this one would be too much for {@link #sweepFour}.
   */
  private static long advance(long p, long end, double x) {
    Addresses.mayFault();
    long last = end - BLOCK_BYTES;
    while (p <= last) {
      long q = at(p);
      int n =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, q, ORDER).lt(x).trueCount()
              + DoubleVector.fromMemorySegment(DOUBLES, ALL, q + VECTOR_BYTES, ORDER)
                  .lt(x)
                  .trueCount()
              + DoubleVector.fromMemorySegment(DOUBLES, ALL, q + 2 * VECTOR_BYTES, ORDER)
                  .lt(x)
                  .trueCount()
              + DoubleVector.fromMemorySegment(DOUBLES, ALL, q + 3 * VECTOR_BYTES, ORDER)
                  .lt(x)
                  .trueCount();
      p += 8L * n;
      if (n < BLOCK) {
        return p;
      }
      if (p > last) {
        break;
      }
      q = at(p);
      n =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, q, ORDER).lt(x).trueCount()
              + DoubleVector.fromMemorySegment(DOUBLES, ALL, q + VECTOR_BYTES, ORDER)
                  .lt(x)
                  .trueCount()
              + DoubleVector.fromMemorySegment(DOUBLES, ALL, q + 2 * VECTOR_BYTES, ORDER)
                  .lt(x)
                  .trueCount()
              + DoubleVector.fromMemorySegment(DOUBLES, ALL, q + 3 * VECTOR_BYTES, ORDER)
                  .lt(x)
                  .trueCount();
      p += 8L * n;
      if (n < BLOCK) {
        return p;
      }
    }
    while (p < end && ALL.get(JAVA_DOUBLE_UNALIGNED, at(p)) < x) {
      p += 8;
    }
    return p;
  }

  private static final class Smooth extends SmoothPass.Body {
    @Override
    void run(long src, long weights, int radius, int rows, int columns, long dst) {
      int bound = DOUBLES.loopBound(columns);
      for (int row = 0; row < rows; row++) {
        long first = 8L * columns * row;
        if (row >= radius && row < rows - radius) {
          smoothInner(src + first, weights, radius, columns, dst + first);
        } else {
          smoothEdge(src, weights, radius, rows, columns, row, dst + first);
        }
        ScalarSpikes.smoothRow(src, weights, radius, rows, columns, row, bound, dst + first);
      }
    }
  }

  private static void smoothInner(long src, long weights, int radius, int columns, long dst) {
    Addresses.mayFault();
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
        s0 = D.cast(s0).add(b0.add(DoubleVector.fromMemorySegment(DOUBLES, ALL, a, ORDER)).mul(w));
        DoubleVector b1 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b + VECTOR_BYTES, ORDER);
        s1 =
            D.cast(s1)
                .add(
                    b1.add(DoubleVector.fromMemorySegment(DOUBLES, ALL, a + VECTOR_BYTES, ORDER))
                        .mul(w));
        DoubleVector b2 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 2 * VECTOR_BYTES, ORDER);
        s2 =
            D.cast(s2)
                .add(
                    b2.add(
                            DoubleVector.fromMemorySegment(
                                DOUBLES, ALL, a + 2 * VECTOR_BYTES, ORDER))
                        .mul(w));
        DoubleVector b3 = DoubleVector.fromMemorySegment(DOUBLES, ALL, b + 3 * VECTOR_BYTES, ORDER);
        s3 =
            D.cast(s3)
                .add(
                    b3.add(
                            DoubleVector.fromMemorySegment(
                                DOUBLES, ALL, a + 3 * VECTOR_BYTES, ORDER))
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
        sum =
            D.cast(sum)
                .add(before.add(after).mul(ALL.get(JAVA_DOUBLE_UNALIGNED, weights + 8L * k)));
      }
      sum.intoMemorySegment(ALL, dst + 8L * j, ORDER);
    }
  }

  private static void smoothEdge(
      long src, long weights, int radius, int rows, int columns, int row, long dst) {
    Addresses.mayFault();
    long rowBytes = 8L * columns;
    double w0 = ALL.get(JAVA_DOUBLE_UNALIGNED, weights);
    for (int j = 0; j <= columns - LANES; j += LANES) {
      long column = src + 8L * j;
      DoubleVector sum =
          DoubleVector.fromMemorySegment(DOUBLES, ALL, column + rowBytes * row, ORDER).mul(w0);
      for (int k = radius; k > 0; k--) {
        long b = column + rowBytes * ScalarSpikes.mirror(row - k, rows);
        long a = column + rowBytes * ScalarSpikes.mirror(row + k, rows);
        DoubleVector before = DoubleVector.fromMemorySegment(DOUBLES, ALL, b, ORDER);
        DoubleVector after = DoubleVector.fromMemorySegment(DOUBLES, ALL, a, ORDER);
        sum =
            D.cast(sum)
                .add(before.add(after).mul(ALL.get(JAVA_DOUBLE_UNALIGNED, weights + 8L * k)));
      }
      sum.intoMemorySegment(ALL, dst + 8L * j, ORDER);
    }
  }
}
