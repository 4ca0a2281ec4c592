/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Vector kernels over video frames; what it does not override runs scalar. */
final class VectorFrameKernels extends ScalarFrameKernels {}
