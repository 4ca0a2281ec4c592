/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.NE;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Replaces NaN in place and counts it, without a branch where there is much of it. Loops over
 * absolute addresses, see {@link Addresses}; {@link #floats(long, float, int)} for all widths, the
 * others not for 128 bits, whose masks of two lanes are boxed.
 */
public final class RowReplacements {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int F_LANES = F.length();
  private static final int D_LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowReplacements() {}

  public static int floats(long a, float value, int n) {
    Addresses.mayFault();
    int replaced = 0;
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
      VectorMask<Float> nan0 = x0.compare(NE, x0);
      replaced += nan0.trueCount();
      x0.blend(value, nan0).intoMemorySegment(ALL, p, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER);
      VectorMask<Float> nan1 = x1.compare(NE, x1);
      replaced += nan1.trueCount();
      x1.blend(value, nan1).intoMemorySegment(ALL, p + 4 * F_LANES, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, p + 8 * F_LANES, ORDER);
      VectorMask<Float> nan2 = x2.compare(NE, x2);
      replaced += nan2.trueCount();
      x2.blend(value, nan2).intoMemorySegment(ALL, p + 8 * F_LANES, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, p + 12 * F_LANES, ORDER);
      VectorMask<Float> nan3 = x3.compare(NE, x3);
      replaced += nan3.trueCount();
      x3.blend(value, nan3).intoMemorySegment(ALL, p + 12 * F_LANES, ORDER);
    }
    // what is replaced by NaN must not be counted again: no overlap
    for (; i < n; i++) {
      long p = at(a + i * 4L);
      if (Float.isNaN(ALL.get(JAVA_FLOAT_UNALIGNED, p))) {
        ALL.set(JAVA_FLOAT_UNALIGNED, p, value);
        replaced++;
      }
    }
    return replaced;
  }

  public static int doubles(long a, double value, int n) {
    Addresses.mayFault();
    int replaced = 0;
    int i = 0;
    int bound = n & -(4 * D_LANES);
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      VectorMask<Double> nan0 = x0.compare(NE, x0);
      replaced += nan0.trueCount();
      x0.blend(value, nan0).intoMemorySegment(ALL, p, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      VectorMask<Double> nan1 = x1.compare(NE, x1);
      replaced += nan1.trueCount();
      x1.blend(value, nan1).intoMemorySegment(ALL, p + 8 * D_LANES, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, ALL, p + 16 * D_LANES, ORDER);
      VectorMask<Double> nan2 = x2.compare(NE, x2);
      replaced += nan2.trueCount();
      x2.blend(value, nan2).intoMemorySegment(ALL, p + 16 * D_LANES, ORDER);
      DoubleVector x3 = DoubleVector.fromMemorySegment(D, ALL, p + 24 * D_LANES, ORDER);
      VectorMask<Double> nan3 = x3.compare(NE, x3);
      replaced += nan3.trueCount();
      x3.blend(value, nan3).intoMemorySegment(ALL, p + 24 * D_LANES, ORDER);
    }
    // what is replaced by NaN must not be counted again: no overlap
    for (; i < n; i++) {
      long p = at(a + i * 8L);
      if (Double.isNaN(ALL.get(JAVA_DOUBLE_UNALIGNED, p))) {
        ALL.set(JAVA_DOUBLE_UNALIGNED, p, value);
        replaced++;
      }
    }
    return replaced;
  }

  /** Values are float64, one a column. */
  public static int floatsByColumn(long a, long values, int n) {
    Addresses.mayFault();
    int replaced = 0;
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 4L);
      long v = at(values + i * 8L);
      FloatVector x0 = FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER);
      VectorMask<Float> nan0 = x0.compare(NE, x0);
      replaced += nan0.trueCount();
      FloatVector value0 =
          DoubleVector.fromMemorySegment(D, ALL, v, ORDER)
              .convertShape(D2F, HALF_F, 0)
              .reinterpretAsFloats();
      x0.blend(value0, nan0).intoMemorySegment(ALL, p, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(HALF_F, ALL, p + 4 * D_LANES, ORDER);
      VectorMask<Float> nan1 = x1.compare(NE, x1);
      replaced += nan1.trueCount();
      FloatVector value1 =
          DoubleVector.fromMemorySegment(D, ALL, v + 8 * D_LANES, ORDER)
              .convertShape(D2F, HALF_F, 0)
              .reinterpretAsFloats();
      x1.blend(value1, nan1).intoMemorySegment(ALL, p + 4 * D_LANES, ORDER);
    }
    // what is replaced by NaN must not be counted again: no overlap
    for (; i < n; i++) {
      long p = at(a + i * 4L);
      if (Float.isNaN(ALL.get(JAVA_FLOAT_UNALIGNED, p))) {
        ALL.set(
            JAVA_FLOAT_UNALIGNED, p, (float) ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L)));
        replaced++;
      }
    }
    return replaced;
  }

  public static int doublesByColumn(long a, long values, int n) {
    Addresses.mayFault();
    int replaced = 0;
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long v = at(values + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      VectorMask<Double> nan0 = x0.compare(NE, x0);
      replaced += nan0.trueCount();
      DoubleVector value0 = DoubleVector.fromMemorySegment(D, ALL, v, ORDER);
      x0.blend(value0, nan0).intoMemorySegment(ALL, p, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      VectorMask<Double> nan1 = x1.compare(NE, x1);
      replaced += nan1.trueCount();
      DoubleVector value1 = DoubleVector.fromMemorySegment(D, ALL, v + 8 * D_LANES, ORDER);
      x1.blend(value1, nan1).intoMemorySegment(ALL, p + 8 * D_LANES, ORDER);
    }
    // what is replaced by NaN must not be counted again: no overlap
    for (; i < n; i++) {
      long p = at(a + i * 8L);
      if (Double.isNaN(ALL.get(JAVA_DOUBLE_UNALIGNED, p))) {
        ALL.set(JAVA_DOUBLE_UNALIGNED, p, ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L)));
        replaced++;
      }
    }
    return replaced;
  }
}
