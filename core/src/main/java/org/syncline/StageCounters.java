/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

/**
 * What one reader has done since it was opened. The reader's thread counts, without locks; other
 * threads may ask at any time, and may see numbers that are a little old.
 */
public interface StageCounters {
  /** Returns the chunks read. */
  long chunks();

  /** Returns the nanoseconds in reading, interpolating and writing screens. */
  long screenNanos();

  /** Returns the nanoseconds in the other devices. */
  long sequenceNanos();

  /** Returns the bytes written. */
  long bytesWritten();

  /** Returns the NaN replaced by a policy. */
  long replacedNaNs();
}
