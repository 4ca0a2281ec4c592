/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/** Row passes that are bound for one run each: what tests compare, form by form. */
record RowCalls(Kernels kernels) {
  /** Lives as long as addresses of it are used, which keep nothing alive. */
  private static final MemorySegment SCRATCH =
      Arena.global().allocate(AveragePass.shiftedBytes(), 8);

  void convert(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    finish(RowFinish.conversion(from, to), src, srcOffset, dst, dstOffset, count);
  }

  void finish(
      RowFinish f,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count) {
    RowPass.of(kernels, f).run(src, srcOffset, dst, dstOffset, count);
  }

  void finishRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count) {
    GatherPass.of(kernels, f, count).run(src, rows, n, dst, dstOffset);
  }

  void blend(
      RowFinish f,
      MemorySegment src,
      long offset0,
      double w0,
      long offset1,
      double w1,
      MemorySegment dst,
      long dstOffset,
      int count) {
    BlendPass.of(kernels, f).run(src, offset0, w0, offset1, w1, dst, dstOffset, count);
  }

  void blendRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      double[] w0,
      double[] w1,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count) {
    GatherBlendPass.of(kernels, f, count).run(src, rows, w0, w1, n, dst, dstOffset);
  }

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
      int count) {
    ShiftPass.Mode mode = round ? ShiftPass.Mode.NEAREST : ShiftPass.Mode.PREVIOUS;
    ShiftPass.of(kernels, f, mode, new ColumnShifts(start, dt, shifts), count, rowBytes)
        .run(src, offset, firstRow, lastRow, time, dst, dstOffset);
  }

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
      int count) {
    ColumnShifts columns = new ColumnShifts(start, dt, shifts);
    ShiftPass.of(kernels, f, ShiftPass.Mode.LINEAR, columns, count, rowBytes)
        .run(src, offset, firstRow, lastRow, time, dst, dstOffset);
  }

  boolean hasNaN(ElementType type, MemorySegment src, long offset, int count) {
    return NanSearchPass.of(kernels, type).run(src, offset, count);
  }

  int rowsWithNaN(
      ElementType type,
      MemorySegment src,
      long offset,
      int count,
      int n,
      MemorySegment any,
      long anyOffset) {
    return NanRowsPass.of(kernels, type, count).run(src, offset, n, any, anyOffset);
  }

  int replaceNaN(ElementType type, MemorySegment data, long offset, int count, double value) {
    return NanValuePass.of(kernels, type).run(data, offset, count, value);
  }

  int replaceNaNByColumn(
      ElementType type, MemorySegment data, long offset, int count, MemorySegment values) {
    return NanColumnPass.of(kernels, type).run(data, offset, count, values);
  }

  void accumulate(
      ElementType type,
      MemorySegment src,
      long offset,
      long stride,
      int rows,
      MemorySegment sums,
      MemorySegment counts,
      int count) {
    SumPass.of(kernels, type).run(src, offset, stride, rows, sums, counts, count);
  }

  void accumulateSquares(
      ElementType type,
      MemorySegment src,
      long offset,
      long stride,
      int rows,
      MemorySegment means,
      MemorySegment sums,
      int count) {
    SquarePass.of(kernels, type).run(src, offset, stride, rows, means, sums, count);
  }

  void extremes(
      ElementType type,
      MemorySegment src,
      long offset,
      long stride,
      int rows,
      MemorySegment least,
      MemorySegment most,
      int count) {
    ExtremesPass.of(kernels, type).run(src, offset, stride, rows, least, most, count);
  }

  void sumsWithExtremes(
      MemorySegment src, long offset, long stride, int rows, MemorySegment[] kept, int count) {
    SumPass.of(kernels, ElementType.FLOAT32)
        .runWithExtremes(src, offset, stride, rows, kept[0], kept[1], kept[2], kept[3], count);
  }

  void average(
      ElementType from,
      MemorySegment src,
      long offset,
      long stride,
      MemorySegment weights,
      int rows,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    AveragePass.of(kernels, from, to)
        .run(src, offset, stride, weights, rows, dst, dstOffset, count);
  }

  void averageShifted(
      ElementType from,
      MemorySegment src,
      long offset,
      long stride,
      long first,
      int rows,
      double[] window,
      MemorySegment shifts,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    AveragePass.of(kernels, from, to)
        .runShifted(
            src, offset, stride, first, rows, window[0], window[1], window[2], shifts, SCRATCH, dst,
            dstOffset, count);
  }

  /** Averages in two parts. */
  void averageInParts(
      MemorySegment src,
      long offset,
      long stride,
      MemorySegment weights,
      int rows,
      ElementType to,
      MemorySegment sums,
      MemorySegment dst,
      long dstOffset,
      int count) {
    AveragePass pass = AveragePass.of(kernels, ElementType.FLOAT64, to);
    int first = rows / 2;
    pass.add(src, offset, stride, weights, 0, first, sums, count);
    pass.add(src, offset + first * stride, stride, weights, 8L * first, rows - first, sums, count);
    pass.finish(sums, dst, dstOffset, count);
  }
}
