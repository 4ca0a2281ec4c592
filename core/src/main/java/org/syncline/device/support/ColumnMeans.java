/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.kernel.SumPass;

/** The means of columns with NaN left out, in float64: memory of one cursor, for one thread. */
public final class ColumnMeans {
  private final SumPass sum;
  private final int columns;
  private final Arena arena;

  // made when first needed
  private MemorySegment sums;
  private MemorySegment counts;

  /**
   * Creates the memory.
   *
   * @param sum adds rows of the values' type
   * @param arena the cursor's
   */
  public ColumnMeans(SumPass sum, int columns, Arena arena) {
    this.sum = sum;
    this.columns = columns;
    this.arena = arena;
  }

  /**
   * Returns the mean of each column of rows that follow each other, float64, NaN where there are
   * only NaN; valid until the next call.
   */
  public MemorySegment of(MemorySegment values, long offset, int rows, long rowBytes) {
    if (sums == null) {
      counts = arena.allocate(Math.max(8, columns * 8L), 64);
      sums = arena.allocate(Math.max(8, columns * 8L), 64);
    }
    sums.fill((byte) 0);
    counts.fill((byte) 0);
    sum.run(values, offset, rowBytes, rows, sums, counts, columns);
    for (int j = 0; j < columns; j++) {
      long i = j * 8L;
      sums.set(JAVA_DOUBLE, i, sums.get(JAVA_DOUBLE, i) / counts.get(JAVA_DOUBLE, i));
    }
    return sums;
  }

  /** Returns how many numbers a column's last mean is of. */
  public double count(int column) {
    return counts.get(JAVA_DOUBLE, 8L * column);
  }
}
