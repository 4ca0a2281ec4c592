/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * Counters of a loader since it was opened; times are sums over threads.
 *
 * @param batches batches handed out
 * @param chunks chunks read
 * @param bytes bytes written into batches
 * @param screenNanos nanoseconds of workers in reading, resizing, normalising and writing screens
 * @param sequenceNanos nanoseconds of workers in the other devices
 * @param otherNanos nanoseconds of workers between devices: opening recordings, choosing work,
 *     throttling left out
 * @param slotWaitNanos nanoseconds of workers in waiting for a free slot: the consumer limits
 * @param consumerWaitNanos nanoseconds of consumers in waiting for a batch: the workers limit
 * @param elapsedNanos nanoseconds since the loader was opened
 * @param threads worker threads
 * @param slots slots of the ring now
 * @param heldSlots slots whose batch a consumer holds now
 * @param slotBytes memory of the slots now, in bytes
 * @param replacedNaNs NaN replaced by a policy
 * @param openRecordings recordings open now
 * @param lookaheadBytes bytes of files that the system was asked to read before their batch, see
 *     {@link LoaderBuilder#lookahead}
 */
public record LoaderStatistics(
    long batches,
    long chunks,
    long bytes,
    long screenNanos,
    long sequenceNanos,
    long otherNanos,
    long slotWaitNanos,
    long consumerWaitNanos,
    long elapsedNanos,
    int threads,
    int slots,
    int heldSlots,
    long slotBytes,
    long replacedNaNs,
    int openRecordings,
    long lookaheadBytes) {
  /** Stages that can limit. */
  public enum Stage {
    /** The screen: reading, resizing, normalising. */
    SCREEN,
    /** The other devices. */
    SEQUENCE,
    /** Opening recordings and choosing work. */
    OTHER,
    /** The consumer: workers wait for slots. */
    CONSUMER
  }

  /**
   * Returns the stage that limits: the consumer where workers wait for slots more than consumers
   * for batches, else the workers' longest stage.
   */
  public Stage limiting() {
    if (slotWaitNanos > consumerWaitNanos) {
      return Stage.CONSUMER;
    }
    if (otherNanos > screenNanos && otherNanos > sequenceNanos) {
      return Stage.OTHER;
    }
    return screenNanos >= sequenceNanos ? Stage.SCREEN : Stage.SEQUENCE;
  }

  /** Returns one line for people. */
  public String summary() {
    double seconds = elapsedNanos / 1e9;
    double all = Math.max(1, screenNanos + sequenceNanos + otherNanos + slotWaitNanos);
    return String.format(
        java.util.Locale.ROOT,
        "%d batches, %d chunks, %.1f MB in %.2f s (%.1f chunks/s, %.1f MB/s) by %d threads: screen %.0f %%, other devices"
            + " %.0f %%, rest %.0f %%, waiting for slots %.0f %%; consumer waited %.2f s; %d slots of %.1f MB, %d held; limited"
            + " by %s",
        batches,
        chunks,
        bytes / 1e6,
        seconds,
        chunks / Math.max(1e-9, seconds),
        bytes / 1e6 / Math.max(1e-9, seconds),
        threads,
        100 * screenNanos / all,
        100 * sequenceNanos / all,
        100 * otherNanos / all,
        100 * slotWaitNanos / all,
        consumerWaitNanos / 1e9,
        slots,
        slots == 0 ? 0 : slotBytes / 1e6 / slots,
        heldSlots,
        limiting().name().toLowerCase(java.util.Locale.ROOT));
  }
}
