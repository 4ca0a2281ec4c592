/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.syncline.config.schema.Choice;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;

/**
 * The parameters of a chunk dataset, with the original's names in lower camel case, and Syncline's
 * own after them. Immutable; safe for concurrent use.
 *
 * <p>Read from the original's YAML, or the same as JSON: the text is a whole file with {@code
 * dataset} and {@code dataloader} sections ({@link ConfigFile} has both), or the dataset level
 * alone. What is wrong in a text is a {@link ConfigException}: source, line, full key, what was
 * found, what is expected, and for unknown names the nearest known one.
 */
public final class DatasetConfig {
  private final Double globalSamplingRate;
  private final Integer globalChunkSize;
  private final boolean addBehaviorAsChannels;
  private final boolean replaceNansWithMeans;
  private final boolean cacheData;
  private final List<String> outKeys;
  private final boolean normalizeTimestamps;
  private final Map<String, ModalityConfig> modalities;
  private final Long seed;
  private final double safeIntervalThreshold;
  private final int interpolatePrecision;
  private final TimeGrid timeGrid;
  private final String lead;
  private final ShortChunks shortChunks;
  private final boolean withinTrial;
  private final Map<String, List<String>> categories;

  private DatasetConfig(Builder b) {
    globalSamplingRate = b.globalSamplingRate;
    globalChunkSize = b.globalChunkSize;
    addBehaviorAsChannels = b.addBehaviorAsChannels;
    replaceNansWithMeans = b.replaceNansWithMeans;
    cacheData = b.cacheData;
    outKeys = b.outKeys;
    normalizeTimestamps = b.normalizeTimestamps;
    modalities = Collections.unmodifiableMap(new LinkedHashMap<>(b.modalities));
    seed = b.seed;
    safeIntervalThreshold = b.safeIntervalThreshold;
    interpolatePrecision = b.interpolatePrecision;
    timeGrid = b.timeGrid;
    lead = b.lead;
    shortChunks = b.shortChunks;
    withinTrial = b.withinTrial;
    categories = Collections.unmodifiableMap(new LinkedHashMap<>(b.categories));
  }

  /**
   * Reads a file's dataset parameters.
   *
   * @throws ConfigException where the file cannot be read or says something that cannot be
   */
  public static DatasetConfig read(Path file) {
    return ConfigFile.read(Objects.requireNonNull(file, "file is null")).dataset();
  }

  /**
   * Parses dataset parameters.
   *
   * @param sourceName stands for the file name in messages
   * @throws ConfigException where the text says something that cannot be
   */
  public static DatasetConfig parse(String text, String sourceName) {
    return ConfigFile.parse(Objects.requireNonNull(text, "text is null"), sourceName, null)
        .dataset();
  }

  /**
   * Parses dataset parameters and ignores unknown keys.
   *
   * @param sourceName stands for the file name in messages
   * @param warnings gets one text for each unknown key
   * @throws ConfigException where the text says something that cannot be
   */
  public static DatasetConfig parse(
      String text, String sourceName, @Nullable Consumer<String> warnings) {
    return ConfigFile.parse(text, sourceName, warnings).dataset();
  }

  /** Returns the original's default configuration: its {@code dataset} section. */
  public static DatasetConfig defaults() {
    return ConfigFile.defaults().dataset();
  }

  /**
   * Returns a builder with every key at its default and no devices; {@link #defaults} has those of
   * the original.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these values. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.globalSamplingRate = globalSamplingRate;
    b.globalChunkSize = globalChunkSize;
    b.addBehaviorAsChannels = addBehaviorAsChannels;
    b.replaceNansWithMeans = replaceNansWithMeans;
    b.cacheData = cacheData;
    b.outKeys = outKeys;
    b.normalizeTimestamps = normalizeTimestamps;
    b.modalities = new LinkedHashMap<>(modalities);
    b.seed = seed;
    b.safeIntervalThreshold = safeIntervalThreshold;
    b.interpolatePrecision = interpolatePrecision;
    b.timeGrid = timeGrid;
    b.lead = lead;
    b.shortChunks = shortChunks;
    b.withinTrial = withinTrial;
    b.categories = new LinkedHashMap<>(categories);
    return b;
  }

  /** Returns Hz for every device, or null: each modality's own. */
  public @Nullable Double globalSamplingRate() {
    return globalSamplingRate;
  }

  /** Returns samples of a chunk for every device, or null: each modality's own. */
  public @Nullable Integer globalChunkSize() {
    return globalChunkSize;
  }

  /** Returns whether eye tracker and treadmill are appended to the screen's channels. */
  public boolean addBehaviorAsChannels() {
    return addBehaviorAsChannels;
  }

  /** Returns whether NaN become the mean of their column of the chunk. */
  public boolean replaceNansWithMeans() {
    return replaceNansWithMeans;
  }

  /** Returns whether everything is read into memory once. */
  public boolean cacheData() {
    return cacheData;
  }

  /** Returns the entries of a chunk, or null: all devices and {@code timestamps}. */
  public @Nullable List<String> outKeys() {
    return outKeys;
  }

  /** Returns whether timestamps are float32 seconds from the start of {@code responses}. */
  public boolean normalizeTimestamps() {
    return normalizeTimestamps;
  }

  /** Returns the configuration of each device, in order; unmodifiable. */
  public Map<String, ModalityConfig> modalities() {
    return modalities;
  }

  /** Returns the seed of the shuffle generator, or null: unseeded. */
  public @Nullable Long seed() {
    return seed;
  }

  /** Returns the seconds cut from both ends of the common range. */
  public double safeIntervalThreshold() {
    return safeIntervalThreshold;
  }

  /** Returns the decimals to which chunk times are rounded. */
  public int interpolatePrecision() {
    return interpolatePrecision;
  }

  /** Returns how the times of samples are computed. */
  public TimeGrid timeGrid() {
    return timeGrid;
  }

  /**
   * Returns the device whose rate and chunk size make the sample grid, or null: {@code screen}
   * where it is configured, else the first device.
   */
  public @Nullable String lead() {
    return lead;
  }

  /** Returns what becomes of chunks that reach past a device's range. */
  public ShortChunks shortChunks() {
    return shortChunks;
  }

  /** Returns whether chunks that leave the trial in which they begin are left out. */
  public boolean withinTrial() {
    return withinTrial;
  }

  /** Returns the texts that codes of trial metadata stand for, by key; unmodifiable. */
  public Map<String, List<String>> categories() {
    return categories;
  }

  /**
   * Returns a canonical form: the same JSON text for configurations that mean the same, whatever
   * the order of their keys (devices, transforms and conditions keep theirs), for fingerprints and
   * for {@link #parse(String, String)}.
   */
  public String toJson() {
    return Documents.toJson(ConfigJson.plain(this));
  }

  private Object[] values() {
    return new Object[] {
      globalSamplingRate,
      globalChunkSize,
      addBehaviorAsChannels,
      replaceNansWithMeans,
      cacheData,
      outKeys,
      normalizeTimestamps,
      modalities,
      seed,
      safeIntervalThreshold,
      interpolatePrecision,
      timeGrid,
      lead,
      shortChunks,
      withinTrial,
      categories
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatasetConfig o && Arrays.deepEquals(o.values(), values());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values());
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return "DatasetConfig".concat(toJson());
  }

  /** Sample grids. */
  public enum TimeGrid {
    /** The original's: periods rounded to the precision, starts with accumulated rounding. */
    ROUNDED(
        "The original's: periods are rounded to `interpolate_precision` decimals, starts accumulate rounding,"
            + " so that of a device whose samples lie on the grid some may come twice and others not at all."),
    /** Sample k is start + k/rate, computed once. */
    EXACT("Sample k is start + k/rate, computed once.");

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String description;

    TimeGrid(String description) {
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
      TimeGrid[] all = values();
      Choice[] choices = new Choice[all.length];
      for (int i = 0; i < all.length; i++) {
        choices[i] = new Choice(all[i], all[i].text, all[i].description);
      }
      return choices;
    }
  }

  /** What becomes of chunks that would come back short. */
  public enum ShortChunks {
    /** An error naming device, start and range. */
    ERROR("Reading one is an error that names device, start and range."),
    /** They are left out of the dataset. */
    SKIP("They are left out of the dataset."),
    /** Their missing samples are NaN or 0, and masks say which are real. */
    PAD(
        "Samples past a device's range are NaN, 0 in entries of integers and bool, whatever `nans` says; entries `mask.DEVICE` (bool (T,), true: real) come with every chunk.");

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String description;

    ShortChunks(String description) {
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
      ShortChunks[] all = values();
      Choice[] choices = new Choice[all.length];
      for (int i = 0; i < all.length; i++) {
        choices[i] = new Choice(all[i], all[i].text, all[i].description);
      }
      return choices;
    }
  }

  /**
   * Collects the values of a {@link DatasetConfig}. Its methods throw a {@link
   * org.syncline.error.ConfigException} for a value outside of its range, and return the builder.
   * Not safe for use by several threads at once.
   */
  public static final class Builder {
    private Double globalSamplingRate;
    private Integer globalChunkSize;
    private boolean addBehaviorAsChannels = ConfigSchema.ADD_BEHAVIOR_AS_CHANNELS.defaultFlag();
    private boolean replaceNansWithMeans = ConfigSchema.REPLACE_NANS_WITH_MEANS.defaultFlag();
    private boolean cacheData = ConfigSchema.CACHE_DATA.defaultFlag();
    private List<String> outKeys;
    private boolean normalizeTimestamps = ConfigSchema.NORMALIZE_TIMESTAMPS.defaultFlag();
    private Map<String, ModalityConfig> modalities = new LinkedHashMap<>();
    private Long seed;
    private double safeIntervalThreshold = ConfigSchema.SAFE_INTERVAL_THRESHOLD.defaultNumber();
    private int interpolatePrecision = ConfigSchema.INTERPOLATE_PRECISION.defaultWhole();
    private TimeGrid timeGrid = (TimeGrid) ConfigSchema.TIME_GRID.defaultValue();
    private String lead;
    private ShortChunks shortChunks = (ShortChunks) ConfigSchema.SHORT_CHUNKS.defaultValue();
    private boolean withinTrial = ConfigSchema.WITHIN_TRIAL.defaultFlag();
    private Map<String, List<String>> categories = new LinkedHashMap<>();

    private Builder() {}

    /** Sets Hz for every device; null: each modality's own. */
    public Builder globalSamplingRate(@Nullable Double globalSamplingRate) {
      this.globalSamplingRate = ConfigSchema.GLOBAL_SAMPLING_RATE.check(globalSamplingRate);
      return this;
    }

    /** Sets samples of a chunk for every device; null: each modality's own. */
    public Builder globalChunkSize(@Nullable Integer globalChunkSize) {
      this.globalChunkSize = ConfigSchema.GLOBAL_CHUNK_SIZE.check(globalChunkSize);
      return this;
    }

    /**
     * Sets whether eye tracker and treadmill are appended to the screen's channels; default false.
     */
    public Builder addBehaviorAsChannels(boolean addBehaviorAsChannels) {
      this.addBehaviorAsChannels = addBehaviorAsChannels;
      return this;
    }

    /** Sets whether NaN become the mean of their column of the chunk; default false. */
    public Builder replaceNansWithMeans(boolean replaceNansWithMeans) {
      this.replaceNansWithMeans = replaceNansWithMeans;
      return this;
    }

    /** Sets whether everything is read into memory once; default false. */
    public Builder cacheData(boolean cacheData) {
      this.cacheData = cacheData;
      return this;
    }

    /** Sets the entries of a chunk; default null: all devices and {@code timestamps}. */
    public Builder outKeys(@Nullable List<String> outKeys) {
      this.outKeys = outKeys == null ? null : List.copyOf(outKeys);
      return this;
    }

    /**
     * Sets whether timestamps are float32 seconds from the start of {@code responses}; default
     * true.
     */
    public Builder normalizeTimestamps(boolean normalizeTimestamps) {
      this.normalizeTimestamps = normalizeTimestamps;
      return this;
    }

    /** Sets the configuration of each device, in order; default none. */
    public Builder modalities(Map<String, ModalityConfig> modalities) {
      Objects.requireNonNull(modalities, "modalities is null");
      this.modalities = new LinkedHashMap<>(modalities);
      return this;
    }

    /** Sets the seed of the shuffle generator, 0 to 2^32 - 1; default null: unseeded. */
    public Builder seed(@Nullable Long seed) {
      this.seed = ConfigSchema.SEED.check(seed);
      return this;
    }

    /** Sets the seconds cut from both ends of the common range; default 0.5. */
    public Builder safeIntervalThreshold(double safeIntervalThreshold) {
      this.safeIntervalThreshold =
          ConfigSchema.SAFE_INTERVAL_THRESHOLD.check(safeIntervalThreshold);
      return this;
    }

    /** Sets the decimals to which chunk times are rounded, 0 to 15; default 5. */
    public Builder interpolatePrecision(int interpolatePrecision) {
      this.interpolatePrecision = ConfigSchema.INTERPOLATE_PRECISION.check(interpolatePrecision);
      return this;
    }

    /** Sets how the times of samples are computed; default {@link TimeGrid#ROUNDED}. */
    public Builder timeGrid(TimeGrid timeGrid) {
      this.timeGrid = Objects.requireNonNull(timeGrid, "timeGrid is null");
      return this;
    }

    /**
     * Sets the device whose rate and chunk size make the sample grid; default null: {@code screen}
     * where it is configured, else the first device.
     */
    public Builder lead(@Nullable String lead) {
      this.lead = lead;
      return this;
    }

    /**
     * Sets what becomes of chunks that reach past a device's range; default {@link
     * ShortChunks#ERROR}.
     */
    public Builder shortChunks(ShortChunks shortChunks) {
      this.shortChunks = Objects.requireNonNull(shortChunks, "shortChunks is null");
      return this;
    }

    /** Sets whether chunks that leave the trial in which they begin are left out; default false. */
    public Builder withinTrial(boolean withinTrial) {
      this.withinTrial = withinTrial;
      return this;
    }

    /**
     * Sets the texts that codes of trial metadata stand for, by key; default none: those of each
     * recording in alphabetical order.
     */
    public Builder categories(Map<String, List<String>> categories) {
      Map<String, List<String>> copy = new LinkedHashMap<>();
      categories.forEach(
          (key, texts) -> {
            if (Set.copyOf(texts).size() != texts.size()) {
              throw ConfigSchema.CATEGORIES.wrong(
                  texts + " for " + key, "each text once, for a code stands for one");
            }
            copy.put(key, List.copyOf(texts));
          });
      this.categories = copy;
      return this;
    }

    /** Adds a device, or takes the place of the one of that name. */
    public Builder modality(String name, ModalityConfig modality) {
      modalities.put(
          Objects.requireNonNull(name, "name is null"),
          Objects.requireNonNull(modality, "modality is null"));
      return this;
    }

    /** Returns the configuration. */
    public DatasetConfig build() {
      return new DatasetConfig(this);
    }

    @Override
    public String toString() {
      return "Builder of " + new DatasetConfig(this);
    }
  }
}
