/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Statistics that values are normalised with: {@code (x - mean) / std} in the tensor's own dtype,
 * the statistics converted to that dtype first. Immutable.
 */
public final class Normalization {
  /** The most values that are worth a line. */
  private static final int SHOWN = 4;

  private final double[] means;
  private final double[] stds;

  /**
   * Copies statistics.
   *
   * @param means one value, or one per column (sequences) or per channel (screen); null where
   *     nothing is subtracted
   * @param stds likewise, never null
   */
  public Normalization(double @Nullable [] means, double[] stds) {
    this.means = means == null ? null : means.clone();
    this.stds = Objects.requireNonNull(stds, "stds is null").clone();
  }

  /**
   * Returns a copy of the means, one for all or one per column or channel; null where nothing is
   * subtracted.
   */
  public double @Nullable [] means() {
    return means == null ? null : means.clone();
  }

  /** Returns a copy of the standard deviations, one for all or one per column or channel. */
  public double[] stds() {
    return stds.clone();
  }

  /** Returns the statistics, of many how many there are. */
  @Override
  public String toString() {
    return "Normalization("
        + (means == null ? "" : shown("mean", means) + ", ")
        + shown("std", stds)
        + ")";
  }

  private static String shown(String what, double[] values) {
    return values.length <= SHOWN
        ? what + (values.length == 1 ? " " + values[0] : "s " + Arrays.toString(values))
        : values.length + " " + what + "s";
  }
}
