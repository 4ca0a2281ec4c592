/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.config.DatasetConfigs;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;

/**
 * Measures fresh processes: the time from the start of the JVM to the open recording, and from
 * there to the first batch of 16 and to the second. With {@code child} as its argument it is such a
 * process.
 */
public final class ColdStart {
  private static final int PROCESSES = 5;

  private ColdStart() {}

  /** Runs the program: {@code [SHAPE [JVM option]…]}. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("child")) {
      child(args[1]);
      return;
    }
    String shape = args.length > 0 ? args[0] : "M";
    ChunkCases.recording(shape);
    double[][] times = new double[4][PROCESSES];
    for (int p = 0; p < PROCESSES; p++) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--add-modules=jdk.incubator.vector",
                  "--enable-native-access=ALL-UNNAMED",
                  "-D"
                      + ChunkCases.DATA_PROPERTY
                      + "="
                      + System.getProperty(ChunkCases.DATA_PROPERTY, "")));
      command.addAll(List.of(args).subList(Math.min(1, args.length), args.length));
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              ColdStart.class.getName(),
              "child",
              shape));
      double[] found = run(command);
      for (int i = 0; i < 4; i++) {
        times[i][p] = found[i];
      }
    }
    System.out.println(
        "| process start → open | first batch after open | second batch | tenth batch |");
    System.out.println("| --: | --: | --: | --: |");
    System.out.printf(
        Locale.ROOT,
        "| %.0f ms | %.0f ms | %.0f ms | %.0f ms |%n",
        Table.median(times[0]),
        Table.median(times[1]),
        Table.median(times[2]),
        Table.median(times[3]));
  }

  private static double[] run(List<String> command) throws IOException, InterruptedException {
    long start = System.currentTimeMillis();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    double[] times = null;
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("times ")) {
          String[] f = line.split(" ");
          times = new double[4];
          times[0] = Long.parseLong(f[1]) - start;
          for (int i = 1; i < 4; i++) {
            times[i] = Double.parseDouble(f[i + 1]);
          }
        }
      }
    }
    if (process.waitFor() != 0 || times == null) {
      throw new IOException("failed: " + String.join(" ", command));
    }
    return times;
  }

  private static void child(String shape) throws Exception {
    Path root = ChunkCases.recording(shape);
    DatasetConfig config = DatasetConfigs.read(root.resolveSibling(root.getFileName() + ".json"));
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      long opened = System.currentTimeMillis();
      long t = System.nanoTime();
      double[] batches = new double[10];
      try (ChunkLoader loader =
          ChunkLoader.builder()
              .dataset(dataset)
              .batchSize(ChunkCases.BATCH)
              .prefetch(1)
              .shuffle(true)
              .seed(1L)
              .threads(1)
              .build()) {
        for (int i = 0; i < batches.length; i++) {
          try (Batch batch = loader.next()) {
            long now = System.nanoTime();
            if (batch == null) {
              throw new IllegalStateException("the recording has fewer than 10 batches");
            }
            batches[i] = (now - t) / 1e6;
            t = now;
          }
        }
      }
      System.out.println(
          "times " + opened + " " + batches[0] + " " + batches[1] + " " + batches[9]);
    }
  }
}
