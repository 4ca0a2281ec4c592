/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.fuzz;

import org.syncline.error.SynclineException;

/** Something that takes bytes from outside, and what it may answer. */
public interface Target {
  /**
   * Gives it an input. Answers that are right in themselves but do not fit each other are
   * AssertionErrors.
   */
  void run(byte[] input) throws Exception;

  /** Returns whether an exception is one that the documentation names. */
  default boolean documents(Exception e) {
    return e instanceof SynclineException;
  }

  /**
   * Returns how many bytes of the heap an input may cost: so many, and some for each of its own.
   */
  default long most(int inputBytes) {
    return (16L << 20) + 2000L * inputBytes;
  }
}
