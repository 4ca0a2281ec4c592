/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.OR;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Looks for NaN.
 *
 * <p>Loops over absolute addresses in the form that {@link Addresses} explains. Rows have at least
 * a vector.
 */
public final class RowSums {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Integer> I = Widths.INT;
  private static final VectorSpecies<Long> L = Widths.LONG;
  private static final VectorSpecies<Short> S = Widths.SHORT;
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
}
