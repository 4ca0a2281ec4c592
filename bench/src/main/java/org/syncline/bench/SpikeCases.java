/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.syncline.bench.Reference.N;
import static org.syncline.bench.Reference.P;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.kernel.KernelProvider;
import org.syncline.kernel.SpikeKernels;

/**
 * Counting: 1,000 windows of 20 ms, 500 units, 10 million spikes in 732 s. Smoothing: 1,000 × 500,
 * radius 8.
 */
final class SpikeCases {
  private static final int UNITS = 500;
  private static final int WINDOWS = 1_000;
  private static final int RADIUS = 8;
  private static final double SECONDS = 732.518;
  private static final SpikeKernels SPIKES = KernelProvider.get().spikes();

  private SpikeCases() {}

  static Map<String, KernelCases.Maker> all() {
    Map<String, KernelCases.Maker> cases = new LinkedHashMap<>();
    cases.put("count spikes, 30 Hz", (arena, n) -> count(arena, n, 1 / 30.0));
    cases.put("count spikes, spread", (arena, n) -> count(arena, n, (SECONDS - 1) / WINDOWS));
    cases.put("smooth counts", (arena, n) -> smooth(arena));
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
      lows.setAtIndex(KernelCase.DOUBLE, w, begin + w * step - 0.01);
      highs.setAtIndex(KernelCase.DOUBLE, w, begin + w * step + 0.01);
    }
    double low = begin - 0.01;
    double high = begin + (WINDOWS - 1) * step + 0.01;
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
    return new KernelCase(arena, WINDOWS, read, 8L * UNITS * WINDOWS, 0) {
      @Override
      void ours() {
        SPIKES.locate(spikes, firsts, ends, UNITS, low, high, from, to);
        SPIKES.count(spikes, from, to, UNITS, lows, highs, WINDOWS, true, rows, dst, 0);
      }

      @Override
      void c(MemorySegment out) throws Throwable {
        handle.invokeExact(spikes, offsets, (long) UNITS, lows, highs, (long) WINDOWS, out);
      }
    };
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
    MethodHandle handle = Reference.handle("ref_smooth", P, P, N, P, N, N);
    KernelCase made =
        new KernelCase(arena, WINDOWS, row * WINDOWS, row * WINDOWS, 0) {
          @Override
          void ours() {
            SPIKES.smooth(src, 0, half, RADIUS, WINDOWS, UNITS, dst, 0);
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
