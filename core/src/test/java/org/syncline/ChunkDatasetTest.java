/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.TrialCondition;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.loader.SessionLoader;
import org.syncline.random.LegacyRandomState;

/** Chunk datasets of recordings without a screen; {@link ScreenDatasetTest} has those with one. */
class ChunkDatasetTest {
  @TempDir Path root;

  /**
   * 8 Hz from 0 to 12.375 s, value = row: all times are exact in binary, so that no row is missed
   * by rounding.
   */
  private Handmade one() {
    return new Handmade(root).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
  }

  private static final String ONE = "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5}\n";

  @Test
  void rangeIsCommonAndCutByTheThreshold() {
    one().sequence("b", 8, 1, 14, 105, 1, i -> i);
    try (ChunkDataset d = Handmade.open(root, ONE + "  b: {sampling_rate: 8, chunk_size: 5}\n")) {
      assertEquals(1.5, d.startTime());
      assertEquals(11.875, d.endTime());
      assertEquals("a", d.lead());
      assertEquals(Map.of("a", 5, "b", 5), d.chunkSizes());
      assertEquals(Map.of("a", 8.0, "b", 8.0), d.samplingRates());
      assertEquals(List.of("a", "b"), d.deviceNames());
    }
    try (ChunkDataset d = Handmade.open(root, "safe_interval_threshold: 0\n" + ONE)) {
      assertEquals(0, d.startTime());
      assertEquals(12.375, d.endTime());
    }
  }

  @Test
  void emptyRangeIsAnErrorThatPrintsTheRanges() {
    one().sequence("late", 10, 20, 30, 101, 1, i -> i);
    RecordingException e =
        assertThrows(
            RecordingException.class,
            () -> Handmade.open(root, ONE + "  late: {sampling_rate: 8, chunk_size: 5}\n"));
    for (String part : List.of("a 0.0 s to 12.375 s", "late 20.0 s to 30.0 s", "0.5")) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    // start == end is one too
    assertThrows(
        RecordingException.class,
        () -> Handmade.open(root, "safe_interval_threshold: 6.1875\n" + ONE));
  }

  @Test
  void everyGridPointWhoseChunkFitsIsAStart() {
    one();
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      double[] grid = d.sampleGrid();
      assertEquals(91, grid.length);
      assertEquals(0.5 + 7 * 0.125, grid[7]);
      assertEquals(87, d.length());
      assertArrayEquals(Arrays.copyOf(grid, 87), d.startTimes());
      assertArrayEquals(d.startTimes(), d.fullValidSampleTimes(true));
      assertArrayEquals(d.startTimes(), d.fullValidSampleTimes(false));
      assertEquals(0, d.trialCount());
      assertEquals(0, d.conditionMask(List.of(TrialCondition.of(Map.of("tier", "train")))).length);
      boolean[] mask = d.sampleMask(5, null, true);
      assertEquals(91, mask.length);
      assertTrue(mask[86] && !mask[87]);
      assertThrows(IllegalArgumentException.class, () -> d.sampleMask(0, null, true));
    }
  }

  @Test
  void strideTakesEveryNthAndChunksLongerThanTheGridLeaveNone() {
    one();
    try (ChunkDataset d =
        Handmade.open(
            root, "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5, sample_stride: 4}\n")) {
      assertEquals(22, d.length());
      assertEquals(87, d.fullValidSampleTimes(true).length);
      assertEquals(d.fullValidSampleTimes(true)[4], d.startTimes()[1]);
    }
    try (ChunkDataset d =
        Handmade.open(root, "modality_config:\n  a: {sampling_rate: 8, chunk_size: 500}\n")) {
      assertEquals(0, d.length());
      assertEquals(0, d.startTimes().length);
      d.shuffle();
      assertEquals(0, d.length());
    }
  }

  @Test
  void globalRateAndSizeComeFirst() {
    one();
    try (ChunkDataset d =
        Handmade.open(root, "global_sampling_rate: 5\nglobal_chunk_size: 3\n" + ONE)) {
      assertEquals(Map.of("a", 3), d.chunkSizes());
      assertEquals(Map.of("a", 5.0), d.samplingRates());
    }
    try (ChunkDataset d =
        Handmade.open(
            root, "global_sampling_rate: 5\nglobal_chunk_size: 3\nmodality_config: {a: {}}\n")) {
      assertEquals(3, (int) d.chunkSizes().get("a"));
    }
    for (String missing :
        List.of(
            "modality_config: {a: {chunk_size: 3}}", "modality_config: {a: {sampling_rate: 3}}")) {
      ConfigException e = assertThrows(ConfigException.class, () -> Handmade.open(root, missing));
      assertTrue(
          e.getMessage().contains("modality_config.a.") && e.getMessage().contains("global_"),
          e.getMessage());
    }
  }

  @Test
  void itemHoldsValuesAndTimestamps() {
    one();
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      try (Chunk chunk = d.item(0)) {
        Tensor values = chunk.tensor("a");
        assertEquals(ElementType.FLOAT64, values.type());
        assertArrayEquals(new long[] {5, 1}, values.shape());
        assertArrayEquals(new double[] {4, 5, 6, 7, 8}, Handmade.doubles(values));
        Tensor times = chunk.timestamps("a");
        assertEquals(ElementType.FLOAT32, times.type());
        assertArrayEquals(
            new double[] {0.5f, 0.625f, 0.75f, 0.875f, 1.0f}, Handmade.doubles(times));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> d.item(-1));
      IndexOutOfBoundsException e = assertThrows(IndexOutOfBoundsException.class, () -> d.item(87));
      assertTrue(e.getMessage().contains("87"), e.getMessage());
      try (Chunk chunk = d.itemAt(3.3)) {
        assertEquals(26, Handmade.doubles(chunk.tensor("a"))[0]);
      }
      assertThrows(IllegalArgumentException.class, () -> d.itemAt(Double.NaN));
      String far = assertThrows(RecordingException.class, () -> d.itemAt(1e9)).getMessage();
      assertTrue(far.contains("chunk at 1000000000 s: found 0 of "), far);
      assertTrue(far.contains("; read a start in that range, "), far);
    }
  }

  @Test
  void entriesAreFoundByNameAndByPlace() {
    one();
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      Chunk chunk = d.item(0);
      assertEquals(0, chunk.index("a"));
      assertSame(chunk.tensor("a"), chunk.tensor(0));
      assertSame(chunk.tensor("a"), chunk.values().get("a"));
      assertSame(chunk.timestamps("a"), chunk.tensor(1));
      assertSame(chunk.timestamps("a"), chunk.timestamps().get("a"));
      assertThrows(IndexOutOfBoundsException.class, () -> chunk.tensor(2));
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> chunk.tensor("screen"));
      assertEquals("no values of 'screen', expected one of [a]", e.getMessage());
      e = assertThrows(IllegalArgumentException.class, () -> chunk.timestamps("screen"));
      assertEquals("no timestamps of 'screen', expected one of [a]", e.getMessage());
      // what a caller does to a shape changes nothing
      chunk.tensor("a").shape()[0] = 7;
      d.layout().getFirst().shape()[0] = 7;
      assertArrayEquals(new long[] {5, 1}, chunk.tensor("a").shape());
      assertArrayEquals(new long[] {5, 1}, d.layout().getFirst().shape());
      chunk.close();
      assertThrows(ClosedException.class, () -> chunk.tensor("a"));
      assertThrows(ClosedException.class, () -> chunk.tensor(0));
      assertThrows(ClosedException.class, () -> chunk.timestamps("a"));
    }
  }

  @Test
  void chunkMemoryIsItsOwnAndRefusedAfterClose() {
    one();
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      Chunk first = d.item(0);
      Chunk second = d.item(1);
      Tensor values = first.tensor("a");
      assertEquals(4, Handmade.doubles(values)[0]);
      assertEquals(5, Handmade.doubles(second.tensor("a"))[0]);
      first.close();
      first.close();
      assertThrows(IllegalStateException.class, () -> Handmade.doubles(values));
      assertThrows(ClosedException.class, first::values);
      assertThrows(ClosedException.class, first::timestamps);
      Chunk third = d.item(2);
      assertEquals(5, Handmade.doubles(second.tensor("a"))[0]);
      assertEquals(6, Handmade.doubles(third.tensor("a"))[0]);
      second.close();
      third.close();
      try (Arena arena = Arena.ofShared()) {
        Chunk lent = d.item(3, arena);
        assertEquals(7, Handmade.doubles(lent.tensor("a"))[0]);
        lent.close();
      }
    }
  }

  @Test
  void offsetsShiftTheDevice() {
    one();
    new Handmade(root).sequence("lead", 8, 0, 12.375, 100, 1, i -> i);
    try (ChunkDataset d =
        Handmade.open(
            root,
            ONE.replace("a:", "lead:")
                + "  a: {sampling_rate: 4, chunk_size: 2, offset: 0.375}\n")) {
      assertEquals("lead", d.lead());
      try (Chunk chunk = d.item(0)) {
        assertArrayEquals(new double[] {7, 9}, Handmade.doubles(chunk.tensor("a")));
        assertArrayEquals(new double[] {0.875f, 1.125f}, Handmade.doubles(chunk.timestamps("a")));
        assertArrayEquals(new double[] {4, 5, 6, 7, 8}, Handmade.doubles(chunk.tensor("lead")));
      }
    }
  }

  @Test
  void timestampsAreRelativeToResponsesOrTheEarliestDeviceOrRaw() {
    new Handmade(root)
        .sequence("responses", 8, 100.25, 110, 79, 1, i -> i)
        .sequence("a", 8, 99, 110, 89, 1, i -> i);
    String both =
        "modality_config:\n  a: {sampling_rate: 8, chunk_size: 2}\n  responses: {sampling_rate: 8, chunk_size: 2}\n";
    try (ChunkDataset d = Handmade.open(root, both);
        Chunk chunk = d.item(0)) {
      assertArrayEquals(new double[] {0.5f, 0.625f}, Handmade.doubles(chunk.timestamps("a")));
      assertEquals(List.of("a", "responses"), List.copyOf(chunk.timestamps().keySet()));
    }
    try (ChunkDataset d =
            Handmade.open(root, "modality_config:\n  a: {sampling_rate: 8, chunk_size: 2}\n");
        Chunk chunk = d.item(0)) {
      assertArrayEquals(new double[] {0.5f, 0.625f}, Handmade.doubles(chunk.timestamps("a")));
    }
    try (ChunkDataset d = Handmade.open(root, "normalize_timestamps: false\n" + both);
        Chunk chunk = d.item(0)) {
      assertEquals(ElementType.FLOAT64, chunk.timestamps("a").type());
      assertArrayEquals(new double[] {100.75, 100.875}, Handmade.doubles(chunk.timestamps("a")));
    }
  }

  /** Returns the message of an error of the configuration that comes before memory is taken. */
  private static String refusedAtOnce(Executable call, int megabytes) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    ConfigException e = assertThrows(ConfigException.class, call);
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(taken < megabytes << 20, taken + " bytes of heap were taken");
    return e.getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rounded", "exact"})
  void chunksThatNoMemoryHoldsAreErrorsOfTheConfiguration(String grid) {
    one().sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    String huge =
        "time_grid: " + grid + "\n" + ONE + "  b: {sampling_rate: 8, chunk_size: 2147483647}\n";
    // opening needs the first and the last time of a chunk, not all of them
    try (ChunkDataset d = Handmade.open(root, huge)) {
      assertTrue(d.length() > 0);
      for (Executable call :
          List.<Executable>of(() -> d.item(0), () -> d.reader(ReadOptions.DEFAULT))) {
        String message = refusedAtOnce(call, 16);
        assertTrue(message.contains("chunk_size: makes chunks of 25769803904 bytes"), message);
      }
    }
    try (ChunkDataset d = Handmade.open(root, "short_chunks: skip\n" + huge)) {
      assertEquals(0, d.length());
    }
  }

  /** Of 1.9 and of 11 thousand million points: more than memory and more than an index holds. */
  @ParameterizedTest
  @CsvSource({
    "rounded, 1.7e8, more than the heap has room for",
    "exact, 1.7e8, more than the heap has room for",
    "rounded, 1.0e9, expected at most 2^31",
    "exact, 1.0e9, expected at most 2^31"
  })
  void gridsThatNoMemoryHoldsAreErrorsOfTheConfiguration(String grid, double rate, String said) {
    one();
    // a grid by rounding whose times have fewer decimals than its period is another error
    String config =
        "interpolate_precision: 10\ntime_grid: "
            + grid
            + "\nmodality_config:\n  a: {sampling_rate: "
            + rate
            + ", chunk_size: 5}\n";
    Handmade.open(root, config.replace(rate + ",", "8,")).close();
    String message = refusedAtOnce(() -> Handmade.open(root, config).close(), 16);
    assertTrue(
        message.contains("modality_config.a.sampling_rate: gives a sample grid of"), message);
    assertTrue(message.contains(said) && message.contains("choose a lower rate"), message);
  }

  /** A flag for each point fits, and a second one does not. */
  @Test
  void gridsThatFitIntoTheHeapOnceAreErrorsOfTheConfiguration() throws Exception {
    one();
    FreshJvm.succeeds(FreshJvm.of(FreshJvm.asThisOne("-Xmx96m"), FullGrid.class, root.toString()));
  }

  static final class FullGrid {
    private FullGrid() {}

    public static void main(String[] args) {
      String config =
          "time_grid: exact\nmodality_config:\n  a: {sampling_rate: 5.0e6, chunk_size: 5}\n";
      String message = refusedAtOnce(() -> Handmade.open(Path.of(args[0]), config).close(), 80);
      assertTrue(message.contains("more than the heap has room for"), message);
    }
  }

  @Test
  void outKeysChooseEntriesAndUnknownOnesAreWarnings() {
    one().sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    String both = ONE + "  b: {sampling_rate: 8, chunk_size: 5}\n";
    try (ChunkDataset d = Handmade.open(root, "out_keys: [b, a]\n" + both);
        Chunk chunk = d.item(0)) {
      assertEquals(List.of("a", "b"), List.copyOf(chunk.values().keySet()));
      assertTrue(chunk.timestamps().isEmpty());
    }
    try (ChunkDataset d = Handmade.open(root, "out_keys: [b, timestamps]\n" + both);
        Chunk chunk = d.item(0)) {
      assertEquals(List.of("b"), List.copyOf(chunk.values().keySet()));
      // timestamps of every device, whatever is asked for
      assertEquals(List.of("a", "b"), List.copyOf(chunk.timestamps().keySet()));
      assertEquals(3, d.layout().size());
      assertEquals(2, d.layout(ReadOptions.builder().outKeys(List.of("a", "b")).build()).size());
      assertThrows(
          IllegalArgumentException.class,
          () -> d.layout(ReadOptions.builder().outKeys(List.of("c")).build()));
    }
    List<String> warnings =
        Handmade.warnings(() -> Handmade.open(root, "out_keys: [b, ghost]\n" + both).close());
    assertTrue(warnings.stream().anyMatch(w -> w.contains("ghost")), warnings.toString());
  }

  @Test
  void nearestKeepsStoredTypesAndLinearGivesDoubles() {
    new Handmade(root).integers("i", 8, 0, 12.375, 100, 2).floats("f", 8, 0, 12.375, 100, 2);
    String config =
        "modality_config:\n  i: {sampling_rate: 8, chunk_size: 2}\n  f: {sampling_rate: 8, chunk_size: 2}\n";
    try (ChunkDataset d = Handmade.open(root, config);
        Chunk chunk = d.item(0)) {
      assertEquals(ElementType.INT16, chunk.tensor("i").type());
      assertEquals(ElementType.FLOAT32, chunk.tensor("f").type());
      assertArrayEquals(new double[] {8, 9, 10, 11}, Handmade.doubles(chunk.tensor("i")));
    }
    String linear = config.replace("2}", "2, interpolation: {interpolation_mode: linear}}");
    try (ChunkDataset d = Handmade.open(root, linear);
        Chunk chunk = d.item(0)) {
      assertEquals(ElementType.FLOAT64, chunk.tensor("i").type());
      assertEquals(ElementType.FLOAT64, chunk.tensor("f").type());
    }
    new Handmade(root).statistics("i", new double[] {1, 1}, new double[] {2, 4});
    try (ChunkDataset d =
            Handmade.open(
                root, config.replace("i: {", "i: {transforms: {normalization: normalize}, "));
        Chunk chunk = d.item(0)) {
      assertEquals(ElementType.FLOAT32, chunk.tensor("i").type());
      assertArrayEquals(new double[] {3.5, 2, 4.5, 2.5}, Handmade.doubles(chunk.tensor("i")));
    }
  }

  @Test
  void cachedMappedDataIsFloat32() {
    new Handmade(root)
        .floats("f", 8, 0, 12.375, 100, 1)
        .sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    try (ChunkDataset d =
            Handmade.open(
                root, "cache_data: true\n" + ONE + "  f: {sampling_rate: 8, chunk_size: 2}\n");
        Chunk chunk = d.item(3)) {
      assertEquals(ElementType.FLOAT32, chunk.tensor("f").type());
      assertArrayEquals(new double[] {7, 8}, Handmade.doubles(chunk.tensor("f")));
      assertEquals(ElementType.FLOAT64, chunk.tensor("a").type());
    }
  }

  // --- filters

  private static String filtered(double vicinity) {
    return "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5, filters: {nan_filter: {__target__:"
        + " experanto.filters.common_filters.nan_filter, __partial__: true, vicinity: "
        + vicinity
        + "}}}\n";
  }

  @Test
  void nanFilterLeavesOutTheVicinity() {
    new Handmade(root)
        .sequence(
            "a",
            8,
            0,
            12.375,
            100,
            1,
            i -> i == 50 ? Double.NaN : i == 20 ? Double.POSITIVE_INFINITY : i);
    try (ChunkDataset d = Handmade.open(root, filtered(0.25))) {
      assertEquals(
          List.of(new TimeInterval(0, 6), new TimeInterval(6.5, 12.375)),
          d.validIntervalsFromFilters());
      for (double start : d.startTimes()) {
        assertTrue(start + 0.5 < 6 || start >= 6.5, "start " + start);
      }
      // grid points 0.5 … 5.875 make 44, 6.5 … 11.75 make 43: less 4 each
      assertEquals(40 + 39, d.length());
      assertEquals(87, d.fullValidSampleTimes(false).length);
      assertTrue(d.intervalStatistics().contains("Valid Intervals (2)"), d.intervalStatistics());
    }
  }

  @Test
  void filtersOfAllDevicesAreIntersectedAndCustomOnesWork() {
    one().sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    Registry registry =
        Registry.builder()
            .filter(
                "my.early",
                target -> {
                  double until = ((Number) target.arguments().get("until")).doubleValue();
                  Filter filter = device -> List.of(new TimeInterval(0, until));
                  return filter;
                })
            .filter(
                "my.late",
                target -> device -> List.of(new TimeInterval(4, 12.375), new TimeInterval(3, 5)))
            .build();
    String config =
        "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5, filters: {x: {_target_: my.early, until: 6.0}}}\n"
            + "  b: {sampling_rate: 8, chunk_size: 5, filters: {y: {_target_: my.late}}}\n";
    try (ChunkDataset d = ChunkDataset.open(root, Handmade.config(config), registry)) {
      assertEquals(List.of(new TimeInterval(3, 6)), d.validIntervalsFromFilters());
      double[] starts = d.startTimes();
      assertTrue(starts[0] >= 3 && starts[0] < 3.1);
      assertTrue(starts[starts.length - 1] + 0.5 < 6);
    }
    assertThrows(ConfigException.class, () -> Handmade.open(root, config));
  }

  @Test
  void filtersThatLeaveNothingLeaveNoSamples() {
    one();
    Registry none = Registry.builder().filter("none", target -> device -> List.of()).build();
    String config =
        "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5, filters: {x: {_target_: none}}}\n";
    try (ChunkDataset d = ChunkDataset.open(root, Handmade.config(config), none)) {
      assertEquals(0, d.length());
      assertEquals(87, d.fullValidSampleTimes(false).length);
      assertTrue(d.validIntervalsFromFilters().isEmpty());
    }
  }

  // --- NaN policies

  @Test
  void nanPoliciesReplaceAndCount() {
    new Handmade(root)
        .sequence("a", 8, 0, 12.375, 100, 2, i -> i == 10 || i % 2 == 1 ? Double.NaN : i);
    String[] policies = {"", "nans: keep, ", "nans: mean, ", "nans: zero, ", "nans: -1.5, "};
    double[] expected = {Double.NaN, Double.NaN, (8 + 12 + 14 + 16) / 4.0, 0, -1.5};
    double[] allNan = {Double.NaN, Double.NaN, 0, 0, -1.5};
    for (int i = 0; i < policies.length; i++) {
      try (ChunkDataset d = Handmade.open(root, ONE.replace("{", "{" + policies[i]));
          Chunk chunk = d.item(0)) {
        double[] values = Handmade.doubles(chunk.tensor("a"));
        assertEquals(8, values[0]);
        assertEquals(expected[i], values[2], policies[i]);
        assertEquals(allNan[i], values[1], policies[i]);
        try (ChunkReader reader = d.reader(ReadOptions.DEFAULT);
            Arena arena = Arena.ofConfined()) {
          new Buffers(d.layout(), arena).read(reader, 0);
          assertEquals(i < 2 ? 0 : 6, reader.counters().replacedNaNs());
          assertEquals(1, reader.counters().chunks());
          assertEquals(5 * 2 * 8 + 5 * 4, reader.counters().bytesWritten());
        }
      }
    }
    try (ChunkDataset d = Handmade.open(root, "replace_nans_with_means: true\n" + ONE);
        Chunk chunk = d.item(0)) {
      double[] values = Handmade.doubles(chunk.tensor("a"));
      assertEquals(12.5, values[2]);
      assertEquals(0, values[1]);
    }
    try (ChunkDataset d = Handmade.open(root, ONE.replace("{", "{nans: fail, "))) {
      RecordingException e = assertThrows(RecordingException.class, () -> d.item(0));
      assertTrue(e.getMessage().contains("a"), e.getMessage());
    }
  }

  // --- short chunks

  private static final String SHORT =
      "modality_config:\n  a: {sampling_rate: 8, chunk_size: 5}\n  b: {sampling_rate: 8, chunk_size: 8, offset: 0.5}\n";

  @Test
  void shortChunksAreErrorsThatNameDeviceStartAndRange() {
    one().sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    ChunkDataset[] opened = new ChunkDataset[1];
    List<String> warnings = Handmade.warnings(() -> opened[0] = Handmade.open(root, SHORT));
    try (ChunkDataset d = opened[0]) {
      assertEquals(87, d.length());
      assertTrue(warnings.stream().anyMatch(w -> w.contains("of 87 chunks")), warnings.toString());
      d.item(80).close();
      RecordingException e = assertThrows(RecordingException.class, () -> d.item(86));
      assertTrue(e.getMessage().contains("samples of b"), e.getMessage());
      assertTrue(e.getMessage().contains("at 11.25 s"), e.getMessage());
      assertTrue(e.getMessage().contains("0.0 s to 12.375 s"), e.getMessage());
    }
  }

  @Test
  void shortChunksCanBeLeftOut() {
    one().sequence("b", 8, 0, 12.375, 100, 1, i -> i);
    for (String mode : List.of("nearest_neighbor", "linear")) {
      for (double offset : new double[] {-1.2, -0.7, 0, 0.3, 0.5, 0.9}) {
        String config =
            SHORT.replace(
                "offset: 0.5",
                "offset: " + offset + ", interpolation: {interpolation_mode: " + mode + "}");
        int whole = 0;
        try (ChunkDataset all = Handmade.open(root, config)) {
          for (int i = 0; i < all.length(); i++) {
            try {
              all.item(i).close();
              whole++;
            } catch (RecordingException e) {
              assertTrue(e.getMessage().contains("samples of b"));
            }
          }
        }
        try (ChunkDataset d = Handmade.open(root, "short_chunks: skip\n" + config)) {
          assertEquals(whole, d.length(), mode + " offset " + offset);
          for (int i = 0; i < d.length(); i++) {
            d.item(i).close();
          }
          assertEquals(whole, d.fullValidSampleTimes(false).length);
        }
      }
    }
  }

  @Test
  void rowsPastTheStoredDataMakeShortChunksToo() {
    // meta.yml promises 12.375 s, the file ends at 9.875 s
    new Handmade(root).sequence("a", 8, 0, 12.375, 80, 1, i -> i);
    try (ChunkDataset d = Handmade.open(root, "short_chunks: skip\n" + ONE)) {
      assertEquals(9.375, d.startTimes()[d.length() - 1]);
      for (int i = 0; i < d.length(); i++) {
        d.item(i).close();
      }
    }
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      assertEquals(87, d.length());
      assertThrows(RecordingException.class, () -> d.item(86));
    }
  }

  // --- shuffle and state

  @Test
  void shuffleDrawsAsNumpyDoes() {
    one();
    String config = "seed: 42\n" + ONE.replace("}", ", sample_stride: 4}");
    try (ChunkDataset d = Handmade.open(root, config)) {
      double[] full = d.fullValidSampleTimes(true);
      // the first slice keeps ceil(87/4), after a shuffle it is the floor
      assertEquals(22, d.length());
      LegacyRandomState numpy = new LegacyRandomState(42);
      for (int i = 0; i < 3; i++) {
        d.shuffle();
        double[] expected = numpy.choice(full, 21);
        Arrays.sort(expected);
        assertArrayEquals(expected, d.startTimes());
      }
    }
    assertThrows(ConfigException.class, () -> Handmade.open(root, config.replace("42", "-3")));
  }

  @Test
  void stateRestoresGeneratorAndStarts() {
    one();
    String config = "seed: 9\n" + ONE.replace("}", ", sample_stride: 2}");
    try (ChunkDataset d = Handmade.open(root, config);
        ChunkDataset other = Handmade.open(root, config)) {
      d.shuffle();
      DatasetState state = d.state();
      String json = state.toJson();
      d.shuffle();
      double[] next = d.startTimes();
      other.restore(DatasetState.fromJson(json));
      assertArrayEquals(state.startTimes(), other.startTimes());
      other.shuffle();
      assertArrayEquals(next, other.startTimes());
      assertEquals(d.fingerprint(), other.fingerprint());
    }
    try (ChunkDataset unseeded = Handmade.open(root, ONE)) {
      assertNull(unseeded.state().generator());
      DatasetState back = DatasetState.fromJson(unseeded.state().toJson());
      assertNull(back.generator());
      assertArrayEquals(unseeded.startTimes(), back.startTimes());
    }
  }

  @Test
  void statesOfOtherDataAreRefusedWithWhatDiffers() {
    one();
    try (ChunkDataset d = Handmade.open(root, "seed: 1\n" + ONE);
        ChunkDataset longer = Handmade.open(root, "seed: 1\n" + ONE.replace("5", "6"));
        ChunkDataset reseeded = Handmade.open(root, "seed: 2\n" + ONE)) {
      DatasetState state = d.state();
      ConfigException e = assertThrows(ConfigException.class, () -> longer.restore(state));
      assertTrue(
          e.getMessage().contains(d.fingerprint())
              && e.getMessage().contains(longer.fingerprint()));
      assertTrue(
          e.getMessage().contains("config.modality_config.a.chunk_size was 5, is 6; starts was 87"),
          e.getMessage());
      assertFalse(e.getMessage().contains("sampling_rate"), e.getMessage());
      try (ChunkDataset shifted =
          Handmade.open(root, "seed: 1\n" + ONE.replace("5}", "5, offset: 0.125}"))) {
        ConfigException of = assertThrows(ConfigException.class, () -> shifted.restore(state));
        assertTrue(
            of.getMessage().contains("config.modality_config.a.offset was 0.0, is 0.125"),
            of.getMessage());
        // and what follows of it alone
        assertFalse(
            of.getMessage().contains("sampling_rate") || of.getMessage().contains("chunk_size"),
            of.getMessage());
      }
      // the state carries the generator: another seed is no other dataset
      reseeded.restore(state);
      d.shuffle();
      reseeded.shuffle();
      assertArrayEquals(d.startTimes(), reseeded.startTimes());
    }
  }

  @Test
  void interruptedOpeningIsNoDamage() {
    one();
    Thread.currentThread().interrupt();
    try {
      SynclineException e =
          assertThrows(SynclineException.class, () -> Handmade.open(root, ONE).close());
      assertTrue(e.getMessage().contains("the thread was interrupted"), e.getMessage());
      assertFalse(e instanceof RecordingException);
      assertTrue(Thread.currentThread().isInterrupted());
      // a loader that leaves out what is broken does not take it for that
      assertThrows(
          RuntimeException.class,
          () ->
              SessionLoader.builder()
                  .option("skipBroken", true)
                  .add(root, Handmade.config(ONE))
                  .build()
                  .close());
    } finally {
      assertTrue(Thread.interrupted());
    }
    Handmade.open(root, ONE).close();
  }

  @Test
  void fingerprintForgetsWhereTheFolderLies() {
    new Handmade(root.resolve("x/rec")).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    new Handmade(root.resolve("y/rec")).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    new Handmade(root.resolve("z/rec")).sequence("a", 8, 0, 12.375, 99, 1, i -> i);
    try (ChunkDataset x = Handmade.open(root.resolve("x/rec"), ONE);
        ChunkDataset y = Handmade.open(root.resolve("y/rec"), ONE);
        ChunkDataset z = Handmade.open(root.resolve("z/rec"), ONE)) {
      assertEquals(x.fingerprint(), y.fingerprint());
      assertFalse(x.fingerprint().equals(z.fingerprint()));
      assertEquals("rec", x.dataKey());
    }
  }

  @Test
  void statesOfOtherStatisticsAreRefused() {
    Handmade made = new Handmade(root).sequence("a", 8, 0, 12.375, 100, 1, i -> i);
    made.statistics("a", new double[] {1}, new double[] {2});
    String config = "seed: 1\n" + ONE.replace("}", ", transforms: {normalization: normalize}}");
    DatasetState state;
    try (ChunkDataset d = Handmade.open(root, config)) {
      state = d.state();
      d.restore(state);
    }
    made.statistics("a", new double[] {1}, new double[] {100});
    try (ChunkDataset d = Handmade.open(root, config)) {
      ConfigException e = assertThrows(ConfigException.class, () -> d.restore(state));
      assertTrue(e.getMessage().contains("what differs: statistics.a was hash"), e.getMessage());
    }
  }

  /** Edited by hand, or of another recording: chunks that nobody meant would be read. */
  @Test
  void startTimesOfStatesAreThoseOfTheDataset() {
    one();
    try (ChunkDataset d = Handmade.open(root, "seed: 1\n" + ONE)) {
      d.shuffle();
      String json = d.state().toJson();
      double[] before = d.startTimes();
      double second = before[1];
      String own = json.substring(json.indexOf("\"fingerprint\""), json.indexOf("\"rng_state\""));
      for (String state : List.of(json, json.replace(own, ""))) {
        for (double other : new double[] {second + 1e-9, -1, 1e6, before[0], before[2]}) {
          String changed = state.replace("," + second + ",", "," + other + ",");
          assertFalse(changed.equals(state), state);
          DatasetState edited = DatasetState.fromJson(changed);
          ConfigException e = assertThrows(ConfigException.class, () -> d.restore(edited));
          assertTrue(
              e.getMessage().contains("valid_screen_times: has")
                  && e.getMessage().contains(" s as number ")
                  && e.getMessage().contains("valid starts in ascending order"),
              e.getMessage());
          assertArrayEquals(before, d.startTimes());
          // a program that means them says so, and its states do
          d.restore(
              DatasetState.fromJson(changed.replaceFirst("\\{", "{\"own_start_times\": true, ")));
          double[] meant = d.startTimes();
          d.restore(DatasetState.fromJson(d.state().toJson()));
          assertArrayEquals(meant, d.startTimes());
          d.restore(DatasetState.fromJson(json));
          assertFalse(d.state().toJson().contains("own_start_times"));
        }
      }
      ConfigException e =
          assertThrows(
              ConfigException.class,
              () -> DatasetState.fromJson(json.replaceFirst("\\{", "{\"own_start_times\": 1, ")));
      assertTrue(e.getMessage().contains("own_start_times"), e.getMessage());
    }
  }

  @Test
  void statesOfTheOriginalAreRead() {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < 624; i++) {
      key.append(i == 0 ? "" : ", ").append(4294967295L - i);
    }
    DatasetState state =
        DatasetState.fromJson(
            "{\"rng_state\": [\"MT19937\", ["
                + key
                + "], 17, 0, 0.0], \"valid_screen_times\": [0.5, 0.75]}");
    assertEquals(17, state.generator().position());
    assertEquals(-1, state.generator().key()[0]);
    assertNull(state.fingerprint());
    one();
    try (ChunkDataset d = Handmade.open(root, ONE)) {
      d.restore(state);
      assertEquals(2, d.length());
      assertArrayEquals(new double[] {0.5, 0.75}, d.startTimes());
    }
    for (String bad :
        List.of(
            "[]",
            "{",
            "{\"rng_state\": null}",
            "{\"valid_screen_times\": 3}",
            "{\"valid_screen_times\": [\"x\"]}",
            "{\"valid_screen_times\": [], \"rng_state\": [\"PCG64\", [], 1]}",
            "{\"valid_screen_times\": [], \"rng_state\": [\"MT19937\", [1, 2], 1, 0, 0.0]}",
            "{\"valid_screen_times\": [], \"rng_state\": [\"MT19937\", ["
                + key
                + "], 625, 0, 0.0]}",
            "{\"valid_screen_times\": [], \"rng_state\": [\"MT19937\", ["
                + key
                + ", -1], 625, 0, 0.0]}",
            "{\"valid_screen_times\": [], \"version\": 2}")) {
      assertThrows(ConfigException.class, () -> DatasetState.fromJson(bad), bad);
    }
  }

  // --- lead and grids

  @Test
  void anyDeviceCanLead() {
    one().sequence("slow", 2, 0, 12, 25, 1, i -> i);
    String config = ONE + "  slow: {sampling_rate: 2, chunk_size: 3, sample_stride: 2}\n";
    try (ChunkDataset d = Handmade.open(root, "lead_device: slow\n" + config)) {
      assertEquals("slow", d.lead());
      // 0.5, 1.0 … 11.0: 22 points, 20 starts, every second
      assertEquals(22, d.sampleGrid().length);
      assertEquals(10, d.length());
    }
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Handmade.open(root, "lead_device: ghost\n" + config));
    assertTrue(e.getMessage().contains("ghost") && e.getMessage().contains("slow"), e.getMessage());
  }

  @Test
  void conditionsWithoutTrialsAreAWarningAndEverySample() {
    one();
    List<String> warnings =
        Handmade.warnings(
            () -> {
              try (ChunkDataset d =
                  Handmade.open(root, ONE.replace("5}", "5, valid_condition: {tier: train}}"))) {
                assertEquals(87, d.length());
              }
            });
    assertTrue(warnings.stream().anyMatch(w -> w.contains("valid_condition")), warnings.toString());
  }

  @Test
  void conditionsCanComeFromTheLeadsOwnTrials() {
    one();
    Handmade.write(
        root.resolve("a/combined_meta.json"),
        "{\"00000\": {\"modality\": \"video\", \"num_frames\": 40, \"first_frame_idx\": 0, \"image_size\": [1, 1], \"tier\": \"train\"},"
            + " \"00001\": {\"modality\": \"video\", \"num_frames\": 60, \"first_frame_idx\": 40, \"image_size\": [1, 1], \"tier\": \"test\"}}");
    try (ChunkDataset d =
        Handmade.open(root, ONE.replace("5}", "5, valid_condition: {tier: test}}"))) {
      assertEquals(2, d.trialCount());
      assertArrayEquals(new double[] {0, 5}, d.trialStarts());
      assertTrue(d.startTimes()[0] == 5);
    }
  }

  @Test
  void exactGridGivesEverySampleOnce() {
    double start = 1600000000.0;
    new Handmade(root).sequence("a", 30, start, start + 400, 12001, 1, i -> i);
    String config = "modality_config:\n  a: {sampling_rate: 30, chunk_size: 60}\n";
    try (ChunkDataset d = Handmade.open(root, "time_grid: exact\n" + config)) {
      assertEquals(11970 - 59, d.length());
      for (int i = 0; i < d.length(); i += 61) {
        try (Chunk chunk = d.item(i)) {
          double[] values = Handmade.doubles(chunk.tensor("a"));
          for (int k = 0; k < 60; k++) {
            assertEquals(15 + i + k, values[k], "chunk " + i + " sample " + k);
          }
        }
      }
    }
    // the original's grid repeats samples
    try (ChunkDataset d = Handmade.open(root, config);
        Chunk chunk = d.item(0)) {
      double[] values = Handmade.doubles(chunk.tensor("a"));
      boolean repeats = false;
      for (int k = 1; k < 60; k++) {
        repeats |= values[k] == values[k - 1];
      }
      assertTrue(repeats);
    }
  }

  @Test
  void largePrecisionWorks() {
    double start = 1.7e9;
    new Handmade(root).sequence("a", 8, start, start + 12.375, 100, 1, i -> i);
    for (int precision : new int[] {8, 10, 12}) {
      try (ChunkDataset d =
              Handmade.open(
                  root,
                  "normalize_timestamps: false\ninterpolate_precision: " + precision + "\n" + ONE);
          Chunk chunk = d.item(3)) {
        assertEquals(d.startTimes()[3] + 0.5, Handmade.doubles(chunk.timestamps("a"))[4], 1e-6);
      }
    }
  }

  // --- types and options

  @Test
  void readersWriteOtherTypes() {
    new Handmade(root).integers("i", 8, 0, 12.375, 100, 2);
    try (ChunkDataset d =
        Handmade.open(root, "modality_config:\n  i: {sampling_rate: 8, chunk_size: 2}\n")) {
      ReadOptions options = ReadOptions.builder().type("i", ElementType.FLOAT32).build();
      assertEquals(ElementType.FLOAT32, d.layout(options).getFirst().type());
      try (ChunkReader reader = d.reader(options);
          Arena arena = Arena.ofConfined()) {
        Buffers buffers = new Buffers(reader.layout(), arena);
        buffers.read(reader, 0);
        assertArrayEquals(new double[] {8, 9, 10, 11}, Handmade.doubles(buffers.tensor(0)));
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> d.reader(ReadOptions.builder().type("ghost", ElementType.FLOAT32).build()));
    }
  }

  @Test
  void customInterpolatorsNeedNoFolder() {
    one();
    Registry registry =
        Registry.builder()
            .interpolator(
                "my.Ramp",
                (folder, arguments) -> new Ramp(((Number) arguments.get("slope")).doubleValue()))
            .build();
    String config =
        ONE
            + "  ramp: {sampling_rate: 8, chunk_size: 3, interpolation: {_target_: my.Ramp, slope: 2.0}}\n";
    try (ChunkDataset d = ChunkDataset.open(root, Handmade.config(config), registry);
        Chunk chunk = d.item(0)) {
      assertEquals(List.of("a", "ramp"), d.deviceNames());
      assertArrayEquals(new double[] {1, 1.25, 1.5}, Handmade.doubles(chunk.tensor("ramp")), 1e-12);
    }
  }

  @Test
  void customInterpolatorsAreFinishedAsAllDevicesAre() {
    one();
    Registry registry =
        Registry.builder().interpolator("my.Ramp", (folder, arguments) -> new Ramp(2)).build();
    String config =
        ONE
            + "  ramp: {sampling_rate: 8, chunk_size: 3, columns: [0], nans: fail, interpolation: {_target_: my.Ramp},"
            + " transforms: {normalization: {means: 1, stds: 0.5}}}\n";
    try (ChunkDataset d = ChunkDataset.open(root, Handmade.config(config), registry);
        ChunkReader reader =
            d.reader(
                ReadOptions.builder()
                    .outKeys(List.of("ramp"))
                    .type("ramp", ElementType.FLOAT32)
                    .build())) {
      Buffers buffers = new Buffers(reader.layout(), Arena.ofAuto());
      buffers.read(reader, 0);
      assertEquals(ElementType.FLOAT32, buffers.tensor(0).type());
      assertArrayEquals(new double[] {0, 0.5, 1}, Handmade.doubles(buffers.tensor(0)), 1e-6);
    }
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                ChunkDataset.open(
                    root,
                    Handmade.config(config.replace("columns: [0]", "columns: [1]")),
                    registry));
    assertTrue(e.getMessage().contains("1 columns"), e.getMessage());
    e =
        assertThrows(
            ConfigException.class,
            () ->
                ChunkDataset.open(
                    root,
                    Handmade.config(config.replace("{means: 1, stds: 0.5}", "recompute_behavior")),
                    registry));
    assertTrue(e.getMessage().contains("ramp cannot"), e.getMessage());
  }
}
