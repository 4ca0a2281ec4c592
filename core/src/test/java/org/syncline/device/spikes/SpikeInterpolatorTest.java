/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.syncline.device.support.ColumnConfigs.config;

import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.Allocations;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NanPolicy;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Sampler;
import org.syncline.device.support.FailingArena;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.Normalization;

class SpikeInterpolatorTest {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  @TempDir Path temp;

  private static double[] doubles(Tensor t) {
    return t.data().toArray(DOUBLE);
  }

  private static long[] indices(double[][] spikes) {
    long[] indices = new long[spikes.length + 1];
    for (int u = 0; u < spikes.length; u++) {
      indices[u + 1] = indices[u] + spikes[u].length;
    }
    return indices;
  }

  private Path folder(String name, double start, double end, long[] indices, String more)
      throws Exception {
    Path folder = Files.createDirectories(temp.resolve(name));
    Files.writeString(
        folder.resolve("meta.yml"),
        "modality: spikes\nstart_time: %s\nend_time: %s\nspike_indices: [%s]\n%s\n"
            .formatted(
                start,
                end,
                LongStream.of(indices).mapToObj(Long::toString).collect(Collectors.joining(", ")),
                more));
    return folder;
  }

  private Path recording(String name, double[][] spikes) throws Exception {
    Path folder = folder(name, 0, 100, indices(spikes), "");
    double[] flat = Stream.of(spikes).flatMapToDouble(Arrays::stream).toArray();
    NpyFile.write(folder.resolve("spikes.npy"), flat, flat.length);
    return folder;
  }

  private static double[][] random(Random random, int units, int most) {
    double[][] spikes = new double[units][];
    for (int u = 0; u < units; u++) {
      spikes[u] =
          random
              .doubles(random.nextInt(most))
              .map(x -> Math.rint(x * 100 * 64) / 64)
              .sorted()
              .toArray();
    }
    return spikes;
  }

  private static double[] count(double[][] spikes, double[] times, double before, double after) {
    double[] counts = new double[times.length * spikes.length];
    for (int i = 0; i < times.length; i++) {
      for (int u = 0; u < spikes.length; u++) {
        double low = times[i] - before;
        double high = times[i] + after;
        counts[i * spikes.length + u] =
            Arrays.stream(spikes[u]).filter(s -> s >= low && s < high).count();
      }
    }
    return counts;
  }

  @Test
  void equalsTheGoldens() {
    Goldens.Golden golden = Goldens.unpack("spikes-and-labels", temp);
    int run = 0;
    for (Map<String, Object> call : golden.calls()) {
      if (!call.get("device").equals("spikes")) {
        continue;
      }
      Map<String, Object> options = org.syncline.testdata.Json.object(call.get("options"));
      double sigma = ((Number) options.getOrDefault("smoothing_sigma", 0.0)).doubleValue();
      ModalityConfig config =
          config(
              ((Number) options.getOrDefault("interpolation_window", 0.3)).doubleValue(),
              (String) options.getOrDefault("interpolation_align", "center"),
              sigma,
              null,
              null);
      boolean cache = (Boolean) options.getOrDefault("cache_data", false);
      try (SpikeInterpolator spikes =
          SpikeInterpolator.open(golden.experiment().resolve("spikes"), config, cache)) {
        Interpolation found = spikes.interpolate(golden.array(call.get("times")).doubles());
        NpyFile values = golden.array(call.get("values"));
        assertArrayEquals(values.shape(), found.values().shape());
        assertArrayEquals(values.doubles(), doubles(found.values()), sigma > 0 ? 1e-12 : 0);
        assertArrayEquals(
            golden.array(call.get("valid")).doubles(),
            Arrays.stream(found.valid()).asDoubleStream().toArray());
      }
      run++;
    }
    assertEquals(5, run);
  }

  @Test
  void countsInEveryAlignment() throws Exception {
    long seed = 77;
    System.out.println("SpikeInterpolatorTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      double[][] spikes = random(random, random.nextInt(1, 6), 1 << random.nextInt(1, 12));
      Path folder = recording("r" + round, spikes);
      double[] times =
          random.doubles(random.nextInt(1, 200)).map(x -> Math.rint(x * 6400) / 64).toArray();
      if (round % 2 == 0) {
        Arrays.sort(times);
      }
      double w = new double[] {0, 0.015625, 0.5, 30}[round % 4];
      for (String align : new String[] {"center", "left", "right"}) {
        try (SpikeInterpolator s =
            SpikeInterpolator.open(folder, config(w, align, 0, null, null), round % 3 == 0)) {
          double before = align.equals("center") ? w / 2 : align.equals("left") ? 0 : w;
          double[] expected = count(spikes, times, before, w - before);
          assertArrayEquals(expected, doubles(s.interpolate(times).values()));
        }
      }
    }
  }

  @Test
  void weightsThatReachFurtherThanAnyRecordingAreRefused() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> config(1, "center", 1e8, null, null));
    assertTrue(
        e.getMessage()
            .contains("smoothing_sigma: is 100000000, expected a number of time steps from 0 to"),
        e.getMessage());
  }

  @Test
  void weightsThatReachFarAreFoldedAndTakeNoTime() throws Exception {
    double[][] spikes = random(new Random(5), 3, 500);
    Path folder = recording("wide", spikes);
    double[] times = new Random(6).doubles(23).map(x -> x * 100).sorted().toArray();
    double[] counts = count(spikes, times, 0.5, 0.5);
    for (double sigma : new double[] {22.4, 23.1, 200, 1e6}) {
      double[] found =
          assertTimeoutPreemptively(
              Duration.ofSeconds(30),
              () -> {
                try (SpikeInterpolator s =
                    SpikeInterpolator.open(folder, config(1, "center", sigma, null, null), false)) {
                  return doubles(s.interpolate(times).values());
                }
              });
      int radius = (int) (4 * Math.min(sigma, 1e4) + 0.5);
      double[] weights = new double[radius + 1];
      double total = 0;
      for (int k = 0; k <= radius; k++) {
        weights[k] = Math.exp(-0.5 * k * k / (sigma * sigma));
        total += k == 0 ? 1 : 2 * weights[k];
      }
      int n = times.length;
      for (int i = 0; i < n; i++) {
        for (int u = 0; u < spikes.length; u++) {
          double sum = 0;
          for (int k = -radius; k <= radius; k++) {
            int m = Math.floorMod(i + k, 2 * n);
            sum += weights[Math.abs(k)] * counts[Math.min(m, 2 * n - 1 - m) * spikes.length + u];
          }
          // the widest is as good as flat
          assertEquals(sum / total, found[i * spikes.length + u], sigma < 1e4 ? 1e-9 : 1e-2);
        }
      }
    }
  }

  @Test
  void readsEveryStorage() throws Exception {
    double[][] spikes = {{1, 2, 2.5, 90}, {}, {3.25, 50, 50, 51}};
    double[] flat = Stream.of(spikes).flatMapToDouble(Arrays::stream).toArray();
    double[] times = {2, 50, 50.5, 89.9};
    double[] expected = count(spikes, times, 0.5, 0.5);
    ByteBuffer big = ByteBuffer.allocate(8 * flat.length);
    ByteBuffer floats = ByteBuffer.allocate(4 * flat.length).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer mem = ByteBuffer.allocate(8 * flat.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double s : flat) {
      big.putDouble(s);
      floats.putFloat((float) s);
      mem.putDouble(s);
    }
    Path a = folder("big", 0, 100, indices(spikes), "n_signals: 3");
    NpyFile.write(a.resolve("spikes.npy"), ">f8", false, new long[] {flat.length}, big.array());
    Path b = folder("float", 0, 100, indices(spikes), "is_mem_mapped: true\ndtype: float32");
    Files.write(b.resolve("spikes.mem"), floats.array());
    Path c = folder("mem", 0, 100, indices(spikes), "is_mem_mapped: true");
    Files.write(c.resolve("spikes.mem"), mem.array());
    for (Path folder : List.of(a, b, c, recording("npy", spikes))) {
      for (boolean cache : new boolean[] {false, true}) {
        try (SpikeInterpolator s =
            SpikeInterpolator.open(folder, config(1, "center", 0, null, null), cache)) {
          assertArrayEquals(expected, doubles(s.interpolate(times).values()), folder.toString());
        }
      }
    }
  }

  @Test
  void noSpikesAreZeros() throws Exception {
    Path npy = recording("none", new double[3][0]);
    Path mem = folder("nonemem", 0, 100, new long[] {0, 0, 0, 0}, "is_mem_mapped: true");
    Files.write(mem.resolve("spikes.mem"), new byte[0]);
    for (Path folder : List.of(npy, mem)) {
      try (SpikeInterpolator s =
          SpikeInterpolator.open(folder, config(1, "center", 2, null, null), false)) {
        assertArrayEquals(new double[6], doubles(s.interpolate(new double[] {1, 2}).values()));
      }
    }
    try (SpikeInterpolator s =
        SpikeInterpolator.open(recording("nounit", new double[0][]), config(), true)) {
      assertArrayEquals(new long[] {2, 0}, s.interpolate(new double[] {1, 2}).values().shape());
    }
  }

  @Test
  void keepsOnlyValidTimes() throws Exception {
    try (SpikeInterpolator s =
        SpikeInterpolator.open(recording("v", new double[][] {{0, 50, 100}}), config(), false)) {
      Interpolation found = s.interpolate(new double[] {-0.1, 100, Double.NaN, 0, 100.1, 50});
      assertArrayEquals(new int[] {1, 3, 5}, found.valid());
      assertArrayEquals(new double[] {1, 1, 1}, doubles(found.values()));
      assertEquals(0, s.startTime());
      assertEquals(100, s.endTime());
      try (LogCapture log = new LogCapture()) {
        Interpolation none = s.interpolate(new double[] {-1, 101});
        assertArrayEquals(new long[] {0, 1}, none.values().shape());
        assertEquals(ElementType.FLOAT64, none.values().type());
        assertEquals(1, log.messages().size());
      }
    }
  }

  @Test
  void sortsWhatIsUnsortedAndSaysSo() throws Exception {
    double[][] spikes = {{1, 2, 3}, {9, 4, Double.NaN, 5}, {1}};
    double[] times = {4.5, 2};
    for (boolean cache : new boolean[] {false, true}) {
      try (LogCapture log = new LogCapture();
          SpikeInterpolator s =
              SpikeInterpolator.open(
                  recording("u" + cache, spikes), config(2, "center", 0, null, null), cache)) {
        assertTrue(
            log.messages().stream().anyMatch(m -> m.contains("unit 1")),
            () -> log.messages().toString());
        assertArrayEquals(count(spikes, times, 1, 1), doubles(s.interpolate(times).values()));
      }
    }
  }

  @Test
  void selectsUnits() throws Exception {
    double[][] spikes = random(new Random(5), 5, 300);
    Path folder = recording("select", spikes);
    Files.createDirectories(folder.resolve("meta"));
    ByteBuffer ids = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    for (long id : new long[] {70, 71, 72, 80, 99}) {
      ids.putLong(id);
    }
    NpyFile.write(folder.resolve("meta/unit_ids.npy"), "<i8", false, new long[] {5}, ids.array());
    double[] times = {10, 20, 30, 40};
    double[] expected = count(new double[][] {spikes[3], spikes[0], spikes[3]}, times, 5, 5);
    ModalityConfig byIndex = config(10, "center", 0, new int[] {3, 0, 3}, null);
    ModalityConfig byId = config(10, "center", 0, null, new long[] {80, 70, 80});
    for (ModalityConfig config : List.of(byIndex, byId)) {
      try (SpikeInterpolator s = SpikeInterpolator.open(folder, config, false)) {
        assertArrayEquals(expected, doubles(s.interpolate(times).values()));
        assertEquals(3, s.units());
        assertArrayEquals(
            new double[] {4, 1, 4}, s.columns().orElseThrow().select(new double[] {1, 2, 3, 4, 5}));
      }
    }
    assertThrows(
        ConfigException.class,
        () -> SpikeInterpolator.open(folder, config(1, "center", 0, new int[] {5}, null), false));
    assertThrows(
        ConfigException.class,
        () -> SpikeInterpolator.open(folder, config(1, "center", 0, null, new long[] {1}), false));
  }

  private static double[] read(Sampler sampler, double[] times) {
    try (Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = sampler.cursor(times.length)) {
      MemorySegment dst =
          arena.allocate(Tensor.elements(sampler.shape(times.length)) * sampler.type().bytes() + 8);
      assertEquals(times.length, cursor.read(times, times.length, dst, 8));
      return switch (sampler.type()) {
        case FLOAT64 -> dst.asSlice(8).toArray(DOUBLE);
        case FLOAT32 -> {
          float[] f = dst.asSlice(8).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
          double[] d = new double[f.length];
          for (int i = 0; i < f.length; i++) {
            d[i] = f[i];
          }
          yield d;
        }
        default -> throw new AssertionError(sampler.type());
      };
    }
  }

  @Test
  void samplesFinishedValues() throws Exception {
    double[][] spikes = random(new Random(6), 11, 900);
    Path folder = recording("finish", spikes);
    double[] times = new Random(7).doubles(50).map(x -> x * 100).sorted().toArray();
    double[] means = new Random(8).doubles(11).toArray();
    double[] stds = new Random(9).doubles(11).map(x -> x + 0.1).toArray();
    for (double sigma : new double[] {0, 1.5}) {
      try (SpikeInterpolator s =
          SpikeInterpolator.open(folder, config(3, "left", sigma, null, null), false)) {
        double[] plain = doubles(s.interpolate(times).values());
        assertArrayEquals(plain, read(s.sampler(Finish.NONE), times));
        Finish normalise =
            new Finish(List.of(), new Normalization(means, stds), NanPolicy.KEEP, null);
        Finish narrow =
            new Finish(
                List.of(), new Normalization(null, stds), NanPolicy.KEEP, ElementType.FLOAT32);
        Finish convert = new Finish(List.of(), null, NanPolicy.KEEP, ElementType.FLOAT32);
        double[] a = read(s.sampler(normalise), times);
        double[] b = read(s.sampler(narrow), times);
        double[] c = read(s.sampler(convert), times);
        for (int i = 0; i < plain.length; i++) {
          assertEquals((plain[i] - means[i % 11]) / stds[i % 11], a[i]);
          assertEquals((float) (plain[i] / stds[i % 11]), b[i]);
          assertEquals((float) plain[i], c[i]);
        }
        assertThrows(
            IllegalArgumentException.class,
            () -> s.sampler(new Finish(List.of(), null, NanPolicy.KEEP, ElementType.INT32)));
        assertThrows(
            IllegalArgumentException.class,
            () ->
                s.sampler(
                    new Finish(
                        List.of(), new Normalization(null, new double[4]), NanPolicy.KEEP, null)));
      }
    }
  }

  @Test
  void appliesTheNaNPolicyToStatisticsThatAreNaN() throws Exception {
    Path folder = recording("policy", new double[][] {{1, 2}, {3}});
    Normalization n = new Normalization(null, new double[] {Double.NaN, 1});
    double[] times = {1, 3};
    try (SpikeInterpolator s =
        SpikeInterpolator.open(folder, config(1, "center", 0, null, null), false)) {
      NanPolicy value = NanPolicy.value(7);
      assertArrayEquals(
          new double[] {7, 0, 7, 1}, read(s.sampler(new Finish(List.of(), n, value, null)), times));
      NanPolicy mean = NanPolicy.MEAN;
      assertArrayEquals(
          new double[] {0, 0, 0, 1}, read(s.sampler(new Finish(List.of(), n, mean, null)), times));
      Sampler fail = s.sampler(new Finish(List.of(), n, NanPolicy.FAIL, null));
      RecordingException e = assertThrows(RecordingException.class, () -> read(fail, times));
      assertTrue(e.getMessage().contains("column 0"), e.getMessage());
    }
  }

  @Test
  void saysHowManyTimesHaveAValue() throws Exception {
    try (SpikeInterpolator s =
            SpikeInterpolator.open(recording("short", new double[][] {{1}}), config(), false);
        Sampler.Cursor cursor = s.sampler(Finish.NONE).cursor(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(24);
      assertEquals(1, cursor.read(new double[] {99, 101, 102}, 3, dst, 0));
      assertEquals(0, cursor.read(new double[] {99}, 0, dst, 0));
      assertThrows(IllegalArgumentException.class, () -> cursor.read(new double[4], 4, dst, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 1000})
  void readingAllocatesNothing(int n) throws Exception {
    double[] times = new Random(11).doubles(n).map(x -> x * 100).toArray();
    if (n == 60) {
      Arrays.sort(times);
    }
    try (SpikeInterpolator s =
            SpikeInterpolator.open(
                recording("alloc", random(new Random(10), 20, 2000)),
                config(0.5, "center", 1, null, null),
                false);
        Sampler.Cursor cursor =
            s.sampler(new Finish(List.of(), null, NanPolicy.KEEP, ElementType.FLOAT32)).cursor(n);
        Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(n * 20L * 4);
      Allocations.assertNone(
          () -> {
            for (int i = 0; i < 50; i++) {
              cursor.read(times, n, dst, 0);
            }
          },
          50);
    }
  }

  @Test
  void refusesWrongOptions() {
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(ConfigException.class, () -> config(wrong, "left", 0, null, null));
      assertThrows(ConfigException.class, () -> config(1, "left", wrong, null, null));
    }
  }

  @Test
  void refusesWrongFiles() throws Exception {
    Path descending = folder("descending", 0, 1, new long[] {0, 2, 1}, "");
    NpyFile.write(descending.resolve("spikes.npy"), new double[1], 1);
    Path late = folder("late", 0, 1, new long[] {1, 2}, "");
    NpyFile.write(late.resolve("spikes.npy"), new double[2], 2);
    Path few = folder("few", 0, 1, new long[] {0, 2}, "");
    NpyFile.write(few.resolve("spikes.npy"), new double[3], 3);
    Path many = folder("many", 0, 1, new long[] {0, 4}, "");
    NpyFile.write(many.resolve("spikes.npy"), new double[3], 3);
    Path none = folder("noindex", 0, 1, new long[] {}, "");
    NpyFile.write(none.resolve("spikes.npy"), new double[0], 0);
    Path missing = folder("missing", 0, 1, new long[] {0, 1}, "");
    Path mem = folder("shortmem", 0, 1, new long[] {0, 3}, "is_mem_mapped: true");
    Files.write(mem.resolve("spikes.mem"), new byte[23]);
    Path longer = folder("longmem", 0, 1, new long[] {0, 3}, "is_mem_mapped: true");
    Files.write(longer.resolve("spikes.mem"), new byte[8 * 4]);
    Path dtype = folder("dtype", 0, 1, new long[] {0, 1}, "is_mem_mapped: true\ndtype: complex64");
    Files.write(dtype.resolve("spikes.mem"), new byte[24]);
    Path signals = folder("signals", 0, 1, new long[] {0, 1}, "n_signals: 2");
    NpyFile.write(signals.resolve("spikes.npy"), new double[1], 1);
    Path matrix = folder("matrix", 0, 1, new long[] {0, 2}, "");
    NpyFile.write(matrix.resolve("spikes.npy"), new double[4], 2, 2);
    for (Path folder :
        List.of(descending, late, few, many, none, missing, mem, longer, dtype, signals, matrix)) {
      RecordingException e =
          assertThrows(
              RecordingException.class,
              () -> SpikeInterpolator.open(folder, config(), false),
              folder.toString());
      assertTrue(e.getMessage().contains(folder.getFileName().toString()), e.getMessage());
    }
  }

  @Test
  void truncationUnderTheMapIsAnException() throws Exception {
    int n = 200_000;
    double[] flat = new double[n];
    for (int i = 0; i < n; i++) {
      flat[i] = i * 100.0 / n;
    }
    Path folder = recording("cut", new double[][] {flat, {1}});
    double[] times = {10, 50, 90};
    try (SpikeInterpolator s =
            SpikeInterpolator.open(folder, config(1, "center", 0, null, null), false);
        Sampler.Cursor cursor = s.sampler(Finish.NONE).cursor(3);
        Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(48);
      for (int i = 0; i < 20_000; i++) {
        cursor.read(times, 3, dst, 0);
      }
      try (RandomAccessFile file =
          new RandomAccessFile(folder.resolve("spikes.npy").toFile(), "rw")) {
        file.setLength(8192);
      }
      RecordingException e =
          assertThrows(RecordingException.class, () -> cursor.read(times, 3, dst, 0));
      assertTrue(e.getMessage().contains("spikes.npy"), e.getMessage());
    }
  }

  @Test
  void closedIsClosed() throws Exception {
    SpikeInterpolator s =
        SpikeInterpolator.open(recording("closed", new double[][] {{1}}), config(), false);
    Sampler sampler = s.sampler(Finish.NONE);
    Sampler.Cursor cursor = sampler.cursor(1);
    s.close();
    s.close();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(8);
      assertThrows(ClosedException.class, () -> cursor.read(new double[] {1}, 1, dst, 0));
    }
    assertThrows(ClosedException.class, () -> s.interpolate(new double[] {1}));
    assertThrows(ClosedException.class, () -> sampler.cursor(1));
    assertThrows(ClosedException.class, () -> s.sampler(Finish.NONE));
    cursor.close();
    cursor.close();
  }

  @Test
  void aCursorWithoutMemoryLeavesNone() throws Exception {
    Finish finish = new Finish(List.of(), null, NanPolicy.KEEP, ElementType.FLOAT32);
    try (SpikeInterpolator s =
        SpikeInterpolator.open(
            recording("memory", new double[][] {{1}}),
            config(0.5, "center", 1, null, null),
            false)) {
      SpikeInterpolator.SpikeSampler sampler = (SpikeInterpolator.SpikeSampler) s.sampler(finish);
      FailingArena.check(7, arena -> sampler.cursor(3, arena));
    }
  }
}
