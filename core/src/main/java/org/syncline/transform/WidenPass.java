/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.PixelPass;

/** Converts a frame to float32, its values in the order in which they are stored. */
final class WidenPass implements FrameStep.Bound {
  private final PixelPass pass;
  private final int pixels;

  WidenPass(ElementType from, int pixels) {
    pass = PixelPass.of(from, ElementType.FLOAT32);
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
    pass.run(src, srcOffset, dst, dstOffset, pixels);
  }
}
