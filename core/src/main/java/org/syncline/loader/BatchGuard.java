/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.syncline.error.ClosedException;
import org.syncline.setting.Setting;
import org.syncline.storage.SharedArena;

/**
 * Ends the memory of one batch with the batch, where the slot lives on, and remembers where that
 * was: what {@link Setting#DEBUG_BATCHES} asks for. Each such close stops all threads for an
 * instant and writes down its stack, so that programs which look for a mistake of theirs have it,
 * and no other.
 */
final class BatchGuard {
  /** Where the last reference was given back. */
  private static final class ClosedHere extends Throwable {
    private static final long serialVersionUID = 1;

    ClosedHere(String batch) {
      super(batch + " was closed here, by thread " + Thread.currentThread().getName());
    }
  }

  private final Arena arena = new SharedArena();
  private final String batch;
  private volatile String how;
  private volatile Throwable where;

  BatchGuard(String batch) {
    this.batch = batch;
  }

  /** Returns the memory of a slot, as long as the batch is not closed. */
  @SuppressWarnings("restricted") // of the same size; the slot's own arena outlives its batches
  MemorySegment memory(Slot slot) {
    return slot.memory.reinterpret(arena, null);
  }

  /** Takes note of the caller as the one who gives the last reference back. */
  void closing() {
    Optional<String> frame =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .filter(
                            f ->
                                !f.getClassName().equals(Batch.class.getName())
                                    && !f.getClassName().equals(BatchGuard.class.getName()))
                        .findFirst()
                        .map(f -> f.toStackTraceElement().toString()));
    where = new ClosedHere(batch);
    how =
        "it was closed by thread "
            + Thread.currentThread().getName()
            + " at "
            + frame.orElse("an unknown place");
  }

  /** Ends the memory: segments and buffers over it raise IllegalStateException from then on. */
  void close() {
    arena.close();
  }

  /** Throws where the batch is closed. */
  void check() {
    if (!arena.scope().isAlive()) {
      throw closed();
    }
  }

  ClosedException closed() {
    return new ClosedException(batch, how, where);
  }
}
