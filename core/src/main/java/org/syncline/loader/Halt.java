/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stops the drawing of an order where a seek or the close of the loader waits for it: drawing all
 * epochs up to a late one may take minutes. Safe for any thread; takes no lock.
 */
final class Halt {
  /** What was being drawn is no longer wanted; it is drawn again when it is. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Stopped() {
      super("drawing was stopped", null, false, false);
    }
  }

  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean seeking;
  private volatile boolean ended;

  /** Asks for a stop, until {@link #withdraw}. */
  void request() {
    requests.incrementAndGet();
  }

  void withdraw() {
    requests.decrementAndGet();
  }

  /** Says whether a seek itself draws now, which other seeks have to wait for. */
  void setSeeking(boolean seeking) {
    this.seeking = seeking;
  }

  /** Asks for a stop for ever. */
  void end() {
    ended = true;
  }

  /**
   * Returns where drawing may go on. Called every so many draws, with all that is drawn so far in a
   * state to go on from.
   *
   * @throws Stopped where it may not
   */
  void check() {
    if (ended || requests.get() > 0 && !seeking) {
      throw new Stopped();
    }
  }
}
