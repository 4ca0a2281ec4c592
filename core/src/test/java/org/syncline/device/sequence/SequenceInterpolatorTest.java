/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NanPolicy;
import org.syncline.config.Target;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Sampler;
import org.syncline.device.support.FailingArena;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.Normalization;

class SequenceInterpolatorTest {
  /** 10 Hz from 5 s to 6 s; value of row r, column c: 10 r + c. */
  private static final String REGULAR =
      "sampling_rate: 10\nstart_time: 5.0\nend_time: 6.0\nn_signals: 3\n";

  private static final int ROWS = 10;

  @TempDir Path parent;

  private static double[] ramp(int rows, int columns) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / columns * 10 + i % columns;
    }
    return values;
  }

  private Path regular(String descr) {
    Path folder = Sequences.folder(parent, "device", REGULAR);
    Sequences.data(folder.resolve("data.npy"), descr, ramp(ROWS, 3), ROWS, 3, false);
    return folder;
  }

  private static Interpolator open(Path folder, ModalityConfig config) {
    return Registry.EMPTY.open(folder, config, false);
  }

  private static double[] doubles(Tensor t) {
    double[] out = new double[(int) t.elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          switch (t.type()) {
            case FLOAT64 -> t.data().getAtIndex(JAVA_DOUBLE, i);
            case FLOAT32 -> t.data().getAtIndex(JAVA_FLOAT, i);
            case FLOAT16 -> Float.float16ToFloat(t.data().getAtIndex(JAVA_SHORT, i));
            case INT16 -> t.data().getAtIndex(JAVA_SHORT, i);
            case UINT8 -> t.data().get(JAVA_BYTE, i) & 0xff;
            default -> throw new AssertionError(t.type());
          };
    }
    return out;
  }

  private static double[] firstColumn(Interpolator device, double... times) {
    Tensor t = device.interpolate(times).values();
    double[] all = doubles(t);
    double[] first = new double[(int) t.shape()[0]];
    for (int i = 0; i < first.length; i++) {
      first[i] = all[i * (int) t.shape()[1]];
    }
    return first;
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f4", ">f4", "<f8", ">f8", "<f2", "<i2", ">i2", "|u1"})
  void readsEveryStorageAlike(String descr) {
    double[] times = {5.95, 5.0, Double.NaN, 5.31, 5.31, 4.99, 6.0, 5.9};
    double[] want = {90, 91, 92, 0, 1, 2, 30, 31, 32, 30, 31, 32, 90, 91, 92};
    for (boolean fortran : new boolean[] {false, true}) {
      for (boolean cache : new boolean[] {false, true}) {
        Path folder = Sequences.folder(parent, "d" + fortran + cache, REGULAR);
        Sequences.data(folder.resolve("data.npy"), descr, ramp(ROWS, 3), ROWS, 3, fortran);
        try (Interpolator device =
            Registry.EMPTY.open(folder, Sequences.config("previous"), cache)) {
          Interpolation got = device.interpolate(times);
          // 6.0 is in the valid interval, its row 10 past the data
          assertArrayEquals(new int[] {0, 1, 3, 4, 7}, got.valid());
          assertArrayEquals(want, doubles(got.values()));
          assertArrayEquals(new long[] {5, 3}, got.values().shape());
        }
        try (Interpolator device = Registry.EMPTY.open(folder, Sequences.config("linear"), cache)) {
          Interpolation got = device.interpolate(new double[] {5.25, 5.95});
          assertArrayEquals(new int[] {0}, got.valid());
          assertEquals(ElementType.FLOAT64, got.values().type());
          assertArrayEquals(new double[] {25, 26, 27}, doubles(got.values()), 1e-12);
        }
      }
    }
  }

  @Test
  void rawDataCachedBecomesFloat32() {
    Path folder =
        Sequences.folder(
            parent, "raw", REGULAR + "is_mem_mapped: true\ndtype: int16\nn_timestamps: 10\n");
    Sequences.data(folder.resolve("data.mem"), "<i2", ramp(ROWS, 3), ROWS, 3, false);
    try (Interpolator plain = open(folder, Sequences.config("previous"));
        Interpolator cached = Registry.EMPTY.open(folder, Sequences.config("previous"), true)) {
      assertEquals(ElementType.INT16, plain.interpolate(new double[] {5.5}).values().type());
      Tensor values = cached.interpolate(new double[] {5.5}).values();
      assertEquals(ElementType.FLOAT32, values.type());
      assertArrayEquals(new double[] {50, 51, 52}, doubles(values));
    }
  }

  @Test
  void nearestTakesTheNearerRowAndTheEarlierAtATie() {
    Path folder =
        Sequences.folder(parent, "n", "sampling_rate: 4\nstart_time: 0.0\nend_time: 2.0\n");
    Sequences.data(folder.resolve("data.npy"), "<f4", ramp(8, 1), 8, 1, false);
    try (Interpolator device = open(folder, Sequences.config("nearest"))) {
      // the last time is nearer to a row that does not exist
      assertArrayEquals(
          new double[] {0, 0, 10, 20, 70, 70},
          firstColumn(device, 0.1, 0.125, 0.1251, 0.4, 1.75, 1.9));
    }
  }

  /** A grid midway between samples takes each once, whatever the last bits of times are. */
  @Test
  void nearestTakesEachSampleOnceOnAGridMidwayBetweenThem() {
    int rows = 4000;
    for (double start : new double[] {0, 1e3, 1.7e9}) {
      for (int rate : new int[] {8, 10, 30, 1000}) {
        for (String kind : new String[] {"regular", "shifted", "irregular"}) {
          String name = kind + (long) start + "-" + rate;
          Path folder =
              Sequences.folder(
                  parent,
                  name,
                  kind.equals("irregular")
                      ? ""
                      : "sampling_rate: %d\nstart_time: %s\nend_time: %s\n%s"
                          .formatted(
                              rate,
                              Double.toString(start),
                              Double.toString(start + (double) rows / rate),
                              kind.equals("shifted") ? "phase_shift_per_signal: true\n" : ""));
          Sequences.data(folder.resolve("data.npy"), "<f8", ramp(rows, 9), rows, 9, false);
          double[] times = new double[rows - 3];
          double[] expected = new double[times.length];
          for (int k = 0; k < times.length; k++) {
            times[k] = start + (2 * k + 3) / (2.0 * rate);
            expected[k] = 10.0 * (k + 1);
          }
          if (kind.equals("irregular")) {
            double[] stored = new double[rows];
            Arrays.setAll(stored, k -> start + (double) k / rate);
            NpyFile.write(folder.resolve("timestamps.npy"), stored, rows);
          } else if (kind.equals("shifted")) {
            // half of the signals a sample earlier
            double[] shifts = new double[9];
            Arrays.setAll(shifts, j -> j % 2 == 0 ? 0 : 1.0 / rate);
            NpyFile.write(folder.resolve("meta/phase_shifts.npy"), shifts, 9);
          }
          try (Interpolator device = open(folder, Sequences.config("nearest"))) {
            double[] got = doubles(device.interpolate(times).values());
            assertEquals(times.length * 9, got.length, name);
            for (int k = 0; k < times.length; k++) {
              for (int j = 0; j < 9; j++) {
                double earlier = kind.equals("shifted") && j % 2 == 1 ? 10 : 0;
                assertEquals(expected[k] - earlier + j, got[k * 9 + j], name + ", time " + k);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void selectsColumnsByIndexAndByUnit() {
    Path folder = regular("<f4");
    NpyFile.write(folder.resolve("meta/unit_ids.npy"), new double[] {100, 7, 55}, 3);
    for (ModalityConfig config :
        List.of(
            Sequences.config(Sequences.interpolation("previous", false), new int[] {2, 0}, null),
            Sequences.config(
                Sequences.interpolation("previous", false), null, new long[] {55, 100}))) {
      try (Interpolator device = open(folder, config)) {
        assertArrayEquals(
            new double[] {42, 40}, doubles(device.interpolate(new double[] {5.45}).values()));
        SequenceInterpolator sequence = assertInstanceOf(SequenceInterpolator.class, device);
        assertArrayEquals(
            new double[] {3, 1}, sequence.columns().orElseThrow().select(new double[] {1, 2, 3}));
        assertEquals(2, sequence.signals());
        assertEquals(3, sequence.storedSignals());
      }
    }
    InterpolationConfig previous = Sequences.interpolation("previous", false);
    assertThrows(
        ConfigException.class, () -> open(folder, Sequences.config(previous, new int[] {3}, null)));
    assertThrows(
        ConfigException.class,
        () -> open(folder, Sequences.config(previous, null, new long[] {8})));
    assertThrows(
        ConfigException.class,
        () -> open(folder, Sequences.config(previous, new int[] {0}, new long[] {7})));
  }

  @Test
  void irregularSequencesFollowTheirTimestamps() {
    Path folder = Sequences.folder(parent, "wheel", "");
    Sequences.data(folder.resolve("data.npy"), "<f8", ramp(4, 1), 4, 1, false);
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {1, 2, 4, 8}, 4);
    try (Interpolator device = open(folder, Sequences.config("previous"))) {
      assertEquals(1, device.startTime());
      assertEquals(8, device.endTime());
      assertArrayEquals(
          new double[] {0, 0, 10, 10, 20, 30},
          firstColumn(device, 0.5, 1, 1.99, 2, 3.99, 7.9, 8, 8.1));
    }
    try (Interpolator device = open(folder, Sequences.config("nearest"))) {
      assertArrayEquals(new double[] {10, 10, 20, 20}, firstColumn(device, 2.9, 3, 3.01, 6));
    }
    try (Interpolator device = open(folder, Sequences.config("linear"))) {
      assertArrayEquals(new double[] {5, 10, 15, 25}, firstColumn(device, 1.5, 2, 3, 6, 8));
    }
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {1, 2, 2, 8}, 4);
    RecordingException e =
        assertThrows(RecordingException.class, () -> open(folder, Sequences.config("previous")));
    assertTrue(e.getMessage().contains("element 2"), e.getMessage());
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {1, 2, 3}, 3);
    assertThrows(RecordingException.class, () -> open(folder, Sequences.config("previous")));
  }

  @Test
  void timestampsBesideARateAreIgnored() {
    Path folder = regular("<f4");
    NpyFile.write(folder.resolve("timestamps.npy"), new double[] {9, 8}, 2);
    try (Interpolator device = open(folder, Sequences.config("previous"))) {
      assertArrayEquals(new double[] {30}, firstColumn(device, 5.35));
    }
  }

  @Test
  void phaseShiftsMoveEachSignal() {
    Path folder = Sequences.folder(parent, "phase", REGULAR + "phase_shift_per_signal: true\n");
    Sequences.data(folder.resolve("data.npy"), "<f4", ramp(ROWS, 3), ROWS, 3, false);
    NpyFile.write(folder.resolve("meta/phase_shifts.npy"), new double[] {0, 0.05, 0.26}, 3);
    try (Interpolator device = open(folder, Sequences.config("previous"))) {
      assertInstanceOf(PhaseShiftedSequenceInterpolator.class, device);
      assertEquals(5.26, device.validInterval().start());
      assertEquals(6.0, device.validInterval().end());
      assertArrayEquals(
          new double[] {40, 31, 12}, doubles(device.interpolate(new double[] {5.42}).values()));
    }
    try (Interpolator device = open(folder, Sequences.config("nearest"))) {
      assertArrayEquals(
          new double[] {40, 41, 22}, doubles(device.interpolate(new double[] {5.42}).values()));
    }
    try (Interpolator device = open(folder, Sequences.config("linear"))) {
      Interpolation got = device.interpolate(new double[] {5.42, 5.97});
      assertArrayEquals(new int[] {0}, got.valid());
      assertArrayEquals(new double[] {42, 38, 18}, doubles(got.values()), 1e-9);
    }
    int[] columns = {2, 0};
    try (Interpolator device =
        open(folder, Sequences.config(Sequences.interpolation("previous", false), columns, null))) {
      assertArrayEquals(
          new double[] {12, 40}, doubles(device.interpolate(new double[] {5.42}).values()));
    }
  }

  @Test
  void shiftsFartherApartThanTheRecordingReadNothing() {
    double[][] shifts = {{0, 1e9, 0}, {-1e300, 0, 1e300}};
    for (double[] apart : shifts) {
      for (boolean fortran : new boolean[] {false, true}) {
        Path folder = Sequences.folder(parent, "far", REGULAR + "phase_shift_per_signal: true\n");
        Sequences.data(folder.resolve("data.npy"), "<f4", ramp(ROWS, 3), ROWS, 3, fortran);
        NpyFile.write(folder.resolve("meta/phase_shifts.npy"), apart, 3);
        for (String mode : new String[] {"previous", "nearest", "linear"}) {
          try (Interpolator device = open(folder, Sequences.config(mode))) {
            assertEquals(0, device.interpolate(new double[] {5.5}).valid().length);
          }
        }
      }
    }
  }

  @Test
  void shiftsWhoseRowsCannotBeCopiedNameTheirFile() {
    Path folder =
        Sequences.folder(
            parent,
            "wide",
            "sampling_rate: 10\nstart_time: 0\nend_time: 3e8\nphase_shift_per_signal: true\n");
    NpyFile.writeSparse(folder.resolve("data.npy"), "|u1", (1L << 31) + 8, 2);
    NpyFile.write(folder.resolve("meta/phase_shifts.npy"), new double[] {0, 2.5e8}, 2);
    InterpolationConfig previous = Sequences.interpolation("previous", false);
    try (Interpolator device = open(folder, Sequences.config(previous, new int[] {1, 0}, null))) {
      SequenceSampler sampler = (SequenceSampler) device.fused(Finish.NONE).orElseThrow();
      Arena scratch = Arena.ofConfined();
      RecordingException e =
          assertThrows(RecordingException.class, () -> sampler.cursor(1, scratch));
      assertTrue(e.file().endsWith("phase_shifts.npy"), e.getMessage());
      assertTrue(e.found().contains("from 0.0 to 250000000 s"), e.getMessage());
      assertFalse(scratch.scope().isAlive());
    }
  }

  @Test
  void normalisesInTheFloatingTypeOfTheValues() {
    Path folder = regular("<i2");
    NpyFile.write(folder.resolve("meta/means.npy"), new double[] {1, 2, 3}, 1, 3);
    NpyFile.write(folder.resolve("meta/stds.npy"), new double[] {4, 0.001, Double.NaN}, 3, 1);
    InterpolationConfig options =
        InterpolationConfig.builder()
            .normalize(true)
            .normalizeSubtractMean(true)
            .normalizeStdThreshold(0.5)
            .build();
    try (Interpolator device = open(folder, Sequences.config(options))) {
      Tensor values = device.interpolate(new double[] {5.15}).values();
      assertEquals(ElementType.FLOAT32, values.type());
      double floor = 0.5 * (4.001 / 2);
      assertArrayEquals(new double[] {9 / 4.0, 9 / floor, 9 / floor}, doubles(values), 1e-5);
    }
    Finish finish =
        new Finish(
            List.of(),
            new Normalization(new double[] {1, 2, 3}, new double[] {2, 3, 4}),
            NanPolicy.KEEP,
            ElementType.FLOAT16);
    try (Interpolator device = open(folder, Sequences.config("previous"));
        Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = device.fused(finish).orElseThrow().cursor(4)) {
      MemorySegment dst = arena.allocate(4 * 3 * 2, 64);
      assertEquals(2, cursor.read(new double[] {5.15, 5.16}, 2, dst, 0));
      for (int i = 0; i < 6; i++) {
        float want = (10f + i % 3 - (1 + i % 3)) / (2 + i % 3);
        assertEquals(
            Float.float16ToFloat(Float.floatToFloat16(want)),
            Float.float16ToFloat(dst.getAtIndex(JAVA_SHORT, i)));
      }
      assertThrows(IllegalArgumentException.class, () -> cursor.read(new double[5], 5, dst, 0));
    }
  }

  /** What NumPy gives for float16 arrays: each operation rounds to float16, statistics first. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT16, true, false",
    "FLOAT16, true, true",
    "FLOAT16, false, false",
    "FLOAT16, false, true",
    "FLOAT32, true, false",
    "FLOAT64, true, true"
  })
  void float16IsNormalisedInFloat16(ElementType type, boolean subtract, boolean scalar) {
    int columns = 67;
    double[] stored = new double[ROWS * columns];
    double[] means = new double[scalar ? 1 : columns];
    double[] stds = new double[means.length];
    SplittableRandom random = new SplittableRandom(3);
    Arrays.setAll(stored, i -> i % 61 == 0 ? Double.NaN : random.nextDouble(-900, 900));
    Arrays.setAll(means, j -> random.nextDouble(-10, 10));
    Arrays.setAll(stds, j -> random.nextDouble(0.3, 70));
    Path folder =
        Sequences.folder(parent, "halves", REGULAR.replace("n_signals: 3", "n_signals: 67"));
    Sequences.data(folder.resolve("data.npy"), "<f2", stored, ROWS, columns, false);
    Normalization normalization = new Normalization(subtract ? means : null, stds);
    Finish finish = new Finish(List.of(), normalization, NanPolicy.KEEP, type);
    try (Interpolator device = open(folder, Sequences.config("previous"));
        Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = device.fused(finish).orElseThrow().cursor(2)) {
      MemorySegment dst = arena.allocate(2L * columns * type.bytes(), 64);
      assertEquals(2, cursor.read(new double[] {5.15, 5.35}, 2, dst, 0));
      double[] got = doubles(new Tensor(type, new long[] {2, columns}, dst));
      for (int i = 0; i < got.length; i++) {
        int j = i % columns;
        double x = half(stored[(i < columns ? 1 : 3) * columns + j]);
        double mean = half(means[scalar ? 0 : j]);
        double centred = subtract ? half(x - mean) : x;
        assertEquals(half(centred / half(stds[scalar ? 0 : j])), got[i], "element " + i);
      }
    }
  }

  /**
   * A file that shrinks between the page guard and the kernel cannot be had when a test wants it;
   * memory to write to whose file shrank faults in the kernel likewise. Rows of three values are
   * plain code at every width of vectors, for compiled vector code would end the process.
   */
  @Test
  void faultsInKernelsAreErrorsOfTheRecording() throws IOException {
    Path folder = regular("<f4");
    Path shrunk = Files.write(parent.resolve("shrunk"), new byte[8192]);
    try (Interpolator device = open(folder, Sequences.config("previous"));
        Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(shrunk, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Sampler.Cursor cursor = device.fused(Finish.NONE).orElseThrow().cursor(1)) {
      MemorySegment dst = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8192, arena);
      channel.truncate(0);
      RecordingException e =
          assertThrows(
              RecordingException.class, () -> cursor.read(new double[] {5.15}, 1, dst, 4096));
      assertInstanceOf(InternalError.class, e.getCause());
    }
  }

  private static double half(double v) {
    return Float.float16ToFloat(Float.floatToFloat16((float) v));
  }

  @Test
  void policiesForNaN() {
    Path folder = Sequences.folder(parent, "nan", REGULAR);
    double[] values = ramp(ROWS, 3);
    values[3 * 3 + 1] = Double.NaN; // row 3
    for (int r = 0; r < ROWS; r++) {
      values[r * 3 + 2] = Double.NaN;
    }
    values[4 * 3] = Double.POSITIVE_INFINITY;
    Sequences.data(folder.resolve("data.npy"), "<f4", values, ROWS, 3, false);
    double[] times = {5.25, 5.35, 5.75};
    try (Interpolator device = open(folder, Sequences.config("previous"))) {
      assertArrayEquals(
          new double[] {20, 21, 0, 30, 46, 0, 70, 71, 0}, read(device, NanPolicy.MEAN, times, 4));
      assertArrayEquals(
          new double[] {20, 21, -1, 30, -1, -1, 70, 71, -1},
          read(device, NanPolicy.value(-1), times, 4));
      assertEquals(Double.NaN, read(device, NanPolicy.KEEP, times, 0)[2]);
      RecordingException e =
          assertThrows(RecordingException.class, () -> read(device, NanPolicy.FAIL, times, 0));
      assertTrue(
          e.getMessage().contains("column 2") && e.getMessage().contains("5.25"), e.getMessage());
      List<Long> rows = new ArrayList<>();
      ((SequenceInterpolator) device).forEachNaNRow(rows::add);
      assertEquals(ROWS, rows.size());
      Normalization statistics = ((SequenceInterpolator) device).statistics();
      assertEquals((1 + 11 + 21 + 41 + 51 + 61 + 71 + 81 + 91) / 9.0, statistics.means()[1], 1e-9);
      assertTrue(Double.isNaN(statistics.means()[2]));
    }
    try (Interpolator device = open(folder, Sequences.config("linear"))) {
      double[] got = doubles(device.interpolate(new double[] {5.05, 5.3, 5.85}).values());
      assertEquals((6 + 86) / 2.0, got[4], 1e-9);
      assertTrue(Double.isNaN(got[2]));
    }
  }

  private static double[] read(
      Interpolator device, NanPolicy policy, double[] times, int replaced) {
    Finish finish = new Finish(List.of(), null, policy, null);
    try (Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = device.fused(finish).orElseThrow().cursor(times.length)) {
      MemorySegment dst = arena.allocate(times.length * 3 * 4L, 64);
      assertEquals(times.length, cursor.read(times, times.length, dst, 0));
      assertEquals(replaced, cursor.replacedNaNs());
      double[] out = new double[times.length * 3];
      for (int i = 0; i < out.length; i++) {
        out[i] = dst.getAtIndex(JAVA_FLOAT, i);
      }
      return out;
    }
  }

  @Test
  void findsRowsWithNaNAcrossBlocks() {
    int rows = 50_000;
    Path folder =
        Sequences.folder(parent, "long", "sampling_rate: 100\nstart_time: 0\nend_time: 500\n");
    double[] values = new double[rows * 2];
    values[2 * 17] = Double.NaN;
    values[2 * 32_768 + 1] = Double.NaN;
    values[2 * 49_999] = Double.NaN;
    for (boolean fortran : new boolean[] {false, true}) {
      Sequences.data(folder.resolve("data.npy"), "<f4", values, rows, 2, fortran);
      InterpolationConfig previous = Sequences.interpolation("previous", false);
      try (Interpolator device = open(folder, Sequences.config(previous, new int[] {0}, null))) {
        List<Long> found = new ArrayList<>();
        ((SequenceInterpolator) device).forEachNaNRow(found::add);
        assertEquals(List.of(17L, 32_768L, 49_999L), found); // also the signal that is not selected
      }
    }
  }

  @Test
  void noSignalsAndNoTimes() {
    Path folder =
        Sequences.folder(
            parent, "none", "sampling_rate: 10\nstart_time: 5.0\nend_time: 6.0\nn_signals: 0\n");
    NpyFile.write(folder.resolve("data.npy"), "<f4", false, new long[] {ROWS, 0}, new byte[0]);
    try (Interpolator device = open(folder, Sequences.config("previous"))) {
      Interpolation got = device.interpolate(new double[] {5.5, 7});
      assertArrayEquals(new long[] {1, 0}, got.values().shape());
      assertArrayEquals(new int[] {0}, got.valid());
      assertEquals(0, ((SequenceInterpolator) device).statistics().means().length);
    }
    try (Interpolator device = open(regular("<i2"), Sequences.config("linear"))) {
      Interpolation got = device.interpolate(new double[] {1, Double.NaN});
      assertArrayEquals(new long[] {0, 3}, got.values().shape());
      assertEquals(ElementType.FLOAT64, got.values().type());
    }
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    Path folder = regular("<f4");
    Target target = Target.of("my.Own", Map.of("a", 1L)).at("interpolation", "config.yaml:3");
    InterpolationConfig custom = InterpolationConfig.builder().target(target).build();
    ConfigException unknown =
        assertThrows(ConfigException.class, () -> open(folder, Sequences.config(custom)));
    assertTrue(unknown.getMessage().contains("my.Own"), unknown.getMessage());
    try (Interpolator own = open(folder, Sequences.config("previous"))) {
      BiFunction<Path, Map<String, Object>, Interpolator> factory =
          (f, arguments) -> {
            assertEquals(folder, f);
            assertEquals(Map.of("a", 1L), arguments);
            return own;
          };
      assertTrue(
          own
              == Registry.builder()
                  .interpolator("my.Own", factory)
                  .build()
                  .open(folder, Sequences.config(custom), false));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              own.fused(new Finish(List.of(), null, NanPolicy.KEEP, ElementType.INT16))
                  .orElseThrow());
      assertThrows(
          IllegalArgumentException.class,
          () ->
              own.fused(
                      new Finish(
                          List.of(),
                          new Normalization(null, new double[] {1, 2}),
                          NanPolicy.KEEP,
                          null))
                  .orElseThrow());
    }
  }

  @Test
  void aFileThatShrinksIsAnExceptionNotACrash() throws IOException {
    int rows = 100_000;
    Path folder =
        Sequences.folder(parent, "shrink", "sampling_rate: 10\nstart_time: 0\nend_time: 10000\n");
    Path file = folder.resolve("data.npy");
    NpyFile.writeSparse(file, "<f4", rows, 64);
    try (Interpolator device = open(folder, Sequences.config("previous"));
        Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = device.fused(Finish.NONE).orElseThrow().cursor(1)) {
      MemorySegment dst = arena.allocate(64 * 4, 64);
      for (int i = 0; i < 5000; i++) {
        cursor.read(new double[] {i}, 1, dst, 0);
      }
      try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
        out.setLength(1 << 20);
      }
      RecordingException e =
          assertThrows(RecordingException.class, () -> cursor.read(new double[] {9000}, 1, dst, 0));
      assertTrue(e.getMessage().contains("data.npy"), e.getMessage());
    }
  }

  @Test
  void useAfterCloseAndCloseUnderReaders() throws InterruptedException {
    Path folder = regular("<f4");
    for (int round = 0; round < 5; round++) {
      Interpolator device = open(folder, Sequences.config(round % 2 == 0 ? "previous" : "linear"));
      Sampler sampler = device.fused(Finish.NONE).orElseThrow();
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      AtomicInteger reads = new AtomicInteger();
      List<Thread> readers = new ArrayList<>();
      for (int k = 0; k < 2; k++) {
        Thread thread =
            new Thread(
                () -> {
                  try (Arena arena = Arena.ofConfined();
                      Sampler.Cursor cursor = sampler.cursor(3)) {
                    MemorySegment dst = arena.allocate(3 * 3 * 8, 64);
                    while (true) {
                      cursor.read(new double[] {5.1, 5.2, 5.3}, 3, dst, 0);
                      device.interpolate(new double[] {5.4});
                      reads.incrementAndGet();
                    }
                  } catch (ClosedException expected) {
                    // how it shall end
                  } catch (Throwable t) {
                    wrong.set(t);
                  }
                });
        thread.start();
        readers.add(thread);
      }
      while (reads.get() < 200 && wrong.get() == null) {
        Thread.onSpinWait();
      }
      device.close();
      device.close();
      for (Thread reader : readers) {
        reader.join(20_000);
        assertFalse(reader.isAlive());
      }
      assertEquals(null, wrong.get());
      assertThrows(ClosedException.class, () -> device.interpolate(new double[] {5.1}));
      assertThrows(ClosedException.class, () -> device.fused(Finish.NONE).orElseThrow());
      assertThrows(ClosedException.class, () -> sampler.cursor(1));
      assertThrows(ClosedException.class, () -> ((SequenceInterpolator) device).statistics());
    }
  }

  @Test
  void metadataOfTheFolderIsUntouched() throws IOException {
    Path folder = regular("<f4");
    try (Interpolator device = Registry.EMPTY.open(folder, Sequences.config("linear"), true)) {
      device.interpolate(new double[] {5.5});
    }
    try (var files = Files.walk(folder)) {
      assertEquals(4, files.count()); // the folder, meta, meta.yml, data.npy
    }
  }

  @Test
  void aCursorWithoutMemoryLeavesNone() {
    InterpolationConfig previous = Sequences.interpolation("previous", false);
    try (Interpolator device =
        open(regular("<f4"), Sequences.config(previous, new int[] {1, 0}, null))) {
      SequenceSampler sampler = (SequenceSampler) device.fused(Finish.NONE).orElseThrow();
      FailingArena.check(1, arena -> sampler.cursor(3, arena));
    }
  }

  /** Rounding by way of float32, as torch does, would meet the tie there and give 1. */
  @Test
  void aMeanInPlaceOfNaNIsRoundedOnce() {
    Path folder =
        Sequences.folder(parent, "once", "sampling_rate: 10\nstart_time: 5.0\nend_time: 6.0\n");
    double[] values = {2, 2.015625, 0x1p-24, 0, Double.NaN};
    Sequences.data(folder.resolve("data.npy"), "<f2", values, 5, 1, false);
    Finish finish = new Finish(List.of(), null, NanPolicy.MEAN, ElementType.BFLOAT16);
    try (Interpolator device = open(folder, Sequences.config("previous"));
        Arena arena = Arena.ofConfined();
        Sampler.Cursor cursor = device.fused(finish).orElseThrow().cursor(5)) {
      MemorySegment dst = arena.allocate(10);
      double[] times = {5.05, 5.15, 5.25, 5.35, 5.45};
      assertEquals(5, cursor.read(times, 5, dst, 0));
      assertEquals(0x3F81, dst.getAtIndex(JAVA_SHORT, 4));
      assertEquals(1, cursor.replacedNaNs());
    }
  }

  @Test
  void theFloorOfStdsIsWhatNumPyGives() {
    int n = 9;
    Path folder =
        Sequences.folder(parent, "floor", "sampling_rate: 10\nstart_time: 5.0\nend_time: 6.0\n");
    double[] ones = new double[2 * n];
    Arrays.fill(ones, 1);
    Sequences.data(folder.resolve("data.npy"), "<f8", ones, 2, n, false);
    // running sums lose the small ones after the great one, pairs of them count
    double[] stds = new double[n];
    Arrays.fill(stds, 0x1p-53);
    stds[0] = 1;
    NpyFile.write(folder.resolve("meta/stds.npy"), stds, n);
    InterpolationConfig options =
        InterpolationConfig.builder().normalize(true).normalizeStdThreshold(1d).build();
    try (Interpolator device = open(folder, Sequences.config(options))) {
      double[] values = doubles(device.interpolate(new double[] {5.05}).values());
      double floor = (1 + 0x1p-50) / n;
      assertEquals(1 / floor, values[1]);
    }
  }

  @Test
  void aSignalWithoutDeviationMayBeLeftOut() {
    Path folder =
        Sequences.folder(parent, "flat", "sampling_rate: 10\nstart_time: 5.0\nend_time: 6.0\n");
    Sequences.data(folder.resolve("data.npy"), "<f8", ramp(3, 3), 3, 3, false);
    NpyFile.write(folder.resolve("meta/stds.npy"), new double[] {4, 0, 2}, 3);
    InterpolationConfig options = InterpolationConfig.builder().normalize(true).build();
    try (Interpolator device = open(folder, Sequences.config(options, new int[] {2, 0}, null))) {
      assertArrayEquals(
          new double[] {1, 0}, doubles(device.interpolate(new double[] {5.05}).values()));
    }
    RecordingException error =
        assertThrows(
            RecordingException.class,
            () -> open(folder, Sequences.config(options, new int[] {0, 1}, null)));
    assertTrue(error.getMessage().contains("element 1"), error.getMessage());
  }
}
