/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.config.InterpolationConfig;
import org.syncline.device.Interpolator;
import org.syncline.device.sequence.PhaseShiftedSequenceInterpolator;
import org.syncline.device.sequence.SequenceInterpolator;
import org.syncline.format.Statistics;
import org.syncline.interval.TimeInterval;

/** Says, without reading data, from when to when a device has a value at every time. Immutable. */
final class Coverage {
  private final TimeInterval valid;
  private final SequenceInterpolator sequence;
  private final double start;
  private final double period;
  private final double shift;
  private final long lastRow;

  private Coverage(TimeInterval valid, SequenceInterpolator sequence, double shift, long lastRow) {
    this.valid = valid;
    this.sequence = sequence;
    this.shift = shift;
    this.lastRow = lastRow;
    start = sequence == null ? 0 : sequence.startTime();
    period = sequence == null ? 0 : 1 / sequence.samplingRate();
  }

  static Coverage of(Interpolator device, InterpolationConfig options) {
    TimeInterval valid = device.validInterval();
    if (!(device instanceof SequenceInterpolator sequence)) {
      return new Coverage(valid, null, 0, 0);
    }
    double shift = 0;
    if (sequence instanceof PhaseShiftedSequenceInterpolator) {
      // the signal that is read furthest ahead is the first to pass the end of the data
      shift = Double.POSITIVE_INFINITY;
      double[] stored =
          Statistics.read(sequence.folder(), "phase_shifts", sequence.storedSignals());
      for (double s : sequence.select(stored)) {
        shift = Math.min(shift, s);
      }
      shift = shift == Double.POSITIVE_INFINITY ? 0 : shift;
    }
    boolean linear = "linear".equals(options.mode());
    return new Coverage(valid, sequence, shift, sequence.rows() - (linear ? 2 : 1));
  }

  boolean notBefore(double t) {
    return t >= valid.start();
  }

  boolean notAfter(double t) {
    if (!(t <= valid.end())) {
      return false;
    }
    if (sequence == null) {
      return true;
    }
    if (!(sequence.samplingRate() > 0)) {
      return sequence.rows() > 0
          && (lastRow == sequence.rows() - 1 || lastRow >= 0 && t < sequence.timeOf(lastRow + 1));
    }
    return Math.floor((t - shift - start) / period) <= lastRow;
  }
}
