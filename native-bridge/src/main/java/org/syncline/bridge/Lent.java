/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory that C holds tensors over, by token, until the last of them is deleted. Safe for use by
 * several threads.
 */
final class Lent {
  private static final ConcurrentHashMap<Long, Runnable> BY_TOKEN = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong(1);

  private Lent() {}

  /** Returns a token; {@code giveBack} runs once, when C returns it. */
  static long lend(Runnable giveBack) {
    long token = NEXT.getAndIncrement();
    BY_TOKEN.put(token, giveBack);
    return token;
  }

  /** Runs what was to be run for a token. */
  static void returned(long token) {
    Runnable giveBack = BY_TOKEN.remove(token);
    if (giveBack != null) {
      giveBack.run();
    }
  }

  /** Returns how many chunks, batches and results C holds. */
  static int count() {
    return BY_TOKEN.size();
  }
}
