/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.intervals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NanPolicy;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Sampler;
import org.syncline.device.support.ColumnConfigs;
import org.syncline.device.support.FailingArena;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.Normalization;

class TimeIntervalInterpolatorTest {
  @TempDir Path temp;

  private static byte[] bytes(Tensor t) {
    return t.data().toArray(ValueLayout.JAVA_BYTE);
  }

  private Path recording(String name, double[]... labels) throws Exception {
    Path folder = Files.createDirectories(temp.resolve(name));
    StringBuilder meta =
        new StringBuilder("modality: time_interval\nstart_time: 0\nend_time: 10\nlabels:\n");
    for (int i = 0; i < labels.length; i++) {
      meta.append("  l").append(i).append(": l").append(i).append(".npy\n");
      NpyFile.write(folder.resolve("l" + i + ".npy"), labels[i], labels[i].length / 2, 2);
    }
    if (labels.length == 0) {
      meta.append("  {}\n");
    }
    Files.writeString(folder.resolve("meta.yml"), meta);
    return folder;
  }

  private static TimeIntervalInterpolator open(Path folder) {
    return TimeIntervalInterpolator.open(folder, ColumnConfigs.config(), false);
  }

  @Test
  void equalsTheGoldens() {
    Goldens.Golden golden = Goldens.unpack("spikes-and-labels", temp);
    int run = 0;
    for (Map<String, Object> call : golden.calls()) {
      if (!call.get("device").equals("labels")) {
        continue;
      }
      try (TimeIntervalInterpolator labels = open(golden.experiment().resolve("labels"))) {
        Interpolation found = labels.interpolate(golden.array(call.get("times")).doubles());
        NpyFile values = golden.array(call.get("values"));
        assertArrayEquals(values.shape(), found.values().shape());
        assertEquals(ElementType.BOOL, found.values().type());
        byte[] actual = bytes(found.values());
        for (int i = 0; i < actual.length; i++) {
          assertEquals(values.get(i), actual[i]);
        }
        assertArrayEquals(
            golden.array(call.get("valid")).doubles(),
            Arrays.stream(found.valid()).asDoubleStream().toArray());
        assertEquals(List.of("test", "train"), labels.labels());
      }
      run++;
    }
    assertEquals(2, run);
  }

  @Test
  void membershipIsHalfOpen() throws Exception {
    try (TimeIntervalInterpolator s =
        open(recording("open", new double[] {1, 2, 2, 3, 5, 5}, new double[] {2.5, 4}))) {
      Interpolation found =
          s.interpolate(new double[] {5, 0.5, 1, 2, 2.75, 3, Double.NaN, 11, 4, 0});
      assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 8, 9}, found.valid());
      assertArrayEquals(
          new byte[] {0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0}, bytes(found.values()));
    }
  }

  @Test
  void equalsTheDefinition() throws Exception {
    long seed = 3;
    System.out.println("TimeIntervalInterpolatorTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      double[] flat = new double[2 * random.nextInt(1, 12)];
      for (int i = 0; i < flat.length; i += 2) {
        flat[i] = random.nextInt(40) / 4.0;
        flat[i + 1] = flat[i] + random.nextInt(-1, 8) / 4.0;
      }
      double[] times = random.doubles(100).map(x -> Math.rint(x * 80) / 8).toArray();
      if (round % 2 == 0) {
        Arrays.sort(times);
      }
      try (TimeIntervalInterpolator s = open(recording("d" + round, flat));
          LogCapture log = new LogCapture()) {
        byte[] found = bytes(s.interpolate(times).values());
        for (int k = 0; k < times.length; k++) {
          boolean expected = false;
          for (int i = 0; i < flat.length; i += 2) {
            expected |= times[k] >= flat[i] && times[k] < flat[i + 1];
          }
          assertEquals(expected ? 1 : 0, found[k]);
        }
        for (String warning : log.messages()) {
          assertTrue(warning.contains("Invalid interval"), warning);
        }
      }
    }
  }

  @Test
  void warnsOfInvertedIntervalsAndEmptyLabels() throws Exception {
    Path folder = recording("warn", new double[] {3, 1, 4, 5}, new double[0]);
    try (TimeIntervalInterpolator s = open(folder);
        LogCapture log = new LogCapture()) {
      assertArrayEquals(
          new byte[] {0, 0, 1, 0}, bytes(s.interpolate(new double[] {2, 4}).values()));
      assertEquals(2, log.messages().size());
      assertTrue(
          log.messages().get(0).contains("label: l0")
              && log.messages().get(0).contains("(3.0, 1.0)"));
      assertTrue(log.messages().get(1).contains("label: l1"));
      s.sampler(Finish.NONE);
      assertEquals(4, log.messages().size());
      assertArrayEquals(new long[] {0, 2}, s.interpolate(new double[] {-1}).values().shape());
      assertTrue(log.messages().get(4).contains("none of 1 times"));
    }
  }

  @Test
  void samplesFinishedValues() throws Exception {
    Path folder = recording("finish", new double[] {1, 2}, new double[] {1.5, 9});
    double[] times = {1, 1.5, 2};
    try (TimeIntervalInterpolator s = open(folder);
        Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(64);
      Sampler plain = s.sampler(Finish.NONE);
      assertEquals(ElementType.BOOL, plain.type());
      assertArrayEquals(new long[] {3, 2}, plain.shape(3));
      try (Sampler.Cursor cursor = plain.cursor(3)) {
        assertEquals(3, cursor.read(times, 3, dst, 1));
        assertArrayEquals(
            new byte[] {1, 0, 1, 1, 0, 1}, dst.asSlice(1, 6).toArray(ValueLayout.JAVA_BYTE));
        assertEquals(1, cursor.read(new double[] {10, 10.5}, 2, dst, 0));
      }
      Finish normalise =
          new Finish(
              List.of(),
              new Normalization(new double[] {0.5}, new double[] {0.25}),
              NanPolicy.KEEP,
              null);
      Sampler scaled = s.sampler(normalise);
      assertEquals(ElementType.FLOAT32, scaled.type());
      try (Sampler.Cursor cursor = scaled.cursor(3)) {
        assertEquals(3, cursor.read(times, 3, dst, 0));
        assertArrayEquals(
            new float[] {2, -2, 2, 2, -2, 2},
            dst.asSlice(0, 24).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
      }
      Sampler floats = s.sampler(new Finish(List.of(), null, NanPolicy.KEEP, ElementType.FLOAT32));
      try (Sampler.Cursor cursor = floats.cursor(3)) {
        assertEquals(3, cursor.read(times, 3, dst, 0));
        assertArrayEquals(
            new float[] {1, 0, 1, 1, 0, 1},
            dst.asSlice(0, 24).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
      }
    }
  }

  @Test
  void selectsLabels() throws Exception {
    Path folder =
        recording("select", new double[] {1, 2}, new double[] {3, 4}, new double[] {5, 6});
    ModalityConfig config = ColumnConfigs.config(0.3, "center", 0, new int[] {2, 0}, null);
    try (TimeIntervalInterpolator s = TimeIntervalInterpolator.open(folder, config, true)) {
      assertEquals(List.of("l2", "l0"), s.labels());
      assertArrayEquals(
          new byte[] {0, 1, 1, 0}, bytes(s.interpolate(new double[] {1, 5}).values()));
    }
    ModalityConfig wrong = ColumnConfigs.config(0.3, "center", 0, null, new long[] {2});
    assertThrows(ConfigException.class, () -> TimeIntervalInterpolator.open(folder, wrong, true));
  }

  @Test
  void refusesWrongFiles() throws Exception {
    Path shape = recording("shape", new double[] {1, 2});
    NpyFile.write(shape.resolve("l0.npy"), new double[] {1, 2, 3}, 1, 3);
    Path missing = recording("missing", new double[] {1, 2});
    Files.delete(missing.resolve("l0.npy"));
    for (Path folder : List.of(shape, missing)) {
      RecordingException e = assertThrows(RecordingException.class, () -> open(folder));
      assertTrue(e.getMessage().contains("l0.npy"), e.getMessage());
    }
  }

  @Test
  void closedIsClosed() throws Exception {
    TimeIntervalInterpolator s = open(recording("closed", new double[] {1, 2}));
    Sampler.Cursor cursor = s.sampler(Finish.NONE).cursor(1);
    s.close();
    s.close();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment dst = arena.allocate(8);
      assertThrows(ClosedException.class, () -> cursor.read(new double[] {1}, 1, dst, 0));
    }
    assertThrows(ClosedException.class, () -> s.interpolate(new double[] {1}));
    cursor.close();
  }

  @Test
  void aCursorWithoutMemoryLeavesNone() throws Exception {
    Finish finish = new Finish(List.of(), null, NanPolicy.KEEP, ElementType.FLOAT32);
    try (TimeIntervalInterpolator s = open(recording("memory", new double[] {1, 2}))) {
      TimeIntervalInterpolator.LabelSampler sampler =
          (TimeIntervalInterpolator.LabelSampler) s.sampler(finish);
      FailingArena.check(1, arena -> sampler.cursor(3, arena));
    }
  }
}
