/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/**
 * Finds rows that were written twice, one block right behind the other. Measured values repeat
 * nowhere for long; what is made (stimuli, clocks) repeats more often than once, or not at all.
 */
final class RepeatedRows {
  /** Rows of a block. */
  private static final int FEWEST = 64;

  /** Values of which a stretch of rows is known again. */
  private static final int VALUES = 8;

  /** How often a row comes that fills gaps: so many times, and once in so many rows. */
  private static final int FEWEST_FILLED = 16;

  private static final int MOST_OFTEN = 500;

  /** The share of all other rows that differ from each other. */
  private static final double DIFFERENT = 0.9;

  /** The share of a recording that is no block any more. */
  private static final double WHOLE = 0.45;

  /** Rows that are compared with each other: some megabytes. */
  private static final int PIECE = 1 << 17;

  /** One of so many stretches may come more often than twice by chance. */
  private static final int OFTEN = 100;

  /** Rows that are read at once. */
  private static final int BLOCK = 256;

  private final RowArray rows;
  private final long start;
  private final int n;

  /** Rows of a stretch. */
  private final int window;

  /**
   * By row, where a stretch of the same values began first, itself for a new one; -1 of nothing.
   */
  private final int[] before;

  /** By row at which a stretch begins first: how often it comes. */
  private final int[] counts;

  /** Rows with a NaN. */
  private int missing;

  private int first;
  private int again;
  private int length;
  private int blocks;

  private RepeatedRows(RowArray rows, long start, int n, int window) {
    this.rows = rows;
    this.start = start;
    this.n = n;
    this.window = window;
    before = new int[n - window + 1];
    counts = new int[n - window + 1];
  }

  /**
   * Adds a warning of them.
   *
   * @param most bytes that are looked at
   */
  static void check(RowArray rows, long most, Problems problems) {
    long all = Math.min(rows.rows(), most / Math.max(1, rows.rowBytes()));
    int before = problems.list().size();
    for (long start = 0; start < all && problems.list().size() == before; start += PIECE) {
      int n = (int) Math.min(all - start, PIECE);
      if (rows.rowBytes() > 0 && n >= 2 * FEWEST + VALUES) {
        piece(rows, start, n, problems);
      }
    }
  }

  private static void piece(RowArray rows, long start, int n, Problems problems) {
    if (rows.type().isFloating() && rows.columns() > 1) {
      RepeatedRows filled = new RepeatedRows(rows, start, n, 1);
      filled.know(filled.rowHashes());
      filled.filled(problems);
    }
    RepeatedRows repeated = new RepeatedRows(rows, start, n, Math.max(1, VALUES / rows.columns()));
    if (!repeated.isFound()) {
      return;
    }
    problems.warning(
        rows.path(),
        "values",
        "rows "
            + (start + repeated.first)
            + " to "
            + (start + repeated.first + repeated.length - 1)
            + " twice: again from row "
            + (start + repeated.again)
            + " on"
            + (repeated.blocks == 1 ? "" : ", and " + (repeated.blocks - 1) + " more such blocks"),
        "each row once",
        "was a block written, or joined, twice? All rows behind it are later than their time");
  }

  /**
   * Adds a warning of a row of the same values that comes again and again among rows which all
   * differ: what stands for gaps that were filled, with means for one.
   */
  private void filled(Problems problems) {
    int most = -1;
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (before[i] == i) {
        distinct++;
        if ((most < 0 || counts[i] > counts[most]) && isValue(i)) {
          most = i;
        }
      }
    }
    if (most < 0
        || counts[most] < Math.max(FEWEST_FILLED, n / MOST_OFTEN)
        || counts[most] > n / 4
        || distinct < DIFFERENT * (n - counts[most] - missing)) {
      return;
    }
    int stretches = 0;
    for (int i = 0; i < n; i++) {
      stretches += before[i] == most && (i == 0 || before[i - 1] != most) ? 1 : 0;
    }
    if (stretches < 2) {
      return;
    }
    problems.warning(
        rows.path(),
        "values",
        "the same row of values "
            + counts[most]
            + " times, in "
            + stretches
            + " stretches, first in row "
            + (start + most)
            + ": "
            + (float) value(most, 0)
            + ", "
            + (float) value(most, 1)
            + (rows.columns() > 2 ? ", …" : ""),
        "rows that differ, as all others do",
        "were gaps filled, with means for one? Write NaN where values are missing: nans and filters"
            + " answer it");
  }

  /** Returns whether a row has a value other than 0, and no NaN. */
  private boolean isValue(int row) {
    boolean zero = true;
    for (int c = 0; c < rows.columns(); c++) {
      double value = value(row, c);
      if (Double.isNaN(value)) {
        missing += counts[row];
        return false;
      }
      zero &= value == 0;
    }
    return !zero;
  }

  private double value(int row, int column) {
    return RowArray.value(rows.type(), rows.bits(start + row, column));
  }

  private boolean isFound() {
    if (!know(hashes())) {
      return false;
    }
    int i = 0;
    while (i < before.length) {
      int from = before[i];
      if (from < 0 || from == i) {
        i++;
        continue;
      }
      int lag = i - from;
      int run = 1;
      int known = 1;
      // stretches in which nothing changes look alike everywhere, and lie within blocks, too
      while (i + run < before.length
          && (before[i + run] == from + run || before[i + run] < 0 && before[from + run] < 0)) {
        known += before[i + run] < 0 ? 0 : 1;
        run++;
      }
      int earlier = 0;
      while (earlier < from && before[i - earlier - 1] < 0 && before[from - earlier - 1] < 0) {
        earlier++;
      }
      // the last stretches of the first block reach into the second
      // what is all of a recording, twice, is played twice
      if (known >= FEWEST && earlier + run + 2 * window >= lag && lag < WHOLE * n) {
        if (blocks++ == 0) {
          first = from;
          again = i;
          length = lag;
        }
      }
      i += run;
    }
    return blocks > 0;
  }

  /** Returns a number for each stretch of rows, 0 for one in which nothing changes. */
  private long[] hashes() {
    long[] hashes = rowHashes();
    long[] all = new long[before.length];
    for (int i = 0; i < all.length; i++) {
      long hash = 0;
      boolean changes = window == 1 && (i == 0 || hashes[i] != hashes[i - 1]);
      for (int k = 0; k < window; k++) {
        hash = mix(hash ^ hashes[i + k]);
        changes |= hashes[i + k] != hashes[i];
      }
      all[i] = !changes ? 0 : hash == 0 ? 1 : hash;
    }
    return all;
  }

  private long[] rowHashes() {
    long[] hashes = new long[n];
    long size = rows.rowBytes();
    try (Arena arena = Arena.ofConfined()) {
      int block = Math.clamp((1 << 20) / size, 1, BLOCK);
      MemorySegment values = arena.allocate(block * size, 8);
      for (int r = 0; r < n; r += block) {
        int count = Math.min(block, n - r);
        rows.copyRows(start + r, count, values, 0);
        for (int k = 0; k < count; k++) {
          hashes[r + k] = hash(values, k * size, size);
        }
      }
    }
    return hashes;
  }

  private static long hash(MemorySegment values, long from, long bytes) {
    long hash = bytes;
    long at = from;
    for (; at + 8 <= from + bytes; at += 8) {
      hash = mix(hash ^ values.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
    }
    for (; at < from + bytes; at++) {
      hash = mix(hash ^ values.get(ValueLayout.JAVA_BYTE, at));
    }
    return hash;
  }

  private static long mix(long value) {
    long z = (value + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    return z ^ z >>> 29;
  }

  /** Notes where each stretch began first; returns whether few come more often than twice. */
  private boolean know(long[] hashes) {
    int size = Integer.highestOneBit(2 * hashes.length) << 1;
    int[] places = new int[size];
    long often = 0;
    for (int i = 0; i < hashes.length; i++) {
      before[i] = -1;
      if (hashes[i] == 0) {
        continue;
      }
      int slot = (int) (mix(hashes[i]) >>> 32) & size - 1;
      while (places[slot] != 0 && hashes[places[slot] - 1] != hashes[i]) {
        slot = slot + 1 & size - 1;
      }
      if (places[slot] == 0) {
        places[slot] = i + 1;
      }
      int known = places[slot] - 1;
      before[i] = known;
      counts[known]++;
      often += counts[known] > 2 ? 1 : 0;
    }
    return often * OFTEN < hashes.length;
  }
}
