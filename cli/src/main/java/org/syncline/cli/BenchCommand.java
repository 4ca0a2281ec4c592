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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.array.TensorSpec;
import org.syncline.loader.Batch;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    description = {
      "Measures reading of a recording on this machine: chunks a second in batches, or "
          + "latencies of single chunks.",
      "Exit status: 0; 1 where it cannot be read, or has no chunk."
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "folder of the recording")
  private Path path;

  @Mixin private ConfigChoice config;

  @Option(
      names = {"-l", "--latency"},
      description =
          "one chunk at a time: p50, p99, p99.9 of bare reads and of the prefetching loader")
  private boolean latency;

  @Option(
      names = {"-n", "--chunks"},
      paramLabel = "N",
      description = "measure until so many chunks were read (default: for --seconds)")
  private Integer chunks;

  @Option(
      names = {"-s", "--seconds"},
      paramLabel = "S",
      description =
          "measure so long, after a warm-up of as long and two seconds at most (default: "
              + STANDARD_SECONDS
              + " where no --chunks are given)")
  private Double seconds;

  @Option(
      names = {"-b", "--batch-size"},
      paramLabel = "N",
      defaultValue = "16",
      description = "chunks a batch (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = {"-t", "--threads"},
      paramLabel = "N",
      defaultValue = "1",
      description =
          "reading threads; 0: as many as there are processors, at most 8 (default: ${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = {"-j", "--json"},
      description = "print what was measured as JSON")
  private boolean json;

  private static final int STANDARD_SECONDS = 5;
  private static final long WARM_UP_NANOS = 2_000_000_000L;
  private static final int WARM_UP_CHUNKS = 20_000;

  /** Until when is measured: whichever comes first. */
  private final class Limit {
    private final long most = chunks == null ? Long.MAX_VALUE : chunks;
    private final double nanos =
        seconds != null
            ? seconds * 1e9
            : chunks != null ? Double.MAX_VALUE : STANDARD_SECONDS * 1e9;

    boolean isReached(long done, long took) {
      return done >= most || took >= nanos;
    }

    boolean isWarm(long done, long took) {
      return done >= Math.min(most, WARM_UP_CHUNKS) || took >= Math.min(nanos, WARM_UP_NANOS);
    }

    Optional<ProgressBar> bar() {
      return chunks != null
          ? Output.bar("measuring", " chunks", 1, most)
          : Output.bar("measuring", " s", 1_000, (long) (nanos / 1e6));
    }

    long step(long done, long took) {
      return chunks != null ? done : (long) (took / 1e6);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Sessions.atLeast(spec, "--chunks", chunks == null ? 1 : chunks, 1);
    Sessions.atLeast(spec, "--seconds", seconds == null ? 1 : seconds, 0.001);
    Sessions.atLeast(spec, "--batch-size", batchSize, 1);
    Sessions.atLeast(spec, "--threads", threads, 0);
    try (ChunkDataset dataset = ChunkDataset.open(path, config.of(path))) {
      if (dataset.length() == 0) {
        System.err.println("syncline: found no chunks: " + dataset.explain().summary());
        return 1;
      }
      if (!json) {
        System.out.print(Sessions.describe(dataset, dataset.layout(), latency ? 1 : batchSize));
      }
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("data_key", dataset.dataKey());
      if (latency) {
        all.put("bare_read", latencies("bare read", bareReads(dataset)));
        all.put("prefetching_loader", latencies("prefetching loader", loaderWaits(dataset)));
      } else {
        throughput(dataset, all);
      }
      if (json) {
        Output.json(all);
      }
    }
    return 0;
  }

  /** Times that were measured, one after another. */
  private static final class Times {
    private long[] nanos;
    private int count;

    Times(int expected) {
      nanos = new long[expected];
    }

    void add(long time) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = time;
    }

    long[] sorted() {
      long[] all = Arrays.copyOf(nanos, count);
      Arrays.sort(all);
      return all;
    }
  }

  /** A read that is timed. */
  private interface Timed {
    /** Reads one chunk and returns how long that took, in ns. */
    long read() throws InterruptedException;
  }

  private long[] measure(Timed timed) throws InterruptedException {
    Limit limit = new Limit();
    // growing costs a pause, which would be measured
    Times times = new Times(chunks == null ? 1 << 20 : chunks);
    long begin = System.nanoTime();
    for (long done = 0; !limit.isWarm(done, System.nanoTime() - begin); done++) {
      timed.read();
    }
    // no bar: what draws it would be measured
    begin = System.nanoTime();
    for (long done = 0; !limit.isReached(done, System.nanoTime() - begin); done++) {
      times.add(timed.read());
    }
    return times.sorted();
  }

  private long[] bareReads(ChunkDataset dataset) throws InterruptedException {
    Random order = new Random(0);
    try (ChunkReader reader = dataset.reader(ReadOptions.DEFAULT);
        Arena arena = Arena.ofConfined()) {
      List<TensorSpec> layout = reader.layout();
      MemorySegment[] segments = new MemorySegment[layout.size()];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = arena.allocate(Math.max(1, layout.get(i).bytes()), 64);
      }
      long[] offsets = new long[segments.length];
      return measure(
          () -> {
            int index = order.nextInt(dataset.length());
            long begin = System.nanoTime();
            reader.read(index, segments, offsets);
            return System.nanoTime() - begin;
          });
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
      Iterator<Batch> batches = loader.epochs().iterator();
      long[] nanos =
          measure(
              () -> {
                long begin = System.nanoTime();
                Batch batch = batches.next();
                long took = System.nanoTime() - begin;
                batch.close();
                return took;
              });
      if (!json) {
        System.out.println(loader.statistics().summary());
      }
      return nanos;
    }
  }

  private void throughput(ChunkDataset dataset, Map<String, Object> all) {
    long frames = dataset.chunkSizes().get(dataset.lead());
    Limit limit = new Limit();
    try (ChunkLoader loader =
            ChunkLoader.builder()
                .dataset(dataset)
                .batchSize(batchSize)
                .shuffle(true)
                .seed(0L)
                .threads(threads)
                .build();
        ProgressBar bar = limit.bar().orElse(null)) {
      Iterator<Batch> batches = loader.epochs().iterator();
      long begin = System.nanoTime();
      do {
        batches.next().close();
      } while (!limit.isWarm(loader.statistics().chunks(), System.nanoTime() - begin));
      // what was read ahead before is not counted, what is read ahead meanwhile is
      LoaderStatistics first = loader.statistics();
      LoaderStatistics last;
      begin = System.nanoTime();
      long took;
      do {
        batches.next().close();
        took = System.nanoTime() - begin;
        last = loader.statistics();
        if (bar != null) {
          bar.stepTo(limit.step(last.chunks() - first.chunks(), took));
        }
      } while (!limit.isReached(last.chunks() - first.chunks(), took));
      double time = took / 1e9;
      long read = last.chunks() - first.chunks();
      long bytes = last.bytes() - first.bytes();
      all.put("lead", dataset.lead());
      all.put("threads", threads);
      all.put("batch_size", batchSize);
      all.put("seconds", time);
      all.put("chunks", read);
      all.put("chunks_per_second", read / time);
      all.put("lead_samples_per_second", read * frames / time);
      all.put("bytes_per_second", bytes / time);
      if (!json) {
        System.out.printf(
            "%,.0f chunks/s, %,.0f samples/s of %s, %.2f GB/s with %s: %s in %.2f s%n",
            read / time,
            read * frames / time,
            dataset.lead(),
            bytes / time / 1e9,
            Sessions.count(threads, "thread"),
            Sessions.count(read, "chunk"),
            time);
        System.out.println("since its start: " + last.summary());
      }
    }
  }

  private Map<String, Object> latencies(String what, long[] nanos) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("chunks", nanos.length);
    all.put("p50_microseconds", at(nanos, 0.5));
    all.put("p99_microseconds", at(nanos, 0.99));
    all.put("p999_microseconds", at(nanos, 0.999));
    all.put("max_microseconds", nanos[nanos.length - 1] / 1e3);
    if (!json) {
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
    return all;
  }

  private static double at(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] / 1e3;
  }
}
