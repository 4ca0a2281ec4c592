/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.Arena;
import java.util.Map;
import org.syncline.array.Tensor;

/**
 * One sample of a dataset: the values of every device over one stretch of time. Owns its memory, off the heap: use after
 * {@link #close} is refused, and a chunk that is not closed is freed by the garbage collector at its leisure.
 */
public final class Chunk implements AutoCloseable {
  private final Arena arena;
  private final Map<String, Tensor> values;
  private final Map<String, Tensor> timestamps;

  Chunk(Arena arena, Map<String, Tensor> values, Map<String, Tensor> timestamps) {
    this.arena = arena;
    this.values = values;
    this.timestamps = timestamps;
  }

  /** Returns the values by device: (C, T, H, W) for a screen, (T, N) for every other. */
  public Map<String, Tensor> values() {
    return values;
  }

  /** Returns the timestamps by device, shape (T); empty where the out keys leave {@code timestamps} out. */
  public Map<String, Tensor> timestamps() {
    return timestamps;
  }

  /** Frees the memory; any number of times. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not landed yet: " + arena);
  }
}
