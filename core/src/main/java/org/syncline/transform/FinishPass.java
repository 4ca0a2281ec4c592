/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameFinish;
import org.syncline.kernel.PixelPass;

/** Converts planes to another element type, normalised or not. */
final class FinishPass implements FrameStep.Bound {
  private final ElementType from;
  private final FrameShape shape;
  private final PixelPass[] passes;

  /**
   * Creates the pass.
   *
   * @param statistics null for none
   */
  FinishPass(ElementType from, FrameShape shape, ElementType to, ChannelStatistics statistics) {
    this.from = from;
    this.shape = shape;
    passes = new PixelPass[shape.channels()];
    for (int c = 0; c < passes.length; c++) {
      passes[c] =
          PixelPass.of(
              statistics == null
                  ? FrameFinish.conversion(from, to)
                  : new FrameFinish(from, to, true, statistics.mean(c), statistics.std(c)));
    }
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
    int n = shape.plane();
    for (int c = 0; c < passes.length; c++) {
      long channel = srcOffset + (long) c * n * from.bytes();
      passes[c].run(src, channel, dst, dstOffset + c * planeBytes, n);
    }
  }
}
