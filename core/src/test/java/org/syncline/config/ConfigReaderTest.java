/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.config.NormalizationConfig.Mode;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;

@Tag("any-width")
class ConfigReaderTest {
  private static ModalityConfig modality(String text) {
    return ModalityConfig.parse(text, "screen", "c.yaml", null);
  }

  private static NormalizationConfig normalization(String transforms) {
    return modality("transforms: " + transforms).normalization();
  }

  private static String message(String text) {
    return assertThrows(ConfigException.class, () -> DatasetConfig.parse(text, "c.yaml"))
        .getMessage();
  }

  @Test
  void defaultsAreTheOriginals() {
    DatasetConfig config = DatasetConfig.defaults();
    assertNull(config.globalSamplingRate());
    assertNull(config.globalChunkSize());
    assertFalse(config.addBehaviorAsChannels());
    assertFalse(config.replaceNansWithMeans());
    assertFalse(config.cacheData());
    assertTrue(config.normalizeTimestamps());
    assertNull(config.seed());
    assertEquals(0.5, config.safeIntervalThreshold());
    assertEquals(5, config.interpolatePrecision());
    assertEquals(
        List.of("screen", "responses", "eye_tracker", "treadmill", "timestamps"), config.outKeys());
    assertEquals(
        List.of("screen", "responses", "eye_tracker", "treadmill"),
        List.copyOf(config.modalities().keySet()));
    ModalityConfig screen = config.modalities().get("screen");
    assertEquals(30, screen.samplingRate());
    assertEquals(60, screen.chunkSize());
    assertEquals(List.of(TrialCondition.of("tier", "train")), screen.validCondition());
    assertTrue(screen.includeBlanks());
    assertEquals(Mode.NORMALIZE, screen.normalization().mode());
    assertEquals("torchvision.transforms.v2.Resize", screen.transforms().get(0).name());
    assertEquals("Resize", screen.transforms().get(0).key());
    assertEquals(Map.of("size", List.of(144L, 256L)), screen.transforms().get(0).arguments());
    assertTrue(screen.interpolation().rescale());
    assertArrayEquals(new int[] {144, 256}, screen.interpolation().rescaleSize());
    ModalityConfig responses = config.modalities().get("responses");
    assertEquals(Mode.NORMALIZE_VARIANCE_ONLY, responses.normalization().mode());
    assertEquals("experanto.filters.common_filters.nan_filter", responses.filters().get(0).name());
    assertEquals(Map.of("vicinity", 0.05), responses.filters().get(0).arguments());
    assertEquals(
        DataloaderConfig.builder()
            .batchSize(16)
            .shuffle(true)
            .numWorkers(2)
            .pinMemory(true)
            .dropLast(true)
            .prefetchFactor(2)
            .build(),
        ConfigFile.defaults().dataloader());
  }

  @Test
  void missingKeysHaveTheirDefaults() {
    ModalityConfig empty = modality("{}");
    assertNull(empty.samplingRate());
    assertNull(empty.chunkSize());
    assertEquals(0, empty.offset());
    assertEquals(1, empty.sampleStride());
    assertNull(empty.validCondition());
    assertFalse(empty.includeBlanks());
    assertNull(empty.normalization());
    assertEquals(List.of(), empty.transforms());
    assertEquals(List.of(), empty.filters());
    assertEquals(InterpolationConfig.Mode.NEAREST_NEIGHBOR, empty.interpolation().mode());
    assertEquals(0.3, empty.interpolation().window());
    assertEquals(NanPolicy.KEEP, empty.nans());
    assertEquals(empty, ModalityConfig.DEFAULT);
    assertEquals(
        empty,
        modality(
            "{transforms: null, interpolation: ~, filters: , valid_condition: null, sampling_rate: null}"));
    assertEquals(
        DatasetConfig.defaults().modalities().keySet(),
        DatasetConfig.parse("", "c").modalities().keySet());
  }

  @Test
  void aGivenModalityConfigReplacesTheDefault() {
    DatasetConfig config = DatasetConfig.parse("modality_config: {spikes: {}}", "c");
    assertEquals(List.of("spikes"), List.copyOf(config.modalities().keySet()));
  }

  @Test
  void normalizationHasManyForms() {
    for (String none :
        new String[] {
          "{normalization: null}",
          "{normalization: false}",
          "{normalization: ''}",
          "{normalization: {}}",
          "{normalize: false}",
          "{}"
        }) {
      assertNull(normalization(none), none);
    }
    assertEquals(Mode.NORMALIZE, normalization("{normalization: true}").mode());
    assertEquals(Mode.NORMALIZE, normalization("{normalize: true}").mode());
    assertEquals(
        Mode.NORMALIZE_VARIANCE_ONLY, normalization("{normalize_variance_only: true}").mode());
    assertEquals(
        Mode.NORMALIZE, normalization("{normalization: normalize, normalize: true}").mode());
    for (Mode mode : Mode.values()) {
      if (mode != Mode.MAP) {
        assertEquals(
            mode,
            normalization("{normalization: " + mode.name().toLowerCase(java.util.Locale.ROOT) + "}")
                .mode());
      }
    }
    NormalizationConfig map = normalization("{normalization: {means: [1.5, 2], stds: [[3], [4]]}}");
    assertArrayEquals(new double[] {1.5, 2}, map.means());
    assertArrayEquals(new double[] {3, 4}, map.stds());
    NormalizationConfig partial = normalization("{normalization: {stds: 0.25}}");
    assertEquals(Mode.MAP, partial.mode());
    assertNull(partial.means());
    assertArrayEquals(new double[] {0.25}, partial.stds());
    assertThrows(ConfigException.class, () -> normalization("{normalization: normalise}"));
    assertThrows(ConfigException.class, () -> normalization("{normalization: 3}"));
    assertThrows(ConfigException.class, () -> normalization("{normalization: {mean: 3}}"));
    assertThrows(
        ConfigException.class,
        () -> normalization("{normalize: true, normalize_variance_only: true}"));
    assertThrows(
        ConfigException.class,
        () -> normalization("{normalization: recompute_behavior, normalize: true}"));
  }

  @Test
  void transformsKeepTheirOrder() {
    ModalityConfig config =
        modality(
            """
            transforms:
              ToTensor: {_target_: torchvision.transforms.ToTensor}
              Normalize: {_target_: torchvision.transforms.Normalize, mean: 80.0, std: [60.0]}
              normalization: normalize
              Crop: {__target__: torchvision.transforms.CenterCrop, size: 16, __partial__: false}
            """);
    assertEquals(
        List.of("ToTensor", "Normalize", "Crop"),
        config.transforms().stream().map(Target::key).toList());
    assertEquals(
        Map.of("mean", 80.0, "std", List.of(60.0)), config.transforms().get(1).arguments());
    assertEquals(Map.of("size", 16L), config.transforms().get(2).arguments());
    assertEquals("c.yaml:5", config.transforms().get(2).source());
  }

  @Test
  void conditionsAreListsOfMaps() {
    assertEquals(
        List.of(TrialCondition.of("tier", "train")),
        modality("valid_condition: {tier: train}").validCondition());
    assertEquals(
        List.of(TrialCondition.of("tier", "train").and("x", 1), TrialCondition.of("y", true)),
        modality("valid_condition: [{tier: train, x: 1}, {y: true}]").validCondition());
    assertEquals(List.of(), modality("valid_condition: []").validCondition());
    assertEquals(
        List.of(TrialCondition.of(Map.of())), modality("valid_condition: {}").validCondition());
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("tier", null);
    assertEquals(
        List.of(TrialCondition.of(nothing)),
        modality("valid_condition: {tier: null}").validCondition());
    assertThrows(ConfigException.class, () -> modality("valid_condition: train"));
    assertThrows(ConfigException.class, () -> modality("valid_condition: [train]"));
  }

  @Test
  void interpolationOptions() {
    InterpolationConfig config =
        modality(
                "interpolation: {interpolation_mode: linear, keep_nans: true, normalize: true, normalize_subtract_mean: true,"
                    + " normalize_std_threshold: 0.01, rescale: true, rescale_size: [2, 3], use_stimuli_names: true,"
                    + " interpolation_window: 1, interpolation_align: left, smoothing_sigma: 2}")
            .interpolation();
    assertEquals(InterpolationConfig.Mode.LINEAR, config.mode());
    assertTrue(
        config.keepNans()
            && config.normalize()
            && config.normalizeSubtractMean()
            && config.rescale());
    assertEquals(0.01, config.normalizeStdThreshold());
    assertArrayEquals(new int[] {2, 3}, config.rescaleSize());
    assertEquals(true, config.useStimuliNames());
    assertEquals(1, config.window());
    assertEquals(InterpolationConfig.Align.LEFT, config.align());
    assertEquals(2, config.smoothingSigma());
    assertNull(config.target());
    InterpolationConfig custom =
        modality("interpolation: {_target_: my.Thing, gain: 2, list: [1, {a: b}]}").interpolation();
    assertEquals("my.Thing", custom.target().name());
    assertEquals(
        Map.of("gain", 2L, "list", List.of(1L, Map.of("a", "b"))), custom.target().arguments());
  }

  @Test
  void synclinesOwnKeys() {
    DatasetConfig config =
        DatasetConfig.parse(
            "{time_grid: exact, lead_device: treadmill, short_chunks: skip, seed: 4294967295, modality_config: {a: {nans: zero,"
                + " columns: [3, 1]}, b: {nans: -1.5, unit_ids: [1000000000000]}}}",
            "c");
    assertEquals(DatasetConfig.TimeGrid.EXACT, config.timeGrid());
    assertEquals(DatasetConfig.ShortChunks.SKIP, config.shortChunks());
    assertEquals("treadmill", config.lead());
    assertEquals(4294967295L, config.seed());
    assertEquals(NanPolicy.ZERO, config.modalities().get("a").nans());
    assertArrayEquals(new int[] {3, 1}, config.modalities().get("a").columns());
    assertEquals(NanPolicy.value(-1.5), config.modalities().get("b").nans());
    assertArrayEquals(new long[] {1000000000000L}, config.modalities().get("b").unitIds());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sed: 1 | c.yaml:1: sed: unknown key; did you mean 'seed'? Known: root_folder, global_sampling_rate",
        "dataset: {}_dataloder: {} | c.yaml:2: dataloder: unknown key; did you mean 'dataloader'?",
        "datset: {} | c.yaml:1: datset: unknown key; did you mean 'dataset'? Known: dataset, dataloader",
        "modality_config: {s: {transforms: {normalisation: normalize}}} | c.yaml:1: modality_config.s.transforms.normalisation: unknown key; did you mean 'normalization'? Known: normalization, normalize, normalize_variance_only",
        "modality_config: {s: {transforms: {normalisation: {means: 1}}}} | normalisation: unknown key; did you mean 'normalization'?",
        "modality_config:_  screen:_    sampling_rat:_      3 | c.yaml:3: modality_config.screen.sampling_rat: unknown key; did you mean 'sampling_rate'?",
        "modality_config: {s: {interpolation: {mode: 1}}} | c.yaml:1: modality_config.s.interpolation.mode: unknown key; Known: interpolation_mode",
        "modality_config: {s: {interpolation: {interpolation_mode: linaer}}} | interpolation_mode: found 'linaer', expected one of 'nearest_neighbor', 'previous', 'nearest', 'linear', 'mean'; did you mean 'linear'?",
        "modality_config: {s: {interpolation: {interpolation_align: middle}}} | Unknown alignment mode: middle, should be 'center', 'left' or 'right'",
        "modality_config: {s: {transforms: {Resize: 3}}} | modality_config.s.transforms.Resize: found number 3, expected a map with _target_",
        "modality_config: {s: {filters: {nan: {vicinity: 3}}}} | modality_config.s.filters.nan: found a map, expected a map with _target_",
        "modality_config: {s: {chunk_size: 1.5}} | chunk_size: found number 1.5, expected a whole number from 1",
        "modality_config: {s: {chunk_size: '8'}} | chunk_size: found text '8', expected a whole number",
        "modality_config: {s: {sampling_rate: 0}} | sampling_rate: found number 0, expected a positive number of Hz",
        "modality_config: {s: {sampling_rate: .nan}} | sampling_rate: found number NaN",
        "modality_config: {s: {offset: null}} | offset: found null, expected a number of seconds",
        "modality_config: {s: {include_blanks: 1}} | include_blanks: found number 1, expected true or false",
        "modality_config: {s: {columns: [1], unit_ids: [1]}} | unit_ids: found together with columns",
        "modality_config: {s: {columns: [-1]}} | columns[0]: found number -1",
        "modality_config: {s: {nans: median}} | nans: found 'median', expected one of 'keep', 'mean', 'zero', 'fail'; did you mean 'mean'?",
        "modality_config: [screen] | modality_config: found a list, expected a map",
        "time_grid: exakt | time_grid: found 'exakt', expected one of 'rounded', 'exact'; did you mean 'exact'?",
        "seed: -1 | seed: found number -1, expected a whole number from 0 to 4294967295",
        "out_keys: screen | out_keys: found text 'screen', expected a list of names",
        "dataloader: {batch_size: 0} | dataloader.batch_size: found number 0",
        "[1, 2] | c.yaml:1: configuration: found a list, expected a map",
        "a: [1 | c.yaml:1: configuration:",
        "seed: 1_seed: 2 | c.yaml:2: configuration: key 'seed' occurs a second time, first on line 1",
      })
  void errorsNamePlaceAndNearestName(String text, String expected) {
    String message = message(text.replaceAll("_(?= |seed|datalo|$)", "\n"));
    assertTrue(message.contains(expected), message);
  }

  @Test
  void unknownKeysCanBeWarnings() {
    List<String> warnings = new ArrayList<>();
    DatasetConfig config =
        DatasetConfig.parse(
            "{extra: 1, modality_config: {s: {sampling: 3, transforms: {Resize: 3}, interpolation: {mode: x}}}}",
            "cfg",
            warnings::add);
    assertEquals(4, warnings.size(), warnings.toString());
    assertTrue(warnings.get(0).startsWith("cfg:1: extra: unknown key"), warnings.get(0));
    assertEquals(ModalityConfig.DEFAULT, config.modalities().get("s"));
    assertThrows(ConfigException.class, () -> DatasetConfig.parse("seed: x", "cfg", warnings::add));
  }

  @Test
  void aFileOfJsonReadsAsItsTextDoes(@org.junit.jupiter.api.io.TempDir Path folder)
      throws IOException {
    String text =
        "{\"modality_config\": {\"a\": {\"transforms\": {\"normalization\": {\"means\": NaN}}}}}";
    Path file = Files.writeString(folder.resolve("config.json"), text);
    assertEquals(DatasetConfig.parse(text, "c").toJson(), DatasetConfig.read(file).toJson());
  }

  @Test
  void canonicalFormReadsBackAndIgnoresTheOrderOfKeys() {
    String[] texts = {
      ConfigFile.defaultText(),
      "{time_grid: exact, modality_config: {b: {columns: [1], transforms: {normalization: {means: 1}}, nans: 2},"
          + " a: {interpolation: {_target_: x.Y, b: 1, a: {d: 1, c: .nan}}, unit_ids: [3], valid_condition: [{y: 1, x: z}, {}]}}}",
    };
    for (String text : texts) {
      String json = DatasetConfig.parse(text, "c").toJson();
      assertEquals(json, DatasetConfig.parse(json, "again").toJson());
    }
    assertEquals(
        DatasetConfig.parse(
                "{seed: 1, modality_config: {a: {offset: 1, chunk_size: 2, valid_condition: {x: 1, y: 2}}}}",
                "c")
            .toJson(),
        DatasetConfig.parse(
                "{modality_config: {a: {valid_condition: [{y: 2, x: 1}], chunk_size: 2, offset: 1.0}}, seed: 1}",
                "c")
            .toJson());
  }

  @Test
  void readsFiles(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file, "dataset:\n  root_folder: /data/rec\n  seed: 3\ndataloader:\n  batch_size: 4\n");
    ConfigFile config = ConfigFile.read(file);
    assertEquals(3, config.dataset().seed());
    assertEquals(4, config.dataloader().batchSize());
    assertEquals("/data/rec", config.rootFolder());
    Files.writeString(file, "seed: [");
    assertTrue(
        assertThrows(ConfigException.class, () -> DatasetConfig.read(file))
            .getMessage()
            .startsWith(file + ":1"));
    Path none = folder.resolve("none.yaml");
    assertTrue(
        assertThrows(ConfigException.class, () -> DatasetConfig.read(none))
            .getMessage()
            .contains("no such file"));
  }

  @Test
  void onlyConfigExceptionsComeOut() {
    long seed = Long.getLong("syncline.seed", 7);
    System.out.println("ConfigReaderTest seed " + seed);
    Random random = new Random(seed);
    String[] keys = {
      "dataset",
      "seed",
      "modality_config",
      "screen",
      "transforms",
      "normalization",
      "means",
      "filters",
      "_target_",
      "interpolation",
      "rescale_size",
      "valid_condition",
      "columns",
      "nans",
      "out_keys",
      "chunk_size",
      "sampling_rate",
      "dataloader",
      "time_grid"
    };
    for (int i = 0; i < 20_000; i++) {
      Object value = random(random, keys, 0);
      try {
        DatasetConfig.parse(Documents.toJson(value), "c");
      } catch (ConfigException e) {
        assertTrue(e.getMessage().startsWith("c:"), e.getMessage());
      }
      lenient(Documents.toJson(value));
    }
  }

  private static void lenient(String text) {
    try {
      DatasetConfig.parse(text, "c", w -> {}).toJson();
    } catch (ConfigException e) {
      assertTrue(e.getMessage().startsWith("c:"), e.getMessage());
    }
  }

  private static Object random(Random random, String[] keys, int depth) {
    int kind = depth < 2 ? 0 : random.nextInt(8);
    switch (kind) {
      case 0, 1 -> {
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
          map.put(
              keys[random.nextInt(keys.length)], depth > 6 ? 1 : random(random, keys, depth + 1));
        }
        return map;
      }
      case 2 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(depth > 6 ? null : random(random, keys, depth + 1));
        }
        return list;
      }
      case 3 -> {
        return random.nextBoolean();
      }
      case 4 -> {
        return null;
      }
      case 5 -> {
        return new double[] {Double.NaN, 1e300, -1, 0.5, 3, Double.POSITIVE_INFINITY}
            [random.nextInt(6)];
      }
      case 6 -> {
        return random.nextLong() >> random.nextInt(64);
      }
      default -> {
        return keys[random.nextInt(keys.length)];
      }
    }
  }
}
