/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.Jazzer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inputs from outside, made up by Jazzer: what they did once, which is in {@code seeds}, and as
 * many new ones as a quarter of a minute has room for; with {@code -Pfuzz} ten minutes a target.
 */
class FuzzTest {
  private static final Path SEEDS = Path.of("seeds");

  @TempDir Path folder;

  private static List<Path> seeds(String name) throws IOException {
    try (Stream<Path> files = Files.list(SEEDS.resolve(name))) {
      return files.sorted().toList();
    }
  }

  @Test
  void seedsAreTakenOrRefusedAsDocumented() throws IOException {
    for (String name : Fuzz.names()) {
      List<Path> seeds = seeds(name);
      assertFalse(seeds.isEmpty(), name);
      for (Path seed : seeds) {
        try {
          Fuzz.run(name, Files.readAllBytes(seed));
        } catch (AssertionError e) {
          throw new AssertionError(seed + ": " + e.getMessage(), e);
        }
      }
    }
  }

  @Test
  void inputsThatJazzerMakesUpAreTakenOrRefusedAsDocumented() throws Exception {
    int seconds = Integer.getInteger("syncline.fuzz.seconds", 0);
    if (seconds > 0) {
      for (String name : Fuzz.names()) {
        Path corpus = Files.createDirectories(Path.of("target", "corpus", name));
        fuzz(name, corpus, SEEDS.resolve(name), "-max_total_time=" + seconds);
      }
      return;
    }
    Path all = Files.createDirectories(folder.resolve("all"));
    int number = 0;
    for (String name : Fuzz.names()) {
      // files of 30 KB would be all that so few runs look at
      for (Path seed : seeds(name)) {
        if (Files.size(seed) < 4096) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          bytes.write(number);
          bytes.write(Files.readAllBytes(seed));
          Files.write(all.resolve(name + "-" + seed.getFileName()), bytes.toByteArray());
        }
      }
      number++;
    }
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    fuzz("all", corpus, all, "-runs=2000", "-max_total_time=15", "-seed=20261129");
  }

  private void fuzz(String name, Path corpus, Path seeds, String... more) throws Exception {
    Path kept = Files.createDirectories(Path.of("target", "findings"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                // Jazzer's own: without it each access walks the stack, in order to warn once
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStdout",
                "-Dsyncline.fuzz=" + name,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Jazzer.class.getName(),
                "--target_class=" + Fuzz.class.getName(),
                "--instrumentation_includes=org.syncline.**:io.jhdf.**",
                "--reproducer_path=" + kept,
                "-artifact_prefix=" + kept + "/" + name + "-",
                "-timeout=120",
                "-rss_limit_mb=4000",
                "-max_len=4096",
                "-print_final_stats=1"));
    command.addAll(List.of(more));
    command.add(corpus.toString());
    command.add(seeds.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), "target " + name + ", inputs in " + kept + "\n" + out);
    Matcher runs = Pattern.compile("Done (\\d+) runs").matcher(out);
    assertTrue(runs.find(), out);
    // places of the code that inputs reached: else nothing leads them
    Matcher reached = Pattern.compile("cov: (\\d+)").matcher(out);
    assertTrue(reached.find() && Integer.parseInt(reached.group(1)) > 500, out);
    System.out.println("FuzzTest " + name + ": " + runs.group(1) + " inputs");
  }
}
