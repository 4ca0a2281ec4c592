/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import org.syncline.error.ClosedException;

/**
 * The shared arena that holds all maps and caches of one dataset, with a close that may be called
 * any number of times and one exception for use after it. Safe for use by several threads.
 *
 * <p>Kernels read by absolute address and check no lifetime. Whoever hands them memory of this
 * arena does so between {@link #enter} and {@link #exit}; close lets those who are inside finish
 * before it unmaps.
 */
public final class DataArena implements AutoCloseable {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Arena arena = new SharedArena();
  private final String what;
  private boolean closed;
  private volatile boolean closing;

  private final ReaderCount readers = new ReaderCount();

  /**
   * Creates an open arena; {@code what} names its owner in messages, for instance {@code
   * "ChunkDataset /data/rec1"}.
   */
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

  /**
   * Keeps the memory mapped until {@link #exit}, which the same thread calls in {@code finally};
   * may be nested.
   *
   * @throws ClosedException after close, also where the close waits for others to finish
   */
  public void enter() {
    SharedArena.enter();
    readers.enter();
    // in this order: either close sees this reader, or this reader sees the close
    if (closing) {
      exit();
      throw new ClosedException(what);
    }
  }

  /** Ends what {@link #enter} began. */
  public void exit() {
    readers.exit();
    SharedArena.exit();
  }

  /** Returns whether close was not called yet. */
  public boolean isOpen() {
    return !closing;
  }

  /** Checks that the arena is open; throws ClosedException otherwise. */
  public void ensureOpen() {
    if (closing) {
      throw new ClosedException(what);
    }
  }

  /**
   * Turns what an access that raced with close has thrown into what the caller documents: use as
   * {@code catch (IllegalStateException e) { throw arena.translate(e); }}.
   *
   * @return ClosedException where the arena is closed, else the exception given
   */
  public RuntimeException translate(IllegalStateException e) {
    return e instanceof ClosedException || !closing ? e : new ClosedException(what);
  }

  /**
   * Waits for those inside to finish (at most the time of one chunk), then unmaps and frees
   * everything; any number of times. Whoever comes later gets a ClosedException.
   *
   * @throws IllegalStateException where a reader does not leave within 30 s, for instance a custom
   *     component that closes what it is called by; the memory then stays mapped, and nothing more
   *     can be read
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closing = true;
    long begin = System.nanoTime();
    while (readers.any()) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException(
            what + " is still being read after 30 s: close it outside of what reads it");
      }
      LockSupport.parkNanos(50_000);
    }
    arena.close();
    closed = true;
  }
}
