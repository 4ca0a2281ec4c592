/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/**
 * Arguments, configurations and files that something has damaged: the command takes or refuses them
 * with a status and a message of its own. {@code -Dsyncline.fuzz.seconds=600} runs longer, {@code
 * -Dsyncline.seed} takes another course.
 */
class CommandFuzzTest {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final List<String> WORDS =
      List.of(
          "null",
          "~",
          "true",
          ".nan",
          "-.inf",
          "1e308",
          "-1",
          "0",
          "999999999999999999999",
          "0x1f",
          "&a",
          "*a",
          "!!java",
          "{",
          "}",
          "[",
          "]",
          ": ",
          "- ",
          "\n",
          "\t",
          "\"",
          "'",
          "#",
          "<<",
          "..",
          "\0",
          "ü",
          "screen",
          "=",
          ",",
          ";",
          "--json",
          "--",
          "-",
          "1:2",
          "f8",
          "(1, 2");

  @TempDir static Path folder;

  private final Map<Path, byte[]> sound = new LinkedHashMap<>();
  private Path recording;

  /** Words that are texts are damaged, paths are not: nothing is written elsewhere. */
  private List<List<Object>> commands;

  private void prepare() throws IOException {
    recording = folder.resolve("recording");
    Recordings.empty(recording, 7)
        .start(100)
        .seconds(6)
        .screen(Recordings.Content.MIXED)
        .frames(2, 3)
        .trialFrames(20)
        .sequence(SequencePlan.of("responses", 8, 3).descr("<f4").mem())
        .spikes(3, 100)
        .labels(2)
        .write();
    Path config = folder.resolve("config.yaml");
    keep(
        config,
        """
        safe_interval_threshold: 0.25
        modality_config:
          screen: {sampling_rate: 10, chunk_size: 4, valid_condition: [{tier: train}, {tier: test}]}
          responses: {sampling_rate: 8, chunk_size: 4, nans: zero, columns: [0, 2]}
          spikes: {sampling_rate: 8, chunk_size: 4, interpolation: {interpolation_window: 0.2}}
          labels: {sampling_rate: 8, chunk_size: 4}
        """);
    Path table = folder.resolve("table.csv");
    keep(table, "x,y\n1,2\n3,4.5\n5,nan\n7,8\n");
    Path times = folder.resolve("times.csv");
    keep(times, "0\n0.1\n0.2\n0.3\n");
    Path made = folder.resolve("made");
    Object sample = named("--to", folder.resolve("sample.npz"));
    Object picture = named("--to", folder.resolve("picture.png"));
    for (String name : List.of("meta.yml", "responses/meta.yml", "screen/meta.yml")) {
      Path file = recording.resolve(name);
      if (Files.exists(file)) {
        sound.put(file, Files.readAllBytes(file));
      }
    }
    commands =
        List.of(
            List.of("info", recording, "--config", config, "--batch-size", "4", "--details"),
            List.of("info", recording, "--json", "--nans"),
            List.of("sample", recording, sample, "--config", config, "--index", "1", "--json"),
            List.of("sample", recording, sample, "--config", config, "--time", "101.5"),
            List.of("plot", recording, picture, "--config", config),
            List.of("validate", recording, "--json", "--strict"),
            List.of("validate", recording, "--no-checksums"),
            List.of("checksums", recording, "--json"),
            List.of(
                "stats", recording, "--config", config, "--device", "responses", "--tier", "train"),
            List.of(
                "stats", recording, "--condition", "tier=train", "--quantiles", "0.1,0.9", "-j"),
            List.of("decode", recording, "--threads", "2"),
            List.of(
                "make", made, "--replace", "--sequence", named("lfp", table), "--rate", "lfp=10"),
            List.of(
                "make",
                made,
                "--replace",
                "--sequence",
                named("lfp", table),
                "--times",
                named("lfp", times),
                "--columns",
                "lfp=0,1",
                "--data-key",
                "a"),
            List.of(
                "make",
                made,
                "--replace",
                "--spikes",
                named("units", times),
                "--intervals",
                named("still", table),
                "--start",
                "units=0",
                "--end",
                "units=9"));
  }

  private static Object named(String name, Path file) {
    // a word that is a path with a name in front of it
    return Path.of(name + "=" + file);
  }

  private void keep(Path file, String text) throws IOException {
    Files.writeString(file, text);
    sound.put(file, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void damagedArgumentsAndFilesAreTakenOrRefused() throws IOException {
    prepare();
    long seconds = Long.getLong("syncline.fuzz.seconds", 0);
    long seed = Long.getLong("syncline.seed", 15);
    long end =
        System.nanoTime() + (seconds > 0 ? TimeUnit.SECONDS.toNanos(seconds) : 2_500_000_000L);
    int runs = 0;
    int taken = 0;
    for (; runs < 20 || System.nanoTime() < end; runs++) {
      taken += run(new Random(seed * 1_000_003 + runs)) ? 1 : 0;
    }
    System.out.println("CommandFuzzTest: " + runs + " commands, " + taken + " with status 0");
    assertTrue(taken > 0 && taken < runs, taken + " of " + runs);
  }

  /** Runs a command with one thing or more damaged; returns whether it had status 0. */
  private boolean run(Random random) throws IOException {
    List<Object> words = new ArrayList<>(commands.get(random.nextInt(commands.size())));
    Path file = null;
    if (random.nextBoolean()) {
      file = List.copyOf(sound.keySet()).get(random.nextInt(sound.size()));
      byte[] bad = sound.get(file);
      for (int i = random.nextInt(3); i >= 0; i--) {
        bad = damaged(random, bad);
      }
      Files.write(file, bad);
    } else {
      damageWord(random, words);
    }
    String[] args = words.stream().map(Object::toString).toArray(String[]::new);
    String what =
        Arrays.toString(args)
            + (file == null ? "" : " " + Files.readString(file, StandardCharsets.ISO_8859_1));
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
    long begin = System.nanoTime();
    int status;
    try {
      status = Main.run(args);
    } finally {
      System.setOut(out);
      System.setErr(err);
      if (file != null) {
        Files.write(file, sound.get(file));
      }
    }
    String said = errBytes.toString(StandardCharsets.UTF_8);
    assertTrue(status >= 0 && status <= 2, status + ": " + what);
    assertFalse(said.contains("\tat "), () -> what + "\n" + said);
    assertTrue(status == 0 || !said.isBlank() || outBytes.size() > 0, what);
    assertTrue(System.nanoTime() - begin < MOST_NANOS, what);
    return status == 0;
  }

  private static void damageWord(Random random, List<Object> words) {
    for (int i = random.nextInt(2); i >= 0; i--) {
      int at = 1 + random.nextInt(words.size() - 1);
      if (!(words.get(at) instanceof String word)) {
        continue;
      }
      switch (random.nextInt(4)) {
        case 0 -> words.remove(at);
        case 1 -> words.set(at, WORDS.get(random.nextInt(WORDS.size())));
        case 2 ->
            words.set(
                at,
                new String(
                    damaged(random, word.getBytes(StandardCharsets.UTF_8)),
                    StandardCharsets.UTF_8));
        default -> words.add(at, word);
      }
    }
  }

  private static byte[] damaged(Random random, byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    byte[] put = {};
    int cut = 0;
    switch (random.nextInt(5)) {
      case 0 -> {
        put = new byte[] {(byte) random.nextInt(256)};
        cut = 1;
      }
      case 1 -> put = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
      case 2 -> cut = 1 + random.nextInt(20);
      case 3 ->
          put = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + random.nextInt(40)));
      default -> {
        put = WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8);
        cut = 1 + random.nextInt(4);
      }
    }
    int rest = Math.min(bytes.length, at + cut);
    byte[] made = new byte[at + put.length + bytes.length - rest];
    System.arraycopy(bytes, 0, made, 0, at);
    System.arraycopy(put, 0, made, at, put.length);
    System.arraycopy(bytes, rest, made, at + put.length, bytes.length - rest);
    return made;
  }
}
