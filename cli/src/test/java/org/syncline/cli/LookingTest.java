/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.syncline.cli.Outcome.run;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.DefaultConfigs;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.document.Documents;
import org.syncline.format.checksum.Checksums;
import org.syncline.storage.Npy;
import org.syncline.write.RecordingWriter;
import org.syncline.write.ScreenWriter;
import org.syncline.write.SequenceWriter;

/** What the commands show of a small recording whose every number is known. */
class LookingTest {
  private static final int SECONDS = 40;

  @TempDir static Path folder;
  private static Path recording;

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(Object... args) {
    Outcome outcome = run(args);
    assertEquals(0, outcome.status(), outcome.err());
    return (Map<String, Object>) Documents.json(outcome.out(), "json").value();
  }

  /** 40 s: a wheel at 10 Hz, of whose two signals one is NaN from 20 s to 30 s; 4 trials. */
  @BeforeAll
  static void makeRecording() {
    recording = folder.resolve("recordings/a");
    Path image = folder.resolve("image.npy");
    Npy.write(image, new double[] {1, 2, 3, 4}, 2, 2);
    try (RecordingWriter writer = RecordingWriter.create(recording)) {
      SequenceWriter wheel = writer.sequence("wheel", 10, 0);
      for (int row = 0; row <= 10 * SECONDS; row++) {
        wheel.append(new double[] {row % 4, row >= 200 && row < 300 ? Double.NaN : 7}, 2);
      }
      ScreenWriter screen = writer.screen("screen");
      for (int k = 0; k < 4; k++) {
        screen.file(image, new double[] {10 * k}, Map.of("tier", k < 2 ? "train" : "test"));
      }
      screen.blank(0, SECONDS, Map.of());
      writer.finish();
    }
  }

  @Test
  void infoCountsTrialsAndWhatEachStepRemoves() throws Exception {
    Outcome info = run("info", recording, "--nans");
    assertEquals(0, info.status(), info.err());
    List<String> lines = info.out().lines().map(l -> l.replaceAll(" +", " ")).toList();
    assertTrue(lines.contains("image test 2"), info.out());
    assertTrue(lines.contains("image train 2"), info.out());
    assertTrue(lines.contains("blank none 1"), info.out());
    assertTrue(
        lines.contains("wheel sequence 401 x 2 float64 at 10.0 Hz 10 0.000 40.000 10 12.5%"),
        info.out());
    long before = -1;
    for (var step : explained()) {
      String removed = before < 0 ? "-" : Long.toString(before - step.left());
      assertTrue(
          lines.stream()
              .anyMatch(l -> l.startsWith(step.name() + " " + step.left() + " " + removed)),
          step + " in " + info.out());
      before = step.left();
    }
    Outcome some = run("info", recording, "-c", configOf("wheel"));
    assertTrue(some.out().contains("left out    screen"), some.out() + some.err());
  }

  private static Path configOf(String device) throws Exception {
    return Files.writeString(
        folder.resolve(device + ".yaml"),
        "modality_config: {" + device + ": {sampling_rate: 10, chunk_size: 20}}\n");
  }

  private static List<org.syncline.Explanation.Step> explained() {
    try (ChunkDataset dataset =
        ChunkDataset.open(recording, DefaultConfigs.forRecording(recording))) {
      return dataset.explain().steps();
    }
  }

  @Test
  void infoTakesSeveralRecordingsAndFoldersOfThem() {
    Path parent = recording.getParent();
    Map<String, Object> all = json("info", parent, "--json");
    assertEquals(List.of(recording.toString()), List.copyOf(all.keySet()));
    Outcome several = run("info", recording, folder.resolve("nowhere"), parent);
    assertEquals(1, several.status());
    assertTrue(several.err().contains("nowhere: found nothing"), several.err());
    assertTrue(several.out().contains("2 recordings, "), several.out());
    assertTrue(several.out().contains("; 1 could not be opened"), several.out());
    assertEquals(0, run("validate", parent).status());
    assertTrue(run("validate", parent).out().contains(recording + ": 0 errors"));
  }

  @Test
  void numbersDoNotChangeWithTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertTrue(run("info", recording).out().contains("0.500 s … 39.500 s"));
      assertTrue(run("stats", recording).out().contains("1.49"), run("stats", recording).out());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void whatATerminalLacksIsWrittenAsPlainLetters() {
    var bytes = new ByteArrayOutputStream();
    PrintStream ascii = Output.plain(new PrintStream(bytes, true, StandardCharsets.US_ASCII));
    ascii.printf("%d µs … %s%n", 3, "2×2");
    ascii.println("…");
    assertEquals("3 us ... 2x2%n...%n".formatted(), bytes.toString(StandardCharsets.US_ASCII));
    var whole = new ByteArrayOutputStream();
    Output.plain(new PrintStream(whole, true, StandardCharsets.UTF_8)).print("µ…");
    assertEquals("µ…", whole.toString(StandardCharsets.UTF_8));
  }

  @Test
  void sampleWritesTheChunkThatIsAskedFor() throws Exception {
    Path file = folder.resolve("chunk.npz");
    try (ChunkDataset dataset =
        ChunkDataset.open(recording, DefaultConfigs.forRecording(recording))) {
      int last = dataset.length() - 1;
      double[] starts = dataset.startTimes();
      Object[][] ways = {
        {"-i", 0, 0},
        {"--index", -1, last},
        {"--time", starts[last] + 0.01, last},
        {"-i", last, last}
      };
      for (Object[] way : ways) {
        Map<String, Object> said = json("sample", recording, way[0], way[1], "-o", file, "--json");
        int index = (int) way[2];
        assertEquals(index, ((Number) said.get("index")).intValue());
        try (Chunk chunk = dataset.item(index)) {
          compare(file, "wheel.npy", chunk.tensor("wheel"));
          compare(file, "screen.npy", chunk.tensor("screen"));
          compare(file, "timestamps.wheel.npy", chunk.timestamps("wheel"));
        }
      }
      for (Object[] wrong :
          new Object[][] {
            {"-i", last + 1},
            {"-i", -last - 2},
            {"--time", -1},
            {"--time", 1e6},
            {"-i", 0, "--time", 1}
          }) {
        List<Object> words = new ArrayList<>(List.of("sample", recording, "-o", file));
        words.addAll(List.of(wrong));
        Outcome refused = run(words.toArray());
        assertEquals(2, refused.status(), refused.out());
        assertTrue(refused.err().contains("expected"), refused.err());
      }
    }
  }

  @Test
  void sampleSaysWhatCodesStandFor() throws Exception {
    Path config = folder.resolve("tiers.yaml");
    Files.writeString(
        config,
        "{out_keys: [meta.tier], modality_config: {screen: {sampling_rate: 10, chunk_size: 5}}}");
    Object[] words = {"sample", recording, "-c", config, "-o", folder.resolve("tier.npz")};
    Outcome said = run(words);
    assertTrue(said.out().contains("meta.tier counts from 0: test, train"), said.out());
    Object[] more = java.util.Arrays.copyOf(words, words.length + 1);
    more[words.length] = "--json";
    assertEquals(Map.of("meta.tier", List.of("test", "train")), json(more).get("categories"));
  }

  private static void compare(Path npz, String name, Tensor expected) throws Exception {
    Path npy = folder.resolve("entry.npy");
    try (ZipFile zip = new ZipFile(npz.toFile())) {
      ZipEntry entry = zip.getEntry(name);
      try (InputStream in = zip.getInputStream(entry)) {
        Files.write(npy, in.readAllBytes());
      }
    }
    Npy.Doubles found = Npy.readDoubles(npy);
    assertArrayEquals(expected.shape(), found.shape());
    double[] values = new double[found.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          expected.type() == ElementType.FLOAT32
              ? expected.data().getAtIndex(ValueLayout.JAVA_FLOAT, i)
              : expected.data().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }
    assertArrayEquals(values, found.values());
  }

  private static Color at(BufferedImage image, double second, int lane, double height) {
    return new Color(
        image.getRGB(
            TimelinePicture.column(second, 0, SECONDS),
            TimelinePicture.top(lane) + (int) (height * TimelinePicture.LANE)));
  }

  @Test
  void theTimelineShowsTrialsNansFiltersAndChunks() throws Exception {
    Path file = folder.resolve("timeline.png");
    assertEquals(0, run("plot", recording, "--timeline", "-o", file).status());
    BufferedImage image = ImageIO.read(file.toFile());
    // devices in alphabetical order: trials of screen, screen, wheel, filters, chunks
    Color train = at(image, 5, 0, 0.5);
    Color test = at(image, 25, 0, 0.5);
    assertFalse(train.equals(test) || train.equals(Color.WHITE) || train.equals(Canvas.PALE));
    assertEquals(train, at(image, 15, 0, 0.5));
    assertEquals(test, at(image, 35, 0, 0.5));
    assertEquals(Color.WHITE, at(image, 10, 0, 0.5), "a line between trials");
    assertEquals(Canvas.VALID, at(image, 25, 1, 0.2));
    for (double second : new double[] {5, 15, 35}) {
      assertEquals(Canvas.VALID, at(image, second, 2, 0.2));
      assertEquals(Canvas.VALID, at(image, second, 3, 0.5));
    }
    // one of two signals: half of the height
    assertEquals(Canvas.INVALID, at(image, 25, 2, 0.2));
    assertEquals(Canvas.VALID, at(image, 25, 2, 0.8));
    assertEquals(Canvas.PALE, at(image, 25, 3, 0.5), "a filter leaves it out");
    assertEquals(Canvas.PALE, at(image, 25, 4, 0.5), "no chunk");
    assertTrue(List.of(Canvas.INK, Color.GRAY).contains(at(image, 5, 4, 0.5)));
  }

  @Test
  void statisticsAreDrawnToScale() throws Exception {
    Path file = folder.resolve("statistics.png");
    assertEquals(0, run("plot", recording, "-s", "-o", file).status());
    BufferedImage image = ImageIO.read(file.toFile());
    // the wheel comes second; signal 0 has mean 1.5 and deviation 1.118, signal 1 is 7 or NaN
    int top = StatisticsPicture.top(1);
    int high = StatisticsPicture.HEIGHT;
    int first = StatisticsPicture.LEFT + StatisticsPicture.WIDE / 4;
    int second = StatisticsPicture.LEFT + StatisticsPicture.WIDE * 3 / 4;
    assertTrue(has(image, second, top, top + 8, Canvas.COLOURS[0]), "7 is the greatest");
    assertFalse(has(image, first, top, top + high / 2, Canvas.COLOURS[0]));
    double mean = 1.118 / (7 - 1.5 + 1.118);
    int row = top + high - 4 - (int) Math.round(mean * (high - 8));
    assertTrue(has(image, first, row - 3, row + 3, Canvas.COLOURS[0]), "the mean of signal 0");
    // NaN: none of signal 0, 100 of 401 of signal 1
    int left = StatisticsPicture.SECOND + StatisticsPicture.NARROW / 4;
    int right = StatisticsPicture.SECOND + StatisticsPicture.NARROW * 3 / 4;
    assertFalse(has(image, left, top + 2, top + high - 2, Canvas.INVALID));
    int tall = 0;
    for (int y = top; y < top + high; y++) {
      tall += new Color(image.getRGB(right, y)).equals(Canvas.INVALID) ? 1 : 0;
    }
    assertEquals(100.0 / 401 * high, tall, 3);
  }

  private static boolean has(BufferedImage image, int x, int from, int to, Color colour) {
    for (int y = from; y < to; y++) {
      if (new Color(image.getRGB(x, y)).equals(colour)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void theChunkThatIsAskedForIsDrawn() throws Exception {
    Path file = folder.resolve("chunk.png");
    assertEquals(0, run("plot", recording, "-i", 0, "-o", file).status());
    BufferedImage first = ImageIO.read(file.toFile());
    assertEquals(0, run("plot", recording, "--index", -1, "-o", file).status());
    BufferedImage last = ImageIO.read(file.toFile());
    // lines are smoothed, so that their colour is nearly theirs
    assertTrue(count(first, new Color(0x0072B2), 120) > 300);
    assertTrue(count(last, new Color(0xD55E00), 120) > 300);
    for (int grey : new int[] {0x000000, 0x555555, 0xAAAAAA}) {
      // ten frames of four pixels, as high as they are wide
      assertEquals(33_500, count(first, new Color(grey), 0), 1_500, Integer.toHexString(grey));
    }
    assertEquals(2, run("plot", recording, "-i", 0, "-l", "-o", file).status());
    assertEquals(2, run("plot", recording, "-o", folder.resolve("none/p.png")).status());
  }

  /** With {@code -Dsyncline.reference=apply} they are drawn again. */
  @Test
  void thePicturesOfTheDocsAreWhatTheCommandDraws() throws Exception {
    Path images = Path.of("../docs/images");
    String page = Files.readString(Path.of("../docs/start/command.md"));
    Path drawn = Files.createDirectory(folder.resolve("pages"));
    Path shown = drawn.resolve("recording"); // its name is in the picture
    List<String> names = new ArrayList<>();
    for (String line : page.lines().filter(l -> l.startsWith("./syncline ")).toList()) {
      List<Object> words = new ArrayList<>(List.of(line.replaceFirst(" *#.*", "").split(" ")));
      words.replaceAll(
          word ->
              word.equals("recording")
                  ? shown
                  : word.toString().endsWith(".png") ? drawn.resolve(word.toString()) : word);
      if (words.get(1).equals("demo")) {
        words.addAll(List.of("--picture", drawn.resolve("demo.png")));
      }
      if (words.get(1).equals("demo") || words.get(1).equals("plot")) {
        assertEquals(0, run(words.subList(1, words.size()).toArray()).status(), line);
      }
      if (words.get(1).equals("plot")) {
        names.add(((Path) words.getLast()).getFileName().toString());
      }
    }
    assertEquals(List.of("chunk.png", "timeline.png"), names);
    for (String name : names) {
      if ("apply".equals(System.getProperty("syncline.reference"))) {
        Files.copy(drawn.resolve(name), images.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      BufferedImage now = ImageIO.read(drawn.resolve(name).toFile());
      BufferedImage there = ImageIO.read(images.resolve(name).toFile());
      assertEquals(now.getWidth(), there.getWidth(), name);
      assertEquals(now.getHeight(), there.getHeight(), name);
      // letters are drawn by fonts of the machine
      double unlike = 0;
      for (int y = 0; y < now.getHeight(); y++) {
        for (int x = 0; x < now.getWidth(); x++) {
          unlike +=
              distance(new Color(now.getRGB(x, y)), new Color(there.getRGB(x, y))) > 60 ? 1 : 0;
        }
      }
      double share = unlike / now.getWidth() / now.getHeight();
      assertTrue(share < 0.02, name + " " + share);
    }
  }

  /** Grey frames with two channels of behaviour are no colours. */
  @Test
  void behaviourBehindFramesIsNoColour() throws Exception {
    Path grey = folder.resolve("behaving");
    Path frame = folder.resolve("grey.npy");
    Npy.write(frame, new double[] {0, 200, 100, 200}, 2, 2);
    try (RecordingWriter writer = RecordingWriter.create(grey)) {
      SequenceWriter eye = writer.sequence("eye_tracker", 10, 0);
      for (int row = 0; row <= 10 * SECONDS; row++) {
        eye.append(new double[] {row % 4 * 50, 200}, 2);
      }
      ScreenWriter screen = writer.screen("screen");
      screen.file(frame, new double[] {0}, Map.of()).blank(0, SECONDS, Map.of());
      writer.finish();
    }
    Path config = folder.resolve("behaving.yaml");
    Files.writeString(
        config,
        "add_behavior_as_channels: true\nout_keys: [screen]\nmodality_config: {screen: {sampling_rate: 10,"
            + " chunk_size: 20}, eye_tracker: {sampling_rate: 10, chunk_size: 20}}\n");
    Path file = folder.resolve("behaving.png");
    assertEquals(0, run("plot", grey, "-c", config, "-i", 0, "-o", file).status());
    BufferedImage chunk = ImageIO.read(file.toFile());
    int coloured = 0;
    int middle = chunk.getWidth() / 2;
    for (int y = 60; y < chunk.getHeight() - 60; y++) {
      Color pixel = new Color(chunk.getRGB(middle, y));
      coloured += pixel.getRed() != pixel.getGreen() || pixel.getGreen() != pixel.getBlue() ? 1 : 0;
    }
    assertEquals(0, coloured);
    assertTrue(count(chunk, Color.WHITE, 0) > 0);
  }

  private static int distance(Color a, Color b) {
    return Math.abs(a.getRed() - b.getRed())
        + Math.abs(a.getGreen() - b.getGreen())
        + Math.abs(a.getBlue() - b.getBlue());
  }

  @Test
  void whatHasOneSampleOrIsColouredIsDrawnAndGapsAreLeftEmpty() throws Exception {
    Path odd = folder.resolve("odd");
    Path green = folder.resolve("green.npy");
    Npy.write(green, new double[] {0, 200, 0, 0, 200, 0, 0, 200, 0, 0, 200, 0}, 2, 2, 3);
    double[] times =
        IntStream.rangeClosed(0, 10 * SECONDS)
            .filter(i -> i <= 100 || i >= 300)
            .mapToDouble(i -> i / 10.0)
            .toArray();
    try (RecordingWriter writer = RecordingWriter.create(odd)) {
      writer
          .irregular("own")
          .append(
              new Tensor(
                  ElementType.FLOAT64, new long[] {times.length, 1}, MemorySegment.ofArray(times)),
              times);
      SequenceWriter many = writer.sequence("many", 10, 0);
      for (int row = 0; row <= 10 * SECONDS; row++) {
        many.append(new double[] {row % 4, 1, 2, 3, 4, 5, 6, 7, 8}, 9);
      }
      ScreenWriter screen = writer.screen("screen");
      screen.file(green, new double[] {0}, Map.of()).blank(0, SECONDS, Map.of());
      writer.finish();
    }
    Path config = folder.resolve("odd.yaml");
    Files.writeString(
        config,
        "modality_config: {screen: {sampling_rate: 10, chunk_size: 20}, own: {sampling_rate: 10,"
            + " chunk_size: 1}, many: {sampling_rate: 10, chunk_size: 100}}\n");
    Path file = folder.resolve("odd.png");
    assertEquals(0, run("plot", odd, "-c", config, "-i", 0, "-o", file).status());
    BufferedImage chunk = ImageIO.read(file.toFile());
    assertTrue(count(chunk, new Color(0x0072B2), 60) > 10, "a dot");
    int left = Integer.MAX_VALUE;
    int right = 0;
    for (int x = 0; x < chunk.getWidth(); x++) {
      if (has(chunk, x, 0, chunk.getHeight(), Color.GREEN)) {
        left = Math.min(left, x);
        right = x;
      }
    }
    // two of eleven seconds
    assertEquals(2.0 / 11 * 1200, right - left, 20);
    assertEquals(0, run("plot", odd, "-l", "-c", config, "-o", file).status());
    BufferedImage all = ImageIO.read(file.toFile());
    assertEquals(Canvas.VALID, at(all, 5, 2, 0.5));
    assertEquals(Canvas.PALE, at(all, 20, 2, 0.5), "no sample from 10 to 30 s");
    assertEquals(Canvas.VALID, at(all, 35, 2, 0.5));
    assertEquals(10, DefaultConfigs.forRecording(odd).modalities().get("own").samplingRate());
  }

  private static int count(BufferedImage image, Color colour, int most) {
    int n = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        n += distance(new Color(image.getRGB(x, y)), colour) <= most ? 1 : 0;
      }
    }
    return n;
  }

  @Test
  void benchCountsWhatItMeasuredAndDemoTheChunksThereAre() {
    Map<String, Object> bench = json("bench", recording, "-n", 10, "-b", 4, "-t", 0, "--json");
    double chunks = ((Number) bench.get("chunks")).doubleValue();
    assertTrue(chunks >= 10, bench.toString());
    assertEquals(
        chunks / ((Number) bench.get("seconds")).doubleValue(),
        ((Number) bench.get("chunks_per_second")).doubleValue(),
        1e-6 * chunks);
    Map<String, Object> longer = json("bench", recording, "-s", 0.3, "--json");
    assertTrue(((Number) longer.get("seconds")).doubleValue() >= 0.3, longer.toString());
    Map<String, Object> demo =
        json("demo", "-r", recording, "-o", folder.resolve("demo.png"), "--json");
    try (ChunkDataset dataset =
        ChunkDataset.open(recording, DefaultConfigs.forRecording(recording))) {
      assertEquals(dataset.length(), ((Number) demo.get("chunks")).intValue());
    }
    assertEquals(2, run("demo", "--seconds", 24.9).status());
  }

  @Test
  void theShortestRecordingOfTheDemoHasAChunk() {
    assertEquals(
        0,
        run("demo", "--seconds", 25, "-b", 1, "-n", 1, "-o", folder.resolve("own.png")).status());
  }

  @Test
  void theDemosRecordingStaysWhereItIsAskedFor() throws Exception {
    Path kept = folder.resolve("new/kept");
    Path picture = folder.resolve("kept.png");
    Object[] line = {"demo", "-s", 25, "-b", 1, "-n", 1, "-o", picture, "--keep", kept};
    Outcome made = run(line);
    assertEquals(0, made.status());
    assertTrue(made.out().contains("chunks begin at each frame of tier train; "), made.out());
    assertEquals(0, run("validate", kept).status());
    assertEquals(List.of(), Checksums.compare(kept));
    try (var entries = Files.list(kept.getParent())) {
      assertEquals(List.of(kept), entries.toList());
    }
    String named = run("info", kept).out(); // two of them can be loaded together
    assertTrue(named.startsWith("recording   " + kept.getFileName() + " ("), named);
    Outcome again = run(line);
    assertEquals(2, again.status());
    assertTrue(
        again.err().contains("is there already; expected the name of a new folder"), again.err());
    assertEquals(2, run("demo", "-r", recording, "--keep", folder.resolve("other")).status());
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    Path script = folder.resolve("completion");
    Files.writeString(
        script,
        run("completion").out()
            + """
            compopt() { :; }
            complete_words() {
              COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _complete_syncline; echo "${COMPREPLY[@]}"
            }
            complete_words syncline val
            complete_words syncline plot --ti
            complete_words syncline import nwb --to
            """);
    Process bash = new ProcessBuilder("bash", script.toString()).redirectErrorStream(true).start();
    String completed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("validate\n--timeline --time\n--to --tolerance\n", completed);
  }
}
