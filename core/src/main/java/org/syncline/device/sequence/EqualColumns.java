/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.util.HashMap;
import java.util.Map;
import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/**
 * Finds columns that hold the same values in all rows: a signal that was written twice, or into the
 * place of another.
 */
final class EqualColumns {
  private static final int ROWS = 1024;

  /** Rows in which a column has to change: silent ones are the same everywhere. */
  private static final int LEAST_CHANGES = 16;

  private EqualColumns() {}

  /** Adds a warning of them, by rows that are spread over the recording. */
  static void check(RowArray rows, Problems problems) {
    int columns = rows.columns();
    int n = (int) Math.min(rows.rows(), ROWS);
    if (columns < 2 || n < LEAST_CHANGES) {
      return;
    }
    long[] hashes = new long[columns];
    int[] changes = new int[columns];
    long[] before = new long[columns];
    for (int i = 0; i < n; i++) {
      long row = n == 1 ? 0 : (rows.rows() - 1) * i / (n - 1);
      for (int c = 0; c < columns; c++) {
        long bits = rows.bits(row, c);
        changes[c] += i > 0 && bits != before[c] ? 1 : 0;
        before[c] = bits;
        hashes[c] = mix(hashes[c] ^ bits);
      }
    }
    Map<Long, Integer> firsts = new HashMap<>();
    int equal = 0;
    int column = -1;
    int first = -1;
    for (int c = 0; c < columns; c++) {
      if (changes[c] < LEAST_CHANGES) {
        continue;
      }
      Integer earlier = firsts.putIfAbsent(hashes[c], c);
      if (earlier != null && equal++ == 0) {
        column = c;
        first = earlier;
      }
    }
    if (equal > 0) {
      problems.warning(
          rows.path(),
          "columns",
          "the same values in columns "
              + first
              + " and "
              + column
              + (equal == 1 ? "" : ", and " + (equal - 1) + " more such columns")
              + ", in all of "
              + n
              + " rows that were looked at",
          "signals of their own",
          "was one written twice, or into the place of another? columns leaves it out");
    }
  }

  /** Returns a number whose bits all depend on all of a number's (SplitMix64's finalizer). */
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return (z ^ z >>> 31) + 0x9E3779B97F4A7C15L;
  }
}
