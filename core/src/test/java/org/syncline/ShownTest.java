/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolator;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderState;
import org.syncline.loader.SessionLoader;
import org.syncline.stats.RecordingStatistics;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;
import org.syncline.text.Printable;
import org.syncline.transform.Normalization;
import org.syncline.write.RecordingWriter;

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
      assertEquals("ChunkLoader(" + key + ", batches of 2)", loader.toString());
      batch = loader.next();
      assertEquals(
          "Batch(0 of epoch 0, " + key + ", 2 chunks of " + ENTRIES + ")", batch.toString());
      batch.close();
    }
    assertTrue(batch.toString().endsWith(", closed)"), batch.toString());
    assertEquals(
        "LoaderState(batch 0 of epoch 0, " + key + ")",
        LoaderState.fromJson(stateOf(dataset)).toString());
    assertTrue(
        dataset.state().toString().startsWith("DatasetState(" + dataset.length() + " start"));
    try (ChunkReader reader = dataset.reader(ReadOptions.DEFAULT)) {
      assertEquals("ChunkReader(" + root + ": " + ENTRIES + ")", reader.toString());
      assertEquals("StageCounters(0 chunks, 0 bytes)", reader.counters().toString());
    }
    assertEquals("ReadOptions()", ReadOptions.DEFAULT.toString());
    assertEquals(
        "ReadOptions(types {responses=FLOAT16}, outKeys [responses])",
        ReadOptions.builder()
            .type("responses", ElementType.FLOAT16)
            .outKeys(List.of("responses"))
            .build()
            .toString());
    dataset.close();
    assertEquals("ChunkDataset(" + root + ", " + chunks + ", closed)", dataset.toString());
    try (SessionLoader loader = SessionLoader.builder().add(root, config).batchSize(2).build()) {
      assertEquals("SessionLoader(" + key + ", batches of 2)", loader.toString());
    }
    try (Experiment experiment = Experiment.open(root, config.modalities())) {
      String range =
          Printable.digits(experiment.startTime())
              + " to "
              + Printable.digits(experiment.endTime())
              + " s: ";
      assertEquals(
          "Experiment(" + root + ", " + range + "responses, screen)", experiment.toString());
    }
  }

  private static String stateOf(ChunkDataset dataset) {
    try (ChunkLoader loader = ChunkLoader.builder().dataset(dataset).build()) {
      return loader.state().toJson();
    }
  }

  @Test
  void devicesAndWhatTheyGiveAre(@TempDir Path folder) {
    Recordings.empty(folder, 3)
        .start(1_600_000_000)
        .seconds(6)
        .screen(Recordings.Content.MIXED)
        .frames(2, 3)
        .trialFrames(20)
        .sequence(SequencePlan.of("responses", 8, 3).descr("<f4"))
        .spikes(4, 100)
        .labels(2)
        .write();
    Map<String, Interpolator> devices = new TreeMap<>();
    try (Experiment experiment =
        Experiment.open(folder, DefaultConfigs.forRecording(folder).modalities())) {
      experiment.deviceNames().forEach(name -> devices.put(name, experiment.device(name)));
      double start = experiment.validRange("responses").start();
      assertEquals(
          "Interpolation(float32 [1, 3], 1 valid time)",
          experiment.interpolate(new double[] {start + 1, 5}, "responses").toString());
      TimedValues values =
          experiment.query(start, start + 1, Map.of("responses", 8.0)).get("responses");
      assertTrue(values.toString().startsWith("TimedValues(float32 ["), values.toString());
      assertTrue(values.toString().contains(" at 16000000"), values.toString());
    }
    assertEquals(4, devices.size());
    devices.forEach(
        (name, device) -> {
          String text = device.toString(); // closed
          String begin =
              device.getClass().getSimpleName()
                  + "("
                  + folder.resolve(name)
                  + ", "
                  + Printable.digits(device.startTime())
                  + " to ";
          assertTrue(text.startsWith(begin), text);
          assertTrue(text.matches("(?s).*( x 3 float32 | trials of | units|, labels ).*"), text);
          device
              .trials()
              .ifPresent(t -> assertTrue(t.toString().startsWith("Trials("), t.toString()));
        });
    assertEquals(
        "Normalization(mean 2.0, stds [1.0, 3.0])",
        new Normalization(new double[] {2}, new double[] {1, 3}).toString());
    assertEquals("Normalization(9 stds)", new Normalization(null, new double[9]).toString());
    RecordingStatistics statistics = RecordingStatistics.of(folder).devices("responses");
    assertEquals("RecordingStatistics(" + folder + ")", statistics.toString());
    String found = statistics.compute().get("responses").toString();
    assertTrue(found.startsWith("DeviceStatistics([3] signals, "), found);
    assertTrue(Registry.services().toString().startsWith("Registry(modalities "));
  }

  @Test
  void buildersSamplersAndWritersAre(@TempDir Path folder) throws Exception {
    Path root = folder.resolve("mouse");
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      assertEquals("RecordingWriter(" + root + ": )", writer.toString());
      assertEquals(
          "SequenceWriter(responses of RecordingWriter(" + root + ": responses))",
          writer
              .sequence("responses", 8, 0)
              .append(new SplittableRandom(1).doubles(80).toArray(), 2)
              .toString());
      writer.finish();
      assertEquals("RecordingWriter(" + root + ": responses, closed)", writer.toString());
    }
    DatasetConfig.Builder config =
        DatasetConfig.parse(
            "{lead_device: responses, modality_config: {responses: {sampling_rate: 8, chunk_size: 4,"
                + " filters: {n: {_target_: nan_filter}, f: {_target_: finite_filter}}}}}",
            "test")
            .toBuilder();
    assertEquals("Builder of " + config.build(), config.toString());
    assertTrue(ReadOptions.builder().toString().startsWith("Builder of ReadOptions("));
    assertTrue(Registry.builder().toString().startsWith("Builder of Registry(modalities "));
    try (ChunkDataset dataset = ChunkDataset.open(root, config.build());
        Experiment experiment = Experiment.open(root, config.build().modalities());
        SessionLoader loader = SessionLoader.builder().add(dataset).batchSize(3).fed().build()) {
      assertEquals(
          "Builder of ChunkLoader(" + dataset + ", batches of 2, shuffled)",
          ChunkLoader.builder().dataset(dataset).batchSize(2).shuffle(true).toString());
      assertEquals(
          "Builder of ChunkLoader(nothing yet, batches of 1)", ChunkLoader.builder().toString());
      assertEquals(
          "Builder of SessionLoader(1 recording, batches of 1)",
          SessionLoader.builder().add(dataset).toString());
      loader.feed().add(0, 1, 2);
      assertEquals("BatchFeed(1 batch of " + loader + ")", loader.feed().toString());
      Interpolator responses = experiment.device("responses");
      assertEquals("SequenceSampler(" + responses + ")", responses.sampler().toString());
      assertTrue(responses.coverage().toString().startsWith("Coverage(TimeInterval["));
    }
    assertEquals(
        List.of("NanFilter(vicinity 0.05 s)", "FiniteFilter(min_share 1.0)"),
        config.build().modalities().get("responses").filters().stream()
            .map(filter -> Registry.services().filter(filter).toString())
            .toList());
  }
}
