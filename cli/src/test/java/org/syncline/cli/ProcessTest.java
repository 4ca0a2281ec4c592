/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.syncline.testdata.NpyFile;

/** What the command leaves behind as a process: its exit status, and no files. */
class ProcessTest {
  @TempDir Path folder;

  private ProcessBuilder command(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  private List<Path> left(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  @Test
  void outputToAFullDiskIsAFailure() throws Exception {
    Path errors = folder.resolve("errors.txt");
    int status =
        command("--help")
            .redirectOutput(new File("/dev/full"))
            .redirectError(errors.toFile())
            .start()
            .waitFor();
    assertEquals(1, status);
    assertTrue(Files.readString(errors).contains("not all output could be written"));
  }

  private record Ended(int status, String out) {}

  /** Runs the command with so much heap; its own is 256 MiB. */
  private Ended run(String heap, String... args) throws Exception {
    List<String> line = new ArrayList<>(command(args).command());
    line.add(1, "-Xmx" + heap);
    Process process =
        new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out);
  }

  /** Blanks, which have no files. */
  @Test
  void aMillionTrialsOpenAtTheCommandsHeap() throws Exception {
    Path screen = Files.createDirectories(folder.resolve("rec/screen"));
    Files.writeString(screen.resolve("meta.yml"), "modality: screen\nframe_rate: 10.0\n");
    try (var out = Files.newBufferedWriter(screen.resolve("combined_meta.json"))) {
      for (int i = 0; i < 1_000_000; i++) {
        out.write(i == 0 ? "{" : ",\n");
        out.write("\"" + i + "\": {\"modality\": \"blank\", \"first_frame_idx\": " + i);
        out.write(", \"image_size\": [4, 4], \"tier\": \"train\", \"interleave_value\": 1}");
      }
      out.write("}");
    }
    double[] clock = new double[1_000_000];
    for (int i = 0; i < clock.length; i++) {
      clock[i] = i / 10.0;
    }
    NpyFile.write(screen.resolve("timestamps.npy"), clock, clock.length);
    Ended ended = run("256m", "info", folder.resolve("rec").toString());
    assertEquals(0, ended.status(), ended.out());
    assertTrue(ended.out().contains("every trial: 1000000"), ended.out());
  }

  /** At the command's own heap, and at a smaller one where the limit of a file is smaller, too. */
  @ParameterizedTest
  @CsvSource({
    "256m, 50000000, 'found 50000002 bytes, more than 33554432, an eighth of the memory'",
    "64m, 8000000, need more memory than Java may use"
  })
  void metadataOfMoreThanMemoryHoldsIsAnError(String heap, int bytes, String said)
      throws Exception {
    Path meta = Files.createDirectories(folder.resolve("rec/a")).resolve("meta.yml");
    try (var out = Files.newBufferedWriter(meta)) {
      int written = 0;
      for (int i = 0; written < bytes; i++) {
        String line = "k" + (10_000_000 + i) + ": 5\n";
        out.write(line);
        written += line.length();
      }
    }
    for (String command : List.of("info", "validate")) {
      Ended ended = run(heap, command, folder.resolve("rec").toString());
      assertEquals(1, ended.status(), ended.out());
      assertTrue(
          ended.out().contains(meta + ": found ") && ended.out().contains(said), ended.out());
      assertTrue(!ended.out().contains("OutOfMemoryError"), ended.out());
      assertTrue(!ended.out().contains("\tat "), ended.out());
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void anInterruptedDemoLeavesNoRecordingBehind(String signal, int status) throws Exception {
    // a shell that puts its commands into the background has them ignore SIGINT
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.addAll(command("demo", "--seconds", "3600").command());
    Process demo =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    while (left("syncline-demo-").isEmpty()) {
      assertTrue(demo.isAlive(), () -> "the demo ended: " + demo.exitValue());
      Thread.sleep(10);
    }
    String pid = String.valueOf(demo.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
    boolean ended = demo.waitFor(2, TimeUnit.MINUTES);
    demo.destroyForcibly();
    assertTrue(ended, "the signal ends the demo");
    assertEquals(status, demo.exitValue(), "the status of a process that the signal ended");
    assertEquals(List.of(), left("syncline-demo-"));
  }

  @Test
  void errorsReachTheStderrThatTheLauncherKept() throws Exception {
    List<String> java = command("info", folder.resolve("none").toString()).command();
    List<String> shell = new ArrayList<>();
    shell.addAll(List.of("sh", "-c", "exec 9>&2; exec \"$@\" 2>/dev/null", "sh", java.getFirst()));
    shell.add("-Dsyncline.stderr=9");
    shell.addAll(java.subList(1, java.size()));
    Path errors = folder.resolve("kept.txt");
    int status = new ProcessBuilder(shell).redirectError(errors.toFile()).start().waitFor();
    assertEquals(1, status);
    // the JVM's own warning went where stderr was before
    String said = Files.readString(errors);
    assertTrue(said.startsWith("syncline: ") && said.contains("none"), said);
  }
}
