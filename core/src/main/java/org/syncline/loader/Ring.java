/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The slots in which batches lie: their memory, who holds them, and how many there are. A slot in a
 * consumer's hands does not count against what is read ahead, so a consumer that keeps batches
 * makes the ring grow; slots that were not needed for a while are given back.
 *
 * <p>Thread rule: every method needs the lock of {@link Progress}, but {@link #allocate}, which
 * asks the system for memory and is called without it. Nothing here waits.
 */
final class Ring {
  /** Batches after which slots that none of them needed go back to the system, but for some. */
  private static final int WINDOW = 8;

  /** Batches after which one of those goes that were kept for ups and downs, if none needed it. */
  private static final int LONG_WINDOW = 32;

  private static final long HUGE_FROM = 4L << 20;

  private final LoaderOptions options;
  private final long slotBytes;
  private final boolean withStarts;
  private final boolean hugePages;

  private final ArrayDeque<Slot> free = new ArrayDeque<>();
  // by the slots' numbers; null where there is none, or no batch of it is held
  private final ArrayList<Slot> slots = new ArrayList<>();
  private final ArrayList<Batch> held = new ArrayList<>();
  private int slotCount;
  private int generations;

  /** The most slots in use around each of the last batches. */
  private final int[] used = new int[WINDOW];

  /** The same since the last batch, and in the long window so far. */
  private int usedNow;

  private int usedLong;
  private long taken;
  private boolean released;

  Ring(LoaderOptions options, List<Session> sessions, boolean withStarts) {
    this.options = options;
    this.withStarts = withStarts;
    long most = 0;
    for (Session s : sessions) {
      most = Math.max(most, s.layout.bytes());
    }
    slotBytes = most;
    hugePages = options.hugePages != null ? options.hugePages : slotBytes >= HUGE_FROM;
  }

  /** Returns whether a slot is free or may be made. */
  boolean hasRoom() {
    return !free.isEmpty() || options.maxSlots == 0 || slotCount < options.maxSlots;
  }

  /** Returns whether all slots that there may be are in the hands of consumers. */
  boolean isHeld() {
    if (hasRoom()) {
      return false;
    }
    for (int i = 0; i < slots.size(); i++) {
      Slot s = slots.get(i);
      if (s != null && s.use == Slot.Use.CANCELLED) {
        return false;
      }
    }
    return true;
  }

  /** Puts a free slot into a plan, or the number of one that is still to be allocated. */
  void reserve(Plan plan) {
    plan.slot = free.pollFirst();
    plan.isNewSlot = plan.slot == null;
    if (plan.isNewSlot) {
      plan.slotId = slots.indexOf(null);
      if (plan.slotId < 0) {
        plan.slotId = slots.size();
        slots.add(null);
        held.add(null);
      }
      slotCount++;
    }
    usedNow = Math.max(usedNow, slotCount - free.size());
  }

  /** Makes the memory of a slot; without the lock. */
  Slot allocate(int id) {
    return new Slot(id, slotBytes, options.batchSize, withStarts, hugePages, options.slotListener);
  }

  /** Takes note of what came of {@link #reserve}: a slot with memory, or none. */
  void reserved(Plan plan) {
    if (plan.slot == null) {
      slotCount--;
    } else if (plan.isNewSlot) {
      slots.set(plan.slotId, plan.slot);
    }
  }

  /** Makes a slot with its batch free. */
  void recycle(Slot slot) {
    slot.use = Slot.Use.FREE;
    slot.failure = null;
    slot.failedAt = -1;
    free.addFirst(slot); // the memory used last is the likeliest to be in a cache
  }

  /** Gives the batch in a slot a number of its own. */
  void count(Slot slot) {
    slot.generation = ++generations;
  }

  /** Puts a slot into a consumer's hands. */
  Batch hold(Slot slot, Progress owner) {
    slot.use = Slot.Use.HELD;
    Batch batch = new Batch(owner, slot);
    held.set(slot.id, batch);
    return batch;
  }

  /** Returns the batch that a consumer holds in a slot, or null. */
  Batch held(int id) {
    return id < 0 || id >= held.size() ? null : held.get(id);
  }

  /**
   * Takes a slot back from a consumer.
   *
   * @return whether the ring is gone and the caller is to free the slot
   */
  boolean giveBack(Slot slot) {
    held.set(slot.id, null);
    if (released) {
      forget(slot);
    } else {
      recycle(slot);
    }
    return released;
  }

  /**
   * Takes note that a batch was taken, and gives back slots that were not needed of late. Most go
   * within some batches, though not all at once, since to free hundreds of megabytes holds the
   * consumer up; as many as the queue has stay longer, for consumers whose needs go up and down.
   *
   * @return slots that the caller is to free, the first of a list, or null
   */
  Slot shrink() {
    int inUse = slotCount - free.size();
    usedNow = Math.max(usedNow, inUse);
    usedLong = Math.max(usedLong, usedNow);
    used[(int) (taken++ % WINDOW)] = usedNow;
    usedNow = inUse;
    int queue = options.prefetch + 1;
    int needed = queue;
    for (int n : used) {
      needed = Math.max(needed, n);
    }
    int surplus = taken < WINDOW ? 0 : Math.ceilDiv(slotCount - needed - queue, 4);
    if (taken % LONG_WINDOW == 0) {
      surplus = Math.max(surplus, Math.min(1, slotCount - Math.max(usedLong, queue)));
      usedLong = inUse;
    }
    Slot doomed = null;
    for (; surplus > 0 && !free.isEmpty(); surplus--) {
      Slot slot = free.pollLast();
      forget(slot);
      slot.nextDoomed = doomed;
      doomed = slot;
    }
    return doomed;
  }

  private void forget(Slot slot) {
    slots.set(slot.id, null);
    slotCount--;
  }

  /**
   * Ends the ring: held slots are freed as they come back.
   *
   * @return the others, which the caller is to free
   */
  List<Slot> release() {
    List<Slot> doomed = new ArrayList<>();
    if (!released) {
      released = true;
      for (int i = 0; i < slots.size(); i++) {
        Slot s = slots.get(i);
        if (s != null && s.use != Slot.Use.HELD) {
          doomed.add(s);
          forget(s);
        }
      }
      free.clear();
    }
    return doomed;
  }

  /** Returns how many slots there are. */
  int slots() {
    return slotCount;
  }

  /** Returns in how many of them a consumer holds a batch. */
  int heldSlots() {
    int n = 0;
    for (int i = 0; i < held.size(); i++) {
      if (held.get(i) != null) {
        n++;
      }
    }
    return n;
  }

  /** Returns the memory of all slots. */
  long bytes() {
    return slotCount * slotBytes;
  }
}
