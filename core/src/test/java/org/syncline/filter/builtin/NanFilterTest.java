/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Registry;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.device.intervals.TimeIntervalInterpolator;
import org.syncline.device.sequence.SequenceInterpolator;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.format.DiskCache;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.testdata.NpyFile;

class NanFilterTest {
  private static final ModalityConfig CONFIG = ModalityConfig.DEFAULT;

  @TempDir Path temp;

  private static Target target(String name, Map<String, Object> arguments) {
    return Target.of(name, arguments).at("nan_filter", "config.yaml:12");
  }

  private Path sequence(
      String name, double rate, double start, double end, int columns, double... values)
      throws Exception {
    Path folder = Files.createDirectories(temp.resolve(name));
    Files.writeString(
        folder.resolve("meta.yml"),
        "modality: sequence\nsampling_rate: %s\nstart_time: %s\nend_time: %s\nn_signals: %d\n"
            .formatted(rate, start, end, columns));
    NpyFile.write(folder.resolve("data.npy"), values, values.length / columns, columns);
    return folder;
  }

  private static List<TimeInterval> of(double... ends) {
    List<TimeInterval> result = new ArrayList<>();
    for (int i = 0; i < ends.length; i += 2) {
      result.add(new TimeInterval(ends[i], ends[i + 1]));
    }
    return result;
  }

  private static List<TimeInterval> run(Path folder, Filter filter) {
    try (SequenceInterpolator device = SequenceInterpolator.open(folder, CONFIG, false)) {
      return filter.validIntervals(device);
    }
  }

  private static final double NAN = Double.NaN;

  @Test
  void leavesOutTheVicinityOfNaN() throws Exception {
    Path folder =
        sequence(
            "a",
            4,
            10,
            12,
            2,
            NAN,
            0,
            1,
            1,
            1,
            NAN,
            1,
            1,
            NAN,
            2,
            1,
            Double.POSITIVE_INFINITY,
            1,
            1,
            1,
            1,
            NAN,
            NAN);
    Filter filter = Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", 0.125)));
    assertEquals(of(10.125, 10.375, 10.625, 10.875, 11.125, 11.875), run(folder, filter));
    Filter wide = Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", 1L)));
    assertEquals(of(), run(folder, wide));
    Filter touching = Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", 0.25)));
    assertEquals(of(11.25, 11.75), run(folder, touching));
    Filter none = Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", 0.0)));
    assertEquals(of(10, 10.5, 10.5, 11, 11, 12), run(folder, none));
  }

  @Test
  void usesTheDefaultVicinityUnderEveryName() throws Exception {
    Path folder = sequence("names", 1, 0, 2, 1, 1, NAN, 1);
    for (String name :
        List.of(
            "nan_filter",
            "experanto.filters.common_filters.nan_filter",
            "syncline.filters.common_filters.nan_filter")) {
      assertEquals(
          of(0, 0.95, 1.05, 2), run(folder, Registry.EMPTY.filter(target(name, Map.of()))));
    }
  }

  @Test
  void integersHaveNoNaN() throws Exception {
    Path folder = sequence("int", 1, 0, 2, 1, 1, 1, 1);
    NpyFile.write(folder.resolve("data.npy"), "<i2", false, new long[] {3, 1}, new byte[6]);
    assertEquals(of(0, 2), run(folder, Registry.EMPTY.filter(target("nan_filter", Map.of()))));
  }

  @Test
  void rowsPastTheEndStayInTheRange() throws Exception {
    Path folder = sequence("past", 1, 0, 2, 1, 1, 1, 1, 1, 1, NAN);
    assertEquals(of(0, 2), run(folder, Registry.EMPTY.filter(target("nan_filter", Map.of()))));
  }

  @Test
  void phaseShiftsPlayNoPart() throws Exception {
    Path folder = sequence("shifted", 1, 0, 4, 2, 0, 0, 0, NAN, 0, 0, 0, 0, 0, 0);
    Files.writeString(
        folder.resolve("meta.yml"),
        "phase_shift_per_signal: true\n",
        java.nio.file.StandardOpenOption.APPEND);
    Files.createDirectories(folder.resolve("meta"));
    NpyFile.write(folder.resolve("meta/phase_shifts.npy"), new double[] {0.25, 0.5}, 2);
    assertEquals(
        of(0, 0.95, 1.05, 4), run(folder, Registry.EMPTY.filter(target("nan_filter", Map.of()))));
  }

  @Test
  void irregularSequencesHaveTheirTimestamps() throws Exception {
    Path folder = sequence("irregular", 1, 0, 2, 1, 1, NAN, 1);
    Files.writeString(folder.resolve("meta.yml"), "modality: sequence\n");
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {3, 7, 8}, 3);
    Filter filter = Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", 0.5)));
    assertEquals(of(3, 6.5, 7.5, 8), run(folder, filter));
  }

  @Test
  void equalsTheDefinition() throws Exception {
    long seed = 12;
    System.out.println("NanFilterTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      int columns = random.nextInt(1, 6);
      int rows = random.nextInt(1, 400);
      double share = new double[] {0.001, 0.05, 0.6}[round % 3];
      double[] values = new double[rows * columns];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextDouble() < share ? NAN : random.nextGaussian();
      }
      double start = 1.6e9;
      double end = start + (rows - 1) / 8.0;
      Path folder = sequence("r" + round, 8, start, end, columns, values);
      List<TimeInterval> invalid = new ArrayList<>();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          if (Double.isNaN(values[i * columns + j])) {
            double t = start + i * (1.0 / 8);
            invalid.add(new TimeInterval(Math.max(start, t - 0.07), Math.min(end, t + 0.07)));
            break;
          }
        }
      }
      Filter filter = Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", 0.07)));
      assertEquals(
          Intervals.complement(Intervals.unique(invalid), start, end), run(folder, filter));
    }
  }

  @Test
  void remembersTheRowsOfLargeFiles() throws Exception {
    Path folder = sequence("remember", 1, 0, 4, 1, 1, NAN, 1, NAN, NAN);
    // files changed within the last two seconds are not trusted
    Thread.sleep(2100);
    DiskCache cache = DiskCache.in(temp.resolve("cache"));
    Filter filter =
        device ->
            NanFilter.around(
                ((SequenceInterpolator) device).missingSamples(() -> cache, 0),
                0.25,
                device.startTime(),
                device.endTime());
    List<TimeInterval> expected = of(0, 0.75, 1.25, 2.75, 3.25, 3.75);
    assertEquals(expected, run(folder, filter));
    assertEquals(expected, run(folder, filter));
    List<Path> files = List.of(folder.resolve("meta.yml"), folder.resolve("data.npy"));
    ByteBuffer kept = cache.get("nan-rows-1", files);
    assertEquals(4 * 8, kept.remaining());
    // another answer in the cache shows that it is asked
    ByteBuffer other =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0).putLong(2).flip();
    cache.put(cache.identity("nan-rows-1", files), "nan-rows-1", files, other);
    assertEquals(of(0.25, 0.75, 1.25, 4), run(folder, filter));
    // and nonsense is not believed
    ByteBuffer broken =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(3).putLong(9).flip();
    cache.put(cache.identity("nan-rows-1", files), "nan-rows-1", files, broken);
    assertEquals(expected, run(folder, filter));
  }

  @Test
  void refusesOtherDevices() throws Exception {
    Path folder = Files.createDirectories(temp.resolve("labels"));
    Files.writeString(
        folder.resolve("meta.yml"),
        "modality: time_interval\nstart_time: 0\nend_time: 1\nlabels: {a: a.npy}\n");
    NpyFile.write(folder.resolve("a.npy"), new double[] {0, 1}, 1, 2);
    Filter filter = Registry.EMPTY.filter(target("nan_filter", Map.of()));
    try (TimeIntervalInterpolator labels = TimeIntervalInterpolator.open(folder, CONFIG, false)) {
      ConfigException e = assertThrows(ConfigException.class, () -> filter.validIntervals(labels));
      assertTrue(
          e.getMessage().contains("TimeIntervalInterpolator")
              && e.getMessage().contains("sequence"));
    }
  }

  @Test
  void customFiltersComeFirst() {
    Filter mine = device -> of(0, 1);
    Registry registry =
        Registry.builder()
            .filter("mine.filter", t -> mine)
            .filter("nan_filter", t -> mine)
            .filter("none", t -> null)
            .filter(
                "picky",
                t -> {
                  throw new IllegalArgumentException("x is 2, expected 3");
                })
            .build();
    assertSame(mine, registry.filter(target("mine.filter", Map.of("x", 1L))));
    assertSame(mine, registry.filter(target("nan_filter", Map.of())));
    for (String name : List.of("none", "picky")) {
      ConfigException e =
          assertThrows(ConfigException.class, () -> registry.filter(target(name, Map.of())));
      assertTrue(e.getMessage().startsWith("config.yaml:12: nan_filter"), e.getMessage());
    }
  }

  @Test
  void refusesUnknownNamesAndArguments() {
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                Registry.builder()
                    .filter("mine", t -> device -> of())
                    .build()
                    .filter(target("nan_fliter", Map.of())));
    assertTrue(e.getMessage().contains("did you mean 'nan_filter'"), e.getMessage());
    assertTrue(
        e.getMessage().contains("mine") && e.getMessage().startsWith("config.yaml:12"),
        e.getMessage());
    for (Object wrong : new Object[] {-0.1, NAN, Double.POSITIVE_INFINITY, "x", true, List.of()}) {
      assertThrows(
          ConfigException.class,
          () -> Registry.EMPTY.filter(target("nan_filter", Map.of("vicinity", wrong))));
    }
    assertThrows(
        ConfigException.class,
        () -> Registry.EMPTY.filter(target("nan_filter", Map.of("vicinty", 1.0))));
  }
}
