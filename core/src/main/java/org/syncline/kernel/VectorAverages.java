/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * The vector body of {@link AveragePass}: a lane a column, so that every column is summed in the
 * order of its rows, as the scalar body does it. What counts is chosen by bits of whole numbers:
 * masks of two lanes, which float64 has at 128 bits, are boxed.
 */
final class VectorAverages extends AveragePass.Body {
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Long> L = Widths.LONG;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final long MAGNITUDE = Long.MAX_VALUE;

  /** The first bits of a magnitude that are no number. */
  private static final long NAN = 0x7ff0_0000_0000_0001L;

  private final boolean floats;
  private final boolean narrow;
  private final ScalarAverages tail;

  VectorAverages(ElementType from, ElementType to, ScalarAverages tail) {
    floats = from == ElementType.FLOAT32;
    narrow = to == ElementType.FLOAT32;
    this.tail = tail;
  }

  @Override
  void run(long a, long stride, long weights, int rows, long out, int n) {
    int whole = n & -LANES;
    if (floats) {
      averageFloats(a, stride, weights, rows, out, narrow, whole);
    } else {
      averageDoubles(a, stride, weights, rows, out, narrow, whole);
    }
    tail.run(a, stride, weights, rows, out, whole, n);
  }

  @Override
  void add(long a, long stride, long weights, int rows, long sums, int n) {
    int whole = n & -LANES;
    for (int row = 0; row < rows; row++) {
      double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
      if (w > 0) {
        addDoubles(a + row * stride, w, sums, 8L * n, whole);
      }
    }
    tail.add(a, stride, weights, rows, sums, n, whole, n);
  }

  /** Returns all bits of lanes that hold a number, none of those that hold NaN. */
  private static LongVector numbers(DoubleVector x) {
    return x.reinterpretAsLongs().and(MAGNITUDE).sub(NAN).lanewise(ASHR, 63);
  }

  private static DoubleVector where(LongVector chosen, DoubleVector x) {
    return x.reinterpretAsLongs().and(chosen).reinterpretAsDoubles();
  }

  private static DoubleVector where(LongVector chosen, DoubleVector x, DoubleVector otherwise) {
    LongVector other = otherwise.reinterpretAsLongs();
    return x.reinterpretAsLongs()
        .lanewise(XOR, other)
        .and(chosen)
        .lanewise(XOR, other)
        .reinterpretAsDoubles();
  }

  /** Returns the averages: of none NaN, which is then the last, of one that itself. */
  private static DoubleVector mean(
      DoubleVector sum, DoubleVector weight, DoubleVector last, LongVector counted) {
    return where(counted.sub(2).lanewise(ASHR, 63), last, sum.div(weight));
  }

  private static void store(DoubleVector mean, long out, int i, boolean narrow) {
    if (narrow) {
      mean.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, at(out + i * 4L), ORDER);
    } else {
      mean.intoMemorySegment(ALL, at(out + i * 8L), ORDER);
    }
  }

  private static void averageFloats(
      long a, long stride, long weights, int rows, long out, boolean narrow, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.zero(D);
      DoubleVector weight = DoubleVector.zero(D);
      DoubleVector last = DoubleVector.broadcast(D, Double.NaN);
      LongVector counted = LongVector.zero(L);
      for (int row = 0; row < rows; row++) {
        double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
        if (w > 0) {
          DoubleVector x =
              FloatVector.fromMemorySegment(HALF_F, ALL, at(a + row * stride + i * 4L), ORDER)
                  .convertShape(F2D, D, 0)
                  .reinterpretAsDoubles();
          LongVector there = numbers(x);
          sum = Widths.DOUBLE_CLASS.cast(sum).add(where(there, x.mul(w)));
          weight = Widths.DOUBLE_CLASS.cast(weight).add(where(there, DoubleVector.broadcast(D, w)));
          last = where(there, x, Widths.DOUBLE_CLASS.cast(last));
          counted = Widths.LONG_CLASS.cast(counted).sub(there);
        }
      }
      store(mean(sum, weight, last, counted), out, i, narrow);
    }
  }

  private static void averageDoubles(
      long a, long stride, long weights, int rows, long out, boolean narrow, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.zero(D);
      DoubleVector weight = DoubleVector.zero(D);
      DoubleVector last = DoubleVector.broadcast(D, Double.NaN);
      LongVector counted = LongVector.zero(L);
      for (int row = 0; row < rows; row++) {
        double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
        if (w > 0) {
          DoubleVector x =
              DoubleVector.fromMemorySegment(D, ALL, at(a + row * stride + i * 8L), ORDER);
          LongVector there = numbers(x);
          sum = Widths.DOUBLE_CLASS.cast(sum).add(where(there, x.mul(w)));
          weight = Widths.DOUBLE_CLASS.cast(weight).add(where(there, DoubleVector.broadcast(D, w)));
          last = where(there, x, Widths.DOUBLE_CLASS.cast(last));
          counted = Widths.LONG_CLASS.cast(counted).sub(there);
        }
      }
      store(mean(sum, weight, last, counted), out, i, narrow);
    }
  }

  private static void addDoubles(long a, double w, long sums, long rowOfSums, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(a + i * 8L), ORDER);
      LongVector there = numbers(x);
      long s = sums + i * 8L;
      DoubleVector.fromMemorySegment(D, ALL, at(s), ORDER)
          .add(where(there, x.mul(w)))
          .intoMemorySegment(ALL, at(s), ORDER);
      DoubleVector.fromMemorySegment(D, ALL, at(s + rowOfSums), ORDER)
          .add(where(there, DoubleVector.broadcast(D, w)))
          .intoMemorySegment(ALL, at(s + rowOfSums), ORDER);
      where(there, x, DoubleVector.fromMemorySegment(D, ALL, at(s + 2 * rowOfSums), ORDER))
          .intoMemorySegment(ALL, at(s + 2 * rowOfSums), ORDER);
      DoubleVector.fromMemorySegment(D, ALL, at(s + 3 * rowOfSums), ORDER)
          .add(where(there, DoubleVector.broadcast(D, 1)))
          .intoMemorySegment(ALL, at(s + 3 * rowOfSums), ORDER);
    }
  }

  /** Writes what rows weigh in each of some columns, row by row. */
  private static void weigh(
      double first,
      int rows,
      double low,
      double high,
      double doubt,
      long shifts,
      long weights,
      int n) {
    Addresses.mayFault();
    for (int row = 0; row < rows; row++) {
      long out = weights + 8L * n * row;
      for (int i = 0; i != n; i += LANES) {
        DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, at(shifts + i * 8L), ORDER);
        DoubleVector begin = DoubleVector.broadcast(D, low).sub(shift).max(first + row);
        DoubleVector end = DoubleVector.broadcast(D, high).sub(shift).min(first + row + 1);
        DoubleVector share = end.sub(begin);
        LongVector heavy = negative(DoubleVector.broadcast(D, doubt).sub(share));
        LongVector part = negative(DoubleVector.broadcast(D, doubt).sub(share.sub(1).abs()));
        where(heavy, where(part, share, DoubleVector.broadcast(D, 1)))
            .intoMemorySegment(ALL, at(out + i * 8L), ORDER);
      }
    }
  }

  private static void weighedFloats(
      long a, long stride, long weights, int rows, long out, boolean narrow, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.zero(D);
      DoubleVector weight = DoubleVector.zero(D);
      DoubleVector last = DoubleVector.broadcast(D, Double.NaN);
      LongVector counted = LongVector.zero(L);
      for (int row = 0; row < rows; row++) {
        DoubleVector w =
            DoubleVector.fromMemorySegment(D, ALL, at(weights + 8L * n * row + i * 8L), ORDER);
        DoubleVector x =
            FloatVector.fromMemorySegment(HALF_F, ALL, at(a + row * stride + i * 4L), ORDER)
                .convertShape(F2D, D, 0)
                .reinterpretAsDoubles();
        LongVector there = numbers(x).and(negative(DoubleVector.zero(D).sub(w)));
        sum = Widths.DOUBLE_CLASS.cast(sum).add(where(there, x.mul(w)));
        weight = Widths.DOUBLE_CLASS.cast(weight).add(where(there, w));
        last = where(there, x, Widths.DOUBLE_CLASS.cast(last));
        counted = Widths.LONG_CLASS.cast(counted).sub(there);
      }
      store(mean(sum, weight, last, counted), out, i, narrow);
    }
  }

  private static void weighedDoubles(
      long a, long stride, long weights, int rows, long out, boolean narrow, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.zero(D);
      DoubleVector weight = DoubleVector.zero(D);
      DoubleVector last = DoubleVector.broadcast(D, Double.NaN);
      LongVector counted = LongVector.zero(L);
      for (int row = 0; row < rows; row++) {
        DoubleVector w =
            DoubleVector.fromMemorySegment(D, ALL, at(weights + 8L * n * row + i * 8L), ORDER);
        DoubleVector x =
            DoubleVector.fromMemorySegment(D, ALL, at(a + row * stride + i * 8L), ORDER);
        LongVector there = numbers(x).and(negative(DoubleVector.zero(D).sub(w)));
        sum = Widths.DOUBLE_CLASS.cast(sum).add(where(there, x.mul(w)));
        weight = Widths.DOUBLE_CLASS.cast(weight).add(where(there, w));
        last = where(there, x, Widths.DOUBLE_CLASS.cast(last));
        counted = Widths.LONG_CLASS.cast(counted).sub(there);
      }
      store(mean(sum, weight, last, counted), out, i, narrow);
    }
  }

  /** Returns all bits of lanes that are below 0, none of others. */
  private static LongVector negative(DoubleVector x) {
    return x.reinterpretAsLongs().lanewise(ASHR, 63);
  }

  @Override
  void shifted(
      long a,
      long stride,
      double first,
      int rows,
      double low,
      double high,
      double doubt,
      long shifts,
      long weights,
      long out,
      int n) {
    // two loops, for one of both is more than HotSpot inlines
    int tile = (AveragePass.SHIFTED_WEIGHTS / Math.max(1, rows)) & -LANES;
    int whole = tile == 0 ? 0 : n & -LANES;
    int from = floats ? Float.BYTES : Double.BYTES;
    int to = narrow ? Float.BYTES : Double.BYTES;
    for (int i = 0; i < whole; i += tile) {
      int some = Math.min(tile, whole - i);
      weigh(first, rows, low, high, doubt, shifts + 8L * i, weights, some);
      if (floats) {
        weighedFloats(
            a + (long) i * from, stride, weights, rows, out + (long) i * to, narrow, some);
      } else {
        weighedDoubles(
            a + (long) i * from, stride, weights, rows, out + (long) i * to, narrow, some);
      }
    }
    tail.shifted(a, stride, first, rows, low, high, doubt, shifts, out, whole, n);
  }
}
