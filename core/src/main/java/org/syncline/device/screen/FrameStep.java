/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResampleTable;
import org.syncline.transform.FrameShape;

/**
 * One step of a {@link FramePipe}: planar float32 frames in, planar frames out. Immutable.
 *
 * <p>{@code means} and {@code stds} are one per output channel, or null where nothing is normalised
 * on the way out.
 */
abstract class FrameStep {
  static final FrameKernels KERNELS = KernelProvider.get().frames();
  private static final ElementType FLOAT = ElementType.FLOAT32;

  final FrameShape in;
  final FrameShape out;

  FrameStep(FrameShape in, FrameShape out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Returns whether the step reads uint8 planes too, and writes any type; otherwise both are
   * float32.
   */
  boolean converts() {
    return false;
  }

  long scratchBytes() {
    return 0;
  }

  abstract void run(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      MemorySegment scratch,
      long scratchOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      long dstPlaneBytes,
      float[] means,
      float[] stds);

  /**
   * Changes the channels of a frame of one value, in place.
   *
   * @return whether the result is of one value a channel too
   */
  abstract boolean constant(float[] channels);

  /** Resizes each channel. */
  static final class Resample extends FrameStep {
    private final ResampleAxis rows;
    private final ResampleAxis columns;
    private final ResampleTable table;

    Resample(FrameShape in, ResampleAxis rows, ResampleAxis columns) {
      super(in, new FrameShape(in.channels(), rows.size(), columns.size()));
      this.rows = rows;
      this.columns = columns;
      table = new ResampleTable(rows, columns, KERNELS.lanes());
    }

    /** Returns this followed by a crop that lies inside. */
    Resample crop(int top, int left, int height, int width) {
      return new Resample(in, rows.crop(top, height), columns.crop(left, width));
    }

    @Override
    boolean converts() {
      return true;
    }

    @Override
    long scratchBytes() {
      return table.scratchBytes();
    }

    @Override
    void run(
        ElementType from,
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        ElementType to,
        MemorySegment dst,
        long dstOffset,
        long dstPlaneBytes,
        float[] means,
        float[] stds) {
      long rowBytes = (long) in.width() * from.bytes();
      for (int c = 0; c < in.channels(); c++) {
        KERNELS.resample(
            table,
            from,
            src,
            srcOffset + c * rowBytes * in.height(),
            rowBytes,
            scratch,
            scratchOffset,
            to,
            dst,
            dstOffset + c * dstPlaneBytes,
            stds != null,
            stds == null ? 0 : means[c],
            stds == null ? 1 : stds[c]);
      }
    }

    @Override
    boolean constant(float[] channels) {
      return true;
    }
  }

  /** Cuts a window out of each channel; what lies outside the frame is 0. */
  static final class Crop extends FrameStep {
    private final int top;
    private final int left;

    Crop(FrameShape in, int top, int left, int height, int width) {
      super(in, new FrameShape(in.channels(), height, width));
      this.top = top;
      this.left = left;
    }

    boolean pads() {
      return top < 0
          || left < 0
          || top + out.height() > in.height()
          || left + out.width() > in.width();
    }

    @Override
    void run(
        ElementType from,
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        ElementType to,
        MemorySegment dst,
        long dstOffset,
        long dstPlaneBytes,
        float[] means,
        float[] stds) {
      int firstRow = Math.max(0, top);
      int endRow = Math.min(in.height(), top + out.height());
      int firstColumn = Math.max(0, left);
      int count = Math.min(in.width(), left + out.width()) - firstColumn;
      boolean normalize = stds != null;
      boolean pads = pads();
      for (int c = 0; c < in.channels(); c++) {
        float mean = normalize ? means[c] : 0;
        float std = normalize ? stds[c] : 1;
        long target = dstOffset + c * dstPlaneBytes;
        if (pads) {
          KERNELS.fill(FLOAT, dst, target, out.plane(), normalize ? (0 - mean) / std : 0);
        }
        for (int y = firstRow; y < endRow; y++) {
          long at = srcOffset + 4L * (((long) c * in.height() + y) * in.width() + firstColumn);
          long to0 = target + 4L * ((long) (y - top) * out.width() + firstColumn - left);
          KERNELS.finish(FLOAT, src, at, FLOAT, dst, to0, count, normalize, mean, std);
        }
      }
    }

    @Override
    boolean constant(float[] channels) {
      return !pads();
    }
  }

  /** Mixes three channels into grey, and makes three of it where asked for. */
  static final class Gray extends FrameStep {
    Gray(FrameShape in, int channels) {
      super(in, new FrameShape(channels, in.height(), in.width()));
    }

    @Override
    void run(
        ElementType from,
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        ElementType to,
        MemorySegment dst,
        long dstOffset,
        long dstPlaneBytes,
        float[] means,
        float[] stds) {
      boolean normalize = stds != null;
      int n = in.plane();
      for (int c = 0; c < out.channels(); c++) {
        float mean = normalize ? means[c] : 0;
        float std = normalize ? stds[c] : 1;
        long target = dstOffset + c * dstPlaneBytes;
        if (in.channels() == 3) {
          KERNELS.gray(src, srcOffset, 4L * n, dst, target, n, normalize, mean, std);
        } else {
          KERNELS.finish(FLOAT, src, srcOffset, FLOAT, dst, target, n, normalize, mean, std);
        }
      }
    }

    @Override
    boolean constant(float[] channels) {
      if (in.channels() == 3) {
        channels[0] = channels[0] * 0.2989f + channels[1] * 0.587f + channels[2] * 0.114f;
      }
      if (out.channels() == 3) {
        channels[1] = channels[0];
        channels[2] = channels[0];
      }
      return true;
    }
  }

  /** Subtracts and divides by statistics of each channel; a null statistic cannot occur. */
  static final class Statistics extends FrameStep {
    final float[] ownMeans;
    final float[] ownStds;

    Statistics(FrameShape in, float[] means, float[] stds) {
      super(in, in);
      ownMeans = means;
      ownStds = stds;
    }

    @Override
    void run(
        ElementType from,
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        ElementType to,
        MemorySegment dst,
        long dstOffset,
        long dstPlaneBytes,
        float[] means,
        float[] stds) {
      for (int c = 0; c < in.channels(); c++) {
        long target = dstOffset + c * dstPlaneBytes;
        KERNELS.finish(
            FLOAT,
            src,
            srcOffset + 4L * c * in.plane(),
            FLOAT,
            dst,
            target,
            in.plane(),
            true,
            ownMeans[c],
            ownStds[c]);
        if (stds != null) {
          KERNELS.finish(
              FLOAT, dst, target, FLOAT, dst, target, in.plane(), true, means[c], stds[c]);
        }
      }
    }

    @Override
    boolean constant(float[] channels) {
      for (int c = 0; c < in.channels(); c++) {
        channels[c] = (channels[c] - ownMeans[c]) / ownStds[c];
      }
      return true;
    }
  }

  /** Subtracts and divides by statistics of each pixel. */
  static final class PixelStatistics extends FrameStep {
    private final MemorySegment pixelMeans;
    private final MemorySegment pixelStds;

    PixelStatistics(FrameShape in, MemorySegment means, MemorySegment stds) {
      super(in, in);
      pixelMeans = means;
      pixelStds = stds;
    }

    @Override
    void run(
        ElementType from,
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        ElementType to,
        MemorySegment dst,
        long dstOffset,
        long dstPlaneBytes,
        float[] means,
        float[] stds) {
      int n = in.plane();
      for (int c = 0; c < in.channels(); c++) {
        long target = dstOffset + c * dstPlaneBytes;
        long plane = 4L * c * n;
        MemorySegment m = c == 0 ? pixelMeans : pixelMeans.asSlice(plane);
        MemorySegment s = c == 0 ? pixelStds : pixelStds.asSlice(plane);
        KERNELS.normalizeEach(src, srcOffset + plane, m, s, dst, target, n);
        if (stds != null) {
          KERNELS.finish(FLOAT, dst, target, FLOAT, dst, target, n, true, means[c], stds[c]);
        }
      }
    }

    @Override
    boolean constant(float[] channels) {
      return false;
    }
  }
}
