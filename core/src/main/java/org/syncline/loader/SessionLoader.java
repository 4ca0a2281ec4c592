/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Path;
import java.util.List;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;

/**
 * Batches of many recordings, each batch from one of them. See {@link BatchLoader} for epochs, order, threads and errors.
 *
 * <p>Recordings are known by their data keys. Each recording that the loader opens gets a seed of its own where one is given:
 * seed + (first four bytes, big-endian, of SHA-256 of the data key) mod 10000.
 */
public final class SessionLoader implements BatchLoader {
  private SessionLoader() {}

  /** Returns a builder with the defaults that its methods name. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Batch next() throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public Batch poll(long nanos) throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void nextEpoch() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seek(long epoch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int batchesPerEpoch() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long chunksPerEpoch() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> sessionKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<Batch> remaining() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Iterable<Batch> epochs() {
    throw new UnsupportedOperationException();
  }

  @Override
  public LoaderState state() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restore(LoaderState state) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean release(int slot, int generation) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LoaderStatistics statistics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** Options of a {@link SessionLoader}. */
  public static final class Builder extends LoaderBuilder<Builder> {
    private final java.util.List<Object> sessions = new java.util.ArrayList<>();
    private Cycle cycle = Cycle.CONCATENATED;
    private int maxOpen;
    private boolean skipBroken;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Adds an open dataset; it stays the caller's, who closes it after the loader. */
    public Builder add(ChunkDataset dataset) {
      sessions.add(dataset);
      return this;
    }

    /** Adds a recording that the loader opens and closes itself. */
    public Builder add(Path root, DatasetConfig config) {
      sessions.add(java.util.Map.entry(root, config));
      return this;
    }

    /** Sets how the sessions are mixed; default {@link Cycle#CONCATENATED}. */
    public Builder cycle(Cycle cycle) {
      this.cycle = java.util.Objects.requireNonNull(cycle, "cycle is null");
      return this;
    }

    /**
     * Sets how many of the recordings that the loader opens are open at one time; others are closed and opened again when
     * their turn comes. Default 0: all stay open.
     */
    public Builder maxOpen(int maxOpen) {
      this.maxOpen = maxOpen;
      return this;
    }

    /** Sets whether recordings that cannot be opened are left out with a warning; default false: an error naming them. */
    public Builder skipBroken(boolean skipBroken) {
      this.skipBroken = skipBroken;
      return this;
    }

    @Override
    public SessionLoader build() {
      throw new UnsupportedOperationException(cycle + " " + maxOpen + skipBroken);
    }
  }
}
