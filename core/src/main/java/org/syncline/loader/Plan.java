/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * The batch that a worker is to make ready for reading, and what it found out about it. One object
 * for each worker, used again and again; it belongs to the worker, who hands it to {@link
 * Progress}.
 */
final class Plan {
  // what is to be planned
  long epoch;
  int offset;
  int step;

  /** The batch's number in the epoch's order. */
  int batch;

  /** The same without padding being folded back to the epoch's first batches. */
  int position;

  /** Of how many batches after this one files are asked for. */
  int lookahead;

  /** The number of seeks when planning began: a plan of before the last one is of no use. */
  long version;

  /** A slot for the batch; where there is none yet, null, and {@link #slotId} is its place. */
  Slot slot;

  int slotId;

  /** Whether the slot's memory was made for this batch. */
  boolean isNewSlot;

  // what came of it
  Session session;

  /** The place of each chunk's session, or null where all are of the one. */
  int[] sessions;

  int size;
  long nanos;

  /** What went wrong, or null. */
  Throwable problem;
}
