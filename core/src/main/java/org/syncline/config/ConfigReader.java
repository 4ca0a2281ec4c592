/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.syncline.document.ListNode;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;

/** Turns a document into configuration records. */
final class ConfigReader {
  static final List<String> DATASET_KEYS =
      List.of(
          "root_folder",
          "global_sampling_rate",
          "global_chunk_size",
          "add_behavior_as_channels",
          "replace_nans_with_means",
          "cache_data",
          "out_keys",
          "normalize_timestamps",
          "modality_config",
          "seed",
          "safe_interval_threshold",
          "interpolate_precision",
          "time_grid",
          "lead_device",
          "short_chunks");
  static final List<String> MODALITY_KEYS =
      List.of(
          "keep_nans",
          "sampling_rate",
          "chunk_size",
          "valid_condition",
          "offset",
          "sample_stride",
          "include_blanks",
          "transforms",
          "interpolation",
          "filters",
          "nans",
          "columns",
          "unit_ids");
  static final List<String> INTERPOLATION_KEYS =
      List.of(
          "interpolation_mode",
          "keep_nans",
          "normalize",
          "normalize_subtract_mean",
          "normalize_std_threshold",
          "rescale",
          "rescale_size",
          "use_stimuli_names",
          "interpolation_window",
          "interpolation_align",
          "smoothing_sigma",
          "_target_");
  static final List<String> DATALOADER_KEYS =
      List.of(
          "batch_size",
          "shuffle",
          "num_workers",
          "pin_memory",
          "drop_last",
          "prefetch_factor",
          "seed",
          "shuffle_each_epoch",
          "persistent_workers");
  static final List<String> MODES = List.of("nearest_neighbor", "previous", "nearest", "linear");
  static final List<String> ALIGNMENTS = List.of("center", "left", "right");
  static final List<String> NORMALIZATIONS =
      List.of(
          "normalize",
          "normalize_variance_only",
          "recompute_responses",
          "recompute_behavior",
          "screen_default");
  private static final List<String> TARGET_KEYS = List.of("_target_", "__target__");
  private static final List<String> TARGET_OPTIONS =
      List.of("__partial__", "_partial_", "_convert_", "_recursive_");
  private static final double MAX = Double.MAX_VALUE;

  private final String source;
  private final Consumer<String> warnings;

  ConfigReader(String source, Consumer<String> warnings) {
    this.source = source;
    this.warnings = warnings;
  }

  ConfigFile file(Node root) {
    Level top = Level.of(source, "", root, warnings);
    if (!top.has("dataset") && !top.has("dataloader")) {
      return new ConfigFile(dataset(top), DataloaderConfig.DEFAULT, top.textOrNull("root_folder"));
    }
    top.known(List.of("dataset", "dataloader"));
    Level dataset = top.child("dataset");
    DataloaderConfig loader =
        top.get("dataloader") == null ? DataloaderConfig.DEFAULT : loader(top.child("dataloader"));
    return new ConfigFile(dataset(dataset), loader, dataset.textOrNull("root_folder"));
  }

  private DatasetConfig dataset(Level level) {
    level.known(DATASET_KEYS);
    level.textOrNull("root_folder");
    Map<String, ModalityConfig> modalities;
    if (level.get("modality_config") == null) {
      modalities = DatasetConfigs.defaults().modalities();
    } else {
      Level devices = level.child("modality_config");
      modalities = new LinkedHashMap<>();
      for (Map.Entry<String, Node> entry : devices.map().entries().entrySet()) {
        modalities.put(entry.getKey(), modality(devices.child(entry.getKey(), entry.getValue())));
      }
    }
    Long chunk = level.wholeOrNull("global_chunk_size", 1, Integer.MAX_VALUE);
    return new DatasetConfig(
        level.numberOrNull(
            "global_sampling_rate", Double.MIN_NORMAL, MAX, "a positive number of Hz, or null"),
        chunk == null ? null : (Integer) chunk.intValue(),
        level.flag("add_behavior_as_channels", false),
        level.flag("replace_nans_with_means", false),
        level.flag("cache_data", false),
        level.textsOrNull("out_keys"),
        level.flag("normalize_timestamps", true),
        modalities,
        level.wholeOrNull("seed", 0, 0xffff_ffffL),
        level.number("safe_interval_threshold", 0.5, -MAX, MAX, "a number of seconds"),
        (int) level.whole("interpolate_precision", 5, 0, 15),
        level.choice("time_grid", "rounded", List.of("rounded", "exact")).equals("exact")
            ? DatasetConfig.TimeGrid.EXACT
            : DatasetConfig.TimeGrid.ROUNDED,
        level.textOrNull("lead_device"),
        level.choice("short_chunks", "error", List.of("error", "skip")).equals("skip")
            ? DatasetConfig.ShortChunks.SKIP
            : DatasetConfig.ShortChunks.ERROR);
  }

  private DataloaderConfig loader(Level level) {
    level.known(DATALOADER_KEYS);
    DataloaderConfig otherwise = DataloaderConfig.DEFAULT;
    Long prefetch = level.wholeOrNull("prefetch_factor", 1, 1 << 16);
    return new DataloaderConfig(
        (int) level.whole("batch_size", otherwise.batchSize(), 1, 1 << 24),
        level.flag("shuffle", otherwise.shuffle()),
        (int) level.whole("num_workers", otherwise.numWorkers(), 0, 1 << 16),
        level.flag("pin_memory", otherwise.pinMemory()),
        level.flag("drop_last", otherwise.dropLast()),
        prefetch == null ? null : (Integer) prefetch.intValue(),
        level.wholeOrNull("seed", 0, 0xffff_ffffL),
        level.flag("shuffle_each_epoch", otherwise.shuffleEachEpoch()));
  }

  ModalityConfig modality(Level level) {
    level.known(MODALITY_KEYS);
    // one level up it is accepted and changes nothing, as in the original
    level.flagOrNull("keep_nans");
    Long chunk = level.wholeOrNull("chunk_size", 1, Integer.MAX_VALUE);
    Level transforms = level.child("transforms");
    long[] columns = level.wholesOrNull("columns", 0, Integer.MAX_VALUE);
    long[] unitIds = level.wholesOrNull("unit_ids", Long.MIN_VALUE, Long.MAX_VALUE);
    if (columns != null && unitIds != null) {
      throw level.error(
          "unit_ids", level.get("unit_ids"), "found together with columns, expected one of them");
    }
    return new ModalityConfig(
        level.numberOrNull(
            "sampling_rate", Double.MIN_NORMAL, MAX, "a positive number of Hz, or null"),
        chunk == null ? null : (Integer) chunk.intValue(),
        level.number("offset", 0, -MAX, MAX, "a number of seconds"),
        (int) level.whole("sample_stride", 1, 1, Integer.MAX_VALUE),
        conditions(level),
        level.flag("include_blanks", false),
        normalization(transforms),
        transforms(transforms),
        interpolation(level.child("interpolation")),
        filters(level.child("filters")),
        nans(level),
        columns == null ? null : Arrays.stream(columns).mapToInt(c -> (int) c).toArray(),
        unitIds);
  }

  private static List<Map<String, Object>> conditions(Level level) {
    Node node = level.get("valid_condition");
    if (node == null) {
      return null;
    }
    if (node instanceof MapNode map) {
      return List.of(map.value());
    }
    if (!(node instanceof ListNode list)) {
      throw level.wrong("valid_condition", node, "a map, a list of maps, or null");
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (Node item : list.items()) {
      if (!(item instanceof MapNode map)) {
        throw level.wrong("valid_condition", item, "a map of trial metadata keys and values");
      }
      all.add(map.value());
    }
    return List.copyOf(all);
  }

  private static Object nans(Level level) {
    Node node = level.get("nans");
    if (node == null) {
      return "keep";
    }
    if (node instanceof ScalarNode s && s.value() instanceof Number) {
      return level.number("nans", node, -MAX, MAX, "keep, mean, zero, fail or a finite number");
    }
    return level.choice("nans", "keep", List.of("keep", "mean", "zero", "fail"));
  }

  private static NormalizationConfig normalization(Level level) {
    NormalizationConfig given = given(level);
    NormalizationConfig older = null;
    for (String key : new String[] {"normalize", "normalize_variance_only"}) {
      if (Boolean.TRUE.equals(level.flagOrNull(key))) {
        if (older != null) {
          throw level.error(
              key, level.get(key), "found together with normalize, expected one of them");
        }
        older = named(key);
      }
    }
    if (given != null && older != null && given.mode() != older.mode()) {
      throw level.error(
          "normalization",
          level.get("normalization"),
          "says otherwise than the older key " + older.mode().name().toLowerCase(Locale.ROOT));
    }
    return given != null ? given : older;
  }

  private static NormalizationConfig given(Level level) {
    String key = "normalization";
    Node node = level.get(key);
    if (node == null || node instanceof ListNode list && list.items().isEmpty()) {
      return null;
    }
    if (node instanceof MapNode map) {
      if (map.entries().isEmpty()) {
        return null;
      }
      Level values = level.child(key);
      values.known(List.of("means", "stds"));
      double[] means = values.numbersOrNull("means");
      double[] stds = values.numbersOrNull("stds");
      return new NormalizationConfig(NormalizationConfig.Mode.MAP, means, stds);
    }
    if (node instanceof ScalarNode s && s.value() instanceof Boolean on) {
      return on ? named("normalize") : null;
    }
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      return text.isBlank() ? null : named(level.choice(key, null, NORMALIZATIONS));
    }
    throw level.wrong(
        key,
        node,
        "one of "
            + Level.quoted(NORMALIZATIONS)
            + ", true, false, null or a map of means and stds");
  }

  private static NormalizationConfig named(String name) {
    return new NormalizationConfig(
        NormalizationConfig.Mode.valueOf(name.toUpperCase(Locale.ROOT)), null, null);
  }

  private List<Target> transforms(Level level) {
    List<Target> targets = new ArrayList<>();
    for (Map.Entry<String, Node> entry : level.map().entries().entrySet()) {
      switch (entry.getKey()) {
        case "normalization", "normalize", "normalize_variance_only" -> {}
        default -> {
          Target target = target(level, entry.getKey(), entry.getValue(), "transform");
          if (target != null) {
            targets.add(target);
          }
        }
      }
    }
    return List.copyOf(targets);
  }

  private List<Target> filters(Level level) {
    List<Target> targets = new ArrayList<>();
    for (Map.Entry<String, Node> entry : level.map().entries().entrySet()) {
      Target target = target(level, entry.getKey(), entry.getValue(), "filter");
      if (target != null) {
        targets.add(target);
      }
    }
    return List.copyOf(targets);
  }

  /** Returns the component that an entry names; null after a warning. */
  private Target target(Level level, String key, Node node, String what) {
    if (!(node instanceof MapNode map)
        || map.get("_target_") == null && map.get("__target__") == null) {
      String expected = "a map with _target_, the name of a " + what;
      if (what.equals("transform")) {
        List<String> names = List.of("normalization", "normalize", "normalize_variance_only");
        level.unknown(key, "found " + node.kind() + ", expected " + expected, names);
        return null;
      }
      throw level.wrong(key, node, expected);
    }
    return target(level.child(key, node), key, node);
  }

  private Target target(Level level, String key, Node node) {
    String name = null;
    Map<String, Object> arguments = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : level.map().entries().entrySet()) {
      if (TARGET_KEYS.contains(entry.getKey())) {
        String text = level.textOrNull(entry.getKey());
        if (text == null || text.isBlank() || name != null && !name.equals(text)) {
          throw level.wrong(
              entry.getKey(),
              entry.getValue(),
              name == null ? "a name" : "'" + name + "' as above");
        }
        name = text;
      } else if (!TARGET_OPTIONS.contains(entry.getKey())) {
        arguments.put(entry.getKey(), entry.getValue().value());
      }
    }
    return new Target(key, name, Collections.unmodifiableMap(arguments), level.place(node));
  }

  private InterpolationConfig interpolation(Level level) {
    InterpolationConfig otherwise = InterpolationConfig.DEFAULT;
    if (level.get("_target_") != null || level.get("__target__") != null) {
      Target target = target(level, "interpolation", level.map());
      return new InterpolationConfig(
          otherwise.mode(),
          false,
          false,
          false,
          null,
          false,
          null,
          null,
          otherwise.window(),
          otherwise.align(),
          0,
          target);
    }
    level.known(INTERPOLATION_KEYS);
    Node align = level.get("interpolation_align");
    if (align instanceof ScalarNode s
        && s.value() instanceof String text
        && !ALIGNMENTS.contains(text)) {
      throw level.error(
          "interpolation_align",
          align,
          "Unknown alignment mode: " + text + ", should be 'center', 'left' or 'right'");
    }
    long[] size = level.wholesOrNull("rescale_size", 1, 1 << 20);
    if (size != null && size.length != 2) {
      throw level.error(
          "rescale_size",
          level.get("rescale_size"),
          "found " + size.length + " numbers, expected [height, width]");
    }
    return new InterpolationConfig(
        level.choice("interpolation_mode", otherwise.mode(), MODES),
        level.flag("keep_nans", otherwise.keepNans()),
        level.flag("normalize", otherwise.normalize()),
        level.flag("normalize_subtract_mean", otherwise.normalizeSubtractMean()),
        level.numberOrNull("normalize_std_threshold", 0, MAX, "a number from 0, or null"),
        level.flag("rescale", otherwise.rescale()),
        size == null ? null : new int[] {(int) size[0], (int) size[1]},
        level.flagOrNull("use_stimuli_names"),
        level.number(
            "interpolation_window",
            otherwise.window(),
            Double.MIN_NORMAL,
            MAX,
            "a positive number of seconds"),
        level.choice("interpolation_align", otherwise.align(), ALIGNMENTS),
        level.number(
            "smoothing_sigma", otherwise.smoothingSigma(), 0, MAX, "a number of time steps from 0"),
        null);
  }
}
