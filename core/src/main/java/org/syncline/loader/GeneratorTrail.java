/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.random.LegacyRandomState;

/**
 * Generators that run on from epoch to epoch, as they stood at the beginning of epochs gone by:
 * what is drawn from there on needs none of the draws before. States of loaders carry the latest,
 * so that restoring a late one does not take the time of all epochs before it. Safe for use by
 * several threads.
 */
final class GeneratorTrail {
  /** Numbers drawn from one entry to the next: tens of milliseconds. */
  static final long APART = 1L << 22;

  // the order is drawn ahead of the consumer, whose state needs one that is not ahead of it
  private static final int KEPT = 4;

  /** The generators before anything of an epoch is drawn. */
  record Entry(long epoch, LegacyRandomState.State[] generators) {
    private static final String KEY = "checkpoints";

    /** Adds this to the JSON of a state. */
    void write(Map<String, Object> json, String name) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("epoch", epoch);
      entry.put("generators", Arrays.stream(generators).map(GeneratorText::write).toList());
      Map<String, Object> all = new LinkedHashMap<>();
      if (json.get(KEY) instanceof Map<?, ?> others) {
        others.forEach((k, v) -> all.put(String.valueOf(k), v));
      }
      all.put(name, entry);
      json.put(KEY, all);
    }

    /**
     * Reads what {@link #write} wrote; null where there is none.
     *
     * @param count how many generators there must be
     * @param first the earliest epoch that they may be of
     * @param last the latest
     */
    static Entry read(StateTree json, String name, int count, long first, long last) {
      StateTree all = json.treeOrEmpty(KEY);
      if (!all.has(name)) {
        return null;
      }
      StateTree entry = all.tree(name);
      LegacyRandomState.State[] states = GeneratorText.readAll(entry, "generators");
      long epoch = entry.integer("epoch");
      if (states.length != count || epoch < first || epoch > last) {
        throw StateTree.problem(
            all.at(name),
            "found "
                + states.length
                + " generators of epoch "
                + epoch
                + ", expected "
                + count
                + " of epoch "
                + first
                + " to "
                + last);
      }
      return new Entry(epoch, states);
    }
  }

  private final long epochsApart;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long origin;

  /**
   * Creates an empty trail.
   *
   * @param perEpoch numbers drawn in an epoch
   * @param apart numbers drawn from one entry to the next
   */
  GeneratorTrail(long perEpoch, long apart) {
    epochsApart = Math.max(1, Math.ceilDiv(apart, Math.max(1, perEpoch)));
  }

  /** Forgets everything: the generators begin anew, before an epoch. */
  synchronized void clear(long origin) {
    entries.clear();
    this.origin = origin;
  }

  /** Returns whether an epoch is far enough from the last entry to be one. */
  synchronized boolean due(long epoch) {
    long last = entries.isEmpty() ? origin : entries.getLast().epoch();
    return epoch - last >= epochsApart;
  }

  synchronized void add(Entry entry) {
    if (entries.size() == KEPT) {
      entries.removeFirst();
    }
    entries.addLast(entry);
  }

  /** Returns the latest entry that is not after an epoch, or null where there is none. */
  synchronized Entry before(long epoch) {
    for (Iterator<Entry> i = entries.descendingIterator(); i.hasNext(); ) {
      Entry e = i.next();
      if (e.epoch() <= epoch) {
        return e;
      }
    }
    return null;
  }
}
