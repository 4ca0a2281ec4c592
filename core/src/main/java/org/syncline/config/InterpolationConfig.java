/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

/**
 * Options of an interpolator; those of other kinds than the device's are ignored, as the original
 * does.
 *
 * @param mode {@code nearest_neighbor} (default; sample and hold), {@code previous} (the same under
 *     its honest name), {@code nearest}, {@code linear}
 * @param keepNans linear: NaN stay
 * @param normalize interpolated values are normalised with the stored statistics
 * @param normalizeSubtractMean also the mean is subtracted
 * @param normalizeStdThreshold relative floor of the standard deviation, or null
 * @param rescale screen: frames are resized to {@code rescaleSize}
 * @param rescaleSize {height, width}, or null: the first trial's image size
 * @param useStimuliNames screen: pixels are in files named after the stimulus; null: as meta.yml
 *     says
 * @param window spikes: seconds
 * @param align spikes: {@code center}, {@code left} or {@code right}
 * @param smoothingSigma spikes: time steps, 0 for none
 * @param target a registered custom interpolator, or null
 */
public record InterpolationConfig(
    String mode,
    boolean keepNans,
    boolean normalize,
    boolean normalizeSubtractMean,
    Double normalizeStdThreshold,
    boolean rescale,
    int[] rescaleSize,
    Boolean useStimuliNames,
    double window,
    String align,
    double smoothingSigma,
    Target target) {
  /** The original's defaults. */
  public static final InterpolationConfig DEFAULT =
      new InterpolationConfig(
          "nearest_neighbor", false, false, false, null, false, null, null, 0.3, "center", 0, null);
}
