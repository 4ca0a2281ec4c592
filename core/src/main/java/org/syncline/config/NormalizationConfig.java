/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

/**
 * How a device's values are normalised.
 *
 * @param mode the rule
 * @param means for MAP: the means given, or null: the file's
 * @param stds for MAP: the standard deviations given, or null: the file's
 */
public record NormalizationConfig(Mode mode, double[] means, double[] stds) {
  /** The original's names of the rules. */
  public enum Mode {
    NORMALIZE,
    NORMALIZE_VARIANCE_ONLY,
    RECOMPUTE_RESPONSES,
    RECOMPUTE_BEHAVIOR,
    SCREEN_DEFAULT,
    MAP
  }
}
