/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.Explanation;
import org.syncline.Registry;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig.Mode;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;

/** Limits to gaps against their definition, over random clocks. */
@Tag("any-width")
class MaxGapTest {
  private static final long SEED = System.nanoTime();

  private static final Mode[] MODES = {
    Mode.NEAREST_NEIGHBOR, Mode.PREVIOUS, Mode.NEAREST, Mode.LINEAR
  };

  @TempDir Path parent;

  private static ModalityConfig config(Mode mode, Double most) {
    return Sequences.config(mode.text()).toBuilder()
        .interpolation(
            Sequences.config(mode.text()).interpolation().toBuilder().maxGap(most).build())
        .build();
  }

  private Path irregular(String name, double[] clock) {
    Path folder = Sequences.folder(parent, name, "n_signals: 1\n");
    NpyFile.write(folder.resolve("timestamps.npy"), clock, clock.length);
    double[] data = IntStream.range(0, clock.length).mapToDouble(i -> i).toArray();
    NpyFile.write(folder.resolve("data.npy"), data, clock.length, 1);
    return folder;
  }

  /** What the definition says, by looking at every sample. */
  private static boolean isValid(double[] clock, Mode mode, double most, double t) {
    int before = -1;
    for (int k = 0; k < clock.length; k++) {
      if (clock[k] == t) {
        // linear needs the row after it, whatever the limit
        return mode != Mode.LINEAR || k + 1 < clock.length;
      }
      before = clock[k] < t ? k : before;
    }
    if (before < 0 || before == clock.length - 1) {
      return false;
    }
    double behind = t - clock[before];
    double ahead = clock[before + 1] - t;
    return switch (mode) {
      case LINEAR -> clock[before + 1] - clock[before] <= most;
      case NEAREST -> Math.min(behind, ahead) <= most;
      default -> behind <= most;
    };
  }

  private static double[] clock(Random random, int n) {
    double[] clock = new double[n];
    double t = random.nextInt(3) * 1.6e9 / 2;
    for (int i = 0; i < n; i++) {
      clock[i] = t;
      t +=
          (1 + random.nextInt(4)) / 16.0
              + (random.nextInt(12) == 0 ? random.nextInt(64) / 16.0 : 0);
    }
    return clock;
  }

  @Test
  void timesAreValidAsTheDefinitionSays() {
    System.out.println("MaxGapTest seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 40; round++) {
      double[] clock = clock(random, 2 + random.nextInt(60));
      Path folder = irregular("r" + round, clock);
      double most = random.nextInt(20) / 16.0;
      double length = clock[clock.length - 1] - clock[0];
      // times on samples, exactly at the limit, and between
      double[] times =
          IntStream.range(0, (int) (length * 32) + 1)
              .mapToDouble(i -> clock[0] + i / 32.0)
              .toArray();
      for (Mode mode : MODES) {
        int[] expected =
            IntStream.range(0, times.length)
                .filter(i -> isValid(clock, mode, most, times[i]))
                .toArray();
        try (Interpolator limited = Registry.EMPTY.open(folder, config(mode, most), false);
            Interpolator free = Registry.EMPTY.open(folder, config(mode, null), false)) {
          Interpolation found = limited.interpolate(times);
          assertArrayEquals(expected, found.valid(), mode + " " + most + " round " + round);
          // the limit takes times away and changes no value
          double[] kept = IntStream.of(expected).mapToDouble(i -> times[i]).toArray();
          assertArrayEquals(
              free.interpolate(kept)
                  .values()
                  .data()
                  .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
              found.values().data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        }
      }
    }
  }

  @Test
  void chunkStartsNeedAllTimes() {
    Random random = new Random(SEED);
    for (int round = 0; round < 12; round++) {
      double[] clock = clock(random, 300);
      Path root = parent.resolve("c" + round);
      Path folder = irregular("c" + round + "/wheel", clock);
      assertEquals(root, folder.getParent());
      Mode mode = MODES[round % MODES.length];
      double most = (1 + random.nextInt(16)) / 16.0;
      String text =
          "time_grid: exact\nsafe_interval_threshold: 0.25\nlead_device: wheel\nmodality_config:\n  wheel: {sampling_rate: 8, chunk_size: 6, offset: 0.0625,"
              + " interpolation: {interpolation_mode: %s%s}}\n";
      DatasetConfig limited =
          DatasetConfig.parse(text.formatted(mode.text(), ", max_gap: " + most), "test");
      DatasetConfig free = DatasetConfig.parse(text.formatted(mode.text(), ""), "test");
      try (ChunkDataset d = ChunkDataset.open(root, limited, Registry.EMPTY);
          ChunkDataset all = ChunkDataset.open(root, free, Registry.EMPTY)) {
        List<Double> expected = new ArrayList<>();
        double rejected = Double.NaN;
        for (double start : all.startTimes()) {
          boolean valid = true;
          for (double t : all.chunkTimes("wheel", start)) {
            valid &= isValid(clock, mode, most, t);
          }
          if (valid) {
            expected.add(start);
          } else {
            rejected = start;
          }
        }
        List<Double> found = new ArrayList<>();
        for (double start : d.startTimes()) {
          found.add(start);
          d.itemAt(start).close();
        }
        assertEquals(expected, found, mode + " " + most + " round " + round);
        assertArrayEquals(all.startTimes(), d.fullValidSampleTimes(false));
        Explanation.Step step =
            d.explain().steps().stream()
                .filter(s -> s.name().equals("wheel.max_gap"))
                .findFirst()
                .orElseThrow();
        assertEquals(expected.size(), step.left());
        assertTrue(d.identity().get("config.modality_config.wheel").contains("max_gap"));
        if (!Double.isNaN(rejected)) {
          double start = rejected;
          RecordingException e = assertThrows(RecordingException.class, () -> d.itemAt(start));
          assertTrue(e.getMessage().contains("max_gap"), e.getMessage());
        }
      }
    }
  }

  @Test
  void withARateItHasNoEffectAndIsSaid() {
    Path folder =
        Sequences.folder(
            parent, "regular", "sampling_rate: 2\nstart_time: 0\nend_time: 1\nn_signals: 1\n");
    NpyFile.write(folder.resolve("data.npy"), new double[] {10, 20, 30}, 3, 1);
    List<String> warnings =
        org.syncline.Handmade.warnings(
            () -> {
              try (Interpolator d =
                  Registry.EMPTY.open(folder, config(Mode.PREVIOUS, 0.1), false)) {
                assertEquals(3, d.interpolate(new double[] {0, 0.4, 0.9}).valid().length);
                assertTrue(d.gaps().isEmpty());
              }
            });
    assertTrue(warnings.toString().contains("max_gap has no effect"), warnings.toString());
    assertThrows(ConfigException.class, () -> config(Mode.PREVIOUS, -1.0));
  }
}
