/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interpolate;

/** Reads signals that were each sampled a little later than the row's time: signal j is read at {@code t - shift[j]}. */
public final class PhaseShiftedSequenceInterpolator extends SequenceInterpolator {
  PhaseShiftedSequenceInterpolator() {}

  /** Returns a copy of the shifts of the selected signals in seconds. */
  public double[] phaseShifts() {
    throw new UnsupportedOperationException();
  }
}
