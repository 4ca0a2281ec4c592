/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Problem;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderState;
import org.syncline.marks.MarksModality;
import org.syncline.testdata.NpyFile;

/**
 * A modality that the library has never heard of, read through everything that a built-in one is:
 * marks at 0, 2, 4, 6 and 8 s with the values 1, 10; 2, 20; 3, NaN; 4, 40; 5, 50.
 */
class UnknownModalityTest {
  private static final double NAN = Double.NaN;
  private static final Registry REGISTRY = Registry.builder().modality(new MarksModality()).build();

  @TempDir Path root;

  @BeforeEach
  void write() {
    Handmade.write(
        root.resolve("m/meta.yml"),
        "modality: marks\nstart_time: 0\nend_time: 10\ntimes: times.npy\nvalues: values.npy\n");
    NpyFile.write(root.resolve("m/times.npy"), new double[] {0, 2, 4, 6, 8}, 5);
    NpyFile.write(
        root.resolve("m/values.npy"), new double[] {1, 10, 2, 20, 3, NAN, 4, 40, 5, 50}, 5, 2);
    new Handmade(root).statistics("m", new double[] {1, 10}, new double[] {2, 5});
  }

  /** Opens a dataset of the marks alone: chunks of two samples, 2 s apart, from 1 s on. */
  private ChunkDataset open(String more) {
    return ChunkDataset.open(root, config(more), REGISTRY);
  }

  private static DatasetConfig config(String more) {
    return Handmade.config(
        "safe_interval_threshold: 1\nseed: 3\nmodality_config: {m: {sampling_rate: 0.5, chunk_size: 2"
            + more
            + "}}");
  }

  private double[] second(String more) {
    try (ChunkDataset d = open(more);
        Chunk chunk = d.item(1)) {
      return Handmade.doubles(chunk.tensor("m"));
    }
  }

  @Test
  void experimentsInterpolate() {
    try (Experiment e = Experiment.open(root, config("").modalities(), false, REGISTRY)) {
      assertArrayEquals(
          new double[] {2, 20, 5, 50},
          Handmade.doubles(e.interpolate(new double[] {-1, 3, 9}, "m").values()));
      assertArrayEquals(
          new double[] {2, 20},
          Handmade.doubles(e.query(2, 3, Map.of("m", 1.0)).get("m").values()));
    }
  }

  @Test
  void datasetsReadNormaliseAndReplaceNaN() {
    assertArrayEquals(new double[] {2, 20, 3, NAN}, second(""));
    assertArrayEquals(
        new double[] {0.5, 2, 1, NAN}, second(", transforms: {normalization: normalize}"));
    assertArrayEquals(
        new double[] {2, 4, 3, NAN},
        second(", transforms: {normalization: {means: [0, 0], stds: [1, 5]}}"));
    assertArrayEquals(new double[] {2, 20, 3, 20}, second(", nans: mean"));
    assertArrayEquals(new double[] {2, 20, 3, 0}, second(", nans: zero"));
    assertArrayEquals(
        new double[] {0.5, 2, 1, 7}, second(", transforms: {normalization: normalize}, nans: 7"));
    double deviation = Math.sqrt(2);
    assertArrayEquals(
        new double[] {-1 / deviation, 0},
        second(", columns: [0], transforms: {normalization: recompute_behavior}"),
        1e-12);
    RecordingException e = assertThrows(RecordingException.class, () -> second(", nans: fail"));
    assertTrue(
        e.getMessage().contains("column 1") && e.getMessage().contains("5.0 s"), e.getMessage());
  }

  @Test
  void datasetsConvertAndCountReplacedNaN() {
    try (ChunkDataset d = open(", nans: mean");
        ChunkReader reader =
            d.reader(ReadOptions.builder().type("m", ElementType.FLOAT32).build())) {
      assertEquals(ElementType.FLOAT32, reader.layout().getFirst().type());
      Buffers buffers = new Buffers(reader.layout(), Arena.ofAuto());
      buffers.read(reader, 1);
      assertArrayEquals(new double[] {2, 20, 3, 20}, Handmade.doubles(buffers.tensor(0)));
      assertEquals(1, reader.counters().replacedNaNs());
    }
    try (ChunkDataset d = open("")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> d.reader(ReadOptions.builder().type("m", ElementType.INT16).build()));
      assertTrue(e.getMessage().contains("int16"), e.getMessage());
    }
  }

  @Test
  void columnsAreSelectedByIndexAndId() {
    assertArrayEquals(new double[] {20, 2, NAN, 3}, second(", columns: [1, 0]"));
    assertArrayEquals(
        new double[] {2, NAN}, second(", columns: [1], transforms: {normalization: normalize}"));
    NpyFile.write(root.resolve("m/meta/unit_ids.npy"), "<i8", false, new long[] {2}, ids(7, 9));
    assertArrayEquals(new double[] {20, NAN}, second(", unit_ids: [9]"));
    ConfigException e = assertThrows(ConfigException.class, () -> second(", columns: [2]"));
    assertTrue(e.getMessage().contains("found 2, expected 0 to 1"), e.getMessage());
  }

  private static byte[] ids(long... ids) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(8 * ids.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (long id : ids) {
      bytes.putLong(id);
    }
    return bytes.array();
  }

  @Test
  void filtersLeaveOutMissingSamples() {
    try (ChunkDataset all = open("");
        ChunkDataset filtered =
            open(", filters: {nan_filter: {_target_: nan_filter, vicinity: 0.5}}")) {
      assertEquals(3, all.length());
      // the mark at 4 s: none of 3.5 to 4.5 s
      assertEquals(
          List.of("0.0 3.5", "4.5 10.0"),
          filtered.validIntervalsFromFilters().stream()
              .map(i -> i.start() + " " + i.end())
              .toList());
    }
  }

  @Test
  void validationUsesItsCheckAndItsPlaceholders() {
    assertEquals(
        List.of(),
        Validator.validate(root.toAbsolutePath(), REGISTRY).stream()
            .filter(p -> p.severity() == Problem.Severity.ERROR)
            .toList());
    NpyFile.write(root.resolve("m/times.npy"), new double[] {0, 2, 1, 6, 8}, 5);
    Handmade.write(
        root.resolve("m/meta.yml"),
        "modality: marks\nstart_time: soon\nend_time: 10\ntimes: times.npy\nvalues: values.npy\n");
    List<String> found =
        Validator.validate(root, REGISTRY).stream()
            .filter(p -> p.severity() == Problem.Severity.ERROR)
            .map(Problem::key)
            .toList();
    assertEquals(List.of("start_time", "element 2"), found);
    Handmade.write(root.resolve("m/meta.yml"), "modality: marks\ntimes: ../times.npy\n");
    assertThrows(RecordingException.class, () -> REGISTRY.read(root.resolve("m")));
  }

  @Test
  void unknownModalitiesAreAnErrorThatListsTheRegistered() {
    RecordingException e =
        assertThrows(
            RecordingException.class, () -> ChunkDataset.open(root, config(""), Registry.EMPTY));
    assertTrue(
        e.getMessage().contains("'marks'")
            && e.getMessage().contains("sequence, screen, time_interval, spikes"),
        e.getMessage());
    Handmade.write(root.resolve("m/meta.yml"), "modality: mark\n");
    RecordingException other =
        assertThrows(RecordingException.class, () -> REGISTRY.read(root.resolve("m")));
    assertTrue(other.getMessage().contains("spikes, marks"), other.getMessage());
  }

  @Test
  void defaultsAndStatesKnowIt() {
    DatasetConfig defaults = DefaultConfigs.forRecording(root, REGISTRY);
    assertEquals(4.0, defaults.modalities().get("m").samplingRate());
    DatasetState state;
    try (ChunkDataset d = open("")) {
      d.shuffle();
      state = DatasetState.fromJson(d.state().toJson());
    }
    try (ChunkDataset d = open("")) {
      d.restore(state);
      assertArrayEquals(state.startTimes(), d.startTimes());
    }
    NpyFile.write(root.resolve("m/times.npy"), new double[] {0, 2, 4, 6}, 4);
    try (ChunkDataset d = open("")) {
      ConfigException e = assertThrows(ConfigException.class, () -> d.restore(state));
      assertTrue(e.getMessage().contains("5 marks"), e.getMessage());
    }
  }

  @Test
  void loadersStreamItAndGoOnFromAState() throws InterruptedException {
    String json;
    double[] expected;
    try (ChunkLoader loader = loader()) {
      loader.next().close();
      json = loader.state().toJson();
      try (Batch batch = loader.next()) {
        expected = Handmade.doubles(batch.tensor("m"));
      }
    }
    try (ChunkLoader loader = loader()) {
      loader.restore(LoaderState.fromJson(json));
      try (Batch batch = loader.next()) {
        assertArrayEquals(expected, Handmade.doubles(batch.tensor("m")));
      }
    }
  }

  private ChunkLoader loader() {
    return ChunkLoader.builder()
        .recording(root, config(", nans: zero"))
        .registry(REGISTRY)
        .batchSize(1)
        .threads(1)
        .seed(5L)
        .build();
  }
}
