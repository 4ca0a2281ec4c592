/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * Sums since a loader was opened. Guarded by the lock of {@link Progress}; times in nanoseconds,
 * added up over threads.
 */
final class Counters {
  long batches;
  long chunks;
  long bytes;
  long screenNanos;
  long sequenceNanos;
  long otherNanos;
  long slotWaitNanos;
  long consumerWaitNanos;
  long replacedNaNs;

  /** Adds what a worker did. */
  void add(Run run) {
    chunks += run.chunks;
    bytes += run.bytes;
    screenNanos += run.screenNanos;
    sequenceNanos += run.sequenceNanos;
    otherNanos += run.otherNanos;
    replacedNaNs += run.replacedNaNs;
  }
}
