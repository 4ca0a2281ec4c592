/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.OR;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Looks for NaN, and adds rows to sums of columns with NaN left out.
 *
 * <p>Loops over absolute addresses in the form that {@link Addresses} explains. Rows have at least
 * a vector. The sums are not for 128 bits: masks of two lanes are boxed.
 */
public final class RowSums {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Integer> I = Widths.INT;
  private static final VectorSpecies<Long> L = Widths.LONG;
  private static final VectorSpecies<Short> S = Widths.SHORT;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int F_LANES = F.length();
  private static final int D_LANES = D.length();
  private static final int S_LANES = S.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowSums() {}

  public static boolean shortsExceed(short infinity, long a, int n) {
    Addresses.mayFault();
    for (int i = 0; i < n; i += S_LANES) {
      // magnitudes above that of infinity are NaN
      ShortVector v =
          ShortVector.fromMemorySegment(S, ALL, at(a + Math.min(i, n - S_LANES) * 2L), ORDER);
      if (v.and((short) 0x7fff).compare(GT, infinity).anyTrue()) {
        return true;
      }
    }
    return false;
  }

  public static boolean floatsHaveNaN(long a, int n) {
    Addresses.mayFault();
    // infinity minus the magnitude is negative for NaN alone: no masks, which are boxed where they
    // have two lanes
    IntVector infinity = IntVector.broadcast(I, 0x7f800000);
    IntVector s0 = IntVector.zero(I);
    IntVector s1 = IntVector.zero(I);
    IntVector s2 = IntVector.zero(I);
    IntVector s3 = IntVector.zero(I);
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      s0 =
          Widths.INT_CLASS
              .cast(s0)
              .or(
                  infinity.sub(
                      IntVector.fromMemorySegment(I, ALL, p, ORDER).and(Integer.MAX_VALUE)));
      s1 =
          Widths.INT_CLASS
              .cast(s1)
              .or(
                  infinity.sub(
                      IntVector.fromMemorySegment(I, ALL, p + 4 * F_LANES, ORDER)
                          .and(Integer.MAX_VALUE)));
      s2 =
          Widths.INT_CLASS
              .cast(s2)
              .or(
                  infinity.sub(
                      IntVector.fromMemorySegment(I, ALL, p + 8 * F_LANES, ORDER)
                          .and(Integer.MAX_VALUE)));
      s3 =
          Widths.INT_CLASS
              .cast(s3)
              .or(
                  infinity.sub(
                      IntVector.fromMemorySegment(I, ALL, p + 12 * F_LANES, ORDER)
                          .and(Integer.MAX_VALUE)));
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      s0 =
          Widths.INT_CLASS
              .cast(s0)
              .or(
                  infinity.sub(
                      IntVector.fromMemorySegment(I, ALL, at(a + k * 4L), ORDER)
                          .and(Integer.MAX_VALUE)));
      i = k + F_LANES;
    }
    return s0.or(s1).or(s2.or(s3)).reduceLanes(OR) < 0;
  }

  /** Writes 1 for each row with a NaN and 0 for others; returns how many have one. */
  public static int floatRowsWithNaN(long a, int n, int rows, long any) {
    int found = 0;
    for (int k = 0; k < rows; k++) {
      int has = floatsHaveNaN(a + (long) k * n * 4, n) ? 1 : 0;
      ALL.set(JAVA_BYTE, at(any + k), (byte) has);
      found += has;
    }
    return found;
  }

  public static boolean doublesHaveNaN(long a, int n) {
    Addresses.mayFault();
    // infinity minus the magnitude is negative for NaN alone: no masks, which are boxed where they
    // have two lanes
    LongVector infinity = LongVector.broadcast(L, 0x7ff0000000000000L);
    LongVector s0 = LongVector.zero(L);
    LongVector s1 = LongVector.zero(L);
    LongVector s2 = LongVector.zero(L);
    LongVector s3 = LongVector.zero(L);
    int i = 0;
    int bound = n & -(4 * D_LANES);
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 8L);
      s0 =
          Widths.LONG_CLASS
              .cast(s0)
              .or(infinity.sub(LongVector.fromMemorySegment(L, ALL, p, ORDER).and(Long.MAX_VALUE)));
      s1 =
          Widths.LONG_CLASS
              .cast(s1)
              .or(
                  infinity.sub(
                      LongVector.fromMemorySegment(L, ALL, p + 8 * D_LANES, ORDER)
                          .and(Long.MAX_VALUE)));
      s2 =
          Widths.LONG_CLASS
              .cast(s2)
              .or(
                  infinity.sub(
                      LongVector.fromMemorySegment(L, ALL, p + 16 * D_LANES, ORDER)
                          .and(Long.MAX_VALUE)));
      s3 =
          Widths.LONG_CLASS
              .cast(s3)
              .or(
                  infinity.sub(
                      LongVector.fromMemorySegment(L, ALL, p + 24 * D_LANES, ORDER)
                          .and(Long.MAX_VALUE)));
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      s0 =
          Widths.LONG_CLASS
              .cast(s0)
              .or(
                  infinity.sub(
                      LongVector.fromMemorySegment(L, ALL, at(a + k * 8L), ORDER)
                          .and(Long.MAX_VALUE)));
      i = k + D_LANES;
    }
    return s0.or(s1).or(s2.or(s3)).reduceLanes(OR) < 0;
  }

  /** Writes 1 for each row with a NaN and 0 for others; returns how many have one. */
  public static int doubleRowsWithNaN(long a, int n, int rows, long any) {
    int found = 0;
    for (int k = 0; k < rows; k++) {
      int has = doublesHaveNaN(a + (long) k * n * 8, n) ? 1 : 0;
      ALL.set(JAVA_BYTE, at(any + k), (byte) has);
      found += has;
    }
    return found;
  }

  public static void addFloats(long a, long counts, long sums, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 4L);
      long s = at(sums + i * 8L);
      long t = at(counts + i * 8L);
      DoubleVector x0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      VectorMask<Double> nan0 = x0.compare(NE, x0);
      DoubleVector sum0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      sum0.add(x0.blend(0, nan0)).intoMemorySegment(ALL, s, ORDER);
      DoubleVector count0 = DoubleVector.fromMemorySegment(D, ALL, t, ORDER);
      count0.add(DoubleVector.broadcast(D, 1).blend(0, nan0)).intoMemorySegment(ALL, t, ORDER);
      DoubleVector x1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      VectorMask<Double> nan1 = x1.compare(NE, x1);
      DoubleVector sum1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      sum1.add(x1.blend(0, nan1)).intoMemorySegment(ALL, s + 8 * D_LANES, ORDER);
      DoubleVector count1 = DoubleVector.fromMemorySegment(D, ALL, t + 8 * D_LANES, ORDER);
      count1
          .add(DoubleVector.broadcast(D, 1).blend(0, nan1))
          .intoMemorySegment(ALL, t + 8 * D_LANES, ORDER);
    }
    int rest = n & -D_LANES;
    for (; i != rest; i += D_LANES) {
      long p = at(a + i * 4L);
      long s = at(sums + i * 8L);
      long t = at(counts + i * 8L);
      DoubleVector x =
          FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      VectorMask<Double> nan = x.compare(NE, x);
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      sum.add(x.blend(0, nan)).intoMemorySegment(ALL, s, ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, ALL, t, ORDER);
      count.add(DoubleVector.broadcast(D, 1).blend(0, nan)).intoMemorySegment(ALL, t, ORDER);
    }
    // in place, so nothing may be added twice: no overlap
    for (; i < n; i++) {
      double v = ALL.get(JAVA_FLOAT_UNALIGNED, at(a + i * 4L));
      if (v == v) {
        long s = at(sums + i * 8L);
        long t = at(counts + i * 8L);
        ALL.set(JAVA_DOUBLE_UNALIGNED, s, ALL.get(JAVA_DOUBLE_UNALIGNED, s) + v);
        ALL.set(JAVA_DOUBLE_UNALIGNED, t, ALL.get(JAVA_DOUBLE_UNALIGNED, t) + 1);
      }
    }
  }

  public static void addSquaresOfFloats(long a, long means, long sums, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 4L);
      long s = at(sums + i * 8L);
      long m = at(means + i * 8L);
      DoubleVector x0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      VectorMask<Double> nan0 = x0.compare(NE, x0);
      DoubleVector sum0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector d0 = x0.sub(DoubleVector.fromMemorySegment(D, ALL, m, ORDER));
      sum0.add(d0.mul(d0).blend(0, nan0)).intoMemorySegment(ALL, s, ORDER);
      DoubleVector x1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      VectorMask<Double> nan1 = x1.compare(NE, x1);
      DoubleVector sum1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      DoubleVector d1 = x1.sub(DoubleVector.fromMemorySegment(D, ALL, m + 8 * D_LANES, ORDER));
      sum1.add(d1.mul(d1).blend(0, nan1)).intoMemorySegment(ALL, s + 8 * D_LANES, ORDER);
    }
    int rest = n & -D_LANES;
    for (; i != rest; i += D_LANES) {
      long p = at(a + i * 4L);
      long s = at(sums + i * 8L);
      long m = at(means + i * 8L);
      DoubleVector x =
          FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER)
              .convertShape(F2D, D, 0)
              .reinterpretAsDoubles();
      VectorMask<Double> nan = x.compare(NE, x);
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector d = x.sub(DoubleVector.fromMemorySegment(D, ALL, m, ORDER));
      sum.add(d.mul(d).blend(0, nan)).intoMemorySegment(ALL, s, ORDER);
    }
    // in place, so nothing may be added twice: no overlap
    for (; i < n; i++) {
      double v = ALL.get(JAVA_FLOAT_UNALIGNED, at(a + i * 4L));
      if (v == v) {
        long s = at(sums + i * 8L);
        double d = v - ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + i * 8L));
        ALL.set(JAVA_DOUBLE_UNALIGNED, s, ALL.get(JAVA_DOUBLE_UNALIGNED, s) + d * d);
      }
    }
  }

  public static void addDoubles(long a, long counts, long sums, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long s = at(sums + i * 8L);
      long t = at(counts + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      VectorMask<Double> nan0 = x0.compare(NE, x0);
      DoubleVector sum0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      sum0.add(x0.blend(0, nan0)).intoMemorySegment(ALL, s, ORDER);
      DoubleVector count0 = DoubleVector.fromMemorySegment(D, ALL, t, ORDER);
      count0.add(DoubleVector.broadcast(D, 1).blend(0, nan0)).intoMemorySegment(ALL, t, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      VectorMask<Double> nan1 = x1.compare(NE, x1);
      DoubleVector sum1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      sum1.add(x1.blend(0, nan1)).intoMemorySegment(ALL, s + 8 * D_LANES, ORDER);
      DoubleVector count1 = DoubleVector.fromMemorySegment(D, ALL, t + 8 * D_LANES, ORDER);
      count1
          .add(DoubleVector.broadcast(D, 1).blend(0, nan1))
          .intoMemorySegment(ALL, t + 8 * D_LANES, ORDER);
    }
    int rest = n & -D_LANES;
    for (; i != rest; i += D_LANES) {
      long p = at(a + i * 8L);
      long s = at(sums + i * 8L);
      long t = at(counts + i * 8L);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      VectorMask<Double> nan = x.compare(NE, x);
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      sum.add(x.blend(0, nan)).intoMemorySegment(ALL, s, ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, ALL, t, ORDER);
      count.add(DoubleVector.broadcast(D, 1).blend(0, nan)).intoMemorySegment(ALL, t, ORDER);
    }
    // in place, so nothing may be added twice: no overlap
    for (; i < n; i++) {
      double v = ALL.get(JAVA_DOUBLE_UNALIGNED, at(a + i * 8L));
      if (v == v) {
        long s = at(sums + i * 8L);
        long t = at(counts + i * 8L);
        ALL.set(JAVA_DOUBLE_UNALIGNED, s, ALL.get(JAVA_DOUBLE_UNALIGNED, s) + v);
        ALL.set(JAVA_DOUBLE_UNALIGNED, t, ALL.get(JAVA_DOUBLE_UNALIGNED, t) + 1);
      }
    }
  }

  public static void addSquaresOfDoubles(long a, long means, long sums, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long s = at(sums + i * 8L);
      long m = at(means + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      VectorMask<Double> nan0 = x0.compare(NE, x0);
      DoubleVector sum0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector d0 = x0.sub(DoubleVector.fromMemorySegment(D, ALL, m, ORDER));
      sum0.add(d0.mul(d0).blend(0, nan0)).intoMemorySegment(ALL, s, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      VectorMask<Double> nan1 = x1.compare(NE, x1);
      DoubleVector sum1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      DoubleVector d1 = x1.sub(DoubleVector.fromMemorySegment(D, ALL, m + 8 * D_LANES, ORDER));
      sum1.add(d1.mul(d1).blend(0, nan1)).intoMemorySegment(ALL, s + 8 * D_LANES, ORDER);
    }
    int rest = n & -D_LANES;
    for (; i != rest; i += D_LANES) {
      long p = at(a + i * 8L);
      long s = at(sums + i * 8L);
      long m = at(means + i * 8L);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      VectorMask<Double> nan = x.compare(NE, x);
      DoubleVector sum = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector d = x.sub(DoubleVector.fromMemorySegment(D, ALL, m, ORDER));
      sum.add(d.mul(d).blend(0, nan)).intoMemorySegment(ALL, s, ORDER);
    }
    // in place, so nothing may be added twice: no overlap
    for (; i < n; i++) {
      double v = ALL.get(JAVA_DOUBLE_UNALIGNED, at(a + i * 8L));
      if (v == v) {
        long s = at(sums + i * 8L);
        double d = v - ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + i * 8L));
        ALL.set(JAVA_DOUBLE_UNALIGNED, s, ALL.get(JAVA_DOUBLE_UNALIGNED, s) + d * d);
      }
    }
  }
}
