/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;

/**
 * Says whether all values of a block are finite: whether none has an exponent of ones. The largest
 * of the bits without the sign tells, which HotSpot computes by vectors over arrays, also in a
 * process that has just started and reads once.
 */
final class FiniteSearch {
  private static final int PIECE = 4096;

  private final ElementType type;
  private final short[] shorts = new short[PIECE];
  private final int[] ints = new int[PIECE];
  private final long[] longs = new long[PIECE];

  FiniteSearch(ElementType type) {
    this.type = type;
  }

  /** Returns whether all of {@code count} values are finite; those of integers are. */
  boolean allFinite(MemorySegment values, long count) {
    for (long from = 0; from < count; from += PIECE) {
      int n = (int) Math.min(PIECE, count - from);
      boolean finite =
          switch (type) {
            case FLOAT16 -> largest(values, from, n, shorts) < 0x7c00;
            case BFLOAT16 -> largest(values, from, n, shorts) < 0x7f80;
            case FLOAT32 -> largest(values, from, n, ints) < 0x7f80_0000;
            case FLOAT64 -> largest(values, from, n, longs) < 0x7ff0_0000_0000_0000L;
            default -> true;
          };
      if (!finite) {
        return false;
      }
    }
    return true;
  }

  private static int largest(MemorySegment values, long from, int n, short[] into) {
    MemorySegment.copy(values, ValueLayout.JAVA_SHORT_UNALIGNED, 2 * from, into, 0, n);
    int most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, into[i] & 0x7fff);
    }
    return most;
  }

  private static int largest(MemorySegment values, long from, int n, int[] into) {
    MemorySegment.copy(values, ValueLayout.JAVA_INT_UNALIGNED, 4 * from, into, 0, n);
    int most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, into[i] & Integer.MAX_VALUE);
    }
    return most;
  }

  private static long largest(MemorySegment values, long from, int n, long[] into) {
    MemorySegment.copy(values, ValueLayout.JAVA_LONG_UNALIGNED, 8 * from, into, 0, n);
    long most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, into[i] & Long.MAX_VALUE);
    }
    return most;
  }
}
