/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import org.syncline.ChunkDataset;
import org.syncline.DatasetState;
import org.syncline.config.DatasetConfig;
import org.syncline.error.ConfigException;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderState;
import org.syncline.testdata.Recording;

/**
 * A state of a loader or, with an odd first byte, of a dataset. What is read is written as it was,
 * and restoring it either does that or says why not.
 */
final class StateTarget implements Target {
  private final ChunkDataset dataset;
  private final ChunkLoader loader;
  private String before;

  StateTarget() {
    Recording recording = Scene.recording();
    dataset =
        ChunkDataset.open(
            recording.folder(),
            DatasetConfig.parse(
                "modality_config: {responses: {sampling_rate: 8, chunk_size: 4}}", "fuzz"));
    loader = ChunkLoader.builder().dataset(dataset).batchSize(2).shuffle(true).seed(7L).build();
    before = loader.state().toJson();
  }

  @Override
  public void run(byte[] input) throws Exception {
    if (input.length == 0) {
      return;
    }
    String text = Fuzz.text(java.util.Arrays.copyOfRange(input, 1, input.length));
    if ((input[0] & 1) == 1) {
      DatasetState state = DatasetState.fromJson(text);
      same(state.toJson(), DatasetState.fromJson(state.toJson()).toJson());
      dataset.restore(state);
      return;
    }
    LoaderState state = LoaderState.fromJson(text);
    same(state.toJson(), LoaderState.fromJson(state.toJson()).toJson());
    try {
      loader.restore(state);
    } catch (ConfigException e) {
      if (!loader.state().toJson().equals(before)) {
        throw new AssertionError("a state that is refused moves the loader", e);
      }
      throw e;
    }
    loader.seek(0, 0);
    before = loader.state().toJson();
  }

  private static void same(String one, String other) {
    if (!one.equals(other)) {
      throw new AssertionError("written and read again it is another: " + one + ", " + other);
    }
  }
}
