/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a main class in a JVM of its own with the kernels of this one. What HotSpot compiles a
 * kernel to depends on all that ran before; after a whole suite of tests it may keep vectors boxed
 * at narrow widths, so the allocation of kernels is measured where only they have run.
 */
public final class FreshJvm {
  private FreshJvm() {}

  /** Runs a main class with arguments; fails with its output unless it ends with status 0. */
  public static void run(Class<?> main, String... arguments) throws Exception {
    run(List.of(), main, arguments);
  }

  /**
   * Runs a main class where HotSpot does not know which classes came by a call: what it makes of a
   * kernel there, it makes of it after whatever else a process has run.
   */
  static void runWithoutTypeProfile(Class<?> main) throws Exception {
    run(List.of("-XX:-UseTypeProfile"), main);
  }

  private static void run(List<String> options, Class<?> main, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-Dsyncline.kernels=" + System.getProperty("syncline.kernels", ""),
                "-Dsyncline.vector.bits=" + System.getProperty("syncline.vector.bits", ""),
                "-Dsyncline.warmup=false",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path"))));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
  }
}
