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
 * Finds floats that stay the same, in all columns and bit for bit, where no other rows do: a device
 * that hung. Positions stand still, too, but not in long stretches alone.
 */
final class FrozenRows {
  /** Rows that are the same. */
  private static final int FEWEST = 32;

  /** Rows before them that may follow an equal one. */
  private static final int EQUAL_BEFORE = 2;

  private FrozenRows() {}

  /**
   * Adds a warning of them.
   *
   * @param most bytes that are looked at
   */
  static void check(RowArray rows, long most, Problems problems) {
    // whole numbers of one column are states, or counts, as likely
    if ((rows.type().isFloating() || rows.columns() > 1)
        && rows.rows() > FEWEST
        && rows.rowBytes() > 0) {
      int before = problems.list().size();
      atEnd(rows, most, problems);
      // a single column that stands still for once is as likely at rest
      if (rows.columns() > 1 && problems.list().size() == before) {
        inside(rows, most, problems);
      }
    }
  }

  /** Reads a few rows where the last ones differ. */
  private static void atEnd(RowArray rows, long most, Problems problems) {
    long n = rows.rows();
    long size = rows.rowBytes();
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

  /** Looks for one stretch between rows that change: of several, rest is as likely. */
  private static void inside(RowArray rows, long most, Problems problems) {
    long size = rows.rowBytes();
    long n = Math.min(rows.rows(), most / size);
    long alone = 0;
    long from = 0;
    long first = 0;
    long end = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment before = arena.allocate(size, 8);
      MemorySegment row = arena.allocate(size, 8);
      for (long r = 0; r < n; r++) {
        rows.copyRow(r, row, 0);
        if (r > 0 && row.mismatch(before) >= 0) {
          long same = r - from;
          boolean empty = same == 1 || isEmpty(rows, before);
          if (!empty && same >= FEWEST) {
            if (end > 0) {
              return;
            }
            first = from;
            end = r;
          } else if (!empty && (alone += same - 1) > EQUAL_BEFORE) {
            return;
          }
          from = r;
        }
        MemorySegment.copy(row, 0, before, 0, size);
      }
    }
    long same = end - first;
    boolean atEnd = n - from >= FEWEST;
    if (end > 0 && first > FEWEST && same >= n / 100 && same < n / 2 && !atEnd) {
      problems.warning(
          rows.path(),
          "values",
          "the same values in all columns from row "
              + first
              + " to "
              + (end - 1)
              + ", "
              + same
              + " rows",
          "values that change, as before and after",
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
