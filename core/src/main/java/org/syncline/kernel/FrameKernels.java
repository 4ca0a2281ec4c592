/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/**
 * Kernels over video frames: widen, resize, grey, planar colour, normalise.
 *
 * <p>Offsets are bytes, counts are elements; source and destination never overlap unless stated.
 * Arithmetic is float32: products and sums in the order of the taps, never fused, and a real
 * division, so that every implementation writes the same bits. {@code normalize} turns {@code x}
 * into {@code (x - mean) / std}; without it mean and std are ignored.
 *
 * <p>Narrowing rounds to nearest even; to uint8 it saturates and NaN becomes 0. Sign and payload of
 * a NaN are not defined, but for float16 and bfloat16 they are those of the positive quiet NaN.
 */
public interface FrameKernels {
  /**
   * Returns how many float32 values one vector holds: what {@link ResampleTable} is laid out for; 1
   * for scalar.
   */
  int lanes();

  /**
   * Writes finished pixels; equal types without normalisation are copied. Source and destination
   * may be the same place where both are float32.
   *
   * @param from any type but bfloat16; uint8, float32 and float64 are fast
   * @param to float32, float64, float16, bfloat16 or uint8
   */
  void finish(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std);

  /**
   * Splits interleaved pixels (count, 3) into three float32 planes, normalised per channel.
   *
   * @param from uint8 or float32
   * @param planeBytes distance of the planes in the destination
   * @param means one per channel; not read without {@code normalize}
   * @param stds likewise
   */
  void planar(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int count,
      boolean normalize,
      float[] means,
      float[] stds);

  /** Joins three float32 planes into interleaved float32 pixels (count, 3). */
  void interleave(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count);

  /** Writes {@code 0.2989 r + 0.587 g + 0.114 b} of float32 planes, normalised, as float32. */
  void gray(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std);

  /**
   * Writes {@code (x - means[i]) / stds[i]}, all float32; destination and source may be the same
   * place.
   */
  void normalizeEach(
      MemorySegment src,
      long srcOffset,
      MemorySegment means,
      MemorySegment stds,
      MemorySegment dst,
      long dstOffset,
      int count);

  /**
   * Writes the finished value of one number everywhere: rounded to {@code to} as {@link #finish}
   * rounds.
   */
  void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value);

  /**
   * Writes the weighted sum of rows, {@code weights[w + k]} times row k for k from 0, as a float32
   * row.
   *
   * @param from uint8 or float32
   */
  void vertical(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count);

  /**
   * Writes the weighted sum of float32 rows, as {@link #vertical} does, normalised.
   *
   * @param w index of the first weight
   */
  void verticalFinish(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std);

  /**
   * Resamples a float32 row along its columns and finishes it as float32.
   *
   * @param src readable for {@link ResampleTable#scratchRowBytes} from {@code srcOffset}
   */
  void horizontal(
      ResampleTable table,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std);

  /**
   * Resamples one plane and finishes it: rows first where it shrinks vertically, else columns
   * first.
   *
   * @param table sizes and weights, laid out for these kernels
   * @param from uint8 or float32
   * @param rowBytes distance of the source's rows
   * @param scratch room for {@link ResampleTable#scratchBytes} from {@code scratchOffset}
   * @param dst destination, rows without gaps
   */
  default void resample(
      ResampleTable table,
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      MemorySegment scratch,
      long scratchOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std) {
    long scratchRow = table.scratchRowBytes();
    long second = scratchOffset + scratchRow;
    boolean direct = to == ElementType.FLOAT32;
    MemorySegment rowTarget = direct ? dst : scratch;
    long outBytes = (long) table.width() * to.bytes();
    int ready = 0;
    for (int y = 0; y < table.height(); y++) {
      long out = dstOffset + y * outBytes;
      // enlarged rows are cheap to compute again, and written as one stream; copies from row to row
      // are slower
      if (table.repeats(y) && !(direct && table.columnsFirst())) {
        MemorySegment.copy(dst, out - outBytes, dst, out, outBytes);
        continue;
      }
      long target = direct ? out : second;
      if (table.columnsFirst()) {
        // all rows before the first is written: stores that miss the cache would hold up those to
        // the scratch
        for (; ready < table.sourceHeight(); ready++) {
          vertical(
              from,
              src,
              srcOffset + ready * rowBytes,
              rowBytes,
              ResampleTable.ONE,
              0,
              1,
              scratch,
              scratchOffset,
              table.sourceWidth());
          horizontal(
              table,
              scratch,
              scratchOffset,
              scratch,
              second + (1 + ready) * scratchRow,
              false,
              0,
              1);
        }
        verticalFinish(
            scratch,
            second + (1 + table.rowStart(y)) * scratchRow,
            scratchRow,
            table.rowWeights(),
            table.rowWeight(y),
            table.rowTaps(y),
            rowTarget,
            target,
            table.width(),
            normalize,
            mean,
            std);
      } else {
        vertical(
            from,
            src,
            srcOffset + table.rowStart(y) * rowBytes,
            rowBytes,
            table.rowWeights(),
            table.rowWeight(y),
            table.rowTaps(y),
            scratch,
            scratchOffset,
            table.sourceWidth());
        horizontal(table, scratch, scratchOffset, rowTarget, target, normalize, mean, std);
      }
      if (!direct) {
        finish(ElementType.FLOAT32, scratch, second, to, dst, out, table.width(), false, 0, 1);
      }
    }
  }
}
