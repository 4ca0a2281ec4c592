/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * Counters of a loader since it was opened, and what there is of it now. Times are sums over
 * threads. Immutable: a picture of one moment.
 */
public final class LoaderStatistics {
  private final long batches;
  private final long chunks;
  private final long bytes;
  private final long screenNanos;
  private final long sequenceNanos;
  private final long otherNanos;
  private final long slotWaitNanos;
  private final long consumerWaitNanos;
  private final long elapsedNanos;
  private final int threads;
  private final int slots;
  private final int heldSlots;
  private final long slotBytes;
  private final long replacedNaNs;
  private final int openRecordings;
  private final long lookaheadBytes;
  private final long leftOutChunks;

  LoaderStatistics(
      Counters counters,
      Ring ring,
      int threads,
      long elapsedNanos,
      int openRecordings,
      long lookaheadBytes,
      long leftOutChunks) {
    batches = counters.batches;
    chunks = counters.chunks;
    bytes = counters.bytes;
    screenNanos = counters.screenNanos;
    sequenceNanos = counters.sequenceNanos;
    otherNanos = counters.otherNanos;
    slotWaitNanos = counters.slotWaitNanos;
    consumerWaitNanos = counters.consumerWaitNanos;
    replacedNaNs = counters.replacedNaNs;
    slots = ring.slots();
    heldSlots = ring.heldSlots();
    slotBytes = ring.bytes();
    this.threads = threads;
    this.elapsedNanos = elapsedNanos;
    this.openRecordings = openRecordings;
    this.lookaheadBytes = lookaheadBytes;
    this.leftOutChunks = leftOutChunks;
  }

  /** Returns the batches handed out. */
  public long batches() {
    return batches;
  }

  /** Returns the chunks read. */
  public long chunks() {
    return chunks;
  }

  /** Returns the bytes written into batches. */
  public long bytes() {
    return bytes;
  }

  /** Returns nanoseconds of workers in reading, resizing, normalising and writing screens. */
  public long screenNanos() {
    return screenNanos;
  }

  /** Returns nanoseconds of workers in the other devices. */
  public long sequenceNanos() {
    return sequenceNanos;
  }

  /**
   * Returns nanoseconds of workers between devices: opening recordings, choosing work, throttling
   * left out.
   */
  public long otherNanos() {
    return otherNanos;
  }

  /** Returns nanoseconds of workers in waiting for a free slot: the consumer limits. */
  public long slotWaitNanos() {
    return slotWaitNanos;
  }

  /** Returns nanoseconds of consumers in waiting for a batch: the workers limit. */
  public long consumerWaitNanos() {
    return consumerWaitNanos;
  }

  /** Returns nanoseconds since the loader was opened. */
  public long elapsedNanos() {
    return elapsedNanos;
  }

  /** Returns the number of worker threads. */
  public int threads() {
    return threads;
  }

  /** Returns the slots of the ring now. */
  public int slots() {
    return slots;
  }

  /** Returns the slots whose batch a consumer holds now. */
  public int heldSlots() {
    return heldSlots;
  }

  /** Returns the memory of all slots now, in bytes. */
  public long slotBytes() {
    return slotBytes;
  }

  /** Returns how many NaN a policy replaced. */
  public long replacedNaNs() {
    return replacedNaNs;
  }

  /** Returns the recordings open now. */
  public int openRecordings() {
    return openRecordings;
  }

  /**
   * Returns the bytes of files that the system was asked to read before their batch, see {@link
   * LoaderBuilder#lookahead}.
   */
  public long lookaheadBytes() {
    return lookaheadBytes;
  }

  /**
   * Returns how many chunks of all recordings are left out since they need a damaged file, see
   * {@link LoaderBuilder#skipDamaged}.
   */
  public long leftOutChunks() {
    return leftOutChunks;
  }

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
        "%s, %s, %.1f MB in %.2f s (%.1f chunks/s, %.1f MB/s) by %s: screen %.0f %%, other devices"
            + " %.0f %%, rest %.0f %%, waiting for slots %.0f %%; consumer waited %.2f s; %s of %.1f MB, %d held; limited"
            + " by %s",
        count(batches, "batch", "batches"),
        count(chunks, "chunk", "chunks"),
        bytes / 1e6,
        seconds,
        chunks / Math.max(1e-9, seconds),
        bytes / 1e6 / Math.max(1e-9, seconds),
        count(threads, "thread", "threads"),
        100 * screenNanos / all,
        100 * sequenceNanos / all,
        100 * otherNanos / all,
        100 * slotWaitNanos / all,
        consumerWaitNanos / 1e9,
        count(slots, "slot", "slots"),
        slots == 0 ? 0 : slotBytes / 1e6 / slots,
        heldSlots,
        limiting().name().toLowerCase(java.util.Locale.ROOT));
  }

  private static String count(long n, String one, String several) {
    return n + " " + (n == 1 ? one : several);
  }

  /** Returns {@link #summary}. */
  @Override
  public String toString() {
    return summary();
  }
}
