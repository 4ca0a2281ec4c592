/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Writes {@code (x - mean) / std}, converted in the same pass.
 *
 * <p>Where a step is given it masks the byte offset of a column: all ones for statistics per
 * column, zero for one vector of equal numbers; a mean of zero changes no value. Masks take
 * registers, and addresses went to the stack for them, so floating point has kernels of its own for
 * columns with means and without. The overloads with one mean and one standard deviation keep them
 * in registers.
 *
 * <p>Loops over absolute addresses in the form that {@link Addresses} explains: two or four vectors
 * a step, then the rest vector by vector, the last of which ends with the row and overlaps the one
 * before (sources are never the destination). Rows have at least {@code
 * Widths.QUARTER_BYTE.length()} elements.
 */
public final class RowNormalizations {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Integer> I = Widths.INT;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final VectorSpecies<Short> HALF_S = Widths.HALF_SHORT;
  private static final VectorSpecies<Byte> QUARTER_B = Widths.QUARTER_BYTE;
  private static final int F_LANES = F.length();
  private static final int D_LANES = D.length();
  private static final int B_LANES = QUARTER_B.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowNormalizations() {}

  public static void uint8s(long a, long b, long means, long meanStep, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * B_LANES);
    for (; i != bound; i += 2 * B_LANES) {
      long p = at(a + i);
      long q = at(b + i * 4L);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      ByteVector x0 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(mean0)
          .div(std0)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        FloatVector more0 = FloatVector.fromMemorySegment(F, ALL, m + (16 & meanStep), ORDER);
        FloatVector last0 = FloatVector.fromMemorySegment(F, ALL, s + 16, ORDER);
        x0.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(more0)
            .div(last0)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      ByteVector x1 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + B_LANES, ORDER);
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * B_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * B_LANES, ORDER);
      x1.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(mean1)
          .div(std1)
          .intoMemorySegment(ALL, q + 4 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        FloatVector more1 =
            FloatVector.fromMemorySegment(F, ALL, m + (4 * B_LANES + 16 & meanStep), ORDER);
        FloatVector last1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * B_LANES + 16, ORDER);
        x1.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(more1)
            .div(last1)
            .intoMemorySegment(ALL, q + 4 * B_LANES + 16, ORDER);
      }
    }
    while (i < n) {
      int k = Math.min(i, n - B_LANES);
      long p = at(a + k);
      long q = at(b + k * 4L);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      ByteVector x = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(mean)
          .div(std)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        FloatVector more = FloatVector.fromMemorySegment(F, ALL, m + (16 & meanStep), ORDER);
        FloatVector last = FloatVector.fromMemorySegment(F, ALL, s + 16, ORDER);
        x.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(more)
            .div(last)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      i = k + B_LANES;
    }
  }

  public static void int8s(long a, long b, long means, long meanStep, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * B_LANES);
    for (; i != bound; i += 2 * B_LANES) {
      long p = at(a + i);
      long q = at(b + i * 4L);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      ByteVector x0 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(mean0)
          .div(std0)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        FloatVector more0 = FloatVector.fromMemorySegment(F, ALL, m + (16 & meanStep), ORDER);
        FloatVector last0 = FloatVector.fromMemorySegment(F, ALL, s + 16, ORDER);
        x0.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(more0)
            .div(last0)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      ByteVector x1 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + B_LANES, ORDER);
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * B_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * B_LANES, ORDER);
      x1.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(mean1)
          .div(std1)
          .intoMemorySegment(ALL, q + 4 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        FloatVector more1 =
            FloatVector.fromMemorySegment(F, ALL, m + (4 * B_LANES + 16 & meanStep), ORDER);
        FloatVector last1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * B_LANES + 16, ORDER);
        x1.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(more1)
            .div(last1)
            .intoMemorySegment(ALL, q + 4 * B_LANES + 16, ORDER);
      }
    }
    while (i < n) {
      int k = Math.min(i, n - B_LANES);
      long p = at(a + k);
      long q = at(b + k * 4L);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      ByteVector x = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(mean)
          .div(std)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        FloatVector more = FloatVector.fromMemorySegment(F, ALL, m + (16 & meanStep), ORDER);
        FloatVector last = FloatVector.fromMemorySegment(F, ALL, s + 16, ORDER);
        x.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(more)
            .div(last)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      i = k + B_LANES;
    }
  }

  public static void int16s(long a, long b, long means, long meanStep, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * F_LANES);
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      FloatVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.sub(mean0).div(std0).intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * F_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * F_LANES, ORDER);
      x1.sub(mean1).div(std1).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 2L);
      long q = at(b + k * 4L);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      FloatVector x =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x.sub(mean).div(std).intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void uint16s(long a, long b, long means, long meanStep, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * F_LANES);
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      FloatVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.sub(mean0).div(std0).intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * F_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * F_LANES, ORDER);
      x1.sub(mean1).div(std1).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 2L);
      long q = at(b + k * 4L);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      FloatVector x =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x.sub(mean).div(std).intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void int32s(long a, long b, long means, long meanStep, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * F_LANES);
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      FloatVector x0 =
          IntVector.fromMemorySegment(I, ALL, p, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.sub(mean0).div(std0).intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          IntVector.fromMemorySegment(I, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * F_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * F_LANES, ORDER);
      x1.sub(mean1).div(std1).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 4L);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + c);
      FloatVector x =
          IntVector.fromMemorySegment(I, ALL, p, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x.sub(mean).div(std).intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void floatsToBfloat16(
      long a, long b, long means, long meanStep, long stds, long stdStep, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * F_LANES);
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 2L);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      IntVector x0 =
          FloatVector.fromMemorySegment(F, ALL, p, ORDER).sub(mean0).div(std0).reinterpretAsInts();
      IntVector high0 = x0.lanewise(LSHR, 16);
      IntVector near0 = x0.add(high0.and(1)).add(0x7fff).lanewise(LSHR, 16);
      VectorMask<Integer> nan0 = x0.and(0x7fffffff).compare(GT, 0x7f800000);
      IntVector y0 = near0.blend(high0.or(0x40), nan0);
      y0.convertShape(I2S, HALF_S, 0).reinterpretAsShorts().intoMemorySegment(ALL, q, ORDER);
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * F_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + (4 * F_LANES & stdStep), ORDER);
      IntVector x1 =
          FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER)
              .sub(mean1)
              .div(std1)
              .reinterpretAsInts();
      IntVector high1 = x1.lanewise(LSHR, 16);
      IntVector near1 = x1.add(high1.and(1)).add(0x7fff).lanewise(LSHR, 16);
      VectorMask<Integer> nan1 = x1.and(0x7fffffff).compare(GT, 0x7f800000);
      IntVector y1 = near1.blend(high1.or(0x40), nan1);
      y1.convertShape(I2S, HALF_S, 0)
          .reinterpretAsShorts()
          .intoMemorySegment(ALL, q + 2 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 2L);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      IntVector x =
          FloatVector.fromMemorySegment(F, ALL, p, ORDER).sub(mean).div(std).reinterpretAsInts();
      IntVector high = x.lanewise(LSHR, 16);
      IntVector near = x.add(high.and(1)).add(0x7fff).lanewise(LSHR, 16);
      VectorMask<Integer> nan = x.and(0x7fffffff).compare(GT, 0x7f800000);
      IntVector y = near.blend(high.or(0x40), nan);
      y.convertShape(I2S, HALF_S, 0).reinterpretAsShorts().intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  /** Not for 128 bits. */
  public static void floatsToUint8(
      long a, long b, long means, long meanStep, long stds, long stdStep, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * F_LANES);
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i);
      long c = i * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER).sub(mean0).div(std0);
      FloatVector low0 = FloatVector.zero(F).blend(x0, x0.compare(GT, 0));
      IntVector y0 = low0.blend(255, low0.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y0.convertShape(I2B, QUARTER_B, 0).reinterpretAsBytes().intoMemorySegment(ALL, q, ORDER);
      FloatVector mean1 =
          FloatVector.fromMemorySegment(F, ALL, m + (4 * F_LANES & meanStep), ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + (4 * F_LANES & stdStep), ORDER);
      FloatVector x1 =
          FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER).sub(mean1).div(std1);
      FloatVector low1 = FloatVector.zero(F).blend(x1, x1.compare(GT, 0));
      IntVector y1 = low1.blend(255, low1.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y1.convertShape(I2B, QUARTER_B, 0)
          .reinterpretAsBytes()
          .intoMemorySegment(ALL, q + F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k);
      long c = k * 4L;
      long m = at(means + (c & meanStep));
      long s = at(stds + (c & stdStep));
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, p, ORDER).sub(mean).div(std);
      FloatVector low = FloatVector.zero(F).blend(x, x.compare(GT, 0));
      IntVector y = low.blend(255, low.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y.convertShape(I2B, QUARTER_B, 0).reinterpretAsBytes().intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void floats(long a, long b, long means, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      long m = at(means + i * 4L);
      long s = at(stds + i * 4L);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
      FloatVector mean0 = FloatVector.fromMemorySegment(F, ALL, m, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.sub(mean0).div(std0).intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER);
      FloatVector mean1 = FloatVector.fromMemorySegment(F, ALL, m + 4 * F_LANES, ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * F_LANES, ORDER);
      x1.sub(mean1).div(std1).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, p + 8 * F_LANES, ORDER);
      FloatVector mean2 = FloatVector.fromMemorySegment(F, ALL, m + 8 * F_LANES, ORDER);
      FloatVector std2 = FloatVector.fromMemorySegment(F, ALL, s + 8 * F_LANES, ORDER);
      x2.sub(mean2).div(std2).intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, p + 12 * F_LANES, ORDER);
      FloatVector mean3 = FloatVector.fromMemorySegment(F, ALL, m + 12 * F_LANES, ORDER);
      FloatVector std3 = FloatVector.fromMemorySegment(F, ALL, s + 12 * F_LANES, ORDER);
      x3.sub(mean3).div(std3).intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, at(a + k * 4L), ORDER);
      FloatVector mean = FloatVector.fromMemorySegment(F, ALL, at(means + k * 4L), ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, at(stds + k * 4L), ORDER);
      x.sub(mean).div(std).intoMemorySegment(ALL, at(b + k * 4L), ORDER);
      i = k + F_LANES;
    }
  }

  public static void doubles(long a, long b, long means, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 8L);
      long m = at(means + i * 8L);
      long s = at(stds + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      DoubleVector mean0 = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      x0.sub(mean0).div(std0).intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      DoubleVector mean1 = DoubleVector.fromMemorySegment(D, ALL, m + 8 * D_LANES, ORDER);
      DoubleVector std1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      x1.sub(mean1).div(std1).intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(a + k * 8L), ORDER);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, at(means + k * 8L), ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, at(stds + k * 8L), ORDER);
      x.sub(mean).div(std).intoMemorySegment(ALL, at(b + k * 8L), ORDER);
      i = k + D_LANES;
    }
  }

  public static void doublesToFloats(long a, long b, long means, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 4L);
      long m = at(means + i * 8L);
      long s = at(stds + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      DoubleVector mean0 = DoubleVector.fromMemorySegment(D, ALL, m, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      x0.sub(mean0)
          .div(std0)
          .convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      DoubleVector mean1 = DoubleVector.fromMemorySegment(D, ALL, m + 8 * D_LANES, ORDER);
      DoubleVector std1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      x1.sub(mean1)
          .div(std1)
          .convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(a + k * 8L), ORDER);
      DoubleVector mean = DoubleVector.fromMemorySegment(D, ALL, at(means + k * 8L), ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, at(stds + k * 8L), ORDER);
      x.sub(mean)
          .div(std)
          .convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, at(b + k * 4L), ORDER);
      i = k + D_LANES;
    }
  }

  public static void floats(long a, long b, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      long s = at(stds + i * 4L);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
      FloatVector std0 = FloatVector.fromMemorySegment(F, ALL, s, ORDER);
      x0.div(std0).intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER);
      FloatVector std1 = FloatVector.fromMemorySegment(F, ALL, s + 4 * F_LANES, ORDER);
      x1.div(std1).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, p + 8 * F_LANES, ORDER);
      FloatVector std2 = FloatVector.fromMemorySegment(F, ALL, s + 8 * F_LANES, ORDER);
      x2.div(std2).intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, p + 12 * F_LANES, ORDER);
      FloatVector std3 = FloatVector.fromMemorySegment(F, ALL, s + 12 * F_LANES, ORDER);
      x3.div(std3).intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, at(a + k * 4L), ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, ALL, at(stds + k * 4L), ORDER);
      x.div(std).intoMemorySegment(ALL, at(b + k * 4L), ORDER);
      i = k + F_LANES;
    }
  }

  public static void doubles(long a, long b, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 8L);
      long s = at(stds + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      x0.div(std0).intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      DoubleVector std1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      x1.div(std1).intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(a + k * 8L), ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, at(stds + k * 8L), ORDER);
      x.div(std).intoMemorySegment(ALL, at(b + k * 8L), ORDER);
      i = k + D_LANES;
    }
  }

  public static void doublesToFloats(long a, long b, long stds, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 4L);
      long s = at(stds + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      DoubleVector std0 = DoubleVector.fromMemorySegment(D, ALL, s, ORDER);
      x0.div(std0)
          .convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      DoubleVector std1 = DoubleVector.fromMemorySegment(D, ALL, s + 8 * D_LANES, ORDER);
      x1.div(std1)
          .convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, at(a + k * 8L), ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, ALL, at(stds + k * 8L), ORDER);
      x.div(std)
          .convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, at(b + k * 4L), ORDER);
      i = k + D_LANES;
    }
  }

  public static void uint8s(long a, long b, float mean, float std, int n) {
    Addresses.mayFault();
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector stds = FloatVector.broadcast(F, std);
    int i = 0;
    int bound = n & -(4 * B_LANES);
    for (; i != bound; i += 4 * B_LANES) {
      long p = at(a + i);
      long q = at(b + i * 4L);
      ByteVector x0 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x0.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x0.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      ByteVector x1 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + B_LANES, ORDER);
      x1.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q + 4 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x1.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 4 * B_LANES + 16, ORDER);
      }
      ByteVector x2 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 2 * B_LANES, ORDER);
      x2.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q + 8 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x2.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 8 * B_LANES + 16, ORDER);
      }
      ByteVector x3 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 3 * B_LANES, ORDER);
      x3.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q + 12 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x3.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 12 * B_LANES + 16, ORDER);
      }
    }
    while (i < n) {
      int k = Math.min(i, n - B_LANES);
      long p = at(a + k);
      long q = at(b + k * 4L);
      ByteVector x = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      i = k + B_LANES;
    }
  }

  public static void int8s(long a, long b, float mean, float std, int n) {
    Addresses.mayFault();
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector stds = FloatVector.broadcast(F, std);
    int i = 0;
    int bound = n & -(4 * B_LANES);
    for (; i != bound; i += 4 * B_LANES) {
      long p = at(a + i);
      long q = at(b + i * 4L);
      ByteVector x0 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x0.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x0.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      ByteVector x1 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + B_LANES, ORDER);
      x1.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q + 4 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x1.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 4 * B_LANES + 16, ORDER);
      }
      ByteVector x2 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 2 * B_LANES, ORDER);
      x2.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q + 8 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x2.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 8 * B_LANES + 16, ORDER);
      }
      ByteVector x3 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 3 * B_LANES, ORDER);
      x3.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q + 12 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x3.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 12 * B_LANES + 16, ORDER);
      }
    }
    while (i < n) {
      int k = Math.min(i, n - B_LANES);
      long p = at(a + k);
      long q = at(b + k * 4L);
      ByteVector x = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .sub(means)
          .div(stds)
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .sub(means)
            .div(stds)
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      i = k + B_LANES;
    }
  }

  public static void int16s(long a, long b, float mean, float std, int n) {
    Addresses.mayFault();
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector stds = FloatVector.broadcast(F, std);
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      FloatVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 6 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 2L);
      long q = at(b + k * 4L);
      FloatVector x =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x.intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void uint16s(long a, long b, float mean, float std, int n) {
    Addresses.mayFault();
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector stds = FloatVector.broadcast(F, std);
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      FloatVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 6 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 2L);
      long q = at(b + k * 4L);
      FloatVector x =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x.intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void int32s(long a, long b, float mean, float std, int n) {
    Addresses.mayFault();
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector stds = FloatVector.broadcast(F, std);
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      FloatVector x0 =
          IntVector.fromMemorySegment(I, ALL, p, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          IntVector.fromMemorySegment(I, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          IntVector.fromMemorySegment(I, ALL, p + 8 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          IntVector.fromMemorySegment(I, ALL, p + 12 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 4L);
      FloatVector x =
          IntVector.fromMemorySegment(I, ALL, p, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats()
              .sub(means)
              .div(stds);
      x.intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void floats(long a, long b, float mean, float std, int n) {
    Addresses.mayFault();
    FloatVector means = FloatVector.broadcast(F, mean);
    FloatVector stds = FloatVector.broadcast(F, std);
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER).sub(means).div(stds);
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER).sub(means).div(stds);
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          FloatVector.fromMemorySegment(F, ALL, p + 8 * F_LANES, ORDER).sub(means).div(stds);
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          FloatVector.fromMemorySegment(F, ALL, p + 12 * F_LANES, ORDER).sub(means).div(stds);
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 4L);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, p, ORDER).sub(means).div(stds);
      x.intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void doubles(long a, long b, double mean, double std, int n) {
    Addresses.mayFault();
    DoubleVector means = DoubleVector.broadcast(D, mean);
    DoubleVector stds = DoubleVector.broadcast(D, std);
    int i = 0;
    int bound = n & -(4 * D_LANES);
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 8L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER).sub(means).div(stds);
      x0.intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 =
          DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER).sub(means).div(stds);
      x1.intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
      DoubleVector x2 =
          DoubleVector.fromMemorySegment(D, ALL, p + 16 * D_LANES, ORDER).sub(means).div(stds);
      x2.intoMemorySegment(ALL, q + 16 * D_LANES, ORDER);
      DoubleVector x3 =
          DoubleVector.fromMemorySegment(D, ALL, p + 24 * D_LANES, ORDER).sub(means).div(stds);
      x3.intoMemorySegment(ALL, q + 24 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p = at(a + k * 8L);
      long q = at(b + k * 8L);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER).sub(means).div(stds);
      x.intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void doublesToFloats(long a, long b, double mean, double std, int n) {
    Addresses.mayFault();
    DoubleVector means = DoubleVector.broadcast(D, mean);
    DoubleVector stds = DoubleVector.broadcast(D, std);
    int i = 0;
    int bound = n & -(4 * D_LANES);
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 4L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER).sub(means).div(stds);
      x0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 =
          DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER).sub(means).div(stds);
      x1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
      DoubleVector x2 =
          DoubleVector.fromMemorySegment(D, ALL, p + 16 * D_LANES, ORDER).sub(means).div(stds);
      x2.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
      DoubleVector x3 =
          DoubleVector.fromMemorySegment(D, ALL, p + 24 * D_LANES, ORDER).sub(means).div(stds);
      x3.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 12 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p = at(a + k * 8L);
      long q = at(b + k * 4L);
      DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER).sub(means).div(stds);
      x.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }
}
