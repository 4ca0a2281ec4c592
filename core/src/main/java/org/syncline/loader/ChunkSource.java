/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.array.TensorSpec;

/**
 * What a loader needs of a recording: one implementation over datasets, others in tests. Safe for
 * several threads.
 */
interface ChunkSource extends AutoCloseable {
  /** Returns the recording's name. */
  String key();

  /** Returns the recording's folder, or null where there is none. */
  Path root();

  /** Returns the number of chunks. */
  int length();

  /** Returns the devices, whatever the entries of a chunk are. */
  List<String> devices();

  /** Returns the entries of a chunk. */
  List<TensorSpec> layout(ReadOptions options);

  /** Returns the texts of each entry of {@link #layout} that holds codes of trial metadata. */
  default Map<String, List<String>> categories(ReadOptions options) {
    return Map.of();
  }

  /** Opens a reader for the calling thread. */
  ChunkReader reader(ReadOptions options);

  /** Returns a hash of {@link #identity()}. */
  String fingerprint();

  /** Returns what decides the samples, sorted by name. */
  Map<String, String> identity();

  /** Returns a hash of each device's stored values, where it is known. */
  default Map<String, String> storedValues() {
    return Map.of();
  }

  /** Returns the devices whose values are normalised. */
  default Set<String> normalised() {
    return Set.of();
  }

  /**
   * Returns the ids of the units that a device's columns are, in their order; null where they are
   * not known.
   */
  default long[] units(String device) {
    return null;
  }

  /** Returns every how many valid starts one is taken. */
  int stride();

  /** Returns the seed of the dataset's own generator, or null. */
  Long seed();

  /**
   * Returns the start times that indices count where they are not the recording's natural ones,
   * else null.
   */
  double[] ownStarts();

  /** Returns the start times that indices count. */
  double[] starts();

  /** Returns every valid start time before the stride. */
  double[] allStarts();

  /** Says why there are as many chunks as there are, in one line. */
  String explanation();

  @Override
  void close();
}
