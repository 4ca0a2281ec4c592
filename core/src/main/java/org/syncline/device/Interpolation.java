/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.Objects;
import org.syncline.array.Tensor;

/** Values of one device at the valid ones of the times asked for. Immutable. */
public final class Interpolation {
  private final Tensor values;
  private final int[] valid;

  /**
   * Describes values.
   *
   * @param values first axis: valid times, in the order given; memory is managed by the garbage
   *     collector and stays valid as long as the tensor is reachable
   * @param valid indices of those times in the times asked for; copied
   */
  public Interpolation(Tensor values, int[] valid) {
    this.values = Objects.requireNonNull(values, "values is null");
    this.valid = valid.clone();
  }

  /**
   * Returns the values, whose first axis is the valid times in the order given; memory is managed
   * by the garbage collector and stays valid as long as the tensor is reachable.
   */
  public Tensor values() {
    return values;
  }

  /** Returns a copy of the indices of the valid times in the times asked for. */
  public int[] valid() {
    return valid.clone();
  }

  /** Returns type and shape of the values, one for each valid time. */
  @Override
  public String toString() {
    return "Interpolation("
        + values
        + ", "
        + valid.length
        + (valid.length == 1 ? " valid time)" : " valid times)");
  }
}
