/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

/**
 * The {@code dataloader} section of a configuration.
 *
 * @param batchSize chunks a batch
 * @param shuffle random order
 * @param numWorkers threads that make batches; 0: the calling thread
 * @param pinMemory register the batch buffers with a GPU's driver where there is one
 * @param dropLast leave out an incomplete last batch
 * @param prefetchFactor batches kept ready for each worker, or null: the loader's choice
 * @param seed seed of the order, or null: unseeded
 * @param shuffleEachEpoch a new order each epoch
 */
public record DataloaderConfig(
    int batchSize,
    boolean shuffle,
    int numWorkers,
    boolean pinMemory,
    boolean dropLast,
    Integer prefetchFactor,
    Long seed,
    boolean shuffleEachEpoch) {
  /** What applies where a configuration has no such section: PyTorch's defaults. */
  public static final DataloaderConfig DEFAULT =
      new DataloaderConfig(1, false, 0, false, false, null, null, false);
}
