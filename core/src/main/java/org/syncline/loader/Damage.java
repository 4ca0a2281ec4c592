/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.error.RecordingException;

/**
 * The chunks of a recording that need a file that is missing or damaged. Found by opening the files
 * of every chunk, once, before an order is made. Used by one thread.
 */
final class Damage {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  private record Fault(RecordingException first, int[] chunks) {}

  private Damage() {}

  /**
   * Returns the places of those among some start times, ascending; logs a warning for each file.
   *
   * @param starts in seconds
   */
  static int[] find(ChunkSource source, ReadOptions options, double[] starts) {
    int[] found = new int[starts.length];
    int n = 0;
    Map<String, Fault> faults = new LinkedHashMap<>();
    try (ChunkReader reader = source.reader(options)) {
      for (int i = 0; i < starts.length; i++) {
        try {
          reader.openFilesAt(starts[i]);
        } catch (RecordingException e) {
          found[n++] = i;
          faults.computeIfAbsent(e.file(), file -> new Fault(e, new int[1])).chunks[0]++;
        }
      }
    }
    for (Fault fault : faults.values()) {
      int chunks = fault.chunks[0];
      LOG.log(
          System.Logger.Level.WARNING,
          "loader: recording "
              + source.key()
              + ": "
              + chunks
              + (chunks == 1 ? " chunk is" : " chunks are")
              + " left out: "
              + fault.first.getMessage());
    }
    return Arrays.copyOf(found, n);
  }
}
