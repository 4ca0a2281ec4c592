/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loader that nobody holds any more ends its threads and frees its memory. */
@Tag("any-width")
@Timeout(120)
class UnreachableLoaderTest {
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger slots = new AtomicInteger();
  private FakeSource source = new FakeSource("left", 40, 3);

  private ChunkLoader loader() {
    source.onRead = () -> workers.add(Thread.currentThread());
    return Fakes.chunks(
        source,
        b ->
            b.batchSize(4)
                .threads(2)
                .seed(1L)
                .shuffle(true)
                .memory(m -> slots.incrementAndGet(), m -> slots.decrementAndGet()));
  }

  /** Loses a loader; what it leaves behind is a batch. */
  private Batch lost() throws InterruptedException {
    ChunkLoader loader = loader();
    Fakes.take(loader, 5);
    return loader.next();
  }

  private void awaitEnd() throws InterruptedException {
    while (source.readers.get() > 0 || workers.stream().anyMatch(Thread::isAlive)) {
      System.gc();
      Thread.sleep(20);
    }
  }

  @Test
  void itsThreadsEndAndItsBatchesStay() throws Exception {
    Batch batch = lost();
    assertFalse(workers.isEmpty());
    awaitEnd();
    while (slots.get() > 1) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(1, slots.get(), "all memory is freed but that of the batch");
    // a held batch is as good as after close
    Fakes.see(batch);
    assertEquals(0, slots.get());
  }

  @Test
  void anIteratorHoldsItsLoader() throws Exception {
    var batches = loader().epochs().iterator();
    for (int i = 0; i < 30; i++) {
      try (Batch batch = batches.next()) {
        assertTrue(batch.size() > 0);
      }
      System.gc();
    }
    assertTrue(workers.stream().allMatch(Thread::isAlive));
    batches = null;
    awaitEnd();
  }

  @Test
  void aWaitingCallHoldsItsLoader() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      source = new FakeSource("left" + i, 40, 3);
      source.delayNanos = 2_000_000;
      // the only reference is the receiver of the call
      ChunkLoader loader = loader();
      Thread collector =
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (int k = 0; k < 5; k++) {
                      System.gc();
                    }
                  });
      try (Batch batch = loader.next()) {
        sizes.add(batch.size());
      }
      loader = null;
      collector.join();
      awaitEnd();
      workers.clear();
    }
    assertEquals(List.of(4, 4, 4, 4, 4), sizes);
  }
}
