/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Blocks of one thread, in which vector loops leave what the next one reads; made once, about 20
 * KiB that live as long as the thread.
 */
final class RowScratch {
  /** Elements of a block: four blocks of float64 stay in half of a 32 KiB L1. */
  static final int BLOCK = 512;

  private static final ThreadLocal<RowScratch> OF_THREAD = ThreadLocal.withInitial(RowScratch::new);

  // a cache line apart from multiples of 4 KiB: no false store-to-load conflicts between blocks
  private static final long BLOCK_BYTES = BLOCK * 8 + 64;

  private final MemorySegment memory = Arena.ofAuto().allocate(4 * BLOCK_BYTES, 64);
  final float[] floats = new float[BLOCK];
  final short[] shorts = new short[BLOCK];
  final long a = memory.address();
  final long b = a + BLOCK_BYTES;
  final long c = b + BLOCK_BYTES;

  /** Belongs to conversions in two steps; a, b and c to their callers. */
  final long step = c + BLOCK_BYTES;

  private RowScratch() {}

  static RowScratch get() {
    return OF_THREAD.get();
  }
}
