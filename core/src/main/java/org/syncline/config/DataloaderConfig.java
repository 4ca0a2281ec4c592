/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.syncline.document.Documents;

/** The {@code dataloader} section of a configuration. Immutable; safe for concurrent use. */
public final class DataloaderConfig {
  /** What applies where a configuration has no such section: PyTorch's defaults. */
  public static final DataloaderConfig DEFAULT = builder().build();

  private final int batchSize;
  private final boolean shuffle;
  private final int numWorkers;
  private final boolean pinMemory;
  private final boolean dropLast;
  private final Integer prefetchFactor;
  private final Long seed;
  private final boolean shuffleEachEpoch;

  private DataloaderConfig(Builder b) {
    batchSize = b.batchSize;
    shuffle = b.shuffle;
    numWorkers = b.numWorkers;
    pinMemory = b.pinMemory;
    dropLast = b.dropLast;
    prefetchFactor = b.prefetchFactor;
    seed = b.seed;
    shuffleEachEpoch = b.shuffleEachEpoch;
  }

  /** Returns a builder with every key at its default. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from these values. */
  public Builder toBuilder() {
    Builder b = new Builder();
    b.batchSize = batchSize;
    b.shuffle = shuffle;
    b.numWorkers = numWorkers;
    b.pinMemory = pinMemory;
    b.dropLast = dropLast;
    b.prefetchFactor = prefetchFactor;
    b.seed = seed;
    b.shuffleEachEpoch = shuffleEachEpoch;
    return b;
  }

  /** Returns the chunks of a batch. */
  public int batchSize() {
    return batchSize;
  }

  /** Returns whether the order is random. */
  public boolean shuffle() {
    return shuffle;
  }

  /** Returns the threads that make batches; 0: the calling thread. */
  public int numWorkers() {
    return numWorkers;
  }

  /** Returns whether batch buffers are registered with a GPU's driver. */
  public boolean pinMemory() {
    return pinMemory;
  }

  /** Returns whether an incomplete last batch is left out. */
  public boolean dropLast() {
    return dropLast;
  }

  /** Returns the batches kept ready for each worker, or null: the loader's choice. */
  public @Nullable Integer prefetchFactor() {
    return prefetchFactor;
  }

  /** Returns the seed of the order, or null: unseeded. */
  public @Nullable Long seed() {
    return seed;
  }

  /** Returns whether start times are drawn anew each epoch. */
  public boolean shuffleEachEpoch() {
    return shuffleEachEpoch;
  }

  private Object[] values() {
    return new Object[] {
      batchSize, shuffle, numWorkers, pinMemory, dropLast, prefetchFactor, seed, shuffleEachEpoch
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DataloaderConfig o && Arrays.deepEquals(o.values(), values());
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values());
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return "DataloaderConfig".concat(Documents.toJson(ConfigJson.plain(this)));
  }

  /**
   * Collects the values of a {@link DataloaderConfig}. Its methods throw a {@link
   * org.syncline.error.ConfigException} for a value outside of its range, and return the builder.
   * Not safe for use by several threads at once.
   */
  public static final class Builder {
    private int batchSize = ConfigSchema.BATCH_SIZE.defaultWhole();
    private boolean shuffle = ConfigSchema.SHUFFLE.defaultFlag();
    private int numWorkers = ConfigSchema.NUM_WORKERS.defaultWhole();
    private boolean pinMemory = ConfigSchema.PIN_MEMORY.defaultFlag();
    private boolean dropLast = ConfigSchema.DROP_LAST.defaultFlag();
    private Integer prefetchFactor;
    private Long seed;
    private boolean shuffleEachEpoch = ConfigSchema.SHUFFLE_EACH_EPOCH.defaultFlag();

    private Builder() {}

    /** Sets the chunks of a batch; default 1. */
    public Builder batchSize(int batchSize) {
      this.batchSize = ConfigSchema.BATCH_SIZE.check(batchSize);
      return this;
    }

    /** Sets whether the order is random; default false. */
    public Builder shuffle(boolean shuffle) {
      this.shuffle = shuffle;
      return this;
    }

    /** Sets the threads that make batches; default 0: the calling thread. */
    public Builder numWorkers(int numWorkers) {
      this.numWorkers = ConfigSchema.NUM_WORKERS.check(numWorkers);
      return this;
    }

    /**
     * Sets whether batch buffers are registered with a GPU's driver where there is one; default
     * false.
     */
    public Builder pinMemory(boolean pinMemory) {
      this.pinMemory = pinMemory;
      return this;
    }

    /** Sets whether an incomplete last batch is left out; default false. */
    public Builder dropLast(boolean dropLast) {
      this.dropLast = dropLast;
      return this;
    }

    /** Sets the batches kept ready for each worker; default null: the loader's choice. */
    public Builder prefetchFactor(@Nullable Integer prefetchFactor) {
      this.prefetchFactor = ConfigSchema.PREFETCH_FACTOR.check(prefetchFactor);
      return this;
    }

    /** Sets the seed of the order, 0 to 2^32 - 1; default null: unseeded. */
    public Builder seed(@Nullable Long seed) {
      this.seed = ConfigSchema.LOADER_SEED.check(seed);
      return this;
    }

    /** Sets whether start times are drawn anew each epoch; default false. */
    public Builder shuffleEachEpoch(boolean shuffleEachEpoch) {
      this.shuffleEachEpoch = shuffleEachEpoch;
      return this;
    }

    /** Returns the configuration. */
    public DataloaderConfig build() {
      return new DataloaderConfig(this);
    }

    @Override
    public String toString() {
      return "Builder of " + new DataloaderConfig(this);
    }
  }
}
