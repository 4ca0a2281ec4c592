/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.array.Tensor;

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
}
