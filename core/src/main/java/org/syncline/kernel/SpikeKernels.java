/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;

/** Kernels that count spikes in windows and smooth along time. Offsets are bytes, counts are elements. */
public interface SpikeKernels {
  /**
   * Counts the spikes of each unit in each window {@code [low, high)}.
   *
   * <p>Spikes are read with plain scalar accesses, so no page guard is needed before; the caller turns the {@code
   * InternalError} of a truncated map into an exception.
   *
   * @param spikes float64 spike times in seconds, ascending inside each unit, any alignment
   * @param base byte offset of spike 0
   * @param bounds int64, {@code units + 1}: unit j has the spikes from {@code bounds[j]} to {@code bounds[j + 1]}
   * @param units number of units
   * @param lows float64 starts of the windows
   * @param highs float64 ends of the windows
   * @param windows number of windows; ascending ones are swept, others are searched one by one
   * @param dst float64 counts, (windows, units) in C order
   */
  void count(
      MemorySegment spikes,
      long base,
      MemorySegment bounds,
      int units,
      MemorySegment lows,
      MemorySegment highs,
      int windows,
      MemorySegment dst,
      long dstOffset);

  /**
   * Correlates each column of a float64 (rows, columns) matrix with symmetric weights, edges mirrored (d c b a | a b c
   * d | d c b a) as often as the radius needs.
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
