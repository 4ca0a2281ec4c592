/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.SquarePass;
import org.syncline.kernel.SumPass;

/**
 * Means and population deviations of columns, NaN left out: the one rule for statistics that are
 * computed. Values are added in float64 in the order of their rows, then the squares of what they
 * are off their mean, in the same order. So all rows are given twice. Columns do not know of each
 * other: of some of them the results are those that all together give. For one thread.
 */
public final class ColumnMoments {
  private final SumPass add;
  private final SquarePass addSquares;
  private final int columns;
  private final MemorySegment sums;
  private final MemorySegment counts;
  private final MemorySegment squares;

  /**
   * Begins with no rows.
   *
   * @param type of the values
   * @param arena owner of three float64 a column
   */
  public ColumnMoments(ElementType type, int columns, Arena arena) {
    this.columns = columns;
    add = SumPass.of(type);
    addSquares = SquarePass.of(type);
    // room for at least one element: a segment of no bytes has no address to take
    long bytes = Math.max(8, columns * 8L);
    sums = arena.allocate(bytes, 64);
    counts = arena.allocate(bytes, 64);
    squares = arena.allocate(bytes, 64);
  }

  /** Adds rows that follow each other, the first at an offset in bytes. */
  public void add(MemorySegment rows, long offset, long count, long rowBytes) {
    add.run(rows, offset, rowBytes, Math.toIntExact(count), sums, counts, columns);
  }

  /**
   * Likewise for rows of float32, and keeps the extremes of each column.
   *
   * @param least float32, a number a column that is lowered
   * @param most likewise, raised
   */
  public void addWithExtremes(
      MemorySegment rows,
      long offset,
      long count,
      long rowBytes,
      MemorySegment least,
      MemorySegment most) {
    add.runWithExtremes(
        rows, offset, rowBytes, Math.toIntExact(count), sums, counts, least, most, columns);
  }

  /** Ends the sums: what they become are the means, NaN of a column without a number. */
  public void endSums() {
    for (int j = 0; j < columns; j++) {
      double mean = sums.getAtIndex(JAVA_DOUBLE, j) / counts.getAtIndex(JAVA_DOUBLE, j);
      sums.setAtIndex(JAVA_DOUBLE, j, mean);
    }
  }

  /** Adds the squares of the same rows once more, in the same order. */
  public void addSquares(MemorySegment rows, long offset, long count, long rowBytes) {
    addSquares.run(rows, offset, rowBytes, Math.toIntExact(count), sums, squares, columns);
  }

  /** Returns how many numbers a column has. */
  public long count(int column) {
    return (long) counts.getAtIndex(JAVA_DOUBLE, column);
  }

  /** Returns the means, behind {@link #endSums}. */
  public double[] means() {
    double[] means = new double[columns];
    MemorySegment.copy(sums, JAVA_DOUBLE, 0, means, 0, columns);
    return means;
  }

  /** Returns the sums of squares of what values are off their mean, behind all squares. */
  public double[] squares() {
    double[] all = new double[columns];
    MemorySegment.copy(squares, JAVA_DOUBLE, 0, all, 0, columns);
    return all;
  }

  /** Returns the population deviations, behind all squares. */
  public double[] stds() {
    double[] stds = new double[columns];
    for (int j = 0; j < columns; j++) {
      stds[j] = Math.sqrt(squares.getAtIndex(JAVA_DOUBLE, j) / counts.getAtIndex(JAVA_DOUBLE, j));
    }
    return stds;
  }
}
