/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interval;

import java.util.Objects;
import java.util.Optional;
import org.syncline.text.Printable;

/** A stretch of time in seconds, both ends included. */
public record TimeInterval(double start, double end) {
  /** Returns both ends in digits alone, however large the recording's clock is. */
  @Override
  public String toString() {
    return "TimeInterval[start=" + Printable.digits(start) + ", end=" + Printable.digits(end) + "]";
  }

  /** Returns whether {@code start <= time <= end}; false for NaN. */
  public boolean contains(double time) {
    return start <= time && time <= end;
  }

  /**
   * Finds the times that lie inside.
   *
   * @param times seconds, any order; NaN lies in no interval
   * @return their indices, ascending
   */
  public int[] intersect(double[] times) {
    Objects.requireNonNull(times, "times is null");
    int n = 0;
    for (double t : times) {
      if (contains(t)) {
        n++;
      }
    }
    int[] indices = new int[n];
    int k = 0;
    for (int i = 0; i < times.length; i++) {
      if (contains(times[i])) {
        indices[k++] = i;
      }
    }
    return indices;
  }

  /**
   * Returns the common part with another interval; empty where there is none, a single point where
   * they touch.
   */
  public Optional<TimeInterval> intersect(TimeInterval other) {
    double s = Math.max(start, other.start);
    double e = Math.min(end, other.end);
    return s <= e ? Optional.of(new TimeInterval(s, e)) : Optional.empty();
  }
}
