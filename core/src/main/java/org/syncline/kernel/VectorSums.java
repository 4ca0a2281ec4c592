/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
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
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/**
 * Vector bodies of {@link SumPass} and {@link SquarePass}: a lane a column, whose sum stays in its
 * register over some rows and takes them in their order, as the scalar bodies do. Not for 128 bits:
 * masks of two lanes are boxed.
 */
final class VectorSums {
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Rows at a time: the next vectors of their columns lie on lines that the L1 still has. */
  static final int ROWS = 8;

  private VectorSums() {}

  static SumPass.Body sum(ElementType type) {
    return VectorBits.masks(type) ? new Sum(type) : ScalarSums.sum(type);
  }

  static SquarePass.Body square(ElementType type) {
    return VectorBits.masks(type) ? new Square(type) : ScalarSums.square(type);
  }

  private static final class Sum extends SumPass.Body {
    private final boolean floats;
    private final ScalarSums.Sum tail;

    Sum(ElementType type) {
      floats = type == ElementType.FLOAT32;
      tail = ScalarSums.sum(type);
    }

    @Override
    void run(long a, long stride, int rows, long sums, long counts, int n) {
      int whole = n & -LANES;
      for (int row = 0; row < rows; row += ROWS) {
        int some = Math.min(ROWS, rows - row);
        if (floats) {
          addFloats(a + row * stride, stride, some, sums, counts, whole);
        } else {
          addDoubles(a + row * stride, stride, some, sums, counts, whole);
        }
      }
      tail.run(a, stride, rows, sums, counts, whole, n);
    }

    @Override
    void spread(
        long a, long stride, int rows, long sums, long counts, long least, long most, int n) {
      int whole = n & -LANES;
      for (int row = 0; row < rows; row += ROWS) {
        int some = Math.min(ROWS, rows - row);
        spreadFloats(a + row * stride, stride, some, sums, counts, least, most, whole);
      }
      tail.spread(a, stride, rows, sums, counts, least, most, whole, n);
    }
  }

  private static final class Square extends SquarePass.Body {
    private final boolean floats;
    private final ScalarSums.Square tail;

    Square(ElementType type) {
      floats = type == ElementType.FLOAT32;
      tail = ScalarSums.square(type);
    }

    @Override
    void run(long a, long stride, int rows, long means, long sums, int n) {
      int whole = n & -LANES;
      for (int row = 0; row < rows; row += ROWS) {
        int some = Math.min(ROWS, rows - row);
        if (floats) {
          squareFloats(a + row * stride, stride, some, means, sums, whole);
        } else {
          squareDoubles(a + row * stride, stride, some, means, sums, whole);
        }
      }
      tail.run(a, stride, rows, means, sums, whole, n);
    }
  }

  private static void addFloats(long a, long stride, int rows, long sums, long counts, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, at(sums + i * 8L), ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, ALL, at(counts + i * 8L), ORDER);
      long p = a + i * 4L;
      for (int row = 0; row < rows; row++) {
        DoubleVector x =
            FloatVector.fromMemorySegment(HALF_F, ALL, at(p), ORDER)
                .convertShape(F2D, D, 0)
                .reinterpretAsDoubles();
        VectorMask<Double> nan = x.compare(NE, x);
        sum = Widths.DOUBLE_CLASS.cast(sum).add(x.blend(0, nan));
        count = Widths.DOUBLE_CLASS.cast(count).add(DoubleVector.broadcast(D, 1).blend(0, nan));
        p += stride;
      }
      sum.intoMemorySegment(ALL, at(sums + i * 8L), ORDER);
      count.intoMemorySegment(ALL, at(counts + i * 8L), ORDER);
    }
  }

  private static void spreadFloats(
      long a, long stride, int rows, long sums, long counts, long least, long most, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, at(sums + i * 8L), ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, ALL, at(counts + i * 8L), ORDER);
      DoubleVector low =
          widened(FloatVector.fromMemorySegment(HALF_F, ALL, at(least + i * 4L), ORDER));
      DoubleVector high =
          widened(FloatVector.fromMemorySegment(HALF_F, ALL, at(most + i * 4L), ORDER));
      long p = a + i * 4L;
      for (int row = 0; row < rows; row++) {
        DoubleVector x = widened(FloatVector.fromMemorySegment(HALF_F, ALL, at(p), ORDER));
        VectorMask<Double> nan = x.compare(NE, x);
        sum = Widths.DOUBLE_CLASS.cast(sum).add(x.blend(0, nan));
        count = Widths.DOUBLE_CLASS.cast(count).add(DoubleVector.broadcast(D, 1).blend(0, nan));
        // comparisons with NaN are false
        low = Widths.DOUBLE_CLASS.cast(low).blend(x, x.compare(LT, low));
        high = Widths.DOUBLE_CLASS.cast(high).blend(x, x.compare(GT, high));
        p += stride;
      }
      sum.intoMemorySegment(ALL, at(sums + i * 8L), ORDER);
      count.intoMemorySegment(ALL, at(counts + i * 8L), ORDER);
      narrowed(low, least + i * 4L);
      narrowed(high, most + i * 4L);
    }
  }

  private static DoubleVector widened(FloatVector x) {
    return x.convertShape(F2D, D, 0).reinterpretAsDoubles();
  }

  /** Stores what a float32 was before. */
  private static void narrowed(DoubleVector x, long address) {
    x.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, at(address), ORDER);
  }

  private static void addDoubles(long a, long stride, int rows, long sums, long counts, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, at(sums + i * 8L), ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, ALL, at(counts + i * 8L), ORDER);
      long p = a + i * 8L;
      for (int row = 0; row < rows; row++) {
        DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(p), ORDER);
        VectorMask<Double> nan = x.compare(NE, x);
        sum = Widths.DOUBLE_CLASS.cast(sum).add(x.blend(0, nan));
        count = Widths.DOUBLE_CLASS.cast(count).add(DoubleVector.broadcast(D, 1).blend(0, nan));
        p += stride;
      }
      sum.intoMemorySegment(ALL, at(sums + i * 8L), ORDER);
      count.intoMemorySegment(ALL, at(counts + i * 8L), ORDER);
    }
  }

  private static void squareFloats(long a, long stride, int rows, long means, long sums, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, at(sums + i * 8L), ORDER);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, at(means + i * 8L), ORDER);
      long p = a + i * 4L;
      for (int row = 0; row < rows; row++) {
        DoubleVector x =
            FloatVector.fromMemorySegment(HALF_F, ALL, at(p), ORDER)
                .convertShape(F2D, D, 0)
                .reinterpretAsDoubles();
        DoubleVector off = x.sub(mean);
        sum = Widths.DOUBLE_CLASS.cast(sum).add(off.mul(off).blend(0, x.compare(NE, x)));
        p += stride;
      }
      sum.intoMemorySegment(ALL, at(sums + i * 8L), ORDER);
    }
  }

  private static void squareDoubles(long a, long stride, int rows, long means, long sums, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += LANES) {
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, at(sums + i * 8L), ORDER);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, at(means + i * 8L), ORDER);
      long p = a + i * 8L;
      for (int row = 0; row < rows; row++) {
        DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(p), ORDER);
        DoubleVector off = x.sub(mean);
        sum = Widths.DOUBLE_CLASS.cast(sum).add(off.mul(off).blend(0, x.compare(NE, x)));
        p += stride;
      }
      sum.intoMemorySegment(ALL, at(sums + i * 8L), ORDER);
    }
  }
}
