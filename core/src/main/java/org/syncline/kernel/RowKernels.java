/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/**
 * Kernels over rows of signals. Offsets are bytes, counts are elements; source and destination
 * never overlap.
 */
public interface RowKernels {
  /**
   * Converts a row; equal types are copied. Narrowing rounds to nearest even; floats to integers
   * saturate, NaN to 0.
   */
  void convert(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count);

  /** Writes one finished row: load, normalise, store. */
  void finish(
      RowFinish f, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count);

  /**
   * Writes {@code w0*row0 + w1*row1} in float64 (two products, one sum, no fma), finished; {@code
   * f.compute} is FLOAT64.
   */
  void blend(
      RowFinish f,
      MemorySegment src,
      long offset0,
      double w0,
      long offset1,
      double w1,
      MemorySegment dst,
      long dstOffset,
      int count);

  /**
   * Writes finished rows one after the other: for each {@code k} below {@code n} the row at {@code
   * rows[k]} times its bytes in the source. A row that is that of {@code k - 1} is finished once.
   *
   * @throws IndexOutOfBoundsException for rows outside the source or the destination
   */
  void finishRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count);

  /**
   * Writes finished blends one after the other, as {@link #blend} does: for each {@code k} below
   * {@code n} of the row at {@code rows[k]} times its bytes in the source, weighted by {@code
   * w0[k]}, and the one after it, by {@code w1[k]}.
   *
   * @throws IndexOutOfBoundsException for rows outside the source or the destination
   */
  void blendRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      double[] w0,
      double[] w1,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count);

  /**
   * Writes one finished row where column j is read at row {@code floor((time - shifts[j] - start) /
   * dt)}, NaN kept. Rows below {@code firstRow} or beyond {@code lastRow} (rounding at the edges of
   * the data) are read as those.
   *
   * @param offset byte offset of row {@code firstRow}; the rows after it follow at {@code rowBytes}
   * @param firstRow lowest row that any column reads
   * @param lastRow highest row that any column reads
   * @param round whether a remainder above one half counts as the next row: the row nearest in
   *     time, the earlier at a tie
   * @param shifts float64, one per column
   */
  void shiftedNearest(
      RowFinish f,
      MemorySegment src,
      long offset,
      long rowBytes,
      long firstRow,
      long lastRow,
      double time,
      double start,
      double dt,
      boolean round,
      MemorySegment shifts,
      MemorySegment dst,
      long dstOffset,
      int count);

  /**
   * Like {@link #shiftedNearest} with linear interpolation per column in float64: with {@code i}
   * the column's row, {@code t = time - shifts[j]}, {@code t0 = start + i*dt} and {@code t1 = start
   * + (i+1)*dt}, the value is {@code (t1-t)/(t1-t0)*x[i] + (t-t0)/(t1-t0)*x[i+1]}. Row {@code
   * lastRow + 1} lies inside the data too; {@code f.compute} is FLOAT64.
   */
  void shiftedLinear(
      RowFinish f,
      MemorySegment src,
      long offset,
      long rowBytes,
      long firstRow,
      long lastRow,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      MemorySegment dst,
      long dstOffset,
      int count);

  /** Returns whether any element is NaN; false for types without NaN. */
  boolean hasNaN(ElementType type, MemorySegment src, long offset, int count);

  /**
   * Looks for NaN in {@code n} rows that follow one another and writes a byte for each: 1 where it
   * has any, else 0. Returns how many have.
   */
  int rowsWithNaN(
      ElementType type,
      MemorySegment src,
      long offset,
      int count,
      int n,
      MemorySegment any,
      long anyOffset);

  /** Replaces NaN by a value, in place; returns how many were replaced. */
  int replaceNaN(ElementType type, MemorySegment data, long offset, int count, double value);

  /**
   * Replaces NaN in column j by {@code values[j]} (float64), in place; returns how many were
   * replaced.
   */
  int replaceNaNByColumn(
      ElementType type, MemorySegment data, long offset, int count, MemorySegment values);

  /** Adds a row to float64 column sums and counts (float64 too), NaN ignored. */
  void accumulate(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment sums,
      MemorySegment counts,
      int count);

  /** Adds squared deviations from {@code means} (float64) to float64 column sums, NaN ignored. */
  void accumulateSquares(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment means,
      MemorySegment sums,
      int count);
}
