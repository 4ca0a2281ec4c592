/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.BitSet;
import java.util.function.IntPredicate;
import org.syncline.clock.ChunkClock;
import org.syncline.clock.SampleGrid;

/**
 * Finds chunks with a frame of a trial that was to be left out. Points of the grid belong to the
 * trial that has begun; samples are taken near these points, and show the frame that begins within
 * 0.1 ms. Looks at what lies next to the ends of trials alone.
 */
final class StrayFrames {
  /** Seconds by which a device may give a value too early, or too late. */
  private static final double TOLERANCE = 1e-3;

  /** Points on either side of an end that are looked at, at most. */
  private static final int MOST_POINTS = 16;

  private final boolean[] kept;
  private final SampleGrid grid;
  private final ChunkClock clock;
  private final TrialStarts trials;
  private final double near;
  private final BitSet chunks = new BitSet();
  private int trial = -1;

  /**
   * @param kept the points at which chunks begin
   * @param clock of the device that has the trials, without an offset
   * @param decimals that times of chunks have, where they are rounded
   */
  StrayFrames(boolean[] kept, SampleGrid grid, ChunkClock clock, int decimals, TrialStarts trials) {
    this.kept = kept;
    this.grid = grid;
    this.clock = clock;
    this.trials = trials;
    int last = clock.count() - 1;
    // how far samples lie from their points: their period and the start of each chunk are rounded
    double drift = Math.abs(clock.time(grid.start(), last) - grid.time(last));
    double rounding = grid instanceof SampleGrid.Exact ? 0 : 2 * Math.pow(10, -decimals);
    near = Math.min(TOLERANCE + drift + rounding, MOST_POINTS * grid.period());
  }

  /** Looks at the ends of those trials that no chunk was to show. */
  void find(IntPredicate leftOut) {
    int next = trials.count() == 0 ? 0 : grid.firstAtOrAfter(trials.start(0));
    for (int k = 0; k < trials.count(); k++) {
      int first = next;
      next = grid.firstAtOrAfter(trials.end(k));
      if (leftOut.test(k)) {
        for (int p = first - 1; p >= 0 && grid.time(p) > trials.start(k) - near; p--) {
          look(p, k);
        }
        for (int p = next; p < kept.length && grid.time(p) < trials.end(k) + near; p++) {
          look(p, k);
        }
      }
    }
  }

  /** Looks at the sample that each chunk takes at a point. */
  private void look(int point, int leftOut) {
    for (int j = Math.min(point, clock.count() - 1); j >= 0; j--) {
      int start = point - j;
      if (kept[start]
          && trials.trials().shownAt(clock.snap(clock.time(grid.time(start), j))) == leftOut) {
        trial = chunks.isEmpty() ? leftOut : trial;
        chunks.set(start);
      }
    }
  }

  /** Returns how many chunks were found. */
  int count() {
    return chunks.cardinality();
  }

  /** Returns the time in seconds at which the first of them begins. */
  double start() {
    return grid.time(chunks.nextSetBit(0));
  }

  /** Returns a trial of which one of them has a frame. */
  int trial() {
    return trial;
  }
}
