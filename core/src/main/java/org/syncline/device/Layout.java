/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

/** How a device's values lie in a chunk. */
public enum Layout {
  /** (T, N): a row of columns at each time, like signals. */
  COLUMNS,
  /**
   * (C, T, H, W): a picture at each time, like a screen's. Statistics are per channel, screen
   * transforms apply, and signals can be appended as channels.
   */
  FRAMES
}
