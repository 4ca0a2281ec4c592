/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Problem;
import org.syncline.device.support.LogCapture;
import org.syncline.error.RecordingException;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.NpyFile;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/** Clocks that disagree are said when a recording is opened, and sound ones are not. */
@Tag("any-width")
class ClocksTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void write() {
    root = folder.resolve("rec");
    new Handmade(root)
        .screen(
            1000, 30, List.of(Handmade.video(900), Handmade.trial("image"), Handmade.video(899)))
        .sequence("responses", 8, 1000, 1060, 481, 3, i -> i)
        .sequence("treadmill", 10, 1000, 1060, 601, 1, i -> i);
    spikes(t -> t);
  }

  private void spikes(DoubleUnaryOperator clock) {
    Handmade.write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\nstart_time: 1000.0\nend_time: 1060.0\nspike_indices: [0, 100, 300]\n");
    double[] times = new double[300];
    Arrays.setAll(times, i -> clock.applyAsDouble(1000 + (i < 100 ? i * 0.6 : (i - 100) * 0.3)));
    NpyFile.write(root.resolve("spikes/spikes.npy"), times, 300);
  }

  private static double[] ramp(int n, double start, double step) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> start + i * step);
    return values;
  }

  /** Opens every device as validation does; returns what was logged. */
  private static List<String> opening(Path root) {
    try (LogCapture log = new LogCapture()) {
      Experiment.open(root, DefaultConfigs.forRecording(root).modalities()).close();
      return log.messages().stream().map(m -> m.replace(root + "/", "")).toList();
    }
  }

  private List<String> problems(Problem.Severity severity) {
    List<String> texts = new ArrayList<>();
    for (Problem problem : Validator.validate(root)) {
      if (problem.severity() == severity) {
        texts.add(problem.toString().replace(root + "/", ""));
      }
    }
    return texts;
  }

  private void expect(Problem.Severity severity, String... texts) {
    List<String> said = opening(root);
    List<String> found = problems(severity);
    for (String text : texts) {
      assertTrue(said.stream().anyMatch(t -> t.startsWith(text)), text + "\nnot in\n" + said);
      assertTrue(found.stream().anyMatch(t -> t.contains(text)), text + "\nnot in\n" + found);
    }
  }

  private void meta(String device, String from, String to) throws IOException {
    Path file = root.resolve(device).resolve("meta.yml");
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void soundClocksAreSilent() throws IOException {
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), ramp(601, 1000, 0.1), 601);
    assertEquals(List.of(), opening(root));
    // jitter, and an end that is declared a sample too late, as some exporters do
    double[] times = ramp(601, 1000, 0.1);
    for (int i = 0; i < times.length; i++) {
      times[i] += 0.04 * Math.sin(i);
    }
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), times, 601);
    meta("treadmill", "end_time: 1060.0", "end_time: 1060.1");
    assertEquals(List.of(), opening(root));
  }

  @Test
  void rates() throws IOException {
    meta("responses", "sampling_rate: 8.0", "sampling_rate: 0.125");
    meta("treadmill", "sampling_rate: 10.0", "sampling_rate: 12.0");
    expect(
        Problem.Severity.ERROR,
        "responses/meta.yml: sampling_rate: found 0.125, expected 8.00000000 Hz = (481 - 1) /"
            + " (1060.0 - 1000.0); it looks like the period",
        "treadmill/meta.yml: sampling_rate: found 12.0, expected 10.0000000 Hz");
  }

  @Test
  void gapsInTimesBesideARate() {
    double[] times = ramp(601, 1000, 0.1);
    for (int i = 300; i < times.length; i++) {
      times[i] += 5;
    }
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), times, 601);
    expect(
        Problem.Severity.ERROR,
        "treadmill/timestamps.npy: element 300: found a step of 5.10000 s from 1029.9 s, expected"
            + " steps of 0.100000 s, as sampling_rate = 10.0 Hz has them");
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), ramp(590, 1000, 0.1), 590);
    expect(
        Problem.Severity.WARNING,
        "treadmill/timestamps.npy: length: found 590 times, expected one for each of 601 rows");
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), ramp(601, 1007, 0.1), 601);
    expect(
        Problem.Severity.ERROR,
        "treadmill/timestamps.npy: element 0: found a first time of 1007.0, expected 1000.0");
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), ramp(601, 1e6, 100), 601);
    expect(
        Problem.Severity.WARNING,
        "treadmill/timestamps.npy: values: found 1000000.0 to 1060000.0, which looks like"
            + " milliseconds, expected seconds");
  }

  @Test
  void screensInOtherUnits() throws IOException {
    Path clock = root.resolve("screen/timestamps.npy");
    ByteBuffer nanos = ByteBuffer.allocate(1800 * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1800; i++) {
      nanos.putLong(i * 33_333_333L);
    }
    NpyFile.write(clock, "<i8", false, new long[] {1800}, nanos.array());
    expect(
        Problem.Severity.ERROR,
        "screen/timestamps.npy: values: found steps of 3.33333e+07 from frame to frame, expected"
            + " seconds; they look like nanoseconds");
    NpyFile.write(clock, ramp(1800, 0, 33.4), 1800);
    expect(
        Problem.Severity.ERROR,
        "screen/timestamps.npy: values: found steps of 33.4000 from frame to frame, expected"
            + " seconds; they look like milliseconds");
    NpyFile.write(clock, ramp(1800, 0, 667), 1800);
    expect(
        Problem.Severity.ERROR,
        "screen/timestamps.npy: values: found steps of 667.000 from frame to frame, expected"
            + " seconds; they look like numbers of samples");
    NpyFile.write(clock, ramp(1800, 1.7e12, 33.4), 1800);
    expect(
        Problem.Severity.ERROR,
        "screen: time range: found 1700000000000 to 1700000060086.6, expected seconds; they look like"
            + " milliseconds since 1970");
    ByteBuffer floats = ByteBuffer.allocate(1800 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1800; i++) {
      floats.putFloat((float) (1.6e9 + i / 30.0));
    }
    NpyFile.write(clock, "<f4", false, new long[] {1800}, floats.array());
    assertTrue(
        opening(root).stream().anyMatch(t -> t.contains("float32, which has steps of 128.0 s")));
  }

  @Test
  void frameRatesAndGapsInFrames() throws IOException {
    meta("screen", "frame_rate: 30.0", "frame_rate: 60");
    double[] times = ramp(1800, 1000, 1 / 30.0);
    for (int i = 450; i < times.length; i++) {
      times[i] += 30;
    }
    NpyFile.write(root.resolve("screen/timestamps.npy"), times, 1800);
    expect(
        Problem.Severity.WARNING,
        "screen/meta.yml: frame_rate: found 60.0, expected 30.0000 Hz, as the times of videos have"
            + " it",
        "screen/timestamps.npy: element 450: found a gap of 30.0333 s after 1014.9");
    meta("screen", "frame_rate: 60", "frame_rate: 0.0333");
    expect(Problem.Severity.ERROR, "screen/meta.yml: frame_rate: found 0.0333");
    // rounded to 1/64 s, as float32 has it at 200,000 s, most steps are 2/64 s
    Arrays.setAll(times, i -> Math.rint((1000 + i / 30.0) * 64) / 64);
    NpyFile.write(root.resolve("screen/timestamps.npy"), times, 1800);
    meta("screen", "frame_rate: 0.0333", "frame_rate: 30");
    assertTrue(
        problems(Problem.Severity.WARNING).stream().noneMatch(p -> p.contains("frame_rate")));
    meta("screen", "frame_rate: 30", "frame_rate: 60");
    expect(Problem.Severity.WARNING, "screen/meta.yml: frame_rate: found 60.0, expected 32.0000");
  }

  /** Makes the treadmill one that has its own times, 601 rows from 1000 to 1060 s. */
  private void ownTimes(double[] times) throws IOException {
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), times, times.length);
    Path file = root.resolve("treadmill/meta.yml");
    Files.writeString(file, Files.readString(file).replace("sampling_rate: 10.0\n", ""));
  }

  @Test
  void ownTimesThatJumpPastTheDeclaredEnd() throws IOException {
    double[] times = ramp(601, 1000, 0.1);
    ownTimes(times);
    assertEquals(List.of(), opening(root));
    for (int i = 300; i < times.length; i++) {
      times[i] += 3600;
    }
    ownTimes(times);
    expect(
        Problem.Severity.ERROR,
        "treadmill/timestamps.npy: values: found 1000.0 to 4660.0, expected seconds from 1000.0 to"
            + " 1060.0");
    expect(
        Problem.Severity.WARNING,
        "treadmill/timestamps.npy: element 300: found a gap of 3600.10 s after 1029.9");
  }

  @Test
  void gapsInOwnTimes() throws IOException {
    double[] times = ramp(601, 1000, 0.1);
    for (int i = 300; i < times.length; i++) {
      times[i] += 2;
    }
    ownTimes(times);
    meta("treadmill", "end_time: 1060.0", "end_time: 1062.0");
    expect(
        Problem.Severity.WARNING,
        "treadmill/timestamps.npy: element 300: found a gap of 2.10000 s after 1029.9");
    assertEquals(1, opening(root).size(), opening(root).toString());
    // samples at events, with pauses as they come
    double[] events = new double[601];
    events[0] = 1000;
    for (int i = 1; i < events.length; i++) {
      events[i] = events[i - 1] + (i % 5 == 0 ? 3 : 0.01) * (1 + i % 7);
    }
    ownTimes(events);
    meta("treadmill", "end_time: 1062.0", "end_time: " + events[600]);
    assertEquals(List.of(), opening(root).stream().filter(t -> t.startsWith("treadmill")).toList());
  }

  private static void floats(Path file, double[] values, long... shape) {
    ByteBuffer floats = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      floats.putFloat((float) value);
    }
    NpyFile.write(file, "<f4", false, shape, floats.array());
  }

  /** What does not lose milliseconds is not named. */
  @ParameterizedTest
  @ValueSource(doubles = {1000, 2e5})
  void timesInTypesThatAreTooCoarse(double start) {
    root = folder.resolve("at" + start);
    new Handmade(root).sequence("treadmill", 1, start, start + 60, 61, 1, i -> i);
    Handmade.write(
        root.resolve("treadmill/meta.yml"),
        "modality: sequence\nstart_time: " + start + "\nend_time: " + (start + 60) + "\n");
    floats(root.resolve("treadmill/timestamps.npy"), ramp(61, start, 1), 61);
    Handmade.write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\nstart_time: "
            + start
            + "\nend_time: "
            + (start + 60)
            + "\nspike_indices: [0, 61]\n");
    floats(root.resolve("spikes/spikes.npy"), ramp(61, start, 1), 61);
    Handmade.write(
        root.resolve("labels/meta.yml"),
        "modality: time_interval\nstart_time: "
            + start
            + "\nend_time: "
            + (start + 60)
            + "\nlabels:\n  a: a.npy\n");
    floats(root.resolve("labels/a.npy"), ramp(60, start, 1), 30, 2);
    if (start == 1000) {
      assertEquals(List.of(), opening(root));
      return;
    }
    for (String file : List.of("treadmill/timestamps", "spikes/spikes", "labels/a")) {
      expect(
          Problem.Severity.ERROR,
          file + ".npy: dtype: found float32, which has steps of 0.015625 s at 2000");
    }
  }

  @Test
  void timesInWholeNumbers() {
    ByteBuffer longs = ByteBuffer.allocate(300 * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 300; i++) {
      longs.putLong(1000 + (i < 100 ? i / 2 : (i - 100) / 4));
    }
    NpyFile.write(root.resolve("spikes/spikes.npy"), "<i8", false, new long[] {300}, longs.array());
    expect(
        Problem.Severity.WARNING,
        "spikes/spikes.npy: dtype: found int64, which has whole seconds alone, expected float64");
  }

  @Test
  void shiftsThatNoFlagAsksForAndKeysThatAreMisspelt() throws IOException {
    NpyFile.write(root.resolve("responses/meta/phase_shifts.npy"), new double[] {0, 0.01, 0}, 3);
    Path file = root.resolve("responses/meta.yml");
    Files.writeString(
        file,
        Files.readString(file).concat("phase_shifts_per_signal: true\nsession_start: noon\n"));
    expect(
        Problem.Severity.WARNING,
        "responses/meta/phase_shifts.npy: found a file that is not read: phase_shift_per_signal",
        "responses/meta.yml: phase_shifts_per_signal: found a key that is not read, expected"
            + " phase_shift_per_signal, which is missing");
    assertEquals(2, opening(root).size(), opening(root).toString());
    meta("responses", "phase_shifts_per_signal", "phase_shift_per_signal");
    assertEquals(List.of(), opening(root));
  }

  @Test
  void oneUnitOfSpikesInMilliseconds() {
    double[] times = new double[300];
    Arrays.setAll(times, i -> i < 20 ? (1000 + i) * 1000 : 1000 + (i - 20) * 0.2);
    NpyFile.write(root.resolve("spikes/spikes.npy"), times, 300);
    Handmade.write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\nstart_time: 1000.0\nend_time: 1060.0\nspike_indices: [0, 20, 300]\n");
    expect(
        Problem.Severity.WARNING,
        "spikes/spikes.npy: units: found most spikes of units 0 outside the device's range");
  }

  @Test
  void labelsOfIntervalsWithoutLength() {
    Handmade.write(
        root.resolve("labels/meta.yml"),
        "modality: time_interval\nstart_time: 1000.0\nend_time: 1060.0\nlabels:\n  a: a.npy\n");
    NpyFile.write(root.resolve("labels/a.npy"), new double[] {1001, 1001, 1002, 1002}, 2, 2);
    expect(
        Problem.Severity.WARNING,
        "labels/a.npy: a: found intervals of no length alone, expected start < end");
    NpyFile.write(root.resolve("labels/a.npy"), new double[] {1001, 1001, 1002, 1003}, 2, 2);
    assertEquals(List.of(), opening(root));
  }

  @Test
  void spikesInSamples() {
    spikes(t -> Math.rint((t - 1000) * 30_000));
    expect(
        Problem.Severity.ERROR,
        "spikes/spikes.npy: values: found 0.0 to 1791000.0, expected seconds in 1000.0 to 1060.0");
  }

  @Test
  void devicesOnAnotherClock() throws IOException {
    meta("treadmill", "start_time: 1000.0", "start_time: 0.0");
    meta("treadmill", "end_time: 1060.0", "end_time: 60.0");
    List<String> said = opening(root);
    assertTrue(said.getFirst().contains("time range: found"), said.toString());
    assertTrue(said.getFirst().contains("treadmill ends at 60.0 s"), said.toString());
    assertThrows(
        RecordingException.class,
        () -> ChunkDataset.open(root, DefaultConfigs.forRecording(root)).close());
    assertEquals(1, problems(Problem.Severity.ERROR).size());
    meta("treadmill", "start_time: 0.0", "start_time: 1045.0");
    meta("treadmill", "end_time: 60.0", "end_time: 1105.0");
    assertTrue(
        opening(root).toString().contains("found 14.9667 s that all devices share"),
        opening(root).toString());
  }

  @Test
  void aDeviceInTheMiddleOfAnotherSaysNothingOfClocks() {
    Path folder = root.resolve("film");
    Handmade made = new Handmade(folder).sequence("a", 1, 0, 2399, 2400, 1, i -> i);
    double[] starts = {900, 0, 2000, 10};
    for (double start : starts) {
      made.sequence("b", 1, start, start + 399, 400, 1, i -> i);
      boolean says = start != 900;
      assertEquals(says, opening(folder).toString().contains("one clock"), () -> start + " s");
      assertEquals(
          says, Validator.validate(folder).toString().contains("one clock"), () -> start + " s");
    }
    // two of them that meet for a moment
    made.sequence("b", 1, 900, 1299, 400, 1, i -> i).sequence("c", 1, 1250, 1649, 400, 1, i -> i);
    assertTrue(opening(folder).toString().contains("one clock"));
  }

  @Test
  void aLinkToAnotherDeviceOfTheRecordingIsSaid() throws IOException {
    Files.createSymbolicLink(root.resolve("wheel"), root.resolve("treadmill"));
    String found = "wheel: found a link to treadmill, a device of the same recording";
    // quotes are those of found values
    assertTrue(opening(root).toString().replace("'", "").contains(found), opening(root).toString());
    assertEquals(
        1,
        problems(Problem.Severity.WARNING).stream()
            .filter(p -> p.contains("wheel") && p.contains("of the same recording"))
            .count());
  }

  @Test
  void aLinkToADeviceElsewhereIsNotCalledTheSame() throws IOException {
    Path elsewhere = Files.move(root.resolve("treadmill"), folder.resolve("treadmill"));
    Files.createSymbolicLink(root.resolve("treadmill"), elsewhere);
    assertEquals(List.of(), opening(root));
  }

  @Test
  void devicesInAnotherTimeZone() {
    Path folder = root.resolve("zones");
    Handmade made = new Handmade(folder).sequence("a", 1, 0, 10_799, 10_800, 1, i -> i);
    double[] shifts = {3600, 1803, -5400, 3607, 700, 3600};
    double[] lengths = {10_799, 10_797, 10_799, 10_799, 10_799, 9_000};
    for (int i = 0; i < shifts.length; i++) {
      double end = shifts[i] + lengths[i];
      made.sequence("b", 1, shifts[i], end, (int) lengths[i] + 1, 1, row -> row);
      List<String> said = opening(folder).stream().filter(t -> t.contains("minutes")).toList();
      List<Problem> found =
          Validator.validate(folder).stream()
              .filter(p -> p.toString().contains("time zone"))
              .toList();
      // from the fourth on: seven seconds more, no half hours, and another length
      assertEquals(i < 3 ? 1 : 0, said.size(), said::toString);
      assertEquals(i < 3 ? 1 : 0, found.size(), found::toString);
      if (i == 2) {
        assertTrue(
            said.getFirst().contains("90 minutes earlier than a at both ends"), said::toString);
        assertEquals(Problem.Severity.WARNING, found.getFirst().severity());
      }
    }
  }

  @Test
  void aDeviceOnAClockOfItsOwnIsSaid() {
    Path folder = root.resolve("own");
    // start and length of b beside a from 100 to 500, and whether it is a clock of its own
    double[][] cases = {
      {0, 400, 1}, {0.5, 400.2, 1}, {0, 400.05, 1}, {90, 400, 0}, {0, 380, 0}, {0, 500, 0}
    };
    for (double[] c : cases) {
      new Handmade(folder)
          .sequence("a", 10, 100, 500, 4001, 1, i -> i)
          .sequence("b", 20, c[0], c[0] + c[1], (int) (c[1] * 20) + 1, 1, i -> i);
      String said = opening(folder).toString();
      String found = Validator.validate(folder).toString();
      assertEquals(c[2] == 1, said.contains("s: as long as a, and"), said);
      assertEquals(c[2] == 1, found.contains("s: as long as a, and"), found);
    }
  }

  @Test
  void transposedArrays() {
    Handmade made = new Handmade(root).sequence("responses", 8, 1000, 1060, 3, 481, i -> i);
    Handmade.write(
        made.root.resolve("responses/meta.yml"),
        "modality: sequence\n"
            + "sampling_rate: 8\n"
            + "start_time: 1000.0\n"
            + "end_time: 1060.0\n"
            + "n_signals: 3\n");
    RecordingException e = assertThrows(RecordingException.class, () -> opening(root));
    assertTrue(
        e.getMessage()
            .contains(
                "shape: found (3, 481), expected (samples, signals) with n_signals = 3 columns; it"
                    + " looks transposed"),
        e.getMessage());
    assertEquals(1, problems(Problem.Severity.ERROR).size());
    // without n_signals the times alone say it
    Handmade.write(
        made.root.resolve("responses/meta.yml"),
        "modality: sequence\nsampling_rate: 8\nstart_time: 1000.0\nend_time: 1060.0\n");
    assertTrue(
        opening(root).toString().contains("the 481 columns would fit: the array looks transposed"),
        opening(root).toString());
    // as many rows as columns decide nothing
    made.sequence("responses", 8, 1000, 1060, 481, 481, i -> i);
    assertEquals(List.of(), opening(root));
  }

  @Test
  void transposedFrames() {
    NpyFile.write(
        root.resolve("screen/data/00001.npy"), "|u1", false, new long[] {3, 2}, new byte[6]);
    try (Experiment experiment =
        Experiment.open(root, DefaultConfigs.forRecording(root).modalities())) {
      RecordingException e =
          assertThrows(
              RecordingException.class,
              () -> experiment.interpolate(new double[] {1030.01}, "screen"));
      assertTrue(e.getMessage().contains("the array looks transposed"), e.getMessage());
    }
    assertTrue(problems(Problem.Severity.ERROR).toString().contains("looks transposed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"int32", ">f4"})
  void rawDataOfAnotherType(String declared) throws IOException {
    new Handmade(root).floats("responses", 8, 1000, 1060, 481, 3);
    Files.deleteIfExists(root.resolve("responses/data.npy"));
    assertEquals(List.of(), opening(root));
    meta("responses", "dtype: float32", "dtype: '" + declared + "'");
    expect(Problem.Severity.ERROR, "responses/meta.yml: dtype: found " + declared);
    assertTrue(opening(root).toString().contains("expected float32"), opening(root).toString());
  }

  @Test
  void integersDeclaredAsFloats() throws IOException {
    new Handmade(root).floats("responses", 8, 1000, 1060, 481, 3);
    Files.deleteIfExists(root.resolve("responses/data.npy"));
    ByteBuffer data = ByteBuffer.allocate(481 * 3 * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 481 * 3; i++) {
      data.putInt(i * 37 % 1000 - 500);
    }
    Files.write(root.resolve("responses/data.mem"), data.array());
    expect(
        Problem.Severity.ERROR,
        "responses/meta.yml: dtype: found float32, as which the values make no sense,"
            + " expected int32");
  }

  /** Nothing is said of the recordings that the original was run on, nor of generated ones. */
  @Test
  void recordingsOfTheGoldensAndGeneratedOnesAreSilent() {
    for (String name : Goldens.cases()) {
      Path experiment = Goldens.unpack(name, folder).experiment();
      // the devices of sequence have clocks of their own
      if (Files.isDirectory(experiment) && !name.equals("sequence")) {
        assertEquals(List.of(), opening(experiment), name);
      }
    }
    for (Recordings.Content content : Recordings.Content.values()) {
      Path path = folder.resolve("generated-" + content);
      Recordings.defaultConfig(path, 3).screen(content).seconds(120).neurons(20).write();
      assertEquals(List.of(), opening(path), content.toString());
    }
    Path other = folder.resolve("generated");
    Recordings.empty(other, 4)
        .withoutScreen()
        .sequence(SequencePlan.of("x", 7.5, 5).descr("<i2").mem())
        .sequence(SequencePlan.of("lfp", 1000, 5).descr("<i4").mem())
        .sequence(SequencePlan.of("swapped", 20, 5).descr(">f4").mem())
        .spikes(20, 5000)
        .labels(3)
        .seconds(60)
        .write();
    assertEquals(List.of(), opening(other));
  }

  @Test
  void devicesOfDifferentLengthsAreOpenedOneByOneInSilence() {
    try (LogCapture log = new LogCapture()) {
      Experiment.open(root, java.util.Map.of("treadmill", ModalityConfig.DEFAULT)).close();
      assertEquals(
          List.of(), log.messages().stream().filter(m -> !m.contains(": left out ")).toList());
    }
  }
}
