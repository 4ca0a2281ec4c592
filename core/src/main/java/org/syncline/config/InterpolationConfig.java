/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Locale;

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

  /** How a sequence has values between its samples. */
  public enum Mode implements ConfigKey.Choice {
    /** Holds the last sample; the original's name for {@link #PREVIOUS}. */
    NEAREST_NEIGHBOR("Holds the last sample: the original's name for `previous`."),
    /** Holds the last sample, and never looks into the future. */
    PREVIOUS("Holds the last sample, and never looks into the future."),
    /** The sample nearest in time. */
    NEAREST("Takes the sample nearest in time."),
    /** Blends the two neighbours, in float64. */
    LINEAR("Blends the two neighbours, in float64.");

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
  }

  /** Where the window of spikes lies. */
  public enum Align implements ConfigKey.Choice {
    /** [t - w/2, t + w/2). */
    CENTER("[t - w/2, t + w/2)."),
    /** [t, t + w). */
    LEFT("[t, t + w)."),
    /** [t - w, t). */
    RIGHT("[t - w, t).");

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String description;

    Align(String description) {
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
  }
}
