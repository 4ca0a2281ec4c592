/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.generated.RowConversions;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/**
 * Conversions by vectors: a class for each loop, so that a bound pass calls its own and asks no
 * more. All take rows of at least {@link VectorRows#SHORTEST} elements, or none.
 */
final class VectorConversions {
  private static final int BLOCK = RowScratch.BLOCK;

  private VectorConversions() {}

  /** Returns the loop of a conversion, null where none is faster than the scalar one. */
  static RowLoop of(ElementType from, ElementType to) {
    if (from == to || !VectorBits.takes(from)) {
      return null;
    }
    return switch (to) {
      case FLOAT32 -> toFloat(from);
      case FLOAT64 -> toDouble(from);
      case FLOAT16, BFLOAT16 -> toHalf(from, to);
      case UINT8 -> from == ElementType.FLOAT32 && Widths.BITS > 128 ? new FloatToUint8() : null;
      default -> null;
    };
  }

  /** As {@link #of}, with a scalar loop where there is no other. */
  static RowLoop orScalar(ElementType from, ElementType to) {
    RowLoop loop = of(from, to);
    return loop != null ? loop : ScalarRows.conversion(from, to);
  }

  private static RowLoop toFloat(ElementType from) {
    return switch (from) {
      case BOOL, UINT8 -> new Uint8ToFloat();
      case INT8 -> new Int8ToFloat();
      case INT16 -> new Int16ToFloat();
      case UINT16 -> new Uint16ToFloat();
      case INT32 -> new Int32ToFloat();
      case UINT32 -> new Uint32ToFloat();
      case BFLOAT16 -> new Bfloat16ToFloat();
      case FLOAT16 -> new Float16ToFloat();
      case FLOAT64 -> new DoubleToFloat();
      default -> null;
    };
  }

  private static RowLoop toDouble(ElementType from) {
    return switch (from) {
      case FLOAT32 -> new FloatToDouble();
      case INT32 -> new Int32ToDouble();
      case UINT32 -> new Uint32ToDouble();
      case INT64, UINT64 -> null;
      // 8 and 16 bits are exact in float32
      default -> new TwoSteps(toFloat(from), from.bytes(), new FloatToDouble(), 8);
    };
  }

  private static RowLoop toHalf(ElementType from, ElementType to) {
    RowLoop narrow = to == ElementType.FLOAT16 ? new FloatToFloat16() : new FloatToBfloat16();
    if (from == ElementType.FLOAT32) {
      return narrow;
    }
    if (from == ElementType.FLOAT64) {
      return new TwoSteps(new DoubleToOddFloat(), 8, narrow, 2);
    }
    // 8 and 16 bits are exact in float32
    return from.bytes() > 2 ? null : new TwoSteps(toFloat(from), from.bytes(), narrow, 2);
  }

  /**
   * A conversion through float32, block by block. The last block of a row is never shorter than a
   * vector, it overlaps the one before instead.
   */
  private static final class TwoSteps extends RowLoop {
    private final RowLoop first;
    private final int fromBytes;
    private final RowLoop second;
    private final int toBytes;

    TwoSteps(RowLoop first, int fromBytes, RowLoop second, int toBytes) {
      this.first = first;
      this.fromBytes = fromBytes;
      this.second = second;
      this.toBytes = toBytes;
    }

    @Override
    void run(long a, long b, int column, int n) {
      long step = RowScratch.get().step;
      for (int i = 0; i < n; i += BLOCK) {
        int k = Math.min(i, n - VectorRows.SHORTEST);
        int m = Math.min(BLOCK, n - k);
        first.run(a + (long) k * fromBytes, step, 0, m);
        second.run(step, b + (long) k * toBytes, 0, m);
      }
    }
  }

  private static final class DoubleToOddFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      for (int i = 0; i < n; i++) {
        double v = ALL.get(JAVA_DOUBLE_UNALIGNED, a + i * 8L);
        ALL.set(JAVA_FLOAT_UNALIGNED, b + i * 4L, Scalars.oddFloat(v));
      }
    }
  }

  /**
   * Through arrays: C2 has conversions of float16 for loops over arrays, the Vector API of JDK 25
   * has none.
   */
  private static final class FloatToFloat16 extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowScratch scratch = RowScratch.get();
      for (int i = 0; i < n; i += BLOCK) {
        int m = Math.min(BLOCK, n - i);
        MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, a + i * 4L, scratch.floats, 0, m);
        narrow(scratch.floats, scratch.shorts, m);
        MemorySegment.copy(scratch.shorts, 0, ALL, JAVA_SHORT_UNALIGNED, b + i * 2L, m);
      }
    }

    private static void narrow(float[] from, short[] to, int n) {
      for (int i = 0; i < n; i++) {
        to[i] = Float.floatToFloat16(from[i]);
      }
    }
  }

  private static final class Uint8ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.uint8ToFloat(a, b, n);
    }
  }

  private static final class Int8ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.int8ToFloat(a, b, n);
    }
  }

  private static final class Int16ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.int16ToFloat(a, b, n);
    }
  }

  private static final class Uint16ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.uint16ToFloat(a, b, n);
    }
  }

  private static final class Int32ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.int32ToFloat(a, b, n);
    }
  }

  private static final class Uint32ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.uint32ToFloat(a, b, n);
    }
  }

  private static final class Bfloat16ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.bfloat16ToFloat(a, b, n);
    }
  }

  private static final class Float16ToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.float16ToFloat(a, b, n);
    }
  }

  private static final class DoubleToFloat extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.doubleToFloat(a, b, n);
    }
  }

  private static final class FloatToDouble extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.floatToDouble(a, b, n);
    }
  }

  private static final class Int32ToDouble extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.int32ToDouble(a, b, n);
    }
  }

  private static final class Uint32ToDouble extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.uint32ToDouble(a, b, n);
    }
  }

  private static final class FloatToBfloat16 extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.floatToBfloat16(a, b, n);
    }
  }

  private static final class FloatToUint8 extends RowLoop {
    @Override
    void run(long a, long b, int column, int n) {
      RowConversions.floatToUint8(a, b, n);
    }
  }
}
