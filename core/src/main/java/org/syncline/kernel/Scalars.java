/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/** One element of any type: loaded, converted and stored as the row kernels do it. */
final class Scalars {
  private Scalars() {}

  /** Converts one element by the rules of {@link RowPass}. */
  static void convert(
      ElementType from, MemorySegment src, long at, ElementType to, MemorySegment dst, long out) {
    if (from == to) {
      MemorySegment.copy(src, at, dst, out, from.bytes());
    } else {
      convertUnequal(from, src, at, to, dst, out);
    }
  }

  static void convertUnequal(
      ElementType from, MemorySegment src, long at, ElementType to, MemorySegment dst, long out) {
    if (!from.isFloating() && !to.isFloating()) {
      storeInteger(to, dst, out, from, src, at);
    } else if (to == ElementType.FLOAT32) {
      storeFloat(to, dst, out, loadFloat(from, src, at));
    } else if (from.bytes() == 8 && from != ElementType.FLOAT64 && to.bytes() == 2) {
      storeFloat(to, dst, out, oddFloat(from, src.get(JAVA_LONG_UNALIGNED, at)));
    } else {
      storeDouble(to, dst, out, loadDouble(from, src, at));
    }
  }

  /** Returns the element as float64; exact but for 64-bit integers, which are rounded once. */
  static double loadDouble(ElementType type, MemorySegment s, long at) {
    return switch (type) {
      case BOOL, UINT8 -> s.get(JAVA_BYTE, at) & 0xff;
      case INT8 -> s.get(JAVA_BYTE, at);
      case INT16 -> s.get(JAVA_SHORT_UNALIGNED, at);
      case UINT16 -> s.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
      case INT32 -> s.get(JAVA_INT_UNALIGNED, at);
      case UINT32 -> s.get(JAVA_INT_UNALIGNED, at) & 0xffffffffL;
      case INT64 -> s.get(JAVA_LONG_UNALIGNED, at);
      case UINT64 -> {
        long v = s.get(JAVA_LONG_UNALIGNED, at);
        // halved with a sticky lowest bit, so that the one rounding is to nearest even
        yield v >= 0 ? (double) v : (double) (v >>> 1 | v & 1) * 2;
      }
      case FLOAT16 -> Float.float16ToFloat(s.get(JAVA_SHORT_UNALIGNED, at));
      case BFLOAT16 -> Float.intBitsToFloat(s.get(JAVA_SHORT_UNALIGNED, at) << 16);
      case FLOAT32 -> s.get(JAVA_FLOAT_UNALIGNED, at);
      case FLOAT64 -> s.get(JAVA_DOUBLE_UNALIGNED, at);
    };
  }

  /** Returns the element as float32, rounded once. */
  static float loadFloat(ElementType type, MemorySegment s, long at) {
    return switch (type) {
      case INT64 -> (float) s.get(JAVA_LONG_UNALIGNED, at);
      case UINT64 -> {
        long v = s.get(JAVA_LONG_UNALIGNED, at);
        yield v >= 0 ? (float) v : (float) (v >>> 1 | v & 1) * 2;
      }
      default -> (float) loadDouble(type, s, at);
    };
  }

  static void storeFloat(ElementType type, MemorySegment s, long at, float v) {
    switch (type) {
      case FLOAT32 -> s.set(JAVA_FLOAT_UNALIGNED, at, v);
      case FLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(v));
      case BFLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, toBfloat16(v));
      default -> storeDouble(type, s, at, v);
    }
  }

  /** Stores rounded once: to nearest even, integers saturate, NaN becomes 0 in integers. */
  static void storeDouble(ElementType type, MemorySegment s, long at, double v) {
    switch (type) {
      case FLOAT64 -> s.set(JAVA_DOUBLE_UNALIGNED, at, v);
      case FLOAT32 -> s.set(JAVA_FLOAT_UNALIGNED, at, (float) v);
      case FLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(oddFloat(v)));
      case BFLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, toBfloat16(oddFloat(v)));
      case BOOL -> s.set(JAVA_BYTE, at, (byte) (v != 0 ? 1 : 0));
      case UINT64 -> {
        double r = Math.rint(v);
        s.set(
            JAVA_LONG_UNALIGNED,
            at,
            r < 0x1p63 ? Math.max(0, (long) r) : r < 0x1p64 ? (long) (r / 2) << 1 : -1L);
      }
      default -> storeLong(type, s, at, (long) Math.rint(v));
    }
  }

  private static void storeLong(ElementType type, MemorySegment s, long at, long v) {
    switch (type) {
      case BOOL -> s.set(JAVA_BYTE, at, (byte) (v != 0 ? 1 : 0));
      case INT8 -> s.set(JAVA_BYTE, at, (byte) Math.clamp(v, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> s.set(JAVA_BYTE, at, (byte) Math.clamp(v, 0, 0xff));
      case INT16 ->
          s.set(JAVA_SHORT_UNALIGNED, at, (short) Math.clamp(v, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> s.set(JAVA_SHORT_UNALIGNED, at, (short) Math.clamp(v, 0, 0xffff));
      case INT32 ->
          s.set(JAVA_INT_UNALIGNED, at, Math.clamp(v, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> s.set(JAVA_INT_UNALIGNED, at, (int) Math.clamp(v, 0L, 0xffffffffL));
      case INT64 -> s.set(JAVA_LONG_UNALIGNED, at, v);
      case UINT64 -> s.set(JAVA_LONG_UNALIGNED, at, Math.max(0, v));
      default -> throw new AssertionError(type);
    }
  }

  private static void storeInteger(
      ElementType to, MemorySegment dst, long out, ElementType from, MemorySegment src, long at) {
    long v =
        switch (from) {
          case INT64, UINT64 -> src.get(JAVA_LONG_UNALIGNED, at);
          default -> (long) loadDouble(from, src, at);
        };
    if (from == ElementType.UINT64 && v < 0) {
      v = Long.MAX_VALUE; // past every narrower range; UINT64 to UINT64 is a copy
    }
    storeLong(to, dst, out, v);
  }

  /**
   * Rounds to float32 "to odd": inexact results get a set lowest bit, so that a second rounding to
   * a type of fewer bits is as if it were the only one.
   */
  static float oddFloat(double v) {
    float f = (float) v;
    int bits = Float.floatToRawIntBits(f);
    if ((double) f == v || (bits & 1) != 0 || Double.isNaN(v)) {
      return f;
    }
    return Float.intBitsToFloat(Math.abs((double) f) > Math.abs(v) ? bits - 1 : bits + 1);
  }

  private static float oddFloat(ElementType type, long v) {
    // 24 bits and a sticky one: enough for types of 11 bits
    boolean negative = type == ElementType.INT64 && v < 0;
    long magnitude = negative ? -v : v;
    int shift = Math.max(0, 40 - Long.numberOfLeadingZeros(magnitude));
    long lost = shift == 0 ? 0 : magnitude & (1L << shift) - 1;
    long kept = (magnitude >>> shift) | (lost != 0 ? 1 : 0);
    float f = Math.scalb((float) kept, shift);
    return negative ? -f : f;
  }

  /** Rounds to bfloat16, nearest even; NaN stays NaN. */
  static short toBfloat16(float v) {
    int bits = Float.floatToRawIntBits(v);
    if (Float.isNaN(v)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
