/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Owners of memory that C holds tensors over, by the token that C knows them by, until the last of
 * these tensors is deleted. Safe for use by several threads.
 */
final class Owners {
  private static final ConcurrentHashMap<Long, Runnable> BY_TOKEN = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong(1);

  private Owners() {}

  /** Returns a token; {@code release} runs once, when C returns it. */
  static long add(Runnable release) {
    long token = NEXT.getAndIncrement();
    BY_TOKEN.put(token, release);
    return token;
  }

  /** Releases the owner of a token. */
  static void release(long token) {
    Runnable release = BY_TOKEN.remove(token);
    if (release != null) {
      release.run();
    }
  }

  /** Returns of how many chunks, batches and results C holds tensors. */
  static int count() {
    return BY_TOKEN.size();
  }
}
