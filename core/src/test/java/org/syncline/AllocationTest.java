/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;

/** Checks how much a thread allocates on the heap. */
final class AllocationTest {
  private AllocationTest() {}

  /**
   * Checks that work that is warm allocates nothing; several tries, since the compiler may still change its mind.
   *
   * @param operations how many operations the work has: less than 1 byte each is nothing
   */
  static void assertNone(Runnable work, int operations) {
    com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 60 && best >= operations; i++) {
      long before = threads.getThreadAllocatedBytes(id);
      work.run();
      best = Math.min(best, threads.getThreadAllocatedBytes(id) - before);
    }
    assertTrue(best < operations, best + " bytes on the heap in " + operations + " operations");
  }
}
