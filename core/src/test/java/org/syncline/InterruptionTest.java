/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.device.support.LogCapture;
import org.syncline.error.SynclineException;
import org.syncline.filter.Filter;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.transform.FrameShape;
import org.syncline.transform.ScreenTransform;

/**
 * Parts of a program's own that catch an interruption, say so by the thread's flag and go on, as
 * books on Java teach: the next file that is opened would end the read.
 */
@Tag("any-width")
class InterruptionTest {
  @TempDir Path root;

  /** Leaves its thread interrupted; values are as they came. */
  private record Interrupting(boolean leaves) implements ScreenTransform {
    @Override
    public FrameShape outputShape(FrameShape input) {
      return input;
    }

    @Override
    public void apply(
        MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
      destination.copyFrom(source);
      if (leaves) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final String CONFIG =
      "modality_config:\n"
          + "  screen: {sampling_rate: 4, chunk_size: 4, transforms: {own: {_target_: own}}}\n"
          + "  other: {sampling_rate: 4, chunk_size: 4}\n";

  @BeforeEach
  void record() {
    List<Map<String, Object>> trials = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      trials.add(Handmade.video(4));
    }
    new Handmade(root).screen(0, 4, trials).screen("other", 0, 4, trials);
  }

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  private ChunkDataset open(boolean leaves) {
    Registry registry =
        Registry.builder().transform("own", target -> new Interrupting(leaves)).build();
    return ChunkDataset.open(root, DatasetConfig.parse(CONFIG, "c"), registry);
  }

  private static float[] floats(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_FLOAT);
  }

  private static List<String> interruptions(LogCapture log) {
    return log.messages().stream().filter(m -> m.contains("interruption")).toList();
  }

  @Test
  void aChunkIsReadToItsEndAndTheCallerSeesTheFlag() {
    try (LogCapture log = new LogCapture();
        ChunkDataset plain = open(false);
        ChunkDataset d = open(true)) {
      for (int i = 0; i < d.length(); i++) {
        float[] expected = floats(plain.item(i).tensor("other"));
        assertFalse(Thread.currentThread().isInterrupted());
        assertArrayEquals(expected, floats(d.item(i).tensor("other")));
        assertTrue(Thread.interrupted());
      }
      List<String> said = interruptions(log);
      assertEquals(1, said.size());
      assertTrue(said.getFirst().contains(Interrupting.class.getName()), said.getFirst());
      // what was interrupted before is the caller's affair
      Thread.currentThread().interrupt();
      assertThrows(SynclineException.class, () -> open(false).close());
    }
  }

  @Test
  void aLoaderGoesOn() {
    Map<Integer, float[]> expected = new TreeMap<>();
    try (LogCapture log = new LogCapture();
        ChunkDataset plain = open(false);
        ChunkDataset d = open(true);
        ChunkLoader loader = ChunkLoader.builder().dataset(d).batchSize(3).threads(2).build()) {
      for (int i = 0; i < plain.length(); i++) {
        expected.put(i, floats(plain.item(i).tensor("other")));
      }
      int chunks = 0;
      for (Batch taken : loader.remaining()) {
        try (Batch batch = taken) {
          for (int k = 0; k < batch.size(); k++) {
            float[] all = floats(batch.tensor("other"));
            float[] one = expected.get(chunks++);
            for (int j = 0; j < one.length; j++) {
              assertEquals(one[j], all[k * one.length + j]);
            }
          }
        }
      }
      assertEquals(expected.size(), chunks);
      assertEquals(1, interruptions(log).size());
    }
  }

  @Test
  void aFilterIsNamedInPlaceOfTheFileThatIsOpenedNext() {
    Filter filter =
        device -> {
          Thread.currentThread().interrupt();
          return List.of(device.validInterval());
        };
    Registry registry = Registry.builder().filter("own", target -> filter).build();
    DatasetConfig config =
        DatasetConfig.parse(
            "modality_config:\n  screen: {sampling_rate: 4, chunk_size: 4, filters: {f: {_target_: own}}}\n",
            "c");
    SynclineException e =
        assertThrows(
            SynclineException.class, () -> ChunkDataset.open(root, config, registry).close());
    assertTrue(
        e.getMessage().contains("modality_config.screen.filters.f")
            && e.getMessage().contains("while the filter 'own' ran"),
        e.getMessage());
    assertTrue(Thread.interrupted());
  }
}
