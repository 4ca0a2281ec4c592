/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.syncline.os.Posix;
import org.syncline.storage.SharedArena;

/**
 * The order of batches: a function of seed and epoch alone. Lists of indices lie off the heap,
 * since hundreds of sessions have tens of millions.
 *
 * <p>Thread rule: {@link #begin}, {@link #session} and {@link #indices} are called by one thread at
 * a time, which draws; what says how many batches there are, whose they are, and what a state needs
 * is called by any thread meanwhile.
 */
abstract class Order implements AutoCloseable {
  /** The latest epoch that can be asked for: whoever goes on from it reaches no number below 0. */
  static final long LAST_EPOCH = 1L << 62;

  private static final int[] NONE = {};

  /** Numbers that may be drawn to reach an epoch: some minutes. */
  private static final double MOST_DRAWS = 1L << 36;

  /** Looked at while much is drawn. */
  final Halt halt = new Halt();

  final int[] lengths;
  final int[] batches;
  final int batchSize;
  final boolean dropLast;
  final boolean shuffle;
  private final Arena arena = new SharedArena();

  /** Places of each session's list that are left out, ascending; lengths do not count them. */
  private int[][] leftOut;

  Order(int[] lengths, int batchSize, boolean dropLast, boolean shuffle) {
    this.lengths = lengths.clone();
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.shuffle = shuffle;
    batches = new int[lengths.length];
    for (int s = 0; s < lengths.length; s++) {
      batches[s] = batches(lengths[s], batchSize, dropLast);
    }
  }

  /** Returns how many batches so many chunks make. */
  static int batches(int length, int batchSize, boolean dropLast) {
    return dropLast ? length / batchSize : (int) (((long) length + batchSize - 1) / batchSize);
  }

  /** Returns the number of batches of an epoch, or so far where that grows. */
  abstract int batches();

  /**
   * Returns whether batches are added while the loader runs. Such an order has one epoch, whose end
   * is where the next batch will be.
   */
  boolean grows() {
    return false;
  }

  /** Takes note that no batch before this one is asked for again; any thread. */
  void reached(int batch) {}

  /** Makes ready for an epoch. */
  abstract void begin(long epoch);

  /** Returns the session of a batch of the epoch begun, or of its first chunk. */
  abstract int session(int batch);

  /**
   * Returns the session of each chunk of a batch of the epoch begun, which nobody changes, or null
   * where all are of one.
   */
  int[] sessions(int batch) {
    return null;
  }

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

  // ---------------------------------------------------------------- states; any thread

  /** Returns this order's part of a state of an epoch. */
  OrderState state(long epoch) {
    return OrderState.NONE;
  }

  /** Goes on from a part of a state that this kind of order made; only while nobody draws. */
  void restore(OrderState state) {}

  /**
   * Goes on from a state of the Python original's; only while nobody draws. Most orders have no
   * likeness there.
   *
   * @param keys names of the sessions
   * @param seed the loader's
   * @throws org.syncline.error.ConfigException where it does not carry enough to go on exactly
   */
  void restore(OriginalState state, long epoch, int position, List<String> keys, long seed) {
    throw StateTree.problem(
        "cycle",
        "found a state of the original's concatenated loader, expected Cycle.CONCATENATED here");
  }

  /**
   * Returns why an epoch cannot be reached, or null where it can. Called while nobody draws.
   *
   * @param from the part of a state to go on from, or null: from here
   */
  String unreachable(long epoch, OrderState from) {
    return null;
  }

  /** Returns why so many epochs cannot be drawn to reach one, or null where they can. */
  static String tooFar(long epoch, long epochs, long drawsPerEpoch) {
    double draws = (double) epochs * drawsPerEpoch;
    return draws <= MOST_DRAWS
        ? null
        : String.format(
            Locale.ROOT,
            "epoch %d can be drawn only after the %d epochs before it, %.1e numbers, expected at most"
                + " %.1e: restore a state of a loader that ran through them",
            epoch,
            epochs,
            draws,
            MOST_DRAWS);
  }

  // ---------------------------------------------------------------- shares; any thread

  /** Returns how many batches a share has after {@code offset} batches of all shares. */
  int steps(int offset, Share share) {
    return of(batches() - offset, share);
  }

  /** Returns how many of so many batches a share has. */
  static int of(int left, Share share) {
    if (left <= 0) {
      return 0;
    }
    int world = share.worldSize();
    int rank = share.rank();
    return switch (share.remainder()) {
      case PAD -> (int) ((left + world - 1L) / world);
      case DROP -> left / world;
      case UNEVEN -> left <= rank ? 0 : (int) ((left - rank + world - 1L) / world);
    };
  }

  /**
   * Returns the place in the epoch of a share's batch, after {@code offset} batches of all shares
   * and {@code step} of its own: at or past {@link #batches} where the epoch begins again as
   * padding. Grows with the step.
   */
  long place(int offset, int step, Share share) {
    return consumed(offset, step, share) + share.rank();
  }

  /** Returns how many batches all shares together have behind them after so many of each. */
  final long consumed(int offset, int step, Share share) {
    return offset + (long) step * share.worldSize();
  }

  // ---------------------------------------------------------------- for those that extend it

  /**
   * Leaves places of the sessions' lists out, which have so many more chunks than their lengths
   * say: lists are drawn with them, and have them taken out. Before anything is drawn.
   */
  void leaveOut(int[][] places) {
    leftOut = places;
  }

  private int[] leftOut(int session) {
    return leftOut == null ? NONE : leftOut[session];
  }

  /** Returns the chunks of a session's list before any is left out. */
  final int listed(int session) {
    return lengths[session] + leftOut(session).length;
  }

  /** Returns the place in a session's list in natural order of the k-th that is not left out. */
  final int natural(int session, int k) {
    int[] out = leftOut(session);
    int low = 0;
    int high = out.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (out[middle] - middle <= k) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return k + low;
  }

  /** Takes out of a session's drawn list what is left out; the rest moves up. */
  final void takeOut(int session, int[] list) {
    int[] out = leftOut(session);
    if (out.length == 0) {
      return;
    }
    int n = 0;
    for (int place : list) {
      if (Arrays.binarySearch(out, place) < 0) {
        list[n++] = place;
      }
    }
  }

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
