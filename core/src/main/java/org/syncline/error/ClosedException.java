/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.error;

/** Raised by every use of an object after its close, also where the close races with the use. */
public final class ClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** Creates an exception for the named object, for instance {@code "ChunkDataset /data/rec1"}. */
  public ClosedException(String what) {
    super(what + " is closed");
  }

  /**
   * Creates an exception that says how the object was closed, or what finds that out.
   *
   * @param where has the stack of the close; or null
   */
  public ClosedException(String what, String how, Throwable where) {
    super(what + " is closed: " + how, where);
  }
}
