/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Blends many rows of three elements, an eye tracker's, each with the one after it and by vectors
 * of four.
 *
 * <p>Of the six elements the first four are read and the last four, so that nothing outside is.
 * What is written past a row is the next row's, which is written after it; the last row is left to
 * {@link ShortRows}.
 */
final class ShortBlends {
  /** Elements of a row. */
  static final int COUNT = 3;

  private static final VectorSpecies<Float> F = FloatVector.SPECIES_128;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_256;

  /** Of the last four the second to fourth, the second row, come first. */
  private static final VectorShuffle<Float> SECOND_FLOATS = VectorShuffle.fromValues(F, 1, 2, 3, 0);

  private static final VectorShuffle<Double> SECOND_DOUBLES =
      VectorShuffle.fromValues(D, 1, 2, 3, 0);

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private ShortBlends() {}

  /** Returns whether rows of so many elements are blended here. */
  static boolean takes(int n) {
    return n == COUNT && Widths.BITS >= 256;
  }

  /** Blends {@code count} rows, more than none. */
  static void floatsToFloats(long a, long[] rows, double[] w0, double[] w1, int count, long b) {
    Addresses.mayFault();
    int last = count - 1;
    for (int k = 0; k < last; k++) {
      long p = at(a + rows[k] * (COUNT * 4L));
      DoubleVector x =
          FloatVector.fromMemorySegment(F, ALL, p, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      DoubleVector y =
          FloatVector.fromMemorySegment(F, ALL, p + 2 * 4, ORDER)
              .rearrange(SECOND_FLOATS)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      DoubleVector z = x.mul(w0[k]).add(y.mul(w1[k]));
      z.convertShape(D2F, F, 0).reinterpretAsFloats().intoMemorySegment(ALL, at(b), ORDER);
      b += COUNT * 4;
    }
    ShortRows.blendFloats(a, rows, w0, w1, last, count, b, true, COUNT);
  }

  static void floatsToDoubles(long a, long[] rows, double[] w0, double[] w1, int count, long b) {
    Addresses.mayFault();
    int last = count - 1;
    for (int k = 0; k < last; k++) {
      long p = at(a + rows[k] * (COUNT * 4L));
      DoubleVector x =
          FloatVector.fromMemorySegment(F, ALL, p, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      DoubleVector y =
          FloatVector.fromMemorySegment(F, ALL, p + 2 * 4, ORDER)
              .rearrange(SECOND_FLOATS)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      DoubleVector z = x.mul(w0[k]).add(y.mul(w1[k]));
      z.intoMemorySegment(ALL, at(b), ORDER);
      b += COUNT * 8;
    }
    ShortRows.blendFloats(a, rows, w0, w1, last, count, b, false, COUNT);
  }

  static void doublesToFloats(long a, long[] rows, double[] w0, double[] w1, int count, long b) {
    Addresses.mayFault();
    int last = count - 1;
    for (int k = 0; k < last; k++) {
      long p = at(a + rows[k] * (COUNT * 8L));
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      DoubleVector y =
          DoubleVector.fromMemorySegment(D, ALL, p + 2 * 8, ORDER).rearrange(SECOND_DOUBLES);
      DoubleVector z = x.mul(w0[k]).add(y.mul(w1[k]));
      z.convertShape(D2F, F, 0).reinterpretAsFloats().intoMemorySegment(ALL, at(b), ORDER);
      b += COUNT * 4;
    }
    ShortRows.blendDoubles(a, rows, w0, w1, last, count, b, true, COUNT);
  }

  static void doublesToDoubles(long a, long[] rows, double[] w0, double[] w1, int count, long b) {
    Addresses.mayFault();
    int last = count - 1;
    for (int k = 0; k < last; k++) {
      long p = at(a + rows[k] * (COUNT * 8L));
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      DoubleVector y =
          DoubleVector.fromMemorySegment(D, ALL, p + 2 * 8, ORDER).rearrange(SECOND_DOUBLES);
      DoubleVector z = x.mul(w0[k]).add(y.mul(w1[k]));
      z.intoMemorySegment(ALL, at(b), ORDER);
      b += COUNT * 8;
    }
    ShortRows.blendDoubles(a, rows, w0, w1, last, count, b, false, COUNT);
  }
}
