/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.kernel.lanes.Widths;

/**
 * The kernels on the Vector API, of the width in {@link Widths}; loaded by name from {@link
 * KernelProvider} only.
 */
final class VectorKernels implements Kernels {
  private final RowKernels rows = new VectorRowKernels();
  private final FrameKernels frames = new VectorFrameKernels();
  private final SpikeKernels spikes = new VectorSpikeKernels();

  @Override
  public String name() {
    return "vector" + Widths.BITS;
  }

  @Override
  public int bits() {
    return Widths.BITS;
  }

  @Override
  public RowKernels rows() {
    return rows;
  }

  @Override
  public FrameKernels frames() {
    return frames;
  }

  @Override
  public SpikeKernels spikes() {
    return spikes;
  }
}
