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

/** Measures how evenly chunks come, and batches of a loader with one thread and with two. */
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
}
