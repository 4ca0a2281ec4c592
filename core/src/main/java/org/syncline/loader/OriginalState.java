/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.syncline.random.LegacyRandomState;

/**
 * A state dictionary of the Python original's multi-session loader. It says how many batches each
 * session has given, and what the generators were; whether that fits an order is checked when a
 * loader takes it over. Nobody changes the dictionary.
 */
final class OriginalState {
  private static final String POSITIONS = "session_positions";
  private static final String COUNTS = "batches_from_session";
  private static final String SAMPLERS = "session_sampler_states";
  private static final String BATCH_SAMPLER = "batch_sampler_state";
  private static final String WEIGHTS = "weights";
  private static final String GENERATOR = "rng_state";

  private final StateTree dictionary;

  private OriginalState(StateTree dictionary) {
    this.dictionary = dictionary;
  }

  /**
   * Reads a dictionary.
   *
   * @throws org.syncline.error.ConfigException where keys are missing
   */
  static LoaderState read(StateTree dictionary) {
    if (!dictionary.map().containsKey(POSITIONS) && !dictionary.map().containsKey(COUNTS)) {
      throw StateTree.problem(
          POSITIONS,
          "found neither this key nor "
              + COUNTS
              + ", expected a state of the original's session loader, or one with"
              + " \"format\": \""
              + LoaderStateJson.FORMAT
              + "\"");
    }
    OriginalState state = new OriginalState(dictionary);
    long position = 0;
    for (int n : state.taken().values()) {
      position += n;
    }
    return new LoaderState(dictionary.epoch("epoch"), StateTree.count(position, POSITIONS), state);
  }

  /** Returns the dictionary as the original writes it. */
  Map<String, Object> dictionary() {
    return dictionary.map();
  }

  /** Returns the batches of the epoch taken from each session, by name. */
  private Map<String, Integer> taken() {
    StateTree map = dictionary.tree(dictionary.has(POSITIONS) ? POSITIONS : COUNTS);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String name : map.map().keySet()) {
      counts.put(name, map.count(name));
    }
    return counts;
  }

  /**
   * Makes an order go on from here; leaves it as it was where that is not possible exactly.
   *
   * @param keys the names of the loader's sessions, in order
   * @param seed the loader's
   * @throws org.syncline.error.ConfigException naming the key of the dictionary that does not fit
   */
  void restore(ConcatenatedOrder order, long epoch, int position, List<String> keys, long seed) {
    Map<String, Integer> taken = taken();
    if (!new TreeSet<>(taken.keySet()).equals(new TreeSet<>(keys))) {
      throw StateTree.problem(
          POSITIONS, "found the recordings " + taken.keySet() + ", expected " + keys);
    }
    checkWeights(order.weights());
    ConcatenatedOrder.Anchor before = order.anchored();
    boolean ok = false;
    try {
      order.anchor(null);
      // at the very beginning nothing was drawn yet
      if (order.shuffle && (epoch > 0 || position > 0)) {
        checkGenerators(order, epoch, position, keys, seed);
      }
      checkPositions(order, epoch, position, keys, taken);
      ok = true;
    } finally {
      if (!ok) {
        order.anchor(before);
      }
    }
  }

  /** Compares what Python's loader adds to the original's keys where it has weights. */
  private void checkWeights(Weights here) {
    List<Double> found = new ArrayList<>();
    if (dictionary.has(WEIGHTS)) {
      for (Object weight : dictionary.list(WEIGHTS)) {
        found.add(weight instanceof Number n ? n.doubleValue() : Double.NaN);
      }
    }
    List<Double> expected =
        here == null ? List.of() : Arrays.stream(here.values()).boxed().toList();
    if (!found.equals(expected)) {
      throw StateTree.problem(WEIGHTS, "found " + found + ", expected " + expected);
    }
  }

  private void checkGenerators(
      ConcatenatedOrder order, long epoch, int position, List<String> keys, long seed) {
    Map<?, ?> samplers = dictionary.get(SAMPLERS) instanceof Map<?, ?> m ? m : Map.of();
    LegacyRandomState.State[] previous = epoch == 0 ? null : order.generatorsBefore(epoch - 1);
    LegacyRandomState.State[] current = order.generatorsBefore(epoch);
    LegacyRandomState.State[] following = order.generatorsBefore(epoch + 1);
    LegacyRandomState.State[] given = new LegacyRandomState.State[keys.size()];
    String unknown = null;
    for (int s = 0; s < given.length; s++) {
      String at = SAMPLERS + "." + keys.get(s);
      List<LegacyRandomState.State> found = generators(samplers.get(keys.get(s)), at);
      if (found.isEmpty()) {
        throw StateTree.problem(
            at,
            "found no generator: whether the seed is the one of that run cannot be checked, so it may not go on exactly");
      }
      boolean known = false;
      for (LegacyRandomState.State f : found) {
        known |= same(f, current[s]) || same(f, following[s]);
        // between epochs the original keeps the generator of the epoch that ended
        known |= position == 0 && previous != null && same(f, previous[s]);
      }
      if (!known) {
        unknown = at;
      }
      given[s] = found.getLast();
    }
    if (unknown == null) {
      return;
    }
    List<LegacyRandomState.State> rounder =
        generators(generator(dictionary.get(BATCH_SAMPLER)), BATCH_SAMPLER + "." + GENERATOR);
    boolean plain = position == 0 && !rounder.isEmpty();
    for (int s = 0; s < given.length && plain; s++) {
      List<LegacyRandomState.State> own =
          generators(generator(samplers.get(keys.get(s))), GENERATOR);
      plain = !own.isEmpty();
      given[s] = plain ? own.getLast() : null;
    }
    if (!plain) {
      throw StateTree.problem(
          unknown,
          "found a generator that seed "
              + seed
              + " does not give in epoch "
              + epoch
              + ", expected the seed of that run; without it only a state between epochs, with rng_state of every session and"
              + " of the batch sampler, can be continued");
    }
    order.anchor(new ConcatenatedOrder.Anchor(epoch, rounder.getLast(), given));
  }

  private static void checkPositions(
      ConcatenatedOrder order,
      long epoch,
      int position,
      List<String> keys,
      Map<String, Integer> taken) {
    order.begin(epoch);
    if (position > order.batches()) {
      throw StateTree.problem(
          POSITIONS, "found " + position + " batches, expected at most " + order.batches());
    }
    int[] counts = new int[keys.size()];
    for (int b = 0; b < position; b++) {
      counts[order.session(b)]++;
    }
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] != taken.get(keys.get(s))) {
        throw StateTree.problem(
            POSITIONS + "." + keys.get(s),
            "found "
                + taken.get(keys.get(s))
                + ", expected "
                + counts[s]
                + " after "
                + position
                + " batches: batch size, drop_last, shuffle, seed or the recordings differ from that run");
      }
    }
  }

  private static Object generator(Object part) {
    return part instanceof Map<?, ?> m ? m.get(GENERATOR) : part;
  }

  private static boolean same(LegacyRandomState.State a, LegacyRandomState.State b) {
    return a.position() == b.position() && Arrays.equals(a.key(), b.key());
  }

  /** Returns the NumPy state tuples anywhere in a part of the dictionary. */
  private static List<LegacyRandomState.State> generators(Object part, String at) {
    List<LegacyRandomState.State> found = new ArrayList<>();
    if (part instanceof Map<?, ?> m) {
      m.forEach((k, v) -> found.addAll(generators(v, at + "." + k)));
    } else if (part instanceof List<?> tuple
        && tuple.size() >= 3
        && "MT19937".equals(tuple.get(0))) {
      List<Object> words = StateTree.list(tuple.get(1), at);
      if (words.size() != 624) {
        throw StateTree.problem(at, "found " + words.size() + " words, expected 624");
      }
      int[] key = new int[624];
      for (int i = 0; i < key.length; i++) {
        key[i] = (int) StateTree.integer(words.get(i), at);
      }
      int position = (int) StateTree.integer(tuple.get(2), at);
      if (position < 0 || position > 624) {
        throw StateTree.problem(at, "found position " + position + ", expected 0 to 624");
      }
      int hasGauss = tuple.size() > 3 ? (int) StateTree.integer(tuple.get(3), at) : 0;
      double gauss = tuple.size() > 4 && tuple.get(4) instanceof Number n ? n.doubleValue() : 0;
      found.add(new LegacyRandomState.State(key, position, hasGauss, gauss));
    }
    return found;
  }
}
