/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.array.Tensor;
import org.syncline.text.Printable;

/** Values of one device at known times: the answer of an interval query. Immutable. */
public final class TimedValues {
  private final double[] times;
  private final Tensor values;

  TimedValues(double[] times, Tensor values) {
    this.times = times;
    this.values = values;
  }

  /** Returns a copy of the times in seconds, ascending, one a row of {@link #values}. */
  public double[] times() {
    return times.clone();
  }

  /**
   * Returns the values, whose first axis is the times; the memory is managed by the garbage
   * collector and stays valid as long as the tensor is reachable.
   */
  public Tensor values() {
    return values;
  }

  /** Returns type and shape of the values, and between which times they lie. */
  @Override
  public String toString() {
    int n = times.length;
    return "TimedValues("
        + values
        + (n == 0
            ? ""
            : " at " + Printable.digits(times[0]) + " to " + Printable.digits(times[n - 1]) + " s")
        + ")";
  }
}
