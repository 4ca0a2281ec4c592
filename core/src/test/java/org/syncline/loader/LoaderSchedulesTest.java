/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.ConcurrencyTest;
import org.syncline.error.ClosedException;

/**
 * A loader under Fray, which decides at each lock, wait, park, atomic and volatile access of all
 * threads who goes on. A schedule that fails is written down, and can be run again.
 */
@Tag("schedules")
@ExtendWith(FrayTestExtension.class)
class LoaderSchedulesTest {
  private static final int CHUNKS = 7;

  /** The batches of a loader over chunks in their order, with what came of memory. */
  private static final class Loaded implements AutoCloseable {
    final FakeSource source = new FakeSource("a", CHUNKS, 3);
    final AtomicInteger memory = new AtomicInteger();
    final ChunkLoader loader;

    Loaded(Consumer<ChunkLoader.Builder> options) {
      this(options, -1);
    }

    Loaded(Consumer<ChunkLoader.Builder> options, int failAt) {
      source.failAt = failAt;
      loader =
          Fakes.chunks(
              source,
              options.andThen(
                  b -> b.memory(m -> memory.incrementAndGet(), m -> memory.decrementAndGet())));
    }

    /** Closes, and asks whether anything is left of it, of which no batch is held any more. */
    @Override
    public void close() {
      loader.close();
      assertEquals(0, source.readers.get(), "readers");
      assertEquals(0, memory.get(), "slots");
    }
  }

  private static List<Integer> batch(int k) {
    return 2 * k + 1 < CHUNKS ? List.of(2 * k, 2 * k + 1) : List.of(2 * k);
  }

  private static void assertBatch(long epoch, int position, Batch batch) {
    Fakes.Seen seen = Fakes.see(batch);
    assertEquals(
        epoch + "/" + position + batch(position),
        seen.epoch() + "/" + seen.position() + seen.indices());
  }

  @ConcurrencyTest(iterations = 100)
  void twoThreadsGiveEachBatchInItsOrder() throws Exception {
    try (Loaded l = new Loaded(b -> b.batchSize(2).prefetch(2).threads(2))) {
      for (int epoch = 0; epoch < 2; epoch++) {
        for (int k = 0; k < 4; k++) {
          assertBatch(epoch, k, l.loader.next());
        }
        assertNull(l.loader.next());
      }
    }
  }

  @ConcurrencyTest(iterations = 100)
  void batchesGivenBackByAnotherThreadAreWhatTheyWere() throws Exception {
    try (Loaded l = new Loaded(b -> b.batchSize(2).prefetch(1).threads(2).maxSlots(3))) {
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      List<Thread> looking = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        int position = k;
        Batch batch = null;
        while (batch == null) {
          try {
            batch = l.loader.next();
          } catch (LoaderException held) {
            // all three are with threads that look at them
            assertTrue(held.getMessage().contains("maxSlots"), held.getMessage());
            looking.getLast().join();
          }
        }
        Batch taken = batch;
        Thread thread =
            new Thread(
                () -> {
                  try {
                    assertBatch(0, position, taken);
                  } catch (Throwable e) {
                    wrong.set(e);
                  }
                });
        thread.start();
        looking.add(thread);
      }
      for (Thread thread : looking) {
        thread.join();
      }
      if (wrong.get() != null) {
        throw new AssertionError(wrong.get());
      }
    }
  }

  @ConcurrencyTest(iterations = 100)
  void twoConsumersShareAnEpoch() throws Exception {
    try (Loaded l = new Loaded(b -> b.batchSize(1).prefetch(2).threads(2))) {
      List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      Runnable consumer =
          () -> {
            try {
              for (int k = 0; k < CHUNKS / 2; k++) {
                seen.addAll(Fakes.see(l.loader.next()).indices());
              }
            } catch (Throwable e) {
              wrong.set(e);
            }
          };
      Thread other = new Thread(consumer);
      other.start();
      consumer.run();
      other.join();
      if (wrong.get() != null) {
        throw new AssertionError(wrong.get());
      }
      Collections.sort(seen);
      assertEquals(List.of(0, 1, 2, 3, 4, 5), seen);
    }
  }

  @ConcurrencyTest(iterations = 100)
  void closeEndsAWaitingConsumerAndLeavesNothing() throws Exception {
    Loaded l = new Loaded(b -> b.batchSize(2).prefetch(2).threads(2));
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    Thread consumer =
        new Thread(
            () -> {
              try {
                while (true) {
                  Batch batch = l.loader.next();
                  if (batch != null) {
                    Fakes.see(batch);
                  }
                }
              } catch (ClosedException end) {
                // as it should
              } catch (Throwable e) {
                wrong.set(e);
              }
            });
    consumer.start();
    Batch held = l.loader.next();
    l.loader.close();
    consumer.join();
    if (held != null) {
      Fakes.see(held);
    }
    l.close();
    assertNull(wrong.get());
  }

  @ConcurrencyTest(iterations = 100)
  void aSeekWhileOthersReadGoesOnThere() throws Exception {
    try (Loaded l = new Loaded(b -> b.batchSize(2).prefetch(2).threads(2))) {
      assertBatch(0, 0, l.loader.next());
      l.loader.seek(3, 2);
      assertBatch(3, 2, l.loader.next());
      LoaderState state = l.loader.state();
      assertBatch(3, 3, l.loader.next());
      assertNull(l.loader.next());
      l.loader.restore(state);
      assertBatch(3, 3, l.loader.next());
    }
  }

  @ConcurrencyTest(iterations = 100)
  void aSeekGivesBackWhatWasRead() throws Exception {
    // each slot is with the program, in the queue or being read: the seek makes room, or nobody
    // does
    try (Loaded l = new Loaded(b -> b.batchSize(2).prefetch(2).threads(2).maxSlots(3))) {
      Batch held = l.loader.next();
      l.loader.seek(1);
      assertBatch(1, 0, l.loader.next());
      assertBatch(0, 0, held);
      assertBatch(1, 1, l.loader.next());
    }
  }

  @ConcurrencyTest(iterations = 100)
  void aStateTakenBesideAConsumerIsOfSomeBatch() throws Exception {
    try (Loaded l = new Loaded(b -> b.batchSize(2).prefetch(2).threads(2))) {
      AtomicReference<LoaderState> state = new AtomicReference<>();
      Thread other = new Thread(() -> state.set(l.loader.state()));
      other.start();
      for (int k = 0; k < 3; k++) {
        assertBatch(0, k, l.loader.next());
      }
      other.join();
      int position = state.get().position();
      assertTrue(position <= 3, () -> "position " + position);
      l.loader.restore(state.get());
      assertBatch(0, position, l.loader.next());
    }
  }

  @ConcurrencyTest(iterations = 100)
  void aChunkThatFailsIsOneErrorAtItsBatch() throws Exception {
    try (Loaded l = new Loaded(b -> b.batchSize(2).prefetch(2).threads(2), 3)) {
      assertBatch(0, 0, l.loader.next());
      assertThrows(LoaderException.class, l.loader::next);
      assertBatch(0, 2, l.loader.next());
      assertBatch(0, 3, l.loader.next());
      assertNull(l.loader.next());
    }
  }
}
