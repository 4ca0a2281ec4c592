/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;

/**
 * Subtracts means and divides by standard deviations in float32, as torchvision's Normalize does.
 *
 * @param mean one value, or one per channel; not to be changed afterwards
 * @param std likewise; none is 0
 */
public record Normalize(float[] mean, float[] std) implements ScreenTransform {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();

  /**
   * Checks the statistics.
   *
   * @throws IllegalArgumentException for no mean or no std, a std of 0, or lengths that do not go
   *     together
   */
  public Normalize {
    if (mean.length == 0 || std.length == 0) {
      throw new IllegalArgumentException("mean and std need one value, or one per channel");
    }
    if (mean.length != std.length && mean.length != 1 && std.length != 1) {
      throw new IllegalArgumentException(
          mean.length + " means and " + std.length + " stds, expected as many of both");
    }
    for (float s : std) {
      if (!(Math.abs(s) > 0)) {
        throw new IllegalArgumentException(
            "std is " + Arrays.toString(std) + ", expected numbers other than 0");
      }
    }
  }

  /** Returns the mean of a channel. */
  public float mean(int channel) {
    return mean[mean.length == 1 ? 0 : channel];
  }

  /** Returns the standard deviation of a channel. */
  public float std(int channel) {
    return std[std.length == 1 ? 0 : channel];
  }

  @Override
  public FrameShape outputShape(FrameShape input) {
    int n = Math.max(mean.length, std.length);
    if (n != 1 && n != input.channels()) {
      throw new IllegalArgumentException(
          "Normalize has statistics of "
              + n
              + " channels, frames are "
              + input
              + ": expected 1 or "
              + input.channels());
    }
    return input;
  }

  @Override
  public void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
    outputShape(shape);
    for (long p = 0; p < (long) frames * shape.channels(); p++) {
      int c = (int) (p % shape.channels());
      long at = 4 * p * shape.plane();
      KERNELS.finish(
          ElementType.FLOAT32,
          source,
          at,
          ElementType.FLOAT32,
          destination,
          at,
          shape.plane(),
          true,
          mean(c),
          std(c));
    }
    // kernels know them by address alone: automatic memory must not be freed under them
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(destination);
  }
}
