/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

/**
 * Searches in all units at once, halving the step: each reads from memory without waiting for the
 * others, where a search after the other waits for every line it touches; half the time.
 */
final class SideBySideSearch extends SpikeSearchPass.Body {
  @Override
  void run(
      long spikes, long firsts, long ends, int units, double low, double high, long from, long to) {
    long most = 0;
    for (int u = 0; u < units; u++) {
      long start = ALL.get(JAVA_LONG_UNALIGNED, at(firsts + 8L * u));
      most = Math.max(most, ALL.get(JAVA_LONG_UNALIGNED, at(ends + 8L * u)) - start);
      ALL.set(JAVA_LONG_UNALIGNED, at(from + 8L * u), start);
      ALL.set(JAVA_LONG_UNALIGNED, at(to + 8L * u), start);
    }
    for (long step = Long.highestOneBit(most); step > 0; step >>= 1) {
      leap(spikes, ends, units, step, low, from);
      // the end may be too far on by the slack: as many spikes before it are not searched
      if (step >= SpikeSearchPass.SLACK / 2) {
        leap(spikes, ends, units, step, high, to);
      }
    }
    for (int u = 0; u < units; u++) {
      long first = ALL.get(JAVA_LONG_UNALIGNED, at(from + 8L * u));
      long stop =
          Math.max(first, ALL.get(JAVA_LONG_UNALIGNED, at(to + 8L * u))) + SpikeSearchPass.SLACK;
      ALL.set(
          JAVA_LONG_UNALIGNED,
          at(to + 8L * u),
          Math.min(stop, ALL.get(JAVA_LONG_UNALIGNED, at(ends + 8L * u))));
    }
  }

  /** Moves each unit's position on by a step where all spikes passed over are below x. */
  private static void leap(long spikes, long ends, int units, long step, double x, long positions) {
    for (int u = 0; u < units; u++) {
      long position = at(positions + 8L * u);
      long p = ALL.get(JAVA_LONG_UNALIGNED, position);
      long next = Math.min(p + step, ALL.get(JAVA_LONG_UNALIGNED, at(ends + 8L * u)));
      if (next > p) {
        boolean below = ALL.get(JAVA_DOUBLE_UNALIGNED, at(spikes + 8 * next - 8)) < x;
        ALL.set(JAVA_LONG_UNALIGNED, position, below ? next : p);
      }
    }
  }
}
