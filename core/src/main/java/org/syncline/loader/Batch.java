/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import org.syncline.array.Tensor;
import org.syncline.error.ClosedException;

/**
 * Chunks of one recording, stacked along a first axis, in a slot of the loader's ring.
 *
 * <p>The consumer owns one reference and gives it back with {@link #close}. {@link #retain} adds a
 * reference for someone who gives it back later with {@link #release}, on any thread. When the last
 * one is back the memory is used for another batch: tensors and segments must not be used any more.
 * What they show then is another batch, or, when the ring shrank or the loader was closed, they
 * raise IllegalStateException.
 *
 * <p>Safe for use by several threads.
 */
public final class Batch implements AutoCloseable {
  /**
   * What {@link BatchLoader#poll} returns at the end of an epoch; has no values, and closing it
   * does nothing.
   */
  public static final Batch END_OF_EPOCH = new Batch();

  private static final VarHandle REFERENCES;
  private static final VarHandle OWN;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      REFERENCES = lookup.findVarHandle(Batch.class, "references", int.class);
      OWN = lookup.findVarHandle(Batch.class, "own", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Progress owner;
  private final Slot slot;
  private final Session session;
  private final long epoch;
  private final int position;
  private final int size;
  private final int generation;

  @SuppressWarnings("unused") // by REFERENCES
  private volatile int references = 1;

  @SuppressWarnings("unused") // by OWN
  private volatile boolean own = true;

  private Batch() {
    owner = null;
    slot = null;
    session = null;
    epoch = -1;
    position = -1;
    size = 0;
    generation = -1;
    own = false;
    references = 0;
  }

  /** Takes over a slot that the ring has marked as held; it goes back to its owner. */
  Batch(Progress owner, Slot slot) {
    this.owner = owner;
    this.slot = slot;
    session = slot.session;
    epoch = slot.epoch;
    position = slot.position;
    size = slot.size;
    generation = slot.generation;
  }

  private void check() {
    if (references <= 0) {
      throw new ClosedException(
          slot == null ? "the mark of an epoch's end" : "batch " + position + " of epoch " + epoch);
    }
  }

  /**
   * Returns the devices' values: shape (B, …) as {@link org.syncline.ChunkDataset#layout()} has it
   * without B, native byte order, C order, each tensor aligned to 64 bytes or more.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Map<String, Tensor> values() {
    check();
    return slot.view(session.layout, size).values();
  }

  /**
   * Returns the devices' timestamps in seconds, shape (B, T), like {@link #values}.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Map<String, Tensor> timestamps() {
    check();
    return slot.view(session.layout, size).timestamps();
  }

  /** Returns the number of chunks. */
  public int size() {
    return size;
  }

  /** Returns the recording's name; null for {@link #END_OF_EPOCH}. */
  public String sessionKey() {
    return session == null ? null : session.key;
  }

  /**
   * Returns the recording's place in {@link BatchLoader#sessionKeys()}; -1 for {@link
   * #END_OF_EPOCH}.
   */
  public int session() {
    return session == null ? -1 : session.place;
  }

  /**
   * Returns a new array of the chunks' indices in their recording, in the order of the first axis.
   * With {@code shuffleEachEpoch} they count the start times drawn for this epoch.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public int[] indices() {
    check();
    return Arrays.copyOf(slot.indices, size);
  }

  /**
   * Returns the index of chunk {@code k} in its recording; allocates nothing.
   *
   * @throws IndexOutOfBoundsException for k outside 0 … size-1
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public int index(int k) {
    check();
    java.util.Objects.checkIndex(k, size);
    return slot.indices[k];
  }

  /** Returns the epoch, from 0. */
  public long epoch() {
    return epoch;
  }

  /**
   * Returns the batch's place in the epoch's order over all ranks, from 0; at or past the number of
   * batches where it is padding.
   */
  public int position() {
    return position;
  }

  /** Returns the slot of the ring, from 0; unique among the batches held at one time. */
  public int slot() {
    return slot == null ? -1 : slot.id;
  }

  /**
   * Returns the generation of the slot: together with {@link #slot} unique over the loader's life.
   */
  public int generation() {
    return generation;
  }

  /** Returns the bytes of all tensors. */
  public long bytes() {
    return session == null ? 0 : session.layout.chunkBytes() * size;
  }

  /**
   * Adds a reference.
   *
   * @return this
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Batch retain() {
    int n;
    do {
      n = references;
      if (n <= 0) {
        check();
      }
    } while (!REFERENCES.compareAndSet(this, n, n + 1));
    return this;
  }

  /**
   * Gives a reference back that {@link #retain} added; on any thread, also after the loader's
   * close.
   *
   * @throws IllegalStateException where more is given back than there was
   */
  public void release() {
    if (!tryRelease()) {
      throw new IllegalStateException(
          "batch " + position + " of epoch " + epoch + " has no reference left to give back");
    }
  }

  /** Gives a reference back; returns false where there is none. */
  boolean tryRelease() {
    int n;
    do {
      n = references;
      if (n <= 0) {
        return false;
      }
    } while (!REFERENCES.compareAndSet(this, n, n - 1));
    if (n == 1) {
      owner.giveBack(slot);
    }
    return true;
  }

  /** Gives the consumer's own reference back; any number of times. */
  @Override
  public void close() {
    if (slot != null && (boolean) OWN.compareAndSet(this, true, false)) {
      tryRelease();
    }
  }
}
