/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.syncline.array.Tensor;
import org.syncline.error.ClosedException;
import org.syncline.setting.Setting;
import org.syncline.text.Printable;

/**
 * Chunks of one recording, or of several where they were named so, stacked along a first axis, in a
 * slot of the loader's ring.
 *
 * <p>Ownership: the loader owns the memory, the consumer one reference to it, which it gives back
 * with {@link #close}. {@link #retain} adds a reference for someone who gives it back later with
 * {@link #release}, on any thread. When the last one is back the memory is used for another batch:
 * tensors and segments must not be used any more. What they show then is another batch, or, when
 * the ring shrank or the loader was closed, they raise IllegalStateException.
 *
 * <p>With {@code -Dsyncline.debug.batches=true}, which is asked when a loader is built, every use
 * after the close is found: methods of the batch and {@link Tensor#data} name the batch and where
 * it was closed, and the JDK refuses segments and buffers that were taken before ("Already
 * closed"). Not so what native code was given by address. Closes cost some ten microseconds then.
 *
 * <p>Safe for use by several threads.
 */
public final class Batch implements AutoCloseable {
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

  /** Null where nobody asks for one. */
  private final BatchGuard guard;

  // the same whichever thread fills it in
  private BatchLayout.View view;

  @SuppressWarnings("unused") // by REFERENCES
  private volatile int references = 1;

  @SuppressWarnings("unused") // by OWN
  private volatile boolean own = true;

  /** Takes over a slot that the ring has marked as held; it goes back to its owner. */
  Batch(Progress owner, Slot slot, boolean guarded) {
    this.owner = owner;
    this.slot = slot;
    session = slot.session;
    epoch = slot.epoch;
    position = slot.position;
    size = slot.size;
    generation = slot.generation;
    guard = guarded ? new BatchGuard(name()) : null;
  }

  private String name() {
    return "batch " + position + " of epoch " + epoch;
  }

  private void check() {
    if (references <= 0) {
      throw guard != null
          ? guard.closed()
          : new ClosedException(
              name(),
              "-D" + Setting.DEBUG_BATCHES.property() + "=true finds out where it was closed",
              null);
    }
  }

  private BatchLayout.View view() {
    check();
    BatchLayout.View v = view;
    if (v == null) {
      v =
          guard == null
              ? slot.view(session.layout, size)
              : session.layout.view(guard.memory(slot), size, guard::check);
      view = v;
    }
    return v;
  }

  /**
   * Returns a device's values: shape (B, …), B chunks of what {@link BatchLoader#layout} says,
   * native byte order, C order, aligned to 64 bytes or more. NaN as the configuration's policy left
   * them.
   *
   * @throws IllegalArgumentException for a device without values here, naming those there are
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Tensor tensor(String device) {
    return tensor(index(device));
  }

  /**
   * Returns an entry by its place in {@link BatchLoader#layout}, which has values first, then
   * timestamps; allocates nothing but at the first use of a slot.
   *
   * @throws IndexOutOfBoundsException where there is no such entry
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Tensor tensor(int index) {
    return view().tensors()[index];
  }

  /**
   * Returns where a device's values stand among the entries, for {@link #tensor(int)}: the same in
   * every batch of a recording, so that loops ask once for each.
   *
   * @throws IllegalArgumentException for a device without values here, naming those there are
   */
  public int index(String device) {
    return session.layout.names().index(device);
  }

  /**
   * Returns a device's timestamps in seconds, shape (B, T): float32 from the start of {@code
   * responses}, or float64 as they are.
   *
   * @throws IllegalArgumentException for a device without timestamps here, naming those there are
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Tensor timestamps(String device) {
    return tensor(session.layout.names().timestampsIndex(device));
  }

  /**
   * Returns the values of all devices, as {@link #tensor(String)} has them, in the order of the
   * configuration.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Map<String, Tensor> values() {
    return view().values();
  }

  /**
   * Returns the timestamps of all devices, as {@link #timestamps(String)} has them; empty where the
   * out keys leave {@code timestamps} out.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public Map<String, Tensor> timestamps() {
    return view().timestamps();
  }

  /** Returns the number of chunks. */
  public int size() {
    return size;
  }

  /** Returns the recording's name; of a batch of several, that of the first chunk. */
  public String sessionKey() {
    return session.key;
  }

  /**
   * Returns the recording's place in {@link BatchLoader#sessionKeys()}; of a batch of several, that
   * of the first chunk.
   */
  public int session() {
    return session.place;
  }

  /**
   * Returns a new array of the chunks' indices in their recording, in the order of the first axis.
   * With {@code shuffleEachEpoch} they count the start times drawn for this epoch.
   *
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public int[] chunkIndices() {
    check();
    return Arrays.copyOf(slot.indices, size);
  }

  /**
   * Returns the index of chunk {@code k} in its recording; allocates nothing.
   *
   * @throws IndexOutOfBoundsException for k outside 0 … size-1
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public int chunkIndex(int k) {
    check();
    Objects.checkIndex(k, size);
    return slot.indices[k];
  }

  /**
   * Returns the place in {@link BatchLoader#sessionKeys()} of the recording that chunk {@code k} is
   * of; allocates nothing.
   *
   * @throws IndexOutOfBoundsException for k outside 0 … size-1
   * @throws org.syncline.error.ClosedException after the last reference was given back
   */
  public int chunkSession(int k) {
    check();
    Objects.checkIndex(k, size);
    return slot.sessions == null ? session.place : slot.sessions[k];
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
    return slot.id;
  }

  /** Returns the generation of the slot: together with it unique over the loader's life. */
  int generation() {
    return generation;
  }

  /** Returns the bytes of all tensors. */
  public long bytes() {
    return session.layout.chunkBytes() * size;
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
      throw new IllegalStateException(name() + " has no reference left to give back");
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
      if (n == 1 && guard != null) {
        guard.closing();
      }
    } while (!REFERENCES.compareAndSet(this, n, n - 1));
    if (n == 1) {
      try {
        if (guard != null) {
          guard.close();
        }
      } finally {
        owner.giveBack(slot);
      }
    }
    return true;
  }

  /** Gives the consumer's own reference back; any number of times. */
  @Override
  public void close() {
    if ((boolean) OWN.compareAndSet(this, true, false)) {
      tryRelease();
    }
  }

  /** Returns place, recording, number of chunks, and what each of them holds, also after close. */
  @Override
  public String toString() {
    return "Batch("
        + position
        + " of epoch "
        + epoch
        + ", "
        + Printable.value(session.key)
        + ", "
        + size
        + (size == 1 ? " chunk of " : " chunks of ")
        + session.layout.names()
        + (references > 0 ? ")" : ", closed)");
  }
}
