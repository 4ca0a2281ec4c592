/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.syncline.config.schema.TargetKeys;

/** The canonical plain form of configurations, in the original's names. */
final class ConfigJson {
  private ConfigJson() {}

  static Map<String, Object> plain(DatasetConfig config) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(ConfigSchema.GLOBAL_SAMPLING_RATE.name(), config.globalSamplingRate());
    all.put(ConfigSchema.GLOBAL_CHUNK_SIZE.name(), config.globalChunkSize());
    all.put(ConfigSchema.ADD_BEHAVIOR_AS_CHANNELS.name(), config.addBehaviorAsChannels());
    all.put(ConfigSchema.REPLACE_NANS_WITH_MEANS.name(), config.replaceNansWithMeans());
    all.put(ConfigSchema.CACHE_DATA.name(), config.cacheData());
    all.put(ConfigSchema.OUT_KEYS.name(), config.outKeys());
    all.put(ConfigSchema.NORMALIZE_TIMESTAMPS.name(), config.normalizeTimestamps());
    Map<String, Object> devices = new LinkedHashMap<>();
    config.modalities().forEach((name, modality) -> devices.put(name, plain(modality)));
    all.put(ConfigSchema.MODALITY_CONFIG.name(), devices);
    all.put(ConfigSchema.SEED.name(), config.seed());
    all.put(ConfigSchema.SAFE_INTERVAL_THRESHOLD.name(), config.safeIntervalThreshold());
    all.put(ConfigSchema.INTERPOLATE_PRECISION.name(), config.interpolatePrecision());
    all.put(ConfigSchema.TIME_GRID.name(), config.timeGrid().text());
    all.put(ConfigSchema.LEAD_DEVICE.name(), config.lead());
    all.put(ConfigSchema.SHORT_CHUNKS.name(), config.shortChunks().text());
    if (config.withinTrial()) {
      // left out where it is false: states of configurations without it stay what they are
      all.put(ConfigSchema.WITHIN_TRIAL.name(), true);
    }
    if (!config.categories().isEmpty()) {
      all.put(ConfigSchema.CATEGORIES.name(), new TreeMap<>(config.categories()));
    }
    return all;
  }

  static Map<String, Object> plain(ModalityConfig config) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(ConfigSchema.SAMPLING_RATE.name(), config.samplingRate());
    all.put(ConfigSchema.CHUNK_SIZE.name(), config.chunkSize());
    all.put(ConfigSchema.OFFSET.name(), config.offset());
    all.put(ConfigSchema.SAMPLE_STRIDE.name(), config.sampleStride());
    all.put(
        ConfigSchema.VALID_CONDITION.name(),
        config.validCondition() == null
            ? null
            : sorted(config.validCondition().stream().map(TrialCondition::values).toList()));
    all.put(ConfigSchema.INCLUDE_BLANKS.name(), config.includeBlanks());
    Map<String, Object> transforms = new LinkedHashMap<>();
    NormalizationConfig normalization = config.normalization();
    transforms.put(
        ConfigSchema.NORMALIZATION.name(), normalization == null ? null : plain(normalization));
    targets(config.transforms(), transforms);
    all.put(ConfigSchema.TRANSFORMS.name(), transforms);
    all.put(ConfigSchema.INTERPOLATION.name(), plain(config.interpolation()));
    all.put(ConfigSchema.FILTERS.name(), targets(config.filters(), new LinkedHashMap<>()));
    all.put(ConfigSchema.NANS.name(), plain(config.nans()));
    all.put(
        ConfigSchema.COLUMNS.name(),
        config.columns() != null
            ? config.columns()
            : config.columnMask() != null ? config.columnMask() : config.columnSlices());
    all.put(ConfigSchema.UNIT_IDS.name(), config.unitIds());
    if (!config.select().isEmpty()) {
      all.put(ConfigSchema.SELECT.name(), new TreeMap<>(config.select()));
    }
    return all;
  }

  static Object plain(NormalizationConfig config) {
    if (config.mode() != NormalizationConfig.Mode.MAP) {
      return config.mode().text();
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(ConfigSchema.MEANS.name(), config.means());
    map.put(ConfigSchema.STDS.name(), config.stds());
    return map;
  }

  private static Object plain(NanPolicy policy) {
    return policy.isNamed() ? policy.text() : (Object) policy.value();
  }

  static Map<String, Object> plain(InterpolationConfig config) {
    if (config.target() != null) {
      return plain(config.target());
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(ConfigSchema.INTERPOLATION_MODE.name(), config.mode().text());
    if (config.meanWindow() != null) {
      all.put(ConfigSchema.WINDOW.name(), config.meanWindow());
    }
    if (config.meanAlign() != InterpolationConfig.Align.LEFT) {
      all.put(ConfigSchema.ALIGN.name(), config.meanAlign().text());
    }
    if (config.maxGap() != null) {
      all.put(ConfigSchema.MAX_GAP.name(), config.maxGap());
    }
    all.put(ConfigSchema.KEEP_NANS.name(), config.keepNans());
    all.put(ConfigSchema.NORMALIZE.name(), config.normalize());
    all.put(ConfigSchema.NORMALIZE_SUBTRACT_MEAN.name(), config.normalizeSubtractMean());
    all.put(ConfigSchema.NORMALIZE_STD_THRESHOLD.name(), config.normalizeStdThreshold());
    all.put(ConfigSchema.RESCALE.name(), config.rescale());
    all.put(ConfigSchema.RESCALE_SIZE.name(), config.rescaleSize());
    all.put(ConfigSchema.USE_STIMULI_NAMES.name(), config.useStimuliNames());
    all.put(ConfigSchema.INTERPOLATION_WINDOW.name(), config.window());
    all.put(ConfigSchema.INTERPOLATION_ALIGN.name(), config.align().text());
    all.put(ConfigSchema.SMOOTHING_SIGMA.name(), config.smoothingSigma());
    return all;
  }

  static Map<String, Object> plain(DataloaderConfig config) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(ConfigSchema.BATCH_SIZE.name(), config.batchSize());
    all.put(ConfigSchema.SHUFFLE.name(), config.shuffle());
    all.put(ConfigSchema.NUM_WORKERS.name(), config.numWorkers());
    all.put(ConfigSchema.PIN_MEMORY.name(), config.pinMemory());
    all.put(ConfigSchema.DROP_LAST.name(), config.dropLast());
    all.put(ConfigSchema.PREFETCH_FACTOR.name(), config.prefetchFactor());
    all.put(ConfigSchema.LOADER_SEED.name(), config.seed());
    all.put(ConfigSchema.SHUFFLE_EACH_EPOCH.name(), config.shuffleEachEpoch());
    return all;
  }

  private static Map<String, Object> targets(List<Target> targets, Map<String, Object> all) {
    for (Target target : targets) {
      all.put(target.key(), plain(target));
    }
    return all;
  }

  private static Map<String, Object> plain(Target target) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(TargetKeys.NAME.name(), target.name());
    new TreeMap<>(target.arguments()).forEach((key, value) -> all.put(key, sorted(value)));
    return all;
  }

  /** Sorts the keys of maps at every depth. */
  private static Object sorted(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(String.valueOf(key), sorted(item)));
      return sorted;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigJson::sorted).collect(Collectors.toCollection(ArrayList::new));
    }
    return value;
  }
}
