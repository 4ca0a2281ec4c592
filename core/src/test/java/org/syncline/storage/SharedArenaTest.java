/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("any-width")
@Timeout(60)
class SharedArenaTest {
  private static final long PATIENCE_NANOS = 50_000_000;

  @Test
  void memoryIsUsedByAllThreadsAndGoneAfterClose() throws InterruptedException {
    SharedArena arena = new SharedArena();
    MemorySegment memory = arena.allocate(64, 64);
    assertEquals(0, memory.address() % 64);
    Thread other = Thread.ofPlatform().start(() -> memory.set(ValueLayout.JAVA_BYTE, 63, (byte) 7));
    other.join();
    assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, 63));
    arena.close();
    assertFalse(arena.scope().isAlive());
    assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
    assertThrows(IllegalStateException.class, arena::close);
    SharedArena.enter();
    SharedArena.exit();
  }

  @Test
  void aCloseWaitsForReadersInsideAndThoseWhoComeWaitForTheClose() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  SharedArena.enter();
                  try {
                    entered.countDown();
                    leave.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  } finally {
                    SharedArena.exit();
                  }
                });
    entered.await();
    SharedArena arena = new SharedArena();
    AtomicBoolean closed = new AtomicBoolean();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  arena.close();
                  closed.set(true);
                });
    // until it waits, or has waited long enough
    while (!SharedArena.isClosing() && !closed.get()) {
      Thread.onSpinWait();
    }
    long begin = System.nanoTime();
    SharedArena.enter();
    long waited = System.nanoTime() - begin;
    SharedArena.exit();
    assertTrue(closed.get() || !arena.scope().isAlive() || waited >= PATIENCE_NANOS);
    closer.join();
    // the reader did not leave: the close was late, and not lost
    assertFalse(arena.scope().isAlive());
    leave.countDown();
    reader.join();
  }

  /** Three threads read all the time and one closes: nobody waits for ever. */
  @Test
  void closesFallBetweenReads() throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong reads = new AtomicLong();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!ended.get()) {
                      SharedArena.enter();
                      SharedArena.exit();
                      reads.getAndIncrement();
                    }
                  }));
    }
    int closes = 0;
    int quick = 0;
    // as many as it takes until the readers came in often: a busy machine may start them late
    while (closes < 300 || reads.get() <= 1_000) {
      SharedArena arena = new SharedArena();
      long begin = System.nanoTime();
      arena.close();
      closes++;
      quick += System.nanoTime() - begin < PATIENCE_NANOS ? 1 : 0;
    }
    ended.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertTrue(
        quick > closes / 10,
        "of " + closes + " closes " + quick + " found a time without a reader");
  }

  /** What closes an arena while it reads waits for itself, for some milliseconds. */
  @Test
  void aReaderMayClose() {
    SharedArena arena = new SharedArena();
    SharedArena.enter();
    SharedArena.enter();
    try {
      arena.close();
    } finally {
      SharedArena.exit();
      SharedArena.exit();
    }
    assertFalse(arena.scope().isAlive());
    SharedArena quick = new SharedArena();
    long begin = System.nanoTime();
    quick.close();
    assertTrue(System.nanoTime() - begin < 1_000_000_000);
  }
}
