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
 * <p>Offsets are bytes, counts are elements; source and destination never overlap unless stated. Arithmetic is float32:
 * products and sums in the order of the taps, never fused, and a real division, so that every implementation writes the
 * same bits. {@code normalize} turns {@code x} into {@code (x - mean) / std}; without it mean and std are ignored.
 *
 * <p>Narrowing rounds to nearest even; to uint8 it saturates and NaN becomes 0.
 */
public interface FrameKernels {
  /** Returns how many float32 values one vector holds: what {@link ResampleTable} is laid out for; 1 for scalar. */
  int lanes();

  /**
   * Writes finished pixels.
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
  void interleave(MemorySegment src, long srcOffset, long planeBytes, MemorySegment dst, long dstOffset, int count);

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

  /** Writes {@code (x - means[i]) / stds[i]}, all float32; destination and source may be the same place. */
  void normalizeEach(
      MemorySegment src,
      long srcOffset,
      MemorySegment means,
      MemorySegment stds,
      MemorySegment dst,
      long dstOffset,
      int count);

  /** Writes the finished value of one number everywhere: rounded to {@code to} as {@link #finish} rounds. */
  void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value);

  /**
   * Writes the weighted sum of rows, {@code weights[w + k]} times row k for k from 0, as a float32 row.
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
   * Resamples a float32 row along its columns and finishes it as float32.
   *
   * @param src readable for {@link ResampleTable#scratchFloats} values from {@code srcOffset}
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
   * Resamples one plane and finishes it.
   *
   * @param table sizes and weights, laid out for these kernels
   * @param from uint8 or float32
   * @param rowBytes distance of the source's rows
   * @param scratch room for two rows of {@link ResampleTable#scratchFloats} float32 values from {@code scratchOffset}
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
    boolean direct = to == ElementType.FLOAT32;
    long second = scratchOffset + (long) table.scratchFloats() * Float.BYTES;
    long outBytes = (long) table.width() * to.bytes();
    float[] weights = table.rowWeights();
    for (int y = 0; y < table.height(); y++) {
      long from0 = srcOffset + table.rowStart(y) * rowBytes;
      vertical(
          from, src, from0, rowBytes, weights, table.rowWeight(y), table.rowTaps(y), scratch, scratchOffset,
          table.sourceWidth());
      long out = dstOffset + y * outBytes;
      if (direct) {
        horizontal(table, scratch, scratchOffset, dst, out, normalize, mean, std);
      } else {
        horizontal(table, scratch, scratchOffset, scratch, second, normalize, mean, std);
        finish(ElementType.FLOAT32, scratch, second, to, dst, out, table.width(), false, 0, 1);
      }
    }
  }
}
