/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Allocations;
import org.syncline.ChunkDataset;
import org.syncline.Handmade;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.InterpolationConfig.Align;
import org.syncline.config.InterpolationConfig.Mode;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.error.ConfigException;
import org.syncline.format.Values;
import org.syncline.testdata.NpyFile;

/** Averages over windows, against a slow second implementation over random clocks. */
class MeanModeTest {
  private static final long SEED = System.nanoTime();

  @TempDir Path parent;

  private static InterpolationConfig.Builder mean(double window, Align align) {
    return InterpolationConfig.builder().mode(Mode.MEAN).meanWindow(window).meanAlign(align);
  }

  /** Each sample counts from its time to that of the next one; the last until a given time. */
  private static double slow(
      double[] clock, double until, double[] data, int columns, int j, double from, double to) {
    double sum = 0;
    double weight = 0;
    for (int k = 0; k < clock.length; k++) {
      double end = k + 1 < clock.length ? clock[k + 1] : until;
      double overlap = Math.min(end, to) - Math.max(clock[k], from);
      double x = data[k * columns + j];
      if (overlap > 0 && !Double.isNaN(x)) {
        sum += overlap * x;
        weight += overlap;
      }
    }
    return weight == 0 ? Double.NaN : sum / weight;
  }

  private static double usualStep(double[] clock) {
    double[] steps =
        IntStream.range(1, clock.length).mapToDouble(k -> clock[k] - clock[k - 1]).toArray();
    Arrays.sort(steps);
    return steps.length == 0 ? Double.POSITIVE_INFINITY : steps[steps.length / 2];
  }

  private static double before(Align align) {
    return align == Align.LEFT ? 0 : align == Align.CENTER ? 0.5 : 1;
  }

  private static double at(Tensor t, int i) {
    return Values.get(t.type(), t.data(), i);
  }

  private void compare(
      Path folder,
      ModalityConfig config,
      double[] clock,
      double until,
      double[] data,
      int columns,
      int[] selected,
      double[] shifts,
      double window,
      Align align,
      double[] times,
      String where) {
    try (Interpolator device = Registry.EMPTY.open(folder, config, false)) {
      Interpolation found = device.interpolate(times);
      Interpolation previous;
      try (Interpolator held =
          Registry.EMPTY.open(
              folder,
              config.toBuilder().interpolation(InterpolationConfig.DEFAULT).build(),
              false)) {
        previous = held.interpolate(times);
      }
      assertArrayEquals(previous.valid(), found.valid(), where);
      int n = selected.length;
      for (int i = 0; i < found.valid().length; i++) {
        for (int s = 0; s < n; s++) {
          double t = times[found.valid()[i]] - (shifts == null ? 0 : shifts[selected[s]]);
          double from = t - before(align) * window;
          double expected = slow(clock, until, data, columns, selected[s], from, from + window);
          assertEquals(expected, at(found.values(), i * n + s), 1e-5, where + " at " + t);
        }
      }
    }
  }

  @Test
  void equalsTheDefinition() {
    System.out.println("MeanModeTest seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 60; round++) {
      boolean irregular = round % 3 == 1;
      boolean shifted = round % 3 == 2;
      int rows = 1 + random.nextInt(40);
      int columns = 1 + random.nextInt(5);
      double rate = new double[] {8, 30, 7.3}[random.nextInt(3)];
      double start = random.nextInt(3) * 100.0;
      double[] clock = new double[rows];
      double t = start;
      for (int k = 0; k < rows; k++) {
        clock[k] = irregular ? t : start + k * (1 / rate);
        t += 0.01 + random.nextDouble() * (random.nextInt(8) == 0 ? 2 : 0.2);
      }
      double[] data = new double[rows * columns];
      for (int i = 0; i < data.length; i++) {
        data[i] = random.nextInt(3) == 0 ? Double.NaN : (float) random.nextGaussian();
      }
      double end = clock[rows - 1] + (irregular ? 0 : random.nextDouble() / rate);
      String meta =
          irregular
              ? "n_signals: " + columns + "\n"
              : "sampling_rate: %s\nstart_time: %s\nend_time: %s\nn_signals: %d\n%s"
                  .formatted(
                      rate, start, end, columns, shifted ? "phase_shift_per_signal: true\n" : "");
      Path folder = Sequences.folder(parent, "r" + round, meta);
      NpyFile.write(folder.resolve("data.npy"), data, rows, columns);
      if (irregular) {
        NpyFile.write(folder.resolve("timestamps.npy"), clock, rows);
      }
      double[] shifts = null;
      if (shifted) {
        shifts = IntStream.range(0, columns).mapToDouble(j -> random.nextDouble() / rate).toArray();
        Handmade.mkdirs(folder.resolve("meta"));
        NpyFile.write(folder.resolve("meta/phase_shifts.npy"), shifts, columns);
      }
      double window =
          random.nextBoolean() ? random.nextDouble() * 3 / rate : 0.01 + random.nextDouble();
      Align align = Align.values()[random.nextInt(3)];
      int[] all = IntStream.range(0, columns).toArray();
      int[] selected = random.nextBoolean() ? all : new int[] {columns - 1, 0};
      ModalityConfig config =
          ModalityConfig.builder()
              .interpolation(mean(window, align).build())
              .columns(selected == all ? null : selected)
              .build();
      double[] times =
          IntStream.range(0, 80)
              .mapToDouble(i -> start - 0.1 + random.nextDouble() * (end - start + 0.2))
              .sorted()
              .toArray();
      double until = irregular ? clock[rows - 1] + usualStep(clock) : start + rows * (1 / rate);
      compare(
          folder,
          config,
          clock,
          until,
          data,
          columns,
          selected,
          shifts,
          window,
          align,
          times,
          "round " + round + " " + align + " " + window);
    }
  }

  @Test
  void aRangeThatEndsInAPauseKeepsTheLastSample() {
    Path folder = Sequences.folder(parent, "pause", "start_time: 0\nend_time: 11\nn_signals: 1\n");
    NpyFile.write(
        folder.resolve("data.npy"),
        IntStream.range(0, 10).mapToDouble(i -> 3 + i).toArray(),
        10,
        1);
    NpyFile.write(
        folder.resolve("timestamps.npy"), IntStream.range(0, 10).asDoubleStream().toArray(), 10);
    ModalityConfig config =
        ModalityConfig.builder().interpolation(mean(0.4, Align.LEFT).build()).build();
    try (Interpolator device = Registry.EMPTY.open(folder, config, false)) {
      Interpolation found = device.interpolate(new double[] {8.9, 9.8, 10, 10.5, 10.999});
      assertArrayEquals(new int[] {0, 1, 2, 3, 4}, found.valid());
      double[] expected = {11 + 0.75, 12, 12, 12, 12};
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], at(found.values(), i), 1e-6);
      }
    }
  }

  @Test
  void longWindowsAreAveragedBlockByBlock() {
    longWindows(false);
  }

  @Test
  void longWindowsOfShiftedSignalsAreAveragedRowByRow() {
    longWindows(true);
  }

  private void longWindows(boolean shifted) {
    double[] shifts = {shifted ? 0.0041 : 0, shifted ? 0.0093 : 0};
    int rows = 3000;
    Path folder =
        Sequences.folder(
            parent,
            "long",
            "sampling_rate: 100\nstart_time: 0\nend_time: 29.99\nn_signals: 2\n"
                + (shifted ? "phase_shift_per_signal: true\n" : ""));
    if (shifted) {
      NpyFile.write(folder.resolve("meta/phase_shifts.npy"), shifts, 2);
    }
    byte[] bytes = new byte[rows * 2 * 2];
    double[] clock = IntStream.range(0, rows).mapToDouble(k -> k / 100.0).toArray();
    double[] data = new double[rows * 2];
    for (int i = 0; i < data.length; i++) {
      data[i] = (short) (i * 31);
      MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) data[i]);
    }
    NpyFile.write(folder.resolve("data.npy"), "<i2", false, new long[] {rows, 2}, bytes);
    for (int[] selected : new int[][] {{0, 1}, {1}}) {
      ModalityConfig config =
          ModalityConfig.builder()
              .interpolation(mean(25.123, Align.LEFT).build())
              .columns(selected)
              .build();
      try (Interpolator device = Registry.EMPTY.open(folder, config, false)) {
        double[] times = {0.01, 1.234, 20};
        Tensor found = device.interpolate(times).values();
        for (int i = 0; i < times.length; i++) {
          for (int j = 0; j < selected.length; j++) {
            double from = times[i] - shifts[selected[j]];
            double expected = slow(clock, 30, data, 2, selected[j], from, from + 25.123);
            assertEquals((float) expected, at(found, i * selected.length + j), 1e-3);
          }
        }
      }
    }
  }

  @Test
  void oneAlignedPeriodIsThePreviousSample() throws Exception {
    for (ElementType type :
        new ElementType[] {ElementType.FLOAT64, ElementType.FLOAT32, ElementType.INT16}) {
      Random random = new Random(SEED);
      double start = 1.6e9 + random.nextDouble();
      int rows = 3000;
      double rate = 30;
      Path folder =
          Sequences.folder(
              parent,
              "aligned-" + type,
              "sampling_rate: 30\nstart_time: %s\nend_time: %s\nn_signals: 3\n"
                  .formatted(start, start + (rows - 1) / rate));
      byte[] bytes = new byte[rows * 3 * type.bytes()];
      MemorySegment all = MemorySegment.ofArray(bytes);
      for (int i = 0; i < rows * 3; i++) {
        switch (type) {
          case FLOAT64 ->
              all.set(
                  ValueLayout.JAVA_DOUBLE_UNALIGNED,
                  8L * i,
                  i % 7 == 0 ? Double.NaN : random.nextGaussian());
          case FLOAT32 ->
              all.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i, (float) random.nextGaussian());
          default -> all.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, (short) random.nextInt());
        }
      }
      String dtype =
          type == ElementType.FLOAT64 ? "<f8" : type == ElementType.FLOAT32 ? "<f4" : "<i2";
      NpyFile.write(folder.resolve("data.npy"), dtype, false, new long[] {rows, 3}, bytes);
      double[] times = IntStream.range(0, rows).mapToDouble(k -> start + k / rate).toArray();
      double[] ahead = IntStream.range(1, rows).mapToDouble(k -> start + k / rate).toArray();
      try (Interpolator left =
              Registry.EMPTY.open(
                  folder,
                  ModalityConfig.builder()
                      .interpolation(mean(1 / rate, Align.LEFT).build())
                      .build(),
                  false);
          Interpolator right =
              Registry.EMPTY.open(
                  folder,
                  ModalityConfig.builder()
                      .interpolation(mean(1 / rate, Align.RIGHT).build())
                      .build(),
                  false)) {
        Tensor found = left.interpolate(times).values();
        assertEquals(
            type == ElementType.FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32, found.type());
        Tensor earlier = right.interpolate(ahead).values();
        for (int i = 0; i < rows * 3; i++) {
          double expected = Values.get(type, all, i);
          assertEquals(expected, at(found, i), 0.0, "value " + i);
          if (i < earlier.elements()) {
            assertEquals(expected, at(earlier, i), 0.0, "earlier " + i);
          }
        }
      }
    }
  }

  @Test
  void edgesAverageWhatThereIs() {
    Path folder =
        Sequences.folder(
            parent, "edges", "sampling_rate: 2\nstart_time: 0\nend_time: 2\nn_signals: 1\n");
    NpyFile.write(folder.resolve("data.npy"), new double[] {1, 2, Double.NaN, Double.NaN, 5}, 5, 1);
    try (Interpolator center =
            Registry.EMPTY.open(
                folder,
                ModalityConfig.builder().interpolation(mean(1, Align.CENTER).build()).build(),
                false);
        Interpolator right =
            Registry.EMPTY.open(
                folder,
                ModalityConfig.builder().interpolation(mean(0.5, Align.RIGHT).build()).build(),
                false)) {
      Tensor found = center.interpolate(new double[] {0, 0.25, 1.5, 2, 2.4}).values();
      // 2.4 s is past the range; at 2 s one half lies behind the data and one is NaN
      assertEquals(4, found.shape()[0]);
      assertArrayEquals(
          new double[] {1, (0.5 * 1 + 0.25 * 2) / 0.75, Double.NaN, 5},
          new double[] {at(found, 0), at(found, 1), at(found, 2), at(found, 3)},
          1e-12);
      assertTrue(Double.isNaN(at(right.interpolate(new double[] {0}).values(), 0)));
    }
  }

  @Test
  void datasetsAverageOverTheirPeriodAndFinishAsEver() {
    Path root = parent.resolve("d");
    Path folder =
        Sequences.folder(
            parent, "d/a", "sampling_rate: 32\nstart_time: 0\nend_time: 12\nn_signals: 2\n");
    int rows = 12 * 32 + 1;
    double[] data =
        IntStream.range(0, 2 * rows).mapToDouble(i -> i % 5 == 0 ? Double.NaN : i).toArray();
    NpyFile.write(folder.resolve("data.npy"), data, rows, 2);
    String text =
        "modality_config:\n  a: {sampling_rate: 8, chunk_size: 6, nans: zero, columns: [1],"
            + " transforms: {normalization: {means: 3, stds: 2}}, interpolation: {interpolation_mode: mean}}\n";
    DatasetConfig config = DatasetConfig.parse(text, "test");
    DatasetConfig global =
        DatasetConfig.parse("global_sampling_rate: 8\n" + text.replace("8,", "4,"), "test");
    try (ChunkDataset d = ChunkDataset.open(root, config, Registry.EMPTY);
        ChunkDataset g = ChunkDataset.open(root, global, Registry.EMPTY);
        org.syncline.Chunk chunk = d.item(7);
        org.syncline.Chunk same = g.item(7)) {
      double[] times = d.chunkTimes("a", d.startTimes()[7]);
      for (int k = 0; k < 6; k++) {
        double sum = 0;
        int n = 0;
        for (int row = (int) (times[k] * 32); row < times[k] * 32 + 4; row++) {
          double x = data[2 * row + 1];
          sum += Double.isNaN(x) ? 0 : x;
          n += Double.isNaN(x) ? 0 : 1;
        }
        double expected = n == 0 ? 0 : (sum / n - 3) / 2;
        assertEquals(expected, at(chunk.tensor("a"), k), 1e-9);
        assertEquals(expected, at(same.tensor("a"), k), 1e-9);
      }
      assertTrue(d.identity().get("config.modality_config.a").contains("\"mean\""));
    }
  }

  @Test
  void readingAllocatesNothing() {
    Path folder =
        Sequences.folder(
            parent, "still", "sampling_rate: 30\nstart_time: 0\nend_time: 30\nn_signals: 4\n");
    NpyFile.write(folder.resolve("data.npy"), new double[4 * 901], 901, 4);
    ModalityConfig config =
        ModalityConfig.builder().interpolation(mean(0.125, Align.LEFT).build()).build();
    try (Interpolator device = Registry.EMPTY.open(folder, config, false);
        Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = device.sampler().cursor(16)) {
      MemorySegment out = arena.allocate(16 * 4 * 8, 64);
      double[] times = IntStream.range(0, 16).mapToDouble(k -> 1 + k / 8.0).toArray();
      Allocations.assertNone(
          () -> {
            for (int i = 0; i < 100; i++) {
              cursor.read(times, 16, out, 0);
            }
          },
          100);
    }
  }

  @Test
  void gapsCountForEveryTimeOfTheWindow() {
    double[] clock = {0, 0.5, 1, 3, 3.5, 4};
    Path folder = Sequences.folder(parent, "gaps", "n_signals: 1\n");
    NpyFile.write(folder.resolve("timestamps.npy"), clock, clock.length);
    NpyFile.write(folder.resolve("data.npy"), new double[] {1, 2, 3, 4, 5, 6}, 6, 1);
    ModalityConfig config =
        ModalityConfig.builder().interpolation(mean(0.5, Align.LEFT).maxGap(0.75).build()).build();
    try (Interpolator device = Registry.EMPTY.open(folder, config, false)) {
      double[] times = {0.75, 1.25, 1.3, 2.9, 3, 3.75};
      assertArrayEquals(new int[] {0, 1, 4, 5}, device.interpolate(times).valid());
      assertTrue(device.gaps().orElseThrow().test(new double[] {3, 3.25}));
      assertEquals(false, device.gaps().orElseThrow().test(new double[] {0.9, 1.3}));
    }
  }

  @Test
  void windowsAreChecked() {
    Path folder =
        Sequences.folder(
            parent,
            "checked",
            "sampling_rate: 2\nstart_time: 1.6e9\nend_time: 1600000001\nn_signals: 1\n");
    NpyFile.write(folder.resolve("data.npy"), new double[] {10, 20, 30}, 3, 1);
    InterpolationConfig none = InterpolationConfig.builder().mode(Mode.MEAN).build();
    for (InterpolationConfig wrong : List.of(none, mean(1e-7, Align.LEFT).build())) {
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () ->
                  Registry.EMPTY.open(
                      folder, ModalityConfig.builder().interpolation(wrong).build(), false));
      assertTrue(e.getMessage().contains("checked.interpolation.window: is "), e.getMessage());
    }
    assertThrows(ConfigException.class, () -> mean(0, Align.LEFT));
    ModalityConfig unused =
        ModalityConfig.builder()
            .interpolation(InterpolationConfig.builder().meanAlign(Align.RIGHT).build())
            .build();
    List<String> warnings =
        Handmade.warnings(() -> Registry.EMPTY.open(folder, unused, false).close());
    assertTrue(warnings.toString().contains("window and align have no effect"));
  }
}
