/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResamplePass;
import org.syncline.kernel.ResampleTable;
import org.syncline.transform.ChannelStatistics;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameStep;

/** Resizes each channel by weights along both axes. */
public final class ResampleStep extends FrameStep {
  private final ResampleAxis rows;
  private final ResampleAxis columns;

  /**
   * Returns OpenCV's resizing by areas, INTER_AREA.
   *
   * @param input another height or width than the new ones
   */
  public static ResampleStep area(FrameShape input, int height, int width) {
    boolean grows = height > input.height() || width > input.width();
    return new ResampleStep(
        input, area(grows, input.height(), height), area(grows, input.width(), width));
  }

  private static ResampleAxis area(boolean grows, int from, int to) {
    return grows ? ResampleAxis.areaEnlarge(from, to) : ResampleAxis.area(from, to);
  }

  ResampleStep(FrameShape input, ResampleAxis rows, ResampleAxis columns) {
    super(input, new FrameShape(input.channels(), rows.size(), columns.size()));
    this.rows = rows;
    this.columns = columns;
  }

  @Override
  protected FrameStep then(FrameStep next) {
    if (!(next instanceof CropStep crop) || crop.pads()) {
      return null;
    }
    return new ResampleStep(
        input(),
        rows.crop(crop.top(), crop.output().height()),
        columns.crop(crop.left(), crop.output().width()));
  }

  @Override
  protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
    return from == ElementType.UINT8 || from == ElementType.FLOAT32
        ? new Resampling(this, from, to, statistics)
        : null;
  }

  @Override
  protected boolean constant(float[] channels) {
    return true;
  }

  private static final class Resampling implements Bound {
    private final FrameShape input;
    private final ResampleTable table;
    private final ElementType from;
    private final ResamplePass[] passes;

    Resampling(ResampleStep step, ElementType from, ElementType to, ChannelStatistics statistics) {
      input = step.input();
      table = ResampleTable.of(step.rows, step.columns);
      this.from = from;
      passes = new ResamplePass[input.channels()];
      for (int c = 0; c < passes.length; c++) {
        passes[c] =
            c > 0 && statistics == null
                ? passes[0]
                : ResamplePass.of(table, ChannelPasses.finish(from, to, statistics, c));
      }
    }

    @Override
    public long scratchBytes() {
      return table.scratchBytes();
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
      long rowBytes = (long) input.width() * from.bytes();
      for (int c = 0; c < passes.length; c++) {
        long channel = srcOffset + c * rowBytes * input.height();
        long plane = dstOffset + c * planeBytes;
        passes[c].run(src, channel, rowBytes, scratch, scratchOffset, dst, plane);
      }
    }
  }
}
