/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FillPass;
import org.syncline.kernel.PixelPass;
import org.syncline.transform.ChannelStatistics;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameStep;

/** Cuts a window out of each channel; what of it lies outside the frame is 0. */
final class CropStep extends FrameStep {
  private final int top;
  private final int left;

  /**
   * Creates the step.
   *
   * @param top first row of the window, negative where it begins above the frame
   * @param left first column of the window, negative where it begins before the frame
   */
  CropStep(FrameShape input, int top, int left, int height, int width) {
    super(input, new FrameShape(input.channels(), height, width));
    this.top = top;
    this.left = left;
  }

  int top() {
    return top;
  }

  int left() {
    return left;
  }

  /** Returns whether the window reaches outside the frame. */
  boolean pads() {
    return top < 0
        || left < 0
        || top + output().height() > input().height()
        || left + output().width() > input().width();
  }

  @Override
  protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
    return from == ElementType.UINT8 || from == ElementType.FLOAT32
        ? new Cropping(this, from, to, statistics)
        : null;
  }

  @Override
  protected boolean keepsValues() {
    return true;
  }

  @Override
  protected boolean constant(float[] channels) {
    return !pads();
  }

  private static final class Cropping implements Bound {
    private final CropStep step;
    private final ElementType from;
    private final ElementType to;
    private final ChannelStatistics statistics;

    /** Null where the window lies inside the frame. */
    private final FillPass fill;

    private final PixelPass[] passes;

    Cropping(CropStep step, ElementType from, ElementType to, ChannelStatistics statistics) {
      this.step = step;
      this.from = from;
      this.to = to;
      this.statistics = statistics;
      fill = step.pads() ? FillPass.of(to) : null;
      passes = ChannelPasses.each(from, to, statistics, step.input().channels());
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
      FrameShape in = step.input();
      FrameShape out = step.output();
      int firstRow = Math.max(0, step.top);
      int endRow = Math.min(in.height(), step.top + out.height());
      int firstColumn = Math.max(0, step.left);
      int count = Math.min(in.width(), step.left + out.width()) - firstColumn;
      for (int c = 0; c < in.channels(); c++) {
        long plane = dstOffset + c * planeBytes;
        if (fill != null) {
          float outside = statistics == null ? 0 : statistics.normalize(c, 0);
          fill.run(dst, plane, out.plane(), outside);
        }
        for (int y = firstRow; y < endRow; y++) {
          long pixel = ((long) c * in.height() + y) * in.width() + firstColumn;
          long place = (long) (y - step.top) * out.width() + firstColumn - step.left;
          passes[c].run(
              src, srcOffset + pixel * from.bytes(), dst, plane + place * to.bytes(), count);
        }
      }
    }
  }
}
