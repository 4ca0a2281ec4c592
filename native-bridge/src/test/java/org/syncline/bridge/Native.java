/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;
import org.syncline.testdata.SequencePlan;

/** The C side as the build left it, and the compiler that made it. */
final class Native {
  static final Path MODULE = module();
  static final Path FOLDER = MODULE.resolve("target/native");

  private Native() {}

  private static Path module() {
    Path here = Path.of("").toAbsolutePath();
    return here.endsWith("native-bridge") ? here : here.resolve("native-bridge");
  }

  /** Returns the library, or null where the build had no compiler for it. */
  static Path library() {
    for (String name : List.of("libsyncline.so", "libsyncline.dylib")) {
      if (Files.isRegularFile(FOLDER.resolve(name))) {
        return FOLDER.resolve(name);
      }
    }
    System.out.println(
        "[syncline] no libsyncline in "
            + FOLDER
            + " (no C compiler): tests of the C side are left out");
    return null;
  }

  private static String compiler() {
    String path = System.getenv("PATH");
    List<String> names = new ArrayList<>();
    if (System.getenv("CC") != null) {
      names.add(System.getenv("CC"));
    }
    names.addAll(List.of("cc", "gcc", "clang"));
    for (String name : names) {
      for (String folder : (path == null ? "" : path).split(":")) {
        if (Files.isExecutable(Path.of(folder).resolve(name))) {
          return name;
        }
      }
    }
    throw new AssertionError("no compiler, though there is a library");
  }

  record Run(int status, String output) {}

  /** Runs a program with more environment variables; fails after two minutes. */
  static Run run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("syncline", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " hangs: " + Files.readString(output));
      }
      return new Run(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    } finally {
      Files.delete(output);
    }
  }

  /**
   * Compiles a program; returns null with a line on stdout where the compiler lacks a sanitizer's
   * library.
   */
  static Path compile(Path folder, String name, String sanitizer, String... arguments)
      throws IOException, InterruptedException {
    Path program = folder.resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(
                compiler(),
                "-std=c11",
                "-D_GNU_SOURCE",
                "-g",
                "-O1",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-I" + MODULE.resolve("src/main/c")));
    if (sanitizer != null) {
      command.add("-fsanitize=" + sanitizer);
    }
    command.addAll(Arrays.asList(arguments));
    command.addAll(List.of("-o", program.toString(), "-lm", "-lpthread"));
    Run run = run(Map.of(), command);
    if (run.status() != 0 && sanitizer != null) {
      System.out.println(
          "[syncline] no -fsanitize=" + sanitizer + " here, left out: " + run.output().strip());
      return null;
    }
    if (run.status() != 0) {
      throw new AssertionError(command + ": " + run.output());
    }
    return program;
  }

  /** Options that let a program find the library. */
  static String[] linked(String source) {
    return new String[] {
      MODULE.resolve(source).toString(), "-L" + FOLDER, "-lsyncline", "-Wl,-rpath," + FOLDER
    };
  }

  /** The environment in which the library finds this JVM. */
  static Map<String, String> environment() {
    return Map.of("SYNCLINE_JAVA_HOME", System.getProperty("java.home"));
  }

  /** A small recording of every kind of device. */
  static Recording recording(Path folder, long seed) {
    return Recordings.defaultConfig(folder, seed).seconds(30).neurons(5).frames(9, 16).write();
  }

  /** A small recording without a screen. */
  static Recording signals(Path folder, long seed) {
    return Recordings.empty(folder, seed)
        .seconds(30)
        .start(0)
        .sequence(SequencePlan.of("treadmill", 100, 2).mem())
        .write();
  }
}
