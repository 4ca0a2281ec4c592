/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Rows by their numbers: their checks, and what follows from how they lie. */
final class Rows {
  /** Rows that take every way through a kernel: one after another, again, and elsewhere. */
  static final long[] ORDER = {0, 1, 1, 0, 2, 0};

  /** How many rows there are to choose {@link #ORDER} from. */
  static final int TRIED = 3;

  /** Elements up to which rows are finished as one. */
  private static final int RUN_ELEMENTS = 1 << 16;

  private Rows() {}

  /**
   * Returns the address of a source in which every row asked for, and {@code span - 1} after it,
   * lie.
   *
   * @throws IndexOutOfBoundsException where one does not
   */
  static long address(MemorySegment src, long[] rows, int n, int span, long rowBytes) {
    Objects.checkFromIndexSize(0, n, rows.length);
    long last = src.byteSize() / rowBytes - span;
    long signs = 0;
    for (int k = 0; k < n; k++) {
      signs |= rows[k] | last - rows[k];
    }
    if (signs < 0) {
      throw outside(src, rows, n, last);
    }
    return Addresses.of(src, 0, src.byteSize());
  }

  private static IndexOutOfBoundsException outside(
      MemorySegment src, long[] rows, int n, long last) {
    int k = 0;
    while (k < n - 1 && rows[k] >= 0 && rows[k] <= last) {
      k++;
    }
    return new IndexOutOfBoundsException(
        "row " + rows[k] + ", expected 0 to " + last + " in " + src);
  }

  /** Names the lengths that have code of their own. */
  static String kind(int columns) {
    return columns == ShortBlends.COUNT ? " of 3" : columns < Warmup.SHORTEST ? " of few" : "";
  }

  /** Returns whether each of the first rows is the one after that before it. */
  static boolean isRun(long[] rows, int n) {
    int k = 1;
    while (k < n && rows[k] == rows[k - 1] + 1) {
      k++;
    }
    return k >= n;
  }

  /**
   * Returns how many rows from the {@code k}th on lie one after the other and can be finished as
   * one, where no column has statistics of its own.
   */
  static int run(long[] rows, int k, int n, int columns) {
    int most = Math.min(n - k, Math.max(1, RUN_ELEMENTS / columns));
    int run = 1;
    while (run < most && rows[k + run] == rows[k] + run) {
      run++;
    }
    return run;
  }

  /** Returns whether {@link ShortRows} normalises such rows. */
  static boolean normalizesShort(RowFinish f) {
    return f.normalization() != RowFinish.Mode.NONE
        && f.compute() == f.from()
        && (f.from() == ElementType.FLOAT64 && isFloatOrDouble(f.to())
            || f.from() == ElementType.FLOAT32 && f.to() == ElementType.FLOAT32);
  }

  /** Returns whether {@link ShortRows} blends such rows. */
  static boolean blendsShort(RowFinish f) {
    return isFloatOrDouble(f.from()) && isFloatOrDouble(f.to());
  }

  private static boolean isFloatOrDouble(ElementType type) {
    return type == ElementType.FLOAT32 || type == ElementType.FLOAT64;
  }
}
