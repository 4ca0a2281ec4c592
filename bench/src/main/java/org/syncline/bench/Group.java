/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What runs together in one JVM: all kernels at one size, all frames, all spikes, all shapes. */
enum Group {
  /** Rows of 2,039 elements; odd, so that tails count. */
  L1(2_039),
  /** Rows of 60,013 elements. */
  L2(60_013),
  /** Rows of 8,000,003 elements: beyond the last-level cache. */
  MEM(8_000_003),
  /** One frame. */
  FRAME(1),
  /** Counting and smoothing; the number is that of the spikes. */
  SPIKES(10_000_000),
  /** One chunk. */
  CHUNK(1),
  /** A batch of 16 chunks. */
  BATCH(16);

  final int count;

  Group(int count) {
    this.count = count;
  }

  private Map<String, KernelCases.Maker> makers() {
    return switch (this) {
      case L1, L2, MEM -> KernelCases.all();
      case FRAME -> FrameCases.all();
      case SPIKES -> SpikeCases.all();
      case CHUNK, BATCH -> ChunkCases.all(count);
    };
  }

  /** Returns the names of all cases. */
  Set<String> names() {
    return makers().keySet();
  }

  /** Makes the cases whose names a regular expression finds. */
  Map<String, KernelCase> make(Arena arena, String filter) {
    Map<String, KernelCase> cases = new LinkedHashMap<>();
    java.util.regex.Pattern pattern = java.util.regex.Pattern.compile(filter);
    makers()
        .forEach(
            (name, maker) -> {
              if (pattern.matcher(name).find()) {
                cases.put(name, maker.make(arena, count));
              }
            });
    return cases;
  }
}
