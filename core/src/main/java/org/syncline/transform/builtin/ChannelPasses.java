/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import org.syncline.array.ElementType;
import org.syncline.kernel.FrameFinish;
import org.syncline.kernel.PixelPass;
import org.syncline.transform.ChannelStatistics;

/** What kernels do to each channel of a frame. */
final class ChannelPasses {
  private ChannelPasses() {}

  /**
   * Returns what a pass does to a channel.
   *
   * @param statistics null for none
   */
  static FrameFinish finish(
      ElementType from, ElementType to, ChannelStatistics statistics, int channel) {
    return statistics == null
        ? FrameFinish.conversion(from, to)
        : new FrameFinish(from, to, true, statistics.mean(channel), statistics.std(channel));
  }

  /**
   * Returns a pass over the pixels of each channel; they are one where all do the same.
   *
   * @param statistics null for none
   */
  static PixelPass[] each(
      ElementType from, ElementType to, ChannelStatistics statistics, int channels) {
    PixelPass[] passes = new PixelPass[channels];
    for (int c = 0; c < channels; c++) {
      passes[c] =
          c > 0 && statistics == null ? passes[0] : PixelPass.of(finish(from, to, statistics, c));
    }
    return passes;
  }
}
