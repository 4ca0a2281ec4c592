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

/**
 * Measures how evenly chunks come, beside a C loop that fills and reads as many bytes, in turn with
 * it; and batches of a loader with one thread and with two.
 */
public final class Latency {
  private Latency() {}

  /** Runs the program: {@code [SHAPE [CHUNKS]]}, default M and 100,000. */
  public static void main(String[] args) throws Exception {
    String shape = args.length > 0 ? args[0] : "M";
    int chunks = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
    chunks(shape, chunks);
    Scaling.run(shape, 9);
  }

  private static void chunks(String shape, int count) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] ours = new long[count];
    long[] floor = new long[Reference.available() ? count : 0];
    try (Arena arena = Arena.ofConfined();
        KernelCase one = ChunkCases.all(1).get("shape " + shape).make(arena, 1)) {
      for (int i = 0; i < 5_000; i++) {
        one.ours();
        if (floor.length > 0) {
          one.floor();
        }
      }
      long allocated = 0;
      // in turn, so that both meet the same neighbours on the machine
      for (int i = 0; i < count; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        long t0 = System.nanoTime();
        one.ours();
        long t1 = System.nanoTime();
        allocated += threads.getCurrentThreadAllocatedBytes() - before;
        ours[i] = t1 - t0;
        if (floor.length > 0) {
          long t2 = System.nanoTime();
          one.floor();
          floor[i] = System.nanoTime() - t2;
        }
      }
      System.out.println("| chunk | p50 | p99 | p99.9 | p99.9 / p50 | largest | B/op |");
      System.out.println("| --- | --: | --: | --: | --: | --: | --: |");
      row(shape, ours, String.format(Locale.ROOT, "%.2f", (double) allocated / count));
      if (floor.length > 0) {
        row("C fills and reads as many bytes", floor, "");
        System.out.printf(
            Locale.ROOT,
            "| ours / C | %.2f | %.2f | %.2f | | %.2f | |%n",
            at(ours, 0.5) / at(floor, 0.5),
            at(ours, 0.99) / at(floor, 0.99),
            at(ours, 0.999) / at(floor, 0.999),
            at(ours, 1) / at(floor, 1));
      }
      System.out.println();
    }
  }

  private static void row(String name, long[] nanos, String allocated) {
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "| %s, %d times | %s | %s | %s | %.2f | %s | %s |%n",
        name,
        nanos.length,
        Table.time(at(nanos, 0.5)),
        Table.time(at(nanos, 0.99)),
        Table.time(at(nanos, 0.999)),
        at(nanos, 0.999) / at(nanos, 0.5),
        Table.time(at(nanos, 1)),
        allocated);
  }

  private static double at(long[] sorted, double share) {
    return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
  }
}
