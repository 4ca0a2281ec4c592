/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/** Frame passes that are bound for one run each: what tests compare, form by form. */
record FrameCalls(Kernels kernels) {
  int lanes() {
    return kernels.lanes();
  }

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
      float std) {
    PixelPass.of(kernels, new FrameFinish(from, to, normalize, mean, std))
        .run(src, srcOffset, dst, dstOffset, count);
  }

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
      float[] stds) {
    DeinterleavePass.of(kernels, from, normalize ? means : null, normalize ? stds : null)
        .run(src, srcOffset, dst, dstOffset, planeBytes, count);
  }

  void interleave(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count) {
    InterleavePass.of(kernels).run(src, srcOffset, planeBytes, dst, dstOffset, count);
  }

  void gray(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    ElementType f = ElementType.FLOAT32;
    GrayPass.of(kernels, new FrameFinish(f, f, normalize, mean, std))
        .run(src, srcOffset, planeBytes, dst, dstOffset, count);
  }

  void normalizeEach(
      MemorySegment src,
      long srcOffset,
      MemorySegment means,
      MemorySegment stds,
      MemorySegment dst,
      long dstOffset,
      int count) {
    NormalizePixelsPass.of(kernels, means, stds, count).run(src, srcOffset, dst, dstOffset);
  }

  void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value) {
    FillPass.of(kernels, to).run(dst, dstOffset, count, value);
  }

  void resample(
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
    ResamplePass.of(kernels, table, new FrameFinish(from, to, normalize, mean, std))
        .run(src, srcOffset, rowBytes, scratch, scratchOffset, dst, dstOffset);
  }
}
