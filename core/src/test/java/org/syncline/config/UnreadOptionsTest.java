/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.Registry;
import org.syncline.config.schema.ConfigKey;

@Tag("any-width")
class UnreadOptionsTest {
  private static InterpolationConfig parse(String options) {
    return DatasetConfig.parse(
            "modality_config: {a: {sampling_rate: 1, chunk_size: 1, interpolation: {"
                + options
                + "}}}",
            "test")
        .modalities()
        .get("a")
        .interpolation();
  }

  @ParameterizedTest
  @CsvSource({
    "window: 0.05, spikes, interpolation_window",
    "align: right, spikes, interpolation_align",
    "align: left, spikes, interpolation_align",
    "interpolation_window: 1.0, sequence, window",
    "interpolation_align: right, sequence, align",
  })
  void theRightNameIsSaid(String option, String modality, String right) {
    assertEquals(Map.of(option.split(":")[0], List.of(right)), parse(option).unread(modality));
  }

  @ParameterizedTest
  @CsvSource({
    "smoothing_sigma: 5, sequence",
    "interpolation_mode: linear, screen",
    "interpolation_mode: linear, time_interval",
    "max_gap: 1, time_interval",
    "max_gap: 1, spikes",
    "rescale: true, sequence",
    "keep_nans: true, spikes",
    "normalize_subtract_mean: true, screen",
    "normalize: true, time_interval",
  })
  void whatTheModalityDoesNotReadIsFound(String option, String modality) {
    String name = option.split(":")[0];
    assertEquals(Set.of(name), parse(option).unread(modality).keySet());
    assertFalse(parse(option).unread(modality).get(name).contains(name));
    assertEquals(Map.of(), parse(option).unread("one of a program's own"));
  }

  @Test
  void everyOptionAtItsDefaultAndWhatIsReadAreSilent() {
    String all =
        "interpolation_mode: nearest_neighbor, keep_nans: false, normalize: false, "
            + "normalize_subtract_mean: false, normalize_std_threshold: null, rescale: false, "
            + "rescale_size: null, interpolation_window: 0.3, interpolation_align: center, "
            + "smoothing_sigma: 0.0, window: null, max_gap: null";
    for (String modality : List.of("sequence", "screen", "spikes", "time_interval")) {
      assertEquals(Map.of(), parse(all).unread(modality));
    }
    assertEquals(
        Map.of(),
        parse("interpolation_mode: mean, window: 0.5, align: left, max_gap: 1").unread("sequence"));
    assertEquals(Map.of(), parse("rescale: true, rescale_size: [2, 3]").unread("screen"));
    assertEquals(Map.of(), parse("interpolation_window: 1, smoothing_sigma: 2").unread("spikes"));
    assertThrows(
        IllegalArgumentException.class, () -> InterpolationConfig.isRead("windo", "spikes"));
  }

  /** Which modalities read an option is said once: the reference says it with the same words. */
  @Test
  void descriptionsAgree() {
    Map<String, String> words =
        Map.of("Sequences", "sequence", "Screens", "screen", "Spikes", "spikes");
    Set<String> modalities = Registry.services().modalities().keySet();
    for (ConfigKey key : ConfigSchema.INTERPOLATION_KEYS.keys()) {
      String first = key.description().split("[:, ]")[0];
      if (words.containsKey(first)) {
        assertEquals(List.of(words.get(first)), key.readers(), key.name());
      }
      assertTrue(modalities.containsAll(key.readers()), key.name());
    }
    assertEquals(
        Set.of("sequence", "screen", "spikes"),
        ConfigSchema.INTERPOLATION_KEYS.keys().stream()
            .flatMap(key -> key.readers().stream())
            .collect(Collectors.toSet()));
  }
}
