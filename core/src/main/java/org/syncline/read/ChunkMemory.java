/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Recycles the memory of chunks: fresh memory costs a page fault every 4 KiB and a fill with zeros,
 * more than a chunk's values cost. Safe for use by several threads, without locks.
 */
public final class ChunkMemory {
  private static final int KEPT = 8;
  private static final int ALIGNMENT = 64;

  private final AtomicReferenceArray<MemorySegment> free = new AtomicReferenceArray<>(KEPT);

  /** Keeps no memory yet. */
  public ChunkMemory() {}

  /** Returns the bytes that entries take when each starts on a line of its own. */
  public static long bytes(long[] sizes) {
    long bytes = 0;
    for (long size : sizes) {
      bytes += aligned(size);
    }
    return bytes;
  }

  private static long aligned(long size) {
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Returns memory whose content is undefined; it comes back when the arena closes. */
  @SuppressWarnings(
      "restricted") // the view has the slab's own size and keeps it reachable: nothing can dangle
  public MemorySegment take(long bytes, Arena arena) {
    MemorySegment slab = null;
    for (int i = 0; i < KEPT && slab == null; i++) {
      slab = free.getAndSet(i, null);
    }
    if (slab == null || slab.byteSize() < bytes) {
      slab = Arena.ofAuto().allocate(bytes, ALIGNMENT);
    }
    MemorySegment memory = slab;
    return memory
        .reinterpret(memory.byteSize(), arena, closing -> giveBack(memory))
        .asSlice(0, bytes);
  }

  private void giveBack(MemorySegment slab) {
    for (int i = 0; i < KEPT; i++) {
      if (free.compareAndSet(i, null, slab)) {
        return;
      }
    }
  }

  /** Cuts memory into entries of the given sizes. */
  public static MemorySegment[] cut(MemorySegment memory, long[] sizes) {
    MemorySegment[] parts = new MemorySegment[sizes.length];
    long offset = 0;
    for (int i = 0; i < sizes.length; i++) {
      parts[i] = memory.asSlice(offset, sizes[i]);
      offset += aligned(sizes[i]);
    }
    return parts;
  }

  /** Forgets the memory that is not in use. */
  public void clear() {
    for (int i = 0; i < KEPT; i++) {
      free.set(i, null);
    }
  }
}
