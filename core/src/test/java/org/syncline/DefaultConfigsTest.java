/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.error.RecordingException;

@Tag("any-width")
class DefaultConfigsTest {
  @TempDir Path root;

  @Test
  void theScreenLeads() {
    new Handmade(root)
        .screen(0, 8, List.of(Handmade.video(120, "tier", "train")))
        .sequence("fast", 500, 0, 14, 7001, 1, i -> i)
        .spikes(14, 1, 2, 3)
        .labels(14, 2, 3);
    Handmade.mkdirs(root.resolve("notes"));
    DatasetConfig config = DefaultConfigs.forRecording(root);
    assertEquals("screen", config.lead());
    assertEquals(
        List.of("fast", "labels", "screen", "spikes"), List.copyOf(config.modalities().keySet()));
    assertEquals(16, config.modalities().get("screen").chunkSize());
    assertEquals(1000, config.modalities().get("fast").chunkSize());
    assertEquals(8, config.modalities().get("spikes").samplingRate());
    assertEquals(0.125, config.modalities().get("spikes").interpolation().window());
    try (ChunkDataset d = ChunkDataset.open(root, config, Registry.EMPTY)) {
      assertEquals(6, d.length());
      for (int i = 0; i < d.length(); i++) {
        d.item(i).close();
      }
    }
  }

  @Test
  void fastLeadsHaveShorterChunks() {
    new Handmade(root)
        .sequence("stimulus", 20000, 0, 2, 40001, 1, i -> i)
        .sequence("slow", 10, 0, 2, 21, 1, i -> i);
    DatasetConfig config = DefaultConfigs.forRecording(root);
    assertEquals("stimulus", config.lead());
    assertEquals(2000, config.modalities().get("stimulus").chunkSize());
    assertEquals(1, config.modalities().get("slow").chunkSize());
    assertEquals(0, config.safeIntervalThreshold());
    try (ChunkDataset d = ChunkDataset.open(root, config, Registry.EMPTY)) {
      assertTrue(d.length() >= 19, "length " + d.length());
    }
  }

  @Test
  void onlyUsableStatisticsAreUsed() {
    new Handmade(root)
        .sequence("a", 8, 0, 12, 97, 2, i -> i)
        .sequence("b", 8, 0, 12, 97, 2, i -> i)
        .sequence("responses", 8, 0, 12, 97, 2, i -> i)
        .statistics("a", new double[] {0, 0}, new double[] {1, 1})
        .statistics("b", new double[] {0, 0}, new double[] {1, 0})
        .statistics("responses", null, new double[] {1, 0});
    DatasetConfig config = DefaultConfigs.forRecording(root);
    assertEquals(
        NormalizationConfig.Mode.NORMALIZE, config.modalities().get("a").normalization().mode());
    assertNull(config.modalities().get("b").normalization());
    assertEquals(
        NormalizationConfig.Mode.NORMALIZE_VARIANCE_ONLY,
        config.modalities().get("responses").normalization().mode());
    ChunkDataset.open(root, config, Registry.EMPTY).close();
  }

  @Test
  void foldersWithoutDevicesAreErrors() {
    assertThrows(RecordingException.class, () -> DefaultConfigs.forRecording(root));
    assertThrows(RecordingException.class, () -> DefaultConfigs.forRecording(root.resolve("none")));
  }

  /** The recordings that lie beside the project on the machines that have them. */
  @TestFactory
  List<DynamicTest> realRecordingsStream() {
    Map<String, String> leads =
        Map.of(
            "grasshopper1",
            "stimulus",
            "grasshopper2",
            "stimulus",
            "ibl",
            "treadmill",
            "suite2p",
            "responses");
    List<DynamicTest> tests = new ArrayList<>();
    Path real = realRecordings();
    if (real != null) {
      leads.forEach(
          (name, lead) ->
              tests.add(DynamicTest.dynamicTest(name, () -> stream(real.resolve(name), lead))));
    }
    return tests;
  }

  private static Path realRecordings() {
    for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
      Path candidate = p.resolve("shared/real");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static void stream(Path recording, String lead) {
    DatasetConfig config = DefaultConfigs.forRecording(recording);
    assertEquals(lead, config.lead());
    try (ChunkDataset d = ChunkDataset.open(recording, config, Registry.EMPTY);
        ChunkReader reader = d.reader(ReadOptions.DEFAULT);
        Arena arena = Arena.ofConfined()) {
      assertTrue(d.length() > 10, recording + " has " + d.length() + " chunks");
      Buffers b = new Buffers(d.layout(), arena);
      for (int i = 0; i < d.length(); i++) {
        b.read(reader, i);
      }
      assertEquals(d.length(), reader.counters().chunks());
    }
  }
}
