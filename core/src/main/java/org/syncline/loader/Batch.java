/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Map;
import org.syncline.array.Tensor;

/**
 * Chunks of one recording, stacked along a first axis, in a slot of the loader's ring.
 *
 * <p>The consumer owns one reference and gives it back with {@link #close}. {@link #retain} adds a reference for someone who
 * gives it back later with {@link #release}, on any thread. When the last one is back the memory is used for another
 * batch: tensors and segments must not be used any more; what they show then is undefined (but never unmapped memory: after
 * the loader's close they raise IllegalStateException).
 *
 * <p>Safe for use by several threads.
 */
public final class Batch implements AutoCloseable {
  /** What {@link BatchLoader#poll} returns at the end of an epoch; has no values, and closing it does nothing. */
  public static final Batch END_OF_EPOCH = new Batch();

  private Batch() {}

  /**
   * Returns the devices' values: shape (B, …) as {@link org.syncline.ChunkDataset#layout()} has it without B, native byte
   * order, C order, each tensor aligned to 64 bytes or more.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Map<String, Tensor> values() {
    throw new UnsupportedOperationException();
  }

  /** Returns the devices' timestamps, shape (B, T), like {@link #values}. */
  public Map<String, Tensor> timestamps() {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of chunks. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Returns the recording's name. */
  public String sessionKey() {
    throw new UnsupportedOperationException();
  }

  /** Returns the recording's place in {@link BatchLoader#sessionKeys()}. */
  public int session() {
    throw new UnsupportedOperationException();
  }

  /** Returns a new array of the chunks' indices in their recording, in the order of the first axis. */
  public int[] indices() {
    throw new UnsupportedOperationException();
  }

  /** Returns the index of chunk {@code k} in its recording. */
  public int index(int k) {
    throw new UnsupportedOperationException();
  }

  /** Returns the epoch, from 0. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns the batch's place in the epoch's order over all ranks, from 0; at or past the number of batches where it is
   * padding.
   */
  public int position() {
    throw new UnsupportedOperationException();
  }

  /** Returns the slot of the ring, from 0; unique among the batches held at one time. */
  public int slot() {
    throw new UnsupportedOperationException();
  }

  /** Returns the generation of the slot: together with {@link #slot} unique over the loader's life. */
  public int generation() {
    throw new UnsupportedOperationException();
  }

  /** Returns the bytes of all tensors. */
  public long bytes() {
    throw new UnsupportedOperationException();
  }

  /**
   * Adds a reference.
   *
   * @return this
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Batch retain() {
    throw new UnsupportedOperationException();
  }

  /**
   * Gives a reference back that {@link #retain} added; on any thread, also after the loader's close.
   *
   * @throws IllegalStateException where more is given back than there was
   */
  public void release() {
    throw new UnsupportedOperationException();
  }

  /** Gives the consumer's own reference back; any number of times. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
