/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.syncline.os.Posix;
import org.syncline.storage.SharedArena;

/**
 * Memory of one batch in the ring, and what is known of the batch in it. Fields that change belong
 * to the lock of {@link Progress}, but the contents of {@code indices} and {@code starts}, which
 * the worker that plans the batch writes and those that read it see.
 */
final class Slot {
  /** What a slot is used for. */
  enum Use {
    FREE,
    FILLING,
    CANCELLED,
    HELD
  }

  private static final int MAX_VIEWS = 512;

  final int id;
  final MemorySegment memory;
  final int[] indices;
  final double[] starts;
  private final Arena arena;
  private final SlotListener listener;
  private final Map<BatchLayout, BatchLayout.View> full = new HashMap<>();
  private BatchLayout partialLayout;
  private BatchLayout.View partial;

  Use use = Use.FREE;
  Session session;

  /** The place of each chunk's session, or null where all are of the one. */
  int[] sessions;

  int size;
  int next;
  int done;
  int active;
  long epoch;
  int position;
  int generation;
  int failedAt = -1;
  LoaderException failure;

  /** Of several that are to be freed, the one after this. */
  Slot nextDoomed;

  /** The listener may be null. */
  Slot(int id, long bytes, int batchSize, boolean withStarts, boolean huge, SlotListener listener) {
    this.id = id;
    this.listener = listener;
    indices = new int[batchSize];
    starts = withStarts ? new double[batchSize] : null;
    arena = new SharedArena();
    boolean ok = false;
    try {
      memory = Posix.allocate(arena, bytes, huge);
      if (listener != null) {
        listener.allocated().accept(memory);
      }
      ok = true;
    } finally {
      if (!ok) {
        arena.close();
      }
    }
  }

  /** Takes up a planned batch. */
  void fill(Plan plan) {
    use = Use.FILLING;
    session = plan.session;
    sessions = plan.sessions;
    size = plan.size;
    next = 0;
    done = 0;
    active = 0;
    epoch = plan.epoch;
    position = plan.position;
  }

  /** Returns tensors over the batch, the same ones each time for the same form. */
  synchronized BatchLayout.View view(BatchLayout layout, int size) {
    if (size == indices.length) {
      BatchLayout.View view = full.get(layout);
      if (view == null) {
        view = layout.view(memory, size);
        if (full.size() < MAX_VIEWS) {
          full.put(layout, view);
        }
      }
      return view;
    }
    if (partial == null || partialLayout != layout || partial.size() != size) {
      partial = layout.view(memory, size);
      partialLayout = layout;
    }
    return partial;
  }

  /**
   * Frees the memory, also where the listener throws; segments over it raise IllegalStateException
   * from then on.
   */
  void free() {
    try {
      if (listener != null) {
        listener.freeing().accept(memory);
      }
    } finally {
      arena.close();
    }
  }
}
