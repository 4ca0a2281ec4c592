/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.config.TrialCondition;
import org.syncline.device.Interpolator;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.storage.Npy;
import org.syncline.transform.Normalization;
import org.syncline.write.RecordingWriter;
import org.syncline.write.ScreenWriter;
import org.syncline.write.SequenceWriter;

@Tag("any-width")
class RecordingStatisticsTest {
  private static final int ROWS = 400;
  private static final int SIGNALS = 37;

  @TempDir Path folder;

  private static double value(int row, int signal) {
    return (row + signal) % 13 == 0 ? Double.NaN : Math.sin(row * 37 + signal) * 50 + signal;
  }

  private static byte pixel(int frame, int place) {
    return (byte) (frame * 3 + place * 7);
  }

  private static Tensor frames(int first, int count) {
    MemorySegment data = Arena.ofAuto().allocate(count * 12L, 64);
    for (int i = 0; i < count * 12; i++) {
      data.set(ValueLayout.JAVA_BYTE, i, pixel(first + i / 12, i % 12));
    }
    return new Tensor(ElementType.UINT8, new long[] {count, 2, 2, 3}, data);
  }

  /** 40 s at 10 Hz, and a screen of 4 trials of 10 s: train, blank, validation, train. */
  private Path recording(String name) {
    Path root = folder.resolve(name);
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      SequenceWriter sequence = writer.sequence("treadmill", 10, 5).statistics(false);
      for (int row = 0; row < ROWS; row++) {
        double[] values = new double[SIGNALS];
        for (int i = 0; i < SIGNALS; i++) {
          values[i] = value(row, i);
        }
        sequence.append(values, SIGNALS);
      }
      ScreenWriter screen = writer.screen("screen");
      for (int k = 0; k < 4; k++) {
        double[] times = new double[20];
        double start = 5 + 10 * k;
        Arrays.setAll(times, i -> start + i / 2.0);
        if (k == 1) {
          screen.blank(200, start, Map.of("tier", "blank"));
        } else {
          screen.video(frames(20 * k, 20), times, Map.of("tier", k == 2 ? "validation" : "train"));
        }
      }
      writer.spikes("spikes").unit(5, 44);
      writer.finish();
    }
    return root;
  }

  private static double[] column(int signal, int from, int to) {
    double[] values = new double[to - from];
    Arrays.setAll(values, i -> value(from + i, signal));
    return Arrays.stream(values).filter(v -> v == v).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double std(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  @Test
  void signalsOfAWholeRecording() {
    Path root = recording("r");
    long[] told = new long[2];
    Map<String, DeviceStatistics> all =
        RecordingStatistics.of(root)
            .threads(2)
            .progress(
                (done, expected) -> {
                  told[0] = done;
                  told[1] = expected;
                })
            .compute();
    assertEquals(Set.of("screen", "treadmill"), all.keySet());
    assertEquals(told[1], told[0], "the progress ends where it should");
    DeviceStatistics found = all.get("treadmill");
    assertEquals("signal", found.unit());
    assertArrayEquals(new long[] {SIGNALS}, found.shape());
    try (Interpolator device =
        Registry.services()
            .open(root.resolve("treadmill"), ModalityConfig.builder().build(), false)) {
      Normalization rule = device.computeStatistics().orElseThrow();
      assertArrayEquals(rule.means(), found.means(), "the bits of the one rule");
      assertArrayEquals(rule.stds(), found.stds(), "the bits of the one rule");
    }
    for (int i = 0; i < SIGNALS; i++) {
      double[] values = column(i, 0, ROWS);
      assertEquals(values.length, found.counts()[i]);
      assertEquals(1 - values.length / (double) ROWS, found.nanShares()[i], 1e-12);
      Arrays.sort(values);
      assertEquals(values[0], found.minima()[i]);
      assertEquals(values[values.length - 1], found.maxima()[i]);
      assertEquals(values[0], found.quantiles(0)[i]);
      for (double share : new double[] {0.05, 0.5, 0.9}) {
        double estimate = found.quantiles(share)[i];
        double below = Arrays.stream(values).filter(v -> v < estimate).count();
        assertEquals(share, below / values.length, 0.01);
      }
    }
    DeviceStatistics moments =
        RecordingStatistics.of(root)
            .devices("treadmill")
            .momentsOnly(true)
            .threads(1)
            .compute()
            .get("treadmill");
    assertArrayEquals(found.means(), moments.means());
    assertArrayEquals(found.stds(), moments.stds());
    assertFalse(moments.hasExtremes() || moments.hasQuantiles());
  }

  @Test
  void channelsAndPixelsOfAScreen() {
    Path root = recording("r");
    DeviceStatistics found = RecordingStatistics.of(root).compute().get("screen");
    DeviceStatistics pixels =
        RecordingStatistics.of(root).perPixel(true).devices("screen").compute().get("screen");
    assertArrayEquals(new long[] {2, 2, 3}, pixels.shape());
    assertEquals("channel", found.unit());
    for (int place = 0; place < 12; place++) {
      double[] values = pixels(place, 1);
      assertEquals(mean(values), pixels.means()[place], 1e-9);
      assertEquals(std(values), pixels.stds()[place], 1e-9);
      assertEquals(60, pixels.counts()[place], "a blank counts nothing");
    }
    for (int c = 0; c < 3; c++) {
      double[] values = pixels(c, 4);
      assertEquals(mean(values), found.means()[c], 1e-9);
      assertEquals(std(values), found.stds()[c], 1e-9);
      Arrays.sort(values);
      assertEquals(values[0], found.minima()[c]);
      assertEquals(values[values.length / 2], found.quantiles(0.5)[c], 3);
    }
  }

  /** Returns what some places of the frames of all videos hold, three apart. */
  private static double[] pixels(int first, int places) {
    double[] values = new double[60 * places];
    for (int i = 0; i < values.length; i++) {
      int frame = i / places < 20 ? i / places : i / places + 20;
      values[i] = pixel(frame, first + 3 * (i % places)) & 255;
    }
    return values;
  }

  @Test
  void aTierAndWhatFiltersLeave() {
    Path root = recording("r");
    DeviceStatistics validation =
        RecordingStatistics.of(root)
            .condition(List.of(TrialCondition.of("tier", "validation")))
            .compute()
            .get("treadmill");
    for (int i = 0; i < SIGNALS; i++) {
      // from 25 s up to but not 35 s
      assertEquals(mean(column(i, 200, 300)), validation.means()[i], 1e-12);
      assertEquals(column(i, 200, 300).length, validation.counts()[i]);
    }
    // filters that nobody asked for are left alone: these find nothing to look at
    DatasetConfig config = DefaultConfigs.forRecording(root);
    Map<String, ModalityConfig> odd = new LinkedHashMap<>();
    Target filter = Target.of("label_filter", Map.of("device", "nobody", "label", "x"));
    config
        .modalities()
        .forEach((k, v) -> odd.put(k, v.toBuilder().filters(List.of(filter)).build()));
    RecordingStatistics asked =
        RecordingStatistics.of(root)
            .config(config.toBuilder().modalities(odd).build())
            .condition(List.of(TrialCondition.of("tier", "validation")));
    assertArrayEquals(validation.means(), asked.compute().get("treadmill").means());
    assertThrows(SynclineException.class, () -> asked.filters(true).compute());
    RecordingException none =
        assertThrows(
            RecordingException.class,
            () ->
                RecordingStatistics.of(root)
                    .condition(List.of(TrialCondition.of("tier", "test")))
                    .compute());
    assertTrue(none.getMessage().contains("no trial that satisfies it"), none.getMessage());
    // every row has a NaN in some signal, so a filter leaves what is further from rows than 0.05 s
    DeviceStatistics filtered =
        RecordingStatistics.of(root).filters(true).devices("screen").compute().get("screen");
    assertEquals(0, filtered.counts()[0]);
    assertTrue(Double.isNaN(filtered.means()[0]));
  }

  /** What is recorded after the screen ended is in no trial, of whatever tier the last one is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLastTrialEndsWithTheScreen(boolean longerClock) throws Exception {
    Path root = folder.resolve("tail" + longerClock);
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      SequenceWriter sequence = writer.sequence("treadmill", 10, 0).statistics(false);
      for (int row = 0; row < 500; row++) {
        sequence.append(new double[] {row < 200 ? row % 7 : 1000}, 1);
      }
      ScreenWriter screen = writer.screen("screen");
      for (int k = 0; k < 2; k++) {
        double[] times = new double[20];
        int start = 10 * k;
        Arrays.setAll(times, i -> start + i / 2.0);
        screen.video(frames(20 * k, 20), times, Map.of("tier", k == 0 ? "test" : "train"));
      }
      writer.finish();
    }
    if (longerClock) {
      double[] times = new double[60];
      Arrays.setAll(times, i -> i / 2.0);
      Path clock = root.resolve("screen/timestamps.npy");
      Files.delete(clock);
      Npy.write(clock, times, times.length);
      Path meta = root.resolve("screen/meta.yml");
      Files.writeString(meta, Files.readString(meta).replace("19.5", "29.5"));
    }
    DeviceStatistics found =
        RecordingStatistics.of(root)
            .condition(List.of(TrialCondition.of("tier", "train")))
            .compute()
            .get("treadmill");
    double[] expected = IntStream.range(100, 200).mapToDouble(row -> row % 7).toArray();
    assertEquals(100, found.counts()[0]);
    assertEquals(mean(expected), found.means()[0], 1e-12);
    assertEquals(std(expected), found.stds()[0], 1e-12);
    assertEquals(6, found.maxima()[0]);
  }

  @Test
  void recordingsAreJoined() {
    Path one = recording("one");
    DeviceStatistics found = RecordingStatistics.of(one).compute().get("treadmill");
    DeviceStatistics train =
        RecordingStatistics.of(one)
            .condition(List.of(TrialCondition.of("tier", "train")))
            .compute()
            .get("treadmill");
    DeviceStatistics other =
        RecordingStatistics.of(one)
            .condition(
                List.of(
                    TrialCondition.of("tier", "validation"), TrialCondition.of("tier", "blank")))
            .compute()
            .get("treadmill");
    DeviceStatistics joined = DeviceStatistics.join(List.of(train, other));
    assertArrayEquals(found.counts(), joined.counts());
    assertArrayEquals(found.means(), joined.means(), 1e-12);
    assertArrayEquals(found.stds(), joined.stds(), 1e-12);
    assertArrayEquals(found.minima(), joined.minima());
    assertArrayEquals(found.maxima(), joined.maxima());
    assertArrayEquals(found.quantiles(0.5), joined.quantiles(0.5), 4);
    DeviceStatistics screen = RecordingStatistics.of(one).compute().get("screen");
    assertThrows(
        IllegalArgumentException.class, () -> DeviceStatistics.join(List.of(found, screen)));
  }

  @Test
  void writtenStatisticsNormaliseAndNothingIsReplacedUnasked() {
    Path root = recording("r");
    DatasetConfig config =
        DatasetConfig.parse(
            "modality_config: {treadmill: {sampling_rate: 10, chunk_size: 8, transforms: {normalization: normalize}}}",
            "test");
    RecordingException missing =
        assertThrows(RecordingException.class, () -> ChunkDataset.open(root, config));
    assertTrue(
        missing.getMessage().contains("syncline stats --write")
            && missing.getMessage().contains("syncline.stats(path, write=True)"),
        missing.getMessage());
    Map<String, DeviceStatistics> found = RecordingStatistics.of(root).momentsOnly(true).compute();
    RecordingStatistics.write(root, found, false);
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      assertArrayEquals(
          found.get("treadmill").means(), dataset.statistics().get("treadmill").means());
    }
    assertArrayEquals(
        new long[] {3}, Npy.readDoubles(root.resolve("screen/meta/means.npy")).shape());
    RecordingException there =
        assertThrows(RecordingException.class, () -> RecordingStatistics.write(root, found, false));
    assertTrue(there.getMessage().contains("ask for it to be replaced"), there.getMessage());
    RecordingStatistics.write(root, found, true);
    assertTrue(Files.exists(root.resolve("treadmill/meta/stds.npy")));
  }

  @Test
  void whatHasNoSamplesIsNamed() {
    Path root = recording("r");
    assertTrue(
        assertThrows(
                RecordingException.class,
                () -> RecordingStatistics.of(root).devices("spikes").compute())
            .getMessage()
            .contains("a device without stored samples"));
    assertTrue(
        assertThrows(
                RecordingException.class,
                () -> RecordingStatistics.of(root).devices("eye").compute())
            .getMessage()
            .contains("[screen, spikes, treadmill]"));
    assertThrows(
        RecordingException.class,
        () -> RecordingStatistics.of(folder.resolve("nowhere")).compute());
    assertThrows(IllegalArgumentException.class, () -> RecordingStatistics.of(root).threads(0));
  }

  /** Three columns: normal with NaN, mostly zero, and of a heavy tail. */
  private static double[][] longColumns(int rows) {
    Random random = new Random(5);
    double[][] columns = new double[3][rows];
    for (int i = 0; i < rows; i++) {
      columns[0][i] = i % 7 == 0 ? Double.NaN : random.nextGaussian() + i / 2e4;
      columns[1][i] = random.nextInt(5) == 0 ? 3 : 0;
      columns[2][i] = Math.rint(1e4 * Math.exp(3 * random.nextGaussian())) - 3;
    }
    return columns;
  }

  private Path longRecording(String name, ElementType type, double[][] columns) {
    int rows = columns[0].length;
    MemorySegment data = Arena.ofAuto().allocate((long) rows * 3 * type.bytes(), 64);
    for (int i = 0; i < rows * 3; i++) {
      double value = columns[i % 3][i / 3];
      if (type == ElementType.FLOAT32) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
      } else {
        data.setAtIndex(ValueLayout.JAVA_INT, i, value == value ? (int) value : 0);
      }
    }
    Path root = folder.resolve(name);
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      writer
          .sequence("long", 100, 0)
          .statistics(false)
          .append(new Tensor(type, new long[] {rows, 3}, data));
      writer.finish();
    }
    return root;
  }

  @Test
  void quantilesOfManyRowsAreThoseOfRowsThatStandForAll() {
    int rows = 50_000;
    double[][] columns = longColumns(rows);
    Path floats = longRecording("floats", ElementType.FLOAT32, columns);
    Path ints = longRecording("ints", ElementType.INT32, columns);
    long[] told = new long[2];
    DeviceStatistics found =
        RecordingStatistics.of(floats)
            .threads(2)
            .progress(
                (done, expected) -> {
                  told[0] = done;
                  told[1] = expected;
                })
            .compute()
            .get("long");
    assertEquals(told[1], told[0]);
    DeviceStatistics once = RecordingStatistics.of(floats).threads(1).compute().get("long");
    DeviceStatistics whole = RecordingStatistics.of(ints).compute().get("long");
    double[] shares = {0.01, 0.25, 0.5, 0.75, 0.99};
    for (double share : shares) {
      assertArrayEquals(found.quantiles(share), once.quantiles(share), "threads play no part");
      double[] both = DeviceStatistics.join(List.of(found, once)).quantiles(share);
      for (int c : new int[] {0, 2}) {
        double off = 0.02 * Math.sqrt(share * (1 - share)) + 0.001;
        assertEquals(share, below(columns[c], found.quantiles(share)[c]), off, c + ", " + share);
        assertEquals(share, below(columns[c], both[c]), off, c + ", " + share);
        if (c == 2) {
          assertEquals(share, below(columns[c], whole.quantiles(share)[c]), off);
        }
      }
      // a fifth is 3
      assertEquals(share < 0.79 ? 0 : 3, found.quantiles(share)[1]);
    }
    for (int c = 0; c < 3; c++) {
      double[] sorted = Arrays.stream(columns[c]).filter(v -> v == v).sorted().toArray();
      assertEquals((float) sorted[0], found.minima()[c]);
      assertEquals((float) sorted[sorted.length - 1], found.maxima()[c]);
    }
  }

  private static double below(double[] values, double limit) {
    double[] numbers = Arrays.stream(values).filter(v -> v == v).toArray();
    return Arrays.stream(numbers).filter(v -> v < limit).count() / (double) numbers.length;
  }

  @Test
  void columnOfWhichNoRowWithNumbersIsDrawnHasItsMean() {
    int rows = 4 * RowSample.ROWS;
    double[][] columns = new double[3][rows];
    Arrays.fill(columns[0], Double.NaN);
    Arrays.fill(columns[1], Double.NaN);
    columns[0][12_345] = 0.5;
    Path root = longRecording("rare", ElementType.FLOAT32, columns);
    DeviceStatistics found = RecordingStatistics.of(root).compute().get("long");
    assertEquals(0.5, found.quantiles(0.5)[0]);
    assertTrue(Double.isNaN(found.quantiles(0.5)[1]));
    assertEquals(0, found.quantiles(0.5)[2]);
  }

  @Test
  void quantilesOfLongStreamsAreNearTheExactOnes() {
    Random random = new Random(3);
    double[] values = new double[100_000];
    QuantileSketch whole = new QuantileSketch();
    QuantileSketch joined = new QuantileSketch();
    QuantileSketch part = new QuantileSketch();
    for (int i = 0; i < values.length; i++) {
      // normal with a heavy tail, sorted in stretches, with a spike of zeros
      values[i] =
          i % 50 == 0
              ? 0
              : i % 10 == 0 ? Math.exp(5 * random.nextGaussian()) : random.nextGaussian() + i / 5e4;
      whole.add(values[i]);
      part.add(values[i]);
      part.add(Double.NaN);
      if (i % 9_973 == 0) {
        joined.add(part);
        part = new QuantileSketch();
      }
    }
    joined.add(part);
    Arrays.sort(values);
    for (double share : new double[] {0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999}) {
      for (QuantileSketch sketch : List.of(whole, joined)) {
        double estimate = sketch.quantile(share, values[0], values[values.length - 1]);
        int place = Math.abs(Arrays.binarySearch(values, estimate));
        double off = 0.02 * Math.sqrt(share * (1 - share));
        assertEquals(share, place / (double) values.length, off, "quantile " + share);
      }
    }
  }
}
