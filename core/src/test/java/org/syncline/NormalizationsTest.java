/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.dataset.Normalizations;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.Normalization;

class NormalizationsTest {
  @TempDir Path root;

  private Handmade two(String name) {
    return new Handmade(root).sequence(name, 8, 0, 12.375, 100, 2, i -> i);
  }

  private ChunkDataset open(String name, String normalization) {
    return Handmade.open(
        root,
        "modality_config: {"
            + name
            + ": {sampling_rate: 8, chunk_size: 2, transforms: {normalization: "
            + normalization
            + "}}}");
  }

  private double[] first(String name, String normalization) {
    try (ChunkDataset d = open(name, normalization);
        Chunk chunk = d.item(0)) {
      return Handmade.doubles(chunk.tensor(name));
    }
  }

  @Test
  void modesUseTheStoredFiles() {
    two("a").statistics("a", new double[] {1, 2}, new double[] {2, 4});
    assertArrayEquals(new double[] {3.5, 1.75, 4.5, 2.25}, first("a", "normalize"));
    assertArrayEquals(new double[] {4, 2.25, 5, 2.75}, first("a", "normalize_variance_only"));
    assertArrayEquals(new double[] {3.5, 1.75, 4.5, 2.25}, first("a", "true"));
    assertArrayEquals(new double[] {8, 9, 10, 11}, first("a", "null"));
    assertArrayEquals(new double[] {8, 9, 10, 11}, first("a", "false"));
    assertArrayEquals(new double[] {8, 9, 10, 11}, first("a", "''"));
    assertThrows(ConfigException.class, () -> open("a", "standardise"));
  }

  @Test
  void mapsOverrideAndPartialMapsKeepTheOtherHalf() {
    two("a").statistics("a", new double[] {1, 2}, new double[] {2, 4});
    assertArrayEquals(new double[] {0, .5, 1, 1.5}, first("a", "{means: [8], stds: [2]}"));
    assertArrayEquals(new double[] {0, 0, 1, .5}, first("a", "{means: [8, 9]}"));
    assertArrayEquals(new double[] {7, 7, 9, 9}, first("a", "{stds: 1}"));
    ConfigException e = assertThrows(ConfigException.class, () -> open("a", "{means: [1, 2, 3]}"));
    assertTrue(
        e.getMessage().contains("normalization.means") && e.getMessage().contains("3 values"),
        e.getMessage());
  }

  @Test
  void filesAreReadOnlyWhereUsed() {
    two("a");
    assertThrows(RecordingException.class, () -> open("a", "normalize"));
    new Handmade(root).statistics("a", null, new double[] {2, 4});
    assertArrayEquals(new double[] {4, 2.25, 5, 2.75}, first("a", "normalize_variance_only"));
    assertThrows(RecordingException.class, () -> open("a", "normalize"));
    assertArrayEquals(new double[] {4, 2.25, 5, 2.75}, first("a", "{means: 0}"));
    new Handmade(root).statistics("a", new double[] {1, 2, 3}, new double[] {2, 4});
    assertThrows(RecordingException.class, () -> open("a", "normalize"));
    assertArrayEquals(new double[] {4, 2.25, 5, 2.75}, first("a", "normalize_variance_only"));
  }

  @Test
  void shapesOfAllKindsAreTaken() {
    two("a").statistics("a", new double[] {1, 2}, new double[] {2, 4});
    for (long[] shape : new long[][] {{2}, {1, 2}, {2, 1}}) {
      NpyFile.write(root.resolve("a/meta/means.npy"), new double[] {1, 2}, shape);
      assertArrayEquals(new double[] {3.5, 1.75, 4.5, 2.25}, first("a", "normalize"));
    }
  }

  @Test
  void zeroDeviationSaysWhereItIsFrom() {
    new Handmade(root).sequence("a", 8, 0, 12.375, 100, 2, i -> i % 2 * i);
    String yaml =
        "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5, transforms: {normalization: %s}}\n";
    RecordingException given =
        assertThrows(
            RecordingException.class,
            () -> Handmade.open(root, yaml.formatted("{means: 0, stds: [1, 0]}")));
    assertTrue(given.getMessage().contains("0 in column 1"), given.getMessage());
    assertFalse(given.getMessage().contains("stds.npy"), given.getMessage());
    RecordingException computed =
        assertThrows(
            RecordingException.class,
            () -> Handmade.open(root, yaml.formatted("recompute_behavior")));
    // no file has it
    assertFalse(computed.getMessage().contains("stds.npy"), computed.getMessage());
    assertTrue(computed.getMessage().contains("0 in column 0"), computed.getMessage());
  }

  @Test
  void zeroDeviationIsAnErrorNamingDeviceAndColumns() {
    two("a").statistics("a", new double[] {1, 2}, new double[] {2, 0});
    RecordingException e = assertThrows(RecordingException.class, () -> open("a", "normalize"));
    assertTrue(
        e.getMessage().contains("of a") && e.getMessage().contains("column 1"), e.getMessage());
    assertThrows(RecordingException.class, () -> open("a", "{stds: [0, 0]}"));
    // too small for float32 data counts as zero, float64 can divide by it
    new Handmade(root).statistics("a", null, new double[] {2, 1e-60});
    open("a", "normalize_variance_only").close();
    new Handmade(root)
        .floats("f", 8, 0, 12.375, 100, 2)
        .statistics("f", null, new double[] {2, 1e-60});
    assertThrows(RecordingException.class, () -> open("f", "normalize_variance_only"));
    // a constant signal has none to recompute
    new Handmade(root).sequence("c", 8, 0, 12.375, 100, 2, i -> i % 2);
    assertThrows(RecordingException.class, () -> open("c", "recompute_responses"));
  }

  @Test
  void storedDeviationsOfResponsesHaveAFloor() {
    two("responses").statistics("responses", null, new double[] {2, 1e-9});
    double floor = 0.01 * ((2 + 1e-9) / 2);
    try (ChunkDataset d = open("responses", "normalize_variance_only")) {
      assertArrayEquals(new double[] {2, floor}, d.statistics().get("responses").stds());
    }
    // before a map overrides; not for other devices
    try (ChunkDataset d = open("responses", "{means: 0}")) {
      assertArrayEquals(new double[] {2, floor}, d.statistics().get("responses").stds());
    }
    try (ChunkDataset d = open("responses", "{means: 0, stds: [2, 1.0e-9]}")) {
      assertArrayEquals(new double[] {2, 1e-9}, d.statistics().get("responses").stds());
    }
    two("a").statistics("a", null, new double[] {2, 1e-9});
    try (ChunkDataset d = open("a", "normalize_variance_only")) {
      assertArrayEquals(new double[] {2, 1e-9}, d.statistics().get("a").stds());
      assertNull(d.statistics().get("a").means());
    }
  }

  @Test
  void floorIgnoresNaNAndIsComputedInTheFilesPrecision() {
    double[] wide = {1, Double.NaN, 3, 0.001};
    Normalizations.raise(wide, ElementType.FLOAT64);
    assertArrayEquals(new double[] {1, Double.NaN, 3, 0.01 * ((1 + 3 + 0.001) / 3)}, wide);
    double[] narrow = {1.1f, 3.3f, 0.001f};
    Normalizations.raise(narrow, ElementType.FLOAT32);
    assertEquals((double) (0.01f * ((1.1f + 3.3f + 0.001f) / 3)), narrow[2]);
    // strictly below: a value at the floor stays
    double[] zero = {0, 0};
    Normalizations.raise(zero, ElementType.FLOAT64);
    assertArrayEquals(new double[] {0, 0}, zero);
  }

  @Test
  void recomputedStatisticsIgnoreNaN() {
    new Handmade(root).sequence("a", 8, 0, 12.375, 100, 1, i -> i == 3 ? Double.NaN : i % 4);
    double n = 99;
    double mean = (25 * (0 + 1 + 2 + 3) - 3) / n;
    double squares = 0;
    for (int i = 0; i < 100; i++) {
      squares += i == 3 ? 0 : (i % 4 - mean) * (i % 4 - mean);
    }
    double std = Math.sqrt(squares / n);
    try (ChunkDataset d = open("a", "recompute_behavior")) {
      Normalization found = d.statistics().get("a");
      assertEquals(mean, found.means()[0], 1e-12);
      assertEquals(std, found.stds()[0], 1e-12);
    }
    try (ChunkDataset d = open("a", "recompute_responses");
        Chunk chunk = d.item(0)) {
      assertNull(d.statistics().get("a").means());
      assertEquals(1 / std, Handmade.doubles(chunk.tensor("a"))[1], 1e-12);
    }
    // recomputed responses have no floor
    new Handmade(root).sequence("responses", 8, 0, 12.375, 100, 2, i -> i % 2 == 0 ? i : i * 1e-9);
    try (ChunkDataset d = open("responses", "recompute_responses")) {
      assertTrue(d.statistics().get("responses").stds()[1] < 1e-6);
    }
  }

  @Test
  void onlySequencesAreRecomputed() {
    new Handmade(root).spikes(12, 1, 2, 3);
    ConfigException e =
        assertThrows(ConfigException.class, () -> open("spikes", "recompute_responses"));
    assertTrue(
        e.getMessage().contains("spikes") && e.getMessage().contains("recompute_responses"),
        e.getMessage());
  }

  @Test
  void arithmeticHappensInTheDataType() {
    new Handmade(root)
        .floats("f", 8, 0, 12.375, 100, 1)
        .statistics("f", new double[] {0.1}, new double[] {0.3});
    assertArrayEquals(new double[] {(4 - 0.1f) / 0.3f, (5 - 0.1f) / 0.3f}, first("f", "normalize"));
    new Handmade(root)
        .sequence("a", 8, 0, 12.375, 100, 1, i -> i)
        .statistics("a", new double[] {0.1}, new double[] {0.3});
    assertArrayEquals(new double[] {(4 - 0.1) / 0.3, (5 - 0.1) / 0.3}, first("a", "normalize"));
  }

  @Test
  void selectedColumnsTakeTheirStatistics() {
    new Handmade(root)
        .sequence("a", 8, 0, 12.375, 100, 3, i -> i)
        .statistics("a", new double[] {1, 2, 3}, new double[] {2, 4, 8});
    try (ChunkDataset d =
            Handmade.open(
                root,
                "modality_config: {a: {sampling_rate: 8, chunk_size: 1, columns: [2, 0], transforms: {normalization:"
                    + " normalize}}}");
        Chunk chunk = d.item(0)) {
      assertArrayEquals(new double[] {3, 1}, d.statistics().get("a").means());
      assertArrayEquals(
          new double[] {(14 - 3) / 8.0, (12 - 1) / 2.0}, Handmade.doubles(chunk.tensor("a")));
    }
    for (String mode : List.of("recompute_behavior", "recompute_responses")) {
      try (ChunkDataset d =
          Handmade.open(
              root,
              "modality_config: {a: {sampling_rate: 8, chunk_size: 1, columns: [2, 0], transforms: {normalization: "
                  + mode
                  + "}}}")) {
        assertEquals(2, d.statistics().get("a").stds().length);
      }
    }
  }
}
