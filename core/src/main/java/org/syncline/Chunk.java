/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.array.Tensor;
import org.syncline.error.ClosedException;

/**
 * One sample of a dataset: the values of every device over one stretch of time. Owns its memory,
 * off the heap; use of its segments after {@link #close} is refused, and a chunk that nobody closes
 * is freed by the garbage collector.
 *
 * <p>A chunk belongs to the thread that read it, since closing memory of one thread costs
 * nanoseconds where shared memory costs a handshake with all threads. For another lifetime or other
 * threads, read with an arena of your own: {@link ChunkDataset#item(int, Arena)}.
 */
public final class Chunk implements AutoCloseable {
  private final Arena arena;
  private final Map<String, Tensor> values;
  private final Map<String, Tensor> timestamps;
  private boolean closed;

  /**
   * Wraps memory that a reader has filled.
   *
   * @param arena closed with the chunk, or null where the memory is the caller's
   */
  Chunk(Arena arena, List<TensorSpec> layout, MemorySegment[] segments) {
    this.arena = arena;
    Map<String, Tensor> data = new LinkedHashMap<>();
    Map<String, Tensor> times = new LinkedHashMap<>();
    for (int i = 0; i < segments.length; i++) {
      TensorSpec spec = layout.get(i);
      (spec.timestamps() ? times : data)
          .put(spec.key(), new Tensor(spec.type(), spec.shape().clone(), segments[i]));
    }
    values = Collections.unmodifiableMap(data);
    timestamps = Collections.unmodifiableMap(times);
  }

  /**
   * Returns the values by device: (C, T, H, W) for a screen, (T, N) for every other.
   *
   * @throws ClosedException after close
   */
  public Map<String, Tensor> values() {
    ensureOpen();
    return values;
  }

  /**
   * Returns the timestamps by device, shape (T): float32 seconds since the start of {@code
   * responses}, or float64 as they are; empty where the out keys leave {@code timestamps} out.
   *
   * @throws ClosedException after close
   */
  public Map<String, Tensor> timestamps() {
    ensureOpen();
    return timestamps;
  }

  private void ensureOpen() {
    if (closed) {
      throw new ClosedException("Chunk");
    }
  }

  /**
   * Frees the memory (but a caller's own); any number of times, by the thread that read the chunk.
   */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (arena != null) {
        arena.close();
      }
    }
  }
}
