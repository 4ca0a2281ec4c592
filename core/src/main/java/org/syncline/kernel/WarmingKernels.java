/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.kernel.lanes.Widths;

/**
 * The vector kernels in a process that has just started: each runs scalar until its vector form is
 * compiled, with the same bits. See {@link Warmup}.
 */
final class WarmingKernels implements Kernels {
  private final RowKernels rows = new WarmingRowKernels();
  private final FrameKernels frames = new WarmingFrameKernels();

  @Override
  public String name() {
    return bits() == 0 ? "scalar" : "vector" + bits();
  }

  @Override
  public int bits() {
    return Vectors.FAILURE == null ? Widths.BITS : 0;
  }

  @Override
  public RowKernels rows() {
    return rows;
  }

  @Override
  public FrameKernels frames() {
    return frames;
  }

  /** They work on more than a row a call, and are compiled while the first of them run. */
  @Override
  public SpikeKernels spikes() {
    return Vectors.FAILURE == null ? Vectors.SPIKES : new ScalarSpikeKernels();
  }
}
