/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Written by dev/GenerateLoops.java. Do not edit.
package org.syncline.kernel.generated;

import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2D;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.S2F;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_I2L;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Converts rows from one element type to another.
 *
 * <p>Loops over absolute addresses in the form that {@link Addresses} explains: two or four vectors
 * a step, then the rest vector by vector, the last of which ends with the row and overlaps the one
 * before (sources are never the destination). Rows have at least {@code
 * Widths.QUARTER_BYTE.length()} elements.
 */
public final class RowConversions {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Integer> I = Widths.INT;
  private static final VectorSpecies<Long> L = Widths.LONG;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final VectorSpecies<Integer> HALF_I = Widths.HALF_INT;
  private static final VectorSpecies<Short> HALF_S = Widths.HALF_SHORT;
  private static final VectorSpecies<Byte> QUARTER_B = Widths.QUARTER_BYTE;
  private static final int F_LANES = F.length();
  private static final int D_LANES = D.length();
  private static final int B_LANES = QUARTER_B.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowConversions() {}

  /** 2^52: an integer in the low 32 bits of its significand is this double plus that integer. */
  private static final long MAGIC_BITS = 0x4330000000000000L;

  private static final double MAGIC = 0x1p52;

  /** Elements from which on a row does not stay in the caches. */
  private static final int BEYOND_CACHE = 1 << 20;

  /**
   * Returns how many elements precede the first whole vector of the destination, less than it has:
   * a vector at the start and then aligned ones take a fifth to a third less time than stores that
   * cross cache lines. None for a row that goes to memory, where loads cross them in any case and
   * aligned stores took 5 % longer.
   */
  private static int head(long b, int n, int vectorBytes, int elementBytes) {
    return n >= BEYOND_CACHE ? 0 : (int) (-b & vectorBytes - 1) / elementBytes;
  }

  public static void uint8ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 4 * F_LANES, 4);
    if (i > 0) {
      uint8ToFloatAt(at(a), at(b));
    }
    int bound = i + (n - i & -(4 * B_LANES));
    for (; i != bound; i += 4 * B_LANES) {
      long p = at(a + i);
      long q = at(b + i * 4L);
      ByteVector x0 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x0.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x0.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 16, ORDER);
      }
      ByteVector x1 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + B_LANES, ORDER);
      x1.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x1.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 4 * B_LANES + 16, ORDER);
      }
      ByteVector x2 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 2 * B_LANES, ORDER);
      x2.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 8 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x2.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 8 * B_LANES + 16, ORDER);
      }
      ByteVector x3 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 3 * B_LANES, ORDER);
      x3.convertShape(ZERO_EXTEND_B2I, I, 0)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 12 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x3.convertShape(ZERO_EXTEND_B2I, I, 1)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 12 * B_LANES + 16, ORDER);
      }
    }
    for (; i < n; i += B_LANES) {
      int k = Math.min(i, n - B_LANES);
      uint8ToFloatAt(at(a + k), at(b + k * 4L));
    }
  }

  private static void uint8ToFloatAt(long p, long q) {
    Addresses.mayFault();
    ByteVector x = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
    x.convertShape(ZERO_EXTEND_B2I, I, 0)
        .convertShape(I2F, F, 0)
        .reinterpretAsFloats()
        .intoMemorySegment(ALL, q, ORDER);
    if (Widths.BITS == 128) {
      x.convertShape(ZERO_EXTEND_B2I, I, 1)
          .convertShape(I2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 16, ORDER);
    }
  }

  public static void int8ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * B_LANES);
    for (; i != bound; i += 4 * B_LANES) {
      long p = at(a + i);
      long q = at(b + i * 4L);
      ByteVector x0 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x0.convertShape(B2F, F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x0.convertShape(B2F, F, 1).reinterpretAsFloats().intoMemorySegment(ALL, q + 16, ORDER);
      }
      ByteVector x1 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + B_LANES, ORDER);
      x1.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x1.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 4 * B_LANES + 16, ORDER);
      }
      ByteVector x2 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 2 * B_LANES, ORDER);
      x2.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 8 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x2.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 8 * B_LANES + 16, ORDER);
      }
      ByteVector x3 = ByteVector.fromMemorySegment(QUARTER_B, ALL, p + 3 * B_LANES, ORDER);
      x3.convertShape(B2F, F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 12 * B_LANES, ORDER);
      if (Widths.BITS == 128) {
        x3.convertShape(B2F, F, 1)
            .reinterpretAsFloats()
            .intoMemorySegment(ALL, q + 12 * B_LANES + 16, ORDER);
      }
    }
    while (i < n) {
      int k = Math.min(i, n - B_LANES);
      long p = at(a + k);
      long q = at(b + k * 4L);
      ByteVector x = ByteVector.fromMemorySegment(QUARTER_B, ALL, p, ORDER);
      x.convertShape(B2F, F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      if (Widths.BITS == 128) {
        x.convertShape(B2F, F, 1).reinterpretAsFloats().intoMemorySegment(ALL, q + 16, ORDER);
      }
      i = k + B_LANES;
    }
  }

  public static void int16ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 4 * F_LANES, 4);
    if (i > 0) {
      int16ToFloatAt(at(a), at(b));
    }
    int bound = i + (n - i & -(4 * F_LANES));
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      FloatVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 6 * F_LANES, ORDER)
              .convertShape(S2F, F, 0)
              .reinterpretAsFloats();
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    for (; i < n; i += F_LANES) {
      int k = Math.min(i, n - F_LANES);
      int16ToFloatAt(at(a + k * 2L), at(b + k * 4L));
    }
  }

  private static void int16ToFloatAt(long p, long q) {
    Addresses.mayFault();
    FloatVector x =
        ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
            .convertShape(S2F, F, 0)
            .reinterpretAsFloats();
    x.intoMemorySegment(ALL, q, ORDER);
  }

  public static void uint16ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 4 * F_LANES, 4);
    if (i > 0) {
      uint16ToFloatAt(at(a), at(b));
    }
    int bound = i + (n - i & -(4 * F_LANES));
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      FloatVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 6 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    for (; i < n; i += F_LANES) {
      int k = Math.min(i, n - F_LANES);
      uint16ToFloatAt(at(a + k * 2L), at(b + k * 4L));
    }
  }

  private static void uint16ToFloatAt(long p, long q) {
    Addresses.mayFault();
    FloatVector x =
        ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
            .convertShape(ZERO_EXTEND_S2I, I, 0)
            .convertShape(I2F, F, 0)
            .reinterpretAsFloats();
    x.intoMemorySegment(ALL, q, ORDER);
  }

  public static void int32ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 4 * F_LANES, 4);
    if (i > 0) {
      int32ToFloatAt(at(a), at(b));
    }
    int bound = i + (n - i & -(4 * F_LANES));
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      FloatVector x0 =
          IntVector.fromMemorySegment(I, ALL, p, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x0.intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 =
          IntVector.fromMemorySegment(I, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x1.intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      FloatVector x2 =
          IntVector.fromMemorySegment(I, ALL, p + 8 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x2.intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      FloatVector x3 =
          IntVector.fromMemorySegment(I, ALL, p + 12 * F_LANES, ORDER)
              .convertShape(I2F, F, 0)
              .reinterpretAsFloats();
      x3.intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    for (; i < n; i += F_LANES) {
      int k = Math.min(i, n - F_LANES);
      int32ToFloatAt(at(a + k * 4L), at(b + k * 4L));
    }
  }

  private static void int32ToFloatAt(long p, long q) {
    Addresses.mayFault();
    FloatVector x =
        IntVector.fromMemorySegment(I, ALL, p, ORDER).convertShape(I2F, F, 0).reinterpretAsFloats();
    x.intoMemorySegment(ALL, q, ORDER);
  }

  /** Exact in float64, then rounded once. */
  public static void uint32ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 4L);
      Vector<Long> x0 =
          IntVector.fromMemorySegment(HALF_I, ALL, p, ORDER).convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector d0 = x0.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      d0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      Vector<Long> x1 =
          IntVector.fromMemorySegment(HALF_I, ALL, p + 4 * D_LANES, ORDER)
              .convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector d1 = x1.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      d1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 4L);
      Vector<Long> x =
          IntVector.fromMemorySegment(HALF_I, ALL, p, ORDER).convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector d = x.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      d.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void uint32ToDouble(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(2 * D_LANES);
    for (; i != bound; i += 2 * D_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 8L);
      Vector<Long> x0 =
          IntVector.fromMemorySegment(HALF_I, ALL, p, ORDER).convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector d0 = x0.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      d0.intoMemorySegment(ALL, q, ORDER);
      Vector<Long> x1 =
          IntVector.fromMemorySegment(HALF_I, ALL, p + 4 * D_LANES, ORDER)
              .convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector d1 = x1.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      d1.intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 8L);
      Vector<Long> x =
          IntVector.fromMemorySegment(HALF_I, ALL, p, ORDER).convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector d = x.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      d.intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  public static void int32ToDouble(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * D_LANES);
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 8L);
      IntVector x0 = IntVector.fromMemorySegment(HALF_I, ALL, p, ORDER);
      x0.convertShape(I2D, D, 0).reinterpretAsDoubles().intoMemorySegment(ALL, q, ORDER);
      IntVector x1 = IntVector.fromMemorySegment(HALF_I, ALL, p + 4 * D_LANES, ORDER);
      x1.convertShape(I2D, D, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
      IntVector x2 = IntVector.fromMemorySegment(HALF_I, ALL, p + 8 * D_LANES, ORDER);
      x2.convertShape(I2D, D, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(ALL, q + 16 * D_LANES, ORDER);
      IntVector x3 = IntVector.fromMemorySegment(HALF_I, ALL, p + 12 * D_LANES, ORDER);
      x3.convertShape(I2D, D, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(ALL, q + 24 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 8L);
      IntVector x = IntVector.fromMemorySegment(HALF_I, ALL, p, ORDER);
      x.convertShape(I2D, D, 0).reinterpretAsDoubles().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }

  /**
   * Exponent and significand of a float16, moved to their places in a float32, are a value 2^112
   * times too small, subnormal ones too; the exponent of infinities and NaN becomes that of float32
   * first, and the product makes NaN quiet. The Vector API of JDK 25 has no conversion.
   */
  public static void float16ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 4 * F_LANES, 4);
    if (i > 0) {
      float16ToFloatAt(at(a), at(b));
    }
    int bound = i + (n - i & -(2 * F_LANES));
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      IntVector x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
              .convertShape(S2I, I, 0)
              .reinterpretAsInts();
      IntVector small0 = x0.lanewise(LSHL, 13).and(0x0fffe000);
      IntVector size0 = small0.lanewise(OR, 0x7f800000, small0.compare(GT, 0x0f7fffff));
      IntVector y0 = size0.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
      y0.or(x0.and(0x80000000)).intoMemorySegment(ALL, q, ORDER);
      IntVector x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(S2I, I, 0)
              .reinterpretAsInts();
      IntVector small1 = x1.lanewise(LSHL, 13).and(0x0fffe000);
      IntVector size1 = small1.lanewise(OR, 0x7f800000, small1.compare(GT, 0x0f7fffff));
      IntVector y1 = size1.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
      y1.or(x1.and(0x80000000)).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
    }
    for (; i < n; i += F_LANES) {
      int k = Math.min(i, n - F_LANES);
      float16ToFloatAt(at(a + k * 2L), at(b + k * 4L));
    }
  }

  private static void float16ToFloatAt(long p, long q) {
    Addresses.mayFault();
    IntVector x =
        ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER)
            .convertShape(S2I, I, 0)
            .reinterpretAsInts();
    IntVector small = x.lanewise(LSHL, 13).and(0x0fffe000);
    IntVector size = small.lanewise(OR, 0x7f800000, small.compare(GT, 0x0f7fffff));
    IntVector y = size.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
    y.or(x.and(0x80000000)).intoMemorySegment(ALL, q, ORDER);
  }

  public static void bfloat16ToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 2L);
      long q = at(b + i * 4L);
      Vector<Integer> x0 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER).convertShape(ZERO_EXTEND_S2I, I, 0);
      x0.reinterpretAsInts().lanewise(LSHL, 16).intoMemorySegment(ALL, q, ORDER);
      Vector<Integer> x1 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 2 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0);
      x1.reinterpretAsInts().lanewise(LSHL, 16).intoMemorySegment(ALL, q + 4 * F_LANES, ORDER);
      Vector<Integer> x2 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 4 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0);
      x2.reinterpretAsInts().lanewise(LSHL, 16).intoMemorySegment(ALL, q + 8 * F_LANES, ORDER);
      Vector<Integer> x3 =
          ShortVector.fromMemorySegment(HALF_S, ALL, p + 6 * F_LANES, ORDER)
              .convertShape(ZERO_EXTEND_S2I, I, 0);
      x3.reinterpretAsInts().lanewise(LSHL, 16).intoMemorySegment(ALL, q + 12 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 2L);
      long q = at(b + k * 4L);
      Vector<Integer> x =
          ShortVector.fromMemorySegment(HALF_S, ALL, p, ORDER).convertShape(ZERO_EXTEND_S2I, I, 0);
      x.reinterpretAsInts().lanewise(LSHL, 16).intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  /** NaN is found by a comparison of floats, an operation less than one of their bits. */
  public static void floatToBfloat16(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 2 * F_LANES, 2);
    if (i > 0) {
      floatToBfloat16At(at(a), at(b));
    }
    int bound = i + (n - i & -(2 * F_LANES));
    for (; i != bound; i += 2 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 2L);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
      IntVector bits0 = x0.reinterpretAsInts();
      IntVector high0 = bits0.lanewise(LSHR, 16);
      IntVector near0 = bits0.add(high0.and(1)).add(0x7fff).lanewise(LSHR, 16);
      FloatVector quiet0 = high0.or(0x40).reinterpretAsFloats();
      FloatVector y0 = near0.reinterpretAsFloats().blend(quiet0, x0.compare(NE, x0));
      y0.reinterpretAsInts()
          .convertShape(I2S, HALF_S, 0)
          .reinterpretAsShorts()
          .intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER);
      IntVector bits1 = x1.reinterpretAsInts();
      IntVector high1 = bits1.lanewise(LSHR, 16);
      IntVector near1 = bits1.add(high1.and(1)).add(0x7fff).lanewise(LSHR, 16);
      FloatVector quiet1 = high1.or(0x40).reinterpretAsFloats();
      FloatVector y1 = near1.reinterpretAsFloats().blend(quiet1, x1.compare(NE, x1));
      y1.reinterpretAsInts()
          .convertShape(I2S, HALF_S, 0)
          .reinterpretAsShorts()
          .intoMemorySegment(ALL, q + 2 * F_LANES, ORDER);
    }
    // written out: C2 leaves this rare one of two calls a call
    for (; i < n; i += F_LANES) {
      int k = Math.min(i, n - F_LANES);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, at(a + k * 4L), ORDER);
      IntVector bits = x.reinterpretAsInts();
      IntVector high = bits.lanewise(LSHR, 16);
      IntVector near = bits.add(high.and(1)).add(0x7fff).lanewise(LSHR, 16);
      FloatVector quiet = high.or(0x40).reinterpretAsFloats();
      FloatVector y = near.reinterpretAsFloats().blend(quiet, x.compare(NE, x));
      y.reinterpretAsInts()
          .convertShape(I2S, HALF_S, 0)
          .reinterpretAsShorts()
          .intoMemorySegment(ALL, at(b + k * 2L), ORDER);
    }
  }

  private static void floatToBfloat16At(long p, long q) {
    Addresses.mayFault();
    FloatVector x = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
    IntVector bits = x.reinterpretAsInts();
    IntVector high = bits.lanewise(LSHR, 16);
    IntVector near = bits.add(high.and(1)).add(0x7fff).lanewise(LSHR, 16);
    FloatVector quiet = high.or(0x40).reinterpretAsFloats();
    FloatVector y = near.reinterpretAsFloats().blend(quiet, x.compare(NE, x));
    y.reinterpretAsInts()
        .convertShape(I2S, HALF_S, 0)
        .reinterpretAsShorts()
        .intoMemorySegment(ALL, q, ORDER);
  }

  /** NaN fails the first comparison; the sum with 2^23 rounds to even. Not for 128 bits. */
  public static void floatToUint8(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * F_LANES);
    for (; i != bound; i += 4 * F_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i);
      FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
      FloatVector low0 = FloatVector.zero(F).blend(x0, x0.compare(GT, 0));
      IntVector y0 = low0.blend(255, low0.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y0.convertShape(I2B, QUARTER_B, 0).reinterpretAsBytes().intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, p + 4 * F_LANES, ORDER);
      FloatVector low1 = FloatVector.zero(F).blend(x1, x1.compare(GT, 0));
      IntVector y1 = low1.blend(255, low1.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y1.convertShape(I2B, QUARTER_B, 0)
          .reinterpretAsBytes()
          .intoMemorySegment(ALL, q + F_LANES, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, p + 8 * F_LANES, ORDER);
      FloatVector low2 = FloatVector.zero(F).blend(x2, x2.compare(GT, 0));
      IntVector y2 = low2.blend(255, low2.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y2.convertShape(I2B, QUARTER_B, 0)
          .reinterpretAsBytes()
          .intoMemorySegment(ALL, q + 2 * F_LANES, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, p + 12 * F_LANES, ORDER);
      FloatVector low3 = FloatVector.zero(F).blend(x3, x3.compare(GT, 0));
      IntVector y3 = low3.blend(255, low3.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y3.convertShape(I2B, QUARTER_B, 0)
          .reinterpretAsBytes()
          .intoMemorySegment(ALL, q + 3 * F_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - F_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k);
      FloatVector x = FloatVector.fromMemorySegment(F, ALL, p, ORDER);
      FloatVector low = FloatVector.zero(F).blend(x, x.compare(GT, 0));
      IntVector y = low.blend(255, low.compare(GT, 255)).add(0x1p23f).reinterpretAsInts();
      y.convertShape(I2B, QUARTER_B, 0).reinterpretAsBytes().intoMemorySegment(ALL, q, ORDER);
      i = k + F_LANES;
    }
  }

  public static void doubleToFloat(long a, long b, int n) {
    Addresses.mayFault();
    int i = head(b, n, 4 * D_LANES, 4);
    if (i > 0) {
      doubleToFloatAt(at(a), at(b));
    }
    int bound = i + (n - i & -(4 * D_LANES));
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 8L);
      long q = at(b + i * 4L);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
      x0.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, ALL, p + 8 * D_LANES, ORDER);
      x1.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 4 * D_LANES, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, ALL, p + 16 * D_LANES, ORDER);
      x2.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
      DoubleVector x3 = DoubleVector.fromMemorySegment(D, ALL, p + 24 * D_LANES, ORDER);
      x3.convertShape(D2F, HALF_F, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(ALL, q + 12 * D_LANES, ORDER);
    }
    for (; i < n; i += D_LANES) {
      int k = Math.min(i, n - D_LANES);
      doubleToFloatAt(at(a + k * 8L), at(b + k * 4L));
    }
  }

  private static void doubleToFloatAt(long p, long q) {
    Addresses.mayFault();
    DoubleVector x = DoubleVector.fromMemorySegment(D, ALL, p, ORDER);
    x.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(ALL, q, ORDER);
  }

  public static void floatToDouble(long a, long b, int n) {
    Addresses.mayFault();
    // rows that start between two numbers of their type cannot be aligned
    int i = (b & 7) == 0 ? head(b, n, 8 * D_LANES, 8) : 0;

    if (i > 0) {
      FloatVector x = FloatVector.fromMemorySegment(HALF_F, ALL, at(a), ORDER);
      x.convertShape(F2D, D, 0).reinterpretAsDoubles().intoMemorySegment(ALL, at(b), ORDER);
    }
    int bound = i + (n - i & -(4 * D_LANES));
    for (; i != bound; i += 4 * D_LANES) {
      long p = at(a + i * 4L);
      long q = at(b + i * 8L);
      FloatVector x0 = FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER);
      x0.convertShape(F2D, D, 0).reinterpretAsDoubles().intoMemorySegment(ALL, q, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(HALF_F, ALL, p + 4 * D_LANES, ORDER);
      x1.convertShape(F2D, D, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(ALL, q + 8 * D_LANES, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(HALF_F, ALL, p + 8 * D_LANES, ORDER);
      x2.convertShape(F2D, D, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(ALL, q + 16 * D_LANES, ORDER);
      FloatVector x3 = FloatVector.fromMemorySegment(HALF_F, ALL, p + 12 * D_LANES, ORDER);
      x3.convertShape(F2D, D, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(ALL, q + 24 * D_LANES, ORDER);
    }
    while (i < n) {
      int k = Math.min(i, n - D_LANES);
      long p = at(a + k * 4L);
      long q = at(b + k * 8L);
      FloatVector x = FloatVector.fromMemorySegment(HALF_F, ALL, p, ORDER);
      x.convertShape(F2D, D, 0).reinterpretAsDoubles().intoMemorySegment(ALL, q, ORDER);
      i = k + D_LANES;
    }
  }
}
