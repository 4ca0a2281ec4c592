/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.error.ConfigException;

/**
 * Batches of one recording. See {@link BatchLoader} for epochs, order, threads and errors.
 *
 * <p>Shuffled, epoch e is a permutation drawn from (seed, data key, e) alone: any epoch can be
 * reached without the ones before it.
 */
public final class ChunkLoader extends EngineLoader {
  ChunkLoader(LoaderParts parts) {
    super(parts);
  }

  /** Returns a builder with the defaults that its methods name. */
  public static Builder builder() {
    return new Builder();
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

    /**
     * Sets an open dataset, with the start times that it has now; it stays the caller's, who closes
     * it after the loader.
     */
    public Builder dataset(ChunkDataset dataset) {
      this.dataset = Objects.requireNonNull(dataset, "dataset is null");
      return this;
    }

    /** Sets a recording that the loader opens and closes itself. */
    public Builder recording(Path root, DatasetConfig config) {
      this.root = Objects.requireNonNull(root, "root is null");
      this.config = Objects.requireNonNull(config, "config is null");
      return this;
    }

    /**
     * Sets which chunks an epoch has, in this order unless shuffled; an index may come several
     * times. Default null: all in their own order. A training and a test part of one recording, or
     * the order that a closed loop is expected to take.
     */
    public Builder indices(int @Nullable [] indices) {
      options.subset = indices == null ? null : indices.clone();
      return this;
    }

    @Override
    public String toString() {
      return shown(dataset != null ? dataset : root);
    }

    @Override
    public ChunkLoader build() {
      if ((dataset == null) == (root == null)) {
        throw new ConfigException(
            "loader",
            0,
            "dataset",
            root == null
                ? "found no dataset or recording, expected one"
                : "found both a dataset and a recording, expected one of them");
      }
      checkOpening(root != null);
      RecordingSpec recording =
          dataset != null
              ? RecordingSpec.of(dataset)
              : RecordingSpec.of(root, config, options, false);
      return new ChunkLoader(assemble(List.of(recording), CycledOrder.CHUNKS));
    }
  }
}
