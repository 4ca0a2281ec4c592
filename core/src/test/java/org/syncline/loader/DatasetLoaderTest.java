/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ConfigException;
import org.syncline.testdata.NpyFile;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** Loaders over recordings on disk. */
@Timeout(120)
class DatasetLoaderTest {
  @TempDir Path folder;

  private Recording write(String name, long seed) {
    return Recordings.defaultConfig(folder.resolve(name), seed)
        .seconds(40)
        .neurons(5 + (int) seed)
        .dataKey(name)
        .write();
  }

  private static DatasetConfig config(Recording r) {
    return DatasetConfig.parse(r.configText(), "test");
  }

  private static void assertSame(Tensor expected, Tensor batch, int k) {
    long bytes = expected.data().byteSize();
    assertEquals(expected.type(), batch.type());
    assertEquals(expected.shape().length + 1, batch.shape().length);
    for (int i = 0; i < expected.shape().length; i++) {
      assertEquals(expected.shape()[i], batch.shape()[i + 1]);
    }
    assertEquals(
        -1,
        MemorySegment.mismatch(
            expected.data(), 0, bytes, batch.data(), k * bytes, (k + 1) * bytes));
  }

  private static void check(Batch batch, Function<Integer, Chunk> item) {
    for (int k = 0; k < batch.size(); k++) {
      try (Chunk chunk = item.apply(batch.chunkIndex(k))) {
        assertEquals(chunk.values().keySet(), batch.values().keySet());
        int at = k;
        chunk.values().forEach((name, t) -> assertSame(t, batch.values().get(name), at));
        chunk.timestamps().forEach((name, t) -> assertSame(t, batch.timestamps().get(name), at));
      }
    }
  }

  @Test
  void batchesAreStackedChunks() throws Exception {
    Recording r = write("one", 3);
    try (ChunkDataset d = ChunkDataset.open(r.folder(), config(r));
        ChunkLoader l =
            ChunkLoader.builder()
                .dataset(d)
                .batchSize(5)
                .shuffle(true)
                .seed(2L)
                .threads(2)
                .build()) {
      assertTrue(d.length() > 20, "length " + d.length());
      int chunks = 0;
      for (Batch batch : l.remaining()) {
        try (batch) {
          assertEquals("one", batch.sessionKey());
          check(batch, d::item);
          chunks += batch.size();
        }
      }
      assertEquals(d.length(), chunks);
      assertEquals(d.length(), l.chunksPerEpoch());
    }
  }

  @Test
  void aShuffledDatasetKeepsItsStartTimes() throws Exception {
    Recording r = write("one", 3);
    DatasetConfig c = config(r);
    try (ChunkDataset d = ChunkDataset.open(r.folder(), c)) {
      double[] natural = d.startTimes();
      LoaderState before;
      try (ChunkLoader l = ChunkLoader.builder().dataset(d).batchSize(4).build()) {
        before = l.state();
        // while the loader runs the dataset may change: batches do not
        d.shuffle();
        for (Batch batch : l.remaining()) {
          try (batch) {
            check(batch, i -> d.itemAt(natural[i]));
          }
        }
      }
      // without a stride a shuffled list is the natural one again
      assertArrayEquals(natural, d.startTimes());
      try (ChunkLoader l = ChunkLoader.builder().dataset(d).batchSize(4).build()) {
        l.restore(before);
      }
    }
  }

  @Test
  void statesAreTiedToDataAndConfiguration() throws Exception {
    Recording r = write("one", 3);
    Recording other =
        Recordings.defaultConfig(folder.resolve("two"), 4)
            .seconds(50)
            .neurons(8)
            .dataKey("one")
            .write();
    LoaderState state;
    try (ChunkLoader l =
        ChunkLoader.builder().recording(r.folder(), config(r)).batchSize(4).seed(1L).build()) {
      l.next().close();
      state = LoaderState.fromJson(l.state().toJson());
    }
    try (ChunkLoader l =
        ChunkLoader.builder().recording(r.folder(), config(r)).batchSize(4).seed(1L).build()) {
      l.restore(state);
      assertEquals(1, l.next().position());
    }
    try (ChunkLoader l =
        ChunkLoader.builder()
            .recording(other.folder(), config(other))
            .batchSize(4)
            .seed(1L)
            .build()) {
      ConfigException e = assertThrows(ConfigException.class, () -> l.restore(state));
      assertTrue(e.getMessage().contains("recording one"), e.getMessage());
    }
    r.modality("responses").put("chunk_size", 7);
    try (ChunkLoader l =
        ChunkLoader.builder().recording(r.folder(), config(r)).batchSize(4).seed(1L).build()) {
      ConfigException e = assertThrows(ConfigException.class, () -> l.restore(state));
      assertTrue(e.getMessage().contains("chunk_size"), e.getMessage());
    }
  }

  @Test
  void sessionsOfSeveralRecordings() throws Exception {
    List<Recording> recordings = List.of(write("a", 1), write("b", 2), write("c", 3));
    for (int maxOpen : new int[] {0, 1}) {
      SessionLoader.Builder b =
          SessionLoader.builder().batchSize(6).shuffle(true).seed(11L).threads(2).maxOpen(maxOpen);
      recordings.forEach(r -> b.add(r.folder(), config(r)));
      try (SessionLoader l = b.build()) {
        assertEquals(List.of("a", "b", "c"), l.sessionKeys());
        List<ChunkDataset> open = new ArrayList<>();
        for (Recording r : recordings) {
          open.add(ChunkDataset.open(r.folder(), config(r)));
        }
        long chunks = 0;
        for (Batch batch : l.remaining()) {
          try (batch) {
            check(batch, open.get(batch.session())::item);
            assertEquals(5 + 1 + batch.session(), batch.values().get("responses").shape()[2]);
            chunks += batch.size();
          }
        }
        assertEquals(open.stream().mapToInt(ChunkDataset::length).sum(), chunks);
        open.forEach(ChunkDataset::close);
      }
    }
  }

  @Test
  void whatIsForOpeningIsRefusedWhereAllIsOpen() {
    Recording r = write("open", 3);
    try (ChunkDataset d = ChunkDataset.open(r.folder(), config(r))) {
      for (LoaderBuilder<?> builder :
          List.of(
              ChunkLoader.builder().dataset(d).cacheData(true),
              SessionLoader.builder().add(d).cacheData(true),
              ChunkLoader.builder().dataset(d).registry(Registry.EMPTY))) {
        ConfigException e = assertThrows(ConfigException.class, builder::build);
        assertTrue(
            e.getMessage().contains("is for recordings that the loader opens"), e.getMessage());
      }
    }
  }

  @Test
  void smallTypesAndEntries() throws Exception {
    Recording r = write("one", 3);
    try (ChunkLoader l =
        ChunkLoader.builder()
            .recording(r.folder(), config(r))
            .cacheData(true)
            .readahead(1 << 20)
            .types(Map.of("responses", ElementType.FLOAT16))
            .outKeys(List.of("responses", "treadmill"))
            .build()) {
      try (Batch batch = l.next()) {
        assertEquals(java.util.Set.of("responses", "treadmill"), batch.values().keySet());
        assertEquals(ElementType.FLOAT16, batch.values().get("responses").type());
      }
    }
    assertThrows(
        ConfigException.class,
        () ->
            ChunkLoader.builder()
                .recording(r.folder(), config(r))
                .types(Map.of("respnses", ElementType.FLOAT16))
                .build());
    assertThrows(ConfigException.class, () -> ChunkLoader.builder().build());
    assertThrows(
        org.syncline.error.SynclineException.class,
        () -> ChunkLoader.builder().recording(folder.resolve("none"), config(r)).build());
  }

  @Test
  void startTimesDrawnEachEpochAreTheDatasetsOwn() throws Exception {
    Recording r = write("one", 3);
    String lead = r.trials().isEmpty() ? "responses" : "screen";
    r.modality(lead).put("sample_stride", 5);
    r.config().put("seed", 42);
    try (ChunkDataset d = ChunkDataset.open(r.folder(), config(r));
        ChunkLoader l =
            ChunkLoader.builder()
                .recording(r.folder(), config(r))
                .batchSize(8)
                .shuffleEachEpoch(true)
                .build()) {
      double[] first = null;
      for (int epoch = 0; epoch < 3; epoch++) {
        d.shuffle();
        double[] starts = d.startTimes();
        assertFalse(Arrays.equals(first, starts));
        first = starts;
        int chunks = 0;
        for (Batch batch; (batch = l.next()) != null; chunks += batch.size()) {
          try (Batch b = batch) {
            check(b, i -> d.itemAt(starts[i]));
          }
        }
        assertEquals(starts.length, chunks);
      }
    }
  }

  private static void units(Recording r, int... ids) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(ids).forEach(bytes::putLong);
    NpyFile.write(
        r.folder().resolve("responses/meta/unit_ids.npy"),
        "<i8",
        false,
        new long[] {ids.length},
        bytes.array());
  }

  /** What a batch mixes that is alike in shape alone is said once, of a loader that is fed. */
  @Test
  void recordingsThatBatchesMixAreCompared() throws Exception {
    List<Recording> all = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      all.add(
          Recordings.defaultConfig(folder.resolve(name), 3)
              .seconds(40)
              .neurons(4)
              .dataKey(name)
              .write());
    }
    units(all.get(0), 7, 8, 9, 10);
    units(all.get(1), 8, 7, 9, 10);
    units(all.get(2), 7, 8, 9, 10);
    all.get(1).modality("eye_tracker").remove("transforms");
    try (LogCapture log = new LogCapture();
        SessionLoader l =
            SessionLoader.builder()
                .add(all.get(0).folder(), config(all.get(0)))
                .add(all.get(1).folder(), config(all.get(1)))
                .add(all.get(2).folder(), config(all.get(2)))
                .batchSize(2)
                .fed()
                .build()) {
      l.feed().add(new int[] {0, 0}, new int[] {1, 2});
      l.feed().add(1, 1, 2);
      l.feed().add(new int[] {0, 2}, new int[] {1, 2});
      assertEquals(List.of(), mixed(log));
      for (int i = 0; i < 3; i++) {
        l.feed().add(new int[] {0, 1}, new int[] {1, 2});
        l.feed().add(new int[] {2, 1}, new int[] {1, 2});
      }
      assertEquals(
          List.of(
              "loader: batches mix eye_tracker of a normalised and of b not: give both the same transforms",
              "loader: batches mix columns of responses of a and of b that are the same unit_ids in another"
                  + " order, so that a column is now one unit and now another: list them, as unit_ids in"
                  + " modality_config.responses, to have one order"),
          mixed(log));
    }
  }

  private static List<String> mixed(LogCapture log) {
    return log.messages().stream().filter(m -> m.contains("batches mix")).toList();
  }

  @Test
  void aStateSaysTheSameOnceTheDatasetIsClosed() throws Exception {
    Recording r = write("one", 3);
    String open;
    try (ChunkDataset dataset = ChunkDataset.open(r.folder(), config(r));
        ChunkLoader l = ChunkLoader.builder().dataset(dataset).batchSize(4).seed(1L).build()) {
      l.next().close();
      open = l.state().toJson();
    }
    ChunkDataset dataset = ChunkDataset.open(r.folder(), config(r));
    try (ChunkLoader l = ChunkLoader.builder().dataset(dataset).batchSize(4).seed(1L).build()) {
      l.next().close();
      dataset.close();
      // but for the hashes of values, which nobody has asked for while they could be read
      assertEquals(open.replaceFirst(",\"values\":\\{[^}]*}", ""), l.state().toJson());
    }
  }

  @Test
  void aFileThatShrinksIsAnErrorWithItsDevice() throws Exception {
    Recording r = write("one", 3);
    DatasetConfig c = config(r);
    Path file;
    try (java.util.stream.Stream<Path> files =
        java.nio.file.Files.list(r.folder().resolve("responses"))) {
      file =
          files
              .filter(f -> f.getFileName().toString().startsWith("data."))
              .findFirst()
              .orElseThrow();
    }
    try (ChunkLoader l =
        ChunkLoader.builder()
            .recording(r.folder(), c)
            .batchSize(4)
            .threads(1)
            .prefetch(1)
            .build()) {
      l.next().close();
      try (java.nio.channels.FileChannel ch =
          java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
        ch.truncate(0);
      }
      LoaderException e =
          assertThrows(
              LoaderException.class,
              () -> {
                for (int i = 0; i < 1000; i++) {
                  l.next().close();
                }
              });
      assertEquals("one", e.recording());
      assertEquals("responses", e.device());
      assertTrue(e.chunk() > 0);
    }
  }
}
