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
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;

/**
 * Chunks that reach past a device's range: each of their samples is that of a whole chunk, or
 * padding.
 */
@Tag("any-width")
class PaddedChunksTest {
  private static final String CONFIG =
      "safe_interval_threshold: 0\nshort_chunks: pad\nmodality_config:\n"
          + "  screen: {sampling_rate: 8, chunk_size: 5, offset: OFF}\n"
          + "  a: {sampling_rate: 8, chunk_size: 6, offset: OFF, interpolation: {interpolation_mode: linear}}\n"
          + "  i: {sampling_rate: 8, chunk_size: 6, offset: OFF}\n"
          + "  s: {sampling_rate: 8, chunk_size: 6, offset: OFF, nans: mean}\n"
          + "  labels: {sampling_rate: 8, chunk_size: 3, offset: OFF}\n";

  @TempDir Path root;

  @BeforeEach
  void write() {
    new Handmade(root)
        .sequence("a", 8, 0, 4, 33, 2, i -> i)
        .integers("i", 8, 0, 4, 33, 3)
        .sequence("s", 8, 0, 4, 33, 1, i -> i % 3 == 0 ? Double.NaN : i)
        .labels(4, 1, 3.5)
        .screen(0, 8, List.of(Handmade.video(16), Handmade.video(17)));
  }

  @Test
  void chunksOfNothingButPaddingAreSaidOnce() {
    for (double offset : new double[] {0, 0.3, 900, -900, 3}) {
      List<String> said =
          Handmade.warnings(
              () ->
                  Handmade.open(
                          root,
                          "safe_interval_threshold: 0\nshort_chunks: pad\nmodality_config:\n"
                              + "  a: {sampling_rate: 8, chunk_size: 4}\n"
                              + "  i: {sampling_rate: 8, chunk_size: 4, offset: "
                              + offset
                              + "}\n")
                      .close());
      assertEquals(Math.abs(offset) >= 3 ? 1 : 0, said.size(), said::toString);
      if (Math.abs(offset) == 900) {
        assertTrue(said.getFirst().contains("29 of 29 chunks have no sample of i"), said::toString);
      }
    }
  }

  @Test
  void moreThanHalfOfTheChunksThatAreSkippedAreSaid() {
    for (double offset : new double[] {0, 0.3, 3}) {
      List<String> said =
          Handmade.warnings(
              () ->
                  Handmade.open(
                          root,
                          "safe_interval_threshold: 0\nshort_chunks: skip\nmodality_config:\n"
                              + "  a: {sampling_rate: 8, chunk_size: 4}\n"
                              + "  i: {sampling_rate: 8, chunk_size: 4, offset: "
                              + offset
                              + "}\n")
                      .close());
      assertEquals(offset == 3 ? 1 : 0, said.size(), said::toString);
      assertTrue(offset < 3 || said.getFirst().contains("leaves out 23 of 29"), said::toString);
    }
  }

  private static boolean[] mask(Tensor t) {
    boolean[] mask = new boolean[(int) t.elements()];
    for (int k = 0; k < mask.length; k++) {
      mask[k] = t.data().get(ValueLayout.JAVA_BYTE, k) != 0;
    }
    return mask;
  }

  @Test
  void samplesAreRealOrPadding() {
    for (double offset : new double[] {-0.5, 0.3, 0, 4, -9}) {
      String config = CONFIG.replace("OFF", Double.toString(offset));
      try (ChunkDataset d = Handmade.open(root, config)) {
        assertEquals(
            List.of("screen", "a", "i", "s", "labels"),
            d.layout().stream()
                .map(TensorSpec::key)
                .filter(k -> k.startsWith("mask."))
                .map(k -> k.substring(5))
                .toList());
        for (double never : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
          assertThrows(
              IllegalArgumentException.class, () -> d.chunkTimes(d.deviceNames().get(0), never));
        }
        long real = 0;
        for (int index = 0; index < d.length(); index++) {
          double start = d.startTimes()[index];
          try (Chunk chunk = d.item(index)) {
            for (String device : d.deviceNames()) {
              double[] times = d.chunkTimes(device, start);
              int[] valid = d.experiment().device(device).interpolate(times).valid();
              boolean[] expected = new boolean[times.length];
              for (int k : valid) {
                expected[k] = true;
                real++;
              }
              assertArrayEquals(expected, mask(chunk.tensor("mask." + device)), device + start);
              assertValues(d, device, times, valid, chunk.tensor(device));
            }
          }
        }
        assertEquals(offset == -9, real == 0);
        assertEquals(
            d.explain().steps().stream()
                .filter(s -> s.name().equals("whole_chunks"))
                .findFirst()
                .orElseThrow()
                .left(),
            d.length());
        if (offset != 0) {
          assertTrue(d.explain().toString().contains("past a device's range: padded"));
        }
      }
    }
  }

  /** Compares each sample with what the device gives at that time alone. */
  private static void assertValues(
      ChunkDataset d, String device, double[] times, int[] valid, Tensor values) {
    double[] found = Handmade.doubles(values);
    long[] shape = values.shape();
    boolean frames = shape.length == 4;
    int samples = times.length;
    int width = found.length / samples;
    double padding = values.type().isFloating() ? Double.NaN : 0;
    double mean = 0;
    int n = 0;
    double[][] rows = new double[samples][];
    for (int k : valid) {
      rows[k] =
          Handmade.doubles(
              d.experiment().device(device).interpolate(new double[] {times[k]}).values());
      if (device.equals("s") && rows[k][0] == rows[k][0]) {
        mean += rows[k][0];
        n++;
      }
    }
    for (int k = 0; k < samples; k++) {
      for (int j = 0; j < width; j++) {
        double expected = rows[k] == null ? padding : rows[k][j];
        if (rows[k] != null && device.equals("s") && expected != expected) {
          expected = n == 0 ? 0 : mean / n; // of the real samples alone
        }
        // one channel: frame by frame
        assertEquals(expected, found[k * width + j], 1e-9, device + " sample " + k + frames);
      }
    }
  }

  @Test
  void channelsArePaddedEach() {
    String config =
        "safe_interval_threshold: 0\nshort_chunks: pad\nadd_behavior_as_channels: true\nout_keys: [screen]\nmodality_config:\n"
            + "  screen: {sampling_rate: 8, chunk_size: 5, offset: 1, transforms: {g: {_target_: Grayscale, num_output_channels: 3}}}\n"
            + "  treadmill: {sampling_rate: 8, chunk_size: 5, offset: 2}\n";
    new Handmade(root).sequence("treadmill", 8, 0, 4, 33, 1, i -> i);
    try (ChunkDataset d = Handmade.open(root, config);
        Chunk chunk = d.itemAt(2.75)) {
      assertEquals(List.of("screen", "mask.screen"), List.copyOf(chunk.values().keySet()));
      assertArrayEquals(
          new boolean[] {true, true, true, false, false}, mask(chunk.tensor("mask.screen")));
      Tensor screen = chunk.tensor("screen");
      assertArrayEquals(new long[] {4, 5, 2, 3}, screen.shape());
      double[] found = Handmade.doubles(screen);
      for (int c = 0; c < 4; c++) {
        for (int t = 0; t < 5; t++) {
          for (int p = 0; p < 6; p++) {
            // frame and row of the treadmill at 3.75 s and 4.75 s
            double expected =
                c == 3 ? Double.NaN : t > 2 ? Double.NaN : 30 + t + 10 * (p / 3) + p % 3;
            assertEquals(expected, found[(c * 5 + t) * 6 + p], 1e-5, c + " " + t + " " + p);
          }
        }
      }
    }
  }

  @Test
  void everyElementTypeIsFilled() {
    try (Arena arena = Arena.ofConfined()) {
      for (ElementType type : ElementType.values()) {
        int size = type.bytes();
        MemorySegment memory = arena.allocate(6L * size, 64).fill((byte) 0x55);
        org.syncline.read.PaddingAccess.fill(memory, size, 4L * size, type);
        for (int i = 0; i < 6; i++) {
          boolean padded = i > 0 && i < 5;
          MemorySegment one = memory.asSlice((long) i * size, size);
          double value = org.syncline.format.Values.get(type, one, 0);
          assertTrue(
              !padded
                  ? one.get(ValueLayout.JAVA_BYTE, 0) == 0x55
                  : type.isFloating() ? value != value : value == 0,
              type + " " + i);
        }
      }
    }
  }
}
