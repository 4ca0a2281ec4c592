/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.SessionLoader;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/** What objects say of themselves, in one line, while they are open and after. */
@Tag("any-width")
class ShownTest {
  private static final String ENTRIES = "responses: float32 [4, 3], screen: float32 [1, 10, 2, 3]";

  @Test
  void eachIsOneUsefulLine(@TempDir Path folder) throws Exception {
    Path root = folder.resolve("mouse");
    Recordings.empty(root, 3)
        .seconds(6)
        .screen(Recordings.Content.MIXED)
        .frames(2, 3)
        .trialFrames(20)
        .sequence(SequencePlan.of("responses", 8, 3).descr("<f4"))
        .write();
    DatasetConfig config =
        DatasetConfig.parse(
            "{safe_interval_threshold: 0, modality_config: {responses: {sampling_rate: 8, chunk_size: 4},"
                + " screen: {sampling_rate: 30, chunk_size: 10, sample_stride: 10}}}",
            "test");
    ChunkDataset dataset = ChunkDataset.open(root, config);
    String key = dataset.dataKey();
    String chunks = dataset.length() + " chunks: " + ENTRIES;
    assertEquals("ChunkDataset(" + root + ", " + chunks + ")", dataset.toString());
    Chunk chunk = dataset.item(0);
    assertEquals("Chunk(" + ENTRIES + ")", chunk.toString());
    chunk.close();
    assertEquals("Chunk(" + ENTRIES + ", closed)", chunk.toString());
    Batch batch;
    try (ChunkLoader loader = ChunkLoader.builder().dataset(dataset).batchSize(2).build()) {
      assertEquals("ChunkLoader(" + key + ")", loader.toString());
      batch = loader.next();
      assertEquals(
          "Batch(0 of epoch 0, " + key + ", 2 chunks of " + ENTRIES + ")", batch.toString());
      batch.close();
    }
    assertTrue(batch.toString().endsWith(", closed)"), batch.toString());
    dataset.close();
    assertEquals("ChunkDataset(" + root + ", " + chunks + ", closed)", dataset.toString());
    try (SessionLoader loader = SessionLoader.builder().add(root, config).batchSize(2).build()) {
      assertEquals("SessionLoader(" + key + ")", loader.toString());
    }
    try (Experiment experiment = Experiment.open(root, config.modalities())) {
      String range = experiment.startTime() + " to " + experiment.endTime() + " s: ";
      assertEquals(
          "Experiment(" + root + ", " + range + "responses, screen)", experiment.toString());
    }
  }
}
