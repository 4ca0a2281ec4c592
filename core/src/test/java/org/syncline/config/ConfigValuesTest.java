/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.syncline.error.ConfigException;

/** Configurations that a program builds. */
class ConfigValuesTest {
  private static DatasetConfig rich() {
    return DatasetConfig.parse(
        "{seed: 3, out_keys: [a, b], time_grid: exact, modality_config: {a: {columns: [1, 2], nans: -1.5,"
            + " valid_condition: [{x: null}], transforms: {normalization: {means: [1], stds: [2]}, Crop: {_target_: CenterCrop, size: 2}},"
            + " interpolation: {rescale_size: [3, 4], interpolation_mode: linear}}, b: {unit_ids: [7]}}}",
        "c");
  }

  @Test
  void aBuilderStartsWhereItIsToldAndEqualsByValue() {
    DatasetConfig config = rich();
    assertNotSame(config, config.toBuilder().build());
    assertEquals(config, config.toBuilder().build());
    assertEquals(config.hashCode(), config.toBuilder().build().hashCode());
    assertEquals(config, rich());
    assertNotEquals(config, config.toBuilder().seed(4L).build());
    assertEquals(4L, config.toBuilder().seed(4L).build().seed());
    ModalityConfig a = config.modalities().get("a");
    assertEquals(a, a.toBuilder().build());
    assertNotEquals(a, a.toBuilder().columns(new int[] {1, 3}).build());
    assertNotEquals(
        a,
        a.toBuilder()
            .normalization(NormalizationConfig.of(new double[] {1}, new double[] {3}))
            .build());
    InterpolationConfig i = a.interpolation();
    assertEquals(i, i.toBuilder().build());
    assertNotEquals(i, i.toBuilder().rescaleSize(new int[] {3, 5}).build());
    DataloaderConfig loader = DataloaderConfig.builder().batchSize(3).build();
    assertEquals(loader, loader.toBuilder().build());
    assertNotEquals(loader, DataloaderConfig.DEFAULT);
  }

  @Test
  void whatIsReadCanBeBuilt() {
    DatasetConfig read =
        DatasetConfig.parse(
            "{lead_device: a, short_chunks: skip, modality_config: {a: {sampling_rate: 8, nans: mean,"
                + " transforms: {normalization: recompute_behavior}, interpolation: {interpolation_align: right}}}}",
            "c");
    DatasetConfig built =
        DatasetConfig.builder()
            .lead("a")
            .shortChunks(DatasetConfig.ShortChunks.SKIP)
            .modality(
                "a",
                ModalityConfig.builder()
                    .samplingRate(8.0)
                    .nans(NanPolicy.MEAN)
                    .normalization(
                        NormalizationConfig.of(NormalizationConfig.Mode.RECOMPUTE_BEHAVIOR))
                    .interpolation(
                        InterpolationConfig.builder()
                            .align(InterpolationConfig.Align.RIGHT)
                            .build())
                    .build())
            .build();
    assertEquals(read, built);
    assertEquals(read.toJson(), built.toJson());
  }

  /**
   * As it travels to Python, C and the command, and lies in files: whatever types a program gave.
   */
  @Test
  void whatIsBuiltIsEqualToItsJsonThatIsRead() {
    List<Object> size = new ArrayList<>(List.of(3, (short) 4));
    Map<String, Object> condition = new HashMap<>(Map.of("stim", (byte) 2, "contrast", 0.5f));
    condition.put("tier", null);
    ModalityConfig.Builder device = ModalityConfig.builder();
    device
        .samplingRate(8.0)
        .transforms(
            List.of(
                Target.of("Resize", Map.of("size", size, "more", Map.of("deep", List.of(1, 2.0f)))),
                Target.of("CenterCrop", Map.of("size", new int[] {1, 2}))))
        .filters(List.of(Target.of("nan_filter", Map.of("vicinity", 1))))
        .validCondition(List.of(TrialCondition.of(condition)))
        .select(
            Map.of(
                "meta/a.npy", 3, "meta/b.npy", size, "meta/c.npy", Map.of("min", 1, "max", 2.5f)))
        .nans(NanPolicy.value(3))
        .normalization(NormalizationConfig.of(new double[] {1}, new double[] {2}));
    DatasetConfig config =
        DatasetConfig.builder()
            .seed(3L)
            .globalChunkSize(5)
            .modality("a", device.build())
            .modality(
                "b",
                ModalityConfig.builder()
                    .interpolation(
                        InterpolationConfig.builder()
                            .target(Target.of("Mine", Map.of("n", 1)))
                            .build())
                    .build())
            .categories(Map.of("stim", List.of("x", "y")))
            .build();
    DatasetConfig read = DatasetConfig.parse(config.toJson(), "c");
    for (String name : List.of("a", "b")) {
      assertEquals(read.modalities().get(name), config.modalities().get(name), name);
    }
    assertEquals(read, config);
    assertEquals(read.hashCode(), config.hashCode());
    assertEquals(config.toJson(), read.toJson());
    size.set(0, 9);
    assertEquals(read, config);
    // of two under one key a file would have the last alone
    Target crop = Target.of("CenterCrop", Map.of("size", 2));
    for (String key : List.of("transforms", "filters")) {
      List<Target> two = List.of(crop, Target.of("CenterCrop", Map.of("size", 1)));
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () -> {
                if (key.equals("filters")) {
                  ModalityConfig.builder().filters(two);
                } else {
                  ModalityConfig.builder().transforms(two);
                }
              });
      assertTrue(
          e.getMessage().contains(key + ".CenterCrop: found two under this key"), e.getMessage());
    }
    List<Target> both = List.of(crop, two("CenterCrop2", 1));
    assertEquals(2, ModalityConfig.builder().transforms(both).build().transforms().size());
  }

  private static Target two(String key, int size) {
    return Target.of("CenterCrop", Map.of("size", size)).at(key, "configuration");
  }

  @Test
  void arraysAndCollectionsAreCopied() {
    int[] columns = {1, 2};
    double[] means = {1};
    Map<String, Object> condition = new HashMap<>(Map.of("tier", "train"));
    ModalityConfig config =
        ModalityConfig.builder()
            .columns(columns)
            .normalization(NormalizationConfig.of(means, null))
            .validCondition(List.of(TrialCondition.of(condition)))
            .build();
    columns[0] = 9;
    means[0] = 9;
    condition.clear();
    config.columns()[1] = 9;
    config.normalization().means()[0] = 9;
    assertArrayEquals(new int[] {1, 2}, config.columns());
    assertArrayEquals(new double[] {1}, config.normalization().means());
    assertEquals(List.of(TrialCondition.of("tier", "train")), config.validCondition());
    Map<String, Object> values = config.validCondition().get(0).values();
    assertThrows(UnsupportedOperationException.class, () -> values.put("a", 1));
    TrialCondition two = TrialCondition.of("n", 1).and("ok", true).and("x", 0.5).and("t", "a");
    assertEquals(TrialCondition.of(Map.of("n", 1L, "ok", true, "x", 0.5, "t", "a")), two);
    assertEquals(two.hashCode(), TrialCondition.of(two.values()).hashCode());
    assertEquals("{n=1, ok=true, x=0.5, t=a}", two.toString());
    DatasetConfig.Builder builder = DatasetConfig.builder().modality("a", config);
    DatasetConfig one = builder.build();
    builder.modality("b", config);
    assertEquals(1, one.modalities().size());
    assertThrows(UnsupportedOperationException.class, () -> one.modalities().clear());
  }

  @Test
  void rangesHoldForBuildersToo() {
    assertEquals(
        "configuration: batch_size: is 0, expected a whole number from 1 to 16777216",
        assertThrows(ConfigException.class, () -> DataloaderConfig.builder().batchSize(0))
            .getMessage());
    assertThrows(ConfigException.class, () -> DatasetConfig.builder().interpolatePrecision(16));
    assertThrows(ConfigException.class, () -> DatasetConfig.builder().seed(-1L));
    assertThrows(ConfigException.class, () -> ModalityConfig.builder().samplingRate(Double.NaN));
    assertThrows(
        ConfigException.class, () -> InterpolationConfig.builder().rescaleSize(new int[] {3}));
    assertThrows(
        ConfigException.class, () -> InterpolationConfig.builder().rescaleSize(new int[] {3, 0}));
    assertThrows(ConfigException.class, () -> ModalityConfig.builder().columns(new int[] {-1}));
    ModalityConfig.Builder both =
        ModalityConfig.builder().columns(new int[] {1}).unitIds(new long[] {1});
    assertThrows(ConfigException.class, both::build);
    assertThrows(IllegalArgumentException.class, () -> NanPolicy.value(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> NormalizationConfig.of(NormalizationConfig.Mode.MAP));
  }

  @Test
  void policiesThatMeanTheSameAreEqual() {
    assertSame(NanPolicy.ZERO, NanPolicy.value(0));
    assertNotEquals(NanPolicy.ZERO, NanPolicy.value(-0.0));
    assertEquals(NanPolicy.value(2), NanPolicy.value(2));
    assertNotEquals(NanPolicy.KEEP, NanPolicy.MEAN);
    assertEquals("mean", NanPolicy.MEAN.toString());
    assertEquals("-1.5", NanPolicy.value(-1.5).toString());
  }

  @Test
  void textsAreOneLine() {
    DatasetConfig config = rich();
    for (Object o :
        new Object[] {
          config,
          config.modalities().get("a"),
          config.modalities().get("a").interpolation(),
          config.modalities().get("a").normalization(),
          DataloaderConfig.DEFAULT,
          ConfigFile.defaults()
        }) {
      String text = o.toString();
      assertTrue(text.startsWith(o.getClass().getSimpleName()), text);
      assertEquals(1, text.lines().count(), text);
    }
    assertEquals(
        "NormalizationConfig{\"means\":[1.0],\"stds\":[2.0]}",
        config.modalities().get("a").normalization().toString());
  }
}
