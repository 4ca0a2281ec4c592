/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
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
 * Reads each column at its own time, in one of at most three rows. Not for 128 bits: masks of two
 * lanes are boxed.
 *
 * <p>Loops over absolute addresses in the form that {@link Addresses} explains: a vector a step,
 * the last of which ends with the row and overlaps the one before (sources are never the
 * destination). Rows have at least {@code Widths.QUARTER_BYTE.length()} elements.
 */
public final class RowShifts {
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int D_LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowShifts() {}

  public static void nearest4(
      long a0,
      long a1,
      long a2,
      long shifts,
      long b,
      double step1,
      double step2,
      double time,
      double start,
      double dt,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -D_LANES;
    for (; i != bound; i += D_LANES) {
      long p0 = at(a0 + i * 4L);
      long p1 = at(a1 + i * 4L);
      long p2 = at(a2 + i * 4L);
      long r = at(shifts + i * 8L);
      long q = at(b + i * 4L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector at = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
      // the row as a number in float lanes: masks of one lane width cannot be used for another
      // without a slow cast
      DoubleVector row =
          DoubleVector.zero(D).blend(1, at.compare(GT, step1)).blend(2, at.compare(GT, step2));
      FloatVector k = row.convertShape(D2F, HALF_F, 0).reinterpretAsFloats();
      FloatVector x0 = FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(HALF_F, ALL, p2, ORDER);
      x0.blend(x1, k.compare(GT, 0.5f))
          .blend(x2, k.compare(GT, 1.5f))
          .intoMemorySegment(ALL, q, ORDER);
    }
    if (i < n) {
      int last = n - D_LANES;
      long p0 = at(a0 + last * 4L);
      long p1 = at(a1 + last * 4L);
      long p2 = at(a2 + last * 4L);
      long r = at(shifts + last * 8L);
      long q = at(b + last * 4L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector at = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
      // the row as a number in float lanes: masks of one lane width cannot be used for another
      // without a slow cast
      DoubleVector row =
          DoubleVector.zero(D).blend(1, at.compare(GT, step1)).blend(2, at.compare(GT, step2));
      FloatVector k = row.convertShape(D2F, HALF_F, 0).reinterpretAsFloats();
      FloatVector x0 = FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(HALF_F, ALL, p2, ORDER);
      x0.blend(x1, k.compare(GT, 0.5f))
          .blend(x2, k.compare(GT, 1.5f))
          .intoMemorySegment(ALL, q, ORDER);
    }
  }

  public static void nearest8(
      long a0,
      long a1,
      long a2,
      long shifts,
      long b,
      double step1,
      double step2,
      double time,
      double start,
      double dt,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -D_LANES;
    for (; i != bound; i += D_LANES) {
      long p0 = at(a0 + i * 8L);
      long p1 = at(a1 + i * 8L);
      long p2 = at(a2 + i * 8L);
      long r = at(shifts + i * 8L);
      long q = at(b + i * 8L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector at = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, ALL, p2, ORDER);
      x0.blend(x1, at.compare(GT, step1))
          .blend(x2, at.compare(GT, step2))
          .intoMemorySegment(ALL, q, ORDER);
    }
    if (i < n) {
      int last = n - D_LANES;
      long p0 = at(a0 + last * 8L);
      long p1 = at(a1 + last * 8L);
      long p2 = at(a2 + last * 8L);
      long r = at(shifts + last * 8L);
      long q = at(b + last * 8L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector at = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, ALL, p2, ORDER);
      x0.blend(x1, at.compare(GT, step1))
          .blend(x2, at.compare(GT, step2))
          .intoMemorySegment(ALL, q, ORDER);
    }
  }

  public static void linearFloats(
      long a0,
      long a1,
      long a2,
      long shifts,
      long b,
      double second,
      double t0,
      double t1,
      double t2,
      double time,
      double start,
      double dt,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -D_LANES;
    for (; i != bound; i += D_LANES) {
      long p0 = at(a0 + i * 4L);
      long p1 = at(a1 + i * 4L);
      long p2 = at(a2 + i * 4L);
      long r = at(shifts + i * 8L);
      long q = at(b + i * 8L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
      VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f2 = FloatVector.fromMemorySegment(HALF_F, ALL, p2, ORDER);
      DoubleVector x2 = f2.convertShape(F2D, D, 0).reinterpretAsDoubles();
      DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
      DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
      DoubleVector width = high.sub(low);
      DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
      DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
      v0.add(v1).intoMemorySegment(ALL, q, ORDER);
    }
    if (i < n) {
      int last = n - D_LANES;
      long p0 = at(a0 + last * 4L);
      long p1 = at(a1 + last * 4L);
      long p2 = at(a2 + last * 4L);
      long r = at(shifts + last * 8L);
      long q = at(b + last * 8L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
      VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f2 = FloatVector.fromMemorySegment(HALF_F, ALL, p2, ORDER);
      DoubleVector x2 = f2.convertShape(F2D, D, 0).reinterpretAsDoubles();
      DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
      DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
      DoubleVector width = high.sub(low);
      DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
      DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
      v0.add(v1).intoMemorySegment(ALL, q, ORDER);
    }
  }

  public static void linearDoubles(
      long a0,
      long a1,
      long a2,
      long shifts,
      long b,
      double second,
      double t0,
      double t1,
      double t2,
      double time,
      double start,
      double dt,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -D_LANES;
    for (; i != bound; i += D_LANES) {
      long p0 = at(a0 + i * 8L);
      long p1 = at(a1 + i * 8L);
      long p2 = at(a2 + i * 8L);
      long r = at(shifts + i * 8L);
      long q = at(b + i * 8L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
      VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, ALL, p2, ORDER);
      DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
      DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
      DoubleVector width = high.sub(low);
      DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
      DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
      v0.add(v1).intoMemorySegment(ALL, q, ORDER);
    }
    if (i < n) {
      int last = n - D_LANES;
      long p0 = at(a0 + last * 8L);
      long p1 = at(a1 + last * 8L);
      long p2 = at(a2 + last * 8L);
      long r = at(shifts + last * 8L);
      long q = at(b + last * 8L);
      DoubleVector shift = DoubleVector.fromMemorySegment(D, ALL, r, ORDER);
      DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
      VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, ALL, p2, ORDER);
      DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
      DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
      DoubleVector width = high.sub(low);
      DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
      DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
      v0.add(v1).intoMemorySegment(ALL, q, ORDER);
    }
  }
}
