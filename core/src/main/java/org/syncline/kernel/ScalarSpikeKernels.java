/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;

/** Scalar kernels over spike times and along time. */
class ScalarSpikeKernels implements SpikeKernels {
  @Override
  public void count(
      MemorySegment spikes,
      long base,
      MemorySegment bounds,
      int units,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      MemorySegment dst,
      long dstOffset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void smooth(
      MemorySegment src,
      long srcOffset,
      MemorySegment weights,
      int radius,
      int rows,
      int columns,
      MemorySegment dst,
      long dstOffset) {
    throw new UnsupportedOperationException();
  }
}
