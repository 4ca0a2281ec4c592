/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Scalar kernels over spike times and along time. */
class ScalarSpikeKernels implements SpikeKernels {}
