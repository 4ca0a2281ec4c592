/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import org.syncline.error.SynclineException;

/**
 * Names parts of a program's own that leave their thread interrupted while a recording is opened:
 * else the file that is opened next would be named.
 */
public final class Interruptions {
  private static final String LIBRARY = "org.syncline.device.";

  private Interruptions() {}

  /** Returns whether the thread is interrupted already, for {@link #check}. */
  public static boolean before() {
    return Thread.currentThread().isInterrupted();
  }

  /**
   * Looks at the thread when a part has run.
   *
   * @param before what {@link #before} returned when it began
   * @param place the key or folder, for the message
   * @param part what ran, such as "the filter 'own'"
   * @throws SynclineException where the thread was interrupted meanwhile; it stays interrupted
   */
  public static void check(boolean before, String place, String part) {
    if (!before && Thread.currentThread().isInterrupted()) {
      throw new SynclineException(
          place
              + ": the thread was interrupted while "
              + part
              + " ran, by the program or by this part, which clears the flag (Thread.interrupted())"
              + " once it has dealt with an interruption",
          null);
    }
  }

  /**
   * Same, for a part that is none of the library's devices; these say themselves what they read.
   */
  public static void check(boolean before, String place, Object part) {
    if (!part.getClass().getName().startsWith(LIBRARY)) {
      check(before, place, part.getClass().getName());
    }
  }
}
