/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.device.Problems;
import org.syncline.format.Values;
import org.syncline.storage.RowArray;

/**
 * Finds floats that stay the same, in all columns and bit for bit, to the end of the data, where no
 * earlier rows do: a device that hung. Positions stand still, too, but not at the end alone.
 */
final class FrozenRows {
  /** Rows that are the same. */
  private static final int FEWEST = 32;

  /** Rows before them that may follow an equal one. */
  private static final int EQUAL_BEFORE = 2;

  private FrozenRows() {}

  /**
   * Adds a warning of them. Reads a few rows where the last ones differ.
   *
   * @param most bytes before them that are looked at
   */
  static void check(RowArray rows, long most, Problems problems) {
    long n = rows.rows();
    long size = rows.rowBytes();
    if (!rows.type().isFloating() || n <= FEWEST || size == 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment last = arena.allocate(size, 8);
      MemorySegment row = arena.allocate(size, 8);
      MemorySegment next = arena.allocate(size, 8);
      rows.copyRow(n - 1, last, 0);
      long from = n - 1;
      while (from > 0) {
        rows.copyRow(from - 1, row, 0);
        if (row.mismatch(last) >= 0) {
          break;
        }
        from--;
      }
      long same = n - from;
      if (same < Math.max(FEWEST, n / 100) || from < FEWEST || isEmpty(rows, last)) {
        return;
      }
      long equal = 0;
      rows.copyRow(from - 1, next, 0);
      for (long r = from - 2; r >= Math.max(0, from - most / size); r--) {
        rows.copyRow(r, row, 0);
        if (row.mismatch(next) < 0 && ++equal > EQUAL_BEFORE) {
          return;
        }
        MemorySegment.copy(row, 0, next, 0, size);
      }
      problems.warning(
          rows.path(),
          "values",
          "the same values in all columns from row " + from + " on, " + same + " rows",
          "values that change, as before",
          "did the device hang? They are read as values");
    }
  }

  /** Returns whether a row is zero or NaN, which other checks know of. */
  private static boolean isEmpty(RowArray rows, MemorySegment row) {
    for (int c = 0; c < rows.columns(); c++) {
      double value = Values.get(rows.type(), row, c);
      if (value != 0 && !Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }
}
