/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.syncline.random.LegacyRandomState;

/**
 * The original's order over concatenated sessions: {@code RandomState(seed + i + 1)} shuffles session i's list once an epoch,
 * {@code RandomState(seed)} shuffles the list of sessions once a round. The generators run on from epoch to epoch.
 */
final class ConcatenatedOrder extends Order {
  private long seed;
  private final int count;
  private final int rounds;
  private final int total;
  private final long[] bases;
  private final MemorySegment permutations;
  private final MemorySegment sessionOf;
  private final MemorySegment ordinalOf;
  private LegacyRandomState rounder;
  private LegacyRandomState[] shufflers;
  private long begun = -1;

  // a state of the original's makes the generators go on from there, not from the seed
  private volatile LoaderState.Anchor anchor;

  ConcatenatedOrder(int[] lengths, int batchSize, boolean dropLast, boolean shuffle, long seed) {
    super(lengths, batchSize, dropLast, shuffle);
    this.seed = seed;
    count = lengths.length;
    bases = new long[count];
    long chunks = 0;
    long sum = 0;
    int most = 0;
    for (int s = 0; s < count; s++) {
      bases[s] = chunks;
      chunks += lengths[s];
      sum += batches[s];
      most = Math.max(most, batches[s]);
    }
    rounds = most;
    total = Math.toIntExact(sum);
    permutations = shuffle ? ints(chunks) : null;
    sessionOf = ints(total);
    ordinalOf = ints(total);
  }

  @Override
  int batches() {
    return total;
  }

  @Override
  long chunks() {
    long sum = 0;
    for (int s = 0; s < count; s++) {
      sum += covered(s);
    }
    return sum;
  }

  /** Makes the generators of an epoch's beginning the base of everything after; null: back to the seed. */
  void anchor(LoaderState.Anchor anchor) {
    this.anchor = anchor;
    begun = -1;
  }

  /** Returns the anchor, or null where the seed is the base. */
  LoaderState.Anchor anchored() {
    return anchor;
  }

  /** Returns the first epoch that can be drawn. */
  long anchorEpoch() {
    LoaderState.Anchor a = anchor;
    return a == null ? 0 : a.epoch();
  }

  @Override
  void reseed(long seed, long[] sessionSeeds) {
    this.seed = seed;
    begun = -1;
  }

  @Override
  void begin(long epoch) {
    if (epoch == begun) {
      return;
    }
    if (epoch < anchorEpoch()) {
      throw new IllegalArgumentException(
          "epoch " + epoch + " lies before epoch " + anchorEpoch() + ", where the imported state begins");
    }
    if (!shuffle) {
      if (begun < 0) {
        arrange(naturalOrder());
      }
      begun = epoch;
      return;
    }
    long next = begun + 1;
    if (begun < 0 || epoch < next) {
      reset();
      next = anchorEpoch();
    }
    int[] order = new int[count];
    for (; next < epoch; next++) {
      for (int s = 0; s < count; s++) {
        shufflers[s].shuffle(naturalList(s));
      }
      for (int r = 0; r < rounds; r++) {
        rounder.shuffle(fill(order));
      }
    }
    for (int s = 0; s < count; s++) {
      int[] list = naturalList(s);
      shufflers[s].shuffle(list);
      MemorySegment.copy(
          list, 0, permutations, ValueLayout.JAVA_INT, bases[s] * Integer.BYTES, list.length);
    }
    arrange(order);
    begun = epoch;
  }

  private void reset() {
    rounder = anchor == null ? new LegacyRandomState(seed) : new LegacyRandomState(anchor.rounder());
    shufflers = new LegacyRandomState[count];
    for (int s = 0; s < count; s++) {
      shufflers[s] =
          anchor == null
              ? new LegacyRandomState((seed + s + 1) & 0xFFFFFFFFL)
              : new LegacyRandomState(anchor.sessions()[s]);
    }
  }

  private void arrange(int[] order) {
    int[] taken = new int[count];
    int at = 0;
    for (int r = 0; r < rounds; r++) {
      fill(order);
      if (shuffle) {
        rounder.shuffle(order);
      }
      for (int s : order) {
        if (taken[s] < batches[s]) {
          sessionOf.setAtIndex(ValueLayout.JAVA_INT, at, s);
          ordinalOf.setAtIndex(ValueLayout.JAVA_INT, at, taken[s]++);
          at++;
        }
      }
    }
  }

  private int[] naturalOrder() {
    return fill(new int[count]);
  }

  private int[] naturalList(int session) {
    return fill(new int[lengths[session]]);
  }

  private static int[] fill(int[] list) {
    Arrays.setAll(list, i -> i);
    return list;
  }

  @Override
  int session(int batch) {
    return sessionOf.getAtIndex(ValueLayout.JAVA_INT, batch);
  }

  @Override
  int indices(int batch, int[] target) {
    int s = session(batch);
    int ordinal = ordinalOf.getAtIndex(ValueLayout.JAVA_INT, batch);
    int n = size(s, ordinal);
    long first = (long) ordinal * batchSize;
    if (shuffle) {
      return copy(permutations, bases[s] + first, n, target);
    }
    for (int i = 0; i < n; i++) {
      target[i] = (int) first + i;
    }
    return n;
  }

  /** Returns the states of the generators before the lists of an epoch are shuffled: sessions in order, then the rounds'. */
  LegacyRandomState.State[] generatorsBefore(long epoch) {
    begun = -1;
    reset();
    int[] order = new int[count];
    for (long e = anchorEpoch(); e < epoch; e++) {
      for (int s = 0; s < count; s++) {
        shufflers[s].shuffle(naturalList(s));
      }
      for (int r = 0; r < rounds; r++) {
        rounder.shuffle(fill(order));
      }
    }
    LegacyRandomState.State[] states = new LegacyRandomState.State[count + 1];
    for (int s = 0; s < count; s++) {
      states[s] = shufflers[s].state();
    }
    states[count] = rounder.state();
    return states;
  }
}
