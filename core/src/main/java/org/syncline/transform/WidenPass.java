/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;

/** Converts a frame to float32, its values in the order in which they are stored. */
final class WidenPass implements FrameStep.Bound {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();

  private final ElementType from;
  private final int pixels;

  WidenPass(ElementType from, int pixels) {
    this.from = from;
    this.pixels = pixels;
  }

  @Override
  public void run(
      MemorySegment src,
      long srcOffset,
      MemorySegment scratch,
      long scratchOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes) {
    KERNELS.finish(from, src, srcOffset, ElementType.FLOAT32, dst, dstOffset, pixels, false, 0, 1);
  }
}
