/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Kernels that count spikes in windows and smooth along time. Offsets are bytes, counts are
 * elements, spike numbers (int64) count from the segment's first spike.
 */
public interface SpikeKernels {
  /**
   * How many spikes past the last window {@link #locate} leaves in, so that vectors need not stop
   * at it.
   */
  int SLACK = 128;

  /**
   * Narrows each unit's spikes to those that windows between {@code low} and {@code high} can need.
   *
   * <p>Reads some 2 log n spikes a unit with plain accesses, which need no page guard; the caller
   * turns the {@code InternalError} of a truncated map into an exception.
   *
   * @param spikes float64 spike times in seconds, ascending inside each unit, NaN last, any
   *     alignment
   * @param firsts number of each unit's first spike
   * @param ends number after each unit's last spike
   * @param low the smallest start of a window
   * @param high the largest end of a window
   * @param from number of the first spike at or after {@code low}, a unit; written
   * @param to a number after the last spike before {@code high}, at least half of {@link #SLACK}
   *     and at most all of it too large, but not past the unit's end; written
   */
  void locate(
      MemorySegment spikes,
      MemorySegment firsts,
      MemorySegment ends,
      int units,
      double low,
      double high,
      MemorySegment from,
      MemorySegment to);

  /**
   * Counts the spikes of each unit in each window {@code [low, high)}; reads nothing but the spikes
   * located, whose pages the caller guards.
   *
   * @param from first spike of each unit, from {@link #locate}
   * @param to end of each unit's spikes, from {@link #locate}
   * @param lows float64 starts of the windows
   * @param highs float64 ends of the windows
   * @param ascending whether both starts and ends ascend: they are swept then, else searched one by
   *     one
   * @param rows int64, a window: bytes from {@code dstOffset} to its row, a multiple of 8; so that
   *     windows that were sorted for the sweep are written where they belong
   * @param dst float64 counts, a row of {@code units} a window
   */
  void count(
      MemorySegment spikes,
      MemorySegment from,
      MemorySegment to,
      int units,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      boolean ascending,
      MemorySegment rows,
      MemorySegment dst,
      long dstOffset);

  /**
   * Correlates each column of a float64 (rows, columns) matrix with symmetric weights, edges
   * mirrored (d c b a | a b c d | d c b a) as often as the radius needs.
   *
   * @param weights float64, {@code radius + 1}: the weight at distance 0, 1, … radius
   * @param dst float64, same shape; never overlaps {@code src}
   */
  void smooth(
      MemorySegment src,
      long srcOffset,
      MemorySegment weights,
      int radius,
      int rows,
      int columns,
      MemorySegment dst,
      long dstOffset);
}
