/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/**
 * All kernels of one width, chosen once by {@link KernelProvider}.
 *
 * <p>Kernels see native segments only (one kind of segment keeps HotSpot's access code monomorphic:
 * pitfall C1), check each range once and nothing else, allocate nothing, and must not be the first
 * to touch a mapped page (pitfall D9: the caller runs the page guard first).
 */
public interface Kernels {
  /** Returns {@code scalar}, {@code vector128}, {@code vector256} or {@code vector512}. */
  String name();

  /** Returns the vector width in bits, 0 for scalar. */
  int bits();

  /** Returns kernels over rows of signals. */
  RowKernels rows();

  /** Returns kernels over video frames. */
  FrameKernels frames();

  /** Returns kernels over spike times and smoothing along time. */
  SpikeKernels spikes();
}
