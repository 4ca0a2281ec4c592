/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;

/**
 * Memory of a caller: one segment for all entries, with a stretch of guard bytes before, between
 * and after them.
 */
final class Buffers {
  private static final int GUARD = 72;

  final List<TensorSpec> layout;
  final MemorySegment memory;
  final MemorySegment[] segments;
  final long[] offsets;

  Buffers(List<TensorSpec> layout, Arena arena) {
    this.layout = layout;
    long bytes = GUARD;
    offsets = new long[layout.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = bytes;
      bytes += layout.get(i).bytes() + GUARD;
    }
    memory = arena.allocate(bytes, 64);
    memory.fill((byte) 0x5a);
    segments = new MemorySegment[offsets.length];
    java.util.Arrays.fill(segments, memory);
  }

  void read(ChunkReader reader, int index) {
    reader.read(index, segments, offsets);
    checkGuards();
  }

  void checkGuards() {
    long at = 0;
    for (int i = 0; i <= offsets.length; i++) {
      for (int k = 0; k < GUARD; k++) {
        if (memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at + k) != 0x5a) {
          throw new AssertionError("byte " + k + " beside entry " + i + " was written");
        }
      }
      at = i < offsets.length ? offsets[i] + layout.get(i).bytes() : at;
    }
  }

  Tensor tensor(int entry) {
    TensorSpec spec = layout.get(entry);
    return new Tensor(spec.type(), spec.shape(), memory.asSlice(offsets[entry], spec.bytes()));
  }
}
