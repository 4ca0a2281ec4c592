/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/**
 * The vector kernels, made when they are first needed: to load the Vector API takes 50 ms or more.
 * Only the warm-up refers to it, in JVMs that have the module.
 */
final class Vectors {
  /** Null where {@link #FAILURE} is not, and so are the others. */
  static final VectorRowKernels ROWS;

  static final VectorFrameKernels FRAMES;
  static final VectorSpikeKernels SPIKES;

  /** Why they did not start, or null. */
  static final Throwable FAILURE;

  static {
    VectorRowKernels rows = null;
    VectorFrameKernels frames = null;
    VectorSpikeKernels spikes = null;
    Throwable failure = null;
    try {
      rows = new VectorRowKernels();
      frames = new VectorFrameKernels();
      spikes = new VectorSpikeKernels();
    } catch (LinkageError | RuntimeException e) {
      failure = e.getCause() == null ? e : e.getCause();
      KernelProvider.logScalar("they failed to start (" + failure + "); report it");
    }
    ROWS = failure == null ? rows : null;
    FRAMES = failure == null ? frames : null;
    SPIKES = failure == null ? spikes : null;
    FAILURE = failure;
  }

  private Vectors() {}
}
