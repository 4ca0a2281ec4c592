/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.kernel.lanes.Addresses;

/**
 * Narrows each unit's spikes to those that windows of time can need.
 *
 * <p>It reads some 2 log n spikes a unit with plain accesses, which survive a truncated map: its
 * caller turns their {@code InternalError} into an exception.
 */
public final class SpikeSearchPass extends Pass<SpikeSearchPass.Body> {
  /**
   * How many spikes past the last window are left in, so that vectors need not stop at it: at most
   * so many, and half as many where the unit has them.
   */
  static final int SLACK = 128;

  private final int units;

  /** Searches, addresses in, numbers of spikes out. */
  abstract static class Body {
    abstract void run(
        long spikes,
        long firsts,
        long ends,
        int units,
        double low,
        double high,
        long from,
        long to);
  }

  private SpikeSearchPass(int units) {
    this.units = units;
  }

  /** Binds a pass over so many units. */
  public static SpikeSearchPass of(int units) {
    return of(KernelProvider.get(), units);
  }

  static SpikeSearchPass of(Kernels kernels, int units) {
    SpikeSearchPass pass = new SpikeSearchPass(units);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Finds the spikes between {@code low} and {@code high}.
   *
   * @param spikes float64 spike times in seconds, ascending inside each unit, NaN last, any
   *     alignment
   * @param all where each unit's spikes are
   * @param low the smallest start of a window
   * @param high the largest end of a window
   * @param found the spikes at or after {@code low}, and before {@code high} with those left in;
   *     written
   * @throws IndexOutOfBoundsException for units outside the spikes, or ranges too small
   * @throws IllegalArgumentException for memory on the heap, or results that are read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment spikes, SpikeRanges all, double low, double high, SpikeRanges found) {
    long base = Addresses.of(spikes, 0, spikes.byteSize());
    long firsts = Addresses.of(all.firsts(), 0, 8L * units);
    long ends = Addresses.of(all.ends(), 0, 8L * units);
    long from = Addresses.writable(found.firsts(), 0, 8L * units);
    long to = Addresses.writable(found.ends(), 0, 8L * units);
    SpikeRanges.check(firsts, ends, units, spikes.byteSize() / 8);
    body.run(base, firsts, ends, units, low, high, from, to);
  }

  @Override
  Body scalar() {
    return new ScalarSpikes.Search();
  }

  @Override
  Body vector() {
    return new SideBySideSearch();
  }
}
