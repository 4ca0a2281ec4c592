/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.syncline.ChunkDataset;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;

/** Measures how evenly chunks come, and batches of a loader with one thread and with two. */
public final class Latency {
  private Latency() {}

  /** Runs the program: {@code [SHAPE [CHUNKS]]}, default M and 100,000. */
  public static void main(String[] args) throws Exception {
    String shape = args.length > 0 ? args[0] : "M";
    int chunks = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    chunks(shape, chunks);
    threads(shape);
  }

  private static void chunks(String shape, int count) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] nanos = new long[count];
    try (Arena arena = Arena.ofConfined();
        KernelCase one = ChunkCases.all(1).get("shape " + shape).make(arena, 1)) {
      for (int i = 0; i < 5_000; i++) {
        one.ours();
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < count; i++) {
        long t = System.nanoTime();
        one.ours();
        nanos[i] = System.nanoTime() - t;
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      Arrays.sort(nanos);
      System.out.println("| shape | chunks | p50 | p99 | p99.9 | p99.9 / p50 | largest | B/op |");
      System.out.println("| --- | --: | --: | --: | --: | --: | --: | --: |");
      double p50 = nanos[count / 2];
      double p999 = nanos[(int) (count * 0.999)];
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %s | %s | %s | %.2f | %s | %.2f |%n%n",
          shape,
          count,
          Table.time(p50),
          Table.time(nanos[(int) (count * 0.99)]),
          Table.time(p999),
          p999 / p50,
          Table.time(nanos[count - 1]),
          (double) allocated / count);
    }
  }

  /** One thread and two in turn, so that what else runs on the machine slows both. */
  private static void threads(String shape) throws Exception {
    int rounds = 9;
    double[][] batchNanos = new double[2][rounds];
    double[] gain = new double[rounds];
    try (ChunkDataset dataset = ChunkCases.open(shape)) {
      for (int r = 0; r < rounds; r++) {
        for (int threads = 1; threads <= 2; threads++) {
          batchNanos[threads - 1][r] = batches(dataset, threads);
        }
        gain[r] = batchNanos[0][r] / batchNanos[1][r];
      }
    }
    System.out.println("| shape | batch of 16, one thread | two threads | gain |");
    System.out.println("| --- | --: | --: | --: |");
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.2f |%n",
        shape,
        Table.time(Table.median(batchNanos[0])),
        Table.time(Table.median(batchNanos[1])),
        Table.median(gain));
  }

  private static double batches(ChunkDataset dataset, int threads) throws InterruptedException {
    int warm = 20;
    int count = 60;
    try (ChunkLoader loader =
        ChunkLoader.builder()
            .dataset(dataset)
            .batchSize(ChunkCases.BATCH)
            .shuffle(true)
            .seed(1L)
            .threads(threads)
            .prefetch(2)
            .build()) {
      var batches = loader.epochs().iterator();
      long start = 0;
      for (int i = 0; i < warm + count; i++) {
        if (i == warm) {
          start = System.nanoTime();
        }
        try (Batch batch = batches.next()) {
          if (batch.size() == 0) {
            throw new AssertionError();
          }
        }
      }
      return (System.nanoTime() - start) / (double) count;
    }
  }
}
