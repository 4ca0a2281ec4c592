/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import org.syncline.kernel.KernelProvider;

/**
 * One round runs, case after case, our kernel, the C kernel and the roofline over the same memory,
 * each timed on its own: neighbours on a shared machine then slow all three alike, and the ratios
 * stay. Time is the thread's own on a processor, so that what else runs does not count.
 *
 * <p>All cases of a group share the JVM and their profiles, as they do in a program: a kernel that
 * is fast only in a JVM of its own (pitfalls C1 and H1) is slow here. A filter for one name gives a
 * kernel a JVM of its own.
 *
 * <p>At the end of a fork the medians go into a file of the folder {@code syncline.bench.forks},
 * for {@link Report}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class KernelBenchmark {
  /** Property with the folder for the results of forks. */
  static final String FORKS_PROPERTY = "syncline.bench.forks";

  private static final int ROUNDS = 4_096;
  private static final int EVENTS = 2;

  /** Bytes that stay in the last level, 32 MiB here, until the case runs again. */
  private static final long CACHED = 16 << 20;

  private static final int WARM_SECONDS = Integer.getInteger("syncline.bench.warm", 60);
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What runs in the JVM: names of {@code Group}, joined by {@code +}. */
  @Param({"L1+L2+FRAME", "MEM", "SPIKES", "CHUNK", "BATCH"})
  public String group;

  /** Which of its cases: a regular expression. */
  @Param(".")
  public String filter;

  private Arena arena;
  private final List<Timed> cases = new ArrayList<>();
  private final List<Timed> warming = new ArrayList<>();
  private boolean measuring;
  private int round;

  /** Created by JMH. */
  public KernelBenchmark() {}

  /** A case and what its rounds took, in ns a run. */
  private static final class Timed {
    final String size;
    final String name;
    final KernelCase work;
    final int repeat;
    final boolean cached;
    final double[] ours = new double[ROUNDS];
    final double[] c = new double[ROUNDS];
    final double[] floor = new double[ROUNDS];
    final long[] allocated = new long[ROUNDS];
    int rounds;
    long runs;

    Timed(String size, String name, KernelCase work) {
      this.size = size;
      this.name = name;
      this.work = work;
      // some 50 to 100 µs each, so that the clock's own cost does not count
      long bytes = work.bytesRead + work.bytesWritten;
      repeat = (int) Math.max(1, 4_000_000 / bytes);
      cached = bytes <= CACHED;
    }

    /** Runs ours for a while; returns whether it allocated nothing. */
    boolean warm(long nanos) {
      long a0 = THREADS.getCurrentThreadAllocatedBytes();
      long end = System.nanoTime() + nanos;
      do {
        work.ours();
      } while (System.nanoTime() < end);
      return THREADS.getCurrentThreadAllocatedBytes() == a0;
    }

    void round(boolean measuring, int turn) throws Throwable {
      int n = repeat;
      KernelCase k = work;
      double ours = 0;
      double c = 0;
      double floor = 0;
      long allocated = 0;
      // each finds its memory as it left it itself, where it fits the caches. Else in all six
      // orders: when C always came next after ours, it found half of 32 MB still in L3
      int step = 1 + turn / 3 % 2;
      for (int i = 0; i < 3; i++) {
        switch ((turn + i * step) % 3) {
          case 0 -> {
            long a0 = THREADS.getCurrentThreadAllocatedBytes();
            if (cached) {
              k.ours();
            }
            long t0 = THREADS.getCurrentThreadCpuTime();
            for (int r = 0; r < n; r++) {
              k.ours();
            }
            ours = (double) (THREADS.getCurrentThreadCpuTime() - t0) / n;
            allocated = THREADS.getCurrentThreadAllocatedBytes() - a0;
          }
          case 1 -> {
            if (k.hasC()) {
              if (cached) {
                k.c(k.dst);
              }
              long t0 = THREADS.getCurrentThreadCpuTime();
              for (int r = 0; r < n; r++) {
                k.c(k.dst);
              }
              c = (double) (THREADS.getCurrentThreadCpuTime() - t0) / n;
            }
          }
          default -> {
            if (cached) {
              k.floor();
            }
            long t0 = THREADS.getCurrentThreadCpuTime();
            for (int r = 0; r < n; r++) {
              k.floor();
            }
            floor = (double) (THREADS.getCurrentThreadCpuTime() - t0) / n;
          }
        }
      }
      if (measuring && rounds < ROUNDS) {
        this.ours[rounds] = ours;
        this.c[rounds] = c;
        this.floor[rounds] = floor;
        this.allocated[rounds] = allocated;
        runs += n;
        rounds++;
      }
    }

    /**
     * Name, bytes, medians of ns, of C's ns over ours, of ours over the roofline's, bytes allocated
     * a run.
     */
    String line() {
      double[] toC = new double[rounds];
      double[] toFloor = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        toC[i] = c[i] / ours[i];
        toFloor[i] = ours[i] / floor[i];
      }
      return String.join(
          "\t",
          size,
          name,
          Long.toString(work.bytesRead + work.bytesWritten),
          Double.toString(Table.median(java.util.Arrays.copyOf(ours, rounds))),
          work.hasC() ? Double.toString(Table.median(toC)) : "NaN",
          Double.toString(Table.median(toFloor)),
          Double.toString((double) allocated() / runs));
    }

    /**
     * Returns the bytes of all rounds but the {@value #EVENTS} that allocated most: where HotSpot
     * leaves compiled code once it makes the objects that this had done without, a kilobyte in all,
     * while what allocates does so in every round.
     */
    private long allocated() {
      long[] sorted = java.util.Arrays.copyOf(allocated, rounds);
      java.util.Arrays.sort(sorted);
      long sum = 0;
      for (int i = 0; i < rounds - Math.min(EVENTS, rounds / 10); i++) {
        sum += sorted[i];
      }
      return sum;
    }
  }

  /** Makes the cases and checks that both implementations agree. */
  @Setup
  public void open() throws Throwable {
    System.out.printf("# kernels %s, JDK %s%n", KernelProvider.get().name(), Runtime.version());
    arena = Arena.ofConfined();
    for (String size : group.split("\\+")) {
      Group.valueOf(size)
          .make(arena, filter)
          .forEach((name, work) -> cases.add(new Timed(size, name, work)));
      if (Group.valueOf(size) == Group.MEM) {
        // calls that take milliseconds are too few: HotSpot would go on entering code that is not
        // compiled and leave it within each call (it asks for 600 calls at least). Rows of L1 do
        // not warm loops over blocks: they end after one
        Group.L2
            .make(arena, filter)
            .forEach((name, work) -> warming.add(new Timed("L2", name, work)));
      }
    }
    for (Timed one : cases) {
      String difference = one.work.difference();
      if (difference != null) {
        throw new AssertionError(one.name + ": disagrees: " + difference);
      }
    }
    warm();
  }

  /**
   * Runs all cases until none has allocated for three rounds and the compiler has had nothing to do
   * for two: on a busy machine compiled code comes late, and vector code that is not compiled yet
   * is a thousand times slower.
   */
  private void warm() {
    long end = System.nanoTime() + WARM_SECONDS * 1_000_000_000L;
    int quiet = 0;
    long compiled = -1;
    int rounds = 0;
    while ((quiet < 3 || rounds < 12) && System.nanoTime() < end) {
      boolean clean = true;
      for (Timed one : warming) {
        clean &= one.warm(20_000_000);
      }
      for (Timed one : cases) {
        clean &= one.warm(20_000_000);
      }
      long now = ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
      // what compiles all the time is the benchmark's own code
      quiet = clean && now - compiled < 50 ? quiet + 1 : 0;
      compiled = now;
      rounds++;
    }
    System.out.printf("# warm after %d rounds%s%n", rounds, quiet < 3 ? ", NOT QUIET" : "");
  }

  /** Notes whether this iteration counts. */
  @Setup(Level.Iteration)
  public void begin(IterationParams iteration) {
    measuring = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** Writes the results of the fork and frees the memory. */
  @TearDown
  public void close() throws IOException {
    String folder = System.getProperty(FORKS_PROPERTY, "");
    if (!folder.isEmpty()) {
      StringBuilder lines = new StringBuilder(KernelProvider.get().name() + "\n");
      for (Timed one : cases) {
        if (one.rounds > 0) {
          lines.append(one.line()).append('\n');
        }
      }
      Files.writeString(Path.of(folder, "fork-" + ProcessHandle.current().pid() + ".tsv"), lines);
    }
    for (Timed one : cases) {
      one.work.close();
    }
    for (Timed one : warming) {
      one.work.close();
    }
    cases.clear();
    warming.clear();
    arena.close();
  }

  /** One round over all cases. */
  @Benchmark
  public void round() throws Throwable {
    for (int i = 0; i < cases.size(); i++) {
      cases.get(i).round(measuring, round);
    }
    round++;
  }
}
