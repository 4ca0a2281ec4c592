/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * Chunks that follow each other in a slot, claimed by one worker, and what came of reading them.
 * One object for each worker, used again and again; it belongs to the worker, who hands it to
 * {@link Progress}.
 */
final class Run {
  /** Null where nothing is claimed. */
  Slot slot;

  int first;
  int count;

  long chunks;
  long bytes;
  long screenNanos;
  long sequenceNanos;
  long otherNanos;
  long replacedNaNs;

  /** Whether the worker had to wait for a page of a file. */
  boolean waited;

  /** Whether an encoded file had to be decoded first. */
  boolean decoded;

  /** What went wrong at chunk {@link #failedAt}, or null. */
  LoaderException failure;

  int failedAt;

  /** Forgets what came of the run before. */
  void clear() {
    chunks = 0;
    bytes = 0;
    screenNanos = 0;
    sequenceNanos = 0;
    otherNanos = 0;
    replacedNaNs = 0;
    waited = false;
    decoded = false;
  }
}
