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
import org.syncline.array.TensorSpec;
import org.syncline.error.ClosedException;
import org.syncline.read.Entries;

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
  private final Entries entries;
  private final Tensor[] tensors;
  private Map<String, Tensor> values;
  private Map<String, Tensor> timestamps;
  private boolean closed;

  /**
   * Wraps memory that a reader has filled.
   *
   * @param arena closed with the chunk, or null where the memory is the caller's
   */
  Chunk(Arena arena, Entries entries, MemorySegment[] segments) {
    this.arena = arena;
    this.entries = entries;
    tensors = new Tensor[segments.length];
    for (int i = 0; i < segments.length; i++) {
      TensorSpec spec = entries.specs().get(i);
      tensors[i] = new Tensor(spec.type(), spec.shape(), segments[i]);
    }
  }

  /**
   * Returns a device's values: (C, T, H, W) for a screen, (T, N) for every other.
   *
   * @throws IllegalArgumentException for a device without values here, naming those there are
   * @throws ClosedException after close
   */
  public Tensor tensor(String device) {
    return tensor(index(device));
  }

  /**
   * Returns an entry by its place in {@link ChunkDataset#layout()}, which has values first, then
   * timestamps; allocates nothing.
   *
   * @throws IndexOutOfBoundsException where there is no such entry
   * @throws ClosedException after close
   */
  public Tensor tensor(int index) {
    ensureOpen();
    return tensors[index];
  }

  /**
   * Returns where a device's values stand among the entries, for {@link #tensor(int)}: the same in
   * every chunk of a dataset, so that loops ask once.
   *
   * @throws IllegalArgumentException for a device without values here, naming those there are
   */
  public int index(String device) {
    return entries.index(device);
  }

  /**
   * Returns a device's timestamps, shape (T): float32 seconds since the start of {@code responses},
   * or float64 as they are.
   *
   * @throws IllegalArgumentException for a device without timestamps here, naming those there are
   * @throws ClosedException after close
   */
  public Tensor timestamps(String device) {
    return tensor(entries.timestampsIndex(device));
  }

  /**
   * Returns the values of all devices, as {@link #tensor(String)} has them, in the configuration's
   * order.
   *
   * @throws ClosedException after close
   */
  public Map<String, Tensor> values() {
    ensureOpen();
    if (values == null) {
      values = map(0, entries.values());
    }
    return values;
  }

  /**
   * Returns the timestamps of all devices, as {@link #timestamps(String)} has them; empty where the
   * out keys leave {@code timestamps} out.
   *
   * @throws ClosedException after close
   */
  public Map<String, Tensor> timestamps() {
    ensureOpen();
    if (timestamps == null) {
      timestamps = map(entries.values(), tensors.length);
    }
    return timestamps;
  }

  private Map<String, Tensor> map(int from, int to) {
    List<TensorSpec> specs = entries.specs();
    Map<String, Tensor> map = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      map.put(specs.get(i).key(), tensors[i]);
    }
    return Collections.unmodifiableMap(map);
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

  /** Returns names, types and shapes of the values, also after close. */
  @Override
  public String toString() {
    return "Chunk(" + entries + (closed ? ", closed)" : ")");
  }
}
