/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.Arena;
import org.syncline.error.ClosedException;

/**
 * The shared arena that holds all maps and caches of one dataset, with a close that may be called any number of times
 * and one exception for use after it. Safe for use by several threads.
 */
public final class DataArena implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final String what;
  private boolean closed;

  /** Creates an open arena; {@code what} names its owner in messages, for instance {@code "ChunkDataset /data/rec1"}. */
  public DataArena(String what) {
    this.what = what;
  }

  /**
   * Returns the arena to open files with; its own close is never called by others.
   *
   * @throws ClosedException after close
   */
  public Arena arena() {
    ensureOpen();
    return arena;
  }

  /** Returns whether close was not called yet. */
  public boolean isOpen() {
    return arena.scope().isAlive();
  }

  /** Checks that the arena is open; throws ClosedException otherwise. */
  public void ensureOpen() {
    if (!arena.scope().isAlive()) {
      throw new ClosedException(what);
    }
  }

  /**
   * Turns what an access that raced with close has thrown into what the caller documents: use as {@code catch
   * (IllegalStateException e) { throw arena.translate(e); }}.
   *
   * @return ClosedException where the arena is closed, else the exception given
   */
  public RuntimeException translate(IllegalStateException e) {
    return e instanceof ClosedException || arena.scope().isAlive() ? e : new ClosedException(what);
  }

  /** Unmaps and frees everything; any number of times. Accesses under way raise ClosedException. */
  @Override
  public synchronized void close() {
    if (!closed) {
      arena.close();
      closed = true;
    }
  }
}
