/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** The kernels without the Vector API: the correctness net, for every element type. */
final class ScalarKernels implements Kernels {
  private final RowKernels rows = new ScalarRowKernels();
  private final FrameKernels frames = new ScalarFrameKernels();
  private final SpikeKernels spikes = new ScalarSpikeKernels();

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int bits() {
    return 0;
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
