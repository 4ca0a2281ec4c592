/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Vector kernels over rows of signals; what it does not override runs scalar. */
final class VectorRowKernels extends ScalarRowKernels {}
