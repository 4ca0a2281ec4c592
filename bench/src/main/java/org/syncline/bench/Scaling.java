/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderStatistics;
import org.syncline.storage.SharedArena;

/**
 * Measures what a second thread gains: for the loader, for the same reads without a loader, and for
 * a plain fill of the bytes written and read of the bytes read, all into the same memory and in
 * turn, so that what the memory gives stands beside what the loader makes of it.
 */
public final class Scaling {
  private static final int HELD = 3;
  private static final int WARM = 20;
  private static final int COUNT = 60;
  private static final long SOURCE_BYTES = 128L << 20;

  private final String shape;
  private final ChunkDataset dataset;
  private final List<MemorySegment[]> slots = new ArrayList<>();
  private final List<TensorSpec> layout;
  private final MemorySegment source;
  private volatile long sink;

  private Scaling(String shape, ChunkDataset dataset, List<Batch> held, Arena arena) {
    this.shape = shape;
    this.dataset = dataset;
    layout = dataset.layout();
    for (Batch batch : held) {
      MemorySegment[] segments = new MemorySegment[layout.size()];
      for (int e = 0; e < segments.length; e++) {
        TensorSpec spec = layout.get(e);
        Tensor tensor = (spec.timestamps() ? batch.timestamps() : batch.values()).get(spec.key());
        segments[e] = tensor.data();
      }
      slots.add(segments);
    }
    source = arena.allocate(SOURCE_BYTES, 4096).fill((byte) 3);
  }

  /** Runs the program: {@code [SHAPE [ROUNDS]]}, default M and 9. */
  public static void main(String[] args) throws Exception {
    run(args.length > 0 ? args[0] : "M", args.length > 1 ? Integer.parseInt(args[1]) : 9);
  }

  static void run(String shape, int rounds) throws Exception {
    Times loader = new Times(new double[2][rounds], new double[2][rounds]);
    Times bare = new Times(new double[2][rounds], new double[2][rounds]);
    Times memory = new Times(new double[2][rounds], new double[2][rounds]);
    double[][] idle = new double[2][rounds];
    try (Arena arena = new SharedArena();
        ChunkDataset dataset = ChunkCases.open(shape);
        ChunkLoader holder = loader(dataset, 1)) {
      List<Batch> held = new ArrayList<>();
      for (int i = 0; i < HELD; i++) {
        held.add(holder.next());
      }
      Scaling scaling = new Scaling(shape, dataset, held, arena);
      for (int r = 0; r < rounds; r++) {
        for (int threads = 1; threads <= 2; threads++) {
          double[] found = scaling.loader(threads);
          loader.set(threads, r, found);
          idle[threads - 1][r] = found[2];
          bare.set(threads, r, scaling.together(threads, true));
          memory.set(threads, r, scaling.together(threads, false));
        }
      }
      held.forEach(Batch::close);
      if (scaling.sink == 42) {
        System.out.println();
      }
    }
    System.out.println(
        "| shape | batch of 16 by | one thread | two | gain | processor time, one thread | two | gain at most |");
    System.out.println("| --- | --- | --: | --: | --: | --: | --: | --: |");
    print(shape, "the loader", loader);
    print(shape, "readers alone", bare);
    print(shape, "fill and read", memory);
    System.out.printf(
        Locale.ROOT,
        "%nThe loader's workers waited for slots or other workers %.1f %% of the time alone, %.1f %% as two.%n",
        100 * Table.median(idle[0]),
        100 * Table.median(idle[1]));
  }

  /** By number of threads and round: nanoseconds a batch on the clock, and of all threads' own. */
  private record Times(double[][] wall, double[][] own) {
    void set(int threads, int round, double[] found) {
      wall[threads - 1][round] = found[0];
      own[threads - 1][round] = found[1];
    }
  }

  /**
   * Prints a row. The last column is what two threads would gain if each had a processor of its own
   * all the time: less than 2 where they slow each other down.
   */
  private static void print(String shape, String what, Times times) {
    int rounds = times.wall[0].length;
    double[] gain = new double[rounds];
    double[] most = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      gain[r] = times.wall[0][r] / times.wall[1][r];
      most[r] = 2 * times.own[0][r] / times.own[1][r];
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.2f | %s | %s | %.2f |%n",
        shape,
        what,
        Table.time(Table.median(times.wall[0])),
        Table.time(Table.median(times.wall[1])),
        Table.median(gain),
        Table.time(Table.median(times.own[0])),
        Table.time(Table.median(times.own[1])),
        Table.median(most));
  }

  private static ChunkLoader loader(ChunkDataset dataset, int threads) {
    return ChunkLoader.builder()
        .dataset(dataset)
        .batchSize(ChunkCases.BATCH)
        .shuffle(true)
        .seed(1L)
        .threads(threads)
        .prefetch(2)
        .build();
  }

  /**
   * Returns nanoseconds a batch on the clock, of the workers' own time, and the share of the time
   * in which workers neither read nor were ready to.
   */
  private double[] loader(int threads) throws InterruptedException {
    try (ChunkLoader loader = loader(dataset, threads)) {
      var batches = loader.epochs().iterator();
      long start = 0;
      long cpu = 0;
      long waited = 0;
      for (int i = 0; i < WARM + COUNT; i++) {
        if (i == WARM) {
          cpu = workerNanos();
          waited = waited(loader.statistics());
          start = System.nanoTime();
        }
        try (Batch batch = batches.next()) {
          if (batch.size() == 0) {
            throw new AssertionError();
          }
        }
      }
      long wall = System.nanoTime() - start;
      return new double[] {
        wall / (double) COUNT,
        (workerNanos() - cpu) / (double) COUNT,
        (waited(loader.statistics()) - waited) / (double) wall / threads
      };
    }
  }

  private static long waited(LoaderStatistics statistics) {
    return statistics.slotWaitNanos() + statistics.otherNanos();
  }

  /**
   * Returns the processor time of the loaders' workers; those of the one that waits stand still.
   */
  private static long workerNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null && info.getThreadName().startsWith("syncline-loader")) {
        sum += threads.getThreadCpuTime(info.getThreadId());
      }
    }
    return sum;
  }

  /** Returns nanoseconds a batch of threads that claim chunk after chunk, likewise. */
  private double[] together(int threads, boolean read) throws InterruptedException {
    work(threads, read, WARM);
    long start = System.nanoTime();
    long own = work(threads, read, COUNT);
    return new double[] {(System.nanoTime() - start) / (double) COUNT, own / (double) COUNT};
  }

  private long work(int threads, boolean read, int batches) throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicLong own = new AtomicLong();
    List<Thread> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int seed = t;
      Runnable work =
          () -> {
            claim(next, batches * ChunkCases.BATCH, new SplittableRandom(seed), read);
            own.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
          };
      workers.add(Thread.ofPlatform().start(work));
    }
    for (Thread t : workers) {
      t.join();
    }
    return own.get();
  }

  private void claim(AtomicInteger next, int chunks, SplittableRandom random, boolean read) {
    try (ChunkReader reader = dataset.reader(ReadOptions.DEFAULT)) {
      long[] offsets = new long[layout.size()];
      for (int c; (c = next.getAndIncrement()) < chunks; ) {
        MemorySegment[] slot = slots.get(c / ChunkCases.BATCH % HELD);
        for (int e = 0; e < offsets.length; e++) {
          offsets[e] = c % ChunkCases.BATCH * layout.get(e).bytes();
        }
        if (read) {
          reader.read(random.nextInt(dataset.length()), slot, offsets);
        } else {
          fillAndRead(slot, offsets, random);
        }
      }
    }
  }

  private void fillAndRead(MemorySegment[] slot, long[] offsets, SplittableRandom random) {
    for (int e = 0; e < offsets.length; e++) {
      MemorySegment to = slot[e].asSlice(offsets[e], layout.get(e).bytes());
      Reference.fill(to, to.byteSize() / Float.BYTES);
    }
    long bytes = ChunkCases.inputBytes(shape);
    sink =
        Reference.read(source.asSlice(random.nextLong(SOURCE_BYTES - bytes) & -64, bytes), bytes);
  }
}
