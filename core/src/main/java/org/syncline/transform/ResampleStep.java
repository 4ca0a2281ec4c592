/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResamplePass;
import org.syncline.kernel.ResampleTable;

/** Resizes each channel by weights along both axes. */
final class ResampleStep extends FrameStep {
  private final ResampleAxis rows;
  private final ResampleAxis columns;

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
                : ResamplePass.of(table, ChannelStatistics.finish(from, to, statistics, c));
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
