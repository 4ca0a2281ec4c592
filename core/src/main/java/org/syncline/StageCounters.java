/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

/**
 * Always-on counters of one reader; plain fields written by its thread, read without a lock by
 * others.
 */
public final class StageCounters {
  /** Creates counters at zero. */
  public StageCounters() {}

  /** Chunks read. */
  public long chunks;

  /** Nanoseconds in reading, interpolating and writing screens. */
  public long screenNanos;

  /** Nanoseconds in the other devices. */
  public long sequenceNanos;

  /** Bytes written. */
  public long bytesWritten;

  /** NaN replaced by a policy. */
  public long replacedNaNs;
}
