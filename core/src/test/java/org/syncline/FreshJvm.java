/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs main classes in JVMs of their own: for what depends on flags or on all that ran before, and
 * for what may end a process. What HotSpot compiles a kernel to depends on the calls that it has
 * seen; after a whole suite of tests it may keep vectors boxed at narrow widths, so the allocation
 * of kernels is measured where only they have run.
 */
public final class FreshJvm {
  private FreshJvm() {}

  /** Returns options with which a JVM runs the kernels of this one, and others behind them. */
  public static List<String> asThisOne(String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"));
    for (String name : new String[] {"syncline.kernels", "syncline.vector.bits"}) {
      if (System.getProperty(name) != null) {
        options.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    options.addAll(List.of(more));
    return options;
  }

  /**
   * Returns a process to start: a main class of the tests; one that crashes prints all it knows.
   */
  public static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    return of(options, main.getName(), arguments);
  }

  /** Returns a process that compiles and runs one source file, as users start examples. */
  public static ProcessBuilder of(List<String> options, Path source, String... arguments) {
    return of(options, source.toString(), arguments);
  }

  private static ProcessBuilder of(List<String> options, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:+ErrorFileToStdout");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Starts a process and returns what it wrote to both streams; any exit status will do. */
  public static String output(ProcessBuilder builder) throws Exception {
    return output(builder, null);
  }

  /** Starts a process; fails with all that it wrote unless it ends with status 0. */
  public static String succeeds(ProcessBuilder builder) throws Exception {
    return output(builder, 0);
  }

  private static String output(ProcessBuilder builder, Integer expected) throws Exception {
    Process process = builder.redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (expected != null) {
      assertEquals(expected, status, out);
    }
    return out;
  }

  /** Runs a main class whose kernels have their vector bodies from the start; see {@link #of}. */
  public static void run(Class<?> main, String... arguments) throws Exception {
    succeeds(of(asThisOne("-Xmx256m", "-Dsyncline.warmup=false"), main, arguments));
  }

  /**
   * Runs a main class where HotSpot does not know which classes came by a call: what it makes of a
   * kernel there, it makes of it after whatever else a process has run.
   */
  public static void runWithoutTypeProfile(Class<?> main) throws Exception {
    succeeds(of(asThisOne("-Xmx256m", "-Dsyncline.warmup=false", "-XX:-UseTypeProfile"), main));
  }
}
