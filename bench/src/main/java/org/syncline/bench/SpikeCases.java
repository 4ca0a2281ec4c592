/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.syncline.bench.Reference.N;
import static org.syncline.bench.Reference.P;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.Registry;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Finish;
import org.syncline.device.Sampler;
import org.syncline.device.spikes.SpikeInterpolator;
import org.syncline.device.spikes.SpikesMeta;
import org.syncline.kernel.SmoothPass;
import org.syncline.kernel.SpikeCountPass;
import org.syncline.kernel.SpikeRanges;
import org.syncline.kernel.SpikeSearchPass;
import org.syncline.kernel.SpikeWindows;
import org.syncline.testdata.Recordings;

/**
 * Counting: 1,000 windows of 20 ms, 500 units, 10 million spikes in 732 s. Smoothing: 1,000 × 500,
 * radius 8.
 */
final class SpikeCases {
  private static final int UNITS = 500;
  private static final int WINDOWS = 1_000;
  private static final int RADIUS = 8;
  private static final double HALF_WINDOW = 0.01;
  private static final double SECONDS = 732.518;

  private SpikeCases() {}

  static Map<String, KernelCases.Maker> all() {
    Map<String, KernelCases.Maker> cases = new LinkedHashMap<>();
    cases.put("count spikes, 30 Hz", (arena, n) -> count(arena, n, 1 / 30.0));
    cases.put("count spikes, spread", (arena, n) -> count(arena, n, (SECONDS - 1) / WINDOWS));
    cases.put("smooth counts", (arena, n) -> smooth(arena));
    cases.put("interpolator, 30 Hz", (arena, n) -> new Interpolated(arena, n, 1 / 30.0, false));
    cases.put(
        "interpolator, random times ascending",
        (arena, n) -> new Interpolated(arena, n, Double.NaN, false));
    cases.put(
        "interpolator, random times", (arena, n) -> new Interpolated(arena, n, Double.NaN, true));
    return cases;
  }

  /**
   * @param total spikes of all units
   */
  private static KernelCase count(Arena arena, int total, double step) {
    int perUnit = total / UNITS;
    MemorySegment offsets = arena.allocate(8L * (UNITS + 1), 64);
    MemorySegment firsts = arena.allocate(8L * UNITS, 64);
    MemorySegment ends = arena.allocate(8L * UNITS, 64);
    MemorySegment from = arena.allocate(8L * UNITS, 64);
    MemorySegment to = arena.allocate(8L * UNITS, 64);
    for (int u = 0; u <= UNITS; u++) {
      offsets.setAtIndex(JAVA_LONG, u, (long) u * perUnit);
      if (u < UNITS) {
        firsts.setAtIndex(JAVA_LONG, u, (long) u * perUnit);
        ends.setAtIndex(JAVA_LONG, u, (u + 1L) * perUnit);
      }
    }
    MemorySegment lows = arena.allocate(8L * WINDOWS, 64);
    MemorySegment highs = arena.allocate(8L * WINDOWS, 64);
    MemorySegment rows = arena.allocate(8L * WINDOWS, 64);
    double begin = 0.5;
    for (int w = 0; w < WINDOWS; w++) {
      rows.setAtIndex(JAVA_LONG, w, 8L * UNITS * w);
      lows.setAtIndex(KernelCase.DOUBLE, w, begin + w * step - HALF_WINDOW);
      highs.setAtIndex(KernelCase.DOUBLE, w, begin + w * step + HALF_WINDOW);
    }
    double low = begin - HALF_WINDOW;
    double high = begin + (WINDOWS - 1) * step + HALF_WINDOW;
    // what lies between the first and the last window; its lines are nearly all touched
    long read = (long) (8.0 * total * Math.min(1, (high - low) / SECONDS)) / 8 * 8;
    MemorySegment spikes = arena.allocate(8L * total, 4096);
    java.util.SplittableRandom random = new java.util.SplittableRandom(7);
    for (int u = 0; u < UNITS; u++) {
      double t = 0;
      double mean = SECONDS / perUnit;
      for (int i = 0; i < perUnit; i++) {
        t += 2 * mean * random.nextDouble();
        spikes.setAtIndex(KernelCase.DOUBLE, (long) u * perUnit + i, t);
      }
    }
    MethodHandle handle = Reference.handle("ref_count_spikes", P, P, N, P, P, N, P);
    SpikeSearchPass search = SpikeSearchPass.of(UNITS);
    SpikeCountPass counting = SpikeCountPass.of(UNITS);
    SpikeRanges all = new SpikeRanges(firsts, ends);
    SpikeRanges found = new SpikeRanges(from, to);
    SpikeWindows windows = new SpikeWindows(lows, highs, rows);
    return new KernelCase(arena, WINDOWS, read, 8L * UNITS * WINDOWS, 0) {
      @Override
      void ours() {
        search.run(spikes, all, low, high, found);
        counting.run(spikes, found, windows, WINDOWS, true, dst, 0);
      }

      @Override
      void c(MemorySegment out) throws Throwable {
        handle.invokeExact(spikes, offsets, (long) UNITS, lows, highs, (long) WINDOWS, out);
      }
    };
  }

  /** The way of a program: a mapped file, guarded pages, times as they come. */
  private static final class Interpolated extends KernelCase {
    private final SpikeInterpolator interpolator;
    private final Sampler.Cursor cursor;
    private final double[] times = new double[WINDOWS];
    private final MemorySegment spikes;
    private final MemorySegment offsets;
    private final MemorySegment lows;
    private final MemorySegment highs;
    private final MemorySegment rows;
    private final MethodHandle handle =
        Reference.handle("ref_count_spikes_rows", P, P, N, P, P, P, N, P);

    /**
     * @param step between times, NaN for random ones
     * @param shuffled whether random times come in no order
     */
    Interpolated(Arena arena, int total, double step, boolean shuffled) {
      super(arena, WINDOWS, bytes(total, step), 8L * UNITS * WINDOWS, 0);
      Path folder = recording(total).resolve("spikes");
      String window = "{\"interpolation\": {\"interpolation_window\": " + 2 * HALF_WINDOW + "}}";
      ModalityConfig config = ModalityConfig.parse(window, "spikes", "SpikeCases", null);
      interpolator = SpikeInterpolator.open(folder, config, false);
      cursor = interpolator.sampler(Finish.NONE).cursor(WINDOWS);
      java.util.SplittableRandom random = new java.util.SplittableRandom(11);
      for (int w = 0; w < WINDOWS; w++) {
        times[w] = Double.isNaN(step) ? random.nextDouble(0.5, SECONDS - 0.5) : 0.5 + w * step;
      }
      double[] sorted = times.clone();
      java.util.Arrays.sort(sorted);
      if (!shuffled) {
        System.arraycopy(sorted, 0, times, 0, WINDOWS);
      }
      lows = arena.allocate(8L * WINDOWS, 64);
      highs = arena.allocate(8L * WINDOWS, 64);
      rows = arena.allocate(8L * WINDOWS, 64);
      for (int w = 0; w < WINDOWS; w++) {
        lows.setAtIndex(DOUBLE, w, sorted[w] - HALF_WINDOW);
        highs.setAtIndex(DOUBLE, w, sorted[w] + HALF_WINDOW);
        rows.setAtIndex(JAVA_LONG, java.util.Arrays.binarySearch(sorted, times[w]), w);
      }
      long[] indices = ((SpikesMeta) Registry.EMPTY.read(folder)).spikeIndices();
      offsets = arena.allocate(8L * indices.length, 64);
      MemorySegment.copy(indices, 0, offsets, JAVA_LONG, 0, indices.length);
      try (FileChannel file = FileChannel.open(folder.resolve("spikes.npy"))) {
        long header = file.size() - 8L * total;
        spikes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena).asSlice(header);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static long bytes(int total, double step) {
      return (long) (Double.isNaN(step) ? total : total * step * WINDOWS / SECONDS) * 8;
    }

    private static synchronized Path recording(int total) {
      Path folder = ChunkCases.data().resolve("spikes-" + total);
      Path done = folder.resolveSibling(folder.getFileName() + ".done");
      try {
        if (!Files.exists(done)) {
          Recordings.empty(folder, 1).start(0).seconds(SECONDS).spikes(UNITS, total).write();
          Files.createFile(done);
        }
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    void ours() {
      if (cursor.read(times, WINDOWS, dst, 0) != WINDOWS) {
        throw new AssertionError("a time without value");
      }
    }

    @Override
    void c(MemorySegment out) throws Throwable {
      handle.invokeExact(spikes, offsets, (long) UNITS, lows, highs, rows, (long) WINDOWS, out);
    }

    @Override
    public void close() {
      cursor.close();
      interpolator.close();
    }
  }

  private static KernelCase smooth(Arena arena) {
    MemorySegment half = arena.allocate(8L * (RADIUS + 1), 64);
    MemorySegment whole = arena.allocate(8L * (2 * RADIUS + 1), 64);
    for (int k = 0; k <= RADIUS; k++) {
      double w = Math.exp(-0.5 / 4 * k * k) / 5.013;
      half.setAtIndex(KernelCase.DOUBLE, k, w);
      whole.setAtIndex(KernelCase.DOUBLE, RADIUS + k, w);
      whole.setAtIndex(KernelCase.DOUBLE, RADIUS - k, w);
    }
    long row = 8L * UNITS;
    MemorySegment padded = arena.allocate(row * (WINDOWS + 2 * RADIUS), 64);
    SmoothPass pass = SmoothPass.of(half, UNITS);
    MethodHandle handle = Reference.handle("ref_smooth", P, P, N, P, N, N);
    KernelCase made =
        new KernelCase(arena, WINDOWS, row * WINDOWS, row * WINDOWS, 0) {
          @Override
          void ours() {
            pass.run(src, 0, WINDOWS, dst, 0);
          }

          @Override
          void c(MemorySegment out) throws Throwable {
            handle.invokeExact(padded, whole, (long) RADIUS, out, (long) WINDOWS, (long) UNITS);
          }

          @Override
          int resultBytes() {
            return Double.BYTES;
          }

          @Override
          double tolerance() {
            return 1e-9;
          }
        };
    KernelCase.randomDoubles(made.src, 1, 0, 9);
    for (int r = -RADIUS; r < WINDOWS + RADIUS; r++) {
      int mirrored = r < 0 ? -1 - r : r >= WINDOWS ? 2 * WINDOWS - 1 - r : r;
      MemorySegment.copy(made.src, mirrored * row, padded, (r + RADIUS) * row, row);
    }
    return made;
  }
}
