/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The order of separate sessions joined by a cycler; a loader of one recording is the same with one
 * session. Pass p of a session is a permutation drawn from (the session's seed, p) alone, so that
 * any pass can be drawn without the ones before.
 *
 * <p>Where ranks share each session out by itself, this is the order of one rank: a session has the
 * batches of its share, and places count them.
 */
final class CycledOrder extends Order {
  static final OrderType LONG = new Type("long", Rule.LONG);
  static final OrderType SHORT = new Type("short", Rule.SHORT);
  static final OrderType EXHAUSTING = new Type("exhausting", Rule.EXHAUSTING);

  /** A loader of one recording. */
  static final OrderType CHUNKS = new Type("chunks", Rule.EXHAUSTING);

  /** Which session comes next; {@link Cycle} has examples. */
  enum Rule {
    LONG,
    SHORT,
    EXHAUSTING
  }

  private record Type(String name, Rule rule) implements OrderType {
    @Override
    public Order create(Input in) {
      return new CycledOrder(
          rule,
          in.lengths(),
          in.batchSize(),
          in.dropLast(),
          in.shuffle(),
          in.sessionSeeds(),
          in.share());
    }
  }

  private final Rule rule;

  /** Which part of each session is handed out. */
  private final Share share;

  /** Batches of each session's share. */
  private final int[] parts;

  private long[] seeds;
  private final boolean bySession;
  private final int count;
  private final int longest;
  private final int shortest;
  private final int total;
  private final int[] starts;
  private final MemorySegment[] permutations;
  private final long[] pass;
  private final boolean[] isDrawn;
  private long epoch;

  CycledOrder(
      Rule rule,
      int[] lengths,
      int batchSize,
      boolean dropLast,
      boolean shuffle,
      long[] seeds,
      Share share) {
    super(lengths, batchSize, dropLast, shuffle);
    this.rule = rule;
    this.share = share == null ? new Share(0, 1, Remainder.PAD) : share;
    bySession = share != null;
    parts = new int[lengths.length];
    for (int s = 0; s < lengths.length; s++) {
      parts[s] = of(batches[s], this.share);
    }
    this.seeds = seeds.clone();
    count = lengths.length;
    int most = 0;
    int fewest = count == 0 ? 0 : Integer.MAX_VALUE;
    for (int n : parts) {
      most = Math.max(most, n);
      fewest = Math.min(fewest, n);
    }
    longest = most;
    shortest = fewest;
    starts = new int[count + 1];
    for (int s = 0; s < count; s++) {
      starts[s + 1] = Math.addExact(starts[s], parts[s]);
    }
    total =
        switch (rule) {
          case LONG -> shortest == 0 ? 0 : Math.multiplyExact(count, longest);
          case SHORT -> Math.multiplyExact(count, shortest);
          case EXHAUSTING -> starts[count];
        };
    permutations = new MemorySegment[count];
    pass = new long[count];
    isDrawn = new boolean[count];
  }

  @Override
  int batches() {
    return total;
  }

  @Override
  long chunks() {
    long sum = 0;
    for (int s = 0; s < count && total > 0; s++) {
      sum +=
          switch (rule) {
            case LONG -> longest / parts[s] * prefix(s, parts[s]) + prefix(s, longest % parts[s]);
            case SHORT -> prefix(s, shortest);
            case EXHAUSTING -> prefix(s, parts[s]);
          };
    }
    return sum;
  }

  /** Returns the chunks of the first batches of a session's share. */
  private long prefix(int session, int count) {
    if (share.worldSize() == 1) {
      return Math.min((long) count * batchSize, lengths[session]);
    }
    long sum = 0;
    for (int turn = 0; turn < count; turn++) {
      sum += size(session, ordinal(session, turn));
    }
    return sum;
  }

  /** Returns which batch of a session comes in a turn of its share; padding begins again. */
  private int ordinal(int session, int turn) {
    return (int) (((long) turn * share.worldSize() + share.rank()) % batches[session]);
  }

  @Override
  int steps(int offset, Share share) {
    return bySession ? Math.max(0, total - offset / share.worldSize()) : super.steps(offset, share);
  }

  @Override
  long place(int offset, int step, Share share) {
    return bySession ? offset / share.worldSize() + step : super.place(offset, step, share);
  }

  @Override
  void begin(long epoch) {
    this.epoch = epoch;
  }

  @Override
  int session(int batch) {
    if (rule != Rule.EXHAUSTING) {
      return batch % count;
    }
    int at = Arrays.binarySearch(starts, batch);
    if (at < 0) {
      return -at - 2;
    }
    // sessions without batches share a start with the session after them
    while (starts[at + 1] == batch) {
      at++;
    }
    return at;
  }

  @Override
  int indices(int batch, int[] target) {
    int s = session(batch);
    int turn = rule == Rule.EXHAUSTING ? batch - starts[s] : batch / count;
    int ordinal = ordinal(s, turn % parts[s]);
    int n = size(s, ordinal);
    long first = (long) ordinal * batchSize;
    if (!shuffle) {
      for (int i = 0; i < n; i++) {
        target[i] = natural(s, (int) first + i);
      }
      return n;
    }
    long passes = rule == Rule.LONG ? (longest + parts[s] - 1) / parts[s] : 1;
    draw(s, epoch * passes + turn / parts[s]); // a late epoch may wrap: any number will do
    return copy(permutations[s], first, n, target);
  }

  @Override
  void reseed(long seed, long[] sessionSeeds) {
    seeds = sessionSeeds.clone();
    Arrays.fill(isDrawn, false);
  }

  private void draw(int session, long number) {
    if (isDrawn[session] && pass[session] == number) {
      return;
    }
    int n = listed(session);
    if (permutations[session] == null) {
      permutations[session] = ints(n);
    }
    MemorySegment list = permutations[session];
    long state = mix(mix(seeds[session] + 0x9E3779B97F4A7C15L) + number);
    for (int i = 0; i < n; i++) {
      state += 0x9E3779B97F4A7C15L;
      // multiply-shift of 64 random bits: the bias is below n / 2^64
      int j = (int) Math.unsignedMultiplyHigh(mix(state), i + 1L);
      list.setAtIndex(ValueLayout.JAVA_INT, i, list.getAtIndex(ValueLayout.JAVA_INT, j));
      list.setAtIndex(ValueLayout.JAVA_INT, j, i);
    }
    if (n > lengths[session]) {
      int[] drawn = new int[n];
      copy(list, 0, n, drawn);
      takeOut(session, drawn);
      MemorySegment.copy(drawn, 0, list, ValueLayout.JAVA_INT, 0, lengths[session]);
    }
    pass[session] = number;
    isDrawn[session] = true;
  }

  /**
   * SplitMix64's finaliser: a bijection in which each bit of the input changes half of the output.
   */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
