/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

/** What a reader counts: plain fields that its thread writes and others read without a lock. */
public final class Counters {
  long chunks;
  long screenNanos;
  long sequenceNanos;
  long bytesWritten;
  long replacedNaNs;

  Counters() {}

  /** Returns the chunks read. */
  public long chunks() {
    return chunks;
  }

  /** Returns the nanoseconds in reading, interpolating and writing screens. */
  public long screenNanos() {
    return screenNanos;
  }

  /** Returns the nanoseconds in the other devices. */
  public long sequenceNanos() {
    return sequenceNanos;
  }

  /** Returns the bytes written. */
  public long bytesWritten() {
    return bytesWritten;
  }

  /** Returns the NaN replaced by a policy. */
  public long replacedNaNs() {
    return replacedNaNs;
  }
}
