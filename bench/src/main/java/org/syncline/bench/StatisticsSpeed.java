/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.syncline.format.writing.FolderTree;
import org.syncline.stats.RecordingStatistics;
import org.syncline.storage.SharedArena;
import org.syncline.write.RecordingWriter;
import org.syncline.write.SequenceWriter;

/**
 * Statistics of a whole recording of float32 beside what they cannot avoid: to map its file, and to
 * read it as often as the rule for deviations demands, twice, with as many threads.
 */
public final class StatisticsSpeed {
  private static final String USAGE =
      "usage: StatisticsSpeed FOLDER [ROWS COLUMNS ROUNDS]: makes a recording in FOLDER, best one in"
          + " memory as /dev/shm, and deletes it; default 33000 4000 9";

  private static final int THREADS = 2;

  private StatisticsSpeed() {}

  /** Prints medians of rounds in turn. */
  public static void main(String[] args) throws Exception {
    if (args.length != 1 && args.length != 4) {
      System.err.println(USAGE);
      System.exit(2);
    }
    int rows = args.length == 1 ? 33_000 : Integer.parseInt(args[1]);
    int columns = args.length == 1 ? 4_000 : Integer.parseInt(args[2]);
    int rounds = args.length == 1 ? 9 : Integer.parseInt(args[3]);
    Path root = Files.createTempDirectory(Path.of(args[0]), "statistics-").resolve("r");
    try {
      write(root, rows, columns);
      measure(root, rounds);
    } finally {
      FolderTree.delete(root.getParent());
    }
  }

  private static void write(Path root, int rows, int columns) {
    try (RecordingWriter writer = RecordingWriter.create(root)) {
      SequenceWriter sequence = writer.sequence("responses", 30, 0).statistics(false);
      SplittableRandom random = new SplittableRandom(1);
      float[] row = new float[columns];
      for (int k = 0; k < rows; k++) {
        for (int i = 0; i < columns; i++) {
          row[i] = (float) random.nextGaussian();
        }
        sequence.append(row, columns);
      }
      writer.finish();
    }
  }

  private static void measure(Path root, int rounds) throws Exception {
    Path file;
    try (var files = Files.walk(root.resolve("responses"))) {
      file = files.filter(f -> f.endsWith("data.mem")).findFirst().orElseThrow();
    }
    String[] names = {"map, read twice", "moments", "moments, extremes", "all"};
    double[][] times = new double[names.length][rounds];
    try (ExecutorService pool = Executors.newFixedThreadPool(THREADS)) {
      for (int k = 0; k < rounds; k++) {
        times[0][k] = millis(() -> mapAndRead(file, pool));
        RecordingStatistics job = RecordingStatistics.of(root).threads(THREADS);
        times[1][k] = millis(() -> job.momentsOnly(true).compute());
        times[2][k] = millis(() -> job.momentsOnly(false).quantiles(false).compute());
        times[3][k] = millis(() -> job.quantiles(true).compute());
      }
    }
    System.out.printf(
        "%d MiB, %d threads, median of %d%n", Files.size(file) >> 20, THREADS, rounds);
    for (int i = 0; i < names.length; i++) {
      Arrays.sort(times[i]);
      double time = times[i][rounds / 2];
      System.out.printf(
          Locale.ROOT,
          "%-18s %8.1f ms, %.2f of the roofline%n",
          names[i],
          time,
          times[0][rounds / 2] / time);
    }
  }

  private static double millis(Callable<?> work) throws Exception {
    long start = System.nanoTime();
    work.call();
    return (System.nanoTime() - start) / 1e6;
  }

  private static long mapAndRead(Path file, ExecutorService pool) throws Exception {
    try (Arena arena = new SharedArena();
        FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long half = size / 2 & -64;
      long sum = 0;
      for (int pass = 0; pass < 2; pass++) {
        var first = pool.submit(() -> Reference.read(map, half));
        var second = pool.submit(() -> Reference.read(map.asSlice(half), size - half));
        sum += first.get() + second.get();
      }
      return sum;
    }
  }
}
