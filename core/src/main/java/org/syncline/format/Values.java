/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;

/** Reads single values of any type as doubles, for checks. */
public final class Values {
  private Values() {}

  public static double get(ElementType type, MemorySegment row, long index) {
    return switch (type) {
      case BOOL, UINT8 -> row.get(ValueLayout.JAVA_BYTE, index) & 0xff;
      case INT8 -> row.get(ValueLayout.JAVA_BYTE, index);
      case INT16 -> row.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index);
      case UINT16 -> row.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index) & 0xffff;
      case INT32 -> row.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * index);
      case UINT32 -> row.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * index) & 0xffff_ffffL;
      case INT64 -> row.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * index);
      case UINT64 -> {
        long v = row.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * index);
        yield v >= 0 ? v : (v >>> 1 | v & 1) * 2.0;
      }
      case FLOAT16 -> Float.float16ToFloat(row.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index));
      case BFLOAT16 ->
          Float.intBitsToFloat(row.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index) << 16);
      case FLOAT32 -> row.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * index);
      case FLOAT64 -> row.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * index);
    };
  }
}
