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
 * makes the ring grow, and slots that no batch needs any more go back to the system soon after. A
 * consumer that keeps and lets go in turn would have memory freed and made in turn: each slot made
 * shortly after one was freed makes the ring look further back for what is needed.
 *
 * <p>Thread rule: every method needs the lock of {@link Progress}, but {@link #allocate}, which
 * asks the system for memory and is called without it, between {@link #reserve} and {@link
 * #reserved}. Nothing here waits.
 */
final class Ring {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  /** Batches for which the ring looks back at first, and at most. */
  private static final int WINDOW = 8;

  private static final int LONGEST_WINDOW = 512;

  /** What the ring may grow to without a word: so many times the queue, or so many bytes. */
  private static final int QUIET_QUEUES = 8;

  private static final long QUIET_BYTES = 1L << 30;

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

  /** Batches that consumers hold now, and the most since the last one was taken. */
  private int heldNow;

  private int heldMost;

  /** The most held around each of the last batches. */
  private final int[] heldAround = new int[LONGEST_WINDOW];

  private int window = WINDOW;
  private long taken;

  /** How many batches were taken when slots were freed last; before any: never. */
  private long freedAt = Long.MIN_VALUE / 2;

  private boolean toldOfGrowth;

  /** A warning that the thread which makes the next slot is to log, or null. */
  private String growth;

  private boolean released;

  Ring(LoaderOptions options, List<Session> sessions, boolean withStarts) {
    this(options, sessions.stream().mapToLong(s -> s.layout.bytes()).max().orElse(0), withStarts);
  }

  Ring(LoaderOptions options, long slotBytes, boolean withStarts) {
    this.options = options;
    this.withStarts = withStarts;
    this.slotBytes = slotBytes;
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
      if (taken - freedAt < LONGEST_WINDOW && window < LONGEST_WINDOW) {
        // what was freed is needed again: this consumer's needs go up and down more slowly
        window *= 2;
        freedAt = Long.MIN_VALUE / 2;
      }
      if (!toldOfGrowth
          && options.maxSlots == 0
          && slotCount > QUIET_QUEUES * (options.prefetch + 1)
          && bytes() > QUIET_BYTES) {
        toldOfGrowth = true;
        growth =
            "loader: the program keeps "
                + heldNow
                + " batches, for which the ring of buffers has grown to "
                + bytes() / 1_000_000
                + " MB: let go of batches that are not needed any more, copy what is kept of them,"
                + " or set "
                + options.name(LoaderOption.MAX_BATCHES)
                + " for an error in place of more memory";
      }
    }
  }

  /** Makes the memory of a slot; without the lock. */
  Slot allocate(int id) {
    if (growth != null) {
      LOG.log(System.Logger.Level.WARNING, growth);
      growth = null;
    }
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
    Batch batch = new Batch(owner, slot, options.guarded);
    held.set(slot.id, batch);
    heldNow++;
    heldMost = Math.max(heldMost, heldNow);
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
    heldNow--;
    if (released) {
      forget(slot);
    } else {
      recycle(slot);
    }
    return released;
  }

  /**
   * Takes note that a batch was taken, and gives back slots that were not needed of late: beyond
   * those that the queue fills and consumers held. Not all at once, since to free hundreds of
   * megabytes holds the consumer up.
   *
   * @return slots that the caller is to free, the first of a list, or null
   */
  Slot shrink() {
    heldAround[(int) (taken++ % LONGEST_WINDOW)] = heldMost;
    heldMost = heldNow;
    if (taken < window) {
      return null;
    }
    int most = 0;
    for (long i = taken - window; i < taken; i++) {
      most = Math.max(most, heldAround[(int) (i % LONGEST_WINDOW)]);
    }
    Slot doomed = null;
    int surplus = Math.ceilDiv(slotCount - options.prefetch - most, 4);
    for (; surplus > 0 && !free.isEmpty(); surplus--) {
      Slot slot = free.pollLast();
      forget(slot);
      slot.nextDoomed = doomed;
      doomed = slot;
      freedAt = taken;
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
    return heldNow;
  }

  /** Returns the memory of all slots. */
  long bytes() {
    return slotCount * slotBytes;
  }
}
