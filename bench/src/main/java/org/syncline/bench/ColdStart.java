/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;

/**
 * Measures fresh processes: the time from the start of the JVM to the open recording, and from
 * there to the first batch of 16 and to the second; the batch that it comes to after {@link
 * #SECONDS}, how long after the start of the JVM ten batches are first within {@link #NEAR} of it,
 * how many the first three seconds bring, and the processor time of those. With {@code child} as
 * its argument it is such a process.
 */
public final class ColdStart {
  private static final int PROCESSES = 5;

  /** How long a process takes batches. */
  private static final double SECONDS = 6;

  /** The part of the batches at the end whose median is the steady batch. */
  private static final double STEADY = 1.0 / 3;

  /** How much longer than the steady batch the batches of a start may be at its end. */
  private static final double NEAR = 1.2;

  /** Batches that are judged together, by their median: one that waited is no sign. */
  private static final int WINDOW = 10;

  private static final String[] COLUMNS = {
    "process start → open",
    "first batch after open",
    "second batch",
    "tenth batch",
    "steady batch",
    "process start → steady",
    "batches in 3 s",
    "processor time of 3 s"
  };

  private ColdStart() {}

  /** Runs the program: {@code [SHAPE [JVM option]…]}. */
  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("child")) {
      child(args[1]);
      return;
    }
    String shape = args.length > 0 ? args[0] : "M";
    ChunkCases.recording(shape);
    double[][] times = new double[COLUMNS.length][PROCESSES];
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
      for (int i = 0; i < found.length; i++) {
        times[i][p] = found[i];
      }
    }
    System.out.println("| " + String.join(" | ", COLUMNS) + " |");
    System.out.println("|" + " --: |".repeat(COLUMNS.length));
    StringBuilder row = new StringBuilder("|");
    for (int i = 0; i < COLUMNS.length; i++) {
      double median = Table.median(times[i]);
      boolean exact = COLUMNS[i].equals("steady batch");
      row.append(String.format(Locale.ROOT, exact ? " %.1f" : " %.0f", median))
          .append(COLUMNS[i].startsWith("batches") ? " |" : " ms |");
    }
    System.out.println(row);
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
          times = new double[COLUMNS.length];
          for (int i = 0; i < times.length; i++) {
            times[i] = Double.parseDouble(f[i + 1]);
          }
          // the others count from the first line of the child
          double before = Double.parseDouble(f[f.length - 1]) - start;
          times[0] += before;
          times[5] += before;
        }
      }
    }
    if (process.waitFor() != 0 || times == null) {
      throw new IOException("failed: " + String.join(" ", command));
    }
    return times;
  }

  private static void child(String shape) throws Exception {
    long begin = System.currentTimeMillis();
    long t0 = System.nanoTime();
    Path root = ChunkCases.recording(shape);
    DatasetConfig config = DatasetConfig.read(root.resolveSibling(root.getFileName() + ".json"));
    List<Double> ends = new ArrayList<>();
    double processor = 0;
    double open;
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      open = (System.nanoTime() - t0) / 1e6;
      double now = open;
      while (now < SECONDS * 1e3) {
        int before = ends.size();
        try (ChunkLoader loader =
            ChunkLoader.builder()
                .dataset(dataset)
                .batchSize(ChunkCases.BATCH)
                .prefetch(1)
                .shuffle(true)
                .seed(1L)
                .threads(1)
                .build()) {
          Iterator<Batch> pass = loader.remaining().iterator();
          while (now < SECONDS * 1e3 && pass.hasNext()) {
            Batch batch = pass.next();
            now = (System.nanoTime() - t0) / 1e6;
            ends.add(now);
            if (now < 3_000) {
              processor = processorMillis();
            }
            batch.close();
          }
        }
        if (ends.size() == before) {
          throw new IllegalStateException("the recording has no batch");
        }
      }
    }
    if (ends.size() < 10) {
      throw new IllegalStateException("fewer than 10 batches in " + SECONDS + " s");
    }
    double[] batches = new double[ends.size()];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = ends.get(i) - (i == 0 ? open : ends.get(i - 1));
    }
    double steady =
        Table.median(
            Arrays.copyOfRange(batches, (int) (batches.length * (1 - STEADY)), batches.length));
    int first = 0;
    while (Table.median(Arrays.copyOfRange(batches, first, first + WINDOW)) > NEAR * steady
        && first + WINDOW < batches.length) {
      first++;
    }
    double near = first == 0 ? open : ends.get(first - 1);
    long early = ends.stream().filter(t -> t < 3_000).count();
    double[] found = {open, batches[0], batches[1], batches[9], steady, near, early, processor};
    StringBuilder line = new StringBuilder("times");
    for (double value : found) {
      line.append(' ').append(value);
    }
    System.out.println(line.append(' ').append(begin));
  }

  private static double processorMillis() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e6;
  }
}
