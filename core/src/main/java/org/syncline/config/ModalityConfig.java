/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;

/** How one device is read. Immutable; safe for concurrent use. */
public final class ModalityConfig {
  /** Everything at its default: every trial, no normalisation, no filters. */
  public static final ModalityConfig DEFAULT = builder().build();

  private final Double samplingRate;
  private final Integer chunkSize;
  private final double offset;
  private final int sampleStride;
  private final List<TrialCondition> validCondition;
  private final boolean includeBlanks;
  private final NormalizationConfig normalization;
  private final List<Target> transforms;
  private final InterpolationConfig interpolation;
  private final List<Target> filters;
  private final NanPolicy nans;
  private final int[] columns;
  private final String columnSlices;
  private final boolean[] columnMask;
  private final long[] unitIds;
  private final Map<String, Object> select;

  private ModalityConfig(Builder b) {
    samplingRate = b.samplingRate;
    chunkSize = b.chunkSize;
    offset = b.offset;
    sampleStride = b.sampleStride;
    validCondition = b.validCondition;
    includeBlanks = b.includeBlanks;
    normalization = b.normalization;
    transforms = b.transforms;
    interpolation = b.interpolation;
    filters = b.filters;
    nans = b.nans;
    columns = b.columns;
    columnSlices = b.columnSlices;
    columnMask = b.columnMask;
    unitIds = b.unitIds;
    select = b.select;
  }

  /**
   * Parses the value of one modality's entry, as it stands under {@code modality_config}.
   *
   * @param device the entry's name
   * @param sourceName stands for the file name in messages
   * @param warnings gets one text for each unknown key, which is ignored; null: it is an error
   * @throws ConfigException where the text says something that cannot be
   */
  public static ModalityConfig parse(
      String text, String device, String sourceName, @Nullable Consumer<String> warnings) {
    Objects.requireNonNull(device, "device is null");
    Level level = Level.of(sourceName, device, ConfigFile.document(text, sourceName), warnings);
    return new ConfigReader(sourceName, warnings).modality(level);
  }

  /** Returns whether the entry of a modality may have a key. */
  public static boolean isKey(String name) {
    Objects.requireNonNull(name, "name is null");
    return ConfigSchema.MODALITY.has(name);
  }

  /** Returns a builder with every key at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these values. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.samplingRate = samplingRate;
    b.chunkSize = chunkSize;
    b.offset = offset;
    b.sampleStride = sampleStride;
    b.validCondition = validCondition;
    b.includeBlanks = includeBlanks;
    b.normalization = normalization;
    b.transforms = transforms;
    b.interpolation = interpolation;
    b.filters = filters;
    b.nans = nans;
    b.columns = columns;
    b.columnSlices = columnSlices;
    b.columnMask = columnMask;
    b.unitIds = unitIds;
    b.select = select;
    return b;
  }

  /** Returns Hz, or null: the global rate. */
  public @Nullable Double samplingRate() {
    return samplingRate;
  }

  /** Returns samples of a chunk, or null: the global size. */
  public @Nullable Integer chunkSize() {
    return chunkSize;
  }

  /** Returns the seconds added to the chunk's start. */
  public double offset() {
    return offset;
  }

  /** Returns of how many valid starts one is taken (read from the lead device). */
  public int sampleStride() {
    return sampleStride;
  }

  /**
   * Returns the conditions on trial metadata, of which a trial meets any; null: every trial;
   * unmodifiable.
   */
  public @Nullable List<TrialCondition> validCondition() {
    return validCondition;
  }

  /** Returns whether {@code {tier: blank}} is added to the conditions. */
  public boolean includeBlanks() {
    return includeBlanks;
  }

  /** Returns how values are normalised, or null for not at all. */
  public @Nullable NormalizationConfig normalization() {
    return normalization;
  }

  /** Returns the screen transforms in the configuration's order; unmodifiable. */
  public List<Target> transforms() {
    return transforms;
  }

  /** Returns the interpolator's options. */
  public InterpolationConfig interpolation() {
    return interpolation;
  }

  /** Returns the filters whose valid intervals are intersected; unmodifiable. */
  public List<Target> filters() {
    return filters;
  }

  /** Returns what becomes of NaN in the finished chunk. */
  public NanPolicy nans() {
    return nans;
  }

  /** Returns the selected signals by index, in the order given, or null: not listed; a copy. */
  public int @Nullable [] columns() {
    return columns == null ? null : columns.clone();
  }

  /** Returns the selected signals as slices {@code FROM:TO:STEP} and numbers, or null. */
  public @Nullable String columnSlices() {
    return columnSlices;
  }

  /** Returns for each stored signal whether it is selected, or null; a copy. */
  public boolean @Nullable [] columnMask() {
    return columnMask == null ? null : columnMask.clone();
  }

  /**
   * Returns the signals by index that are selected of so many, whichever way says it, in the order
   * given, unchecked; null: no index is given. A mask of another length is none of so many.
   */
  public int @Nullable [] columnsOf(int stored) {
    if (columnSlices != null) {
      return ColumnSlices.of(columnSlices, stored);
    }
    return columnMask == null
        ? columns()
        : IntStream.range(0, columnMask.length).filter(i -> columnMask[i]).toArray();
  }

  /** Returns whether some signals are selected, by whichever key; null for none. */
  public @Nullable String selectingKey() {
    if (columns != null || columnSlices != null || columnMask != null) {
      return ConfigSchema.COLUMNS.name();
    }
    return unitIds != null
        ? ConfigSchema.UNIT_IDS.name()
        : select.isEmpty() ? null : ConfigSchema.SELECT.name();
  }

  /**
   * Returns what arrays in the device's folder must say of a signal that is read: a value, a list
   * of values or a map with min and max, by path; empty: nothing; unmodifiable.
   */
  public Map<String, Object> select() {
    return select;
  }

  /** Returns the selected signals by the ids of meta/unit_ids.npy, or null: all; a copy. */
  public long @Nullable [] unitIds() {
    return unitIds == null ? null : unitIds.clone();
  }

  private Object[] values() {
    return new Object[] {
      samplingRate,
      chunkSize,
      offset,
      sampleStride,
      validCondition,
      includeBlanks,
      normalization,
      transforms,
      interpolation,
      filters,
      nans,
      columns,
      columnSlices,
      columnMask,
      unitIds,
      select
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModalityConfig o && Arrays.deepEquals(o.values(), values());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values());
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return "ModalityConfig".concat(Documents.toJson(ConfigJson.plain(this)));
  }

  /**
   * Collects the values of a {@link ModalityConfig}. Its methods throw a {@link
   * org.syncline.error.ConfigException} for a value outside of its range, and return the builder.
   * Not safe for use by several threads at once.
   */
  public static final class Builder {
    private Double samplingRate;
    private Integer chunkSize;
    private double offset = ConfigSchema.OFFSET.defaultNumber();
    private int sampleStride = ConfigSchema.SAMPLE_STRIDE.defaultWhole();
    private List<TrialCondition> validCondition;
    private boolean includeBlanks = ConfigSchema.INCLUDE_BLANKS.defaultFlag();
    private NormalizationConfig normalization;
    private List<Target> transforms = List.of();
    private InterpolationConfig interpolation = InterpolationConfig.DEFAULT;
    private List<Target> filters = List.of();
    private NanPolicy nans = NanPolicy.KEEP;
    private int[] columns;
    private String columnSlices;
    private boolean[] columnMask;
    private long[] unitIds;
    private Map<String, Object> select = Map.of();

    private Builder() {}

    /** Sets Hz; default null: the global rate. */
    public Builder samplingRate(@Nullable Double samplingRate) {
      this.samplingRate = ConfigSchema.SAMPLING_RATE.check(samplingRate);
      return this;
    }

    /** Sets samples of a chunk; default null: the global size. */
    public Builder chunkSize(@Nullable Integer chunkSize) {
      this.chunkSize = ConfigSchema.CHUNK_SIZE.check(chunkSize);
      return this;
    }

    /** Sets the seconds added to the chunk's start; default 0. */
    public Builder offset(double offset) {
      this.offset = ConfigSchema.OFFSET.check(offset);
      return this;
    }

    /** Sets of how many valid starts one is taken (read from the lead device); default 1. */
    public Builder sampleStride(int sampleStride) {
      this.sampleStride = ConfigSchema.SAMPLE_STRIDE.check(sampleStride);
      return this;
    }

    /**
     * Sets the conditions on trial metadata, of which a trial must meet one; with an empty list
     * there is no such trial; default null: every trial.
     */
    public Builder validCondition(@Nullable List<TrialCondition> validCondition) {
      this.validCondition = validCondition == null ? null : List.copyOf(validCondition);
      return this;
    }

    /** Sets whether {@code {tier: blank}} is added to the conditions; default false. */
    public Builder includeBlanks(boolean includeBlanks) {
      this.includeBlanks = includeBlanks;
      return this;
    }

    /** Sets how values are normalised; default null: not at all. */
    public Builder normalization(@Nullable NormalizationConfig normalization) {
      this.normalization = normalization;
      return this;
    }

    /**
     * Sets the screen transforms in the order in which they are applied, each under a key of its
     * own; default none.
     */
    public Builder transforms(List<Target> transforms) {
      Objects.requireNonNull(transforms, "transforms is null");
      this.transforms = underOwnKeys(ConfigSchema.TRANSFORMS.name(), transforms);
      return this;
    }

    /** Refuses two under one key: a file, and the state of a dataset, would have the last alone. */
    private static List<Target> underOwnKeys(String where, List<Target> targets) {
      Set<String> keys = new HashSet<>();
      for (Target target : targets) {
        if (!keys.add(target.key())) {
          throw new ConfigException(
              target.source(),
              0,
              where + "." + target.key(),
              "found two under this key, expected each under one of its own: target.at(\""
                  + target.key()
                  + "2\", target.source())");
        }
      }
      return List.copyOf(targets);
    }

    /** Sets the interpolator's options; default {@link InterpolationConfig#DEFAULT}. */
    public Builder interpolation(InterpolationConfig interpolation) {
      this.interpolation = Objects.requireNonNull(interpolation, "interpolation is null");
      return this;
    }

    /**
     * Sets the filters whose valid intervals are intersected, each under a key of its own; default
     * none.
     */
    public Builder filters(List<Target> filters) {
      Objects.requireNonNull(filters, "filters is null");
      this.filters = underOwnKeys(ConfigSchema.FILTERS.name(), filters);
      return this;
    }

    /** Sets what becomes of NaN in the finished chunk; default {@link NanPolicy#KEEP}. */
    public Builder nans(NanPolicy nans) {
      this.nans = Objects.requireNonNull(nans, "nans is null");
      return this;
    }

    /** Sets the selected signals by index, in the order given; default null: all. */
    public Builder columns(int @Nullable [] columns) {
      if (columns != null) {
        for (int column : columns) {
          if (column < 0) {
            throw wrongColumns("found " + column);
          }
        }
      }
      forgetColumns();
      this.columns = columns == null ? null : columns.clone();
      return this;
    }

    /**
     * Sets the selected signals as slices {@code FROM:TO:STEP} as Python's, or numbers, separated
     * by commas, such as {@code "0:100, 150"}; null: all. Takes the place of other columns.
     */
    public Builder columns(@Nullable String slices) {
      if (slices != null && !ColumnSlices.isOne(slices)) {
        throw wrongColumns("found '" + slices + "'");
      }
      forgetColumns();
      columnSlices = slices;
      return this;
    }

    /** Sets for each stored signal whether it is read; null: all. Takes the place of columns. */
    public Builder columns(boolean @Nullable [] mask) {
      forgetColumns();
      columnMask = mask == null ? null : mask.clone();
      return this;
    }

    private void forgetColumns() {
      columns = null;
      columnSlices = null;
      columnMask = null;
    }

    private static ConfigException wrongColumns(String found) {
      return new ConfigException(
          "configuration",
          0,
          ConfigSchema.COLUMNS.name(),
          found + ", expected " + ConfigSchema.COLUMNS.expected());
    }

    /**
     * Sets what arrays in the device's folder must say of a signal that is read, such as {@code
     * Map.of("meta/area.npy", "V1")}: a String, Number or Boolean, a List of them of which one
     * does, or a Map with {@code min}, {@code max} or both; default: nothing.
     */
    public Builder select(Map<String, ?> conditions) {
      Map<String, Object> all = new LinkedHashMap<>();
      conditions.forEach(
          (file, condition) -> {
            if (!isCondition(condition)) {
              throw new ConfigException(
                  "configuration",
                  0,
                  ConfigSchema.SELECT.name() + "." + file,
                  "found "
                      + Documents.toJson(condition)
                      + ", expected a text, a number, true or false, a list of them, or {min: …, max: …}");
            }
            all.put(file, Target.plain(condition));
          });
      select = Collections.unmodifiableMap(all);
      return this;
    }

    private static boolean isCondition(Object condition) {
      if (condition instanceof List<?> any) {
        return !any.isEmpty() && any.stream().allMatch(Builder::isValue);
      }
      if (condition instanceof Map<?, ?> range) {
        return !range.isEmpty()
            && Set.of("min", "max").containsAll(range.keySet())
            && range.values().stream().allMatch(Number.class::isInstance);
      }
      return isValue(condition);
    }

    private static boolean isValue(Object value) {
      return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** Sets the selected signals by the ids of meta/unit_ids.npy; default null: all. */
    public Builder unitIds(long @Nullable [] unitIds) {
      this.unitIds = unitIds == null ? null : unitIds.clone();
      return this;
    }

    /**
     * Returns the configuration.
     *
     * @throws ConfigException where both columns and unit ids are given
     */
    public ModalityConfig build() {
      if (unitIds != null && (columns != null || columnSlices != null || columnMask != null)) {
        throw new ConfigException(
            "configuration", 0, "unit_ids", "found together with columns, expected one of them");
      }
      return new ModalityConfig(this);
    }

    @Override
    public String toString() {
      return "Builder of " + new ModalityConfig(this);
    }
  }
}
