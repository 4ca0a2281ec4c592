/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import org.syncline.device.Problems;
import org.syncline.format.Values;
import org.syncline.storage.RowArray;

/**
 * Finds a few numbers that are far beyond all others of a device, as fill values of other formats
 * (1e20, 9.97e36), memory that nobody filled and flipped bits leave.
 */
final class WildValues {
  /** Below it, in powers of two, no number is wild. */
  private static final int LEAST = 40;

  /** Powers of two that lie between them and all others. */
  private static final int GAP = 20;

  /** One of so many values at most is wild. */
  private static final int SELDOM = 1000;

  private static final int POWERS = 2048;

  private static final int BLOCK = 256;

  private WildValues() {}

  /** Returns whether a column is of such values: one of many that has another unit, as times. */
  private static boolean isUsual(RowArray rows, long n, int column, int power) {
    long wild = 0;
    long all = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocate(rows.rowBytes(), 8);
      for (long r = 0; r < n; r += 1 + n / 4096) {
        rows.copyRows(r, 1, row, 0);
        double value = Values.get(rows.type(), row, column);
        if (value != 0 && Double.isFinite(value)) {
          all++;
          wild += Math.getExponent(value) >= power ? 1 : 0;
        }
      }
    }
    return 2 * wild > all;
  }

  /**
   * Adds a warning of them.
   *
   * @param most bytes that are looked at
   */
  static void check(RowArray rows, long most, Problems problems) {
    long size = rows.rowBytes();
    if (!rows.type().isFloating() || size == 0) {
      return;
    }
    long n = Math.min(rows.rows(), most / size);
    long[] counts = new long[POWERS];
    long[] firstRow = new long[POWERS];
    int[] firstColumn = new int[POWERS];
    double[] firstValue = new double[POWERS];
    long all = 0;
    try (Arena arena = Arena.ofConfined()) {
      int block = Math.clamp((1 << 20) / size, 1, BLOCK);
      MemorySegment values = arena.allocate(block * size, 8);
      for (long r = 0; r < n; r += block) {
        int count = (int) Math.min(block, n - r);
        rows.copyRows(r, count, values, 0);
        int columns = rows.columns();
        for (int i = 0; i < count * columns; i++) {
          double value = Values.get(rows.type(), values, i);
          if (value == 0 || !Double.isFinite(value)) {
            continue;
          }
          int power = Math.getExponent(value) + POWERS / 2;
          if (counts[power]++ == 0) {
            firstRow[power] = r + i / columns;
            firstColumn[power] = i % columns;
            firstValue[power] = value;
          }
          all++;
        }
      }
    }
    int power = POWERS - 1;
    long wild = 0;
    int lowest = -1;
    while (power > 0 && (counts[power] > 0 || lowest < 0 || lowest - power <= GAP)) {
      if (counts[power] > 0) {
        wild += counts[power];
        lowest = power;
      }
      power--;
    }
    if (power == 0 || lowest - POWERS / 2 < LEAST || wild * SELDOM > all) {
      return;
    }
    int below = power;
    while (below > 0 && counts[below] == 0) {
      below--;
    }
    if (below == 0 || isUsual(rows, n, firstColumn[lowest], lowest - POWERS / 2)) {
      return;
    }
    problems.warning(
        rows.path(),
        "values",
        String.format(
            Locale.ROOT,
            "%s in row %d, column %d%s, while all others are below %.2g",
            (float) firstValue[lowest] == firstValue[lowest] || Math.abs(firstValue[lowest]) > 1e38
                ? String.valueOf((float) firstValue[lowest])
                : String.valueOf(firstValue[lowest]),
            firstRow[lowest],
            firstColumn[lowest],
            wild == 1 ? "" : ", and " + (wild - 1) + " more like it",
            Math.scalb(1.0, below + 1 - POWERS / 2)),
        "values of one scale",
        "a fill value of another format, memory that was never filled, or a damaged file? Write NaN"
            + " where a value is missing");
  }
}
