/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The canonical plain form of configurations, in the original's names. */
final class ConfigJson {
  private ConfigJson() {}

  static Map<String, Object> plain(DatasetConfig config) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("global_sampling_rate", config.globalSamplingRate());
    all.put("global_chunk_size", config.globalChunkSize());
    all.put("add_behavior_as_channels", config.addBehaviorAsChannels());
    all.put("replace_nans_with_means", config.replaceNansWithMeans());
    all.put("cache_data", config.cacheData());
    all.put("out_keys", config.outKeys());
    all.put("normalize_timestamps", config.normalizeTimestamps());
    Map<String, Object> devices = new LinkedHashMap<>();
    config.modalities().forEach((name, modality) -> devices.put(name, plain(modality)));
    all.put("modality_config", devices);
    all.put("seed", config.seed());
    all.put("safe_interval_threshold", config.safeIntervalThreshold());
    all.put("interpolate_precision", config.interpolatePrecision());
    all.put("time_grid", config.timeGrid().name().toLowerCase(Locale.ROOT));
    all.put("lead_device", config.lead());
    all.put("short_chunks", config.shortChunks().name().toLowerCase(Locale.ROOT));
    return all;
  }

  static Map<String, Object> plain(ModalityConfig config) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("sampling_rate", config.samplingRate());
    all.put("chunk_size", config.chunkSize());
    all.put("offset", config.offset());
    all.put("sample_stride", config.sampleStride());
    all.put(
        "valid_condition",
        config.validCondition() == null ? null : sorted(config.validCondition()));
    all.put("include_blanks", config.includeBlanks());
    Map<String, Object> transforms = new LinkedHashMap<>();
    NormalizationConfig normalization = config.normalization();
    if (normalization == null) {
      transforms.put("normalization", null);
    } else if (normalization.mode() == NormalizationConfig.Mode.MAP) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("means", normalization.means());
      map.put("stds", normalization.stds());
      transforms.put("normalization", map);
    } else {
      transforms.put("normalization", normalization.mode().name().toLowerCase(Locale.ROOT));
    }
    targets(config.transforms(), transforms);
    all.put("transforms", transforms);
    all.put("interpolation", plain(config.interpolation()));
    all.put("filters", targets(config.filters(), new LinkedHashMap<>()));
    all.put("nans", config.nans());
    all.put("columns", config.columns());
    all.put("unit_ids", config.unitIds());
    return all;
  }

  private static Map<String, Object> plain(InterpolationConfig config) {
    if (config.target() != null) {
      return plain(config.target());
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("interpolation_mode", config.mode());
    all.put("keep_nans", config.keepNans());
    all.put("normalize", config.normalize());
    all.put("normalize_subtract_mean", config.normalizeSubtractMean());
    all.put("normalize_std_threshold", config.normalizeStdThreshold());
    all.put("rescale", config.rescale());
    all.put("rescale_size", config.rescaleSize());
    all.put("use_stimuli_names", config.useStimuliNames());
    all.put("interpolation_window", config.window());
    all.put("interpolation_align", config.align());
    all.put("smoothing_sigma", config.smoothingSigma());
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
    all.put("_target_", target.name());
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
