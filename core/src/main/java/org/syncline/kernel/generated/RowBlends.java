/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Writes {@code w0*x0 + w1*x1} in float64, two products and one sum, normalised as in {@link
 * RowNormalizations}.
 *
 * <p>Loops over absolute addresses in the form that {@link Addresses} explains: two or four vectors
 * a step, then the rest vector by vector, the last of which ends with the row and overlaps the one
 * before (sources are never the destination). Rows have at least {@code
 * Widths.QUARTER_BYTE.length()} elements.
 */
public final class RowBlends {
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final int D_LANES = D.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowBlends() {}

  public static void floatsToDoubles(long a0, long a1, long b, double w0, double w1, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 4L);
      long p1 = at(a1 + i * 4L);
      long q = at(b + i * 8L);
      Vector<Double> x0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector z0 = x0.reinterpretAsDoubles().mul(w0).add(y0.reinterpretAsDoubles().mul(w1));
      z0.intoMemorySegment(ALL, q, ORDER);
      Vector<Double> x1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      Vector<Double> y1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      DoubleVector z1 = x1.reinterpretAsDoubles().mul(w0).add(y1.reinterpretAsDoubles().mul(w1));
      z1.intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 4L);
      long p1 = at(a1 + k * 4L);
      long q = at(b + k * 8L);
      Vector<Double> x =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector z = x.reinterpretAsDoubles().mul(w0).add(y.reinterpretAsDoubles().mul(w1));
      z.intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void floatsToFloats(long a0, long a1, long b, double w0, double w1, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 4L);
      long p1 = at(a1 + i * 4L);
      long q = at(b + i * 4L);
      Vector<Double> x0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector z0 = x0.reinterpretAsDoubles().mul(w0).add(y0.reinterpretAsDoubles().mul(w1));
      z0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      Vector<Double> x1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      Vector<Double> y1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      DoubleVector z1 = x1.reinterpretAsDoubles().mul(w0).add(y1.reinterpretAsDoubles().mul(w1));
      z1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 4L);
      long p1 = at(a1 + k * 4L);
      long q = at(b + k * 4L);
      Vector<Double> x =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector z = x.reinterpretAsDoubles().mul(w0).add(y.reinterpretAsDoubles().mul(w1));
      z.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void doublesToDoubles(long a0, long a1, long b, double w0, double w1, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 8L);
      long p1 = at(a1 + i * 8L);
      long q = at(b + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y0 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector z0 = x0.mul(w0).add(y0.mul(w1));
      z0.intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p0 + 8 * D_LANES, ORDER);
      DoubleVector y1 = DoubleVector.fromMemorySegment(D, ALL, p1 + 8 * D_LANES, ORDER);
      DoubleVector z1 = x1.mul(w0).add(y1.mul(w1));
      z1.intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 8L);
      long p1 = at(a1 + k * 8L);
      long q = at(b + k * 8L);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector z = x.mul(w0).add(y.mul(w1));
      z.intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void doublesToFloats(long a0, long a1, long b, double w0, double w1, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 8L);
      long p1 = at(a1 + i * 8L);
      long q = at(b + i * 4L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y0 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector z0 = x0.mul(w0).add(y0.mul(w1));
      z0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p0 + 8 * D_LANES, ORDER);
      DoubleVector y1 = DoubleVector.fromMemorySegment(D, ALL, p1 + 8 * D_LANES, ORDER);
      DoubleVector z1 = x1.mul(w0).add(y1.mul(w1));
      z1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 8L);
      long p1 = at(a1 + k * 8L);
      long q = at(b + k * 4L);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector z = x.mul(w0).add(y.mul(w1));
      z.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void normalizedFloatsToDoubles(
      long a0,
      long a1,
      long b,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      double w0,
      double w1,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 4L);
      long p1 = at(a1 + i * 4L);
      long q = at(b + i * 8L);
      long c = i * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      Vector<Double> x0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector mean0 = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z0 =
          x0.reinterpretAsDoubles()
              .mul(w0)
              .add(y0.reinterpretAsDoubles().mul(w1))
              .sub(mean0)
              .div(std0);
      z0.intoMemorySegment(ALL, q, ORDER);
      Vector<Double> x1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      Vector<Double> y1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      DoubleVector mean1 =
          DoubleVector.fromMemorySegment(D, ALL, m + (8 * D_LANES & meanStep), ORDER);
      DoubleVector std1 =
          DoubleVector.fromMemorySegment(D, ALL, s + (8 * D_LANES & stdStep), ORDER);
      DoubleVector z1 =
          x1.reinterpretAsDoubles()
              .mul(w0)
              .add(y1.reinterpretAsDoubles().mul(w1))
              .sub(mean1)
              .div(std1);
      z1.intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 4L);
      long p1 = at(a1 + k * 4L);
      long q = at(b + k * 8L);
      long c = k * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      Vector<Double> x =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z =
          x.reinterpretAsDoubles().mul(w0).add(y.reinterpretAsDoubles().mul(w1)).sub(mean).div(std);
      z.intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void normalizedFloatsToFloats(
      long a0,
      long a1,
      long b,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      double w0,
      double w1,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 4L);
      long p1 = at(a1 + i * 4L);
      long q = at(b + i * 4L);
      long c = i * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      Vector<Double> x0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y0 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector mean0 = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z0 =
          x0.reinterpretAsDoubles()
              .mul(w0)
              .add(y0.reinterpretAsDoubles().mul(w1))
              .sub(mean0)
              .div(std0);
      z0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      Vector<Double> x1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      Vector<Double> y1 =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1 + 4 * D_LANES, ORDER)
              .convertShape(F2D, D, 0);
      DoubleVector mean1 =
          DoubleVector.fromMemorySegment(D, ALL, m + (8 * D_LANES & meanStep), ORDER);
      DoubleVector std1 =
          DoubleVector.fromMemorySegment(D, ALL, s + (8 * D_LANES & stdStep), ORDER);
      DoubleVector z1 =
          x1.reinterpretAsDoubles()
              .mul(w0)
              .add(y1.reinterpretAsDoubles().mul(w1))
              .sub(mean1)
              .div(std1);
      z1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 4L);
      long p1 = at(a1 + k * 4L);
      long q = at(b + k * 4L);
      long c = k * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      Vector<Double> x =
          FloatVector.fromMemorySegment(HALF_F, ALL, p0, ORDER).convertShape(F2D, D, 0);
      Vector<Double> y =
          FloatVector.fromMemorySegment(HALF_F, ALL, p1, ORDER).convertShape(F2D, D, 0);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z =
          x.reinterpretAsDoubles().mul(w0).add(y.reinterpretAsDoubles().mul(w1)).sub(mean).div(std);
      z.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void normalizedDoublesToDoubles(
      long a0,
      long a1,
      long b,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      double w0,
      double w1,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 8L);
      long p1 = at(a1 + i * 8L);
      long q = at(b + i * 8L);
      long c = i * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y0 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector mean0 = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z0 = x0.mul(w0).add(y0.mul(w1)).sub(mean0).div(std0);
      z0.intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p0 + 8 * D_LANES, ORDER);
      DoubleVector y1 = DoubleVector.fromMemorySegment(D, ALL, p1 + 8 * D_LANES, ORDER);
      DoubleVector mean1 =
          DoubleVector.fromMemorySegment(D, ALL, m + (8 * D_LANES & meanStep), ORDER);
      DoubleVector std1 =
          DoubleVector.fromMemorySegment(D, ALL, s + (8 * D_LANES & stdStep), ORDER);
      DoubleVector z1 = x1.mul(w0).add(y1.mul(w1)).sub(mean1).div(std1);
      z1.intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 8L);
      long p1 = at(a1 + k * 8L);
      long q = at(b + k * 8L);
      long c = k * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z = x.mul(w0).add(y.mul(w1)).sub(mean).div(std);
      z.intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void normalizedDoublesToFloats(
      long a0,
      long a1,
      long b,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      double w0,
      double w1,
      int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p0 = at(a0 + i * 8L);
      long p1 = at(a1 + i * 8L);
      long q = at(b + i * 4L);
      long c = i * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y0 = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector mean0 = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z0 = x0.mul(w0).add(y0.mul(w1)).sub(mean0).div(std0);
      z0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p0 + 8 * D_LANES, ORDER);
      DoubleVector y1 = DoubleVector.fromMemorySegment(D, ALL, p1 + 8 * D_LANES, ORDER);
      DoubleVector mean1 =
          DoubleVector.fromMemorySegment(D, ALL, m + (8 * D_LANES & meanStep), ORDER);
      DoubleVector std1 =
          DoubleVector.fromMemorySegment(D, ALL, s + (8 * D_LANES & stdStep), ORDER);
      DoubleVector z1 = x1.mul(w0).add(y1.mul(w1)).sub(mean1).div(std1);
      z1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p0 = at(a0 + k * 8L);
      long p1 = at(a1 + k * 8L);
      long q = at(b + k * 4L);
      long c = k * 8L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p0, ORDER);
      DoubleVector y = DoubleVector.fromMemorySegment(D, ALL, p1, ORDER);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      DoubleVector z = x.mul(w0).add(y.mul(w1)).sub(mean).div(std);
      z.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }
}
