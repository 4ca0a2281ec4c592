/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.device.Problem;
import org.syncline.device.support.LogCapture;
import org.syncline.format.Recordings;

@Tag("any-width")
class ValidatorTest {
  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void write() throws IOException {
    root = Recordings.sound(folder.resolve("rec"));
  }

  private void expect(String... expected) {
    List<String> found = new ArrayList<>();
    for (Problem problem : Validator.validate(root)) {
      assertNotNull(problem.file());
      assertNotNull(problem.found());
      assertEquals(problem.expected() == null, !problem.toString().contains(": found "));
      found.add(problem.toString().replace(root + "/", ""));
    }
    assertEquals(expected.length, found.size(), String.join("\n", found));
    for (int i = 0; i < expected.length; i++) {
      assertTrue(found.get(i).contains(expected[i]), expected[i] + "\nnot in\n" + found.get(i));
    }
  }

  @Test
  void aSoundRecordingHasNoProblems() {
    try (LogCapture log = new LogCapture()) {
      expect();
      // it is too short for chunks, which is a matter of the configuration
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void everyProblemIsReportedAtOnce() throws IOException {
    Recordings.write(root.resolve("meta.json"), "{\"scan_key\": {\"session\": 3}}");
    Recordings.write(
        root.resolve("responses/meta.yml"),
        "modality: sequence\nsampling_rate: -1\nstart_time: soon\nend_time: 2.0\nn_signals: two\nis_mem_mapped: false\n");
    Recordings.npy(root.resolve("treadmill/data.npy"), Recordings.ramp(42, 0, 1), 21, 2);
    Recordings.write(root.resolve("labels/meta.yml"), "modality: labels\n");
    Recordings.npy(root.resolve("spikes/spikes.npy"), new double[] {0.2, 0.1, Double.NaN}, 3);
    Files.delete(root.resolve("screen/timestamps.npy"));
    Files.delete(root.resolve("screen/data/00002.npy"));
    Files.createDirectory(root.resolve("notes"));
    expect(
        "warning: meta.json: found",
        "error: labels/meta.yml: modality: found 'labels', expected one of sequence",
        "warning: notes: meta.yml: found no such file",
        "error: responses/meta.yml: sampling_rate: found -1.0",
        "error: responses/meta.yml: start_time: found text 'soon'",
        "error: responses/meta.yml: n_signals: found text 'two'",
        "warning: responses/data.mem: found a file that is not read",
        "error: screen/timestamps.npy",
        "error: screen/data/00002.npy",
        "warning: spikes/spikes.npy: values: found 1 NaN or infinite",
        "warning: spikes/spikes.npy: values: found times that descend in units 0",
        "warning: treadmill/data.npy: columns: found 2, expected n_signals = 1");
  }

  @Test
  void timesOfWhichNoMemoryHoldsTheGridEndNoValidation() {
    Path folder = root.resolve("long");
    new Handmade(folder)
        .screen(0, 1e-6, List.of(Handmade.video(40)))
        .statistics("screen", new double[] {20}, new double[] {5});
    String found = Validator.validate(folder).toString();
    assertTrue(found.contains("from frame to frame"), found);
  }

  @Test
  void trialsThatConditionsTakeForBlanksAreNamed() throws IOException {
    Path file = root.resolve("screen/combined_meta.json");
    String sound = Files.readString(file);
    Recordings.write(file, sound.replace("\"tier\": \"test\"", "\"Tier\": \"test\""));
    expect("1 trial with frames (00002) has no tier but 'Tier', while 1 has one: conditions take");
    Recordings.write(file, sound.replace("\"tier\": \"test\"", "\"tier\": NaN"));
    expect("1 trial (00002) has tier: NaN, a value like any other");
    Recordings.write(file, sound.replace("\"tier\"", "\"group\""));
    expect();
  }

  @Test
  void aStimulusThatIsTrainedOnAndTestedIsNamed() throws IOException {
    Path file = root.resolve("screen/combined_meta.json");
    String sound = Files.readString(file);
    String named = sound.replace("\"tier\":", "\"stimulus_name\": \"film\", \"tier\":");
    Recordings.write(file, named);
    expect(
        "warning: screen/combined_meta.json: tier: found train of trial 00000 and test of trial");
    Recordings.write(file, named.replace("\"test\"", "\"train\""));
    expect();
  }

  @Test
  void pathsOfTheSameFolderHaveTheSameProblems() throws IOException {
    int n = Validator.validate(root).size();
    assertEquals(n, Validator.validate(root.resolve(".")).size());
    assertEquals(n, Validator.validate(root.resolve("labels/..")).size());
    Path here = Path.of("").toAbsolutePath().relativize(root.toAbsolutePath());
    assertEquals(n, Validator.validate(here).size());
  }

  @Test
  void sizesAgainstMetadata() throws IOException {
    Recordings.mem(root.resolve("responses/data.mem"), Recordings.ramp(40, 0, 1));
    Recordings.npy(root.resolve("spikes/spikes.npy"), new double[] {0.1, 0.2}, 2);
    expect(
        "error: responses/data.mem: size: found 320 bytes, 20.0 rows of 2 float64, expected 336 bytes, n_timestamps = 21 rows",
        "error: spikes/meta.yml: spike_indices[2]: found 3, expected 2, the number of spikes");
    Recordings.mem(root.resolve("responses/data.mem"), Recordings.ramp(63, 0, 1));
    Recordings.npy(root.resolve("spikes/spikes.npy"), new double[] {0.1, 0.2, 0.3, 0.4}, 4);
    expect(
        "warning: responses/data.mem: size: found 504 bytes",
        "error: spikes/meta.yml: spike_indices[2]: found 3, expected 4");
    Files.delete(root.resolve("responses/data.mem"));
    Files.delete(root.resolve("spikes/spikes.npy"));
    expect("error: responses/data.mem", "error: spikes/spikes.npy");
  }

  private void treadmill(String rate, String end, int rows) throws IOException {
    Recordings.write(
        root.resolve("treadmill/meta.yml"),
        "modality: sequence\nsampling_rate: "
            + rate
            + "\nstart_time: 0.0\nend_time: "
            + end
            + "\nn_signals: 1\n");
    Recordings.npy(root.resolve("treadmill/data.npy"), Recordings.ramp(rows, 0, 1), rows, 1);
  }

  @Test
  void ratesAgainstTimes() throws IOException {
    treadmill("0.1", "2.0", 21);
    expect(
        "error: treadmill/meta.yml: sampling_rate: found 0.1, expected 10.0000000 Hz = (21 - 1) / (2.0 - 0.0); it looks like the period");
    treadmill("20", "2.0", 21);
    expect("error: treadmill/meta.yml: sampling_rate: found 20.0");
    treadmill("10", "2.1", 21);
    expect("warning: treadmill/meta.yml: sampling_rate: found 10.0");
    treadmill("10", ".nan", 21);
    expect(
        "warning: treadmill/meta.yml: start_time, end_time: found 0.0 to NaN, expected finite times; the device is left out");
    treadmill("10", "-2.0", 21);
    expect("error: treadmill/meta.yml: end_time: found 0.0 to -2.0");
    treadmill("10", "2", 0);
    expect("warning: treadmill/data.npy: rows: found 0");
  }

  @Test
  void clocksAndNans() throws IOException {
    double[] values = Recordings.ramp(42, 0, 1);
    for (int i = 1; i < 42; i += 2) {
      values[i] = Double.NaN;
    }
    values[0] = Double.NEGATIVE_INFINITY;
    Recordings.mem(root.resolve("responses/data.mem"), values);
    Recordings.npy(
        root.resolve("screen/timestamps.npy"), new double[] {0, 0.4, 0.3, 0.3, Double.NaN}, 5);
    Recordings.npy(root.resolve("treadmill/timestamps.npy"), new double[] {0, 1}, 2);
    expect(
        "warning: responses/data.mem: values: found 50.0 % NaN",
        "warning: responses/data.mem: columns: found nothing but NaN in 1",
        "warning: responses/data.mem: values: found 1 infinite",
        "error: screen/timestamps.npy: values: found 1 NaN or infinite, the first at index 4",
        "error: screen/timestamps.npy: values: found 1 steps back, the first at index 2: 0.4 to 0.3",
        "warning: screen/timestamps.npy: values: found 1 repeated times, the first at index 3",
        "warning: treadmill/timestamps.npy: length: found 2");
  }

  @Test
  void statistics() throws IOException {
    Recordings.npy(root.resolve("responses/meta/means.npy"), new double[] {1, 2, 3}, 3);
    Recordings.npy(root.resolve("responses/meta/stds.npy"), new double[] {0, Double.NaN}, 2);
    Recordings.npy(root.resolve("screen/meta/means.npy"), new double[] {1, 2, 3, 4}, 4);
    Recordings.npy(root.resolve("screen/meta/stds.npy"), new double[] {-1}, 1);
    Recordings.npy(root.resolve("treadmill/meta/stds.npy"), new double[] {1}, 1);
    Recordings.npy(root.resolve("treadmill/meta/unit_ids.npy"), new double[] {1, 2}, 2);
    expect(
        "warning: responses/meta/means.npy: shape: found [3], expected [2], [1, 2] or [2, 1]",
        "warning: responses/meta/stds.npy: values: found NaN or infinite at 1",
        "warning: responses/meta/stds.npy: values: found 0 at 0",
        "warning: screen/meta/means.npy: shape: found (4,), expected one value",
        "warning: screen/meta/stds.npy: values: found negative at 0",
        "warning: treadmill/meta/means.npy: found no such file",
        "warning: treadmill/meta/unit_ids.npy: shape",
        "error: screen/meta/means.npy: shape: found [4], expected one value",
        "error: responses/meta/stds.npy: standard deviation of responses: found 0 in column 0",
        "error: treadmill/meta/means.npy: found no such file, expected the statistics");
  }

  @Test
  void statisticsThatTheDefaultConfigurationAsksFor() throws IOException {
    Path meta = root.resolve("treadmill/meta");
    Recordings.npy(meta.resolve("means.npy"), new double[] {1}, 1);
    expect(
        "warning: treadmill/meta/stds.npy: found no such file",
        "error: treadmill/meta/stds.npy: found no such file, expected the statistics");
    Recordings.npy(meta.resolve("stds.npy"), new double[] {0}, 1);
    expect(
        "warning: treadmill/meta/stds.npy: values: found 0 at 0",
        "error: treadmill/meta/stds.npy: standard deviation of treadmill: found 0 in column 0");
    Recordings.npy(meta.resolve("stds.npy"), new double[] {1}, 1);
    Recordings.npy(root.resolve("screen/meta/means.npy"), new double[6], 2, 3);
    Recordings.npy(root.resolve("screen/meta/stds.npy"), new double[] {1}, 1);
    expect("error: screen/meta/means.npy: shape: found [2, 3], expected one value");
  }

  @Test
  void foldersThatAreMeantToBeDevices() throws IOException {
    Files.move(root.resolve("treadmill/meta.yml"), root.resolve("treadmill/meta.yaml"));
    Files.delete(root.resolve("responses/meta.yml"));
    Files.createSymbolicLink(root.resolve("eye"), root.resolve("nowhere"));
    expect(
        "error: eye: found a link to",
        "error: responses: meta.yml: found no such file, expected a device's meta.yml",
        "error: treadmill: meta.yml: found meta.yaml, expected a device's meta.yml");
  }

  @Test
  void ownTimesAgainstTheDeclaredRange() throws IOException {
    Recordings.write(
        root.resolve("treadmill/meta.yml"),
        "modality: sequence\nstart_time: 0.0\nend_time: 2.0\nn_signals: 1\n");
    Path times = root.resolve("treadmill/timestamps.npy");
    Recordings.npy(times, Recordings.ramp(21, 0, 0.1), 21);
    expect();
    Recordings.npy(times, Recordings.ramp(21, 0, 100), 21);
    expect(
        "error: treadmill/timestamps.npy: values: found 0.0 to 2000.0, which looks like milliseconds, expected seconds from 0.0 to 2.0");
    Recordings.npy(times, Recordings.ramp(21, 0, 0.05), 21);
    expect("error: treadmill/timestamps.npy: values: found 0.0 to 1.0, expected seconds from 0.0");
    // a pause before the last sample that meta.yml counts to the recording
    double[] paused = Recordings.ramp(21, 0, 0.04);
    paused[20] = 1.6;
    Recordings.npy(times, paused, 21);
    expect();
  }

  @Test
  void filesOfAWiderType() throws IOException {
    Path meta = root.resolve("responses/meta.yml");
    Recordings.write(meta, Files.readString(meta).replace("float64", "float32"));
    Recordings.write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\nstart_time: 0\nend_time: 2\nspike_indices: [0, 2, 3]\nn_signals: 2\n"
            + "dtype: float32\nis_mem_mapped: true\n");
    Files.delete(root.resolve("spikes/spikes.npy"));
    Recordings.mem(root.resolve("spikes/spikes.mem"), 0.1, 0.2, 1.5);
    String responses =
        "error: responses/data.mem: size: found 336 bytes, 2 times as many as declared, expected 168 bytes: 42 values of float32; all values read would be wrong where they are float64";
    List<String> found =
        Validator.validate(root).stream().map(p -> p.toString().replace(root + "/", "")).toList();
    assertTrue(found.stream().anyMatch(p -> p.startsWith(responses)), found.toString());
    assertTrue(
        found.stream().anyMatch(p -> p.startsWith("error: spikes/spikes.mem: size: found 24")),
        found.toString());
  }

  @Test
  void shiftsOfMoreThanASample() throws IOException {
    Path meta = root.resolve("responses/meta.yml");
    Recordings.write(meta, Files.readString(meta) + "phase_shift_per_signal: true\n");
    Path shifts = root.resolve("responses/meta/phase_shifts.npy");
    Recordings.npy(shifts, new double[] {0, 0.1}, 2);
    expect();
    Recordings.npy(shifts, new double[] {0, 0.3}, 2);
    expect(
        "warning: responses/meta/phase_shifts.npy: values: found a shift of 0.3 s, expected at most one sample, 0.1 s");
  }

  @Test
  void trials() throws IOException {
    Path screen = root.resolve("screen");
    Recordings.write(
        screen.resolve("combined_meta.json"),
        "{\"00000\": {\"modality\": \"video\", \"first_frame_idx\": 0, \"num_frames\": 4, \"image_size\": [2, 3], \"tier\": \"train\"},"
            + " \"00001\": {\"modality\": \"blink\", \"first_frame_idx\": 4, \"image_size\": [2, 3]},"
            + " \"00002\": {\"modality\": \"image\", \"first_frame_idx\": 7, \"image_size\": [2, 4]},"
            + " \"../x\": {\"modality\": \"image\", \"first_frame_idx\": 8, \"image_size\": [2, 4]}}");
    Recordings.write(
        screen.resolve("meta/00000.yml"),
        "modality: video\nfirst_frame_idx: 0\nnum_frames: 4\nimage_size: [2, 3]\ntier: test\n");
    Recordings.write(
        screen.resolve("meta/00002.yml"),
        "modality: image\nfirst_frame_idx: 7\nimage_size: [2, 4.0]\n");
    Recordings.write(screen.resolve("meta/00009.yml"), "modality: image\n");
    Recordings.npy(screen.resolve("data/extra.npy"), new double[] {1}, 1);
    expect(
        "error: screen/combined_meta.json: 00001.modality: found blink",
        "error: screen/combined_meta.json: 00002.first_frame_idx: found 7, expected 5",
        "error: screen/combined_meta.json: ../x.key: found '../x', which leaves the folder",
        "error: screen/timestamps.npy: length: found 5 times, expected 9, the frames of all trials",
        "warning: screen/meta/00000.yml: tier: found test, expected train as in combined_meta.json",
        "warning: screen/meta: found trials 00009, expected only trials of combined_meta.json",
        "warning: screen/meta: found no files of trials ../x, 00001",
        "error: screen/data/00000.npy: trial 00000: found 3 frames, expected at least the 4 that num_frames says",
        "warning: screen/data: found 2 files that no trial names: 00002.npy, extra.npy");
  }

  @Test
  void numbersOfTrialsAreComparedByAllTheirDigits() throws IOException {
    Path file = root.resolve("screen/combined_meta.json");
    String sound = Files.readString(file);
    String[][] pairs = {
      {"9007199254740993", "9007199254740992"},
      {"9007199254740993", "9007199254740992.0"},
      {"36893488147419103233", "36893488147419103232"},
      {"[1, 9007199254740993]", "[1, 9007199254740992]"},
      {"NaN", "0"},
      {"1", "1.0"},
      {"1152921504606846976", "1.152921504606847e+18"},
      {"0.1", "0.10"},
      {"-0.0", "0"},
      {"NaN", ".nan"}
    };
    int equal = 5;
    for (int i = 0; i < pairs.length; i++) {
      String tier = "\"tier\":";
      int at = sound.indexOf(tier);
      Recordings.write(
          file, sound.substring(0, at) + "\"id\": " + pairs[i][0] + ", " + sound.substring(at));
      Recordings.write(root.resolve("screen/meta/00000.yml"), "id: " + pairs[i][1] + "\n");
      boolean said = Validator.validate(root).toString().contains("00000.yml: id: found");
      assertEquals(i < equal, said, String.join(" and ", pairs[i]));
    }
  }

  @Test
  void frames() throws IOException {
    Path screen = root.resolve("screen");
    Recordings.npy(screen.resolve("data/00002.npy"), new double[8], 2, 4);
    Recordings.npy(screen.resolve("data/00000.npy"), new double[6], 6);
    Recordings.npy(screen.resolve("timestamps.npy"), Recordings.ramp(4, 0, 0.5), 4);
    expect(
        "warning: screen/timestamps.npy: length: found 4 times, expected 5, the frames of all trials; 1 missing pulse: trials from 00002 on",
        "error: screen/data/00000.npy: shape: found (6,), expected a video: (T, H, W)",
        "warning: screen/data/00002.npy: shape: found frames of 2 x 4, expected 2 x 3, the image_size",
        "warning: screen/meta.yml: frame_rate: found 2.5, expected 2.00000 Hz");
    Files.delete(screen.resolve("combined_meta.json"));
    expect("error: screen: trials: found neither combined_meta.json nor meta/NNNNN.yml");
  }

  @Test
  void labelsAndSpikes() throws IOException {
    Recordings.npy(root.resolve("labels/run.npy"), new double[] {1, 0, 5, 6, Double.NaN, 1}, 3, 2);
    Recordings.npy(root.resolve("labels/other.npy"), new double[] {1}, 1);
    Recordings.npy(root.resolve("spikes/spikes.npy"), new double[] {0.1, 0.2, 7.5}, 3);
    expect(
        "warning: labels/run.npy: run: found NaN in rows 2",
        "warning: labels/run.npy: run: found start after end in rows 0",
        "warning: labels/run.npy: run: found rows 1 outside",
        "warning: labels: found files that no label names: other.npy",
        "error: labels: labels: found no interval within the device's range, the first from 5.0 s",
        "warning: spikes/spikes.npy: values: found 1 spikes outside");
    Recordings.npy(root.resolve("labels/run.npy"), new double[0], 0, 2);
    Files.delete(root.resolve("labels/other.npy"));
    expect("warning: labels/run.npy: run: found no interval", "warning: spikes/spikes.npy");
    Recordings.npy(root.resolve("labels/run.npy"), new double[6], 2, 3);
    expect("error: labels/run.npy: shape: found (2, 3)", "warning: spikes/spikes.npy");
  }

  @Test
  void whatIsNoRecording() throws IOException {
    Path sound = root;
    root = folder.resolve("none");
    expect("found nothing, expected a folder");
    Files.createDirectory(root);
    expect("found no device");
    root = sound.resolve("meta.json");
    expect("found a file, expected a folder");
  }

  @Test
  void rangesThatDoNotMeet() throws IOException {
    Recordings.write(
        root.resolve("treadmill/meta.yml"),
        "modality: sequence\nsampling_rate: 10.0\nstart_time: 10.0\nend_time: 12.0\nn_signals: 1\n");
    expect("time range: found treadmill starts at 10.0 s, screen ends at 1.6 s");
  }

  @Test
  void nothingIsWritten() throws IOException {
    TreeMap<String, Long> before = listing();
    Validator.validate(root);
    assertEquals(before, listing());
  }

  private TreeMap<String, Long> listing() throws IOException {
    TreeMap<String, Long> all = new TreeMap<>();
    try (var files = Files.walk(root)) {
      for (Path file : files.toList()) {
        all.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return all;
  }

  @Test
  void damagedFilesAreProblemsNeverExceptions() throws IOException {
    long seed = Long.getLong("syncline.seed", 11);
    System.out.println("ValidatorTest seed " + seed);
    Random random = new Random(seed);
    List<Path> files;
    try (var all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (int i = 0; i < 300; i++) {
      Path file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      if (random.nextInt(4) == 0) {
        bad = Arrays.copyOf(bad, random.nextInt(bad.length + 1));
      }
      for (int c = random.nextInt(4); c > 0 && bad.length > 0; c--) {
        bad[random.nextInt(bad.length)] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "0129-.[]{}:,\"' \n".charAt(random.nextInt(16)));
      }
      Files.write(file, bad);
      try {
        Validator.validate(root);
      } catch (RuntimeException e) {
        throw new AssertionError(file + ": " + new String(bad, StandardCharsets.ISO_8859_1), e);
      }
      Files.write(file, good);
    }
    expect();
  }
}
