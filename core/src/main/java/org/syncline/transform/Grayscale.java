/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;

/**
 * Mixes three channels into {@code 0.2989 r + 0.587 g + 0.114 b}, as torchvision's Grayscale does;
 * grey frames stay.
 *
 * @param channels 1, or 3 equal ones
 */
public record Grayscale(int channels) implements ScreenTransform {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();

  /**
   * Checks the number of channels.
   *
   * @throws IllegalArgumentException for another number than 1 or 3
   */
  public Grayscale {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "num_output_channels is " + channels + ", expected 1 or 3");
    }
  }

  @Override
  public FrameShape outputShape(FrameShape input) {
    if (input.channels() != 1 && input.channels() != 3) {
      throw new IllegalArgumentException(
          "Grayscale takes frames of 1 or 3 channels, these are " + input);
    }
    return new FrameShape(channels, input.height(), input.width());
  }

  @Override
  public void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
    outputShape(shape);
    long plane = 4L * shape.plane();
    for (int t = 0; t < frames; t++) {
      long from = t * shape.channels() * plane;
      long to = t * channels * plane;
      if (shape.channels() == 3) {
        KERNELS.gray(source, from, plane, destination, to, shape.plane(), false, 0, 1);
      } else {
        MemorySegment.copy(source, from, destination, to, plane);
      }
      for (int c = 1; c < channels; c++) {
        MemorySegment.copy(destination, to, destination, to + c * plane, plane);
      }
    }
    // kernels know them by address alone: automatic memory must not be freed under them
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(destination);
  }
}
