/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/** Kernels over video frames: widen, resize, crop, grey, planar colour, normalise. The owner of the screen fills it. */
public interface FrameKernels {}
