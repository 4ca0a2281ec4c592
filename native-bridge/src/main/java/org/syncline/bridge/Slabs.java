/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.syncline.storage.SharedArena;

/**
 * Memory of chunks that C reads one by one, used again when their tensors are deleted: fresh pages
 * cost as much as the reading itself. Safe for use by several threads.
 */
final class Slabs {
  private static final int MOST_FREE = 4;
  private static final long ALIGNMENT = 256;

  private final ArrayDeque<Slab> free = new ArrayDeque<>();
  private boolean closed;

  Slabs() {}

  /** One piece of memory. */
  final class Slab implements Runnable {
    private final Arena arena = new SharedArena();
    final MemorySegment memory;

    private Slab(long bytes) {
      MemorySegment m = null;
      try {
        m = arena.allocate(Math.max(1, bytes), ALIGNMENT);
      } finally {
        if (m == null) {
          arena.close();
        }
      }
      memory = m;
      HostMemory.made(memory);
    }

    private void free() {
      HostMemory.freeing(memory);
      arena.close();
    }

    /** Takes it back. */
    @Override
    public void run() {
      Slab out = this;
      synchronized (free) {
        if (!closed) {
          free.addFirst(this);
          out = free.size() > MOST_FREE ? free.removeLast() : null;
        }
      }
      if (out != null) {
        out.free();
      }
    }
  }

  /** Returns memory of at least so many bytes; what it holds is undefined. */
  Slab take(long bytes) {
    synchronized (free) {
      for (Slab s : free) {
        // not for a small chunk what a whole batch was read into
        if (s.memory.byteSize() >= bytes && s.memory.byteSize() / 2 <= bytes) {
          free.remove(s);
          return s;
        }
      }
    }
    return new Slab(bytes);
  }

  /** Returns the place of the next entry after one that ends at an offset. */
  static long align(long offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Frees what nobody holds now, and the rest as it comes back. */
  void close() {
    ArrayDeque<Slab> all;
    synchronized (free) {
      closed = true;
      all = new ArrayDeque<>(free);
      free.clear();
    }
    all.forEach(Slab::free);
  }
}
