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

/**
 * Which spikes belong to each unit.
 *
 * @param firsts int64, number of each unit's first spike, counted from the first of all
 * @param ends int64, number after each unit's last spike
 */
public record SpikeRanges(MemorySegment firsts, MemorySegment ends) {
  /** Checks that the ranges of so many units lie among so many spikes. */
  static void check(long firsts, long ends, int units, long spikes) {
    for (int u = 0; u < units; u++) {
      Objects.checkFromToIndex(
          ALL.get(JAVA_LONG_UNALIGNED, at(firsts + 8L * u)),
          ALL.get(JAVA_LONG_UNALIGNED, at(ends + 8L * u)),
          spikes);
    }
  }
}
