/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.array.TensorSpec;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures reading of a recording on this machine: chunk latencies, or batches a second.")
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "folder of the recording")
  private Path path;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML configuration; default: made for the devices there")
  private Path config;

  @Option(
      names = "--latency",
      description =
          "one chunk at a time: p50, p99, p99.9 of bare reads and of the prefetching loader")
  private boolean latency;

  @Option(
      names = "--chunks",
      defaultValue = "100000",
      description = "chunks to measure (default: ${DEFAULT-VALUE})")
  private int chunks;

  @Option(
      names = "--batch-size",
      defaultValue = "16",
      description = "chunks a batch (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "reading threads (default: ${DEFAULT-VALUE})")
  private int threads;

  @Override
  public Integer call() throws InterruptedException {
    Sessions.atLeast(spec, "--chunks", chunks, 1);
    Sessions.atLeast(spec, "--batch-size", batchSize, 1);
    Sessions.atLeast(spec, "--threads", threads, 0);
    try (ChunkDataset dataset = ChunkDataset.open(path, Sessions.config(path, config))) {
      if (dataset.length() == 0) {
        System.err.println("syncline: found no chunks: " + dataset.explain().summary());
        return 1;
      }
      System.out.print(Sessions.describe(dataset, dataset.layout(), latency ? 1 : batchSize));
      if (latency) {
        print("bare read", bareReads(dataset));
        print("prefetching loader", loaderWaits(dataset));
      } else {
        throughput(dataset);
      }
    }
    return 0;
  }

  private long[] bareReads(ChunkDataset dataset) {
    Random order = new Random(0);
    try (ChunkReader reader = dataset.reader(ReadOptions.DEFAULT);
        Arena arena = Arena.ofConfined()) {
      List<TensorSpec> layout = reader.layout();
      MemorySegment[] segments = new MemorySegment[layout.size()];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = arena.allocate(Math.max(1, layout.get(i).bytes()), 64);
      }
      long[] offsets = new long[segments.length];
      long[] nanos = new long[chunks];
      int warmUp = Math.min(20_000, chunks);
      for (int i = 0; i < warmUp; i++) {
        reader.read(order.nextInt(dataset.length()), segments, offsets);
      }
      for (int i = 0; i < chunks; i++) {
        int index = order.nextInt(dataset.length());
        long begin = System.nanoTime();
        reader.read(index, segments, offsets);
        nanos[i] = System.nanoTime() - begin;
      }
      return nanos;
    }
  }

  private long[] loaderWaits(ChunkDataset dataset) throws InterruptedException {
    try (ChunkLoader loader =
        ChunkLoader.builder()
            .dataset(dataset)
            .batchSize(1)
            .shuffle(true)
            .seed(0L)
            .threads(1)
            .prefetch(4)
            .build()) {
      long[] nanos = new long[chunks];
      int measured = -Math.min(20_000, chunks);
      Iterator<Batch> batches = loader.epochs().iterator();
      while (measured < chunks) {
        long begin = System.nanoTime();
        Batch batch = batches.next();
        long took = System.nanoTime() - begin;
        batch.close();
        if (measured >= 0) {
          nanos[measured] = took;
        }
        measured++;
      }
      System.out.println(loader.statistics().summary());
      return nanos;
    }
  }

  private void throughput(ChunkDataset dataset) throws InterruptedException {
    long frames = dataset.chunkSizes().get(dataset.lead());
    try (ChunkLoader loader =
        ChunkLoader.builder()
            .dataset(dataset)
            .batchSize(batchSize)
            .shuffle(true)
            .seed(0L)
            .threads(threads)
            .build()) {
      int wanted = Math.max(1, chunks / batchSize);
      int warmUp = Math.min(50, wanted);
      long begin = 0;
      long read = 0;
      long bytes = 0;
      Iterator<Batch> batches = loader.epochs().iterator();
      for (int b = -warmUp; b < wanted; b++) {
        if (b == 0) {
          begin = System.nanoTime();
        }
        try (Batch batch = batches.next()) {
          if (b >= 0) {
            read += batch.size();
            bytes += batch.bytes();
          }
        }
      }
      double took = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          "%,.0f chunks/s, %,.0f samples/s of %s, %.2f GB/s with %d threads%n",
          read / took, read * frames / took, dataset.lead(), bytes / took / 1e9, threads);
      System.out.println(loader.statistics().summary());
    }
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-20s %d chunks: p50 %.1f µs, p99 %.1f µs, p99.9 %.1f µs, max %.1f µs, p99.9/p50 %.2f%n",
        what,
        nanos.length,
        at(nanos, 0.5),
        at(nanos, 0.99),
        at(nanos, 0.999),
        nanos[nanos.length - 1] / 1e3,
        at(nanos, 0.999) / at(nanos, 0.5));
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] / 1e3;
  }
}
