/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/** The vector body of {@link ExtremesPass}: a lane a column. */
final class VectorExtremes extends ExtremesPass.Body {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final int F_LANES = F.length();
  private static final int D_LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private final boolean floats;
  private final ScalarExtremes tail;

  VectorExtremes(ElementType type, ScalarExtremes tail) {
    floats = type == ElementType.FLOAT32;
    this.tail = tail;
  }

  @Override
  void run(long a, long stride, int rows, long least, long most, int n) {
    int whole = n & -(floats ? F_LANES : D_LANES);
    for (int row = 0; row < rows; row += VectorSums.ROWS) {
      int some = Math.min(VectorSums.ROWS, rows - row);
      if (floats) {
        floats(a + row * stride, stride, some, least, most, whole);
      } else {
        doubles(a + row * stride, stride, some, least, most, whole);
      }
    }
    tail.run(a, stride, rows, least, most, whole, n);
  }

  private static void floats(long a, long stride, int rows, long least, long most, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += F_LANES) {
      FloatVector low = FloatVector.fromMemorySegment(F, ALL, at(least + i * 4L), ORDER);
      FloatVector high = FloatVector.fromMemorySegment(F, ALL, at(most + i * 4L), ORDER);
      for (int row = 0; row < rows; row++) {
        FloatVector x = FloatVector.fromMemorySegment(F, ALL, at(a + row * stride + i * 4L), ORDER);
        // comparisons with NaN are false
        low = Widths.FLOAT_CLASS.cast(low).blend(x, x.compare(LT, low));
        high = Widths.FLOAT_CLASS.cast(high).blend(x, x.compare(GT, high));
      }
      low.intoMemorySegment(ALL, at(least + i * 4L), ORDER);
      high.intoMemorySegment(ALL, at(most + i * 4L), ORDER);
    }
  }

  private static void doubles(long a, long stride, int rows, long least, long most, int n) {
    Addresses.mayFault();
    for (int i = 0; i != n; i += D_LANES) {
      DoubleVector low = DoubleVector.fromMemorySegment(D, ALL, at(least + i * 8L), ORDER);
      DoubleVector high = DoubleVector.fromMemorySegment(D, ALL, at(most + i * 8L), ORDER);
      for (int row = 0; row < rows; row++) {
        DoubleVector x =
            DoubleVector.fromMemorySegment(D, ALL, at(a + row * stride + i * 8L), ORDER);
        // comparisons with NaN are false
        low = Widths.DOUBLE_CLASS.cast(low).blend(x, x.compare(LT, low));
        high = Widths.DOUBLE_CLASS.cast(high).blend(x, x.compare(GT, high));
      }
      low.intoMemorySegment(ALL, at(least + i * 8L), ORDER);
      high.intoMemorySegment(ALL, at(most + i * 8L), ORDER);
    }
  }
}
