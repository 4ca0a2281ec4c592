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
 * Batches of one recording. See {@link BatchLoader} for epochs, order, threads and errors.
 *
 * <p>Shuffled, epoch e is a permutation drawn from (seed, e) alone: any epoch can be reached without the ones before it.
 */
public final class ChunkLoader implements BatchLoader {
  private ChunkLoader() {}

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

  /** Options of a {@link ChunkLoader}. */
  public static final class Builder extends LoaderBuilder<Builder> {
    private ChunkDataset dataset;
    private Path root;
    private DatasetConfig config;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Sets an open dataset; it stays the caller's, who closes it after the loader. */
    public Builder dataset(ChunkDataset dataset) {
      this.dataset = dataset;
      return this;
    }

    /** Sets a recording that the loader opens and closes itself. */
    public Builder recording(Path root, DatasetConfig config) {
      this.root = root;
      this.config = config;
      return this;
    }

    @Override
    public ChunkLoader build() {
      throw new UnsupportedOperationException(root + " " + config + " " + dataset);
    }
  }
}
