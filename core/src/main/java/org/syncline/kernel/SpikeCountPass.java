/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/**
 * Counts the spikes of each unit in each window {@code [low, high)}; reads nothing but the spikes
 * found by a {@link SpikeSearchPass}, whose pages its caller guards.
 */
public final class SpikeCountPass extends Pass<SpikeCountPass.Body> {
  private final int units;

  /** Counts, everything by address. */
  abstract static class Body {
    abstract void run(
        long spikes,
        long from,
        long to,
        int units,
        long lows,
        long highs,
        int windows,
        boolean ascending,
        long rows,
        long dst);
  }

  private SpikeCountPass(int units) {
    this.units = units;
  }

  /** Binds a pass over so many units. */
  public static SpikeCountPass of(int units) {
    return of(KernelProvider.get(), units);
  }

  static SpikeCountPass of(Kernels kernels, int units) {
    SpikeCountPass pass = new SpikeCountPass(units);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes float64 counts, a row of all units for each of {@code count} windows.
   *
   * @param found the spikes that windows can need
   * @param ascending whether both starts and ends ascend: they are swept then, else searched one by
   *     one
   * @throws IndexOutOfBoundsException for units outside the spikes, rows outside the destination,
   *     or memory too small
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment spikes,
      SpikeRanges found,
      SpikeWindows windows,
      int count,
      boolean ascending,
      MemorySegment dst,
      long dstOffset) {
    long base = Addresses.of(spikes, 0, spikes.byteSize());
    long from = Addresses.of(found.firsts(), 0, 8L * units);
    long to = Addresses.of(found.ends(), 0, 8L * units);
    long lows = Addresses.of(windows.lows(), 0, 8L * count);
    long highs = Addresses.of(windows.highs(), 0, 8L * count);
    long rows = Addresses.of(windows.rows(), 0, 8L * count);
    long bytes = 8L * units * count;
    long out = Addresses.writable(dst, dstOffset, bytes);
    SpikeRanges.check(from, to, units, spikes.byteSize() / 8);
    for (int w = 0; w < count; w++) {
      Objects.checkFromIndexSize(
          ALL.get(JAVA_LONG_UNALIGNED, at(rows + 8L * w)), 8L * units, bytes);
    }
    body.run(base, from, to, units, lows, highs, count, ascending, rows, out);
  }

  @Override
  Body scalar() {
    return new ScalarSpikes.Count();
  }

  @Override
  Body vector() {
    return hasVector() ? VectorSpikes.count() : scalar();
  }

  /** C2 has no count of a mask of two lanes: each would be an object. */
  @Override
  boolean hasVector() {
    return VectorBits.DOUBLE_MASKS;
  }
}
