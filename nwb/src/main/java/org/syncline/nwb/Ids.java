/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.storage.Npy;

/** Writes the ids of a device's signals. */
final class Ids {
  private Ids() {}

  static void write(Path folder, long[] ids) throws IOException {
    Path meta = Files.createDirectories(folder.resolve("meta"));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(Math.max(8, 8L * ids.length), 8);
      MemorySegment.copy(ids, 0, memory, ValueLayout.JAVA_LONG, 0, ids.length);
      Npy.write(
          meta.resolve("unit_ids.npy"),
          new Tensor(
              ElementType.INT64, new long[] {ids.length}, memory.asSlice(0, 8L * ids.length)));
    }
  }
}
