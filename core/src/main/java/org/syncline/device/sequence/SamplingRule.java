/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import org.syncline.config.InterpolationConfig;
import org.syncline.kernel.ColumnShifts;
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

  /**
   * Returns whether a time takes the row after {@code row}, of rows {@code dt} seconds apart.
   *
   * @param place {@code (time - start) / dt}
   */
  boolean takesNext(double place, double row, double start, double dt, double time) {
    return this == NEAREST && place > row + ColumnShifts.middle(start, dt, time);
  }

  /** Returns whether a time takes the later of the two rows around it, from their times. */
  boolean takesNext(double time, double row, double next) {
    return this == NEAREST
        && (time - row) / (next - row) > ColumnShifts.middle(row, next - row, time);
  }

  /** Returns the rule of the kernels that read each signal at a time of its own. */
  ShiftPass.Mode shifted() {
    return shifted;
  }
}
