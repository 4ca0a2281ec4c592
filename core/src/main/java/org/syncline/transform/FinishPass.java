/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameKernels;
import org.syncline.kernel.KernelProvider;

/** Converts planes to another element type, normalised or not. */
final class FinishPass implements FrameStep.Bound {
  private static final FrameKernels KERNELS = KernelProvider.get().frames();

  private final ElementType from;
  private final FrameShape shape;
  private final ElementType to;
  private final ChannelStatistics statistics;

  /**
   * Creates the pass.
   *
   * @param statistics null for none
   */
  FinishPass(ElementType from, FrameShape shape, ElementType to, ChannelStatistics statistics) {
    this.from = from;
    this.shape = shape;
    this.to = to;
    this.statistics = statistics;
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
    int n = shape.plane();
    for (int c = 0; c < shape.channels(); c++) {
      KERNELS.finish(
          from,
          src,
          srcOffset + (long) c * n * from.bytes(),
          to,
          dst,
          dstOffset + c * planeBytes,
          n,
          normalize,
          normalize ? statistics.mean(c) : 0,
          normalize ? statistics.std(c) : 1);
    }
  }
}
