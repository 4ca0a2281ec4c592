/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A quarter of the spike times' bytes that answers nearly every search: windows spread over a whole recording else read
 * all of it for each query.
 *
 * <p>The span of each unit is cut into equal buckets of some {@value #PER_BUCKET} spikes. A table has the number of the
 * first spike of each bucket; each spike has its place in its bucket in 16 bits. A spike in another place than the time
 * searched is before or after it for certain; where the places are equal, or a bucket is crowded, the spike times
 * themselves decide. Immutable; the memory belongs to the arena given.
 *
 * <p>Place of time x: {@code floor((x - origin) * scale)}, the upper bits the bucket, the lower 16 the place in it. Every
 * step of that is monotone in x also when it is rounded.
 */
public final class SpikeIndex {
  private static final int PER_BUCKET = 16;

  /** Places stored beyond the last, so that vectors may read past it. */
  private static final int PADDING = 64;

  final int units;

  /** float64 (units, 3): first time, last time, scale. */
  final MemorySegment ranges;

  /** int64 (units, 4): first spike, spikes, byte offset in {@link #starts}, byte offset in {@link #places}. */
  final MemorySegment layout;

  /** int32, number of buckets + 2 a unit: first spike of each bucket, counted in the unit. */
  final MemorySegment starts;

  /** int16: place in the bucket less 32768, so that signed comparisons order them. */
  final MemorySegment places;

  /**
   * Reads all spikes of the units once, with plain accesses to pages that the caller has guarded.
   *
   * @param firsts number of each unit's first spike
   * @param ends number after each unit's last spike; a unit has less than 2^31 spikes
   */
  public SpikeIndex(MemorySegment spikes, MemorySegment firsts, MemorySegment ends, int units, Arena arena) {
    this.units = units;
    this.ranges = arena.allocate(Math.max(8, 24L * units), 64);
    this.layout = arena.allocate(Math.max(8, 32L * units), 64);
    long buckets = 0;
    long total = 0;
    for (int u = 0; u < units; u++) {
      long first = firsts.get(JAVA_LONG_UNALIGNED, 8L * u);
      long end = ends.get(JAVA_LONG_UNALIGNED, 8L * u);
      // NaN are last and in no window
      while (end > first && Double.isNaN(spikes.get(JAVA_DOUBLE_UNALIGNED, 8 * (end - 1)))) {
        end--;
      }
      layout.set(JAVA_LONG_UNALIGNED, 32L * u, first);
      layout.set(JAVA_LONG_UNALIGNED, 32L * u + 8, end - first);
      layout.set(JAVA_LONG_UNALIGNED, 32L * u + 16, 4 * buckets);
      layout.set(JAVA_LONG_UNALIGNED, 32L * u + 24, 2 * total);
      buckets += buckets(end - first) + 2;
      total += end - first;
    }
    this.starts = arena.allocate(4 * buckets + 8, 64);
    this.places = arena.allocate(2 * (total + PADDING), 64);
    for (int u = 0; u < units; u++) {
      fill(spikes, u);
    }
  }

  private static long buckets(long spikes) {
    return Math.max(1, spikes / PER_BUCKET);
  }

  private void fill(MemorySegment spikes, int u) {
    long first = 8 * layout.get(JAVA_LONG_UNALIGNED, 32L * u);
    int n = Math.toIntExact(layout.get(JAVA_LONG_UNALIGNED, 32L * u + 8));
    long startAt = layout.get(JAVA_LONG_UNALIGNED, 32L * u + 16);
    long placeAt = layout.get(JAVA_LONG_UNALIGNED, 32L * u + 24);
    int buckets = (int) buckets(n);
    double origin = n == 0 ? 0 : spikes.get(JAVA_DOUBLE_UNALIGNED, first);
    double last = n == 0 ? 0 : spikes.get(JAVA_DOUBLE_UNALIGNED, first + 8L * (n - 1));
    double scale = buckets * 65536.0 / (last - origin);
    if (!(scale > 0) || Double.isInfinite(scale)) {
      // all at one time, or at infinity: one bucket whose spikes are all in the same place
      scale = 0;
    }
    ranges.set(JAVA_DOUBLE_UNALIGNED, 24L * u, origin);
    ranges.set(JAVA_DOUBLE_UNALIGNED, 24L * u + 8, last);
    ranges.set(JAVA_DOUBLE_UNALIGNED, 24L * u + 16, scale);
    int bucket = 0;
    for (int i = 0; i < n; i++) {
      long z = place(spikes.get(JAVA_DOUBLE_UNALIGNED, first + 8L * i), origin, scale);
      for (; bucket <= z >>> 16; bucket++) {
        starts.set(JAVA_INT_UNALIGNED, startAt + 4L * bucket, i);
      }
      places.set(JAVA_SHORT_UNALIGNED, placeAt + 2L * i, (short) ((z & 0xffff) - 32768));
    }
    for (; bucket <= buckets + 1; bucket++) {
      starts.set(JAVA_INT_UNALIGNED, startAt + 4L * bucket, n);
    }
  }

  static long place(double x, double origin, double scale) {
    return (long) ((x - origin) * scale);
  }

  /** Returns the size in bytes. */
  public long bytes() {
    return ranges.byteSize() + layout.byteSize() + starts.byteSize() + places.byteSize();
  }
}
