/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.trials;

/** Kinds of trials of a screen. */
public enum TrialKind {
  /** One frame from a file. */
  IMAGE,
  /** Several frames from a file. */
  VIDEO,
  /** One frame of one value. */
  BLANK,
  /** One frame of one value, not to be used. */
  INVALID
}
