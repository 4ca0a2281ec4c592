/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The loader's seed and what follows from it for orders and sessions. */
final class SessionSeeds {
  private final List<Session> sessions;
  private final boolean given;
  private final Order order;
  private final EpochStarts starts;
  private long seed;

  SessionSeeds(List<Session> sessions, long seed, boolean given, Order order, EpochStarts starts) {
    this.sessions = sessions;
    this.given = given;
    this.order = order;
    this.starts = starts;
    this.seed = seed;
  }

  /** Returns {@code seed + (first four bytes, big-endian, of SHA-256 of the key) mod 10000}. */
  static long derived(long seed, String key) {
    long head = Integer.toUnsignedLong(ByteBuffer.wrap(sha256(key)).getInt());
    return seed + head % 10000;
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the seeds of the sessions' orders. */
  static long[] orderSeeds(List<Session> sessions, long seed) {
    long[] seeds = new long[sessions.size()];
    for (int s = 0; s < seeds.length; s++) {
      seeds[s] = derived(seed, sessions.get(s).key);
    }
    return seeds;
  }

  /** Returns the seeds of the sessions' start times: the dataset's own where it has one. */
  static long[] startSeeds(List<Session> sessions, long seed) {
    return sessions.stream()
        .mapToLong(s -> (s.seed != null ? s.seed : derived(seed, s.key)) & 0xFFFFFFFFL)
        .toArray();
  }

  /** Returns whether the seed is the caller's. */
  boolean given() {
    return given;
  }

  synchronized long seed() {
    return seed;
  }

  /** Makes everything follow from another seed; only while no order is being drawn. */
  synchronized void set(long seed) {
    this.seed = seed;
    order.reseed(seed, orderSeeds(sessions, seed));
    if (starts != null) {
      starts.reseed(startSeeds(sessions, seed));
    }
  }
}
