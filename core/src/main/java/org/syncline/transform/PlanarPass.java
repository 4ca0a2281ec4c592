/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.DeinterleavePass;

/** Splits interleaved pixels of three channels into planes of float32, normalised or not. */
final class PlanarPass implements FrameStep.Bound {
  private final int plane;
  private final DeinterleavePass pass;

  /**
   * Creates the pass.
   *
   * @param from uint8 or float32
   * @param statistics null for none
   */
  PlanarPass(ElementType from, int plane, ChannelStatistics statistics) {
    this.plane = plane;
    pass =
        statistics == null
            ? DeinterleavePass.of(from, null, null)
            : DeinterleavePass.of(from, statistics.means(), statistics.stds());
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
    pass.run(src, srcOffset, dst, dstOffset, planeBytes, plane);
  }
}
