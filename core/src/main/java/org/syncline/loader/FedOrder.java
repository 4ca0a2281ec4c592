/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * An order that its user says batch by batch while the loader runs. It has as many batches as were
 * named, so its end moves; what was planned is forgotten.
 *
 * <p>Thread rule: batches are named by any thread, also while a worker plans; this object's monitor
 * is held for some instructions.
 */
final class FedOrder extends Order {
  /** How loaders make this order; there are no states of it. */
  static final OrderType TYPE =
      new OrderType() {
        @Override
        public String name() {
          return "fed";
        }

        @Override
        public Order create(Input in) {
          return new FedOrder(in.lengths(), in.batchSize());
        }
      };

  /** The sessions are null where all chunks are of the one. */
  private record Named(int session, int[] sessions, int[] indices) {}

  // guarded by this
  private final ArrayDeque<Named> named = new ArrayDeque<>();
  private int first;

  // written under the monitor; read without it by those that ask whether there is more
  private volatile int count;
  private volatile long chunks;

  FedOrder(int[] lengths, int batchSize) {
    super(lengths, batchSize, false, false);
  }

  /**
   * Names the next batch.
   *
   * @param indices not changed afterwards
   * @throws IllegalArgumentException for a session or an index that there is not, or a batch that
   *     is empty or too large
   */
  void add(int session, int[] indices) {
    checkSize(indices);
    for (int index : indices) {
      check(session, index);
    }
    add(new Named(session, null, indices));
  }

  /**
   * Names the next batch, of chunks of several sessions.
   *
   * @param sessions one for each index; not changed afterwards, as the indices
   * @throws IllegalArgumentException as the other; also for another number of sessions than of
   *     indices
   */
  void add(int[] sessions, int[] indices) {
    checkSize(indices);
    if (sessions.length != indices.length) {
      throw new IllegalArgumentException(
          "found " + sessions.length + " sessions and " + indices.length + " indices");
    }
    for (int k = 0; k < indices.length; k++) {
      check(sessions[k], indices[k]);
    }
    add(new Named(sessions[0], sessions, indices));
  }

  private void checkSize(int[] indices) {
    if (indices.length < 1 || indices.length > batchSize) {
      throw new IllegalArgumentException(
          "found " + indices.length + " indices, expected 1 … " + batchSize + ", the batch size");
    }
  }

  private void check(int session, int index) {
    if (session < 0 || session >= lengths.length) {
      throw new IllegalArgumentException(
          "session is " + session + ", expected 0 … " + (lengths.length - 1));
    }
    if (index < 0 || index >= lengths[session]) {
      throw new IllegalArgumentException(
          "index is " + index + ", expected 0 … " + (lengths[session] - 1));
    }
  }

  private synchronized void add(Named batch) {
    named.addLast(batch);
    chunks += batch.indices.length;
    count = Math.addExact(count, 1);
  }

  /** Forgets every batch; only while nobody plans. */
  synchronized void clear() {
    named.clear();
    first = 0;
    chunks = 0;
    count = 0;
  }

  @Override
  boolean grows() {
    return true;
  }

  @Override
  int batches() {
    return count;
  }

  @Override
  long chunks() {
    return chunks;
  }

  @Override
  void begin(long epoch) {}

  private Named at(int batch) {
    if (batch == first) {
      return named.getFirst();
    }
    // batches to come, for which files are asked for ahead: few
    Iterator<Named> rest = named.iterator();
    for (int k = first; k < batch; k++) {
      rest.next();
    }
    return rest.next();
  }

  @Override
  synchronized void reached(int batch) {
    for (; first < batch; first++) {
      named.removeFirst();
    }
  }

  @Override
  synchronized int session(int batch) {
    return at(batch).session;
  }

  @Override
  synchronized int[] sessions(int batch) {
    return at(batch).sessions;
  }

  @Override
  synchronized int indices(int batch, int[] target) {
    int[] indices = at(batch).indices;
    System.arraycopy(indices, 0, target, 0, indices.length);
    return indices.length;
  }

  @Override
  void reseed(long seed, long[] sessionSeeds) {}
}
