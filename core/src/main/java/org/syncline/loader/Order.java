/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.os.Posix;

/**
 * The order of batches: a function of seed and epoch alone. Used by one thread at a time. Lists of
 * indices lie off the heap, since hundreds of sessions have tens of millions.
 */
abstract class Order implements AutoCloseable {
  final int[] lengths;
  final int[] batches;
  final int batchSize;
  final boolean dropLast;
  final boolean shuffle;
  private final Arena arena = Arena.ofShared();

  Order(int[] lengths, int batchSize, boolean dropLast, boolean shuffle) {
    this.lengths = lengths.clone();
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.shuffle = shuffle;
    batches = new int[lengths.length];
    for (int s = 0; s < lengths.length; s++) {
      batches[s] =
          dropLast
              ? lengths[s] / batchSize
              : (int) (((long) lengths[s] + batchSize - 1) / batchSize);
    }
  }

  /** Returns the number of batches of an epoch. */
  abstract int batches();

  /** Makes ready for an epoch. */
  abstract void begin(long epoch);

  /** Returns the session of a batch of the epoch begun. */
  abstract int session(int batch);

  /**
   * Writes the chunk indices of a batch of the epoch begun.
   *
   * @return how many
   */
  abstract int indices(int batch, int[] target);

  /** Draws everything from another seed from now on. */
  abstract void reseed(long seed, long[] sessionSeeds);

  /** Returns the chunks of all batches of an epoch. */
  abstract long chunks();

  /** Returns how many chunks batch {@code ordinal} of a session has. */
  final int size(int session, int ordinal) {
    return (int) Math.min(batchSize, lengths[session] - (long) ordinal * batchSize);
  }

  /** Returns the chunks of a session that its batches cover. */
  final int covered(int session) {
    return dropLast ? batches[session] * batchSize : lengths[session];
  }

  final MemorySegment ints(long count) {
    return Posix.allocate(
        arena, Math.multiplyExact(Math.max(count, 1), (long) Integer.BYTES), false);
  }

  final int copy(MemorySegment list, long first, int count, int[] target) {
    MemorySegment.copy(list, ValueLayout.JAVA_INT, first * Integer.BYTES, target, 0, count);
    return count;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
