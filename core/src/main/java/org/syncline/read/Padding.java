/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;

/** Fills memory with what stands for samples that there are not: NaN, or 0 in integers and bool. */
final class Padding {
  private Padding() {}

  /** Fills so many bytes; allocates nothing. */
  static void fill(MemorySegment dst, long offset, long bytes, ElementType type) {
    long end = offset + bytes;
    switch (type) {
      case FLOAT64 -> {
        for (long at = offset; at < end; at += 8) {
          dst.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, Double.NaN);
        }
      }
      case FLOAT32 -> {
        for (long at = offset; at < end; at += 4) {
          dst.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, Float.NaN);
        }
      }
      case FLOAT16, BFLOAT16 -> {
        short nan = (short) (type == ElementType.FLOAT16 ? 0x7e00 : 0x7fc0);
        for (long at = offset; at < end; at += 2) {
          dst.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, nan);
        }
      }
      default -> {
        for (long at = offset; at < end; at++) {
          dst.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        }
      }
    }
  }
}
