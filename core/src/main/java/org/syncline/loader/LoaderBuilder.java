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
 * Options that every loader has. Not safe for use by several threads at once.
 *
 * @param <B> the builder itself
 */
public abstract sealed class LoaderBuilder<B extends LoaderBuilder<B>> permits ChunkLoader.Builder, SessionLoader.Builder {
  int batchSize = 1;
  boolean shuffle;
  Long seed;
  boolean dropLast;
  int threads;
  int prefetch = 2;
  Map<String, ElementType> types = Map.of();
  List<String> outKeys;
  int rank;
  int worldSize = 1;
  Remainder remainder = Remainder.PAD;
  boolean shuffleEachEpoch;
  boolean cacheData;
  long readahead;
  int maxSlots;
  boolean hugePages;
  int nice;
  double share = 1;
  Registry registry;

  LoaderBuilder() {}

  abstract B self();

  /** Sets the chunks of a batch; default 1. */
  public final B batchSize(int batchSize) {
    this.batchSize = positive(batchSize, "batchSize");
    return self();
  }

  /** Sets whether the order is drawn anew each epoch; default false: natural order. */
  public final B shuffle(boolean shuffle) {
    this.shuffle = shuffle;
    return self();
  }

  /**
   * Sets the seed, 0 … 2^32−1; default null: one is drawn, and the state carries it. Needed where there are several ranks.
   */
  public final B seed(Long seed) {
    this.seed = seed;
    return self();
  }

  /** Sets whether a session's last batch is left out when it is short; default false. */
  public final B dropLast(boolean dropLast) {
    this.dropLast = dropLast;
    return self();
  }

  /** Sets the number of worker threads; default 0: the number of processors, at most 8. */
  public final B threads(int threads) {
    this.threads = notNegative(threads, "threads");
    return self();
  }

  /** Sets how many batches are read ahead; default 2. */
  public final B prefetch(int prefetch) {
    this.prefetch = positive(prefetch, "prefetch");
    return self();
  }

  /**
   * Sets element types by device, as {@link org.syncline.ReadOptions} has them; the others keep their natural one. In a
   * session loader a name without a device in one session is ignored there.
   */
  public final B types(Map<String, ElementType> types) {
    this.types = Map.copyOf(types);
    return self();
  }

  /** Sets the entries of a batch; default null: the dataset's. */
  public final B outKeys(List<String> outKeys) {
    this.outKeys = outKeys == null ? null : List.copyOf(outKeys);
    return self();
  }

  /**
   * Sets which share of each epoch's batches this loader hands out: rank r of W takes batches r, r + W, r + 2W … of the
   * one order that all ranks have; default 0 of 1.
   */
  public final B rank(int rank, int worldSize) {
    positive(worldSize, "worldSize");
    if (rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException("rank is " + rank + ", expected 0 … " + (worldSize - 1));
    }
    this.rank = rank;
    this.worldSize = worldSize;
    return self();
  }

  /**
   * Reads rank and world size from the environment variables RANK and WORLD_SIZE; where neither is set: 0 of 1.
   *
   * @throws org.syncline.error.ConfigException where only one is set or they are no numbers that fit
   */
  public final B rankFromEnvironment() {
    throw new UnsupportedOperationException();
  }

  /** Sets what becomes of an epoch's last batches where ranks would differ in number; default {@link Remainder#PAD}. */
  public final B remainder(Remainder remainder) {
    this.remainder = java.util.Objects.requireNonNull(remainder, "remainder is null");
    return self();
  }

  /**
   * Sets whether the start times of each dataset are drawn anew at the beginning of each epoch, as {@link
   * org.syncline.ChunkDataset#shuffle} does; default false. The dataset object itself does not change.
   */
  public final B shuffleEachEpoch(boolean shuffleEachEpoch) {
    this.shuffleEachEpoch = shuffleEachEpoch;
    return self();
  }

  /**
   * Sets whether recordings that the loader opens are read into memory once, off the heap, shared by all threads; default
   * false: as their configuration says.
   */
  public final B cacheData(boolean cacheData) {
    this.cacheData = cacheData;
    return self();
  }

  /**
   * Sets how many bytes of the recordings' files the operating system is asked to read ahead when the loader opens; default
   * 0. Has no effect on systems without {@code madvise}.
   */
  public final B readahead(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("readahead is " + bytes + ", expected 0 or more bytes");
    }
    this.readahead = bytes;
    return self();
  }

  /** Sets how many slots the ring may have at most, at least prefetch + 1; default 0: no limit. */
  public final B maxSlots(int maxSlots) {
    this.maxSlots = notNegative(maxSlots, "maxSlots");
    return self();
  }

  /** Sets whether slots ask for huge pages; default false. */
  public final B hugePages(boolean hugePages) {
    this.hugePages = hugePages;
    return self();
  }

  /** Sets the nice value of the worker threads, 0 … 19; default 0. Has no effect where the system has none for threads. */
  public final B nice(int nice) {
    if (nice < 0 || nice > 19) {
      throw new IllegalArgumentException("nice is " + nice + ", expected 0 … 19");
    }
    this.nice = nice;
    return self();
  }

  /** Sets the share of time in which each worker works, above 0 to 1; default 1: no throttling. */
  public final B share(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", expected above 0 to 1");
    }
    this.share = share;
    return self();
  }

  /** Sets the custom components of recordings that the loader opens; default {@link Registry#services()}. */
  public final B registry(Registry registry) {
    this.registry = registry;
    return self();
  }

  /**
   * Opens the loader and starts its threads.
   *
   * @throws org.syncline.error.ConfigException where options contradict each other or no recording is given
   * @throws org.syncline.error.RecordingException where a recording cannot be opened
   */
  public abstract BatchLoader build();

  private static int positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", expected 1 or more");
    }
    return value;
  }

  private static int notNegative(int value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", expected 0 or more");
    }
    return value;
  }
}
