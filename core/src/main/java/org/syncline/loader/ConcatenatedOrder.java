/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.random.LegacyRandomState;

/**
 * The original's order over concatenated sessions: {@code RandomState(seed + i + 1)} shuffles
 * session i's list once an epoch, {@code RandomState(seed)} shuffles the list of sessions once a
 * round. The generators run on from epoch to epoch.
 *
 * <p>With weights an epoch is one round, which holds each session as often as its weight says.
 */
final class ConcatenatedOrder extends Order {
  /** How loaders make this order and states know it. */
  static final OrderType TYPE =
      new OrderType() {
        @Override
        public String name() {
          return "concatenated";
        }

        @Override
        public Order create(Input in) {
          return new ConcatenatedOrder(
              in.lengths(),
              in.batchSize(),
              in.dropLast(),
              in.shuffle(),
              in.seed(),
              in.weights(),
              in.trailApart());
        }

        @Override
        public OrderState read(StateTree json, int recordings, long epoch) {
          return State.read(json, recordings, epoch);
        }
      };

  /** Generators at the beginning of an epoch, where they do not follow from the seed. */
  record Anchor(long epoch, LegacyRandomState.State rounder, LegacyRandomState.State[] sessions) {}

  /**
   * This order's part of a state.
   *
   * @param anchor what all epochs after it are drawn from, or null: the seed
   * @param checkpoint generators as they stood shortly before the state, or null
   */
  private record State(Anchor anchor, GeneratorTrail.Entry checkpoint) implements OrderState {
    private static final String ANCHOR = "generators";
    private static final String CHECKPOINT = "order";

    @Override
    public void write(Map<String, Object> json) {
      if (anchor != null) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("epoch", anchor.epoch);
        map.put("rounds", GeneratorText.write(anchor.rounder));
        map.put("sessions", Arrays.stream(anchor.sessions).map(GeneratorText::write).toList());
        json.put(ANCHOR, map);
      }
      if (checkpoint != null) {
        checkpoint.write(json, CHECKPOINT);
      }
    }

    static State read(StateTree json, int recordings, long epoch) {
      Anchor anchor = null;
      if (json.has(ANCHOR)) {
        StateTree map = json.tree(ANCHOR);
        anchor =
            new Anchor(
                map.integer("epoch"),
                GeneratorText.read(map.get("rounds"), map.at("rounds")),
                GeneratorText.readAll(map, "sessions"));
        if (anchor.sessions.length != recordings || anchor.epoch < 0) {
          throw StateTree.problem(
              ANCHOR, "found " + anchor.sessions.length + " sessions, expected " + recordings);
        }
      }
      long first = anchor == null ? 0 : Math.min(anchor.epoch, epoch);
      return new State(
          anchor, GeneratorTrail.Entry.read(json, CHECKPOINT, recordings + 1, first, epoch));
    }

    @Override
    public void check(long epoch) {
      if (anchor != null && epoch < anchor.epoch) {
        throw StateTree.problem(
            ANCHOR + ".epoch", "found " + anchor.epoch + ", expected at most " + epoch);
      }
    }
  }

  private long seed;
  private final int count;
  private final int rounds;
  private final Weights weights;

  /** Batches of each session in an epoch. */
  private final int[] counts;

  /** The sessions of a round before it is shuffled. */
  private final int[] turns;

  private final int total;
  private final long[] bases;
  private final MemorySegment permutations;
  private final MemorySegment sessionOf;
  private final MemorySegment ordinalOf;
  private LegacyRandomState rounder;
  private final LegacyRandomState[] shufflers;
  private final int[] order;
  private final int[] taken;
  private final long[] drawnLists;
  private long drawnRounds;
  private int round;
  private int arranged;
  private long begun = -1;

  // a state of the original's makes the generators go on from there, not from the seed
  private volatile Anchor anchor;
  private final GeneratorTrail trail;
  private final long drawsPerEpoch;
  private final long lagging;

  ConcatenatedOrder(int[] lengths, int batchSize, boolean dropLast, boolean shuffle, long seed) {
    this(lengths, batchSize, dropLast, shuffle, seed, null, GeneratorTrail.APART);
  }

  ConcatenatedOrder(
      int[] lengths,
      int batchSize,
      boolean dropLast,
      boolean shuffle,
      long seed,
      Weights weights,
      long apart) {
    super(lengths, batchSize, dropLast, shuffle);
    this.seed = seed;
    count = lengths.length;
    bases = new long[count];
    shufflers = new LegacyRandomState[count];
    this.weights = weights;
    counts = weights == null ? batches : weights.counts();
    turns = weights == null ? fill(new int[count]) : weights.turns();
    order = new int[turns.length];
    taken = new int[count];
    drawnLists = new long[count];
    long chunks = 0;
    long sum = 0;
    int most = 0;
    for (int s = 0; s < count; s++) {
      bases[s] = chunks;
      chunks += lengths[s];
      sum += counts[s];
      most = Math.max(most, counts[s]);
    }
    rounds = weights == null ? most : 1;
    total = Math.toIntExact(sum);
    drawsPerEpoch = chunks + (long) rounds * turns.length;
    trail = new GeneratorTrail(drawsPerEpoch, apart);
    lagging = apart;
    boolean ok = false;
    try {
      permutations = shuffle ? ints(chunks) : null;
      sessionOf = ints(total);
      ordinalOf = ints(total);
      ok = true;
    } finally {
      if (!ok) {
        close();
      }
    }
  }

  @Override
  int batches() {
    return total;
  }

  @Override
  long chunks() {
    long sum = 0;
    for (int s = 0; s < count; s++) {
      if (batches[s] > 0) {
        long begun = (long) (counts[s] % batches[s]) * batchSize;
        sum += (long) (counts[s] / batches[s]) * covered(s) + Math.min(begun, lengths[s]);
      }
    }
    return sum;
  }

  /**
   * Makes the generators of an epoch's beginning the base of everything after; null: back to the
   * seed.
   */
  void anchor(Anchor anchor) {
    this.anchor = anchor;
    resume(null);
  }

  /**
   * Draws from here on with the help of generators as they stood at an epoch, or, where they are
   * null, with none but those that the seed or the anchor gives.
   */
  private void resume(GeneratorTrail.Entry entry) {
    trail.clear(anchorEpoch());
    if (entry != null) {
      trail.add(entry);
    }
    begun = -1;
  }

  @Override
  OrderState state(long epoch) {
    return new State(anchor, trail.before(epoch));
  }

  @Override
  void restore(OrderState state) {
    State own = state instanceof State s ? s : new State(null, null);
    anchor(own.anchor);
    resume(own.checkpoint);
  }

  @Override
  void restore(OriginalState state, long epoch, int position, List<String> keys, long seed) {
    state.restore(this, epoch, position, keys, seed);
  }

  @Override
  String unreachable(long epoch, OrderState from) {
    Anchor base = from instanceof State s ? s.anchor : from == null ? anchor : null;
    long first = base == null ? 0 : base.epoch;
    if (epoch < first) {
      return "epoch is " + epoch + ", but the imported state begins with epoch " + first;
    }
    GeneratorTrail.Entry near =
        from instanceof State s ? s.checkpoint : from == null ? trail.before(epoch) : null;
    if (near != null) {
      first = near.epoch();
    }
    if (from == null && begun <= epoch) {
      first = Math.max(first, begun);
    }
    return shuffle ? tooFar(epoch, epoch - first, drawsPerEpoch) : null;
  }

  /** Returns the anchor, or null where the seed is the base. */
  Anchor anchored() {
    return anchor;
  }

  /** Returns the weights of the sessions, or null. */
  Weights weights() {
    return weights;
  }

  /** Returns the first epoch that can be drawn. */
  private long anchorEpoch() {
    Anchor a = anchor;
    return a == null ? 0 : a.epoch();
  }

  @Override
  void reseed(long seed, long[] sessionSeeds) {
    this.seed = seed;
    resume(null);
  }

  @Override
  void begin(long epoch) {
    if (epoch == begun) {
      return;
    }
    long before = begun;
    begun = -1; // a stop in between makes the next call start again
    if (shuffle) {
      if (before < 0 || epoch < before) {
        reset(epoch);
      } else {
        drawRounds(rounds - round);
        drawnRounds++;
      }
      drawRounds((epoch - drawnRounds) * rounds);
      drawnRounds = epoch;
      if (trail.due(epoch) && drawLaggingLists(epoch)) {
        trail.add(new GeneratorTrail.Entry(epoch, generators()));
      }
    }
    if (shuffle || before < 0) {
      Arrays.fill(taken, 0);
      round = 0;
      arranged = 0;
    }
    begun = epoch;
  }

  private void drawRounds(long number) {
    for (long r = 0; r < number; r++) {
      halt.check();
      rounder.shuffle(unshuffled());
    }
  }

  private int[] unshuffled() {
    System.arraycopy(turns, 0, order, 0, order.length);
    return order;
  }

  private void reset(long epoch) {
    GeneratorTrail.Entry near = trail.before(epoch);
    Anchor base = anchor;
    long first = near != null ? near.epoch() : anchorEpoch();
    if (near != null) {
      rounder = new LegacyRandomState(near.generators()[count]);
    } else {
      rounder = base == null ? new LegacyRandomState(seed) : new LegacyRandomState(base.rounder());
    }
    drawnRounds = first;
    for (int s = 0; s < count; s++) {
      if (near != null) {
        shufflers[s] = new LegacyRandomState(near.generators()[s]);
      } else {
        shufflers[s] =
            base == null
                ? new LegacyRandomState((seed + s + 1) & 0xFFFFFFFFL)
                : new LegacyRandomState(base.sessions()[s]);
      }
      drawnLists[s] = first;
    }
  }

  /**
   * Draws the lists of the epochs before one that nobody asked for yet, unless they are so many
   * that a consumer waiting for a batch would notice.
   */
  private boolean drawLaggingLists(long epoch) {
    long numbers = 0;
    for (int s = 0; s < count; s++) {
      // lists of sessions without a single batch are never drawn, and need no generator
      long lag = batches[s] > 0 ? epoch - drawnLists[s] : 0;
      if (lag > lagging || (numbers += lag * listed(s)) > lagging) {
        return false;
      }
    }
    for (int s = 0; s < count; s++) {
      if (batches[s] > 0) {
        drawLists(s, epoch);
      }
    }
    return true;
  }

  private void drawLists(int s, long epoch) {
    if (drawnLists[s] < epoch) {
      int[] list = new int[listed(s)];
      for (; drawnLists[s] < epoch; drawnLists[s]++) {
        halt.check();
        shufflers[s].shuffle(fill(list));
      }
    }
  }

  private LegacyRandomState.State[] generators() {
    LegacyRandomState.State[] states = new LegacyRandomState.State[count + 1];
    for (int s = 0; s < count; s++) {
      states[s] = shufflers[s].state();
    }
    states[count] = rounder.state();
    return states;
  }

  // a round is drawn when a batch of it is asked for, so that the first batch need not wait for
  // millions of others
  private void arrangeRound() {
    unshuffled();
    if (shuffle) {
      rounder.shuffle(order);
    }
    for (int s : order) {
      if (taken[s] < counts[s]) {
        sessionOf.setAtIndex(ValueLayout.JAVA_INT, arranged, s);
        ordinalOf.setAtIndex(ValueLayout.JAVA_INT, arranged, taken[s]++);
        arranged++;
      }
    }
    round++;
  }

  // a session's list, too: each has a generator of its own
  private void drawList(int s) {
    if (drawnLists[s] == begun + 1) {
      return;
    }
    int[] list = new int[listed(s)];
    for (; drawnLists[s] <= begun; drawnLists[s]++) {
      halt.check();
      shufflers[s].shuffle(fill(list));
    }
    takeOut(s, list);
    MemorySegment.copy(
        list, 0, permutations, ValueLayout.JAVA_INT, bases[s] * Integer.BYTES, lengths[s]);
  }

  private static int[] fill(int[] list) {
    for (int i = 0; i < list.length; i++) {
      list[i] = i;
    }
    return list;
  }

  @Override
  int session(int batch) {
    while (batch >= arranged) {
      arrangeRound();
    }
    return sessionOf.getAtIndex(ValueLayout.JAVA_INT, batch);
  }

  @Override
  int indices(int batch, int[] target) {
    int s = session(batch);
    int ordinal = ordinalOf.getAtIndex(ValueLayout.JAVA_INT, batch) % batches[s];
    int n = size(s, ordinal);
    long first = (long) ordinal * batchSize;
    if (shuffle) {
      drawList(s);
      return copy(permutations, bases[s] + first, n, target);
    }
    for (int i = 0; i < n; i++) {
      target[i] = natural(s, (int) first + i);
    }
    return n;
  }

  /**
   * Returns the states of the generators before the lists of an epoch are shuffled: sessions in
   * order, then the rounds'.
   */
  LegacyRandomState.State[] generatorsBefore(long epoch) {
    begun = -1;
    reset(epoch);
    for (int s = 0; s < count; s++) {
      drawLists(s, epoch);
    }
    drawRounds((epoch - drawnRounds) * rounds);
    return generators();
  }
}
