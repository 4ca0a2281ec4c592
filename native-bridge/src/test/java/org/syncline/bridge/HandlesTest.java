/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlesTest {
  private static class Thing extends Handles.Resource {
    boolean closed;

    @Override
    String what() {
      return "a thing";
    }

    @Override
    void close() {
      closed = true;
    }
  }

  private static final class Other extends Thing {}

  @Test
  void aReleasedHandleFindsNothingAtItsOldPlace() {
    Thing first = new Thing();
    long a = Handles.add(first);
    assertNotEquals(0, a);
    assertSame(first, Handles.get(a, Thing.class));
    Handles.release(a);
    assertTrue(first.closed);
    Thing second = new Thing();
    long b = Handles.add(second);
    assertEquals((int) a, (int) b, "the place is used again");
    assertNotEquals(a, b);
    assertEquals(
        Status.HANDLE, assertThrows(Failure.class, () -> Handles.get(a, Thing.class)).status);
    assertEquals(Status.HANDLE, assertThrows(Failure.class, () -> Handles.release(a)).status);
    Handles.release(b);
  }

  @Test
  void anotherKindIsRefused() {
    long h = Handles.add(new Thing());
    Failure e = assertThrows(Failure.class, () -> Handles.get(h, Other.class));
    assertTrue(e.getMessage().contains("a thing"), e.getMessage());
    Handles.release(h);
  }

  @Test
  void numbersThatNeverWereHandlesAreRefused() {
    for (long h : new long[] {0, -1, 77, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, -1L << 32}) {
      assertThrows(Failure.class, () -> Handles.get(h, Thing.class));
    }
  }

  @Test
  void theLastUserCloses() {
    Thing t = new Thing();
    long h = Handles.add(t);
    t.enter();
    Handles.release(h);
    assertTrue(!t.closed);
    t.leave();
    assertTrue(t.closed);
    assertThrows(Failure.class, t::enter);
  }

  @Test
  void manyThreadsGetDifferentHandles() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    java.util.Set<Long> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int k = 0; k < 2000; k++) {
                      long h = Handles.add(new Thing());
                      seen.add(h);
                      if (k % 2 == 0) {
                        Handles.release(h);
                      }
                    }
                  }));
    }
    for (Thread t : threads) {
      t.join();
    }
    assertEquals(8000, seen.size());
    assertEquals(
        4000,
        seen.stream()
            .filter(
                h -> {
                  try {
                    Handles.release(h);
                    return true;
                  } catch (Failure e) {
                    return false;
                  }
                })
            .count());
  }
}
