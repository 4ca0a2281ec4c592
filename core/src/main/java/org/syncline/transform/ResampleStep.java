/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResampleTable;

/** Resizes each channel by weights along both axes. */
final class ResampleStep extends FrameStep {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();

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
    private final ElementType to;
    private final ChannelStatistics statistics;

    Resampling(ResampleStep step, ElementType from, ElementType to, ChannelStatistics statistics) {
      input = step.input();
      table = new ResampleTable(step.rows, step.columns, KERNELS.lanes());
      this.from = from;
      this.to = to;
      this.statistics = statistics;
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
      boolean normalize = statistics != null;
      long rowBytes = (long) input.width() * from.bytes();
      for (int c = 0; c < input.channels(); c++) {
        KERNELS.resample(
            table,
            from,
            src,
            srcOffset + c * rowBytes * input.height(),
            rowBytes,
            scratch,
            scratchOffset,
            to,
            dst,
            dstOffset + c * planeBytes,
            normalize,
            normalize ? statistics.mean(c) : 0,
            normalize ? statistics.std(c) : 1);
      }
    }
  }
}
