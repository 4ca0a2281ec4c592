/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

/** A step applied to float32 frames; the built-in ones carry torchvision's names. The owner of the screen fills it. */
public interface ScreenTransform {}
