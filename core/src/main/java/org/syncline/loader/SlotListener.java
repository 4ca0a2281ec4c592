/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;

/**
 * Hears of the memory in which batches lie, to register it with a device driver. Called by any
 * thread, perhaps with the loader's lock held: it must not call the loader.
 */
public interface SlotListener {
  /**
   * Called when a slot's memory was allocated, before a batch lies in it. An exception thrown here
   * comes out of {@link BatchLoader#next()}.
   */
  void allocated(MemorySegment memory);

  /**
   * Called before a slot's memory is freed, for each memory whose {@link #allocated} returned. An
   * exception thrown here keeps no memory from being freed: the first comes out of {@link
   * BatchLoader#close}, or out of the batch's own close after it; where the ring gives memory back
   * while the loader runs, it is logged, and the batch under way is not lost.
   */
  void freeing(MemorySegment memory);
}
