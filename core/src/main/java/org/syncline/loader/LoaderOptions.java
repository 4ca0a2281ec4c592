/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.List;
import java.util.Map;
import org.syncline.Registry;
import org.syncline.array.ElementType;

/**
 * What a loader is told, with the defaults. Written by one builder and by nobody once a loader was
 * made of it: an engine takes a copy.
 */
final class LoaderOptions implements Cloneable {
  int batchSize = 1;
  boolean shuffle;
  Long seed;
  boolean dropLast;

  /** 0: as many as there are processors, at most 8. */
  int threads;

  int prefetch = 2;
  Map<String, ElementType> types = Map.of();

  /** Null: the dataset's. */
  List<String> outKeys;

  int rank;
  int worldSize = 1;
  Remainder remainder = Remainder.PAD;
  boolean shuffleEachEpoch;
  boolean cacheData;
  long readahead;
  long lookahead;

  /** 0: no limit. */
  int maxSlots;

  /** Null: where slots are large. */
  Boolean hugePages;

  /** Null: nobody hears. */
  SlotListener slotListener;

  int nice;

  /** The share of time in which each worker works. */
  double workShare = 1;

  long spinNanos;

  /** Null: all chunks. */
  int[] subset;

  /** Null: that of the services found. */
  Registry registry;

  /** Recordings open at one time; 0: all, once a loader is made, and before: as many as fit. */
  int maxOpen;

  boolean skipBroken;

  /** Whether the user names the batches. */
  boolean fed;

  /** Whether files count as cold from the start; for tests. */
  boolean assumeCold;

  /** Numbers drawn from one kept generator to the next. */
  long trailApart = GeneratorTrail.APART;

  /** Returns a copy; what the fields point to is not changed by anybody. */
  LoaderOptions copy() {
    try {
      return (LoaderOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns which part of each epoch the loader hands out. */
  Share share() {
    return new Share(rank, worldSize, remainder);
  }

  /** Returns the recordings' registry. */
  Registry registry() {
    return registry == null ? Registry.services() : registry;
  }
}
