/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.syncline.array.ElementType;
import org.syncline.config.DatasetConfig;
import org.syncline.device.Problem;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.testdata.Json;
import org.syncline.testdata.NpyFile;

/** What can be read and gives wrong values is said when it is opened, and by a validation. */
@Tag("any-width")
class SilentDamageTest {
  @TempDir Path root;

  /** Returns what opening and reading all chunks of a configuration says. */
  private List<String> said(DatasetConfig config, ReadOptions options) {
    try (LogCapture log = new LogCapture();
        ChunkDataset dataset = ChunkDataset.open(root, config, Registry.EMPTY)) {
      try (Arena arena = Arena.ofConfined();
          ChunkReader reader = dataset.reader(options)) {
        MemorySegment[] segments =
            dataset.layout(options).stream()
                .map(spec -> arena.allocate(spec.bytes(), 64))
                .toArray(MemorySegment[]::new);
        for (int i = 0; i < dataset.length(); i++) {
          reader.read(i, segments, new long[segments.length]);
        }
      }
      return log.messages();
    }
  }

  private List<String> said() {
    return said(DefaultConfigs.forRecording(root), ReadOptions.DEFAULT);
  }

  private List<String> validated() {
    try (LogCapture _ = new LogCapture()) {
      return Validator.validate(root).stream()
          .filter(p -> p.severity() == Problem.Severity.WARNING)
          .map(Problem::toString)
          .toList();
    }
  }

  private static void assertSaid(List<String> messages, String... parts) {
    assertTrue(
        messages.stream().anyMatch(m -> Arrays.stream(parts).allMatch(m::contains)),
        () -> messages.toString());
  }

  /** Writes zeros over what a copy had not reached. */
  private static void clear(Path file, long from, long to) throws IOException {
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.seek(from);
      f.write(new byte[(int) (Math.min(to, f.length()) - from)]);
    }
  }

  private void sequence(int columns) {
    new Handmade(root)
        .sequence("responses", 10, 100, 100 + 3999 / 10.0, 4000, columns, i -> 1 + i % 977);
  }

  // --- copies that were interrupted

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void aSequenceWhoseCopyEndedIsSaid(int columns) throws IOException {
    sequence(columns);
    Path file = root.resolve("responses/data.npy");
    assertEquals(List.of(), said());
    assertEquals(List.of(), validated());
    clear(file, 5 * 4096, Long.MAX_VALUE);
    long element = (5 * 4096 - 128) / 8;
    String place =
        "row "
            + element / columns
            + (element % columns == 0 ? "" : ", column " + element % columns)
            + " on";
    assertSaid(said(), file + ": values: found nothing but zeros from " + place, "checksum");
    assertSaid(validated(), file + ": values: found nothing but zeros from " + place, "checksum");
  }

  @Test
  void aRawSequenceWhoseCopyEndedIsSaid() throws IOException {
    new Handmade(root).floats("responses", 10, 100, 100 + 3999 / 10.0, 4000, 5);
    Path file = root.resolve("responses/data.mem");
    assertEquals(List.of(), said());
    clear(file, 2 * 4096, Long.MAX_VALUE);
    assertSaid(said(), file + ": values: found nothing but zeros from row 409, column 3 on");
    assertSaid(validated(), file + ": values: found nothing but zeros from row 409, column 3 on");
    clear(file, 0, Long.MAX_VALUE);
    assertSaid(said(), file + ": values: found nothing but zeros, expected");
  }

  @Test
  void aScreenOfNothingButZerosIsSaidByAValidation() throws IOException {
    new Handmade(root).screen(0, 10, List.of(Handmade.video(40), Handmade.video(30)));
    Path first = root.resolve("screen/data/00000.npy");
    assertEquals(List.of(), validated());
    clear(first, 128, Long.MAX_VALUE);
    // a black trial among others
    assertEquals(List.of(), validated());
    clear(root.resolve("screen/data/00001.npy"), 128, Long.MAX_VALUE);
    assertSaid(
        validated(),
        first.getParent() + ": pixels: found nothing but zeros in all 2 files",
        "never filled?");
  }

  @Test
  void aHoleInTheMiddleIsSaidByAValidation() throws IOException {
    sequence(4);
    Path file = root.resolve("responses/data.npy");
    clear(file, 3 * 4096, 6 * 4096);
    assertSaid(validated(), file + ": values: found a hole of zeros from row 380 to row 764");
    // which takes all pages of a file
    assertEquals(List.of(), said());
  }

  @Test
  void signalsThatAreZeroAreNotCalledDamaged() throws IOException {
    // a treadmill that stands still now and then, and at the end
    IntToDoubleFunction runs = i -> i / 600 % 3 == 1 || i > 3200 ? 0 : 1 + i % 50;
    new Handmade(root).sequence("treadmill", 10, 100, 100 + 3999 / 10.0, 4000, 1, runs);
    // events that are rare
    new Handmade(root)
        .sequence(
            "responses", 10, 100, 100 + 3999 / 10.0, 4000, 6, i -> i % 997 == 0 ? 1 + i % 5 : 0);
    assertEquals(List.of(), said());
    assertEquals(List.of(), validated());
  }

  @Test
  void aDeviceThatFallsSilentForGoodIsSaid() {
    new Handmade(root)
        .sequence(
            "responses", 10, 100, 100 + 3999 / 10.0, 4000, 8, i -> i < 16_003 ? 1 + i % 9 : 0);
    assertSaid(said(), "nothing but zeros from row 2000, column 3 on", "did the device stop");
    assertSaid(validated(), "nothing but zeros from row 2000, column 3 on");
  }

  /** An array that was made beforehand and filled from the middle on. */
  @Test
  void anArrayThatWasNeverFilledAtItsBeginningIsSaid() {
    for (int columns : new int[] {8, 20, 7, 1}) {
      for (int empty : new int[] {2400, 401, 399, 60, 0}) {
        int first = empty * columns + 3;
        new Handmade(root)
            .sequence(
                "responses",
                10,
                100,
                100 + 3999 / 10.0,
                4000,
                columns,
                i -> i < first ? 0 : 1 + i % 977);
        boolean wrong = columns >= 8 && empty > 400;
        for (List<String> messages : List.of(said(), validated())) {
          if (wrong) {
            assertSaid(
                messages,
                "data.npy: values: found nothing but zeros in rows 0 to "
                    + (empty - 1)
                    + " of 4000, expected values from the first row on",
                "never filled there");
          } else {
            assertEquals(List.of(), messages, columns + " columns, " + empty + " rows");
          }
        }
      }
    }
  }

  /** Nothing can be said of signals that are zero now and then, whatever their beginning. */
  @Test
  void sparseSignalsMayBeginWithZeros() {
    java.util.Random random = new java.util.Random(7);
    IntToDoubleFunction counts = i -> i < 24_000 ? 0 : (int) (-1.2 * Math.log(random.nextDouble()));
    // which of ten gratings is shown, behind spontaneous activity
    IntToDoubleFunction shown = i -> i >= 16_000 && i / 10 / 30 % 10 == i % 10 ? 1 : 0;
    // one of ten cells never fires
    IntToDoubleFunction silent = i -> i < 24_000 || i % 10 == 4 ? 0 : 1 + i % 977;
    // which of four states all cells are in, behind none
    IntToDoubleFunction states = i -> i < 16_000 ? 0 : 1 + i / 10 / 30 % 4;
    for (IntToDoubleFunction each : List.of(counts, shown, silent, states)) {
      new Handmade(root).sequence("responses", 10, 100, 100 + 3999 / 10.0, 4000, 10, each);
      assertEquals(List.of(), said().stream().filter(m -> m.contains("in rows 0 to")).toList());
      assertEquals(
          List.of(), validated().stream().filter(m -> m.contains("in rows 0 to")).toList());
    }
  }

  @Test
  void statisticsWhoseCopyEndedAreSaid() throws IOException {
    new Handmade(root)
        .sequence("responses", 10, 100, 103.9, 40, 1500, i -> 1 + i % 977)
        .statistics("responses", new double[1500], new double[1500]);
    double[] ones = new double[1500];
    Arrays.fill(ones, 2);
    new Handmade(root).statistics("responses", ones, ones);
    Path means = root.resolve("responses/meta/means.npy");
    clear(means, 4096, Long.MAX_VALUE);
    DatasetConfig config =
        Handmade.config(
            "modality_config: {responses: {sampling_rate: 10, chunk_size: 5, transforms:"
                + " {normalization: normalize}}}");
    assertSaid(
        said(config, ReadOptions.DEFAULT),
        means + ": values: found nothing but zeros from byte 3968 of its values on");
    assertSaid(validated(), means + ": values: found nothing but zeros from byte 3968");
  }

  @Test
  void statisticsOfOtherDataAreSaid() {
    DatasetConfig config =
        Handmade.config(
            "time_grid: exact\nmodality_config: {responses: {sampling_rate: 10, chunk_size: 5,"
                + " sample_stride: 5, transforms: {normalization: normalize}}}");
    Handmade recording =
        new Handmade(root)
            .sequence("responses", 10, 100, 139.9, 400, 2, i -> 7 + i * 7919 % 997 / 100.0);
    double[] means = {12, 12};
    double[] stds = {3, 3};
    recording.statistics("responses", means, stds);
    assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
    Path file = root.resolve("responses/meta/stds.npy");
    recording.statistics("responses", new double[] {900, 900}, stds);
    assertSaid(
        said(config, ReadOptions.DEFAULT), file + ": values: found means that are ", "before?");
    assertSaid(validated(), file + ": values: found means that are ", "stats --write");
    recording.statistics("responses", means, new double[] {.003, .003});
    assertSaid(said(config, ReadOptions.DEFAULT), file + ": values: found deviations of which");
    assertSaid(validated(), file + ": values: found deviations of which");
    recording.statistics("responses", means, new double[] {3000, 3000});
    assertSaid(validated(), file + ": values: found deviations of which");
  }

  /** Writes four columns around 7 of deviations about 3, with statistics of theirs. */
  private Handmade signals() {
    double[] means = {12, 12, 12, 12};
    double[] stds = {3, 3, 3, 3};
    return new Handmade(root)
        .sequence("eye", 10, 100, 139.9, 400, 4, i -> 7 + i * 7919 % 997 / 100.0)
        .statistics("eye", means, stds);
  }

  private static DatasetConfig eye(String more) {
    return Handmade.config(
        "time_grid: exact\nmodality_config: {eye: {sampling_rate: 10, chunk_size: 5, sample_stride: 5"
            + more
            + "}}");
  }

  private static final String OWN =
      ", interpolation: {normalize: true, normalize_subtract_mean: true}";

  @Test
  void statisticsOfOtherDataAreSaidOfInterpolationToo() {
    Handmade recording = signals();
    Path file = root.resolve("eye/meta/stds.npy");
    assertEquals(List.of(), said(eye(OWN), ReadOptions.DEFAULT));
    recording.statistics("eye", new double[] {1e6, 1e6, 1e6, 1e6}, new double[] {3, 3, 3, 3});
    assertSaid(
        said(eye(OWN), ReadOptions.DEFAULT), file + ": values: found means that are ", "before?");
    assertEquals(List.of(), said(eye(", interpolation: {normalize: true}"), ReadOptions.DEFAULT));
    recording.statistics(
        "eye", new double[] {12, 12, 12, 12}, new double[] {.003, .003, .003, .003});
    assertSaid(said(eye(OWN), ReadOptions.DEFAULT), file + ": values: found deviations of which");
    assertEquals(
        List.of(),
        said(
                eye(", interpolation: {normalize: true, normalize_std_threshold: 1e4}"),
                ReadOptions.DEFAULT)
            .stream()
            .filter(m -> m.contains("means that"))
            .toList());
  }

  @Test
  void aColumnWhoseStatisticsAreAbsurdIsSaid() {
    Handmade recording = signals();
    Path file = root.resolve("eye/meta/stds.npy");
    double[] means = {12, 12, 12, 12};
    double[] stds = {3, 3, 3, 3};
    recording.statistics("eye", means, new double[] {3, 3, 1e-12, 3});
    for (String config : List.of(OWN, NORMALIZED)) {
      assertSaid(
          said(eye(config), ReadOptions.DEFAULT),
          file + ": values: found a deviation of which that of the data is ",
          "of column 2");
      assertSaid(
          said(eye(config + ", columns: [3, 2, 0]"), ReadOptions.DEFAULT), "times, of column 2");
      assertEquals(List.of(), said(eye(config + ", columns: [3, 0]"), ReadOptions.DEFAULT));
    }
    assertSaid(validated(), file + ": values: found a deviation of which", "of column 2");
    recording.statistics("eye", new double[] {12, 1e9, 12, 12}, stds);
    assertSaid(
        said(eye(NORMALIZED), ReadOptions.DEFAULT), file + ": values: found a mean", "of column 1");
    assertSaid(validated(), file + ": values: found a mean that is ", "of column 1");
    // a column of another unit than those of the recording that statistics are of is none
    recording.statistics("eye", new double[] {12, 40, 12, 12}, new double[] {3, .05, 300, 3});
    assertEquals(List.of(), said(eye(NORMALIZED), ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
  }

  @Test
  void deviationsThatAreTakenForWhatTheyAreNotAreSaid() {
    int columns = 8;
    int rows = 900;
    Random random = new Random(6);
    double[] data = random.doubles(columns * rows, -1, 1).toArray();
    new Handmade(root)
        .sequence(
            "eye", 10, 100, 189.9, rows, columns, i -> data[i] * Math.pow(1.6, 1 + i % columns));
    double[] stds = new double[columns];
    for (int j = 0; j < columns; j++) {
      stds[j] = Math.pow(1.6, 1 + j) / Math.sqrt(3);
    }
    DatasetConfig config = eye(", transforms: {normalization: normalize_variance_only}");
    String said = root.resolve("eye/meta/stds.npy") + ": values: found deviations that look like ";
    Map<String, DoubleUnaryOperator> slips = new LinkedHashMap<>();
    slips.put("", std -> std);
    // of another recording of the same signals, which nothing tells from its own
    slips.put(" ", std -> 1.7 * std);
    slips.put("variances, as 614.", std -> std * std);
    slips.put("1 divided by deviations, as 0.0", std -> 1 / std);
    slips.put("standard errors: those of the data are ", std -> std / 30);
    for (Map.Entry<String, DoubleUnaryOperator> slip : slips.entrySet()) {
      double[] written = Arrays.stream(stds).map(slip.getValue()).toArray();
      new Handmade(root).statistics("eye", new double[columns], written);
      if (slip.getKey().isBlank()) {
        assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
        assertEquals(List.of(), validated());
      } else {
        assertSaid(said(config, ReadOptions.DEFAULT), said + slip.getKey(), "stats --write");
        assertSaid(validated(), said + slip.getKey(), "stats --write");
      }
    }
    double[] reversed =
        IntStream.range(0, columns).mapToDouble(j -> stds[columns - 1 - j]).toArray();
    new Handmade(root).statistics("eye", new double[columns], reversed);
    assertSaid(validated(), said + "those of the same columns in another order");
  }

  @Test
  void deviationsThatMakeEverythingNothingAreSaid() {
    signals();
    String map = ", transforms: {normalization: {means: 12, stds: %s}}";
    assertSaid(
        said(eye(map.formatted("1.0e6")), ReadOptions.DEFAULT),
        root.resolve("eye") + ": values: found deviations of which those of the data are ");
    assertEquals(List.of(), said(eye(map.formatted("3")), ReadOptions.DEFAULT));
    assertEquals(List.of(), said(eye(map.formatted("300")), ReadOptions.DEFAULT));
    // silent but for an event now and then
    new Handmade(root)
        .sequence("eye", 10, 100, 139.9, 400, 4, i -> i % 41 == 0 ? 1e3 : 1e-9 * (i % 7));
    assertEquals(
        List.of(),
        said(eye(", transforms: {normalization: {stds: 150, means: 24}}"), ReadOptions.DEFAULT));
  }

  @Test
  void statisticsOfPixelsOnAnotherDeviceAreSaid() {
    signals();
    assertSaid(
        said(eye(", transforms: {normalization: screen_default}"), ReadOptions.DEFAULT),
        root.resolve("eye") + ": transforms.normalization: found screen_default",
        "those of pixels");
  }

  // --- windows

  @ParameterizedTest
  @CsvSource({
    "0, 'found 0, expected seconds above 0; a window of no length holds nothing'",
    "300, 'found 300.0 s, expected less than the 31.0 s'",
    "0.3,",
    "31,"
  })
  void windowsOfSpikesThatHoldNothingOrAllAreSaid(double seconds, String found) {
    double[] times = new double[300];
    Arrays.setAll(times, i -> i / 10.0 + 0.013);
    new Handmade(root).spikes(31, times);
    List<String> messages =
        said(
            Handmade.config(
                "modality_config: {spikes: {sampling_rate: 10, chunk_size: 5, sample_stride: 5,"
                    + " interpolation: {interpolation_window: "
                    + seconds
                    + "}}}"),
            ReadOptions.DEFAULT);
    if (found == null) {
      assertEquals(List.of(), messages);
    } else {
      assertSaid(messages, root.resolve("spikes") + ": interpolation_window: " + found);
    }
  }

  @Test
  void windowsOfMeansLongerThanTheDeviceAreSaid() {
    signals();
    String mean = ", interpolation: {interpolation_mode: mean, window: %s}";
    assertSaid(
        said(eye(mean.formatted("1.0e9")), ReadOptions.DEFAULT),
        root.resolve("eye") + ": window: found 1000000000 s, expected less than the ");
    for (String window : List.of("0.5", "0.01", "39")) {
      assertEquals(List.of(), said(eye(mean.formatted(window)), ReadOptions.DEFAULT));
    }
    assertEquals(
        List.of(), said(eye(", interpolation: {interpolation_mode: mean}"), ReadOptions.DEFAULT));
  }

  // --- clocks of frames

  @Test
  void roundedTimesOfFramesAreSaid() throws IOException {
    videos("bytes", "bytes", "bytes");
    Path clock = root.resolve("screen/timestamps.npy");
    double[] even = NpyFile.read(clock).doubles();
    for (double digits : new double[] {1, 5}) {
      double[] times = Arrays.stream(even).map(t -> Math.rint(t * digits) / digits).toArray();
      NpyFile.write(clock, times, times.length);
      String found = clock + ": values: found ";
      assertSaid(
          said(screen(""), ReadOptions.DEFAULT), found, "of 117 frames of videos have the time");
      try (LogCapture _ = new LogCapture()) {
        assertTrue(
            Validator.validate(root).stream()
                .anyMatch(
                    p ->
                        p.severity() == Problem.Severity.ERROR
                            && p.toString().contains("of 117 frames of videos have the time")));
      }
    }
    // a pulse now and then that was noted twice
    double[] times = even.clone();
    for (int i = 12; i < times.length; i += 12) {
      times[i] = times[i - 1];
    }
    NpyFile.write(clock, times, times.length);
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
    // where one video ends another one begins
    times = even.clone();
    times[40] = times[39];
    times[80] = times[79];
    NpyFile.write(clock, times, times.length);
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
  }

  @ParameterizedTest
  @CsvSource({
    "3600, 3612, ERROR",
    "0, 8, ERROR",
    "2, 12, ERROR",
    "0, 11900, WARNING",
    "-5, 3600, WARNING",
    "0, 11.9,",
    "0, 12,",
    "-1, 15,"
  })
  void aRangeThatFramesAreNotInIsSaid(double start, double end, Problem.Severity severity)
      throws IOException {
    videos("bytes", "bytes", "bytes");
    Path meta = root.resolve("screen/meta.yml");
    Handmade.write(
        meta, Files.readString(meta) + "start_time: " + start + "\nend_time: " + end + "\n");
    String found =
        root.resolve("screen/timestamps.npy") + ": values: found frames from 0.0 to 11.9 s";
    List<String> messages = said(screen(""), ReadOptions.DEFAULT);
    try (LogCapture _ = new LogCapture()) {
      List<Problem> problems =
          Validator.validate(root).stream().filter(p -> p.toString().contains(found)).toList();
      if (severity == null) {
        assertEquals(List.of(), messages);
        assertEquals(List.of(), problems);
      } else {
        assertSaid(messages, found, "expected seconds from " + start + " to " + end);
        assertEquals(severity, problems.getFirst().severity());
      }
    }
  }

  @Test
  void spikesWhoseCopyEndedAreSaid() throws IOException {
    double[] times = new double[3000];
    for (int i = 0; i < times.length; i++) {
      times[i] = 1 + i / 100.0 + 0.003;
    }
    new Handmade(root).spikes(40, times);
    DatasetConfig config =
        Handmade.config(
            "modality_config: {spikes: {sampling_rate: 10, chunk_size: 5, sample_stride: 5}}");
    assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
    Path file = root.resolve("spikes/spikes.npy");
    clear(file, 2 * 4096, Long.MAX_VALUE);
    assertSaid(
        said(config, ReadOptions.DEFAULT),
        file + ": values: found nothing but zeros from row 1008 on");
    assertSaid(validated(), file + ": values: found nothing but zeros from row 1008 on");
  }

  // --- frames

  /** Writes a screen of videos of 40 frames of 12 x 16, each of a value and an element type. */
  private void videos(Object... kinds) throws IOException {
    Path folder = root.resolve("screen");
    Files.createDirectories(folder.resolve("data"));
    int n = kinds.length;
    Map<String, Object> all = new LinkedHashMap<>();
    for (int k = 0; k < n; k++) {
      all.put(
          String.format("%05d", k),
          Map.of(
              "modality",
              "video",
              "num_frames",
              40,
              "first_frame_idx",
              40 * k,
              "image_size",
              List.of(12, 16)));
      byte[] pixels = pixels(kinds[k]);
      NpyFile.write(
          folder.resolve(String.format("data/%05d.npy", k)),
          descr(kinds[k]),
          false,
          new long[] {40, 12, 16},
          pixels);
    }
    double[] times = new double[40 * n];
    for (int i = 0; i < times.length; i++) {
      times[i] = i / 10.0;
    }
    NpyFile.write(folder.resolve("timestamps.npy"), times, times.length);
    Handmade.write(folder.resolve("combined_meta.json"), Json.write(all));
    Handmade.write(folder.resolve("meta.yml"), "modality: screen\nframe_rate: 10.0\n");
  }

  private static String descr(Object kind) {
    return switch ((String) kind) {
      case "bytes", "dark", "bright" -> "|u1";
      case "wrapped" -> "|i1";
      case "truth" -> "|b1";
      case "words", "twelve" -> "<u2";
      default -> "<f4";
    };
  }

  private static byte[] pixels(Object kind) {
    int count = 40 * 12 * 16;
    ByteBuffer bytes = ByteBuffer.allocate(count * (descr(kind).charAt(2) - '0'));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      int v = 1 + (i * 7919) % 251;
      switch ((String) kind) {
        case "bytes", "wrapped" -> bytes.put((byte) v);
        case "dark" -> bytes.put((byte) (v / 32));
        case "bright" -> bytes.put((byte) (247 + v / 32));
        case "truth" -> bytes.put((byte) (v > 128 ? 1 : 0));
        case "words" -> bytes.putShort((short) (v * 257));
        case "twelve" -> bytes.putShort((short) (v * 16));
        case "unit" -> bytes.putFloat(v / 255f);
        case "wide" -> bytes.putFloat(v);
        case "deep" -> bytes.putFloat(v * 100f);
        default -> bytes.putFloat(i == 5 ? Float.NaN : v);
      }
    }
    return bytes.array();
  }

  private static DatasetConfig screen(String more) {
    return Handmade.config(
        "modality_config: {screen: {sampling_rate: 10, chunk_size: 5, sample_stride: 5"
            + more
            + "}}");
  }

  @Test
  void aVideoWhoseCopyEndedIsSaid() throws IOException {
    videos("bytes", "wide");
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
    for (String name : List.of("00000", "00001")) {
      Path file = root.resolve("screen/data/" + name + ".npy");
      clear(file, 4096, Long.MAX_VALUE);
      int frame = (4096 - 128) / (name.equals("00000") ? 192 : 768);
      String found = file + ": values: found nothing but zeros from frame " + frame + " on";
      assertSaid(said(screen(""), ReadOptions.DEFAULT), found, "checksum");
      assertSaid(validated(), found, "checksum");
    }
  }

  @Test
  void blackFramesAreFrames() throws IOException {
    videos("bytes", "bytes");
    Path file = root.resolve("screen/data/00000.npy");
    clear(file, 128 + 10 * 192, 128 + 35 * 192);
    clear(root.resolve("screen/data/00001.npy"), 128 + 12 * 192, Long.MAX_VALUE);
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
  }

  @Test
  void aTrialOfAnotherScaleIsSaid() throws IOException {
    videos("bytes", "wide", "unit", "bytes", "unit");
    Path file = root.resolve("screen/data/00002.npy");
    String found = file + ": pixels: found values from 0.003921569 to 0.9843137";
    List<String> all = said(screen(""), ReadOptions.DEFAULT);
    assertSaid(all, found, "1 to 251 in 00000.npy");
    assertEquals(1, all.stream().filter(m -> m.contains(": pixels: ")).count(), all::toString);
    assertSaid(validated(), found, "1 to 251 in 00000.npy");
  }

  @Test
  void aTrialOfAScaleFarAboveOthersIsSaidByAValidation() throws IOException {
    videos("wide", "bytes", "deep", "wide");
    assertSaid(
        validated(),
        root.resolve("screen/data/00002.npy") + ": pixels: found values from 100 to 25100",
        "values from 1 to 251 in ");
  }

  @ParameterizedTest
  @CsvSource({
    "words, 257 to 64507 in uint16",
    "twelve, 16 to 4016 in uint16",
    "wrapped, -128 to 127 in int8",
    "truth, 0 to 1 in bool"
  })
  void aTrialOfAnotherTypeAndScaleAmongBytesIsSaid(String kind, String range) throws IOException {
    videos("bytes", "bytes", kind, "bytes");
    Path file = root.resolve("screen/data/00002.npy");
    String found = file + ": pixels: found values from " + range;
    assertSaid(said(screen(""), ReadOptions.DEFAULT), found, "1 to 251 in 00000.npy");
    assertSaid(validated(), found, "1 to 251 in 00000.npy");
    // one of many is as odd where it comes first
    videos(kind, "bytes", "bytes");
    Path first = root.resolve("screen/data/00000.npy");
    assertSaid(said(screen(""), ReadOptions.DEFAULT), first + ": pixels: found values from ");
    // all alike, in whatever type, are of one scale
    videos(kind, kind, kind);
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
    assertEquals(
        List.of(), validated().stream().filter(m -> m.contains("pixels: found values")).toList());
  }

  @Test
  void statisticsOfPixelsInAnotherShapeAreSaid() throws IOException {
    videos("bytes", "bytes");
    Path meta = Files.createDirectories(root.resolve("screen/meta"));
    String scaled = ", interpolation: {normalize: true, rescale: true, rescale_size: [%d, %d]}";
    for (int[] shape : new int[][] {{12, 16}, {6, 8}, {24, 32}, {36, 48}}) {
      pixelStatistics(meta, shape);
      // those of stored frames, and of screens like them, are resized as the frames are
      assertEquals(List.of(), said(screen(scaled.formatted(6, 8)), ReadOptions.DEFAULT));
      assertEquals(List.of(), said(screen(scaled.formatted(12, 16)), ReadOptions.DEFAULT));
    }
    pixelStatistics(meta, 16, 12);
    for (int[] size : new int[][] {{12, 16}, {6, 8}}) {
      RecordingException e =
          assertThrows(
              RecordingException.class,
              () -> said(screen(scaled.formatted(size[0], size[1])), ReadOptions.DEFAULT));
      assertTrue(
          e.getMessage()
              .startsWith(
                  meta.resolve("means.npy")
                      + ": shape: found [16, 12], expected one value per pixel of "
                      + size[0]
                      + " x "
                      + size[1]
                      + "; the array looks transposed"),
          e.getMessage());
    }
    assertSaid(validated(), "means.npy: shape: found [16, 12]", "the array looks transposed");
    // frames that are resized so have these statistics
    List<String> fitting = said(screen(scaled.formatted(16, 12)), ReadOptions.DEFAULT);
    assertEquals(1, fitting.size(), fitting::toString);
    assertSaid(fitting, "interpolation.rescale_size: found [16, 12]");
    pixelStatistics(meta, 8, 24);
    assertSaid(
        said(screen(scaled.formatted(12, 16)), ReadOptions.DEFAULT),
        meta.resolve("stds.npy")
            + ": shape: found [8, 24], expected one value per pixel of 12 x 16",
        "stretched to the frames");
  }

  private static void pixelStatistics(Path meta, int... shape) {
    double[] means = new double[shape[0] * shape[1]];
    double[] stds = new double[means.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = 100 + i % 40;
      stds[i] = 50 + i % 20;
    }
    NpyFile.write(meta.resolve("means.npy"), means, shape[0], shape[1]);
    NpyFile.write(meta.resolve("stds.npy"), stds, shape[0], shape[1]);
  }

  @Test
  void aVideoOfAnotherSpeedAndPulsesTooManyAreSaidByAValidation() throws IOException {
    videos("bytes", "bytes", "bytes", "bytes");
    assertEquals(List.of(), validated());
    Path clock = root.resolve("screen/timestamps.npy");
    double[] even = NpyFile.read(clock).doubles();
    for (double factor : new double[] {2, 0.5, 0.005}) {
      double[] times = even.clone();
      for (int i = 81; i < times.length; i++) {
        times[i] = times[i - 1] + (i < 120 ? factor : 1) * 0.1;
      }
      NpyFile.write(clock, times, times.length);
      assertSaid(
          validated(),
          clock
              + ": trial 00002: found steps of "
              + String.format(Locale.ROOT, "%.6g", factor * 0.1),
          "expected 0.100000 s, as in the other videos");
    }
    double[] times = even.clone();
    System.arraycopy(even, 50, times, 51, times.length - 51);
    times[51] = even[50] + 0.001;
    NpyFile.write(clock, times, times.length);
    assertSaid(
        validated(),
        clock + ": element 51: found 5.001 s after 5.0 s",
        "a pulse too many",
        "00001");
    System.arraycopy(even, 0, times, 0, times.length);
    for (int i = 52; i < times.length; i++) {
      times[i] += 0.7;
    }
    NpyFile.write(clock, times, times.length);
    assertSaid(
        validated(),
        clock + ": element 52: found 0.8",
        "after the frame before, expected steps of about 0.1",
        "trial 00001",
        "did the display hang");
    // cameras jitter, and some drop frames
    Random random = new Random(3);
    for (int i = 0; i < times.length; i++) {
      times[i] = even[i] + random.nextDouble() * 0.008 + (i < 90 ? 0 : 0.1);
    }
    times[60] = times[59] + 0.03;
    NpyFile.write(clock, times, times.length);
    assertEquals(List.of(), validated());
  }

  @Test
  void statisticsOfAnotherScaleAreSaid() throws IOException {
    videos("unit", "unit");
    assertSaid(
        said(screen(", transforms: {normalization: screen_default}"), ReadOptions.DEFAULT),
        "00000.npy: pixels: found values from 0.003921569 to 0.9843137",
        "the mean of 80.0 and the standard deviation of 60.0",
        "never divided by 255");
    assertEquals(
        List.of(),
        said(
            screen(", transforms: {normalization: {means: 0.5, stds: 0.25}}"),
            ReadOptions.DEFAULT));
    videos("bytes", "bytes");
    assertSaid(
        said(
            screen(
                ", transforms: {n: {_target_: torchvision.transforms.Normalize, mean: 0.485, std:"
                    + " 0.229}}"),
            ReadOptions.DEFAULT),
        "found values from 1 to 251",
        "the mean of 0.485 and the standard deviation of 0.229",
        "2.2489083 to 1093.9519");
    assertEquals(
        List.of(),
        said(screen(", transforms: {normalization: screen_default}"), ReadOptions.DEFAULT));
  }

  private void screenStatistics(double mean, double std) throws IOException {
    Path meta = Files.createDirectories(root.resolve("screen/meta"));
    NpyFile.write(meta.resolve("means.npy"), new double[] {mean}, 1);
    NpyFile.write(meta.resolve("stds.npy"), new double[] {std}, 1);
  }

  private static final String NORMALIZED = ", transforms: {normalization: normalize}";

  @ParameterizedTest
  @CsvSource({
    "bytes, 28050, 15300, no mean of bytes",
    "bytes, 110, 0.001, of another scale?",
    "bytes, 110, 1e5, nearly the same number",
    "bytes, -110, 60, no mean of bytes",
    "bytes, 60, 110, means and deviations swapped?",
    "bytes, 1e6, 60, no mean of bytes",
    "wide, 28050, 15300, nearly the same number",
    "wide, 110, 0.001, of another scale?",
    "wide, -110, 60, of another sign?",
    "wide, 1e6, 60, of another scale?",
    "unit, 0.5, 1e-5, of another scale?",
    "unit, 1e6, 0.25, of another scale?"
  })
  void statisticsThatPixelsCannotHaveAreSaid(String kind, double mean, double std, String why)
      throws IOException {
    videos(kind, kind, kind, kind);
    screenStatistics(mean, std);
    String[] parts = {
      root.resolve("screen/data") + "/0000",
      "pixels for the mean of " + (float) mean + " and the standard deviation of " + (float) std,
      why
    };
    List<String> found = said(screen(NORMALIZED), ReadOptions.DEFAULT);
    assertSaid(found, parts);
    assertEquals(1, found.size(), found::toString);
    assertSaid(said(screen(", interpolation: {normalize: true}"), ReadOptions.DEFAULT), parts);
    assertSaid(validated(), parts);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes, 110, 60",
    "bytes, 20, 9",
    "bytes, 240, 11",
    "bytes, 127.5, 127.5",
    "bytes, 0, 255",
    "bytes, 128, 2",
    "wide, 20, 15",
    "wide, 110, 60",
    "deep, 12000, 7000",
    "deep, 500, 300",
    "twelve, 1500, 900",
    "unit, 0.5, 0.25",
    "unit, 0.05, 0.02",
    "unit, 0, 1",
    "dark, 110, 60",
    "dark, 20, 15",
    "bright, 20, 15"
  })
  void statisticsOfOtherVideosOfTheSameKindAreNoFault(String kind, double mean, double std)
      throws IOException {
    videos(kind, kind, kind, kind, kind);
    screenStatistics(mean, std);
    assertEquals(List.of(), said(screen(NORMALIZED), ReadOptions.DEFAULT));
    assertEquals(
        List.of(), said(screen(", interpolation: {normalize: true}"), ReadOptions.DEFAULT));
    assertEquals(
        List.of(), validated().stream().filter(m -> m.contains("pixels: found values")).toList());
  }

  @Test
  void statisticsOfEachPixelThatPixelsCannotHaveAreSaid() throws IOException {
    videos("bytes", "bytes");
    Path meta = Files.createDirectories(root.resolve("screen/meta"));
    DatasetConfig config = screen(", interpolation: {normalize: true}");
    pixelStatistics(meta, 12, 16);
    assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
    double[] means = NpyFile.read(meta.resolve("means.npy")).doubles();
    double[] stds = NpyFile.read(meta.resolve("stds.npy")).doubles();
    // a border that is always black
    for (int i = 0; i < 150; i++) {
      means[i] = 0;
      stds[i] = 1e-3;
    }
    NpyFile.write(meta.resolve("means.npy"), means, 12, 16);
    NpyFile.write(meta.resolve("stds.npy"), stds, 12, 16);
    assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
    Arrays.fill(means, 1e6);
    NpyFile.write(meta.resolve("means.npy"), means, 12, 16);
    assertSaid(said(config, ReadOptions.DEFAULT), "pixels for the mean of 1000000.0");
    assertSaid(validated(), "pixels for the mean of 1000000.0");
    for (int i = 0; i < means.length; i++) {
      means[i] = 255 * (100 + i % 40);
      stds[i] = 255 * (50 + i % 20);
    }
    NpyFile.write(meta.resolve("means.npy"), means, 12, 16);
    NpyFile.write(meta.resolve("stds.npy"), stds, 12, 16);
    assertSaid(said(config, ReadOptions.DEFAULT), "no mean of bytes is below 0 or above 255");
    assertSaid(validated(), "no mean of bytes is below 0 or above 255");
  }

  /** Adds blanks of these values behind the videos. */
  private void blanks(double... values) throws IOException {
    Path meta = root.resolve("screen/combined_meta.json");
    Path clock = root.resolve("screen/timestamps.npy");
    double[] times = NpyFile.read(clock).doubles();
    StringBuilder all = new StringBuilder(Files.readString(meta).strip());
    all.setLength(all.length() - 1);
    for (int k = 0; k < values.length; k++) {
      all.append(
          String.format(
              Locale.ROOT,
              ", \"%05d\": {\"modality\": \"blank\", \"first_frame_idx\": %d, \"num_frames\": 1,"
                  + " \"image_size\": [12, 16], \"interleave_value\": %s}",
              times.length / 40 + k,
              times.length + k,
              values[k]));
    }
    Handmade.write(meta, all + "}");
    double[] more = Arrays.copyOf(times, times.length + values.length);
    for (int i = times.length; i < more.length; i++) {
      more[i] = more[i - 1] + 0.1;
    }
    NpyFile.write(clock, more, more.length);
  }

  @ParameterizedTest
  @CsvSource({
    "unit, 128",
    "unit, 255",
    "truth, 128",
    "bytes, 0.5",
    "bytes, 1000",
    "bytes, -1",
    "wide, 0.5"
  })
  void blanksOfAnotherScaleAreSaid(String kind, double value) throws IOException {
    videos(kind, kind);
    blanks(value, 0, value);
    String[] parts = {
      root.resolve("screen/combined_meta.json")
          + ": trial 00002: found an interleave_value of "
          + (value == 0.5 ? "0.5" : Long.toString((long) value))
          + ", as 1 more have",
      "a value of the scale of pixels: values from ",
      "in 00000.npy"
    };
    assertSaid(said(screen(""), ReadOptions.DEFAULT), parts);
    assertSaid(validated(), parts);
  }

  @ParameterizedTest
  @CsvSource({
    "unit, 0.5, 1, 0",
    "unit, -1, 0.25, 2.5",
    "bytes, 128, 255, 109.25",
    "bytes, 0, 1, 255",
    "wide, 127.5, 0, 255",
    "deep, 12000, 128, 0",
    "dark, 128, 0, 255"
  })
  void blanksOfTheScaleOfPixelsAreNoFault(String kind, double a, double b, double c)
      throws IOException {
    videos(kind, kind);
    blanks(a, b, c);
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
    assertEquals(
        List.of(), validated().stream().filter(m -> m.contains("interleave_value")).toList());
  }

  @Test
  void blanksWithoutAValueAreSaid() throws IOException {
    videos("bytes", "bytes");
    blanks(Double.NaN, 128, Double.NaN);
    String[] parts = {
      "trial 00002: found no interleave_value, nor have 1 more trials one", "its frames are NaN"
    };
    assertSaid(said(screen(""), ReadOptions.DEFAULT), parts);
    assertSaid(validated(), parts);
    assertEquals(List.of(), said(screen(", nans: zero"), ReadOptions.DEFAULT));
  }

  @ParameterizedTest
  @CsvSource({"unit, 0.9843137", "deep, 25100"})
  void pixelsThatBytesCannotHoldAreSaid(String kind, String most) throws IOException {
    videos("wide", "wide");
    ReadOptions bytes = ReadOptions.builder().type("screen", ElementType.UINT8).build();
    assertEquals(List.of(), said(screen(""), bytes));
    videos(kind, kind, kind);
    List<String> found = said(screen(""), bytes);
    assertSaid(found, "00000.npy: pixels: found values from", "to " + most, "uint8");
    assertEquals(1, found.size(), found::toString);
    assertEquals(List.of(), said(screen(""), ReadOptions.DEFAULT));
  }

  @Test
  void nanPixelsAreSaidUnlessAPolicyAnswersThem() throws IOException {
    videos("wide", "nan");
    String found = root.resolve("screen/data/00001.npy") + ": pixels: found 1 NaN";
    assertSaid(said(screen(""), ReadOptions.DEFAULT), found, "nans replaces or refuses them");
    assertSaid(validated(), found);
    assertEquals(List.of(), said(screen(", nans: zero"), ReadOptions.DEFAULT));
  }

  // --- values that their type cannot hold

  @Test
  void valuesThatAreInfiniteAsHalfAreSaidOnce() {
    new Handmade(root).sequence("responses", 10, 100, 119.9, 200, 2, i -> i < 60 ? i : 70_000);
    ReadOptions halves = ReadOptions.builder().type("responses", ElementType.FLOAT16).build();
    DatasetConfig config =
        Handmade.config(
            "time_grid: exact\nmodality_config: {responses: {sampling_rate: 10, chunk_size: 5,"
                + " sample_stride: 5}}");
    // two of the first eight chunks, and most others
    List<String> found = said(config, halves);
    assertEquals(1, found.size(), found::toString);
    assertSaid(
        found,
        root.resolve("responses")
            + ": types: found 10 values of a chunk that are infinite as float16",
        "65,504");
    assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
  }

  // --- statistics of a configuration beside columns

  private double[] first(String columns, String normalization) {
    try (ChunkDataset dataset =
            Handmade.open(
                root,
                "modality_config: {responses: {sampling_rate: 10, chunk_size: 1, columns: "
                    + columns
                    + ", transforms: {normalization: "
                    + normalization
                    + "}}}");
        Chunk chunk = dataset.item(0)) {
      return Handmade.doubles(chunk.tensor("responses"));
    }
  }

  @Test
  void statisticsBesideColumnsAreOfTheseOrOfAllStored() {
    new Handmade(root)
        .sequence("responses", 10, 0, 9.9, 100, 4, i -> i % 4 + (i / 4 == 50 ? 30 : 10));
    String ofAll = "{means: [1, 2, 3, 4], stds: [1, 1, 2, 4]}";
    assertArrayEquals(new double[] {2.25, 9}, first("[3, 0]", ofAll));
    assertArrayEquals(new double[] {12, 8}, first("[3, 0]", "{means: [1, 2], stds: 1}"));
    ConfigException two =
        assertThrows(
            ConfigException.class, () -> first("[3, 0]", "{means: [1, 2], stds: [1, 1, 2, 4]}"));
    assertTrue(
        two.getMessage()
            .contains("normalization.stds: has 4 values and means 2, expected as many of both"),
        two.getMessage());
    ConfigException none =
        assertThrows(ConfigException.class, () -> first("[3, 0]", "{means: [1, 2, 3], stds: 1}"));
    assertTrue(none.getMessage().contains("has 3 values, expected 1 or 2"), none.getMessage());
    assertTrue(none.getMessage().contains("or 4, one for each that is stored"), none.getMessage());
    // as many of both: the order of columns
    double[][] found = new double[1][];
    try (LogCapture log = new LogCapture()) {
      found[0] = first("[3, 2, 1, 0]", ofAll);
      assertSaid(log.messages(), "transforms.normalization.means: found as many values as columns");
    }
    assertArrayEquals(new double[] {12, 10, 4, 1.5}, found[0]);
    try (LogCapture log = new LogCapture()) {
      first("[0, 1, 2, 3]", ofAll);
      assertEquals(List.of(), log.messages());
    }
  }

  // --- words

  @Test
  void textsInPlaceOfNumbersAreNamedAsSuch() {
    new Handmade(root).screen(0, 10, List.of(Handmade.video(30)));
    Path file = root.resolve("screen/combined_meta.json");
    Handmade.write(
        file,
        "{\"00000\": {\"modality\": \"video\", \"first_frame_idx\": 0, \"num_frames\": \"30\","
            + " \"image_size\": [2, 3]}}");
    RecordingException e =
        assertThrows(
            RecordingException.class,
            () -> ChunkDataset.open(root, screen(""), Registry.EMPTY).close());
    assertEquals(
        file
            + ": 00000.num_frames: found the text '30', expected a whole number from 1; write the"
            + " number without quotes",
        e.getMessage());
  }

  @Test
  void transformsOfFramesAreRefusedOnOtherDevices() {
    new Handmade(root).sequence("responses", 10, 0, 9.9, 100, 4, i -> i);
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                Handmade.open(
                    root,
                    "modality_config: {responses: {sampling_rate: 10, chunk_size: 1, transforms:"
                        + " {Crop: {_target_: torchvision.transforms.CenterCrop, size: 2}}}}"));
    assertTrue(
        e.getMessage()
            .contains("modality_config.responses.transforms.Crop: is a transform of frames"),
        e.getMessage());
    assertTrue(e.getMessage().contains("remove the transform"), e.getMessage());
  }

  // --- data.mem of another width

  @Test
  void aColumnThatWasAddedIsSaid() throws IOException {
    new Handmade(root).floats("responses", 10, 100, 100 + 399 / 10.0, 400, 7);
    Path file = root.resolve("responses/data.mem");
    byte[] sound = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(sound, 400 * 8 * 4));
    String said =
        file
            + ": size: found 12800 bytes, 400 rows of 8 float32, expected 11200 bytes: n_signals = 7 of them;"
            + " rows read would be put together of two: is n_signals 8?";
    assertSaid(said(), said);
    assertEquals(
        List.of("error: " + said),
        Validator.validate(root).stream()
            .filter(p -> p.severity() == Problem.Severity.ERROR)
            .map(Problem::toString)
            .toList());
    // rows that were appended, a row that was begun, and both are no other width
    for (int size : new int[] {11200 + 28, 11200 + 12, 11200 + 28 * 50 + 4, 22400}) {
      byte[] longer = Arrays.copyOf(sound, size);
      Arrays.fill(longer, 11200, size, (byte) 65);
      Files.write(file, longer);
      assertTrue(said().stream().noneMatch(m -> m.contains("n_signals")), () -> said().toString());
    }
  }

  // --- devices that hung, files beside others, caches, spikes

  private void noise(IntToDoubleFunction value) {
    new Handmade(root).sequence("responses", 10, 100, 100 + 399 / 10.0, 400, 2, value);
  }

  @Test
  void aDeviceThatHungIsSaidByAValidation() {
    double[] values = new Random(4).doubles(800).toArray();
    noise(i -> values[Math.min(i / 2, 250) * 2 + i % 2]);
    assertSaid(
        validated(),
        root.resolve("responses/data.npy")
            + ": values: found the same values in all columns from row 250 on, 150 rows");
  }

  @Test
  void rowsThatStandStillOnceInTheMiddleAreSaid() throws IOException {
    double[] values = new Random(4).doubles(800).toArray();
    noise(i -> values[i / 2 > 200 && i / 2 < 260 ? 400 + i % 2 : i]);
    assertSaid(
        validated(),
        root.resolve("responses/data.npy")
            + ": values: found the same values in all columns from row 200 to 259, 60 rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"noise", "constant", "one column", "rests", "short rest", "steps", "missing"})
  void signalsThatStandStillAreNotCalledHung(String name) {
    double[] values = new Random(4).doubles(800).toArray();
    noise(
        i -> {
          int row = i / 2;
          return switch (name) {
            case "noise" -> values[i];
            case "constant" -> 21.5;
            case "one column" -> i % 2 == 0 ? 3 : values[i];
            case "rests" -> values[row > 50 && row < 90 || row > 300 ? 7 : i];
            case "short rest" -> values[row > 380 ? 7 : i];
            case "steps" -> row / 100;
            default -> row > 300 ? Double.NaN : values[i];
          };
        });
    assertTrue(
        validated().stream().noneMatch(m -> m.contains("the same values")),
        () -> validated().toString());
  }

  @Test
  void aFileBesideTheOneThatIsReadIsSaidAtOpening() throws IOException {
    new Handmade(root).floats("responses", 10, 100, 100 + 399 / 10.0, 400, 2);
    Path other = root.resolve("responses/data.npy");
    NpyFile.write(other, new double[800], 400, 2);
    assertSaid(said(), other + ": found a file that is not read, expected only data.mem");
    assertEquals(1, validated().stream().filter(m -> m.contains("not read")).count());
    Files.delete(other);
    assertEquals(List.of(), said());
  }

  /** Writes one column of a type. */
  private void column(String dtype, IntToDoubleFunction value) throws IOException {
    new Handmade(root).floats("responses", 10, 100, 100 + 399 / 10.0, 400, 1);
    Path meta = root.resolve("responses/meta.yml");
    Files.writeString(meta, Files.readString(meta).replace("dtype: float32", "dtype: " + dtype));
    ByteBuffer data = ByteBuffer.allocate(3200).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 400; i++) {
      if (dtype.equals("float64")) {
        data.putDouble(value.applyAsDouble(i));
      } else {
        data.putInt((int) value.applyAsDouble(i));
      }
    }
    Files.write(root.resolve("responses/data.mem"), Arrays.copyOf(data.array(), data.position()));
  }

  private List<String> cached(String dtype, IntToDoubleFunction value) throws IOException {
    column(dtype, value);
    return said(
        DefaultConfigs.forRecording(root).toBuilder().cacheData(true).build(), ReadOptions.DEFAULT);
  }

  @Test
  void aCacheThatRoundsIsSaid() throws IOException {
    String said = ": values: found values that float32 does not hold, as ";
    assertSaid(cached("int32", i -> 16777217 + i), said + "16777217", "cache_data to false");
    assertSaid(cached("float64", i -> 1.7e9 + i / 8.0), said + "170000");
    double[] values = new Random(4).doubles(400).toArray();
    assertEquals(List.of(), cached("int32", i -> i * 1000));
    assertEquals(List.of(), cached("int32", i -> 16777216 + 2 * i));
    assertEquals(List.of(), cached("float64", i -> values[i]));
    assertEquals(List.of(), cached("float64", i -> 36.6 + values[i] / 10));
    assertEquals(List.of(), cached("float64", i -> 100 + i / 8.0));
    assertEquals(List.of(), cached("float64", i -> 20 + Math.sin(i / 60.0)));
  }

  @Test
  void signalsWhoseCourseAnElementTypeLosesAreSaid() throws IOException {
    DatasetConfig config =
        Handmade.config(
            "time_grid: exact\nmodality_config: {responses: {sampling_rate: 10, chunk_size: 5,"
                + " sample_stride: 40}}");
    List<ElementType> smaller =
        List.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);
    for (ElementType type : smaller) {
      double flat = type == ElementType.FLOAT32 ? 1.7e9 : 320;
      double step = type == ElementType.FLOAT32 ? 0.125 : 0.001;
      ReadOptions options = ReadOptions.builder().type("responses", type).build();
      column("float64", i -> flat + i * step);
      assertSaid(
          said(config, options),
          root.resolve("responses")
              + ": types: found rows that differ and become one number as "
              + type.numpyName(),
          "choose a wider type");
      assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
      column("float64", i -> 20 + 10 * Math.sin(i / 6.0));
      assertEquals(List.of(), said(config, options));
      column("float64", i -> 320.5);
      assertEquals(List.of(), said(config, options));
    }
    column("int32", i -> 2_000_000_000 + i);
    ReadOptions floats = ReadOptions.builder().type("responses", ElementType.FLOAT32).build();
    assertSaid(said(config, floats), "become one number as float32, as 2000000");
    for (String normalized :
        List.of(
            "transforms: {normalization: recompute_behavior}",
            "interpolation: {normalize: true, normalize_subtract_mean: true}")) {
      DatasetConfig ofWholes =
          Handmade.config(
              "time_grid: exact\nmodality_config: {responses: {sampling_rate: 10, chunk_size: 5, "
                  + normalized
                  + "}}");
      new Handmade(root).statistics("responses", new double[] {2e9}, new double[] {115});
      assertSaid(
          said(ofWholes, ReadOptions.DEFAULT),
          "normaliz",
          "become one number as float32, as 2000000",
          "they are normalised in float32: store them as float64");
      column("int32", i -> i * 1000);
      new Handmade(root).statistics("responses", new double[] {2e5}, new double[] {115_000});
      assertEquals(List.of(), said(ofWholes, ReadOptions.DEFAULT));
      column("int32", i -> 2_000_000_000 + i);
    }
  }

  @Test
  void codesForMissingSamplesAreSaidByAValidation() {
    for (double code : new double[] {-1, 0, -999, 65535}) {
      new Handmade(root)
          .sequence(
              "eye",
              10,
              100,
              139.9,
              400,
              4,
              i -> i / 4 % 9 == 3 ? code : 300 + 20 * (i % 4) + i * 7919 % 997 / 100.0);
      assertSaid(
          validated(),
          root.resolve("eye/data.npy")
              + ": values: found "
              + code
              + " in all columns of 45 of 400 rows",
          "write NaN");
    }
    // silence of all units is a value like others
    new Handmade(root)
        .sequence("eye", 10, 100, 139.9, 400, 4, i -> i / 4 % 9 == 3 ? 0 : i * 7919 % 997 / 100.0);
    assertEquals(List.of(), validated());
  }

  @Test
  void framesPastThoseOfATrialAreSaidByAValidation() throws IOException {
    videos("bytes", "bytes", "bytes", "bytes");
    for (int trial : new int[] {1, 3}) {
      Path file = root.resolve("screen/data/0000" + trial + ".npy");
      NpyFile.write(file, "|u1", false, new long[] {41, 12, 16}, new byte[41 * 12 * 16]);
    }
    List<String> said = validated();
    assertSaid(
        said,
        root.resolve("screen/data/00001.npy")
            + ": shape: found 41 frames, expected num_frames = 40 of trial 00001");
    // an experiment that is stopped ends within a trial
    assertTrue(said.stream().noneMatch(m -> m.contains("00003.npy: shape")), said::toString);
  }

  @Test
  void columnsThatAreTheSameAreSaidByAValidation() {
    double[] values = new Random(5).doubles(4000).toArray();
    IntToDoubleFunction twice = i -> values[i % 10 == 7 ? i - 5 : i];
    new Handmade(root).sequence("eye", 10, 100, 139.9, 400, 10, twice);
    assertSaid(
        validated(),
        root.resolve("eye/data.npy") + ": columns: found the same values in columns 2 and 7, in");
    IntToDoubleFunction three = i -> values[i % 10 > 6 ? i - i % 10 : i];
    new Handmade(root).sequence("eye", 10, 100, 139.9, 400, 10, three);
    assertSaid(validated(), "the same values in columns 0 and 7, and 2 more such columns, in all");
    // two silent ones are, too, and one that follows another but for a row
    new Handmade(root).sequence("eye", 10, 100, 139.9, 400, 10, i -> i % 10 < 2 ? 0 : values[i]);
    assertEquals(List.of(), validated());
    new Handmade(root)
        .sequence("eye", 10, 100, 139.9, 400, 10, i -> i == 3007 ? 9 : twice.applyAsDouble(i));
    assertEquals(List.of(), validated());
  }

  @Test
  void meansAndDeviationsThatWereSwappedAreSaid() {
    double[] values = new Random(8).doubles(4000, -1, 1).toArray();
    new Handmade(root).sequence("eye", 10, 100, 139.9, 400, 10, i -> 20 + 2 * values[i]);
    double[] means = new double[10];
    double[] stds = new double[10];
    Arrays.fill(means, 20);
    Arrays.fill(stds, 2 / Math.sqrt(3));
    DatasetConfig config = eye(", transforms: {normalization: normalize}");
    new Handmade(root).statistics("eye", means, stds);
    assertEquals(List.of(), said(config, ReadOptions.DEFAULT));
    assertEquals(List.of(), validated());
    new Handmade(root).statistics("eye", stds, means);
    String swapped =
        root.resolve("eye/meta/stds.npy")
            + ": values: found deviations that look like means, and means that look like deviations";
    assertSaid(said(config, ReadOptions.DEFAULT), swapped);
    assertSaid(validated(), swapped, "were means.npy and stds.npy swapped?");
  }

  @Test
  void deviationsInAnotherOrderAreSaidWhereAllRowsWereSeen() {
    int columns = 16;
    double[] values = new Random(9).doubles(100 * columns, -1, 1).toArray();
    new Handmade(root)
        .sequence("eye", 10, 100, 109.9, 100, columns, i -> values[i] * (columns - i % columns));
    double[] stds = new double[columns];
    for (int j = 0; j < columns; j++) {
      stds[j] = (columns - j) / Math.sqrt(3);
    }
    new Handmade(root).statistics("eye", new double[columns], stds);
    assertEquals(List.of(), validated());
    Arrays.sort(stds);
    new Handmade(root).statistics("eye", new double[columns], stds);
    assertSaid(validated(), "deviations that look like those of the same columns in another order");
  }

  @Test
  void codesOfOneColumnAreSaidByAValidation() {
    // positions in pixels and an area, of which one is lost now and then
    IntToDoubleFunction values = i -> 300 + 200 * Math.sin(i / 40.0) + i * 7919 % 997 / 10.0;
    for (double code : new double[] {-1, -999, 9999, Float.MAX_VALUE}) {
      for (int columns : new int[] {1, 3}) {
        new Handmade(root)
            .sequence(
                "eye",
                10,
                100,
                299.9,
                2000,
                columns,
                i ->
                    i % columns == columns - 1 && i / columns % 90 == 3
                        ? code
                        : values.applyAsDouble(i));
        assertSaid(
            validated(),
            root.resolve("eye/data.npy")
                + ": values: found "
                + code
                + " in column "
                + (columns - 1)
                + " of 23 of 2000 rows looked at, apart from all others",
            "write NaN");
      }
    }
    // speed that is often zero, clipped signals, and states
    for (IntToDoubleFunction sound :
        List.<IntToDoubleFunction>of(
            i -> Math.max(0, values.applyAsDouble(i) - 300),
            i -> Math.max(150, Math.min(500, values.applyAsDouble(i))),
            i -> i / 90 % 5 == 3 ? -1 : i / 90 % 3,
            i -> i % 90 == 3 ? -1 : values.applyAsDouble(i) - 350)) {
      new Handmade(root).sequence("eye", 10, 100, 299.9, 2000, 1, sound);
      assertEquals(List.of(), validated());
    }
  }

  @Test
  void rowsThatWereNeverFilledAreSaidByAValidation() {
    IntToDoubleFunction speed = i -> 1 + i * 7919 % 997 / 10.0;
    for (int columns : new int[] {1, 3, 40}) {
      for (int[] empty : new int[][] {{1700, 1900}, {3500, 4000}}) {
        IntToDoubleFunction one =
            i -> i / columns >= empty[0] && i / columns < empty[1] ? 0 : speed.applyAsDouble(i);
        new Handmade(root).sequence("responses", 10, 100, 499.9, 4000, columns, one);
        // wide ones that end so are said at opening, too, by another rule
        String place =
            columns > 3 && empty[1] == 4000
                ? "from row 3500 on"
                : "in rows " + empty[0] + " to " + (empty[1] - 1) + " of 4000, and nowhere else";
        assertSaid(
            validated(), "data.npy: values: found nothing but zeros " + place, "never filled");
        // zeros elsewhere, even one, say that zero is a value
        new Handmade(root)
            .sequence(
                "responses",
                10,
                100,
                499.9,
                4000,
                columns,
                i -> i == 7 * columns ? 0 : one.applyAsDouble(i));
        assertEquals(
            List.of(), validated().stream().filter(m -> m.contains("nowhere else")).toList());
      }
    }
  }

  @Test
  void statesAreNotTakenForRowsThatWereNeverFilled() {
    byte[] states = new byte[4000];
    Arrays.fill(states, (byte) 1);
    Arrays.fill(states, 1000, 1500, (byte) 0);
    new Handmade(root).sequence("lick", 10, 100, 499.9, 4000, 1, i -> states[i]);
    assertEquals(List.of(), validated());
    NpyFile.write(root.resolve("lick/data.npy"), "|u1", false, new long[] {4000, 1}, states);
    assertEquals(List.of(), validated());
  }

  @Test
  void rowsOfWhichSomeColumnsAreFilledAreNotSaidToBeZeros() {
    // 16 columns are looked at, which are the even ones
    new Handmade(root)
        .sequence(
            "responses",
            10,
            100,
            509.5,
            4096,
            32,
            i -> i % 2 == 0 && i / 32 >= 1000 && i / 32 < 1200 ? 0 : 1 + i * 7919 % 997 / 10.0);
    assertEquals(List.of(), validated());
    // and a code in these is none of all columns
    new Handmade(root)
        .sequence(
            "responses",
            10,
            100,
            509.5,
            4096,
            32,
            i -> i % 2 == 0 && i / 32 % 90 == 3 ? -999 : 1 + i * 7919 % 997 / 10.0);
    List<String> messages = validated();
    assertEquals(1, messages.size(), messages::toString);
    assertSaid(messages, "found -999.0 in column 0 of 46 of 4096 rows");
  }

  @Test
  void zerosAreSaidOnce() {
    new Handmade(root)
        .sequence(
            "eye",
            10,
            100,
            509.5,
            4096,
            2,
            i -> i / 2 >= 1000 && i / 2 < 1200 ? 0 : 10 + i * 7919 % 997 / 500.0);
    List<String> messages = validated();
    assertEquals(1, messages.size(), messages::toString);
    assertSaid(messages, "nothing but zeros in rows 1000 to 1199 of 4096");
    // to the end, which opening says
    new Handmade(root)
        .sequence(
            "eye",
            100,
            100,
            299.99,
            20_000,
            2,
            i -> i / 2 >= 15_000 ? 0 : 10 + i * 7919 % 997 / 500.0);
    messages = validated();
    assertEquals(1, messages.size(), messages::toString);
    assertSaid(messages, "nothing but zeros from row 15000 on");
    // a code beside them is said
    new Handmade(root)
        .sequence(
            "eye",
            10,
            100,
            509.5,
            4096,
            2,
            i ->
                i / 2 >= 1000 && i / 2 < 1200
                    ? 0
                    : i / 2 % 90 == 3 ? -999 : 10 + i * 7919 % 997 / 500.0);
    messages = validated();
    assertEquals(2, messages.size(), messages::toString);
    assertSaid(messages, "found -999.0 in all columns of");
  }

  @Test
  void aDeviceThatIsOffHasNoCode() {
    IntToDoubleFunction power = i -> 9.9 + i * 7919 % 997 / 4985.0;
    for (int columns : new int[] {1, 2}) {
      // pulses of many lengths, on for half of the time and more
      for (int[] pulses :
          new int[][] {{2, 1}, {20, 10}, {200, 100}, {200, 20}, {1000, 40}, {20, 6}}) {
        new Handmade(root)
            .sequence(
                "laser",
                10,
                100,
                499.9,
                4000,
                columns,
                i -> (i / columns + 50) % pulses[0] < pulses[1] ? 0 : power.applyAsDouble(i));
        assertEquals(List.of(), validated(), Arrays.toString(pulses));
      }
      // samples that are lost now and then, one or some at a time
      for (int lost : new int[] {1, 5}) {
        new Handmade(root)
            .sequence(
                "laser",
                10,
                100,
                499.9,
                4000,
                columns,
                i -> (i / columns + 9) % 90 < lost ? 0 : power.applyAsDouble(i));
        assertSaid(validated(), "found 0.0 in ", "write NaN");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anArrayThatWasStoredTransposedIsSaid(boolean mapped) throws IOException {
    int rows = 2000;
    int columns = 20;
    IntToDoubleFunction at = i -> Math.sin((1 + i % columns) * 0.002 * (i / columns)) + i % columns;
    new Handmade(root)
        .sequence("eye", 10, 100, 299.9, rows, columns, at)
        .sequence(
            "swapped",
            10,
            100,
            299.9,
            rows,
            columns,
            i -> at.applyAsDouble(i % rows * columns + i / rows));
    if (mapped) {
      Path meta = root.resolve("swapped/meta.yml");
      Files.writeString(
          meta,
          Files.readString(meta)
              .replace("is_mem_mapped: false", "is_mem_mapped: true\ndtype: float64"));
      byte[] npy = Files.readAllBytes(root.resolve("swapped/data.npy"));
      Files.write(
          root.resolve("swapped/data.mem"),
          Arrays.copyOfRange(npy, npy.length - 8 * rows * columns, npy.length));
      Files.delete(root.resolve("swapped/data.npy"));
    }
    for (List<String> messages : List.of(said(), validated())) {
      assertSaid(messages, "swapped", "it looks as if (20, 2000) were stored", "transpose");
      assertEquals(1, messages.size(), messages.toString());
    }
  }

  @Test
  void filtersAndWindowsOfSpikesLongerThanChunksAreSaid() {
    units(2, 300, false, _ -> 1);
    String yaml =
        "modality_config: {spikes: {sampling_rate: 10, chunk_size: 10, interpolation: {%s}}}";
    assertSaid(
        said(Handmade.config(yaml.formatted("smoothing_sigma: 100")), ReadOptions.DEFAULT),
        ": interpolation.smoothing_sigma: found 100.0 time steps, in chunks of 10");
    assertSaid(
        said(Handmade.config(yaml.formatted("interpolation_window: 20")), ReadOptions.DEFAULT),
        ": interpolation.interpolation_window: found 20.0 s, where a chunk has 1.0 s");
    assertEquals(
        List.of(),
        said(
            Handmade.config(yaml.formatted("smoothing_sigma: 2, interpolation_window: 2")),
            ReadOptions.DEFAULT));
  }

  @Test
  void globalValuesThatMakeChunksUnlikeAreSaid() {
    new Handmade(root)
        .sequence("eye", 20, 0, 39.95, 800, 2, i -> i * 7919 % 997)
        .sequence("responses", 8, 0, 39.875, 320, 2, i -> i * 7919 % 997);
    String devices =
        "time_grid: exact\nmodality_config: {eye: {sampling_rate: 20, chunk_size: 40, sample_stride:"
            + " 50}, responses: {sampling_rate: 8, chunk_size: %d}}\n";
    String alike = devices.formatted(16);
    assertSaid(
        said(Handmade.config("global_chunk_size: 16\n" + alike), ReadOptions.DEFAULT),
        root + ": global_chunk_size: found chunks of 0.8 s of eye and 2.0 s of responses",
        "give global_sampling_rate, too");
    assertSaid(
        said(Handmade.config("global_sampling_rate: 8\n" + alike), ReadOptions.DEFAULT),
        root + ": global_sampling_rate: found chunks of 2.0 s of responses and 5.0 s of eye");
    String both = "global_sampling_rate: 8\nglobal_chunk_size: 16\n";
    for (String config : List.of(alike, both + alike, devices.formatted(12))) {
      assertEquals(List.of(), said(Handmade.config(config), ReadOptions.DEFAULT), config);
    }
    String meant = "global_chunk_size: 8\n" + devices.formatted(12);
    assertEquals(List.of(), said(Handmade.config(meant), ReadOptions.DEFAULT));
  }

  /** Writes units of so many times in 0 to 40 s, each made of a sound one; says what is said. */
  private List<String> units(int units, int each, boolean pairs, IntToDoubleFunction factor) {
    Random random = new Random(5);
    double[] all = new double[units * each];
    StringBuilder offsets = new StringBuilder("0");
    for (int u = 0; u < units; u++) {
      double[] times = random.doubles(each, 0, 40).sorted().toArray();
      for (int i = 0; i < each; i++) {
        all[u * each + i] = times[pairs ? i - i % 2 : i] * factor.applyAsDouble(u);
      }
      offsets.append(", ").append((u + 1) * each);
    }
    Path folder = root.resolve("spikes");
    Handmade.mkdirs(folder);
    NpyFile.write(folder.resolve("spikes.npy"), all, all.length);
    Handmade.write(
        folder.resolve("meta.yml"),
        "modality: spikes\nstart_time: 0.0\nend_time: 40.0\nspike_indices: [" + offsets + "]\n");
    String yaml = "modality_config: {spikes: {sampling_rate: 10, chunk_size: 5, sample_stride: 5}}";
    return said(Handmade.config(yaml), ReadOptions.DEFAULT);
  }

  @Test
  void spikesOfAPartOfTheRangeAreSaid() {
    assertSaid(units(6, 600, false, u -> 0.001), "found all 3600 spikes in ", "another unit");
    assertSaid(validated(), "found all 3600 spikes in ");
    assertSaid(units(6, 600, false, u -> 0.5), "found all 3600 spikes in ");
    assertSaid(units(1, 600, false, u -> 0.001), "found all 600 spikes in ");
    assertSaid(units(6, 600, true, u -> 1), "each spike twice", "in units 0, 1, 2, 3, 4, 5");
    assertSaid(validated(), "each spike twice");
  }

  @Test
  void soundSpikesAreSilent() {
    assertEquals(List.of(), units(6, 600, false, u -> 1));
    // one cell that was lost, few spikes, one unit that goes on
    assertEquals(List.of(), units(1, 600, false, u -> 0.4));
    assertEquals(List.of(), units(3, 600, false, u -> 0.4));
    assertEquals(List.of(), units(8, 12, false, u -> 0.5));
    assertEquals(List.of(), units(8, 100, false, u -> u == 3 ? 1 : 0.5));
    assertEquals(List.of(), units(5, 12, true, u -> 1));
  }

  @Test
  void unitsWithoutASpikeAreSaid() {
    String found = root.resolve("spikes/meta.yml") + ": spike_indices: found no spike of 5 units";
    assertSaid(units(5, 0, false, u -> 1), found);
    assertSaid(validated(), found);
  }

  // --- data of one value

  @Test
  void dataOfNothingButZerosAreSaid() {
    new Handmade(root).sequence("responses", 10, 100, 126.9, 270, 4, i -> 0);
    String found = root.resolve("responses/data.npy") + ": values: found nothing but zeros";
    assertSaid(said(), found);
    assertSaid(validated(), found);
    new Handmade(root).sequence("responses", 10, 100, 126.9, 270, 4, i -> i == 1000 ? 1 : 0);
    assertEquals(List.of(), said());
    assertEquals(List.of(), validated());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 21.5})
  void dataThatNeverChangeBesideDeviationsAreSaid(double value) {
    double[] means = {value, value};
    new Handmade(root)
        .sequence("responses", 10, 100, 139.9, 400, 2, i -> value)
        .statistics("responses", means, new double[] {2, 2});
    String found = root.resolve("responses/meta/stds.npy") + ": values: found deviations above 0";
    assertSaid(said(), found);
    assertSaid(validated(), found, "400 rows");
    // a sensor that is still most of the time
    new Handmade(root)
        .sequence("responses", 10, 100, 139.9, 400, 2, i -> i == 333 ? value + 40 : value)
        .statistics("responses", means, new double[] {1, 1});
    assertEquals(List.of(), said());
    assertEquals(List.of(), validated());
  }

  // --- labels

  private List<String> labels(double[] values) {
    new Handmade(root).labels(40, 1, 2);
    NpyFile.write(root.resolve("labels/moving.npy"), values, values.length / 2, 2);
    String yaml = "modality_config: {labels: {sampling_rate: 10, chunk_size: 5}}";
    return said(Handmade.config(yaml), ReadOptions.DEFAULT);
  }

  @Test
  void labelsThatAreTrueToTheEndAreSaid() {
    double[] all = new double[40];
    Arrays.setAll(all, i -> i % 2 == 0 ? i : 1000 * (i + 1));
    String found = root.resolve("labels/moving.npy") + ": moving: found 20 of 20 intervals end";
    assertSaid(labels(all), found, "the last at 40000.0 s");
    assertSaid(validated(), found);
    assertSaid(labels(new double[] {0.013, 3000}), "found 1 of 1 intervals end");
    for (double[] sound :
        new double[][] {
          {1, 2, 3, 5, 30, 40.5}, {0, 41}, {-1e9, 1e9}, {0, Double.POSITIVE_INFINITY}, {35, 50}
        }) {
      assertEquals(List.of(), labels(sound), Arrays.toString(sound));
      assertEquals(List.of(), validated());
    }
  }

  @Test
  void anIntervalWithoutAnEndBeforeOthersIsSaid() {
    double endless = Double.POSITIVE_INFINITY;
    String found =
        root.resolve("labels/moving.npy")
            + ": moving: found the interval from 5.0 s without an end, and 1";
    assertSaid(labels(new double[] {1, 2, 5, endless, 20, 21}), found);
    assertSaid(validated(), found);
    // the last one goes on
    assertEquals(List.of(), labels(new double[] {1, 2, 5, 6, 20, endless}));
    assertEquals(List.of(), validated());
    // of many, none begins after another
    double[] many = new double[200_000];
    Arrays.setAll(many, i -> i % 2 == 0 ? 20 : endless);
    assertTimeout(
        Duration.ofSeconds(20),
        () ->
            assertSaid(
                labels(many), "100000 intervals end after the device, none at a finite time"));
  }

  @Test
  void trialsWithoutATierAreSaidOfEachScreen() {
    new Handmade(root)
        .screen("a", 0, 10, List.of(Handmade.video(40, "tier", "train"), Handmade.video(30)))
        .screen("b", 0, 10, List.of(Handmade.video(40, "tier", "train"), Handmade.video(30)));
    assertSaid(validated(), ": 1 trial with frames (00001) has no tier, while 1 has one");
    assertSaid(validated(), "b: 1 trial with frames (00001) has no tier, while 1 has one");
  }

  @Test
  void bytesBehindAnArrayAreSaidByAValidation() throws IOException {
    new Handmade(root)
        .sequence("responses", 10, 100, 106.9, 70, 3, i -> 1 + i % 977)
        .screen(100, 10, List.of(Handmade.video(40), Handmade.video(30)));
    assertEquals(List.of(), validated());
    for (String name : List.of("responses/data.npy", "screen/data/00000.npy")) {
      Path file = root.resolve(name);
      Files.write(file, new byte[100], StandardOpenOption.APPEND);
      assertSaid(validated(), file + ": size: found 100 bytes behind the array of (");
    }
  }

  @Test
  void whatStandsInAFilesPlaceIsNamed() throws IOException {
    new Handmade(root).floats("responses", 10, 100, 100 + 3999 / 10.0, 4000, 5);
    new Handmade(root).screen(100, 10, List.of(Handmade.video(40), Handmade.video(30)));
    Map<String, String> advice =
        Map.of(
            "version https://git-lfs.github.com/spec/v1\n", "git lfs pull",
            "/annex/objects/MD5E-s1--0", "git annex get",
            "\u001f\u008b\b\0", "gunzip",
            "PK\u0003\u0004", "np.savez",
            "something else", "");
    DatasetConfig config = DefaultConfigs.forRecording(root);
    Map<String, String> otherwise =
        Map.of(
            "responses/data.mem", "truncated",
            "screen/data/00000.npy", "damaged",
            "responses/meta.yml", "a map of keys and values",
            "screen/combined_meta.json", "valid JSON");
    for (String text : advice.keySet()) {
      for (String name : otherwise.keySet()) {
        Path file = root.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        String known = advice.get(text);
        String expected = known.isEmpty() ? otherwise.get(name) : known;
        String found = Validator.validate(root).toString();
        String thrown =
            assertThrows(RecordingException.class, () -> said(config, ReadOptions.DEFAULT))
                .getMessage();
        for (String message : List.of(found, thrown)) {
          assertTrue(message.contains(expected), () -> name + ": " + expected + ": " + message);
          for (String other : advice.values()) {
            assertEquals(
                !other.isEmpty() && other.equals(known),
                !other.isEmpty() && message.contains(other),
                message);
          }
        }
        Files.write(file, whole);
      }
    }
  }

  /** Writes rows of values that repeat nowhere, and returns what a validation says. */
  private List<String> measured(double[] values, int columns) {
    int rows = values.length / columns;
    new Handmade(root)
        .sequence("responses", 10, 100, 100 + (rows - 1) / 10.0, rows, columns, i -> values[i]);
    return validated();
  }

  private static double[] noise(int count) {
    return new Random(7).doubles(count).map(v -> 5 + v).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 12})
  void blocksThatWereWrittenTwiceAreSaidByAValidation(int columns) {
    double[] sound = noise(2000 * columns);
    // a device that is off for a while, within the block
    Arrays.fill(sound, 430 * columns, 450 * columns, 0);
    assertEquals(List.of(), measured(sound, columns));
    double[] twice = sound.clone();
    System.arraycopy(sound, 400 * columns, twice, 600 * columns, 1400 * columns);
    System.arraycopy(sound, 400 * columns, twice, 600 * columns, 200 * columns);
    assertSaid(measured(twice, columns), "found rows 400 to 599 twice: again from row 600 on");
    // what is played comes more often than twice, or not at once
    double[] played = sound.clone();
    for (int row = 600; row < 2000; row += 200) {
      System.arraycopy(sound, 400 * columns, played, row * columns, 200 * columns);
    }
    assertEquals(List.of(), measured(played, columns));
    double[] later = sound.clone();
    System.arraycopy(sound, 400 * columns, later, 1200 * columns, 200 * columns);
    assertEquals(List.of(), measured(later, columns));
  }

  @Test
  void gapsThatWereFilledWithOneRowAreSaidByAValidation() {
    double[] sound = noise(6000);
    double[] filled = sound.clone();
    for (int row : new int[] {100, 700, 1500}) {
      for (int i = 0; i < 30; i++) {
        filled[3 * (row + i / 3) + i % 3] = 5.5 + i % 3 / 100.0;
      }
    }
    assertSaid(
        measured(filled, 3), "found the same row of values 30 times, in 3 stretches, first in row");
    // NaN says by itself what it is
    for (int i = 0; i < filled.length; i++) {
      filled[i] = filled[i] == 5.5 ? Double.NaN : filled[i];
    }
    assertEquals(1, measured(filled, 3).size(), () -> validated().toString());
  }

  @Test
  void numbersFarBeyondAllOthersAreSaidByAValidation() {
    double[] values = noise(6000);
    values[3001] = -1e20;
    assertSaid(
        measured(values, 3), "found -1.0E20 in row 1000, column 1, while all others are below");
    values[3001] = 1e9;
    assertEquals(List.of(), measured(values, 3));
    values[3001] = 5.5;
    // a column of another unit, beside a thousand
    double[] clock = noise(1001 * 200);
    for (int row = 0; row < 200; row++) {
      clock[1001 * row + 7] = 1.6e18 + 1e9 * row;
    }
    assertEquals(List.of(), measured(clock, 1001));
    // of one scale with others
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.pow(10, 20 * (values[i] - 5));
    }
    assertEquals(List.of(), measured(values, 3));
  }

  @Test
  void statisticsOfAllRowsTellWhatWasChangedSince() {
    int columns = 16;
    double[] values = noise(2000 * columns);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 1 + i % columns;
    }
    double[] means = new double[columns];
    double[] stds = new double[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      double[] own =
          IntStream.range(0, 2000).mapToDouble(r -> values[r * columns + column]).toArray();
      double mean = Arrays.stream(own).average().orElseThrow();
      means[c] = mean;
      stds[c] = Math.sqrt(Arrays.stream(own).map(v -> (v - mean) * (v - mean)).sum() / 2000);
    }
    Handmade made = new Handmade(root);
    made.statistics("responses", means, stds);
    assertEquals(List.of(), measured(values, columns));
    double[] lost = values.clone();
    for (int r = 0; r < 2000; r++) {
      lost[r * columns + 5] = 0;
    }
    assertSaid(measured(lost, columns), "of column 5, of which the data are 0.00000 and 0.00000");
    // one that never changes, whose deviation is no 0 so that it can be divided by, and a floor
    double[] still = values.clone();
    double[] stillMeans = means.clone();
    double[] raised = stds.clone();
    for (int r = 0; r < 2000; r++) {
      still[r * columns + 5] = 3;
    }
    stillMeans[5] = 3;
    raised[5] = 1;
    raised[0] = raised[1] = 2 * stds[1];
    made.statistics("responses", stillMeans, raised);
    assertEquals(List.of(), measured(still, columns));
    raised[1] = 3 * stds[1];
    made.statistics("responses", stillMeans, raised);
    assertSaid(measured(still, columns), "of column 0, of which the data are");
    // of some trials alone
    made.statistics(
        "responses",
        Arrays.stream(means).map(m -> 1.02 * m).toArray(),
        Arrays.stream(stds).map(v -> 0.8 * v).toArray());
    assertEquals(List.of(), measured(values, columns));
    made.statistics(
        "responses",
        means,
        IntStream.range(0, columns)
            .mapToDouble(c -> stds[c] * (c % 2 == 0 ? 3.5 : 0.25))
            .toArray());
    assertSaid(validated(), "are they of other signals, or another recording?");
    double[] narrow = {means[0] - 5.5, means[1] - 11, means[2] - 16.5};
    double[] other = {narrow[1], narrow[0], narrow[2]};
    double[] otherStds = {stds[1], stds[0], stds[2]};
    double[] three =
        IntStream.range(0, 6000)
            .mapToDouble(i -> values[i / 3 * 16 + i % 3] - 5.5 * (1 + i % 3))
            .toArray();
    made.statistics("responses", narrow, Arrays.copyOf(stds, 3));
    assertEquals(List.of(), measured(three, 3));
    made.statistics("responses", other, otherStds);
    assertSaid(validated(), "found means and deviations of the columns in another order");
    made.statistics("responses", narrow, otherStds);
    assertSaid(validated(), "found deviations of the columns in another order");
  }

  @Test
  void spikesThatWereRoundedAndUnitsThatWereWrittenTwiceAreSaidByAValidation() {
    double[] times = new Random(3).doubles(2000, 0, 100).sorted().toArray();
    assertEquals(List.of(), units(times, times.length));
    for (double step : new double[] {1, 0.1, 0.01}) {
      assertSaid(
          units(Arrays.stream(times).map(t -> Math.rint(t / step) * step).toArray(), 2000),
          "found multiples of " + step + " s alone, and ");
    }
    // events of frames
    assertEquals(
        List.of(), units(IntStream.range(0, 990).mapToDouble(i -> i / 10.0).toArray(), 990));
    double[] twice = Arrays.copyOf(times, 4000);
    System.arraycopy(times, 0, twice, 2000, 2000);
    assertSaid(units(twice, 2000, 4000), "found units 0 and 1 with the same 2000 spikes");
  }

  private List<String> units(double[] times, int... ends) {
    new Handmade(root).spikes(100, times);
    Handmade.write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\nspike_indices: [0, "
            + String.join(", ", Arrays.stream(ends).mapToObj(String::valueOf).toList())
            + "]\nstart_time: 0.0\nend_time: 100.0\n");
    return validated();
  }

  @Test
  void pixelsThatAreTrainedOnAndTestedAreSaidByAValidation() throws IOException {
    List<Map<String, Object>> trials = new ArrayList<>();
    for (String tier : List.of("train", "train", "test", "test")) {
      trials.add(Handmade.video(40, "tier", tier));
    }
    new Handmade(root).screen(0, 10, trials);
    assertEquals(List.of(), validated());
    Path data = root.resolve("screen/data");
    byte[] tested = Files.readAllBytes(data.resolve("00002.npy"));
    Files.write(data.resolve("00003.npy"), tested);
    // shown twice, for testing alone
    assertEquals(List.of(), validated());
    Files.write(data.resolve("00001.npy"), tested);
    assertSaid(
        validated(),
        "tier: found train of trial 00001 and test of trial 00002, whose files hold the same"
            + " pixels, and 1 more");
    // grey ones are no stimuli
    for (String name : List.of("00001.npy", "00002.npy", "00003.npy")) {
      byte[] grey = tested.clone();
      Arrays.fill(grey, 128, grey.length, (byte) 128);
      Files.write(data.resolve(name), grey);
    }
    assertEquals(List.of(), validated());
  }

  @Test
  void wholeNumbersThatStandStillOnceAreSaidByAValidation() {
    double[] values = new Random(7).ints(8000, -500, 500).asDoubleStream().toArray();
    for (int i = 4000; i < 4400; i++) {
      values[i] = values[4000 + i % 4];
    }
    short[] whole = new short[values.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (short) values[i];
    }
    new Handmade(root).integers("lfp", 10, 100, 100 + 1999 / 10.0, 2000, 4);
    ByteBuffer bytes = ByteBuffer.allocate(2 * whole.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(whole);
    NpyFile.write(root.resolve("lfp/data.npy"), "<i2", false, new long[] {2000, 4}, bytes.array());
    assertSaid(validated(), "found the same values in all columns from row 1000 to 1099, 100 rows");
  }

  @Test
  void labelsMostlyOutsideTheRangeAreSaid() {
    double[] all = new double[24];
    // seconds and then milliseconds
    Arrays.setAll(all, i -> i < 6 ? i : 100 * i);
    assertSaid(
        labels(all), "moving: found 3 of 12 within the device's range", "false for the rest");
    Arrays.setAll(all, i -> i < 12 ? i : 100 * i);
    assertEquals(List.of(), labels(all));
  }

  @Test
  void intervalsWhoseEndsAreDurationsAreOneLine() {
    double[] all = new double[40];
    Arrays.setAll(all, i -> i % 2 == 0 ? i + 1 : 0.5);
    List<String> said = labels(all);
    assertEquals(
        1, said.stream().filter(m -> m.contains("Invalid interval")).count(), said::toString);
    assertSaid(said, "interval: (1.0, 0.5), row 0, and 19 more of 20", "they are ignored");
  }
}
