/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.Validator;
import org.syncline.config.DatasetConfig;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.RecordingException;
import org.syncline.format.checksum.Checksums;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.storage.NpyTexts;
import org.syncline.testdata.NpyFile;

/** Imports files that pynwb and h5py wrote, and compares with what they read themselves. */
class NwbImportTest {
  @TempDir Path folder;

  static Path resource(String name) {
    try {
      return Path.of(NwbImportTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static NpyFile expected(String name) {
    return NpyFile.read(resource("expected/" + name + ".npy"));
  }

  private static MapNode meta(Path device) {
    try {
      return (MapNode) Documents.yaml(device.resolve("meta.yml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(Path device, String key) {
    var node = meta(device).get(key);
    return node == null ? null : node.value();
  }

  private static double number(Path device, String key) {
    return ((Number) value(device, key)).doubleValue();
  }

  private NwbReport session(String... only) {
    NwbImport job = NwbImport.of(resource("session.nwb")).threads(2);
    for (String name : only) {
      job.only(name);
    }
    return job.to(folder);
  }

  /** Compares data.mem with a .npy file, byte for byte. */
  private static void assertData(Path device, NpyFile expected) throws IOException {
    byte[] bytes = new byte[expected.data().remaining()];
    expected.data().get(0, bytes);
    assertArrayEquals(bytes, Files.readAllBytes(device.resolve("data.mem")), device.toString());
    assertEquals(expected.shape()[0], number(device, "n_timestamps"));
    assertEquals(expected.shape()[1], number(device, "n_signals"));
  }

  @Test
  void valuesAreThoseOfPynwbBitForBit() throws IOException {
    Path recording = session().recording();
    for (String name :
        List.of(
            "Fluorescence_responses",
            "DfOverF_responses",
            "lfp",
            "xy",
            "head",
            "diameter",
            "partly",
            "turned")) {
      assertData(recording.resolve(name), expected(name));
    }
  }

  @Test
  void timesAreThoseOfPynwb() {
    Path recording = session().recording();
    for (String name : List.of("lfp", "head", "diameter", "partly")) {
      double[] times = expected(name + ".times").doubles();
      Path device = recording.resolve(name);
      double start = number(device, "start_time");
      for (int i = 0; i < times.length; i++) {
        assertEquals(times[i], start + i / number(device, "sampling_rate"), 1e-12, name);
      }
      assertEquals(times[times.length - 1], number(device, "end_time"), 1e-12, name);
    }
    assertArrayEquals(
        expected("xy.times").doubles(),
        NpyFile.read(recording.resolve("xy/timestamps.npy")).doubles());
    assertNull(value(recording.resolve("xy"), "sampling_rate"));
    // jitter of a tenth of the period is a regular clock
    double[] times = expected("Fluorescence_responses.times").doubles();
    Path regular = recording.resolve("Fluorescence_responses");
    assertEquals(times[0], number(regular, "start_time"));
    assertEquals(99 / (times[99] - times[0]), number(regular, "sampling_rate"), 1e-12);
    assertFalse(Files.exists(regular.resolve("timestamps.npy")));
  }

  @Test
  void withoutToleranceTimesAreKept() {
    NwbReport report =
        NwbImport.of(resource("session.nwb")).only("DfOverF_responses").tolerance(0).to(folder);
    Path device = report.recording().resolve("DfOverF_responses");
    // its timestamps are a link to those of the other series
    assertArrayEquals(
        expected("DfOverF_responses.times").doubles(),
        NpyFile.read(device.resolve("timestamps.npy")).doubles());
    assertTrue(
        report.mapped().getFirst().notes().stream()
            .anyMatch(n -> n.contains("Fluorescence/responses/timestamps")),
        report.toText());
  }

  @Test
  void idsComeFromTheTablesThatSeriesRefersTo() {
    Path recording = session().recording();
    assertArrayEquals(
        new double[] {118, 100, 106, 109, 103}, ids(recording, "Fluorescence_responses"));
    assertArrayEquals(new double[] {30, 20, 10, 0}, ids(recording, "lfp"));
    assertArrayEquals(new double[] {0, 7, 14}, ids(recording, "units"));
  }

  @Test
  void whatTablesSayOfEachSignalLiesBesideIt() {
    NwbReport report = NwbImport.of(resource("named.nwb")).to(folder);
    Path recording = report.recording();
    assertEquals(List.of("probe-a/7", "Zelle 12"), texts(recording, "units", "unit_names"));
    assertArrayEquals(new double[] {0, 1}, ids(recording, "units"));
    assertEquals(List.of("good", "mua"), texts(recording, "units", "quality"));
    assertEquals(List.of("true", "false"), texts(recording, "units", "good"));
    assertArrayEquals(
        new double[] {350, 120}, NpyFile.read(recording.resolve("units/meta/depth.npy")).doubles());
    assertEquals(List.of("e3", "e2"), texts(recording, "lfp", "unit_names"));
    assertEquals(List.of("V1", "LM"), texts(recording, "lfp", "location"));
    String said = report.toText();
    assertTrue(said.contains("names of the signals: meta/unit_names.npy"), said);
    assertTrue(said.contains("in meta, for select: quality, depth, good"), said);
    for (String not : List.of("group", "means", "shape", "short")) {
      assertFalse(Files.exists(recording.resolve("units/meta/" + not + ".npy")), not);
    }
    try (ChunkDataset dataset =
        ChunkDataset.open(
            recording,
            DatasetConfig.parse(
                "{time_grid: exact, safe_interval_threshold: 0, modality_config: {units: {sampling_rate: 10,"
                    + " chunk_size: 2, select: {meta/unit_names.npy: Zelle 12, meta/quality.npy: mua}}}}",
                "c"))) {
      assertEquals(1, dataset.layout().getFirst().shape()[1]);
    }
    assertEquals(List.of("good", "good", "good"), texts(session().recording(), "units", "quality"));
  }

  private static List<String> texts(Path recording, String device, String name) {
    return NpyTexts.read(recording.resolve(device).resolve("meta/" + name + ".npy")).orElseThrow();
  }

  private static double[] ids(Path recording, String device) {
    return NpyFile.read(recording.resolve(device).resolve("meta/unit_ids.npy")).doubles();
  }

  @Test
  void unitsBecomeSpikesInTheirObservedRange() {
    Path recording = session().recording();
    Path units = recording.resolve("units");
    assertArrayEquals(
        expected("units").doubles(), NpyFile.read(units.resolve("spikes.npy")).doubles());
    assertEquals(List.of(0L, 5L, 5L, 14L), longs(value(units, "spike_indices")));
    assertEquals(0, number(units, "start_time"));
    assertEquals(4.2, number(units, "end_time"), 1e-12);
    Path observed = recording.resolve("obs_intervals");
    assertArrayEquals(
        new double[] {0, 2, 2.5, 4}, NpyFile.read(observed.resolve("observed.npy")).doubles());
    assertEquals(4.1, NpyFile.read(observed.resolve("unit_7.npy")).doubles()[3], 1e-12);
  }

  private static List<Long> longs(Object list) {
    return ((List<?>) list).stream().map(v -> ((Number) v).longValue()).toList();
  }

  @Test
  void columnsBecomeLabels() {
    NwbReport report =
        NwbImport.of(resource("session.nwb"))
            .only("trials")
            .only("epochs")
            .labels("trials", "stimulus")
            .labels("intervals/epochs", "tags")
            .to(folder);
    Path trials = report.recording().resolve("trials");
    assertEquals(Map.of("left", "left.npy", "right/up", "right_up.npy"), value(trials, "labels"));
    assertArrayEquals(
        new double[] {0, 0.75, 2, 2.75, 3, 3.75, 5, 5.75},
        NpyFile.read(trials.resolve("left.npy")).doubles());
    Path epochs = report.recording().resolve("epochs");
    assertArrayEquals(
        new double[] {0, 2, 2, 4}, NpyFile.read(epochs.resolve("home.npy")).doubles());
    assertArrayEquals(new double[] {0, 2}, NpyFile.read(epochs.resolve("sleep.npy")).doubles());
    assertTrue(report.toText().contains("1 rows without a finite start and stop"), report.toText());
    Path truth =
        NwbImport.of(resource("session.nwb"))
            .only("trials")
            .labels("trials", "correct")
            .replace(true)
            .to(folder)
            .recording()
            .resolve("trials");
    assertEquals(Map.of("true", "true.npy", "false", "false.npy"), value(truth, "labels"));
    RecordingException none =
        assertThrows(
            RecordingException.class,
            () ->
                NwbImport.of(resource("session.nwb"))
                    .only("trials")
                    .labels("trials", "colour")
                    .replace(true)
                    .to(folder));
    assertTrue(
        none.getMessage().contains("start_time, stop_time, stimulus, correct"), none.getMessage());
  }

  @Test
  void intervalSeriesBecomeIntervals() {
    NwbReport report = session("running");
    assertEquals(List.of(), report.mapped().getFirst().notes());
    Path running = report.recording().resolve("running");
    assertArrayEquals(
        new double[] {0.5, 1, 2, 2.5}, NpyFile.read(running.resolve("running.npy")).doubles());
    assertArrayEquals(
        new double[] {3, 4}, NpyFile.read(running.resolve("running_2.npy")).doubles());
  }

  @Test
  void stimuliBecomeTrials() {
    Path recording = session("shown", "evening", "movie", "frames").recording();
    Path shown = recording.resolve("shown");
    assertArrayEquals(
        new double[] {0, 0.5, 1.1, 1.5}, NpyFile.read(shown.resolve("timestamps.npy")).doubles());
    assertArrayEquals(
        expected("scene_1").doubles(), NpyFile.read(shown.resolve("data/scene_1.npy")).doubles());
    List<Object> names = new ArrayList<>();
    json(shown.resolve("combined_meta.json"))
        .values()
        .forEach(trial -> names.add(((Map<?, ?>) trial).get("stimulus_name")));
    assertEquals(List.of("scene_2", "scene_0", "scene_2", "scene_1"), names);
    NpyFile sunset = NpyFile.read(recording.resolve("evening/data/sunset.npy"));
    assertArrayEquals(expected("sunset").doubles(), sunset.doubles());
    assertArrayEquals(new long[] {3, 5, 3}, sunset.shape());
    NpyFile movie = NpyFile.read(recording.resolve("movie/data/00000.npy"));
    assertEquals("|u1", movie.descr());
    assertArrayEquals(expected("movie").doubles(), movie.doubles());
    NpyFile frames = NpyFile.read(recording.resolve("frames/data/00000.npy"));
    assertEquals("<f4", frames.descr());
    assertArrayEquals(expected("frames").doubles(), frames.doubles());
  }

  private static Map<String, Object> json(Path file) {
    try {
      return ((MapNode) Documents.json(file)).value();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theListSaysWhatBecomesOfEachThing() {
    List<NwbItem> items = NwbImport.of(resource("session.nwb")).list();
    NwbItem frames = item(items, "acquisition/frames");
    assertTrue(frames.onRequest() && frames.device().equals("frames"), frames.toString());
    NwbItem camera = item(items, "acquisition/camera");
    assertTrue(camera.modality() == null && camera.reason().contains("eye.mp4"), camera.toString());
    assertEquals("lfp", item(items, "processing/ecephys/LFP/lfp").device());
    assertNull(item(items, "processing/ecephys/LFP/lfp").reason());
    NwbReport report = session();
    assertTrue(
        report.left().stream().anyMatch(l -> l.path().equals("acquisition/frames") && !l.faulty()));
    assertFalse(report.isFaulty());
    Map<String, Object> stored = json(report.recording().resolve("nwb-import.json"));
    assertEquals(report.mapped().size(), ((List<?>) stored.get("mapped")).size());
    assertTrue(NwbReport.json(resource("session.nwb"), items).contains("\"on_request\" : true"));
  }

  private static NwbItem item(List<NwbItem> items, String path) {
    return items.stream().filter(i -> i.path().equals(path)).findFirst().orElseThrow();
  }

  @Test
  void recordingsOpenAndGiveBatches() throws InterruptedException {
    for (String file : List.of("session", "first")) {
      Path recording = NwbImport.of(resource(file + ".nwb")).to(folder).recording();
      assertTrue(
          Validator.validate(recording).stream()
              .filter(p -> !"time range".equals(p.key()))
              .noneMatch(p -> p.severity() == org.syncline.device.Problem.Severity.ERROR));
    }
    Path recording =
        NwbImport.of(resource("session.nwb"))
            .only("lfp")
            .only("units")
            .only("movie")
            .replace(true)
            .to(folder)
            .recording();
    try (ChunkDataset dataset =
            ChunkDataset.open(
                recording,
                org.syncline.config.DatasetConfig.parse(
                    """
                    global_sampling_rate: 20.0
                    global_chunk_size: 10
                    modality_config:
                      lfp: {sampling_rate: 20.0}
                      units: {sampling_rate: 20.0}
                    """,
                    "test"));
        ChunkLoader loader =
            ChunkLoader.builder().dataset(dataset).batchSize(1).threads(1).build()) {
      assertTrue(dataset.length() > 0);
      try (Batch batch = loader.remaining().iterator().next()) {
        assertEquals(1, batch.size());
        assertNotNull(batch.values().get("lfp"));
      }
    }
    assertNotNull(DefaultConfigs.forRecording(recording));
  }

  @Test
  void devicesThatNeverOverlapAreImportedAndSaid() {
    NwbReport report = session("movie", "evening");
    assertEquals(2, report.mapped().size());
    assertTrue(
        report.toText().contains("time range: found movie starts at 2.0 s"), report.toText());
  }

  @Test
  void storedValuesKeepTypeAndFactor() throws IOException {
    Path recording =
        NwbImport.of(resource("session.nwb"))
            .only("lfp")
            .type(ValueType.STORED)
            .to(folder)
            .recording();
    Path lfp = recording.resolve("lfp");
    assertEquals("int16", value(lfp, "dtype"));
    assertEquals(1000 * 4 * 2, Files.size(lfp.resolve("data.mem")));
    Map<String, Object> source = json(lfp.resolve("meta/nwb.json"));
    assertEquals(1.95e-7, source.get("conversion"));
    assertEquals(0.01, source.get("offset"));
    assertEquals(false, source.get("converted"));
    assertEquals(4, ((List<?>) source.get("channel_conversion")).size());
    Path doubles =
        NwbImport.of(resource("session.nwb"))
            .only("lfp")
            .type(ValueType.FLOAT64)
            .replace(true)
            .to(folder)
            .recording()
            .resolve("lfp");
    assertEquals("float64", value(doubles, "dtype"));
    assertEquals(1000 * 4 * 8, Files.size(doubles.resolve("data.mem")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "single_chunk",
        "implicit",
        "fixed_array",
        "extensible_array",
        "tree",
        "half",
        "big",
        "bytes",
        "flags",
        "long",
        "unsigned",
        "compact"
      })
  void everyIndexOfChunksAndTypeOfNumberIsRead(String name) throws IOException {
    NwbReport report = NwbImport.of(resource("latest.nwb")).only(name).to(folder);
    assertData(report.recording().resolve(name), expected("latest." + name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nan_times     | acquisition/nan_times/timestamps: found 2 NaN or infinite, the first at index 3",
        "two_rows      | acquisition/two_rows/timestamps: found shape [2, 10]",
        "descending    | found a step back at index 5, from 0.5 to 0.4",
        "repeated      | found 1 times that stand there twice",
        "too_few       | found 8 times of 10 samples",
        "nan_start     | acquisition/nan_start/starting_time: found NaN",
        "no_rate       | acquisition/no_rate/starting_time@rate: found 0.0",
        "negative_rate | found -10.0, expected a positive number of Hz",
        "period        | found 0.05, the period of the 20.0 Hz",
        "milliseconds  | found 'milliseconds', expected seconds",
        "no_clock      | found neither timestamps nor starting_time",
        "broken_link   | found a link to /acquisition/nowhere/timestamps, where nothing is",
        "odd_conversion| acquisition/odd_conversion/data@conversion: found NaN",
        "scale_offset  | chunks with the filter scaleoffset (number 6)",
        "blosc         | chunks with the filter blosc (number 32001)"
      })
  void whatIsWrongIsNamed(String name, String message) throws IOException {
    NwbImport job = NwbImport.of(resource("traps.nwb")).only(name);
    RecordingException e = assertThrows(RecordingException.class, () -> job.to(folder));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList(), "an import that failed left something");
    }
  }

  @Test
  void whatIsWrongIsLeftOutAndReported() {
    NwbReport report = NwbImport.of(resource("traps.nwb")).to(folder);
    assertTrue(report.isFaulty());
    List<String> faulty =
        report.left().stream().filter(NwbReport.Left::faulty).map(NwbReport.Left::path).toList();
    assertEquals(15, faulty.size(), faulty.toString());
    List<String> devices = report.mapped().stream().map(NwbReport.Mapped::device).toList();
    assertEquals(
        List.of("extended", "external", "one_row", "relative", "too_large", "trials"),
        devices.stream().sorted().toList());
    assertTrue(report.toText().contains("2 values are too large for float32"), report.toText());
    // a link relative to its group, and one to another file
    Path recording = report.recording();
    assertEquals(10, number(recording.resolve("relative"), "sampling_rate"), 1e-12);
    assertEquals(5, number(recording.resolve("external"), "start_time"));
  }

  @Test
  void whatOtherProgramsWriteIsReadOrSaid() throws IOException {
    NwbReport report = NwbImport.of(resource("foreign.nwb")).threads(2).to(folder);
    Map<String, String> left = new HashMap<>();
    report.left().forEach(l -> left.put(l.path(), (l.faulty() ? "faulty: " : "") + l.reason()));
    Map<String, String> wanted = new TreeMap<>();
    wanted.put("acquisition/soft", "the same as acquisition/cube");
    wanted.put("acquisition/dangling", "faulty: a link to /acquisition/nothing, where nothing is");
    wanted.put("acquisition/circle", "faulty: a link to /acquisition/circle, where nothing is");
    wanted.put("acquisition/gone", "faulty: a link to missing.nwb:/acquisition/x");
    wanted.put("acquisition/start_without_rate", "faulty: starting_time@rate: found NaN");
    wanted.put("acquisition/zero_rows", "no samples: shape [0, 3]");
    wanted.put("acquisition/zero_columns", "no samples: shape [5, 0]");
    wanted.put("acquisition/no_data", "faulty: no data");
    wanted.put("acquisition/null_data", "no samples: shape [0]");
    wanted.put("acquisition/complex", "values that are no numbers");
    wanted.put("acquisition/ragged", "values that are no numbers");
    wanted.put(
        "acquisition/external_storage",
        "faulty: found what cannot be read (Encountered External Data Files Message");
    wanted.put("acquisition/virtual", "faulty: found what cannot be read (Virtual storage is not");
    wanted.put("acquisition/channel_nan", "faulty: channel_conversion[1]: found NaN");
    wanted.put("acquisition/nan_only", "faulty: timestamps: found 10 NaN or infinite");
    wanted.put("acquisition/text_times", "faulty: timestamps: found values that are no numbers");
    wanted.put("acquisition/reference", "faulty: timestamps: found 1 times of 10 samples");
    wanted.put("acquisition/flat", "faulty: data: found shape [5, 4], expected frames");
    wanted.put("acquisition/index_beyond", "faulty: data: found the index 7");
    wanted.put("acquisition/index_of_nothing", "faulty: found neither indexed_images nor");
    wanted.put("intervals/no_stop", "faulty: intervals without stop_time");
    wanted.put("intervals/no_start", "faulty: intervals without start_time");
    wanted.put("intervals/no_rows", "no rows");
    wanted.put("intervals/uneven", "faulty: found 2 start_time and 1 stop_time");
    wanted.put("units", "units without spike_times");
    wanted.put("processing/sorted/no_units", "units without a spike, and without obs_intervals");
    wanted.put("processing/sorted/no_index", "faulty: found spike_times without spike_times_index");
    wanted.put(
        "processing/sorted/nan_observed/obs_intervals",
        "faulty: processing/sorted/nan_observed: found no interval");
    assertEquals(wanted.keySet(), new TreeSet<>(left.keySet()), report.toText());
    wanted.forEach(
        (path, reason) -> assertTrue(left.get(path).startsWith(reason), path + left.get(path)));

    Path recording = report.recording();
    assertEquals(List.of(100f, 101f, 106f, 107f), some(recording, "skipped_filter", 8, 9, 14, 15));
    assertEquals(List.of(Float.NaN), some(recording, "unallocated", 15));
    assertEquals(List.of(7f), some(recording, "unwritten", 15));
    assertEquals(List.of(1f, 2f, 3f, 3f), some(recording, "channel_column", 0, 1, 2, 29));
    assertEquals(List.of(1.5f, Float.NaN), some(recording, "half", 0, 1));
    assertEquals(List.of(0x1p53f, -0x1p62f, 5f), some(recording, "beyond", 0, 1, 2));
    assertEquals(List.of(0f, 5f), some(recording, "enum", 0, 1));
    assertEquals(List.of(3f), some(recording, "one_value", 0));
    assertEquals(List.of(0f, 18f), some(recording, "array_attributes", 0, 9));
    assertEquals(20, number(recording.resolve("array_attributes"), "sampling_rate"));
    assertEquals(3, number(recording.resolve("array_attributes"), "start_time"));
    assertEquals(6, number(recording.resolve("cube"), "n_signals"));
    assertEquals(10, number(recording.resolve("group"), "sampling_rate"), 1e-12);
    assertEquals(30, number(recording.resolve("row"), "n_signals"));
    assertEquals(1.7e9, number(recording.resolve("of_unix"), "start_time"));
    assertEquals(-0.9, number(recording.resolve("negative_times"), "start_time"));
    assertEquals(3, number(recording.resolve("float_times"), "sampling_rate"), 1e-6);
    assertEquals(
        List.of(0L, 100L, 300L), longs(value(recording.resolve("of_u2"), "spike_indices")));
    assertArrayEquals(
        new double[] {0.5, 1.5, 3, 4},
        NpyFile.read(recording.resolve("unsorted/unsorted.npy")).doubles());
    Map<String, String> devices = new HashMap<>();
    report.mapped().forEach(m -> devices.put(m.path(), m.device()));
    assertEquals("_meta.json", devices.get("acquisition/meta.json"));
    assertEquals("_hidden", devices.get("acquisition/.hidden"));
    assertEquals("Größe_µ", devices.get("acquisition/Größe µ"));
    assertEquals(
        3,
        Stream.of("a b", "a_b", "A_B")
            .map(name -> devices.get("acquisition/" + name).toLowerCase(Locale.ROOT))
            .distinct()
            .count());
    assertEquals(35, devices.size(), devices.toString());
    assertTrue(report.toText().contains("one sample of 30 signals"), report.toText());
  }

  private static List<Float> some(Path recording, String device, int... places) throws IOException {
    List<Float> all = floats(recording, device).stream().map(Double::floatValue).toList();
    return Arrays.stream(places).mapToObj(all::get).toList();
  }

  @Test
  void otherFilesAreReadInTheFoldersReachOrNotAtAllWhereTheSwitchSaysSo() throws IOException {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path traps = Files.copy(resource("traps.nwb"), here.resolve("traps.nwb"));
    Path elsewhere = Files.copy(resource("other.h5"), folder.resolve("other.h5"));
    Files.createSymbolicLink(here.resolve("other.h5"), elsewhere);
    NwbImport job = NwbImport.of(traps).only("external");
    job.to(folder.resolve("followed"));
    System.setProperty("syncline.links", "refuse");
    try {
      RecordingException e =
          assertThrows(RecordingException.class, () -> job.to(folder.resolve("refused")));
      assertTrue(e.getMessage().contains("other.h5:/clock, where nothing is"), e.getMessage());
    } finally {
      System.clearProperty("syncline.links");
    }
  }

  @Test
  void repairsDoWhatTheySay() throws IOException {
    NwbImport job = NwbImport.of(resource("traps.nwb"));
    for (Repair repair : Repair.values()) {
      if (repair != Repair.FILL_GAPS) {
        job.repair(repair);
      }
      assertEquals(repair, Repair.named(repair.word()));
    }
    List.of("no_rate", "negative_rate", "period").forEach(name -> job.rate(name, 10));
    Path recording = job.to(folder).recording();
    assertEquals(List.of(0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 8.0, 9.0), floats(recording, "nan_times"));
    assertEquals(
        List.of(0.0, 1.0, 2.0, 3.0, 5.0, 4.0, 6.0, 7.0, 8.0, 9.0), floats(recording, "descending"));
    assertEquals(
        List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 8.0, 9.0), floats(recording, "repeated"));
    assertEquals(8, floats(recording, "too_few").size());
    assertEquals(0, number(recording.resolve("nan_start"), "start_time"));
    for (String name : List.of("no_rate", "negative_rate", "period")) {
      assertEquals(10, number(recording.resolve(name), "sampling_rate"));
    }
    assertArrayEquals(
        new double[] {0, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9},
        NpyFile.read(recording.resolve("nan_times/timestamps.npy")).doubles());
  }

  @Test
  void missingStepsAreFilledWithNaN() throws IOException {
    NwbImport job =
        NwbImport.of(resource("traps.nwb"))
            .only("nan_times")
            .repair(Repair.DROP_NAN_TIMES)
            .repair(Repair.FILL_GAPS);
    NwbReport report = job.to(folder);
    Path device = report.recording().resolve("nan_times");
    double nan = Double.NaN;
    assertEquals(
        List.of(0.0, 1.0, 2.0, nan, 4.0, 5.0, 6.0, nan, 8.0, 9.0),
        floats(report.recording(), "nan_times"));
    assertEquals(10, number(device, "sampling_rate"), 1e-9);
    assertTrue(Files.notExists(device.resolve("timestamps.npy")));
    assertTrue(report.toText().contains("fill-gaps: 2 of 10 steps were missing"), report.toText());
  }

  @Test
  void clocksWithGapsAreFoundOrNotAndTheReasonIsSaid() {
    Random random = new Random(20261129);
    for (int round = 0; round < 200; round++) {
      double period = round % 2 == 0 ? 1 / 30.0 : 0.05;
      double start = random.nextInt(2) * 1.6e9 + random.nextDouble();
      List<Integer> steps = new ArrayList<>();
      // the period of times that are off is known of many
      int rows = (round % 3 == 0 ? 500 : 50) + random.nextInt(2000);
      for (int step = 0, i = 0; i < rows; i++) {
        steps.add(step);
        step += random.nextInt(20) == 0 ? 1 + random.nextInt(40) : 1;
      }
      double jitter = round % 3 == 0 ? 0.2 * period : 0;
      double[] times =
          steps.stream()
              .mapToDouble(k -> start + k * period + jitter * (random.nextDouble() - 0.5))
              .toArray();
      int n = times.length;
      boolean gaps = steps.getLast() > n - 1;
      Clock clock =
          new Clock(
              n,
              times[0],
              times[n - 1],
              Double.NaN,
              MemorySegment.ofArray(times),
              null,
              new ArrayList<>());
      Clock filled = clock.filled(n, 0.25);
      if (!gaps) {
        continue;
      }
      assertTrue(filled.isRegular(), "round " + round + ": " + filled.notes());
      assertArrayEquals(steps.stream().mapToInt(k -> k).toArray(), filled.rows(), "round " + round);
      assertEquals(steps.getLast() + 1, filled.samples());
      times[n / 2] += 0.4 * period;
      assertTrue(!clock.filled(n, 0.25).isRegular(), "round " + round + " of " + n);
      assertTrue(clock.notes().getLast().startsWith("fill-gaps: not done, "));
    }
    double[] far = {0, 1, 2, 1e6};
    Clock clock =
        new Clock(4, 0, 1e6, Double.NaN, MemorySegment.ofArray(far), null, new ArrayList<>());
    assertTrue(!clock.filled(4, 0.25).isRegular());
    assertTrue(clock.notes().getLast().contains("too many"), clock.notes().getLast());
  }

  private static List<Double> floats(Path recording, String device) throws IOException {
    var bytes =
        java.nio.ByteBuffer.wrap(Files.readAllBytes(recording.resolve(device).resolve("data.mem")))
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    List<Double> values = new ArrayList<>();
    while (bytes.hasRemaining()) {
      values.add((double) bytes.getFloat());
    }
    return values;
  }

  @Test
  void anIndexThatWrappedAroundIsRefused() {
    RecordingException e =
        assertThrows(
            RecordingException.class,
            () ->
                NwbImport.of(resource("traps.nwb"))
                    .only("trials")
                    .labels("trials", "tags")
                    .to(folder));
    assertTrue(
        e.getMessage().contains("trials/tags_index: found the end 2 of row 3 after 3"),
        e.getMessage());
  }

  @Test
  void unknownTypesAreImportedWhereTheyAreNamed() {
    NwbItem item = item(NwbImport.of(resource("traps.nwb")).list(), "acquisition/of_an_extension");
    assertTrue(item.onRequest() && item.type().equals("LickometerSeries"), item.toString());
    NwbReport report =
        NwbImport.of(resource("traps.nwb")).only("acquisition/of_an_extension").to(folder);
    assertEquals("sequence", report.mapped().getFirst().modality());
  }

  @Test
  void filesOfTheFirstVersionAreRead() throws IOException {
    NwbReport report = NwbImport.of(resource("first.nwb")).labels("epochs", "tags").to(folder);
    Path recording = report.recording();
    assertData(recording.resolve("imaging_plane_1"), expected("first.dff"));
    Path units = recording.resolve("UnitTimes");
    assertArrayEquals(
        new double[] {0.1, 0.4, 0.2, 0.3, 0.6},
        NpyFile.read(units.resolve("spikes.npy")).doubles());
    assertArrayEquals(new double[] {3, 11}, ids(recording, "UnitTimes"));
    assertEquals(List.of("unit_03", "unit_11"), texts(recording, "UnitTimes", "unit_names"));
    assertEquals(List.of("a", "b", "c"), texts(recording, "imaging_plane_1", "unit_names"));
    assertTrue(report.toText().contains("times of 1 units were not in order"), report.toText());
    Path shown = recording.resolve("shown");
    assertArrayEquals(
        expected("first.scene").doubles(),
        NpyFile.read(shown.resolve("data/scenes_00002.npy")).doubles());
    Map<?, ?> blank = (Map<?, ?>) json(shown.resolve("combined_meta.json")).get("00001");
    assertEquals("blank", blank.get("modality"));
    assertEquals(
        Map.of("hit", "hit.npy", "miss", "miss.npy"), value(recording.resolve("epochs"), "labels"));
  }

  @Test
  void aSecondImportReplacesTheWholeOrIsRefused() throws IOException {
    Path recording = session("lfp", "units").recording();
    RecordingException e = assertThrows(RecordingException.class, () -> session("lfp"));
    assertTrue(e.getMessage().contains("there already"), e.getMessage());
    // what an import that was killed leaves
    Path stale = Files.createDirectories(folder.resolve(".session.importing-999999999/lfp"));
    NwbImport.of(resource("session.nwb")).only("lfp").replace(true).to(folder);
    assertFalse(Files.exists(recording.resolve("units")));
    assertFalse(Files.exists(stale));
    List<String> listed = Files.readAllLines(recording.resolve(Checksums.NAME));
    assertTrue(listed.toString().contains("  lfp/data.mem"), listed.toString());
    assertFalse(listed.toString().contains("units"), listed.toString());
    assertEquals(List.of(), Checksums.compare(recording));
    try (Stream<Path> entries = Files.list(folder)) {
      assertEquals(List.of(recording), entries.toList());
    }
  }

  @Test
  void aFailedReplacementLeavesTheRecordingThatWas() throws IOException {
    Path lfp = session("lfp").recording().resolve("lfp/data.mem");
    byte[] before = Files.readAllBytes(lfp);
    assertThrows(
        RecordingException.class,
        () ->
            NwbImport.of(resource("session.nwb"))
                .only("trials")
                .labels("trials", "colour")
                .replace(true)
                .to(folder));
    assertArrayEquals(before, Files.readAllBytes(lfp));
  }

  @Test
  void truncatedAndForeignFilesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(resource("session.nwb"));
    for (int length : new int[] {0, 7, 600, whole.length / 3, whole.length / 2}) {
      Path cut = Files.write(folder.resolve("cut.nwb"), Arrays.copyOf(whole, length));
      NwbImport job = NwbImport.of(cut).replace(true);
      try {
        assertTrue(job.to(folder.resolve("out")).isFaulty(), length + " bytes");
      } catch (RecordingException e) {
        assertTrue(e.getMessage().contains("cut.nwb"), e.getMessage());
      }
    }
    RecordingException other =
        assertThrows(RecordingException.class, () -> NwbImport.of(resource("other.h5")).to(folder));
    assertTrue(other.getMessage().contains("nwb_version"), other.getMessage());
    assertThrows(RecordingException.class, () -> NwbImport.of(folder.resolve("none.nwb")).list());
  }

  @Test
  void namesThatAreNotThereAreSaid() {
    for (NwbImport job :
        List.of(
            NwbImport.of(resource("session.nwb")).only("lpf"),
            NwbImport.of(resource("session.nwb")).labels("trails", "stimulus"),
            NwbImport.of(resource("session.nwb")).rate("lpf", 3),
            NwbImport.of(resource("session.nwb")).name("lpf", "x"))) {
      RecordingException e = assertThrows(RecordingException.class, () -> job.to(folder));
      assertTrue(e.getMessage().contains("one of frames, partly, turned,"), e.getMessage());
    }
    RecordingException kind =
        assertThrows(
            RecordingException.class,
            () -> NwbImport.of(resource("session.nwb")).labels("lfp", "x").to(folder));
    assertTrue(kind.getMessage().contains("a device of sequence"), kind.getMessage());
    RecordingException twice =
        assertThrows(
            RecordingException.class,
            () -> NwbImport.of(resource("session.nwb")).name("lfp", "units").to(folder));
    assertTrue(twice.getMessage().contains("two devices"), twice.getMessage());
    NwbReport renamed =
        NwbImport.of(resource("session.nwb")).only("lfp").name("lfp", "field").to(folder);
    assertTrue(Files.exists(renamed.recording().resolve("field/data.mem")));
  }
}
