/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.Map;

/**
 * Where a dataset's shuffle stands, under the original's names ({@code rng_state}, {@code valid_screen_times}).
 *
 * @param rngState the generator, or null for a dataset without a seed
 * @param validScreenTimes the current start times in seconds, after stride or shuffle
 * @param fingerprint {@link ChunkDataset#fingerprint()} of the dataset it was taken from, or null where unknown (a state
 *     of the original)
 * @param identity {@link ChunkDataset#identity()} of that dataset, empty where unknown; for the message when it differs
 */
public record DatasetState(
    RngState rngState, double[] validScreenTimes, String fingerprint, Map<String, String> identity) {

  /**
   * NumPy's state tuple of a legacy MT19937 generator.
   *
   * @param key 624 words, unsigned
   * @param position 0 … 624
   * @param hasGauss whether a second normal deviate is waiting
   * @param cachedGaussian that deviate
   */
  public record RngState(int[] key, int position, boolean hasGauss, double cachedGaussian) {}

  /** Writes the state as JSON: {@code version}, {@code fingerprint}, {@code identity} and the original's two keys. */
  public String toJson() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Reads what {@link #toJson} wrote, or the original's dictionary written as JSON.
   *
   * @throws org.syncline.error.ConfigException for anything else, naming the key
   */
  public static DatasetState fromJson(String json) {
    throw new UnsupportedOperationException("not landed yet: " + json);
  }
}
