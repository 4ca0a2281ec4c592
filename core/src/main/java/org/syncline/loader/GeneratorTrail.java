/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayDeque;
import java.util.Iterator;
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
  record Entry(long epoch, LegacyRandomState.State[] generators) {}

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
