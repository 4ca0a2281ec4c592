/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.NpyFile;

/** The table of limits in docs/reliability.md, at its edge; files are sparse. */
@Tag("any-width")
class LimitsTest {
  @TempDir Path folder;

  /** Writes a sequence of uint8 zeros that ends with one row of ones. */
  private Path sequence(double rate, double start, long rows, int columns) throws IOException {
    Path device = folder.resolve("rec/responses");
    Handmade.write(
        device.resolve("meta.yml"),
        "modality: sequence\nsampling_rate: "
            + rate
            + "\nstart_time: "
            + start
            + "\nend_time: "
            + (start + (rows - 1) / rate)
            + "\nn_signals: "
            + columns
            + "\nn_timestamps: "
            + rows
            + "\n");
    Path file = device.resolve("data.npy");
    NpyFile.writeSparse(file, "|u1", rows, columns);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.seek(out.length() - columns);
      for (int j = 0; j < columns; j++) {
        out.write(1);
      }
    }
    return folder.resolve("rec");
  }

  private static DatasetConfig config(double rate, int chunk, String more) {
    return DatasetConfig.parse(
        "lead_device: responses\nsafe_interval_threshold: 0\nmodality_config: {responses: {sampling_rate: "
            + rate
            + ", chunk_size: "
            + chunk
            + "}}\n"
            + more,
        "limits");
  }

  private static byte[] last(Path root, double rate, double end, int rows) {
    double[] times = new double[rows];
    for (int k = 0; k < rows; k++) {
      times[k] = end - (rows - 1 - k) / rate;
    }
    try (Experiment experiment =
        Experiment.open(root, config(1, 1, "").modalities(), false, Registry.EMPTY)) {
      return experiment
          .interpolate(times, "responses")
          .values()
          .data()
          .toArray(ValueLayout.JAVA_BYTE);
    }
  }

  @Test
  void arraysOfMoreThan2To31Rows() throws IOException {
    long rows = (1L << 31) + 1000;
    Path root = sequence(1e6, 0, rows, 1);
    byte[] found = last(root, 1e6, (rows - 1) / 1e6, 1);
    assertArrayEquals(new byte[] {1}, found);
  }

  @Test
  void arraysOfMoreThan4GiBInRowsOfMany() throws IOException {
    Path root = sequence(8, 1.7e9, (1L << 20) + 1, 5000);
    byte[] found = last(root, 8, 1.7e9 + (1L << 20) / 8.0, 2);
    int ones = 0;
    for (byte x : found) {
      ones += x;
    }
    assertEquals(5000, ones);
    assertEquals(1, found[5000]);
    assertEquals(0, found[4999]);
  }

  @Test
  void tenMillionGridPoints() throws IOException {
    Path root = sequence(1000, 1.7e9, 10_000_001, 1);
    try (ChunkDataset dataset =
        ChunkDataset.open(root, config(1000, 1, "time_grid: exact\n"), Registry.EMPTY)) {
      assertEquals(10_000_000, dataset.length());
      try (Chunk chunk = dataset.item(9_999_999)) {
        assertArrayEquals(new long[] {1, 1}, chunk.tensor("responses").shape());
      }
    }
  }

  @Test
  void microsecondsOver13000SecondsAt1700000000() throws IOException {
    long rows = 13_000_000_000L;
    Path root = sequence(1e6, 1.7e9, rows, 1);
    DatasetConfig config =
        DatasetConfig.parse(
            "lead_device: clock\nsafe_interval_threshold: 0\ntime_grid: exact\nmodality_config:\n"
                + "  clock: {sampling_rate: 1, chunk_size: 1}\n"
                + "  responses: {sampling_rate: 1000000, chunk_size: 1000000}\n",
            "limits");
    new Handmade(root).sequence("clock", 1, 1.7e9, 1.7e9 + 13_000, 13_001, 1, i -> i);
    byte[] stored = new byte[1_000_000];
    new SplittableRandom(7).nextBytes(stored);
    Path data = root.resolve("responses/data.npy");
    try (RandomAccessFile out = new RandomAccessFile(data.toFile(), "rw")) {
      out.seek(out.length() - stored.length);
      out.write(stored);
    }
    try (ChunkDataset dataset = ChunkDataset.open(root, config, Registry.EMPTY)) {
      try (Chunk chunk = dataset.item(12_999)) {
        byte[] found = chunk.tensor("responses").data().toArray(ValueLayout.JAVA_BYTE);
        assertArrayEquals(stored, found);
      }
    }
  }
}
