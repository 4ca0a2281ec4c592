/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;
import org.syncline.kernel.ResampleAxis;
import org.syncline.transform.FrameShape;

/**
 * The compiled way of one frame from memory as stored to finished planes: steps that change nothing
 * are gone, the last statistics are part of the step before them, and a frame without any step is
 * written in one pass. Immutable.
 */
final class FramePipe {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();
  private static final ElementType FLOAT = ElementType.FLOAT32;
  // rows of two buffers exactly 4 KiB apart look like store-to-load conflicts to the processor
  private static final int STAGGER_BYTES = 192;

  private final ElementType from;
  private final FrameShape in;
  private final boolean interleaved;
  private final FrameShape out;
  private final FrameStep[] steps;
  private final float[] means;
  private final float[] stds;
  private final ElementType to;
  private final boolean readsSource;
  private final long bufferBytes;
  private final long scratchBytes;

  private FramePipe(Builder b, ElementType to) {
    from = b.from;
    in = b.in;
    interleaved = b.interleaved;
    out = b.shape;
    List<FrameStep> list = new ArrayList<>(b.steps);
    if (!list.isEmpty() && list.getLast() instanceof FrameStep.Statistics last) {
      list.removeLast();
      means = last.ownMeans;
      stds = last.ownStds;
    } else {
      means = null;
      stds = null;
    }
    steps = list.toArray(FrameStep[]::new);
    this.to = to;
    readsSource =
        !interleaved
            && (from == FLOAT
                || from == ElementType.UINT8 && steps.length > 0 && steps[0].converts());
    long largest = in.pixels();
    long scratch = 0;
    for (FrameStep step : steps) {
      largest = Math.max(largest, step.out.pixels());
      scratch = Math.max(scratch, step.scratchBytes());
    }
    bufferBytes = (4 * largest + 63) / 64 * 64 + STAGGER_BYTES;
    scratchBytes = 2 * bufferBytes + scratch;
  }

  /** Collects the steps of a pipe. */
  static final class Builder {
    private final ElementType from;
    private final FrameShape in;
    private final boolean interleaved;
    private final List<FrameStep> steps = new ArrayList<>();
    private FrameShape shape;

    /**
     * Starts at a stored frame.
     *
     * @param interleaved whether channels are the last axis of the source rather than the first
     */
    Builder(ElementType from, FrameShape in, boolean interleaved) {
      this.from = from;
      this.in = in;
      this.interleaved = interleaved && in.channels() > 1;
      shape = in;
    }

    FrameShape shape() {
      return shape;
    }

    private void add(FrameStep step) {
      steps.add(step);
      shape = step.out;
    }

    /** Adds OpenCV's INTER_AREA. */
    void rescale(int height, int width) {
      if (height == shape.height() && width == shape.width()) {
        return;
      }
      boolean grows = height > shape.height() || width > shape.width();
      ResampleAxis rows =
          grows
              ? ResampleAxis.areaEnlarge(shape.height(), height)
              : ResampleAxis.area(shape.height(), height);
      ResampleAxis columns =
          grows
              ? ResampleAxis.areaEnlarge(shape.width(), width)
              : ResampleAxis.area(shape.width(), width);
      add(new FrameStep.Resample(shape, rows, columns));
    }

    /** Adds torchvision's Resize. */
    void resize(FrameShape target, String filter, boolean antialias) {
      // a record's equals is made of method handles when it is first called: 7 ms of an opening
      if (target.channels() == shape.channels()
          && target.height() == shape.height()
          && target.width() == shape.width()) {
        return;
      }
      add(
          new FrameStep.Resample(
              shape,
              ResampleAxis.resize(filter, antialias, shape.height(), target.height()),
              ResampleAxis.resize(filter, antialias, shape.width(), target.width())));
    }

    /** Adds a crop; a negative first row or column pads. */
    void crop(int top, int left, int height, int width) {
      if (height == shape.height() && width == shape.width()) {
        return;
      }
      FrameStep.Crop crop = new FrameStep.Crop(shape, top, left, height, width);
      if (!crop.pads()
          && !steps.isEmpty()
          && steps.getLast() instanceof FrameStep.Resample resample) {
        steps.removeLast();
        add(resample.crop(top, left, height, width));
      } else {
        add(crop);
      }
    }

    void gray(int channels) {
      if (channels != 1 || shape.channels() != 1) {
        add(new FrameStep.Gray(shape, channels));
      }
    }

    /** Adds statistics: one value or one per channel; no means: nothing is subtracted. */
    void statistics(double[] means, double[] stds) {
      int n = shape.channels();
      float[] m = new float[n];
      float[] s = new float[n];
      for (int c = 0; c < n; c++) {
        m[c] = means == null ? 0 : (float) means[means.length == 1 ? 0 : c];
        s[c] = (float) stds[stds.length == 1 ? 0 : c];
      }
      add(new FrameStep.Statistics(shape, m, s));
    }

    void pixelStatistics(MemorySegment means, MemorySegment stds) {
      add(new FrameStep.PixelStatistics(shape, means, stds));
    }

    FramePipe build(ElementType to) {
      return new FramePipe(this, to);
    }
  }

  FrameShape out() {
    return out;
  }

  ElementType type() {
    return to;
  }

  long scratchBytes() {
    return scratchBytes;
  }

  private float mean(int c) {
    return stds == null ? 0 : means[c];
  }

  private float std(int c) {
    return stds == null ? 1 : stds[c];
  }

  /**
   * Replaces the channels of a source frame of one value by the finished values.
   *
   * @param channels room for the larger of the numbers of channels on the way, three at least
   * @return whether the finished frame is of one value a channel
   */
  boolean constant(float[] channels) {
    for (FrameStep step : steps) {
      if (!step.constant(channels)) {
        return false;
      }
    }
    for (int c = 0; stds != null && c < out.channels(); c++) {
      channels[c] = (channels[c] - means[c]) / stds[c];
    }
    return true;
  }

  /**
   * Writes a finished frame.
   *
   * @param scratch room for {@link #scratchBytes}
   * @param planeBytes distance of the channels in the destination
   */
  void run(
      MemorySegment src,
      long srcOffset,
      MemorySegment scratch,
      MemorySegment dst,
      long dstOffset,
      long planeBytes) {
    if (steps.length == 0) {
      convert(src, srcOffset, scratch, dst, dstOffset, planeBytes);
      return;
    }
    MemorySegment segment = src;
    long offset = srcOffset;
    ElementType type = from;
    int buffer = 0;
    if (!readsSource) {
      load(src, srcOffset, scratch);
      segment = scratch;
      offset = 0;
      type = FLOAT;
      buffer = 1;
    }
    for (int i = 0; i < steps.length; i++) {
      FrameStep step = steps[i];
      boolean last = i == steps.length - 1;
      if (last && (to == FLOAT || step.converts())) {
        step.run(
            type,
            segment,
            offset,
            scratch,
            2 * bufferBytes,
            to,
            dst,
            dstOffset,
            planeBytes,
            means,
            stds);
        return;
      }
      long target = buffer * bufferBytes;
      step.run(
          type,
          segment,
          offset,
          scratch,
          2 * bufferBytes,
          FLOAT,
          scratch,
          target,
          4L * step.out.plane(),
          last ? means : null,
          last ? stds : null);
      segment = scratch;
      offset = target;
      type = FLOAT;
      buffer ^= 1;
    }
    for (int c = 0; c < out.channels(); c++) {
      KERNELS.finish(
          FLOAT,
          scratch,
          offset + 4L * c * out.plane(),
          to,
          dst,
          dstOffset + c * planeBytes,
          out.plane(),
          false,
          0,
          1);
    }
  }

  /** Writes planar float32 into the first buffer. */
  private void load(MemorySegment src, long srcOffset, MemorySegment scratch) {
    if (!interleaved) {
      KERNELS.finish(from, src, srcOffset, FLOAT, scratch, 0, in.pixels(), false, 0, 1);
      return;
    }
    MemorySegment pixels = src;
    long offset = srcOffset;
    ElementType type = from;
    if (from != FLOAT && from != ElementType.UINT8) {
      KERNELS.finish(from, src, srcOffset, FLOAT, scratch, bufferBytes, in.pixels(), false, 0, 1);
      pixels = scratch;
      offset = bufferBytes;
      type = FLOAT;
    }
    KERNELS.planar(
        type, pixels, offset, scratch, 0, 4L * in.plane(), in.plane(), false, null, null);
  }

  private void convert(
      MemorySegment src,
      long srcOffset,
      MemorySegment scratch,
      MemorySegment dst,
      long dstOffset,
      long planeBytes) {
    boolean normalize = stds != null;
    int n = in.plane();
    if (interleaved && to == FLOAT && (from == FLOAT || from == ElementType.UINT8)) {
      KERNELS.planar(from, src, srcOffset, dst, dstOffset, planeBytes, n, normalize, means, stds);
      return;
    }
    MemorySegment planes = src;
    long offset = srcOffset;
    ElementType type = from;
    if (interleaved) {
      load(src, srcOffset, scratch);
      planes = scratch;
      offset = 0;
      type = FLOAT;
    }
    for (int c = 0; c < in.channels(); c++) {
      KERNELS.finish(
          type,
          planes,
          offset + (long) c * n * type.bytes(),
          to,
          dst,
          dstOffset + c * planeBytes,
          n,
          normalize,
          mean(c),
          std(c));
    }
  }
}
