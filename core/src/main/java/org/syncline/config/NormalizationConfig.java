/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.config.schema.Choice;
import org.syncline.document.Documents;

/** How a device's values are normalised. Immutable; safe for concurrent use. */
public final class NormalizationConfig {
  private final Mode mode;
  private final double[] means;
  private final double[] stds;

  private NormalizationConfig(Mode mode, double[] means, double[] stds) {
    this.mode = mode;
    this.means = means == null ? null : means.clone();
    this.stds = stds == null ? null : stds.clone();
  }

  /**
   * Returns the normalisation by a rule.
   *
   * @throws IllegalArgumentException for {@link Mode#MAP}, which {@link #of(double[], double[])}
   *     makes
   */
  public static NormalizationConfig of(Mode mode) {
    Objects.requireNonNull(mode, "mode is null");
    if (mode == Mode.MAP) {
      throw new IllegalArgumentException("mode is MAP, expected a rule that needs no statistics");
    }
    return new NormalizationConfig(mode, null, null);
  }

  /**
   * Returns the normalisation (x - mean) / std with given statistics: one number, or one for each
   * signal or channel.
   *
   * @param means null: the file's
   * @param stds null: the file's
   */
  public static NormalizationConfig of(double @Nullable [] means, double @Nullable [] stds) {
    return new NormalizationConfig(Mode.MAP, means, stds);
  }

  /** Returns the rule. */
  public Mode mode() {
    return mode;
  }

  /** Returns the means given, or null for the file's; a copy. */
  public double @Nullable [] means() {
    return means == null ? null : means.clone();
  }

  /** Returns the standard deviations given, or null for the file's; a copy. */
  public double @Nullable [] stds() {
    return stds == null ? null : stds.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NormalizationConfig o
        && o.mode == mode
        && Arrays.equals(o.means, means)
        && Arrays.equals(o.stds, stds);
  }

  @Override
  public int hashCode() {
    return Objects.hash(mode, Arrays.hashCode(means), Arrays.hashCode(stds));
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return "NormalizationConfig".concat(Documents.toJson(ConfigJson.plain(this)));
  }

  /** The original's names of the rules. */
  public enum Mode {
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

    /** Returns the name in configurations. */
    public String text() {
      return text;
    }

    /** Returns one sentence on what it means. */
    public String description() {
      return description;
    }

    /** Returns the names in configurations, which {@link #MAP} has not, and what they mean. */
    static Choice[] choices() {
      Mode[] all = values();
      Choice[] choices = new Choice[MAP.ordinal()];
      for (int i = 0; i < choices.length; i++) {
        choices[i] = new Choice(all[i], all[i].text, all[i].description);
      }
      return choices;
    }
  }
}
