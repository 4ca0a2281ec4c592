/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.syncline.array.ElementType;

/** Reads and converts single elements in native byte order, rounding as a C cast does. */
final class Elements {
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  // file byte order where it is not the machine's
  private static final ValueLayout.OfShort OTHER_SHORT = SHORT.withOrder(ArrayFiles.otherOrder());
  private static final ValueLayout.OfInt OTHER_INT = INT.withOrder(ArrayFiles.otherOrder());
  private static final ValueLayout.OfLong OTHER_LONG = LONG.withOrder(ArrayFiles.otherOrder());

  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Elements() {}

  /** Copies elements of 2, 4 or 8 bytes that lie side by side, bytes reversed. */
  static void copySwapped(
      int bytes, MemorySegment src, long offset, MemorySegment dst, long dstOffset, long count) {
    switch (bytes) {
      case 2 -> MemorySegment.copy(src, OTHER_SHORT, offset, dst, SHORT, dstOffset, count);
      case 4 -> MemorySegment.copy(src, OTHER_INT, offset, dst, INT, dstOffset, count);
      default -> MemorySegment.copy(src, OTHER_LONG, offset, dst, LONG, dstOffset, count);
    }
  }

  /**
   * Returns the raw bits of an element of 1, 2, 4 or 8 bytes, bytes reversed where asked; bool
   * gives 0 or 1.
   */
  static long bits(ElementType type, boolean swapped, MemorySegment data, long offset) {
    switch (type.bytes()) {
      case 1 -> {
        byte v = data.get(ValueLayout.JAVA_BYTE, offset);
        return type == ElementType.BOOL ? (v == 0 ? 0 : 1) : v;
      }
      case 2 -> {
        short v = data.get(SHORT, offset);
        return swapped ? Short.reverseBytes(v) : v;
      }
      case 4 -> {
        // in halves: HotSpot makes of an int that becomes a long an instruction (movslq) at which
        // its handler of SIGBUS, where the file was truncated, aborts the process
        int first = data.get(SHORT, offset);
        int second = data.get(SHORT, offset + 2);
        int v = LITTLE ? second << 16 | first & 0xffff : first << 16 | second & 0xffff;
        return swapped ? Integer.reverseBytes(v) : v;
      }
      default -> {
        long v = data.get(LONG, offset);
        return swapped ? Long.reverseBytes(v) : v;
      }
    }
  }

  /** Returns the value of an element's bits as a double. */
  static double toDouble(ElementType type, long bits) {
    return switch (type) {
      case BOOL, INT8, INT16, INT32 -> bits;
      case UINT8 -> bits & 0xff;
      case UINT16 -> bits & 0xffff;
      case UINT32 -> bits & 0xffff_ffffL;
      case INT64 -> (double) bits;
      // halving keeps the lowest bit, so that the one rounding is to nearest even
      case UINT64 -> bits >= 0 ? (double) bits : (double) ((bits >>> 1) | (bits & 1)) * 2.0;
      case FLOAT16 -> Float.float16ToFloat((short) bits);
      case BFLOAT16 -> Float.intBitsToFloat((int) bits << 16);
      case FLOAT32 -> Float.intBitsToFloat((int) bits);
      case FLOAT64 -> Double.longBitsToDouble(bits);
    };
  }

  /** Returns the value of an element's bits as a float, rounded once. */
  static float toFloat(ElementType type, long bits) {
    return switch (type) {
      case INT64 -> (float) bits;
      case UINT64 -> bits >= 0 ? (float) bits : (float) ((bits >>> 1) | (bits & 1)) * 2.0f;
      default -> (float) toDouble(type, bits);
    };
  }

  /** Stores raw bits as an element of 1, 2, 4 or 8 bytes. */
  static void store(int bytes, long bits, MemorySegment data, long offset) {
    switch (bytes) {
      case 1 -> data.set(ValueLayout.JAVA_BYTE, offset, (byte) bits);
      case 2 -> data.set(SHORT, offset, (short) bits);
      case 4 -> data.set(INT, offset, (int) bits);
      default -> data.set(LONG, offset, bits);
    }
  }

  /**
   * Copies elements that lie {@code stride} bytes apart to others that lie {@code dstStride} apart,
   * converted.
   *
   * @param to the source's own type, FLOAT32 or FLOAT64
   */
  static void copy(
      ElementType type,
      boolean swapped,
      MemorySegment src,
      long offset,
      long stride,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      long dstStride,
      int count) {
    if (to == type) {
      copySame(type, swapped, src, offset, stride, dst, dstOffset, dstStride, count);
    } else if (to == ElementType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        dst.set(
            FLOAT,
            dstOffset + i * dstStride,
            toFloat(type, bits(type, swapped, src, offset + i * stride)));
      }
    } else if (to == ElementType.FLOAT64) {
      for (int i = 0; i < count; i++) {
        dst.set(
            DOUBLE,
            dstOffset + i * dstStride,
            toDouble(type, bits(type, swapped, src, offset + i * stride)));
      }
    } else {
      throw new IllegalArgumentException(
          "no conversion from " + type.numpyName() + " to " + to.numpyName());
    }
  }

  private static void copySame(
      ElementType type,
      boolean swapped,
      MemorySegment src,
      long offset,
      long stride,
      MemorySegment dst,
      long dstOffset,
      long dstStride,
      int count) {
    if (swapped && stride == type.bytes() && dstStride == stride) {
      copySwapped(type.bytes(), src, offset, dst, dstOffset, count);
      return;
    }
    switch (type.bytes()) {
      case 1 -> {
        boolean bool = type == ElementType.BOOL;
        for (int i = 0; i < count; i++) {
          byte v = src.get(ValueLayout.JAVA_BYTE, offset + i * stride);
          dst.set(ValueLayout.JAVA_BYTE, dstOffset + i * dstStride, bool && v != 0 ? 1 : v);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          short v = src.get(SHORT, offset + i * stride);
          dst.set(SHORT, dstOffset + i * dstStride, swapped ? Short.reverseBytes(v) : v);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          int v = src.get(INT, offset + i * stride);
          dst.set(INT, dstOffset + i * dstStride, swapped ? Integer.reverseBytes(v) : v);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long v = src.get(LONG, offset + i * stride);
          dst.set(LONG, dstOffset + i * dstStride, swapped ? Long.reverseBytes(v) : v);
        }
      }
    }
  }
}
