/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside the heap that grows as asked; what it held is lost when it grows. */
final class Scratch implements AutoCloseable {
  private Arena arena;
  private MemorySegment memory = MemorySegment.NULL;

  /** Returns memory of the size asked for, valid until the next call. */
  MemorySegment atLeast(long bytes) {
    if (memory.byteSize() < bytes) {
      close();
      arena = Arena.ofConfined();
      memory = arena.allocate(Math.max(bytes, 64), 64);
    }
    return memory.asSlice(0, bytes);
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
      memory = MemorySegment.NULL;
    }
  }
}
