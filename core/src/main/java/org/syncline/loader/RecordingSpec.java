/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Path;
import java.util.Objects;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;
import org.syncline.error.ClosedException;
import org.syncline.format.DataKey;

/**
 * A recording that a loader is to have: one that is open and stays its caller's, or how to open
 * one.
 *
 * @param source the open recording, or null
 * @param opener opens the recording, as often as it is needed; null where it is open
 * @param name for messages
 */
record RecordingSpec(ChunkSource source, Session.Opener opener, String name) {
  /**
   * Describes a dataset of the caller's, with the start times that it has now.
   *
   * @throws ClosedException where it is closed already
   */
  static RecordingSpec of(ChunkDataset dataset) {
    if (!dataset.isOpen()) {
      throw new ClosedException("ChunkDataset " + dataset.root());
    }
    return new RecordingSpec(new DatasetSource(dataset, false), null, dataset.root().toString());
  }

  /**
   * Describes a recording that the loader opens, with the loader's own options in its
   * configuration.
   *
   * @param ownSeed whether its seed follows from the loader's and its data key
   */
  static RecordingSpec of(Path root, DatasetConfig config, LoaderOptions options, boolean ownSeed) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(config, "config is null");
    LoaderOptions o = options.copy();
    return new RecordingSpec(
        null,
        () -> {
          Long seed = config.seed();
          Long base = o.seed != null ? o.seed : seed;
          if (ownSeed && base != null) {
            seed = SessionSeeds.derived(base, DataKey.of(root)) & 0xFFFFFFFFL;
          }
          boolean cacheData = o.cacheData || config.cacheData();
          DatasetConfig c = config.toBuilder().seed(seed).cacheData(cacheData).build();
          return new DatasetSource(ChunkDataset.open(root, c, o.registry()), true);
        },
        root.toString());
  }
}
