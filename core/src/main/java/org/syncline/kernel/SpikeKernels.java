/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Kernels that count spikes in windows and smooth along time. The owner of the spikes fills it. */
public interface SpikeKernels {}
