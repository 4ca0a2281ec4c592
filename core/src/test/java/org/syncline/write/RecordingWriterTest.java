/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.Experiment;
import org.syncline.FreshJvm;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Problem;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;
import org.syncline.transform.Normalization;

@Tag("any-width")
class RecordingWriterTest {
  @TempDir Path folder;

  private static Tensor floats(long[] shape, double... values) {
    MemorySegment data = Arena.ofAuto().allocate(4L * Math.max(1, values.length), 64);
    for (int i = 0; i < values.length; i++) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
    }
    return new Tensor(ElementType.FLOAT32, shape, data.asSlice(0, 4L * values.length));
  }

  private static Tensor bytes(int value, long... shape) {
    MemorySegment data = Arena.ofAuto().allocate(Tensor.elements(shape), 64);
    data.fill((byte) value);
    return new Tensor(ElementType.UINT8, shape, data);
  }

  private static float[] ramp(int from, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = from + i;
    }
    return values;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private static float[] values(Interpolation found) {
    return found.values().data().toArray(ValueLayout.JAVA_FLOAT);
  }

  private static double[] doubles(Interpolation found) {
    return found.values().data().toArray(ValueLayout.JAVA_DOUBLE);
  }

  /** Writes 20 s of everything. */
  private Path everything() throws IOException {
    Path root = folder.resolve("mouse");
    Path clip = folder.resolve("clip.npy");
    Npy.write(clip, bytes(7, 30, 4, 6));
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      SequenceWriter responses =
          writer.sequence("responses", 10, 100).unitIds(7, 5).phaseShifts(0, 0.01);
      for (int block = 0; block < 4; block++) {
        responses.append(ramp(100 * block, 100), 2);
      }
      SequenceWriter pupil = writer.irregular("eye_tracker").statistics(false);
      for (int i = 0; i < 200; i++) {
        pupil.append(
            floats(new long[] {1}, i), new double[] {100 + 0.1 * i + (i % 2 == 0 ? 0 : 0.03)});
      }
      ScreenWriter screen = writer.screen("screen").frameRate(30).statistics(true);
      double[] frames = new double[270];
      Arrays.setAll(frames, i -> 101 + i / 30.0);
      screen.blank(128, 100, Map.of("tier", "blank"));
      screen.image(bytes(3, 4, 6), 100.5, Map.of("tier", "train", "contrast", 0.5));
      screen.video(bytes(9, 270, 4, 6), frames, Map.of("tier", "train"));
      double[] later = Arrays.stream(frames).limit(30).map(t -> t + 9.5).toArray();
      screen.file(clip, later, Map.of("tier", "oracle", "tags", List.of("a", 1)));
      writer
          .spikes("spikes")
          .range(99.5, 120)
          .unit(100, 100.5, 100.5)
          .unit()
          .unit(new long[] {3_015_000, 3_030_000}, 30_000)
          .unitIds(3, 2, 1);
      Map<String, double[][]> labels = new LinkedHashMap<>();
      labels.put("running/fast", new double[][] {{104, 105}, {101, 102}});
      labels.put("still", new double[0][]);
      writer.intervals("behaviour", labels, 99, 121);
      writer.meta(Map.of("data_key", "mouse-1", "rig", Map.of("room", 3)));
      assertEquals(1, names().stream().filter(n -> n.startsWith(".mouse.writing-")).count());
      assertFalse(Files.exists(root));
      List<Problem> warnings = writer.finish();
      assertTrue(
          warnings.stream().allMatch(w -> w.file().startsWith(root)), () -> warnings.toString());
    }
    assertEquals(List.of("clip.npy", "mouse"), names());
    return root;
  }

  @Test
  void arraysOfTheHeapAreTakenAsNativeMemoryIs() throws IOException {
    Path root = folder.resolve("heap");
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      writer
          .sequence("responses", 10, 0)
          .append(tensor(ElementType.FLOAT64, MemorySegment.ofArray(new double[] {1, 2, 3}), 3, 1))
          .append(tensor(ElementType.FLOAT64, MemorySegment.ofArray(new double[] {4, 5, 6}), 3, 1));
      short[] pixels = {1, 2, 3, 4};
      writer
          .screen("screen")
          .image(
              tensor(ElementType.UINT8, MemorySegment.ofArray(new byte[] {1, 2, 3, 4}), 2, 2),
              0,
              Map.of())
          .video(
              tensor(ElementType.UINT16, MemorySegment.ofArray(pixels), 1, 2, 2),
              new double[] {0.3},
              Map.of());
      writer.finish();
    }
    MemorySegment rows =
        MemorySegment.ofArray(Files.readAllBytes(root.resolve("responses/data.mem")));
    assertArrayEquals(
        new double[] {1, 2, 3, 4, 5, 6}, rows.toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED));
    for (String trial : List.of("00000", "00001")) {
      assertArrayEquals(
          new double[] {1, 2, 3, 4},
          Npy.readDoubles(root.resolve("screen/data/" + trial + ".npy")).values());
    }
  }

  private static Tensor tensor(ElementType type, MemorySegment data, long... shape) {
    return new Tensor(type, shape, data);
  }

  @Test
  void everyModalityIsReadAsItWasWritten() throws IOException {
    Path root = everything();
    Map<String, ModalityConfig> configs = new LinkedHashMap<>();
    for (String device : List.of("responses", "eye_tracker", "screen", "spikes", "behaviour")) {
      configs.put(device, ModalityConfig.builder().build());
    }
    try (Experiment experiment = Experiment.open(root, configs)) {
      Interpolator responses = experiment.device("responses");
      assertArrayEquals(new double[] {100.01, 119.9}, span(responses), 1e-9);
      assertArrayEquals(
          new float[] {20, 19}, values(responses.interpolate(new double[] {101.005})), 0);
      assertArrayEquals(
          new float[] {3, 4},
          values(experiment.device("eye_tracker").interpolate(new double[] {100.34, 100.41})),
          0);
      float[] frames =
          values(experiment.device("screen").interpolate(new double[] {100.2, 100.6, 105, 110.8}));
      assertArrayEquals(
          new float[] {128, 3, 9, 7},
          new float[] {frames[0], frames[24], frames[48], frames[72]},
          0);
      assertArrayEquals(new double[] {99.5, 120}, span(experiment.device("spikes")), 0.2);
      assertArrayEquals(
          new double[] {2, 0, 1},
          doubles(experiment.device("spikes").interpolate(new double[] {100.36})),
          0);
      assertEquals(99, experiment.device("behaviour").startTime());
      Interpolation label =
          experiment.device("behaviour").interpolate(new double[] {100.5, 101, 102, 104.5});
      assertArrayEquals(
          new byte[] {0, 0, 1, 0, 0, 0, 1, 0},
          label.values().data().toArray(ValueLayout.JAVA_BYTE));
    }
    try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
      assertEquals("mouse-1", dataset.dataKey());
      assertTrue(dataset.length() > 0);
      dataset.item(0).close();
    }
    assertTrue(Files.exists(root.resolve("behaviour/running_fast.npy")));
    assertTrue(Files.readString(root.resolve("meta.json")).contains("\"room\" : 3"));
    assertArrayEquals(
        new long[] {7, 5}, Npy.readLongs(root.resolve("responses/meta/unit_ids.npy")));
    assertFalse(Files.exists(root.resolve("eye_tracker/meta/means.npy")));
    double mean = (3 + 270 * 9 + 30 * 7) / 301.0;
    assertArrayEquals(
        new double[] {mean}, Npy.readDoubles(root.resolve("screen/meta/means.npy")).values(), 1e-9);
  }

  private static double[] span(Interpolator device) {
    return new double[] {device.validInterval().start(), device.validInterval().end()};
  }

  @Test
  void boolRowsHaveStatistics() throws Exception {
    Path root = folder.resolve("bool");
    try (Arena arena = Arena.ofConfined();
        RecordingWriter writer = RecordingWriter.create(root)) {
      MemorySegment rows = arena.allocate(8, 8);
      rows.copyFrom(MemorySegment.ofArray(new byte[] {1, 0, 0, 0, 1, 1, 0, 1}));
      writer.sequence("licks", 10, 0).append(new Tensor(ElementType.BOOL, new long[] {4, 2}, rows));
      writer.finish();
    }
    Path meta = root.resolve("licks/meta");
    assertArrayEquals(new double[] {0.5, 0.5}, Npy.readDoubles(meta.resolve("means.npy")).values());
    assertArrayEquals(new double[] {0.5, 0.5}, Npy.readDoubles(meta.resolve("stds.npy")).values());
  }

  @Test
  void spikesThatAreSortedOverUnitsOrNoSecondsAreWarnedOf() {
    double[] early = new double[20];
    double[] late = new double[20];
    double[] among = new double[20];
    Arrays.setAll(early, i -> 0.5 + i);
    Arrays.setAll(late, i -> 30.5 + i);
    Arrays.setAll(among, i -> 15.25 + i);
    assertEquals(List.of(), warnings(early, among, late));
    assertEquals(List.of(), warnings(new double[] {0.1, 0.5}, new double[] {3}));
    assertTrue(
        warnings(early, new double[0], late).toString().contains("each of 2 units ends before"));
    Arrays.setAll(early, i -> 30000.0 * i);
    assertTrue(warnings(early).toString().contains("whole numbers alone, up to 570000.0"));
  }

  private List<Problem> warnings(double[]... units) {
    try (RecordingWriter writer = RecordingWriter.create(folder.resolve("units"), true)) {
      SpikesWriter spikes = writer.spikes("units");
      Stream.of(units).forEach(spikes::unit);
      return writer.finish();
    }
  }

  @Test
  void statisticsHaveTheBitsOfThoseThatAreComputedFromTheRecording() {
    Path root = folder.resolve("r");
    double[] values = new double[7 * 301];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 11 == 3 ? Double.NaN : Math.sin(i) * 1e3 + 7;
    }
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      SequenceWriter sequence = writer.sequence("treadmill", 20, 0);
      for (int from = 0; from < 301; from += 43) {
        sequence.append(Arrays.copyOfRange(values, 7 * from, 7 * (from + 43)), 7);
      }
      writer.finish();
    }
    try (Experiment experiment =
        Experiment.open(root, Map.of("treadmill", ModalityConfig.builder().build()))) {
      Normalization computed = experiment.device("treadmill").computeStatistics().orElseThrow();
      assertArrayEquals(
          computed.means(), Npy.readDoubles(root.resolve("treadmill/meta/means.npy")).values());
      assertArrayEquals(
          computed.stds(), Npy.readDoubles(root.resolve("treadmill/meta/stds.npy")).values());
    }
  }

  private static void refused(String message, Executable call) {
    RuntimeException e = assertThrows(RuntimeException.class, call, message);
    assertEquals(message, e.getMessage());
  }

  @Test
  void argumentsThatCannotBeAreNamedWithWhatTheyShouldBe() throws IOException {
    try (RecordingWriter writer = RecordingWriter.create(folder.resolve("r"))) {
      refused(
          "the name of a device: found '../up', expected letters, digits, and . - _ inside; for instance '_._up'",
          () -> writer.screen("../up"));
      refused(
          "the name of a device: found 'Meta.json', a file of every recording, expected letters, digits, and . - _"
              + " inside; for instance '_Meta.json'",
          () -> writer.screen("Meta.json"));
      refused(
          "x: label 'l', row 1: found [20.5, 21.0], expected an interval in the range, 0.0 to 20.0; widen it, or leave"
              + " intervals outside out",
          () -> writer.intervals("x", Map.of("l", new double[][] {{-1, 1}, {20.5, 21}}), 0, 20));
      refused(
          "x: rate: found 0.0, expected a positive number of Hz", () -> writer.sequence("x", 0, 0));
      refused(
          "x: start: found NaN, expected finite seconds",
          () -> writer.sequence("x", 1, Double.NaN));
      SequenceWriter a = writer.sequence("a", 10, 0);
      refused(
          "the name of a device: found 'A', which is taken, expected a new one",
          () -> writer.spikes("A"));
      refused(
          "a: rows: found shape [1, 1, 1], expected (n, signals), time first, or (n) of one signal; join further"
              + " axes into one",
          () -> a.append(floats(new long[] {1, 1, 1}, 0)));
      refused(
          "a: rows: found shape [2], expected (n, signals), as one axis may be a row or a signal; shape [1, 2] is a"
              + " row, [2, 1] are values of one signal",
          () -> a.append(floats(new long[] {2}, 0, 0)));
      refused(
          "a: rows: found 3 values for 2 signals, expected the same number of values for each signal",
          () -> a.append(new float[3], 2));
      a.append(new float[4], 2);
      refused(
          "a: rows: found 1 signals of float32, expected 2 of float32, as in the first block; a row has shape"
              + " [1, 2]",
          () -> a.append(floats(new long[] {2}, 0, 0)));
      refused(
          "a: rows: found 2 signals of float64, expected 2 of float32, as in the first block; convert all blocks"
              + " alike",
          () -> a.append(new double[4], 2));
      refused(
          "a: phase shifts: found 1 for 2 signals, expected one for each signal",
          () -> a.phaseShifts(0.1));
      refused("a: unit ids: found 4 twice, expected different ids", () -> a.unitIds(4, 4));
      refused(
          "a: found times, expected rows alone, as the sequence has a rate of 10.0 Hz",
          () -> a.append(floats(new long[] {1}, 0), new double[] {0}));
      SequenceWriter b = writer.irregular("b");
      refused(
          "b: found rows without times, expected a time for each, as the sequence has no rate",
          () -> b.append(new float[1], 1));
      refused(
          "b: times: found 1 for 2 rows, expected one for each row; a row has shape [1, 2]",
          () -> b.append(floats(new long[] {2}, 0, 0), new double[] {0}));
      b.append(floats(new long[] {2}, 0, 0), new double[] {0, 1});
      refused(
          "b: time 2: found 1.0 after 1.0, expected times that rise; sort the samples by their times, and leave"
              + " repeated ones out",
          () -> b.append(floats(new long[] {1}, 0), new double[] {1}));
      refused(
          "b: time 3: found NaN, expected finite seconds; leave samples without a time out",
          () -> b.append(floats(new long[] {2}, 0, 0), new double[] {2, Double.NaN}));
      ScreenWriter screen = writer.screen("screen");
      refused(
          "screen: trial 00000: found pixels of shape [2, 2, 4], expected an image (H, W) or (H, W, 3); colours"
              + " are the last axis, and opacity is left out",
          () -> screen.image(bytes(0, 2, 2, 4), 0, Map.of()));
      refused(
          "screen: trial 00000: found 2 frames and 1 times, expected a time for each frame",
          () -> screen.video(bytes(0, 2, 2, 2), new double[1], Map.of()));
      refused(
          "screen: trial 00000: found metadata 'num_frames', expected other names; pixels and times say this"
              + " themselves",
          () -> screen.image(bytes(0, 2, 2), 0, Map.of("num_frames", 3)));
      refused(
          "screen: trial 00000, rig.date: found a Thread, expected null, a truth value, a number, a text, or lists"
              + " and maps of those",
          () ->
              screen.blank(
                  0,
                  0,
                  Map.of(
                      "rig",
                      Map.of(
                          "date",
                          Thread.currentThread().getClass().cast(Thread.currentThread())))));
      SpikesWriter spikes = writer.spikes("spikes");
      refused(
          "spikes: unit 0, spike 1: found 1.0 s after 2.0 s, expected finite seconds that do not fall; sort the"
              + " times of each unit, and leave those out that are not known",
          () -> spikes.unit(2, 1));
      refused(
          "x: label 'l', row 0: found [2.0, 1.0], expected [start, end] in finite seconds, the end not before the"
              + " start",
          () -> writer.intervals("x", Map.of("l", new double[][] {{2, 1}}), 0, 1));
      refused(
          "x: label 'l', row 0: found [1.0, 2.0, 3.0], expected [start, end] in finite seconds, the end not before"
              + " the start",
          () -> writer.intervals("x", Map.of("l", new double[][] {{1, 2, 3}})));
      refused(
          "spikes: range: found 1.0 to 0.0, expected finite seconds, the end not before the start",
          () -> spikes.range(1, 0));
      refused(
          "data_key: found 3, expected a text that is not empty",
          () -> writer.meta(Map.of("data_key", 3)));
      refused(
          "screen: trials: found none, expected at least one; add some, or leave the device out",
          writer::finish);
      refused(
          folder.resolve("r")
              + ": found a recording that is finished or closed, expected an open one",
          () -> writer.screen("late"));
    }
    assertEquals(List.of(), names());
  }

  @Test
  void whatValidateRefusesGetsNoName() throws IOException {
    try (RecordingWriter writer = RecordingWriter.create(folder.resolve("r"))) {
      writer.sequence("a", 10, 0).append(ramp(0, 300), 1);
      writer.sequence("b", 10, 5000).append(ramp(0, 300), 1);
      RecordingException e = assertThrows(RecordingException.class, writer::finish);
      assertEquals("time range", e.key());
      assertFalse(e.getMessage().contains(".writing-"), e.getMessage());
    }
    assertEquals(List.of(), names());
  }

  @Test
  void nothingIsOverwrittenUnlessAskedForAndOnlyByTheWhole() throws IOException {
    Path root = folder.resolve("r");
    write(root, false, 1);
    RecordingException e =
        assertThrows(RecordingException.class, () -> RecordingWriter.create(root));
    assertTrue(e.getMessage().contains("a folder that is there already"), e.getMessage());
    try (RecordingWriter writer = RecordingWriter.create(root, true)) {
      writer.sequence("other", 10, 0);
      assertThrows(IllegalArgumentException.class, writer::finish);
    }
    assertTrue(Files.exists(root.resolve("a")), "what was there stays where the new one fails");
    write(root, true, 2);
    assertEquals(2, Npy.readDoubles(root.resolve("a/meta/means.npy")).values().length);
    assertEquals(List.of("r"), names());
    Files.createDirectories(folder.resolve("home/thesis"));
    assertThrows(
        RecordingException.class, () -> RecordingWriter.create(folder.resolve("home"), true));
    // two may write beside each other; the second that finishes finds the first
    try (RecordingWriter one = RecordingWriter.create(folder.resolve("twice"));
        RecordingWriter two = RecordingWriter.create(folder.resolve("twice"))) {
      one.sequence("a", 10, 0).append(ramp(0, 300), 1);
      two.sequence("a", 10, 0).append(ramp(0, 300), 1);
      one.finish();
      assertThrows(RecordingException.class, two::finish);
    }
    assertEquals(List.of("home", "r", "twice"), names());
  }

  private static void write(Path root, boolean replace, int signals) {
    try (RecordingWriter writer = RecordingWriter.create(root, replace)) {
      writer.sequence("a", 10, 0).append(ramp(0, 300), signals);
      writer.finish();
    }
  }

  @Test
  void whatIsNotFinishedLeavesNothing() throws Exception {
    try (RecordingWriter writer = RecordingWriter.create(folder.resolve("r"))) {
      writer.sequence("a", 10, 0).append(ramp(0, 300), 1);
    }
    assertEquals(List.of(), names());
    // as of a process that was killed
    Files.createDirectories(folder.resolve(".r.writing-999999999/a"));
    Process process =
        FreshJvm.of(
                List.of("--enable-native-access=ALL-UNNAMED", "-Dsyncline.kernels=scalar"),
                Interrupted.class,
                folder.resolve("r").toString())
            .redirectErrorStream(true)
            .start();
    assertEquals('!', process.getInputStream().read());
    assertEquals(1, names().size(), () -> "the stale folder goes, the new one is there");
    process.destroy();
    assertEquals(143, process.waitFor(), "the status of a process that SIGTERM ended");
    assertEquals(List.of(), names());
  }

  /** Times of its own are 32 MB here, more than the heap. */
  @Test
  void aLongClockNeedsNoHeap() throws Exception {
    Path recording = folder.resolve("r");
    FreshJvm.succeeds(
        FreshJvm.of(
            List.of("--enable-native-access=ALL-UNNAMED", "-Dsyncline.kernels=scalar", "-Xmx24m"),
            LongClock.class,
            recording.toString()));
    double[] times = Npy.readDoubles(recording.resolve("a/timestamps.npy")).values();
    assertEquals(LongClock.ROWS, times.length);
    assertEquals(LongClock.time(LongClock.ROWS - 1), times[LongClock.ROWS - 1]);
  }

  /** Writes rows with times in blocks, and opens them. */
  static final class LongClock {
    private static final int ROWS = 1 << 22;
    private static final int BLOCK = 1 << 12;

    private LongClock() {}

    static double time(int row) {
      return row * 0.001 + row % 3 * 0.0003;
    }

    public static void main(String[] args) {
      Path recording = Path.of(args[0]);
      try (RecordingWriter writer = RecordingWriter.create(recording);
          Arena arena = Arena.ofConfined()) {
        SequenceWriter sequence = writer.irregular("a");
        Tensor rows =
            new Tensor(
                ElementType.INT8, new long[] {BLOCK, 1}, arena.allocate(BLOCK).fill((byte) 1));
        double[] times = new double[BLOCK];
        for (int from = 0; from < ROWS; from += BLOCK) {
          int first = from;
          Arrays.setAll(times, i -> time(first + i));
          sequence.append(rows, times);
        }
        writer.finish();
      }
      ChunkDataset.open(recording, DefaultConfigs.forRecording(recording)).close();
    }
  }

  /** Writes until it is interrupted. */
  static final class Interrupted {
    private Interrupted() {}

    public static void main(String[] args) {
      try (RecordingWriter writer = RecordingWriter.create(Path.of(args[0]))) {
        SequenceWriter sequence = writer.sequence("a", 10, 0).append(new float[100], 1);
        System.out.print('!');
        System.out.flush();
        while (true) {
          sequence.append(new float[100], 1);
        }
      }
    }
  }
}
