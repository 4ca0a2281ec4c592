/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Vector kernels over spike times and along time; what it does not override runs scalar. */
final class VectorSpikeKernels extends ScalarSpikeKernels {}
