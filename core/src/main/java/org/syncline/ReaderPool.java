/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Lends readers, one to a thread at a time, without locks. Readers that are lent out when the pool
 * closes are closed as they come back.
 */
final class ReaderPool implements AutoCloseable {
  private static final int POOLED = 64;

  private final AtomicReferenceArray<DatasetReader> idle = new AtomicReferenceArray<>(POOLED);
  private final Supplier<DatasetReader> maker;
  private volatile boolean closed;

  /**
   * Creates an empty pool.
   *
   * @param maker makes a reader where none is idle
   */
  ReaderPool(Supplier<DatasetReader> maker) {
    this.maker = maker;
  }

  /** Returns a reader for the calling thread alone, until it is given back. */
  DatasetReader borrow() {
    int home = home();
    for (int i = 0; i < POOLED; i++) {
      int slot = (home + i) & (POOLED - 1);
      if (idle.getPlain(slot) != null) {
        DatasetReader reader = idle.getAndSet(slot, null);
        if (reader != null) {
          return reader;
        }
      }
    }
    return maker.get();
  }

  /** Takes a reader back. */
  void giveBack(DatasetReader reader) {
    int home = home();
    for (int i = 0; i < POOLED && !closed; i++) {
      int slot = (home + i) & (POOLED - 1);
      if (idle.getPlain(slot) == null && idle.compareAndSet(slot, null, reader)) {
        // a close that looked at this slot before the reader was in it left it to us
        if (closed && idle.compareAndSet(slot, reader, null)) {
          reader.close();
        }
        return;
      }
    }
    reader.close();
  }

  private static int home() {
    long id = Thread.currentThread().threadId();
    return (int) (id ^ id >>> 6) & (POOLED - 1);
  }

  /** Closes the idle readers; any number of times. */
  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < POOLED; i++) {
      DatasetReader reader = idle.getAndSet(i, null);
      if (reader != null) {
        reader.close();
      }
    }
  }
}
