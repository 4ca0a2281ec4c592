/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Problem;
import org.syncline.device.Trials;
import org.syncline.device.support.LogCapture;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.storage.Npy;
import org.syncline.testdata.NpyFile;

/**
 * Damages a recording in thousands of ways, and asks that a validation and a reader agree: where
 * opening or reading fails there is an error; an error where nothing fails is one that opening
 * warns of in the same words; and what a reader warns of, validation mentions.
 *
 * <p>Properties {@code syncline.cases} and {@code syncline.seed} choose how many and which.
 */
@Tag("any-width")
class DamagedRecordingsTest {
  @TempDir Path folder;
  private Path root;
  private final Map<Path, byte[]> sound = new LinkedHashMap<>();

  private void write() throws IOException {
    root = folder.resolve("rec");
    Handmade made =
        new Handmade(root)
            .screen(
                100,
                10,
                List.of(
                    Handmade.video(30),
                    Handmade.trial("blank", "interleave_value", 128),
                    Handmade.video(29),
                    Handmade.trial("image"),
                    Handmade.video(39),
                    Handmade.trial("image"),
                    Handmade.video(20)))
            .floats("responses", 8, 100, 112, 97, 5)
            .sequence("treadmill", 20, 100, 112, 241, 1, i -> i)
            .statistics("responses", new double[] {1, 2, 3, 4, 5}, new double[] {1, 2, 3, 4, 5})
            .statistics("treadmill", new double[] {1}, new double[] {2})
            .sequence("eye", 25, 100, 112, 301, 2, i -> i);
    Handmade.write(made.root.resolve("eye/meta.yml"), "modality: sequence\nn_signals: 2\n");
    NpyFile.write(root.resolve("eye/timestamps.npy"), ramp(301, 100, 0.04), 301);
    NpyFile.write(root.resolve("treadmill/timestamps.npy"), ramp(241, 100, 0.05), 241);
    Handmade.write(
        root.resolve("spikes/meta.yml"),
        "modality: spikes\n"
            + "start_time: 100.0\n"
            + "end_time: 112.0\n"
            + "spike_indices: [0, 40, 90]\n"
            + "n_signals: 2\n");
    double[] spikes = new double[90];
    Arrays.setAll(spikes, i -> 100.1 + (i < 40 ? i * 0.29 : (i - 40) * 0.23));
    NpyFile.write(root.resolve("spikes/spikes.npy"), spikes, 90);
    Handmade.write(
        root.resolve("labels/meta.yml"),
        "modality: time_interval\n"
            + "start_time: 100.0\n"
            + "end_time: 112.0\n"
            + "labels: {run: run.npy, rest: rest.npy}\n");
    NpyFile.write(root.resolve("labels/run.npy"), new double[] {101, 102, 105, 108}, 2, 2);
    NpyFile.write(root.resolve("labels/rest.npy"), new double[] {102, 105, 109, 111}, 2, 2);
    try (var all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        sound.put(file, Files.readAllBytes(file));
      }
    }
  }

  private static double[] ramp(int n, double start, double step) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> start + i * step);
    return values;
  }

  @Test
  void validationAndReaderAgree() throws IOException {
    long seed = Long.getLong("syncline.seed", 20261129);
    int cases = Integer.getInteger("syncline.cases", 2000);
    System.out.println("DamagedRecordingsTest seed " + seed + ", " + cases + " cases");
    write();
    assertEquals(List.of(), Validator.validate(root));
    assertEquals("", agree(""));
    List<String> disagreements = new ArrayList<>();
    int failing = 0;
    for (int n = 0; n < cases; n++) {
      SplittableRandom random = new SplittableRandom(seed + n);
      String what = damage(random) + (random.nextInt(4) == 0 ? "; " + damage(random) : "");
      String outcome;
      try {
        outcome = agree(what);
      } catch (RuntimeException e) {
        throw new AssertionError("case " + n + ": " + what, e);
      }
      if (!outcome.isEmpty()) {
        disagreements.add("case " + n + ": " + what + "\n" + outcome);
      }
      if (n % 8 == 0) {
        assertEquals(errors(Validator.validate(root)), errors(Validator.withoutValues(root)), what);
      }
      failing += failed ? 1 : 0;
      restore();
    }
    System.out.println("DamagedRecordingsTest: " + failing + " of " + cases + " cannot be read");
    assertTrue(failing > cases / 10 && failing < cases, failing + " of " + cases + " fail");
    if (!disagreements.isEmpty()) {
      fail(
          disagreements.size()
              + " disagreements\n"
              + disagreements.stream().limit(20).collect(Collectors.joining("\n")));
    }
  }

  private boolean failed;

  private static List<String> errors(List<Problem> problems) {
    return problems.stream()
        .filter(p -> p.severity() == Problem.Severity.ERROR)
        .map(p -> p.toString().substring("error: ".length()))
        .toList();
  }

  /** Returns what validation and reader disagree about; empty where they agree. */
  private String agree(String what) {
    List<Problem> problems = Validator.validate(root);
    List<String> errors = errors(problems);
    String failure = null;
    List<String> warnings;
    try (LogCapture log = new LogCapture()) {
      try {
        read();
      } catch (SynclineException e) {
        failure = e.getMessage();
      }
      warnings = log.messages();
    }
    try (LogCapture _ = new LogCapture()) {
      readByDefault();
    } catch (SynclineException e) {
      failure = e.getMessage();
    }
    failed = failure != null;
    StringBuilder wrong = new StringBuilder();
    String failing = failure;
    // of two damages the reader meets one first
    boolean both = what.contains("; ") && !errors.isEmpty();
    if (failed && !both && errors.stream().noneMatch(e -> aboutTheSame(e, failing))) {
      wrong.append("  fails, but no error of its file: ").append(failure).append('\n');
    }
    for (String error : errors) {
      if (!failed && !warnings.contains(error)) {
        wrong.append("  error, but reads in silence: ").append(error).append('\n');
      }
    }
    for (String warning : warnings) {
      // a matter of the configuration's lengths, where files are right
      if (warning.startsWith(root + ": found no chunks")) {
        continue;
      }
      if (problems.stream().noneMatch(p -> about(warning).equals(p.file().toString()))) {
        wrong.append("  warning of the reader alone: ").append(warning).append('\n');
      }
    }
    return wrong.isEmpty() ? "" : wrong + "  validation: " + problems;
  }

  /** Returns the file or folder that a message is about, with which it begins. */
  private static String about(String message) {
    int end = message.indexOf(": ");
    return end < 0 ? message : message.substring(0, end);
  }

  /**
   * Returns whether an error is about the file that a reader failed at, or one about a folder of
   * the other's. What a configuration was made of lies in any file.
   */
  private boolean aboutTheSame(String error, String failure) {
    if (!failure.startsWith(root.toString())) {
      return true;
    }
    Path first = Path.of(about(error));
    Path second = Path.of(about(failure));
    return first.startsWith(second) || second.startsWith(first);
  }

  /** Reads every chunk, and a frame of every trial. */
  private void read() {
    try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root))) {
      for (int i = 0; i < dataset.length(); i++) {
        dataset.item(i).close();
      }
      for (String name : dataset.deviceNames()) {
        Trials trials = dataset.experiment().device(name).trials().orElse(null);
        for (int t = 0; trials != null && t < trials.count(); t++) {
          double[] time = {trials.start(t)};
          dataset.experiment().device(name).interpolate(time);
        }
      }
    }
  }

  /** Opens each device that has statistics, or no meta.yml, as the default configuration does. */
  private void readByDefault() {
    DatasetConfig defaults = DatasetConfig.defaults();
    for (String name : defaults.modalities().keySet()) {
      Path device = root.resolve(name);
      if (!Files.isDirectory(device)
          || Files.exists(device.resolve("meta.yml"))
              && !Files.exists(device.resolve("meta/means.npy"))
              && !Files.exists(device.resolve("meta/stds.npy"))) {
        continue;
      }
      ModalityConfig modality =
          defaults.modalities().get(name).toBuilder().filters(List.of()).build();
      DatasetConfig one =
          defaults.toBuilder().outKeys(null).modalities(Map.of(name, modality)).build();
      try {
        ChunkDataset.open(root, one).close();
      } catch (RecordingException e) {
        // a device that is left out is no failure of its own
        if (!Path.of(e.file()).equals(root)) {
          throw e;
        }
      } catch (ConfigException _) {
        // a configuration of other lengths opens it
      }
    }
  }

  private void restore() throws IOException {
    for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
      if (!Files.isRegularFile(file.getKey(), LinkOption.NOFOLLOW_LINKS)
          || !Arrays.equals(Files.readAllBytes(file.getKey()), file.getValue())) {
        Files.deleteIfExists(file.getKey());
        Files.write(file.getKey(), file.getValue());
      }
    }
  }

  /** Damages one file; says how. */
  private String damage(SplittableRandom random) throws IOException {
    List<Path> files = List.copyOf(sound.keySet());
    Path file = files.get(random.nextInt(files.size()));
    String name = root.relativize(file).toString();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      // an earlier damage put something else there
      Files.deleteIfExists(file);
      Files.write(file, sound.get(file));
    }
    byte[] bytes = Files.readAllBytes(file);
    int kind = random.nextInt(13);
    if (kind == 0) {
      Files.deleteIfExists(file);
      if (random.nextInt(3) == 0) {
        Files.createDirectory(file);
      }
      return name + " deleted";
    }
    if (kind == 1) {
      int length = random.nextInt(bytes.length + 1);
      Files.write(file, Arrays.copyOf(bytes, length));
      return name + " cut to " + length;
    }
    if (kind == 10) {
      Path other = files.get(random.nextInt(files.size()));
      Files.deleteIfExists(file);
      Files.write(file, sound.get(other));
      return name + " with the content of " + root.relativize(other);
    }
    if (kind == 11) {
      Files.deleteIfExists(file);
      Path target =
          List.of(Path.of("nowhere"), file.getFileName(), root, Path.of("/dev/zero"))
              .get(random.nextInt(4));
      Files.createSymbolicLink(file, target);
      return name + " a link to " + target;
    }
    if (kind == 12 && !name.endsWith(".npy") && !name.endsWith(".mem")) {
      String text = new String(bytes, StandardCharsets.UTF_8);
      int way = random.nextInt(6);
      Files.deleteIfExists(file);
      Files.write(
          file,
          switch (way) {
            case 0 -> text.getBytes(StandardCharsets.UTF_16);
            case 1 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
            case 2 -> text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
            case 3 -> (text + "# \u00e4\n").getBytes(StandardCharsets.ISO_8859_1);
            case 4 -> (text + "\n" + text).getBytes(StandardCharsets.UTF_8);
            default -> text.replace("  ", "\t").getBytes(StandardCharsets.UTF_8);
          });
      return name + " written in way " + way;
    }
    if (kind == 2 || name.endsWith(".mem")) {
      int at = random.nextInt(bytes.length);
      bytes[at] = (byte) random.nextInt(256);
      Files.write(file, bytes);
      return name + " byte " + at + " is " + bytes[at];
    }
    if (name.endsWith(".npy")) {
      return name + " " + array(file, random);
    }
    return name + " " + text(file, new String(bytes, StandardCharsets.UTF_8), random);
  }

  private static final String[] TYPES = {
    "<f4", ">f8", "<i8", "<i4", "<u2", "|u1", "|i1", "<f2", "|b1", "<f8"
  };

  private String array(Path file, SplittableRandom random) throws IOException {
    double[] values;
    long[] shape;
    try {
      Npy.Doubles array = Npy.readDoubles(file);
      values = array.values();
      shape = array.shape();
    } catch (SynclineException e) {
      return "left as it is";
    }
    String descr = file.toString().contains("/data/") ? "|u1" : "<f8";
    String what;
    int n = values.length;
    switch (random.nextInt(12)) {
      case 0 -> {
        descr = TYPES[random.nextInt(TYPES.length)];
        what = "as " + descr;
      }
      case 1 -> {
        shape =
            switch (random.nextInt(5)) {
              case 0 -> new long[] {n, 1};
              case 1 -> new long[] {1, n};
              case 2 -> new long[] {n};
              case 3 -> new long[] {n, 1, 1};
              default -> {
                long[] with = new long[shape.length + 1];
                with[0] = 1;
                System.arraycopy(shape, 0, with, 1, shape.length);
                yield with;
              }
            };
        what = "of shape " + Arrays.toString(shape);
      }
      case 2 -> {
        long[] turned = new long[shape.length];
        for (int i = 0; i < turned.length; i++) {
          turned[i] = shape[shape.length - 1 - i];
        }
        shape = turned;
        what = "turned to " + Arrays.toString(shape);
      }
      case 3, 4 -> {
        int less = Math.max(0, n - 1 - random.nextInt(5));
        values = Arrays.copyOf(values, less);
        shape = new long[] {less};
        what = "of " + less + " elements";
      }
      case 5 -> {
        int more = n + 1 + random.nextInt(5);
        double last = n == 0 ? 0 : values[n - 1];
        values = Arrays.copyOf(values, more);
        for (int i = n; i < more; i++) {
          values[i] = last + 0.05 * (i - n + 1);
        }
        shape = new long[] {more};
        what = "of " + more + " elements";
      }
      case 6 -> {
        double factor = new double[] {1e3, 1e6, 1e9, 20, 0, -1, 1e-3}[random.nextInt(7)];
        for (int i = 0; i < n; i++) {
          values[i] *= factor;
        }
        what = "times " + factor;
      }
      case 7 -> {
        double shift = new double[] {1, 5, -5, 1e9, -100, 0.3}[random.nextInt(6)];
        for (int i = 0; i < n; i++) {
          values[i] += shift;
        }
        what = "plus " + shift;
      }
      case 8 -> {
        int at = n == 0 ? 0 : random.nextInt(n);
        double gap = new double[] {0.02, 0.5, 5, 30, -1}[random.nextInt(5)];
        for (int i = at; i < n; i++) {
          values[i] += gap;
        }
        what = "a gap of " + gap + " from " + at;
      }
      case 9 -> {
        if (n > 0) {
          int at = random.nextInt(n);
          values[at] =
              new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0, -3, 1e300}[random.nextInt(5)];
        }
        what = "with an odd element";
      }
      case 10 -> {
        for (int i = 0; i < n / 2; i++) {
          double swap = values[i];
          values[i] = values[n - 1 - i];
          values[n - 1 - i] = swap;
        }
        what = "backwards";
      }
      default -> {
        Arrays.fill(values, n == 0 ? 0 : values[0]);
        what = "with one value throughout";
      }
    }
    write(file, descr, shape, values);
    return what;
  }

  private static void write(Path file, String descr, long[] shape, double[] values)
      throws IOException {
    int size = descr.charAt(2) - '0';
    ByteBuffer out =
        ByteBuffer.allocate(values.length * size)
            .order(descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (descr.substring(1)) {
        case "f8" -> out.putDouble(value);
        case "f4" -> out.putFloat((float) value);
        case "f2" -> out.putShort(Float.floatToFloat16((float) value));
        case "i8" -> out.putLong((long) value);
        case "i4" -> out.putInt((int) value);
        case "u2" -> out.putShort((short) (long) value);
        default -> out.put((byte) (long) value);
      }
    }
    Files.deleteIfExists(file);
    NpyFile.write(file, descr, false, shape, out.array());
  }

  private static final String[] VALUES = {
    "null",
    "0",
    "-1",
    "1",
    "0.125",
    "8",
    "10",
    "1e9",
    "1000",
    "101",
    "[1, 2]",
    "text",
    "true",
    ".nan",
    "{}",
    "5",
    "3",
    "128",
    "\"image\"",
    "\"video\"",
    "[3, 2]",
    "[2, 3, 3]",
    "int32",
    "float64",
    "'>f4'",
    "run.npy",
    "../x.npy",
    "1e300",
    "1e-300",
    "-1e12",
    "123456789012345678901234567890",
    "9223372036854775807",
    "2147483648",
    "0x10",
    "1_000",
    ".inf",
    "2026-01-01",
    "''",
    "\"\\u0000\"",
    "[[1]]",
    "TRUE",
    "~"
  };

  /** Puts another value in place of one behind a colon, or takes a line out. */
  private static String text(Path file, String text, SplittableRandom random) throws IOException {
    if (random.nextInt(5) == 0) {
      List<String> lines = new ArrayList<>(text.lines().toList());
      if (!lines.isEmpty()) {
        String gone = lines.remove(random.nextInt(lines.size()));
        Files.deleteIfExists(file);
        Files.writeString(file, String.join("\n", lines) + "\n");
        return "without " + (gone.length() > 60 ? "a line" : gone);
      }
    }
    List<Integer> colons = new ArrayList<>();
    for (int i = text.indexOf(": "); i >= 0; i = text.indexOf(": ", i + 1)) {
      colons.add(i + 2);
    }
    for (int i = text.indexOf("\":"); i >= 0; i = text.indexOf("\":", i + 1)) {
      colons.add(i + 2);
    }
    if (colons.isEmpty()) {
      return "left as it is";
    }
    int from = colons.get(random.nextInt(colons.size()));
    int to = from;
    int depth = 0;
    while (to < text.length()) {
      char c = text.charAt(to);
      if (depth == 0 && (c == '\n' || c == ',' || c == '}')) {
        break;
      }
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      to++;
    }
    String value = VALUES[random.nextInt(VALUES.length)];
    Files.deleteIfExists(file);
    Files.writeString(file, text.substring(0, from) + value + text.substring(to));
    int line = text.lastIndexOf(file.toString().endsWith(".json") ? ',' : '\n', from) + 1;
    return "with " + text.substring(line, from).strip() + " " + value;
  }
}
