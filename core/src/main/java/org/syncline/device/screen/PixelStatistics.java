/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.NormalizePixelsPass;
import org.syncline.transform.ChannelStatistics;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameStep;

/** Subtracts and divides by statistics of each pixel. */
final class PixelStatistics extends FrameStep {
  private final MemorySegment means;
  private final MemorySegment stds;

  /**
   * Creates the step.
   *
   * @param means float32, planar as frames are; stays open as long as the step is used
   * @param stds likewise
   */
  PixelStatistics(FrameShape shape, MemorySegment means, MemorySegment stds) {
    super(shape, shape);
    this.means = means;
    this.stds = stds;
  }

  @Override
  protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
    return from == ElementType.FLOAT32 && to == ElementType.FLOAT32 && statistics == null
        ? new Normalizing(input(), means, stds)
        : null;
  }

  private static final class Normalizing implements Bound {
    private final int plane;
    private final NormalizePixelsPass[] passes;

    Normalizing(FrameShape shape, MemorySegment means, MemorySegment stds) {
      plane = shape.plane();
      passes = new NormalizePixelsPass[shape.channels()];
      for (int c = 0; c < passes.length; c++) {
        long channel = 4L * c * plane;
        passes[c] = NormalizePixelsPass.of(means.asSlice(channel), stds.asSlice(channel), plane);
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
      for (int c = 0; c < passes.length; c++) {
        passes[c].run(src, srcOffset + 4L * c * plane, dst, dstOffset + c * planeBytes);
      }
    }
  }
}
