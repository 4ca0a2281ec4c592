/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The parameters of a chunk dataset, with the original's names in lower camel case, and Syncline's
 * own after them.
 *
 * @param globalSamplingRate Hz for every device, or null: each modality's own
 * @param globalChunkSize samples for every device, or null: each modality's own
 * @param addBehaviorAsChannels append eye tracker and treadmill to the screen's channels
 * @param replaceNansWithMeans NaN becomes the mean of its column of the chunk
 * @param cacheData read everything into memory once
 * @param outKeys entries of a chunk, or null: all devices and {@code timestamps}
 * @param normalizeTimestamps timestamps relative to the start of {@code responses}, float32
 * @param modalities one entry a device, in the configuration's order
 * @param seed seed of the shuffle generator, or null: unseeded
 * @param safeIntervalThreshold seconds cut from both ends of the common range
 * @param interpolatePrecision decimals to which chunk times are rounded
 * @param timeGrid the original's rounded grid or the exact one
 * @param lead the device whose rate and chunk size make the sample grid, or null: {@code screen}
 *     where it is configured, else the first device
 * @param shortChunks what becomes of chunks that reach past a device's range
 */
public record DatasetConfig(
    Double globalSamplingRate,
    Integer globalChunkSize,
    boolean addBehaviorAsChannels,
    boolean replaceNansWithMeans,
    boolean cacheData,
    List<String> outKeys,
    boolean normalizeTimestamps,
    Map<String, ModalityConfig> modalities,
    Long seed,
    double safeIntervalThreshold,
    int interpolatePrecision,
    TimeGrid timeGrid,
    String lead,
    ShortChunks shortChunks) {

  /** Makes the collections unmodifiable. */
  public DatasetConfig {
    outKeys = outKeys == null ? null : List.copyOf(outKeys);
    modalities = Collections.unmodifiableMap(new LinkedHashMap<>(modalities));
    Objects.requireNonNull(timeGrid, "timeGrid is null");
    Objects.requireNonNull(shortChunks, "shortChunks is null");
  }

  /** Sample grids. */
  public enum TimeGrid implements ConfigKey.Choice {
    /** The original's: periods rounded to the precision, starts with accumulated rounding. */
    ROUNDED(
        "The original's: periods are rounded to `interpolate_precision` decimals, starts accumulate rounding."),
    /** Sample k is start + k/rate, computed once. */
    EXACT("Sample k is start + k/rate, computed once.");

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String description;

    TimeGrid(String description) {
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

  /** What becomes of chunks that would come back short. */
  public enum ShortChunks implements ConfigKey.Choice {
    /** An error naming device, start and range. */
    ERROR("Reading one is an error that names device, start and range."),
    /** They are left out of the dataset. */
    SKIP("They are left out of the dataset.");

    private final String text = name().toLowerCase(Locale.ROOT);
    private final String description;

    ShortChunks(String description) {
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
