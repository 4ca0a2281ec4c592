/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.DoubleBinaryOperator;
import org.syncline.array.ElementType;
import org.syncline.storage.RowArray;

/**
 * What share of the (selected) values between two times is finite. Counts of all rows are made
 * once, off the heap: later questions read two of them.
 */
final class FiniteShares implements DoubleBinaryOperator {
  private final SequenceInterpolator sequence;

  /** Values before each row, and of all, that are not finite; null where all are finite. */
  private final MemorySegment before;

  FiniteShares(SequenceInterpolator sequence) {
    this.sequence = sequence;
    before = count(sequence.view);
  }

  private static MemorySegment count(RowArray data) {
    ElementType type = data.type();
    if (!type.isFloating()) {
      return null;
    }
    MemorySegment before = null;
    long found = 0;
    try (Arena scratch = Arena.ofConfined()) {
      SequenceInterpolator.RowReader reader = new SequenceInterpolator.RowReader(data, scratch);
      for (long row = 0; row < data.rows(); row++) {
        MemorySegment values = reader.segment(row);
        int n = notFinite(type, values, reader.offset(), data.columns());
        found += n;
        if (n > 0 && before == null) {
          before = Arena.ofAuto().allocate((data.rows() + 1) * Long.BYTES, Long.BYTES);
        }
        if (before != null) {
          before.setAtIndex(JAVA_LONG, row + 1, found);
        }
      }
      data.settle();
    } catch (InternalError e) {
      throw data.unreadable(e);
    }
    return before;
  }

  private static int notFinite(ElementType type, MemorySegment values, long offset, int n) {
    int found = 0;
    switch (type) {
      case FLOAT32 -> {
        for (int j = 0; j < n; j++) {
          int exponent = values.get(JAVA_INT_UNALIGNED, offset + 4L * j) & 0x7f80_0000;
          found += exponent == 0x7f80_0000 ? 1 : 0;
        }
      }
      case FLOAT64 -> {
        long all = 0x7ff0_0000_0000_0000L;
        for (int j = 0; j < n; j++) {
          found += (values.get(JAVA_LONG_UNALIGNED, offset + 8L * j) & all) == all ? 1 : 0;
        }
      }
      default -> {
        int all = type == ElementType.FLOAT16 ? 0x7c00 : 0x7f80;
        for (int j = 0; j < n; j++) {
          found += (values.get(JAVA_SHORT_UNALIGNED, offset + 2L * j) & all) == all ? 1 : 0;
        }
      }
    }
    return found;
  }

  @Override
  public double applyAsDouble(double from, double to) {
    long rows = sequence.rows();
    if (before == null || rows == 0) {
      return 1;
    }
    long first = Math.clamp(sequence.heldRow(from), 0, rows - 1);
    long last = Math.clamp(sequence.heldRow(to), first, rows - 1);
    long missing = before.getAtIndex(JAVA_LONG, last + 1) - before.getAtIndex(JAVA_LONG, first);
    double all = (double) (last + 1 - first) * sequence.signals();
    // one rounding, so that seven of ten are 0.7
    return (all - missing) / all;
  }
}
