/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;

/** Splits interleaved pixels of three channels into planes of float32, normalised or not. */
final class PlanarPass implements FrameStep.Bound {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();

  private final ElementType from;
  private final int plane;
  private final float[] means;
  private final float[] stds;

  /**
   * Creates the pass.
   *
   * @param from uint8 or float32
   * @param statistics null for none
   */
  PlanarPass(ElementType from, int plane, ChannelStatistics statistics) {
    this.from = from;
    this.plane = plane;
    means = statistics == null ? null : statistics.means();
    stds = statistics == null ? null : statistics.stds();
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
    KERNELS.planar(
        from, src, srcOffset, dst, dstOffset, planeBytes, plane, stds != null, means, stds);
  }
}
