/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;

/** Checks how much a thread allocates on the heap. */
public final class Allocations {
  private Allocations() {}

  /**
   * Checks that work that is warm allocates nothing, with a minute for it to become warm.
   *
   * @param operations how many operations the work has: less than 1 byte each is nothing
   */
  public static void assertNone(Runnable work, int operations) {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    long best = Long.MAX_VALUE;
    // vector code allocates until the compiler is through with it, which takes long on a machine
    // that is busy
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (best >= operations && System.nanoTime() < deadline) {
      long before = threads.getThreadAllocatedBytes(id);
      work.run();
      best = Math.min(best, threads.getThreadAllocatedBytes(id) - before);
      if (best >= operations) {
        try {
          Thread.sleep(20);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
    assertTrue(best < operations, best + " bytes on the heap in " + operations + " operations");
  }
}
