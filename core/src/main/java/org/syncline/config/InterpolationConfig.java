/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.document.Documents;

/**
 * Options of an interpolator; those of other kinds than the device's change nothing, as in the
 * original, and are a warning of opening. Immutable; safe for concurrent use.
 */
public final class InterpolationConfig {
  /** The original's defaults. */
  public static final InterpolationConfig DEFAULT = builder().build();

  private final Mode mode;
  private final Double meanWindow;
  private final Align meanAlign;

  /** What is said is not what is meant: not among {@link #values}. */
  private final boolean meanAlignGiven;

  private final Double maxGap;
  private final boolean keepNans;
  private final boolean normalize;
  private final boolean normalizeSubtractMean;
  private final Double normalizeStdThreshold;
  private final boolean rescale;
  private final int[] rescaleSize;
  private final Boolean useStimuliNames;
  private final double window;
  private final Align align;
  private final double smoothingSigma;
  private final Target target;

  private InterpolationConfig(Builder b) {
    mode = b.mode;
    meanWindow = b.meanWindow;
    meanAlign = b.meanAlign == null ? (Align) ConfigSchema.ALIGN.defaultValue() : b.meanAlign;
    meanAlignGiven = b.meanAlign != null;
    maxGap = b.maxGap;
    keepNans = b.keepNans;
    normalize = b.normalize;
    normalizeSubtractMean = b.normalizeSubtractMean;
    normalizeStdThreshold = b.normalizeStdThreshold;
    rescale = b.rescale;
    rescaleSize = b.rescaleSize;
    useStimuliNames = b.useStimuliNames;
    window = b.window;
    align = b.align;
    smoothingSigma = b.smoothingSigma;
    target = b.target;
  }

  /**
   * Returns whether the map {@code interpolation} may have a key that is no argument of a target.
   */
  public static boolean isKey(String name) {
    Objects.requireNonNull(name, "name is null");
    return ConfigSchema.INTERPOLATION_KEYS.has(name);
  }

  /**
   * Returns whether devices of a modality read an option; of a modality that does not come with the
   * library nobody knows, and every option counts as read.
   *
   * @throws IllegalArgumentException for an option that there is not
   */
  public static boolean isRead(String option, String modality) {
    ConfigKey key = null;
    boolean known = modality.equals("time_interval");
    for (ConfigKey each : ConfigSchema.INTERPOLATION_KEYS.keys()) {
      known |= each.readers().contains(modality);
      if (each.name().equals(option)) {
        key = each;
      }
    }
    if (key == null) {
      throw new IllegalArgumentException(
          "unknown option '"
              + option
              + "', expected one of "
              + ConfigSchema.INTERPOLATION_KEYS.names());
    }
    return !known || key.readers().isEmpty() || key.readers().contains(modality);
  }

  /**
   * Returns what is given that devices of a modality do not read, with another value than the
   * default: the option's name, and the names of those that may be meant.
   */
  public Map<String, List<String>> unread(String modality) {
    Objects.requireNonNull(modality, "modality is null");
    if (target != null || !meanAlignGiven && equals(DEFAULT)) {
      return Map.of();
    }
    Map<String, Object> given = ConfigJson.plain(this);
    Map<String, Object> usual = ConfigJson.plain(DEFAULT);
    if (meanAlignGiven) {
      given.put(ConfigSchema.ALIGN.name(), meanAlign.text());
    }
    Map<String, List<String>> unread = new LinkedHashMap<>();
    // opening begins with this: each lambda is a class more to define
    for (Map.Entry<String, Object> option : given.entrySet()) {
      String name = option.getKey();
      if (!Objects.deepEquals(option.getValue(), usual.get(name)) && !isRead(name, modality)) {
        unread.put(name, meant(name, modality));
      }
    }
    return unread;
  }

  /** Returns the option whose name is the same but for its beginning, else all. */
  private static List<String> meant(String name, String modality) {
    List<String> all = new ArrayList<>();
    for (ConfigKey key : ConfigSchema.INTERPOLATION_KEYS.keys()) {
      if (!key.readers().isEmpty() && isRead(key.name(), modality)) {
        if (key.name().endsWith(name) || name.endsWith(key.name())) {
          return List.of(key.name());
        }
        all.add(key.name());
      }
    }
    return all;
  }

  /** Returns a builder with every option at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these values. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.mode = mode;
    b.meanWindow = meanWindow;
    b.meanAlign = meanAlignGiven ? meanAlign : null;
    b.maxGap = maxGap;
    b.keepNans = keepNans;
    b.normalize = normalize;
    b.normalizeSubtractMean = normalizeSubtractMean;
    b.normalizeStdThreshold = normalizeStdThreshold;
    b.rescale = rescale;
    b.rescaleSize = rescaleSize;
    b.useStimuliNames = useStimuliNames;
    b.window = window;
    b.align = align;
    b.smoothingSigma = smoothingSigma;
    b.target = target;
    return b;
  }

  /** Returns how a sequence has values between its samples. */
  public Mode mode() {
    return mode;
  }

  /**
   * Returns the seconds over which {@link Mode#MEAN} averages, or null: one period of the device's
   * rate.
   */
  public @Nullable Double meanWindow() {
    return meanWindow;
  }

  /** Returns where the window of {@link Mode#MEAN} lies. */
  public Align meanAlign() {
    return meanAlign;
  }

  /**
   * Returns how far in seconds a time may lie from the sample of an irregular sequence that it
   * takes, linear how far its two neighbours from each other; null for any distance.
   */
  public @Nullable Double maxGap() {
    return maxGap;
  }

  /** Returns whether, linear, NaN stay. */
  public boolean keepNans() {
    return keepNans;
  }

  /** Returns whether interpolated values are divided by the stored standard deviations. */
  public boolean normalize() {
    return normalize;
  }

  /** Returns whether the stored means are subtracted first. */
  public boolean normalizeSubtractMean() {
    return normalizeSubtractMean;
  }

  /** Returns the floor of the standard deviations as a share of their mean, or null. */
  public @Nullable Double normalizeStdThreshold() {
    return normalizeStdThreshold;
  }

  /** Returns whether frames are resized. */
  public boolean rescale() {
    return rescale;
  }

  /** Returns {height, width} of resized frames, or null: the first trial's image size; a copy. */
  public int @Nullable [] rescaleSize() {
    return rescaleSize == null ? null : rescaleSize.clone();
  }

  /**
   * Returns whether a screen's pixels are in files named after the stimulus; null: as meta.yml
   * says.
   */
  public @Nullable Boolean useStimuliNames() {
    return useStimuliNames;
  }

  /** Returns the seconds in which spikes are counted. */
  public double window() {
    return window;
  }

  /** Returns where the window of spikes lies. */
  public Align align() {
    return align;
  }

  /** Returns the standard deviation of the filter over spike counts in time steps, 0 for none. */
  public double smoothingSigma() {
    return smoothingSigma;
  }

  /** Returns a registered custom interpolator, or null. */
  public @Nullable Target target() {
    return target;
  }

  private Object[] values() {
    return new Object[] {
      mode,
      meanWindow,
      meanAlign,
      maxGap,
      keepNans,
      normalize,
      normalizeSubtractMean,
      normalizeStdThreshold,
      rescale,
      rescaleSize,
      useStimuliNames,
      window,
      align,
      smoothingSigma,
      target
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InterpolationConfig o && Arrays.deepEquals(o.values(), values());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values());
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return "InterpolationConfig".concat(Documents.toJson(ConfigJson.plain(this)));
  }

  /** How a sequence has values between its samples. */
  public enum Mode {
    /** Holds the last sample; the original's name for {@link #PREVIOUS}. */
    NEAREST_NEIGHBOR("Holds the last sample: the original's name for `previous`."),
    /** Holds the last sample, and never looks into the future. */
    PREVIOUS("Holds the last sample, and never looks into the future."),
    /** The sample nearest in time. */
    NEAREST("Takes the sample nearest in time; midway between two, the earlier."),
    /** Blends the two neighbours, in float64. */
    LINEAR("Blends the two neighbours, in float64."),
    /** Averages over a window: each sample counts from its time to that of the next one. */
    MEAN(
        "Averages over a window, NaN left out: each sample counts from its time to that of the next one. float64 stays so, everything else becomes float32; a window without any number is NaN.");

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

    /** Returns the names in configurations, and what they mean. */
    static Choice[] choices() {
      Mode[] all = values();
      Choice[] choices = new Choice[all.length];
      for (int i = 0; i < all.length; i++) {
        choices[i] = new Choice(all[i], all[i].text, all[i].description);
      }
      return choices;
    }
  }

  /** Where the window of spikes lies. */
  public enum Align {
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

    /** Returns the name in configurations. */
    public String text() {
      return text;
    }

    /** Returns one sentence on what it means. */
    public String description() {
      return description;
    }

    /** Returns the names in configurations, and what they mean. */
    static Choice[] choices() {
      Align[] all = values();
      Choice[] choices = new Choice[all.length];
      for (int i = 0; i < all.length; i++) {
        choices[i] = new Choice(all[i], all[i].text, all[i].description);
      }
      return choices;
    }
  }

  /**
   * Collects the values of a {@link InterpolationConfig}. Its methods throw a {@link
   * org.syncline.error.ConfigException} for a value outside of its range, and return the builder.
   * Not safe for use by several threads at once.
   */
  public static final class Builder {
    private Mode mode = (Mode) ConfigSchema.INTERPOLATION_MODE.defaultValue();
    private Double meanWindow;
    private Align meanAlign;
    private Double maxGap;
    private boolean keepNans = ConfigSchema.KEEP_NANS.defaultFlag();
    private boolean normalize = ConfigSchema.NORMALIZE.defaultFlag();
    private boolean normalizeSubtractMean = ConfigSchema.NORMALIZE_SUBTRACT_MEAN.defaultFlag();
    private Double normalizeStdThreshold;
    private boolean rescale = ConfigSchema.RESCALE.defaultFlag();
    private int[] rescaleSize;
    private Boolean useStimuliNames;
    private double window = ConfigSchema.INTERPOLATION_WINDOW.defaultNumber();
    private Align align = (Align) ConfigSchema.INTERPOLATION_ALIGN.defaultValue();
    private double smoothingSigma = ConfigSchema.SMOOTHING_SIGMA.defaultNumber();
    private Target target;

    private Builder() {}

    /**
     * Sets how a sequence has values between its samples; default {@link Mode#NEAREST_NEIGHBOR}.
     */
    public Builder mode(Mode mode) {
      this.mode = Objects.requireNonNull(mode, "mode is null");
      return this;
    }

    /**
     * Sets the seconds over which {@link Mode#MEAN} averages; default null: one period of the
     * device's rate.
     */
    public Builder meanWindow(@Nullable Double meanWindow) {
      this.meanWindow = ConfigSchema.WINDOW.check(meanWindow);
      return this;
    }

    /** Sets where the window of {@link Mode#MEAN} lies; default {@link Align#LEFT}. */
    public Builder meanAlign(Align meanAlign) {
      this.meanAlign = Objects.requireNonNull(meanAlign, "meanAlign is null");
      return this;
    }

    /**
     * Sets how far in seconds a time may lie from the sample of an irregular sequence that it
     * takes, linear how far its two neighbours from each other; default null: any distance.
     */
    public Builder maxGap(@Nullable Double maxGap) {
      this.maxGap = ConfigSchema.MAX_GAP.check(maxGap);
      return this;
    }

    /** Sets whether, linear, NaN stay; default false. */
    public Builder keepNans(boolean keepNans) {
      this.keepNans = keepNans;
      return this;
    }

    /**
     * Sets whether interpolated values are divided by the stored standard deviations; default
     * false.
     */
    public Builder normalize(boolean normalize) {
      this.normalize = normalize;
      return this;
    }

    /** Sets whether the stored means are subtracted first; default false. */
    public Builder normalizeSubtractMean(boolean normalizeSubtractMean) {
      this.normalizeSubtractMean = normalizeSubtractMean;
      return this;
    }

    /** Sets the floor of the standard deviations as a share of their mean; default null: none. */
    public Builder normalizeStdThreshold(@Nullable Double normalizeStdThreshold) {
      this.normalizeStdThreshold =
          ConfigSchema.NORMALIZE_STD_THRESHOLD.check(normalizeStdThreshold);
      return this;
    }

    /** Sets whether frames are resized; default false. */
    public Builder rescale(boolean rescale) {
      this.rescale = rescale;
      return this;
    }

    /** Sets {height, width} of resized frames; default null: the first trial's image size. */
    public Builder rescaleSize(int @Nullable [] rescaleSize) {
      this.rescaleSize = size(rescaleSize);
      return this;
    }

    /**
     * Sets whether a screen's pixels are in files named after the stimulus; default null: as
     * meta.yml says.
     */
    public Builder useStimuliNames(@Nullable Boolean useStimuliNames) {
      this.useStimuliNames = useStimuliNames;
      return this;
    }

    /** Sets the seconds in which spikes are counted; default 0.3. */
    public Builder window(double window) {
      this.window = ConfigSchema.INTERPOLATION_WINDOW.check(window);
      return this;
    }

    /** Sets where the window of spikes lies; default {@link Align#CENTER}. */
    public Builder align(Align align) {
      this.align = Objects.requireNonNull(align, "align is null");
      return this;
    }

    /**
     * Sets the standard deviation of the filter over spike counts in time steps; default 0: none.
     */
    public Builder smoothingSigma(double smoothingSigma) {
      this.smoothingSigma = ConfigSchema.SMOOTHING_SIGMA.check(smoothingSigma);
      return this;
    }

    /** Sets a registered custom interpolator, under this key of its device; default null. */
    public Builder target(@Nullable Target target) {
      // as it is read, so that the same one is equal
      this.target =
          target == null ? null : target.at(ConfigSchema.INTERPOLATION.name(), target.source());
      return this;
    }

    private static int[] size(int[] size) {
      if (size == null) {
        return null;
      }
      if (size.length != 2) {
        throw ConfigSchema.RESCALE_SIZE.wrong(size.length + " numbers", "[height, width]");
      }
      for (int length : size) {
        ConfigSchema.RESCALE_SIZE.check(length);
      }
      return size.clone();
    }

    /** Returns the options. */
    public InterpolationConfig build() {
      return new InterpolationConfig(this);
    }

    @Override
    public String toString() {
      return "Builder of " + new InterpolationConfig(this);
    }
  }
}
