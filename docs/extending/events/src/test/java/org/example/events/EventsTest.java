/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.Experiment;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Interpolation;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderState;

/** Reads marks through the published library, which has never heard of them. */
class EventsTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void write() throws Exception {
    root = Recording.write(folder.resolve("recording"));
  }

  private static DatasetConfig config(String more) {
    return DatasetConfig.parse(Recording.config(more), "test");
  }

  private static double expected(double[] marks, double t) {
    double since = Double.NaN;
    for (double mark : marks) {
      since = mark <= t ? t - mark : since;
    }
    return since;
  }

  private static double at(Tensor tensor, long index) {
    MemorySegment data = tensor.data();
    return switch (tensor.type()) {
      case FLOAT32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
      case FLOAT64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
      default -> throw new AssertionError(tensor.type());
    };
  }

  @Test
  void experimentGivesMarksAtAnyTime() {
    try (Experiment experiment = Experiment.open(root, config("").modalities())) {
      Interpolation read = experiment.device("behaviour").interpolate(new double[] {1, 4, 20, 60});
      assertEquals(2, read.valid().length, "1 s and 60 s lie outside the device's range");
      assertEquals(1, at(read.values(), 0));
      assertTrue(Double.isNaN(at(read.values(), 1)), "no reward before 5 s");
      assertEquals(9, at(read.values(), 2));
      assertEquals(15, at(read.values(), 3));
    }
  }

  @Test
  void chunksLieWhereMarksAreValid() {
    try (ChunkDataset dataset = ChunkDataset.open(root, config(""))) {
      // the device's range of 2 to 55 s, less the safety threshold of 0.5 s, limits the recording
      assertEquals(2.5, dataset.startTime());
      assertEquals(54.5, dataset.endTime());
      for (int i = 0; i < dataset.length(); i += 7) {
        double start = dataset.startTimes()[i];
        double[] times = dataset.chunkTimes("behaviour", start);
        try (Chunk chunk = dataset.item(i)) {
          Tensor values = chunk.tensor("behaviour");
          assertEquals(List.of(10L, 2L), List.of(values.shape()[0], values.shape()[1]));
          for (int k = 0; k < 10; k++) {
            assertEquals(expected(Recording.LICKS, times[k]), at(values, 2 * k));
            assertEquals(expected(Recording.REWARDS, times[k]), at(values, 2 * k + 1));
          }
        }
      }
    }
  }

  @Test
  void libraryAppliesStatisticsNanPolicyTypeAndColumns() {
    String more = "nans: zero, columns: [1], transforms: {normalization: {means: 2, stds: 4}}";
    try (ChunkDataset dataset = ChunkDataset.open(root, config(more));
        Chunk chunk = dataset.item(0)) {
      double[] times = dataset.chunkTimes("behaviour", dataset.startTimes()[0]);
      Tensor values = chunk.tensor("behaviour");
      assertEquals(1, values.shape()[1]);
      for (int k = 0; k < 10; k++) {
        double value = expected(Recording.REWARDS, times[k]);
        assertEquals(Double.isNaN(value) ? 0 : (value - 2) / 4, at(values, k));
      }
    }
  }

  @Test
  void libraryTakesComputedStatistics() {
    double mean = (20.0 * 20 / 2 + 20.0 * 20 / 2 + 10.0 * 10 / 2) / 50;
    double square = (8000.0 / 3 + 8000.0 / 3 + 1000.0 / 3) / 50;
    double std = Math.sqrt(square - mean * mean);
    String more = "transforms: {normalization: recompute_behavior}";
    try (ChunkDataset dataset = ChunkDataset.open(root, config(more));
        Chunk chunk = dataset.item(300)) {
      double[] times = dataset.chunkTimes("behaviour", dataset.startTimes()[300]);
      double value = (expected(Recording.REWARDS, times[3]) - mean) / std;
      assertEquals(value, at(chunk.tensor("behaviour"), 7), 1e-12);
    }
  }

  @Test
  void failingOnNanSaysWhere() {
    try (ChunkDataset dataset = ChunkDataset.open(root, config("nans: fail"))) {
      RecordingException error =
          assertThrows(RecordingException.class, () -> dataset.item(0).close());
      assertTrue(error.getMessage().contains("behaviour"), error.getMessage());
      dataset.item(300).close();
    }
  }

  @Test
  void loaderContinuesFromItsStateAndRefusesOtherMarks() throws Exception {
    List<Double> whole = new ArrayList<>();
    String state;
    try (ChunkDataset dataset = ChunkDataset.open(root, config(""));
        ChunkLoader loader = loader(dataset)) {
      List<Double> behind = new ArrayList<>();
      for (int b = 0; b < 5; b++) {
        take(loader, behind);
      }
      state = loader.state().toJson();
      while (take(loader, whole)) {}
    }
    List<Double> rest = new ArrayList<>();
    try (ChunkDataset dataset = ChunkDataset.open(root, config(""));
        ChunkLoader loader = loader(dataset)) {
      loader.restore(LoaderState.fromJson(state));
      while (take(loader, rest)) {}
    }
    assertEquals(whole, rest);
    Recording.events(root, Recording.LICKS, new double[] {5, 25});
    try (ChunkDataset dataset = ChunkDataset.open(root, config(""));
        ChunkLoader loader = loader(dataset)) {
      SynclineException error =
          assertThrows(SynclineException.class, () -> loader.restore(LoaderState.fromJson(state)));
      assertTrue(error.getMessage().contains("reward"), error.getMessage());
    }
  }

  private static ChunkLoader loader(ChunkDataset dataset) {
    return ChunkLoader.builder().dataset(dataset).batchSize(16).shuffle(true).seed(3L).build();
  }

  private static boolean take(ChunkLoader loader, List<Double> sums) throws InterruptedException {
    try (Batch batch = loader.next()) {
      if (batch == null) {
        return false;
      }
      Tensor values = batch.tensor("behaviour");
      double sum = 0;
      for (long i = 0; i < values.data().byteSize() / Double.BYTES; i += 2) {
        sum += at(values, i);
      }
      sums.add(sum);
      return true;
    }
  }
}
