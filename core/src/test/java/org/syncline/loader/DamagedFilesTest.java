/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/**
 * Damaged files of trials cost the chunks that need them: their batches, or, skipped, themselves.
 */
@Tag("any-width")
class DamagedFilesTest {
  private static final int BATCH = 4;

  @TempDir Path folder;
  private Path root;
  private DatasetConfig config;

  /** Chunks of the recording that need a damaged file. */
  private final Set<Integer> bad = new TreeSet<>();

  private int length;

  @BeforeEach
  void write() throws IOException {
    root = folder.resolve("a");
    Recording recording = write(root);
    config = DatasetConfig.parse(recording.configText(), "test");
  }

  private static Recording write(Path path) {
    return Recordings.defaultConfig(path, 5)
        .seconds(60)
        .neurons(7)
        .trialFrames(90)
        .frames(4, 6)
        .outputFrames(4, 6)
        .dataKey(path.getFileName().toString())
        .write();
  }

  /** Cuts one file of a trial, and deletes another. */
  private void damage() throws IOException {
    List<Path> files;
    try (var all = Files.list(root.resolve("screen/data"))) {
      files = all.sorted().toList();
    }
    Path cut = files.get(3);
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 200));
    Files.delete(files.get(8));
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      length = dataset.length();
      for (int i = 0; i < length; i++) {
        try {
          dataset.item(i).close();
        } catch (RecordingException e) {
          bad.add(i);
        }
      }
    }
    assertTrue(bad.size() > 5 && bad.size() < length - 20, bad + " of " + length);
  }

  private List<Integer> natural() {
    List<Integer> chunks = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      chunks.add(i);
    }
    return chunks;
  }

  /** Returns the chunks of the batches left of an epoch; all but the last must be full. */
  private static List<Integer> drain(BatchLoader loader) throws InterruptedException {
    List<Integer> chunks = new ArrayList<>();
    int last = BATCH;
    for (Batch batch; (batch = loader.next()) != null; ) {
      assertEquals(BATCH, last);
      last = batch.size();
      Arrays.stream(batch.chunkIndices()).forEach(chunks::add);
      batch.close();
    }
    return chunks;
  }

  private List<Integer> without(List<Integer> chunks) {
    return chunks.stream().filter(c -> !bad.contains(c)).toList();
  }

  private SessionLoader.Builder sessions(Cycle cycle, boolean shuffle) {
    return SessionLoader.builder()
        .add(root, config)
        .cycle(cycle)
        .batchSize(BATCH)
        .shuffle(shuffle)
        .seed(3L);
  }

  @Test
  void onlyBatchesWithABadChunkFailAndTheyNameIt() throws Exception {
    damage();
    Set<Integer> expected = new TreeSet<>();
    bad.forEach(chunk -> expected.add(chunk / BATCH));
    Set<Integer> failed = new TreeSet<>();
    List<Integer> seen = new ArrayList<>();
    try (ChunkDataset dataset = ChunkDataset.open(root, config);
        BatchLoader loader = ChunkLoader.builder().dataset(dataset).batchSize(BATCH).build()) {
      int batches = loader.batchesPerEpoch();
      for (int b = 0; b < batches; b++) {
        try {
          try (Batch batch = loader.next()) {
            Arrays.stream(batch.chunkIndices()).forEach(seen::add);
          }
        } catch (LoaderException e) {
          failed.add(b);
          assertTrue(bad.contains(e.chunk()), e.getMessage());
          assertTrue(e.getMessage().contains("chunk " + e.chunk()), e.getMessage());
          assertTrue(e.getMessage().contains("screen/data/"), e.getMessage());
        }
      }
    }
    assertEquals(expected, failed);
    // the other batches are those of a whole recording
    assertEquals(
        natural().stream().filter(chunk -> !expected.contains(chunk / BATCH)).toList(), seen);
    // and a chunk whose batch failed for another one can be read by itself
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      for (int chunk : natural()) {
        if (expected.contains(chunk / BATCH) && !bad.contains(chunk)) {
          dataset.item(chunk).close();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void skippedChunksAreReplacedByThoseThatFollow(int threads) throws Exception {
    damage();
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, config);
        BatchLoader loader =
            ChunkLoader.builder()
                .dataset(dataset)
                .batchSize(BATCH)
                .threads(threads)
                .skipDamaged(true)
                .build()) {
      assertEquals(without(natural()), drain(loader));
      assertEquals(bad.size(), loader.statistics().leftOutChunks());
      assertEquals(length - bad.size(), loader.chunksPerEpoch());
      List<String> said = log.messages().stream().filter(m -> m.contains("left out")).toList();
      assertEquals(2, said.size(), said.toString());
      for (String message : said) {
        assertTrue(message.contains("recording a: ") && message.contains("/data/"), message);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Cycle.class)
  void theOrderIsThatOfTheWholeRecording(Cycle cycle) throws Exception {
    List<Integer> first;
    List<Integer> second;
    try (BatchLoader loader = sessions(cycle, true).build()) {
      first = drain(loader);
      second = drain(loader);
    }
    damage();
    try (LogCapture log = new LogCapture();
        BatchLoader loader = sessions(cycle, true).skipDamaged(true).build()) {
      assertEquals(without(first), drain(loader));
      assertEquals(without(second), drain(loader));
      assertEquals(2, log.messages().stream().filter(m -> m.contains("left out")).count());
    }
  }

  @Test
  void resumingGoesOnWithTheSameStream() throws Exception {
    damage();
    for (boolean anew : new boolean[] {false, true}) {
      List<Integer> rest;
      List<Integer> next;
      String state;
      try (LogCapture log = new LogCapture();
          BatchLoader loader =
              sessions(Cycle.CONCATENATED, true).skipDamaged(true).shuffleEachEpoch(anew).build()) {
        drain(loader);
        loader.next().close();
        loader.next().close();
        state = loader.state().toJson();
        rest = drain(loader);
        next = drain(loader);
        assertTrue(rest.size() > BATCH, rest.toString());
        assertTrue(log.messages().size() > 1, log.messages().toString());
      }
      try (LogCapture log = new LogCapture();
          BatchLoader loader =
              sessions(Cycle.CONCATENATED, true).skipDamaged(true).shuffleEachEpoch(anew).build()) {
        loader.restore(LoaderState.fromJson(state));
        assertEquals(rest, drain(loader));
        assertEquals(next, drain(loader));
        assertTrue(log.messages().size() > 1, log.messages().toString());
      }
      try (BatchLoader loader = sessions(Cycle.CONCATENATED, true).shuffleEachEpoch(anew).build()) {
        ConfigException e =
            assertThrows(ConfigException.class, () -> loader.restore(LoaderState.fromJson(state)));
        assertTrue(e.getMessage().contains("on_error"), e.getMessage());
      }
    }
  }

  @Test
  void partsOfARecordingAndSoundOnesAreLeftAsTheyAre() throws Exception {
    damage();
    List<Integer> asked = new ArrayList<>(natural().subList(5, length));
    asked.add(7);
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, config);
        BatchLoader loader =
            ChunkLoader.builder()
                .dataset(dataset)
                .batchSize(BATCH)
                .indices(asked.stream().mapToInt(i -> i).toArray())
                .option("on_error", "skip")
                .build()) {
      assertEquals(without(asked), drain(loader));
      assertEquals(2, log.messages().stream().filter(m -> m.contains("left out")).count());
    }
    root = folder.resolve("sound");
    write(root);
    List<Integer> plain;
    try (BatchLoader loader = sessions(Cycle.CONCATENATED, true).build()) {
      plain = drain(loader);
    }
    try (LogCapture log = new LogCapture();
        BatchLoader loader = sessions(Cycle.CONCATENATED, true).skipDamaged(true).build()) {
      assertEquals(plain, drain(loader));
      assertEquals(0, loader.statistics().leftOutChunks());
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void aFedLoaderRefuses() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                SessionLoader.builder().add(root, config).fed().option("on_error", "skip").build());
    assertTrue(e.getMessage().contains("on_error"), e.getMessage());
  }
}
