/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Scalar kernels over video frames. */
class ScalarFrameKernels implements FrameKernels {}
