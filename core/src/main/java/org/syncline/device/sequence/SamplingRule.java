/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import org.syncline.config.InterpolationConfig;
import org.syncline.kernel.ShiftPass;

/** Which rows a time reads: one for each mode that a configuration may name. */
enum SamplingRule {
  /** The last row whose time is not after the time. */
  PREVIOUS(ShiftPass.Mode.PREVIOUS, false),
  /** That, or the next one where it is nearer; at equal distance the earlier. */
  NEAREST(ShiftPass.Mode.NEAREST, false),
  /** A blend of that and the next one, in float64. */
  LINEAR(ShiftPass.Mode.LINEAR, true),
  /** An average over a window; the row of a time decides whether it has a value. */
  MEAN(ShiftPass.Mode.PREVIOUS, false);

  private final ShiftPass.Mode shifted;
  private final boolean blends;

  SamplingRule(ShiftPass.Mode shifted, boolean blends) {
    this.shifted = shifted;
    this.blends = blends;
  }

  static SamplingRule of(InterpolationConfig.Mode mode) {
    return switch (mode) {
      case NEAREST_NEIGHBOR, PREVIOUS -> PREVIOUS;
      case NEAREST -> NEAREST;
      case LINEAR -> LINEAR;
      case MEAN -> MEAN;
    };
  }

  /** Returns whether a value is made of two rows, so that a time needs the row after its own. */
  boolean blends() {
    return blends;
  }

  /** Returns whether a value is made of all rows of a window. */
  boolean averages() {
    return this == MEAN;
  }

  /** Returns whether a time so far on its way to the next row, from 0 to 1, takes that one. */
  boolean takesNext(double fraction) {
    return this == NEAREST && fraction > 0.5;
  }

  /** Returns whether a time takes the next row, from its distances in seconds to both. */
  boolean takesNext(double toRow, double toNext) {
    return this == NEAREST && toNext < toRow;
  }

  /** Returns the rule of the kernels that read each signal at a time of its own. */
  ShiftPass.Mode shifted() {
    return shifted;
  }
}
