/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import java.nio.file.Path;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;

/** A configuration that is held against a recording, whose first and last chunks are read. */
final class DatasetTarget implements Target {
  private final Path root = Scene.recording().folder();

  @Override
  public void run(byte[] input) {
    DatasetConfig config = DatasetConfig.parse(Fuzz.text(input), "fuzz", warning -> {});
    Scene.warnings();
    try (ChunkDataset dataset = ChunkDataset.open(root, config)) {
      int n = dataset.length();
      for (int i : n == 0 ? new int[0] : new int[] {0, n - 1}) {
        try (Chunk chunk = dataset.item(i)) {
          for (Tensor tensor : chunk.values().values()) {
            tensor.shape();
          }
        }
      }
    } finally {
      for (String warning : Scene.warnings()) {
        Fuzz.checkMessage("dataset", warning);
      }
    }
  }

  /** Grids are as fine as a configuration asks for. */
  @Override
  public long most(int inputBytes) {
    return 256L << 20;
  }
}
