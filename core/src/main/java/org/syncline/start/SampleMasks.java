/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.Arrays;
import org.syncline.clock.SampleGrid;

/** Masks over a sample grid: plain loops over arrays, no object a point. */
public final class SampleMasks {
  private SampleMasks() {}

  /** Sets the points with {@code from <= t < to}; nothing for NaN. */
  public static void set(boolean[] mask, SampleGrid grid, double from, double to) {
    if (from < to) {
      Arrays.fill(mask, grid.firstAtOrAfter(from), grid.firstAtOrAfter(to), true);
    }
  }

  /** Keeps what both have, in the first. */
  public static void and(boolean[] mask, boolean[] other) {
    for (int k = 0; k < mask.length; k++) {
      mask[k] &= other[k];
    }
  }

  /** Returns how many points are set. */
  public static int count(boolean[] mask) {
    int n = 0;
    for (boolean set : mask) {
      n += set ? 1 : 0;
    }
    return n;
  }

  /** Returns how many points the longest stretch of set ones has. */
  public static int longestRun(boolean[] mask) {
    int longest = 0;
    int run = 0;
    for (boolean set : mask) {
      run = set ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  /** Returns, for each point, whether it and the {@code n - 1} points after it are all set. */
  public static boolean[] forNext(boolean[] mask, int n) {
    boolean[] result = new boolean[mask.length];
    int run = 0;
    for (int k = mask.length - 1; k >= 0; k--) {
      run = mask[k] ? run + 1 : 0;
      result[k] = run >= n;
    }
    return result;
  }

  /** Returns the points from which on {@code n} points are all set and before the grid's end. */
  public static boolean[] starts(boolean[] mask, SampleGrid grid, int n) {
    boolean[] starts = forNext(mask, n);
    // the last points of a rounded grid may lie at or past the end
    int end = Math.max(0, grid.firstAtOrAfter(grid.end()) - n + 1);
    Arrays.fill(starts, Math.min(end, starts.length), starts.length, false);
    return starts;
  }
}
