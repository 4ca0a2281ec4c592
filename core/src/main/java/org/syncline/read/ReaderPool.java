/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Lends readers, one to a thread at a time, without locks. Readers that are lent out when the pool
 * closes are closed as they come back.
 */
public final class ReaderPool implements AutoCloseable {
  private static final int POOLED = 64;

  private final AtomicReferenceArray<PlanReader> idle = new AtomicReferenceArray<>(POOLED);
  private final Supplier<PlanReader> maker;
  private volatile boolean closed;

  /**
   * Creates an empty pool.
   *
   * @param maker makes a reader where none is idle
   */
  public ReaderPool(Supplier<PlanReader> maker) {
    this.maker = maker;
  }

  /** Returns a reader for the calling thread alone, until it is given back. */
  public PlanReader borrow() {
    int home = home();
    for (int i = 0; i < POOLED; i++) {
      int slot = (home + i) & (POOLED - 1);
      if (idle.getPlain(slot) != null) {
        PlanReader reader = idle.getAndSet(slot, null);
        if (reader != null) {
          return reader;
        }
      }
    }
    return maker.get();
  }

  /** Takes a reader back. */
  public void giveBack(PlanReader reader) {
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
      PlanReader reader = idle.getAndSet(i, null);
      if (reader != null) {
        reader.close();
      }
    }
  }
}
