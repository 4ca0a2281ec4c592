/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts the threads that are inside something, without a cache line that all of them write. */
final class ReaderCount {
  private static final int STRIPES = 16;

  /** Longs in 128 bytes: two cache lines, for neighbours are fetched in pairs. */
  private static final int LINE = 16;

  private final AtomicLongArray inside = new AtomicLongArray(STRIPES * LINE);

  /** Counts the calling thread in; what it reads afterwards is read after that. */
  void enter() {
    inside.getAndIncrement(stripe());
  }

  /** Counts the calling thread out. */
  void exit() {
    inside.getAndDecrement(stripe());
  }

  /** Returns whether a thread is inside; one that enters meanwhile may be missed. */
  boolean any() {
    long sum = 0;
    for (int i = 0; i < STRIPES; i++) {
      sum += inside.get(i * LINE);
    }
    return sum != 0;
  }

  private static int stripe() {
    return ((int) Thread.currentThread().threadId() & (STRIPES - 1)) * LINE;
  }
}
