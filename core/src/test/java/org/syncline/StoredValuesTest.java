/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.error.ConfigException;
import org.syncline.interval.TimeInterval;
import org.syncline.loader.BatchLoader;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderState;
import org.syncline.loader.SessionLoader;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** States know what was stored where they were taken, and are refused where it is another. */
@Tag("any-width")
class StoredValuesTest {
  @TempDir Path folder;
  private Path root;
  private Path copy;
  private DatasetConfig config;

  @BeforeEach
  void write() throws IOException {
    Recording recording =
        Recordings.defaultConfig(folder.resolve("a"), 5)
            .seconds(60)
            .frames(6, 8)
            .outputFrames(6, 8)
            .spikes(9, 3000)
            .labels(2)
            .write();
    root = recording.folder();
    config = DatasetConfig.parse(recording.configText(), "test");
    copy = folder.resolve("elsewhere/a");
    copyOf(root, copy);
  }

  private static void copyOf(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(dir).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file).toString()),
                StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void turn(Path file, long from, long to) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = (int) from; i < Math.min(to, bytes.length); i++) {
      bytes[i] ^= 1;
    }
    Files.write(file, bytes);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".npy")).sorted().toList();
    }
  }

  private ChunkDataset open(Path folder) {
    return ChunkDataset.open(folder, config, Registry.EMPTY);
  }

  private ChunkLoader chunks(Path folder) {
    return ChunkLoader.builder().recording(folder, config).batchSize(2).seed(3L).build();
  }

  @Test
  void filesThatWereWrittenAnewAreOtherDataWhateverTheModality() throws IOException {
    String state;
    try (ChunkDataset d = open(root)) {
      assertEquals(
          d.deviceNames().stream().sorted().toList(), List.copyOf(d.storedValues().keySet()));
      state = d.state().toJson();
      assertEquals(d.storedValues(), DatasetState.fromJson(state).storedValues());
    }
    Map<String, Path> files =
        Map.of(
            "eye_tracker",
            copy.resolve("eye_tracker/data.npy"),
            "responses",
            copy.resolve("responses/data.mem"),
            "spikes",
            copy.resolve("spikes/spikes.npy"),
            "labels",
            copy.resolve("labels/label_0.npy"),
            "screen",
            files(copy.resolve("screen/data")).getFirst());
    try (ChunkDataset d = open(copy)) {
      d.restore(DatasetState.fromJson(state));
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      byte[] before = Files.readAllBytes(file.getValue());
      // the last bits of values, of the last ones alone
      turn(file.getValue(), before.length - 8, before.length - 7);
      try (ChunkDataset d = open(copy)) {
        ConfigException e =
            assertThrows(
                ConfigException.class,
                () -> d.restore(DatasetState.fromJson(state)),
                file.getKey());
        assertTrue(
            e.getMessage()
                .contains("values: the state is of other stored values of " + file.getKey() + ":"),
            e.getMessage());
        // one of a version that does not say them
        String older = state.replaceFirst("\"values\":\\{[^}]*},", "");
        assertFalse(older.equals(state));
        d.restore(DatasetState.fromJson(older));
      }
      Files.write(file.getValue(), before);
    }
  }

  /** Of 40 images: whose file counts is seen from what changes the state's hash. */
  @Test
  void sixteenFilesOfAScreenAreLookedAt() throws Exception {
    Path images = folder.resolve("images");
    new Handmade(images).screen(0, 10, Collections.nCopies(40, Handmade.trial("image")));
    String yaml = "modality_config: {screen: {sampling_rate: 10, chunk_size: 2}}";
    String before;
    try (ChunkDataset d = Handmade.open(images, yaml)) {
      before = d.storedValues().get("screen");
    }
    int seen = 0;
    for (Path file : files(images.resolve("screen/data"))) {
      byte[] bytes = Files.readAllBytes(file);
      turn(file, bytes.length - 1, bytes.length);
      try (ChunkDataset d = Handmade.open(images, yaml)) {
        seen += d.storedValues().get("screen").equals(before) ? 0 : 1;
      }
      Files.write(file, bytes);
    }
    assertEquals(16, seen);
  }

  @Test
  void loadersOfRecordingsThatWereWrittenAnewRefuseTheirStates() throws Exception {
    String one;
    String two;
    try (ChunkLoader l = chunks(root);
        SessionLoader s = SessionLoader.builder().add(root, config).batchSize(2).seed(3L).build()) {
      l.next().close();
      s.next().close();
      one = l.state().toJson();
      two = s.state().toJson();
    }
    try (ChunkLoader l = chunks(copy)) {
      l.restore(LoaderState.fromJson(one));
    }
    Path file = copy.resolve("responses/data.mem");
    turn(file, 4096, Files.size(file));
    try (ChunkLoader l = chunks(copy);
        SessionLoader s = SessionLoader.builder().add(copy, config).batchSize(2).seed(3L).build()) {
      for (Map.Entry<BatchLoader, String> loader :
          Map.<BatchLoader, String>of(l, one, s, two).entrySet()) {
        String state = loader.getValue();
        ConfigException e =
            assertThrows(
                ConfigException.class, () -> loader.getKey().restore(LoaderState.fromJson(state)));
        assertTrue(
            e.getMessage().contains("the state is of other stored values of responses:")
                && e.getMessage().contains("leave values out of the state"),
            e.getMessage());
        String older = state.replaceFirst(",\"values\":\\{[^}]*}", "");
        assertFalse(older.equals(state));
        loader.getKey().restore(LoaderState.fromJson(older));
        assertEquals(0, loader.getKey().epoch());
      }
    }
  }

  @Test
  void whatCannotBeReadAnyMoreIsNotCompared() throws Exception {
    ChunkDataset d = open(copy);
    try (ChunkDataset same = open(root)) {
      for (Path file : files(copy.resolve("screen/data"))) {
        Files.delete(file);
      }
      assertFalse(d.storedValues().containsKey("screen"));
      assertTrue(d.storedValues().containsKey("responses"));
      same.restore(d.state());
      d.restore(same.state());
      d.close();
      assertTrue(d.state().storedValues().containsKey("responses"));
    }
  }

  /** Counts how often it is asked for the hash of its values. */
  private record Asked(Ramp ramp, AtomicInteger times) implements Interpolator {
    @Override
    public double startTime() {
      return ramp.startTime();
    }

    @Override
    public double endTime() {
      return ramp.endTime();
    }

    @Override
    public TimeInterval validInterval() {
      return ramp.validInterval();
    }

    @Override
    public Interpolation interpolate(double[] times) {
      return ramp.interpolate(times);
    }

    @Override
    public String valueHash() {
      times.incrementAndGet();
      return "0123456789abcdef";
    }

    @Override
    public void close() {}
  }

  @Test
  void aStateWithoutValuesHasNoFileRead() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Registry registry =
        Registry.builder()
            .interpolator("own", (folder, rest) -> new Asked(new Ramp(2), asked))
            .build();
    Path recording = folder.resolve("r");
    new Handmade(recording).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    DatasetConfig own =
        DatasetConfig.parse(
            "modality_config:\n"
                + "  a: {sampling_rate: 8, chunk_size: 8}\n"
                + "  ramp: {sampling_rate: 8, chunk_size: 8, interpolation: {_target_: own}}\n",
            "c");
    String dataset;
    String loader;
    try (ChunkDataset d = ChunkDataset.open(recording, own, registry);
        ChunkLoader l = ChunkLoader.builder().dataset(d).batchSize(2).seed(3L).build()) {
      dataset = d.state().toJson();
      loader = l.state().toJson();
    }
    assertEquals(1, asked.getAndSet(0));
    String values = ",?\"values\":\\{[^}]*}";
    try (ChunkDataset d = ChunkDataset.open(recording, own, registry);
        ChunkLoader l = ChunkLoader.builder().dataset(d).batchSize(2).seed(3L).build()) {
      d.restore(DatasetState.fromJson(dataset.replaceFirst(values, "")));
      l.restore(LoaderState.fromJson(loader.replaceFirst(values, "")));
      assertEquals(0, asked.get());
      l.restore(LoaderState.fromJson(loader));
      d.restore(DatasetState.fromJson(dataset));
      assertEquals(1, asked.get());
    }
  }
}
