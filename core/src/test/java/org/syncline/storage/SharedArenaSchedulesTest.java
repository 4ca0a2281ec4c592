/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;

/** Closes of arenas and reads beside each other, under Fray. */
@Tag("schedules")
@ExtendWith(FrayTestExtension.class)
class SharedArenaSchedulesTest {
  @ConcurrencyTest(iterations = 400)
  void noArenaIsClosedWhileAThreadIsInside() throws Exception {
    SharedArena first = new SharedArena();
    SharedArena second = new SharedArena();
    AtomicInteger closedInside = new AtomicInteger();
    List<Thread> all = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      all.add(
          new Thread(
              () -> {
                for (int i = 0; i < 2; i++) {
                  SharedArena.enter();
                  boolean before = first.scope().isAlive();
                  boolean after = second.scope().isAlive();
                  // where another thread may go on
                  closedInside.get();
                  if (before != first.scope().isAlive() || after != second.scope().isAlive()) {
                    closedInside.incrementAndGet();
                  }
                  SharedArena.exit();
                }
              }));
    }
    all.add(new Thread(first::close));
    all.add(new Thread(second::close));
    all.forEach(Thread::start);
    for (Thread thread : all) {
      thread.join();
    }
    assertEquals(0, closedInside.get());
    assertFalse(first.scope().isAlive() || second.scope().isAlive() || SharedArena.isClosing());
  }
}
