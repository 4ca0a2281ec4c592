/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.util.Arrays;
import org.syncline.interval.TimeInterval;

/**
 * Reads signals that were each sampled a little later than the row's time: signal j is read at
 * {@code t - shift[j]}, shifts in seconds from {@code meta/phase_shifts.npy}.
 *
 * <p>Valid are times from {@code start + max(shift)} to {@code end + min(shift)}; a time at which
 * any selected signal lies past the stored data has no value. All else is as in {@link
 * SequenceInterpolator}.
 */
public final class PhaseShiftedSequenceInterpolator extends SequenceInterpolator {
  private final double[] shifts;

  PhaseShiftedSequenceInterpolator(Parts parts) {
    super(
        parts,
        new TimeInterval(
            parts.start + Arrays.stream(parts.shifts).max().orElse(0),
            parts.end + Arrays.stream(parts.shifts).min().orElse(0)));
    this.shifts = parts.shifts;
  }

  /** Returns a copy of the shifts of the selected signals in seconds. */
  public double[] phaseShifts() {
    return shifts.clone();
  }

  @Override
  double[] shifts() {
    return shifts;
  }

  /** {@inheritDoc} Each signal has its samples at times of its own. */
  @Override
  public boolean isOnGrid() {
    return false;
  }
}
