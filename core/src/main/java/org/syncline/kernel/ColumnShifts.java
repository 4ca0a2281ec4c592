/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;

/**
 * When the columns of regularly sampled rows were sampled: row {@code i} of column j at {@code
 * start + i*dt + shifts[j]}.
 *
 * @param start seconds of the first row
 * @param dt seconds from row to row
 * @param shifts float64 seconds, one per column
 */
public record ColumnShifts(double start, double dt, MemorySegment shifts) {
  /**
   * Returns how far behind a row, in rows, a time is nearer to the next one: a half, and what
   * float64 may have added to it.
   *
   * <p>On a grid that lies midway between the samples of a device each time is as near to one as to
   * the other. Left to the last bits of times, which are of the size of 1e-5 rows at Unix times,
   * some would take the earlier and some the later: rows twice or not at all.
   */
  public static double middle(double start, double dt, double time) {
    // start, time, their difference and its quotient are each rounded once: half a unit each
    double noise = 4 * Math.ulp(Math.max(Math.abs(start), Math.abs(time))) / dt;
    return 0.5 + Math.min(noise, 0.25);
  }

  double middle(double time) {
    return middle(start, dt, time);
  }
}
