/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interval;

/** A stretch of time in seconds, both ends included. */
public record TimeInterval(double start, double end) {
  /** Returns whether {@code start <= time <= end}; false for NaN. */
  public boolean contains(double time) {
    return start <= time && time <= end;
  }
}
