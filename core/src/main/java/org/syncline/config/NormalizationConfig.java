/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Locale;

/**
 * How a device's values are normalised.
 *
 * @param mode the rule
 * @param means for MAP: the means given, or null: the file's
 * @param stds for MAP: the standard deviations given, or null: the file's
 */
public record NormalizationConfig(Mode mode, double[] means, double[] stds) {
  /** The original's names of the rules. */
  public enum Mode implements ConfigKey.Choice {
    /** (x - mean) / std. */
    NORMALIZE("(x - mean) / std, with the stored statistics."),
    /** x / std. */
    NORMALIZE_VARIANCE_ONLY("x / std, with the stored standard deviations."),
    /** x / std of the stored samples, NaN ignored. */
    RECOMPUTE_RESPONSES("x / std, computed from the device's stored samples, NaN ignored."),
    /** (x - mean) / std of the stored samples, NaN ignored. */
    RECOMPUTE_BEHAVIOR("(x - mean) / std, computed from the device's stored samples, NaN ignored."),
    /** (x - 80) / 60. */
    SCREEN_DEFAULT("(x - 80) / 60."),
    /** Statistics that the configuration gives. */
    MAP("Statistics that the configuration gives.");

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String description;

    Mode(String description) {
      this.description = description;
    }

    @Override
    public String text() {
      return text;
    }

    @Override
    public String description() {
      return description;
    }

    /** Returns the rules that have a name in configurations. */
    static Mode[] named() {
      return new Mode[] {
        NORMALIZE, NORMALIZE_VARIANCE_ONLY, RECOMPUTE_RESPONSES, RECOMPUTE_BEHAVIOR, SCREEN_DEFAULT
      };
    }
  }
}
