/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.NE;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * The vector body of {@link AveragePass}: a lane a column, so that every column is summed in the
 * order of its rows, as the scalar body does it. Not for 128 bits: masks of two lanes are boxed.
 */
final class VectorAverages extends AveragePass.Body {
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

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

  private static void averageFloats(
      long a, long stride, long weights, int rows, long out, boolean narrow, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.zero(D);
      DoubleVector weight = DoubleVector.zero(D);
      DoubleVector last = DoubleVector.zero(D);
      DoubleVector counted = DoubleVector.zero(D);
      for (int row = 0; row < rows; row++) {
        double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
        if (w > 0) {
          DoubleVector x =
              FloatVector.fromMemorySegment(HALF_F, ALL, at(a + row * stride + i * 4L), ORDER)
                  .convertShape(F2D, D, 0)
                  .reinterpretAsDoubles();
          VectorMask<Double> there = x.compare(EQ, x);
          DoubleVector share = DoubleVector.zero(D).blend(w, there);
          sum = Widths.DOUBLE_CLASS.cast(sum).add(DoubleVector.zero(D).blend(x.mul(w), there));
          weight = Widths.DOUBLE_CLASS.cast(weight).add(share);
          last = Widths.DOUBLE_CLASS.cast(last).blend(x, there);
          counted = Widths.DOUBLE_CLASS.cast(counted).add(DoubleVector.zero(D).blend(1.0, there));
        }
      }
      DoubleVector mean =
          sum.div(weight)
              .blend(last, counted.compare(EQ, 1.0))
              .blend(Double.NaN, counted.compare(EQ, 0.0));
      if (narrow) {
        mean.convertShape(D2F, HALF_F, 0)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, at(out + i * 4L), ORDER);
      } else {
        mean.intoMemorySegment(ALL, at(out + i * 8L), ORDER);
      }
    }
  }

  private static void averageDoubles(
      long a, long stride, long weights, int rows, long out, boolean narrow, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.zero(D);
      DoubleVector weight = DoubleVector.zero(D);
      DoubleVector last = DoubleVector.zero(D);
      DoubleVector counted = DoubleVector.zero(D);
      for (int row = 0; row < rows; row++) {
        double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
        if (w > 0) {
          DoubleVector x =
              DoubleVector.fromMemorySegment(D, ALL, at(a + row * stride + i * 8L), ORDER);
          VectorMask<Double> there = x.compare(EQ, x);
          DoubleVector share = DoubleVector.zero(D).blend(w, there);
          sum = Widths.DOUBLE_CLASS.cast(sum).add(DoubleVector.zero(D).blend(x.mul(w), there));
          weight = Widths.DOUBLE_CLASS.cast(weight).add(share);
          last = Widths.DOUBLE_CLASS.cast(last).blend(x, there);
          counted = Widths.DOUBLE_CLASS.cast(counted).add(DoubleVector.zero(D).blend(1.0, there));
        }
      }
      DoubleVector mean =
          sum.div(weight)
              .blend(last, counted.compare(EQ, 1.0))
              .blend(Double.NaN, counted.compare(EQ, 0.0));
      if (narrow) {
        mean.convertShape(D2F, HALF_F, 0)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, at(out + i * 4L), ORDER);
      } else {
        mean.intoMemorySegment(ALL, at(out + i * 8L), ORDER);
      }
    }
  }

  private static void addDoubles(long a, double w, long sums, long rowOfSums, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(a + i * 8L), ORDER);
      VectorMask<Double> nan = x.compare(NE, x);
      long s = sums + i * 8L;
      DoubleVector.fromMemorySegment(D, ALL, at(s), ORDER)
          .add(x.mul(w).blend(0, nan))
          .intoMemorySegment(ALL, at(s), ORDER);
      DoubleVector.fromMemorySegment(D, ALL, at(s + rowOfSums), ORDER)
          .add(DoubleVector.broadcast(D, w).blend(0, nan))
          .intoMemorySegment(ALL, at(s + rowOfSums), ORDER);
      x.blend(DoubleVector.fromMemorySegment(D, ALL, at(s + 2 * rowOfSums), ORDER), nan)
          .intoMemorySegment(ALL, at(s + 2 * rowOfSums), ORDER);
      DoubleVector.fromMemorySegment(D, ALL, at(s + 3 * rowOfSums), ORDER)
          .add(DoubleVector.broadcast(D, 1).blend(0, nan))
          .intoMemorySegment(ALL, at(s + 3 * rowOfSums), ORDER);
    }
  }
}
