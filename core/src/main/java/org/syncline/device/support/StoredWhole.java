/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.storage.RowArray;

/**
 * Tells by some whole numbers of a file without a header whether they have the other sign rule than
 * declared, and by numbers of two bytes whether these lie in the other order.
 */
final class StoredWhole {
  /** Places in the file that are looked at. */
  private static final int PLACES = 4;

  /** Values of a place: every seventh, so that whatever the number of columns all take part. */
  private static final int VALUES_EACH = 128;

  private static final int STRIDE = 7;

  /** Values from which on a judgement is made. */
  private static final int ENOUGH = 64;

  /** Upper bytes that samples of any width take, and flags do not. */
  private static final int MANY_BYTES = 32;

  /** Neighbouring lower bytes that can be the upper ones of a signal. */
  private static final int NEAR_BYTES = 16;

  private static final int STEPS = 7;

  private StoredWhole() {}

  /** Checks types of two bytes; parameters as of {@link StoredType#check}. */
  static void check(RowArray data, String declared, Path metaFile, Problems problems) {
    if (order(data, declared, metaFile, problems) || data.type().isFloating()) {
      return;
    }
    sign(data, declared, metaFile, problems);
  }

  private static long[] sample(RowArray data) {
    long n = data.rows() * data.columns();
    long[] values = new long[PLACES * VALUES_EACH];
    int count = 0;
    long span = (long) VALUES_EACH * STRIDE;
    // a short file is looked at once, all of it where it is no longer than the sample
    int places = n <= PLACES * span ? 1 : PLACES;
    long stride = places > 1 ? STRIDE : Math.max(1, n / values.length);
    for (int p = 0; p < places; p++) {
      long from = places == 1 ? 0 : (n - span) * p / (places - 1);
      int most = values.length / places;
      for (int k = 0; k < most && from + k * stride < n; k++) {
        long i = from + k * stride;
        values[count++] = data.bits(i / data.columns(), (int) (i % data.columns()));
      }
    }
    return Arrays.copyOf(values, count);
  }

  /**
   * Samples of a signal have many lower and few upper bytes, which lie next to each other. Those
   * that are so in the other order alone are an error; where the lower byte is the same throughout,
   * they may be samples of eight bits.
   */
  private static boolean order(RowArray data, String declared, Path metaFile, Problems problems) {
    long[] values = Arrays.stream(sample(data)).filter(bits -> (bits & 0xffff) != 0).toArray();
    BitSet lows = new BitSet(256);
    BitSet highs = new BitSet(256);
    BitSet seen = new BitSet(1 << 16);
    for (long bits : values) {
      lows.set((int) bits & 0xff);
      highs.set((int) bits >> 8 & 0xff);
      seen.set(((int) bits & 0xff) << 8 | (int) bits >> 8 & 0xff);
    }
    if (values.length < ENOUGH
        || highs.cardinality() < MANY_BYTES
        || span(lows) > NEAR_BYTES
        || risesEvenly(data)) {
      return false;
    }
    int only = lows.nextSetBit(0);
    boolean same = lows.cardinality() == 1;
    String name = data.type().numpyName() + " in the other byte order";
    if (same && (data.type().isFloating() || only == 0x80)) {
      return false;
    }
    if (same && (only == 0 || only == 0xff)) {
      problems.warning(
          metaFile,
          "dtype",
          declared + " whose lower bytes are " + (only == 0 ? "zero" : "255"),
          "numbers that use them, or " + name,
          "where another machine wrote the file, swap its bytes; else nothing is to be done");
      return true;
    }
    if (!same
        && lows.stream()
                .filter(low -> seen.get(low << 8, (low + 1) << 8).cardinality() >= 4)
                .count()
            < 2) {
      return false;
    }
    problems.error(
        metaFile,
        "dtype",
        declared + ", as which the values make no sense",
        name + ", as which they do",
        "correct dtype, or swap the bytes of the file; all values read would be wrong");
    return true;
  }

  /** Returns how many bytes, 0 behind 255, all of some lie in. */
  private static int span(BitSet bytes) {
    int first = bytes.nextSetBit(0);
    int last = bytes.length() - 1;
    int gap = first + 256 - last;
    for (int b = first; b < last; ) {
      int next = bytes.nextSetBit(b + 1);
      gap = Math.max(gap, next - b);
      b = next;
    }
    return 257 - gap;
  }

  /**
   * Adds an error for values that lie at both ends of the range and nowhere else, and next to each
   * other with the other sign rule. Signals that are cut off at both ends take the outermost values
   * most often.
   *
   * @return whether there is one
   */
  static boolean sign(RowArray data, String declared, Path metaFile, Problems problems) {
    ElementType other =
        switch (data.type()) {
          case INT16 -> ElementType.UINT16;
          case UINT16 -> ElementType.INT16;
          case INT32 -> ElementType.UINT32;
          case UINT32 -> ElementType.INT32;
          case INT64 -> ElementType.UINT64;
          case UINT64 -> ElementType.INT64;
          default -> null;
        };
    if (other == null) {
      return false;
    }
    boolean unsigned = data.type().numpyName().startsWith("u");
    int above = 64 - 8 * data.type().bytes();
    long top = unsigned ? 0 : Long.MIN_VALUE;
    long[] values = sample(data);
    int negative = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (values[i] << above ^ top) >> above;
      if (values[i] >= 1L << 62 - above || values[i] < -(1L << 62 - above)) {
        return false;
      }
      negative += values[i] < 0 ? 1 : 0;
    }
    if (values.length < ENOUGH || Math.min(negative, values.length - negative) < 4) {
      return false;
    }
    Arrays.sort(values);
    long below = values[negative - 1];
    long from = values[negative];
    int n = values.length;
    if (negative < 0.05 * n
        || n - negative < 0.05 * n
        || Arrays.stream(values, 0, negative).distinct().count() < 8
        || Arrays.stream(values, negative, n).distinct().count() < 8
        || from - below > (values[n - 1] - values[0]) / 8
        || isCutOff(values, -1, -2)
        || !unsigned && isCutOff(values, 0, 1)) {
      return false;
    }
    problems.error(
        metaFile,
        "dtype",
        declared + " with values at both ends of its range alone",
        other.numpyName() + ", as which they lie next to each other",
        "correct dtype; about half of the values read would be wrong");
    return true;
  }

  private static boolean isCutOff(long[] values, long end, long next) {
    long ends = Arrays.stream(values).filter(v -> v == end).count();
    return ends > 3 * (Arrays.stream(values).filter(v -> v == next).count() + 2);
  }

  /** Returns whether signals rise or fall from row to row by steps alike, as a counter does. */
  static boolean risesEvenly(RowArray data) {
    int above = 64 - 8 * data.type().bytes();
    int even = 0;
    int runs = 0;
    for (int p = 0; p < PLACES && data.rows() > STEPS; p++) {
      long row = (data.rows() - 1 - STEPS) * p / (PLACES - 1);
      for (int c = 0; c < Math.min(PLACES, data.columns()); c++) {
        long least = Long.MAX_VALUE;
        long most = 0;
        int sum = 0;
        for (int k = 0; k < STEPS; k++) {
          long step =
              (data.bits(row + k + 1, c) << above) - (data.bits(row + k, c) << above) >> above;
          sum += Long.signum(step);
          least = Math.min(least, Math.abs(step));
          most = Math.max(most, Math.abs(step));
        }
        runs++;
        even += Math.abs(sum) == STEPS && most / 4 <= least ? 1 : 0;
      }
    }
    return runs > 0 && even >= 0.75 * runs;
  }
}
