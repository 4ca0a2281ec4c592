/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.syncline.array.ElementType;

/**
 * What becomes of stored numbers: {@code value · scale + offset}, each step computed in double, the
 * result rounded once to the type written. Where there is neither scale nor offset and the type
 * stays, the bits are copied.
 *
 * @param from type and byte order in the file
 * @param to the type written, little-endian
 * @param scale one factor, or one a column; empty for none
 * @param offset what is added after that
 * @param columns columns of a row, for factors of columns
 * @param overflows counts finite values that the type written cannot hold
 */
record Conversion(
    Numbers from,
    ElementType to,
    double[] scale,
    double offset,
    long columns,
    LongAdder overflows) {
  private static final int BLOCK = 1024;

  /** Returns the conversion that only changes the type. */
  static Conversion to(Numbers from, ElementType to) {
    return new Conversion(from, to, new double[0], 0, 1, new LongAdder());
  }

  /** Returns whether values are changed, not only their type. */
  boolean scales() {
    return scale.length > 0 || offset != 0;
  }

  /** Returns whether the bytes of the file are those to be written. */
  boolean isCopy() {
    return !scales() && from.type() == to && sameOrder();
  }

  private boolean sameOrder() {
    return to.bytes() == 1 || from.order().equals(Stored.LITTLE);
  }

  /** Converts for one thread, through small arrays that stay in the cache. */
  final class Worker {
    private final double[] values = new double[BLOCK];
    private final byte[] bytes = new byte[BLOCK];
    private final short[] shorts = new short[BLOCK];
    private final int[] ints = new int[BLOCK];
    private final long[] longs = new long[BLOCK];
    private final float[] floats = new float[BLOCK];

    /**
     * Converts neighbours.
     *
     * @param element number in the dataset of the first, which says its column
     */
    void run(MemorySegment in, long inAt, MemorySegment out, long outAt, long count, long element) {
      int size = from.type().bytes();
      if (!scales() && from.type() == to) {
        copy(in, inAt, out, outAt, count);
        return;
      }
      for (long done = 0; done < count; done += BLOCK) {
        int n = (int) Math.min(BLOCK, count - done);
        load(in, inAt + done * size, n);
        if (scale.length > 1) {
          int column = (int) ((element + done) % columns);
          for (int i = 0; i < n; i++) {
            values[i] = values[i] * scale[column] + offset;
            column = column + 1 == columns ? 0 : column + 1;
          }
        } else if (scales()) {
          double factor = scale.length == 0 ? 1 : scale[0];
          for (int i = 0; i < n; i++) {
            values[i] = values[i] * factor + offset;
          }
        }
        store(out, outAt + done * to.bytes(), n);
      }
    }

    private void copy(MemorySegment in, long inAt, MemorySegment out, long outAt, long count) {
      if (sameOrder()) {
        MemorySegment.copy(in, inAt, out, outAt, count * to.bytes());
        return;
      }
      switch (to.bytes()) {
        case 2 ->
            MemorySegment.copy(
                in,
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(from.order()),
                inAt,
                out,
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(Stored.LITTLE),
                outAt,
                count);
        case 4 ->
            MemorySegment.copy(
                in,
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(from.order()),
                inAt,
                out,
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(Stored.LITTLE),
                outAt,
                count);
        default ->
            MemorySegment.copy(
                in,
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(from.order()),
                inAt,
                out,
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(Stored.LITTLE),
                outAt,
                count);
      }
    }

    private void load(MemorySegment in, long at, int n) {
      switch (from.type()) {
        case FLOAT64 ->
            MemorySegment.copy(
                in, ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(from.order()), at, values, 0, n);
        case FLOAT32 -> {
          MemorySegment.copy(
              in, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(from.order()), at, floats, 0, n);
          for (int i = 0; i < n; i++) {
            values[i] = floats[i];
          }
        }
        case INT64, UINT64 -> {
          MemorySegment.copy(
              in, ValueLayout.JAVA_LONG_UNALIGNED.withOrder(from.order()), at, longs, 0, n);
          boolean unsigned = from.type() == ElementType.UINT64;
          for (int i = 0; i < n; i++) {
            long v = longs[i];
            // of a number of 64 bits the lowest is kept as a mark, so that it rounds as it should
            values[i] = unsigned && v < 0 ? (double) (v >>> 1 | v & 1) * 2 : (double) v;
          }
        }
        case INT32, UINT32 -> {
          MemorySegment.copy(
              in, ValueLayout.JAVA_INT_UNALIGNED.withOrder(from.order()), at, ints, 0, n);
          boolean unsigned = from.type() == ElementType.UINT32;
          for (int i = 0; i < n; i++) {
            values[i] = unsigned ? (double) (ints[i] & 0xffffffffL) : (double) ints[i];
          }
        }
        case INT16, UINT16, FLOAT16, BFLOAT16 -> {
          MemorySegment.copy(
              in, ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(from.order()), at, shorts, 0, n);
          ElementType type = from.type();
          for (int i = 0; i < n; i++) {
            values[i] =
                type == ElementType.INT16
                    ? shorts[i]
                    : type == ElementType.UINT16
                        ? shorts[i] & 0xffff
                        : type == ElementType.FLOAT16
                            ? Float.float16ToFloat(shorts[i])
                            : Float.intBitsToFloat(shorts[i] << 16);
          }
        }
        default -> {
          MemorySegment.copy(in, ValueLayout.JAVA_BYTE, at, bytes, 0, n);
          boolean signed = from.type() == ElementType.INT8;
          for (int i = 0; i < n; i++) {
            values[i] = signed ? bytes[i] : bytes[i] & 255;
          }
        }
      }
    }

    private void store(MemorySegment out, long at, int n) {
      if (to == ElementType.FLOAT64) {
        MemorySegment.copy(
            values, 0, out, ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(Stored.LITTLE), at, n);
        return;
      }
      if (to != ElementType.FLOAT32) {
        throw new IllegalStateException("values become float32 or float64, not " + to);
      }
      int infinite = 0;
      for (int i = 0; i < n; i++) {
        float value = (float) values[i];
        floats[i] = value;
        infinite += Math.abs(value) == Float.POSITIVE_INFINITY ? 1 : 0;
      }
      if (infinite > 0) {
        overflows.add(
            Arrays.stream(values, 0, n)
                .filter(v -> Double.isFinite(v) && Float.isInfinite((float) v))
                .count());
      }
      MemorySegment.copy(
          floats, 0, out, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(Stored.LITTLE), at, n);
    }
  }
}
