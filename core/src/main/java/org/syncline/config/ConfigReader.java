/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.Names;
import org.syncline.config.schema.TargetKeys;
import org.syncline.document.ListNode;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.error.ConfigException;

/** Turns a document into configuration records. */
final class ConfigReader {
  private final String source;
  private final Consumer<String> warnings;

  ConfigReader(String source, Consumer<String> warnings) {
    this.source = source;
    this.warnings = warnings;
  }

  ConfigFile file(Node root) {
    Level top = Level.of(source, "", root, warnings);
    if (!isFile(top)) {
      return new ConfigFile(
          dataset(top), DataloaderConfig.DEFAULT, top.text(ConfigSchema.ROOT_FOLDER));
    }
    top.known(ConfigSchema.FILE);
    Level dataset = top.child(ConfigSchema.DATASET_SECTION);
    DataloaderConfig loader =
        top.get(ConfigSchema.DATALOADER_SECTION) == null
            ? DataloaderConfig.DEFAULT
            : loader(top.child(ConfigSchema.DATALOADER_SECTION));
    return new ConfigFile(dataset(dataset), loader, dataset.text(ConfigSchema.ROOT_FOLDER));
  }

  /**
   * Returns whether a map holds the sections of a file rather than the parameters of a dataset. A
   * map without any of either is a file where one of its keys is nearly the name of a section.
   */
  private static boolean isFile(Level top) {
    if (top.has(ConfigSchema.DATASET_SECTION) || top.has(ConfigSchema.DATALOADER_SECTION)) {
      return true;
    }
    boolean near = false;
    for (String key : top.map().entries().keySet()) {
      if (ConfigSchema.DATASET.has(key)) {
        return false;
      }
      near |= Names.nearest(key, ConfigSchema.FILE.names()) != null;
    }
    return near;
  }

  private DatasetConfig dataset(Level level) {
    level.known(ConfigSchema.DATASET);
    level.text(ConfigSchema.ROOT_FOLDER);
    Map<String, ModalityConfig> modalities;
    if (level.get(ConfigSchema.MODALITY_CONFIG) == null) {
      modalities = DatasetConfig.defaults().modalities();
    } else {
      Level devices = level.child(ConfigSchema.MODALITY_CONFIG);
      modalities = new LinkedHashMap<>();
      for (Map.Entry<String, Node> entry : devices.map().entries().entrySet()) {
        modalities.put(entry.getKey(), modality(devices.child(entry.getKey(), entry.getValue())));
      }
    }
    return DatasetConfig.builder()
        .globalSamplingRate(level.number(ConfigSchema.GLOBAL_SAMPLING_RATE))
        .globalChunkSize(integer(level.whole(ConfigSchema.GLOBAL_CHUNK_SIZE)))
        .addBehaviorAsChannels(level.flag(ConfigSchema.ADD_BEHAVIOR_AS_CHANNELS))
        .replaceNansWithMeans(level.flag(ConfigSchema.REPLACE_NANS_WITH_MEANS))
        .cacheData(level.flag(ConfigSchema.CACHE_DATA))
        .outKeys(level.texts(ConfigSchema.OUT_KEYS))
        .normalizeTimestamps(level.flag(ConfigSchema.NORMALIZE_TIMESTAMPS))
        .modalities(modalities)
        .seed(level.whole(ConfigSchema.SEED))
        .safeIntervalThreshold(level.number(ConfigSchema.SAFE_INTERVAL_THRESHOLD))
        .interpolatePrecision(integer(level.whole(ConfigSchema.INTERPOLATE_PRECISION)))
        .timeGrid((DatasetConfig.TimeGrid) level.choice(ConfigSchema.TIME_GRID))
        .lead(level.text(ConfigSchema.LEAD_DEVICE))
        .shortChunks((DatasetConfig.ShortChunks) level.choice(ConfigSchema.SHORT_CHUNKS))
        .withinTrial(level.flag(ConfigSchema.WITHIN_TRIAL))
        .categories(categories(level))
        .build();
  }

  private static Map<String, List<String>> categories(Level level) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    if (level.get(ConfigSchema.CATEGORIES) == null) {
      return all;
    }
    Level keys = level.child(ConfigSchema.CATEGORIES);
    for (Map.Entry<String, Node> entry : keys.map().entries().entrySet()) {
      List<String> texts = new ArrayList<>();
      if (entry.getValue() instanceof ListNode list) {
        for (Node item : list.items()) {
          if (item instanceof ScalarNode s && s.value() instanceof String text) {
            texts.add(text);
          } else {
            throw keys.wrong(entry.getKey(), item, "a text; quote what looks like a number");
          }
        }
      } else {
        throw keys.wrong(entry.getKey(), entry.getValue(), "a list of texts");
      }
      if (new HashSet<>(texts).size() != texts.size()) {
        throw keys.wrong(entry.getKey(), entry.getValue(), "each text once");
      }
      all.put(entry.getKey(), texts);
    }
    return all;
  }

  private static DataloaderConfig loader(Level level) {
    level.known(ConfigSchema.DATALOADER);
    level.flag(ConfigSchema.PERSISTENT_WORKERS);
    return DataloaderConfig.builder()
        .batchSize(integer(level.whole(ConfigSchema.BATCH_SIZE)))
        .shuffle(level.flag(ConfigSchema.SHUFFLE))
        .numWorkers(integer(level.whole(ConfigSchema.NUM_WORKERS)))
        .pinMemory(level.flag(ConfigSchema.PIN_MEMORY))
        .dropLast(level.flag(ConfigSchema.DROP_LAST))
        .prefetchFactor(integer(level.whole(ConfigSchema.PREFETCH_FACTOR)))
        .seed(level.whole(ConfigSchema.LOADER_SEED))
        .shuffleEachEpoch(level.flag(ConfigSchema.SHUFFLE_EACH_EPOCH))
        .build();
  }

  private static Integer integer(Long value) {
    return value == null ? null : (Integer) Math.toIntExact(value);
  }

  ModalityConfig modality(Level level) {
    level.known(ConfigSchema.MODALITY);
    level.flag(ConfigSchema.OUTER_KEEP_NANS);
    Level transforms = level.child(ConfigSchema.TRANSFORMS);
    long[] unitIds = level.wholes(ConfigSchema.UNIT_IDS);
    if (level.get(ConfigSchema.COLUMNS) != null && unitIds != null) {
      throw level.error(ConfigSchema.UNIT_IDS, "found together with columns, expected one of them");
    }
    ModalityConfig.Builder modality = ModalityConfig.builder();
    columns(level, modality);
    select(level, modality);
    return modality
        .samplingRate(level.number(ConfigSchema.SAMPLING_RATE))
        .chunkSize(integer(level.whole(ConfigSchema.CHUNK_SIZE)))
        .offset(level.number(ConfigSchema.OFFSET))
        .sampleStride(integer(level.whole(ConfigSchema.SAMPLE_STRIDE)))
        .validCondition(conditions(level))
        .includeBlanks(level.flag(ConfigSchema.INCLUDE_BLANKS))
        .normalization(normalization(transforms))
        .transforms(transforms(transforms))
        .interpolation(interpolation(level.child(ConfigSchema.INTERPOLATION)))
        .filters(filters(level.child(ConfigSchema.FILTERS)))
        .nans(nans(level))
        .unitIds(unitIds)
        .build();
  }

  private static int[] integers(long[] values) {
    if (values == null) {
      return null;
    }
    int[] all = new int[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = (int) values[i];
    }
    return all;
  }

  private static void columns(Level level, ModalityConfig.Builder modality) {
    Node node = level.get(ConfigSchema.COLUMNS);
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      if (!ColumnSlices.isOne(text)) {
        throw level.error(
            ConfigSchema.COLUMNS,
            "found '" + text + "', expected " + ConfigSchema.COLUMNS.expected());
      }
      modality.columns(text);
    } else if (node instanceof ListNode list) {
      boolean mask =
          !list.items().isEmpty()
              && list.items().getFirst() instanceof ScalarNode s
              && s.value() instanceof Boolean;
      boolean[] flags = new boolean[list.items().size()];
      int[] indices = new int[flags.length];
      for (int i = 0; i < indices.length; i++) {
        Object value = list.items().get(i) instanceof ScalarNode s ? s.value() : null;
        if (mask && value instanceof Boolean flag) {
          flags[i] = flag;
        } else if (!mask
            && value instanceof Number n
            && n.doubleValue() == n.intValue()
            && n.intValue() >= 0) {
          indices[i] = n.intValue();
        } else {
          throw level.wrong(
              ConfigSchema.COLUMNS.name() + "[" + i + "]",
              list.items().get(i),
              mask ? "true or false, as the first" : "a whole number of 0 or more");
        }
      }
      if (mask) {
        modality.columns(flags);
      } else {
        modality.columns(indices);
      }
    } else if (node != null) {
      throw level.wrong(ConfigSchema.COLUMNS);
    }
  }

  private static void select(Level level, ModalityConfig.Builder modality) {
    Level conditions = level.child(ConfigSchema.SELECT);
    Map<String, Object> all = new LinkedHashMap<>();
    // a loop, no lambda: it runs at each opening, and would cost a cold start milliseconds
    for (Map.Entry<String, Node> entry : conditions.map().entries().entrySet()) {
      all.put(entry.getKey(), entry.getValue().value());
      try {
        modality.select(all);
      } catch (ConfigException e) {
        throw conditions.wrong(
            entry.getKey(),
            entry.getValue(),
            "a text, a number, true or false, a list of them, or {min: …, max: …}");
      }
    }
  }

  private static List<TrialCondition> conditions(Level level) {
    Node node = level.get(ConfigSchema.VALID_CONDITION);
    if (node == null) {
      return null;
    }
    if (node instanceof MapNode map) {
      return List.of(TrialCondition.of(map.value()));
    }
    if (!(node instanceof ListNode list)) {
      throw level.wrong(ConfigSchema.VALID_CONDITION);
    }
    List<TrialCondition> all = new ArrayList<>();
    for (Node item : list.items()) {
      if (!(item instanceof MapNode map)) {
        throw level.wrong(
            ConfigSchema.VALID_CONDITION.name(), item, "a map of trial metadata keys and values");
      }
      all.add(TrialCondition.of(map.value()));
    }
    return List.copyOf(all);
  }

  private static NanPolicy nans(Level level) {
    Node node = level.get(ConfigSchema.NANS);
    if (node instanceof ScalarNode s && s.value() instanceof Number n) {
      if (!Double.isFinite(n.doubleValue())) {
        throw level.wrong(ConfigSchema.NANS);
      }
      return NanPolicy.value(n.doubleValue());
    }
    return (NanPolicy) level.choice(ConfigSchema.NANS);
  }

  private static NormalizationConfig normalization(Level level) {
    NormalizationConfig given = given(level);
    NormalizationConfig older = null;
    if (Boolean.TRUE.equals(level.flag(ConfigSchema.OLDER_NORMALIZE))) {
      older = NormalizationConfig.of(NormalizationConfig.Mode.NORMALIZE);
    }
    if (Boolean.TRUE.equals(level.flag(ConfigSchema.OLDER_NORMALIZE_VARIANCE_ONLY))) {
      if (older != null) {
        throw level.error(
            ConfigSchema.OLDER_NORMALIZE_VARIANCE_ONLY,
            "found together with normalize, expected one of them");
      }
      older = NormalizationConfig.of(NormalizationConfig.Mode.NORMALIZE_VARIANCE_ONLY);
    }
    if (older != null
        && level.get(ConfigSchema.NORMALIZATION) instanceof ScalarNode s
        && Boolean.FALSE.equals(s.value())) {
      throw level.error(
          ConfigSchema.NORMALIZATION,
          "is false beside the older key " + older.mode().text() + ": true; expected one of them");
    }
    if (given != null && older != null && given.mode() != older.mode()) {
      throw level.error(
          ConfigSchema.NORMALIZATION, "says otherwise than the older key " + older.mode().text());
    }
    return given != null ? given : older;
  }

  private static NormalizationConfig given(Level level) {
    ConfigKey key = ConfigSchema.NORMALIZATION;
    Node node = level.get(key);
    if (node == null || node instanceof ListNode list && list.items().isEmpty()) {
      return null;
    }
    if (node instanceof MapNode map) {
      if (map.entries().isEmpty()) {
        return null;
      }
      Level values = level.child(key);
      values.known(ConfigSchema.STATISTICS);
      double[] means = values.numbers(ConfigSchema.MEANS);
      double[] stds = values.numbers(ConfigSchema.STDS);
      return NormalizationConfig.of(means, stds);
    }
    if (node instanceof ScalarNode s && s.value() instanceof Boolean on) {
      return on ? NormalizationConfig.of(NormalizationConfig.Mode.NORMALIZE) : null;
    }
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      return text.isBlank()
          ? null
          : NormalizationConfig.of((NormalizationConfig.Mode) level.choice(key));
    }
    throw level.wrong(key);
  }

  private List<Target> transforms(Level level) {
    List<Target> targets = new ArrayList<>();
    for (Map.Entry<String, Node> entry : level.map().entries().entrySet()) {
      if (!ConfigSchema.TRANSFORM_KEYS.has(entry.getKey())) {
        Target target = target(level, entry.getKey(), entry.getValue(), "transform");
        if (target != null) {
          targets.add(target);
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
    if (!(node instanceof MapNode map) || !hasTarget(map)) {
      String expected = "a map with _target_, the name of a " + what;
      if (what.equals("transform")) {
        List<String> known = ConfigSchema.TRANSFORM_KEYS.names();
        boolean mistyped = Names.nearest(key, known) != null;
        level.unknown(
            key,
            mistyped ? "unknown key" : "found " + node.kind() + ", expected " + expected,
            known);
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
      if (TargetKeys.isName(entry.getKey())) {
        String text =
            entry.getValue() instanceof ScalarNode s && s.value() instanceof String t ? t : null;
        if (text == null || text.isBlank() || name != null && !name.equals(text)) {
          throw level.wrong(
              entry.getKey(),
              entry.getValue(),
              name == null ? "a name" : "'" + name + "' as above");
        }
        name = text;
      } else if (TargetKeys.isArgument(entry.getKey())) {
        arguments.put(entry.getKey(), entry.getValue().value());
      }
    }
    return Target.of(name, arguments).at(key, level.place(node));
  }

  private InterpolationConfig interpolation(Level level) {
    if (hasTarget(level.map())) {
      return InterpolationConfig.builder()
          .target(target(level, ConfigSchema.INTERPOLATION.name(), level.map()))
          .build();
    }
    level.known(ConfigSchema.INTERPOLATION_KEYS);
    ConfigKey aligns = ConfigSchema.INTERPOLATION_ALIGN;
    if (level.get(aligns) instanceof ScalarNode s
        && s.value() instanceof String text
        && aligns.choice(text) == null) {
      // the original's words, which programs look for
      throw level.error(
          aligns, "Unknown alignment mode: " + text + ", should be 'center', 'left' or 'right'");
    }
    long[] size = level.wholes(ConfigSchema.RESCALE_SIZE);
    if (size != null && size.length != 2) {
      throw level.error(
          ConfigSchema.RESCALE_SIZE, "found " + size.length + " numbers, expected [height, width]");
    }
    InterpolationConfig.Builder options = InterpolationConfig.builder();
    if (level.has(ConfigSchema.ALIGN)) {
      options.meanAlign((InterpolationConfig.Align) level.choice(ConfigSchema.ALIGN));
    }
    return options
        .mode((InterpolationConfig.Mode) level.choice(ConfigSchema.INTERPOLATION_MODE))
        .meanWindow(level.number(ConfigSchema.WINDOW))
        .maxGap(level.number(ConfigSchema.MAX_GAP))
        .keepNans(level.flag(ConfigSchema.KEEP_NANS))
        .normalize(level.flag(ConfigSchema.NORMALIZE))
        .normalizeSubtractMean(level.flag(ConfigSchema.NORMALIZE_SUBTRACT_MEAN))
        .normalizeStdThreshold(level.number(ConfigSchema.NORMALIZE_STD_THRESHOLD))
        .rescale(level.flag(ConfigSchema.RESCALE))
        .rescaleSize(integers(size))
        .useStimuliNames(level.flag(ConfigSchema.USE_STIMULI_NAMES))
        .window(level.number(ConfigSchema.INTERPOLATION_WINDOW))
        .align((InterpolationConfig.Align) level.choice(ConfigSchema.INTERPOLATION_ALIGN))
        .smoothingSigma(level.number(ConfigSchema.SMOOTHING_SIGMA))
        .build();
  }

  private static boolean hasTarget(MapNode map) {
    for (Map.Entry<String, Node> entry : map.entries().entrySet()) {
      if (TargetKeys.isName(entry.getKey()) && !Level.isNull(entry.getValue())) {
        return true;
      }
    }
    return false;
  }
}
