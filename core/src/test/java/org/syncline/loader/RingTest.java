/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;

/** The ring under consumers of every kind, errors, interrupts and closes. */
@Tag("any-width")
@Timeout(60)
class RingTest {
  private static int loaderThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().startsWith("syncline-loader-"))
            .count();
  }

  @Test
  void aConsumerThatKeepsBatchesMakesTheRingGrowAndShrinkAgain() throws Exception {
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 1000, 3), b -> b.batchSize(2).prefetch(2))) {
      List<Batch> kept = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        kept.add(l.next());
      }
      LoaderStatistics s = l.statistics();
      assertEquals(40, s.heldSlots());
      assertTrue(s.slots() >= 40 && s.slots() <= 43, s.toString());
      assertEquals(40, kept.stream().mapToInt(Batch::slot).distinct().count());
      for (int i = 0; i < 40; i++) {
        assertEquals(List.of(2 * i, 2 * i + 1), Fakes.see(kept.get(i)).indices());
      }
      for (int i = 0; i < 460; i++) {
        Batch b = l.next();
        if (b != null) {
          b.close();
        }
      }
      Fakes.take(l, 1500);
      assertTrue(l.statistics().slots() <= 4, l.statistics().toString());
    }
  }

  @Test
  void heldMemoryComesBackWithinAFewBatches() throws Exception {
    for (int kept : new int[] {1, 7, 40}) {
      try (ChunkLoader l =
          Fakes.chunks(new FakeSource("a", 1000, 3), b -> b.batchSize(2).prefetch(2))) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
          batches.add(l.next());
        }
        batches.forEach(Batch::close);
        for (int i = 0; i < 24; i++) {
          l.next().close();
        }
        // the queue and as many for ups and downs
        assertTrue(l.statistics().slots() <= 7, kept + " kept: " + l.statistics());
        for (int i = 0; i < 160; i++) {
          l.next().close();
        }
        assertTrue(l.statistics().slots() <= 4, kept + " kept: " + l.statistics());
      }
    }
  }

  @Test
  void slotsThatAreNeededAgainStay() throws Exception {
    for (int atOnce : new int[] {1, 2, 5}) {
      AtomicInteger allocated = new AtomicInteger();
      try (ChunkLoader l =
          Fakes.chunks(
              new FakeSource("a", 1000, 3),
              b -> b.batchSize(1).prefetch(3).memory(m -> allocated.incrementAndGet(), m -> {}))) {
        ArrayDeque<Batch> held = new ArrayDeque<>();
        for (int i = 0; i < 900; i++) {
          held.add(l.next());
          if (i % 7 == 0) {
            LockSupport.parkNanos(50_000); // let the queue fill now and then
          }
          if (held.size() == atOnce) {
            // one after the other, or all together
            while (held.size() >= (atOnce == 5 ? 1 : atOnce)) {
              held.poll().close();
            }
          }
        }
        held.forEach(Batch::close);
        assertTrue(
            allocated.get() <= 3 + atOnce + 900 / 32,
            allocated + " slots were made, " + atOnce + " batches held at once");
      }
    }
  }

  @Test
  void aLimitGivesAClearErrorAndNothingIsLost() throws Exception {
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 100, 3), b -> b.batchSize(2).prefetch(2).maxSlots(4))) {
      ArrayDeque<Batch> kept = new ArrayDeque<>();
      for (int i = 0; i < 4; i++) {
        kept.add(l.next());
      }
      LoaderException e = assertThrows(LoaderException.class, l::next);
      assertTrue(e.getMessage().contains("maxSlots is 4"), e.getMessage());
      assertThrows(LoaderException.class, () -> l.next(Duration.ofSeconds(20)));
      for (int i = 4; i < 50; i++) {
        kept.poll().close();
        kept.add(l.next());
        assertEquals(i, kept.peekLast().position());
      }
      kept.forEach(Batch::close);
    }
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 100, 3), b -> b.batchSize(2).maxSlots(1))) {
      assertEquals(50, Fakes.epoch(l).size());
    }
  }

  @Test
  void aFailingChunkIsOneErrorAtItsBatch() throws Exception {
    for (int threads : new int[] {1, 4}) {
      FakeSource source = new FakeSource("a", 40, 3);
      source.failAt = 17;
      try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(4).threads(threads))) {
        for (int epoch = 0; epoch < 2; epoch++) {
          for (int i = 0; i < 10; i++) {
            if (i == 4) {
              LoaderException e = assertThrows(LoaderException.class, l::next);
              assertEquals("a", e.recording());
              assertEquals(17, e.chunk());
              assertEquals("responses", e.device());
              assertInstanceOf(RecordingException.class, e.getCause());
              assertTrue(
                  e.getMessage().startsWith("recording a, chunk 17, device responses: "),
                  e.getMessage());
            } else {
              assertEquals(i, Fakes.see(l.next()).position());
            }
          }
          assertNull(l.next());
        }
        assertEquals(0, l.statistics().heldSlots());
      }
    }
  }

  @Test
  void ofSeveralFailuresTheFirstChunkSpeaks() throws Exception {
    for (int round = 0; round < 20; round++) {
      FakeSource source = new FakeSource("a", 64, 3);
      source.onRead =
          () -> {
            throw new IllegalStateException("everything fails");
          };
      try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(32).threads(4))) {
        LoaderException e = assertThrows(LoaderException.class, l::next);
        assertEquals(0, e.chunk());
        assertNull(e.device());
        assertEquals(32, assertThrows(LoaderException.class, l::next).chunk());
      }
    }
  }

  @Test
  void errorsOfTheMachineSurfaceToo() throws Exception {
    FakeSource source = new FakeSource("a", 8, 3);
    source.onRead =
        () -> {
          throw new InternalError("a fault occurred in an unsafe memory access operation");
        };
    try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(4))) {
      assertInstanceOf(
          InternalError.class, assertThrows(LoaderException.class, l::next).getCause());
    }
  }

  /** Cannot even say what is wrong. */
  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new OutOfMemoryError("no room for words");
    }
  }

  @Test
  void aWorkerThatEndsIsHeardOf() throws Exception {
    FakeSource source = new FakeSource("a", 8, 3);
    source.onRead =
        () -> {
          throw new Mute();
        };
    try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(4))) {
      assertInstanceOf(
          OutOfMemoryError.class, assertThrows(LoaderException.class, l::next).getCause());
      assertThrows(LoaderException.class, () -> l.next(Duration.ZERO));
    }
    assertEquals(0, source.readers.get());
  }

  @Test
  void closeWakesAWaitingConsumerAndEndsTheThreads() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    FakeSource source = new FakeSource("a", 40, 3);
    source.onRead =
        () -> {
          reading.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(4).threads(2));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread consumer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    l.next();
                  } catch (Throwable t) {
                    thrown.set(t);
                  }
                });
    reading.await();
    Thread closer = Thread.ofPlatform().start(l::close);
    consumer.join(5000);
    assertInstanceOf(
        ClosedException.class,
        thrown.get(),
        "a consumer need not wait for the chunk that is being read");
    assertTrue(closer.isAlive(), "close waits for the chunk that is being read");
    go.countDown();
    closer.join(5000);
    assertFalse(closer.isAlive());
    assertEquals(0, source.readers.get());
    assertThrows(ClosedException.class, l::next);
    assertThrows(ClosedException.class, () -> l.next(Duration.ZERO));
    assertThrows(ClosedException.class, l::state);
    l.close();
  }

  @Test
  void heldBatchesOutliveTheLoader() throws Exception {
    ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4));
    Batch batch = l.next();
    Batch twice = l.next().retain();
    l.close();
    MemorySegment data = batch.values().get("screen").data();
    assertEquals(FakeSource.value("a", 0, 0), data.get(ValueLayout.JAVA_LONG, 0));
    batch.close();
    batch.close();
    assertThrows(IllegalStateException.class, () -> data.get(ValueLayout.JAVA_LONG, 0));
    assertThrows(ClosedException.class, batch::values);
    assertThrows(ClosedException.class, batch::retain);
    assertThrows(IllegalStateException.class, batch::release);
    twice.close();
    assertEquals(
        List.of(4, 5, 6, 7),
        List.of(
            twice.chunkIndex(0), twice.chunkIndex(1), twice.chunkIndex(2), twice.chunkIndex(3)));
    twice.release();
    assertThrows(ClosedException.class, twice::values);
  }

  @Test
  void batchesComeBackBySlotAndGeneration() throws Exception {
    try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 400, 3), b -> b.batchSize(4))) {
      Batch first = l.next();
      assertFalse(l.release(first.slot(), first.generation() + 1));
      assertFalse(l.release(99, 1));
      assertFalse(l.release(-1, 1));
      first.retain();
      first.close();
      assertNotNull(first.values());
      assertTrue(l.release(first.slot(), first.generation()));
      assertFalse(l.release(first.slot(), first.generation()));
      assertThrows(ClosedException.class, first::values);
      for (int i = 0; i < 50; i++) {
        Batch b = l.next();
        assertFalse(
            l.release(first.slot(), first.generation()),
            "an old generation must not free a new batch");
        b.close();
      }
    }
  }

  @Test
  void anInterruptedConsumerLosesNothing() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    FakeSource source = new FakeSource("a", 40, 3);
    source.onRead =
        () -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(4))) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, l::next);
      assertFalse(Thread.currentThread().isInterrupted());
      Thread.currentThread().interrupt();
      assertThrows(LoaderException.class, () -> l.remaining().iterator().next());
      assertTrue(Thread.interrupted());
      assertThrows(TimeoutException.class, () -> l.next(Duration.ofMillis(5)));
      assertThrows(TimeoutException.class, () -> l.next(Duration.ZERO));
      go.countDown();
      assertEquals(0, Fakes.see(l.next()).position());
      assertEquals(9, Fakes.epoch(l).size());
    }
  }

  @Test
  void closeInterruptsNobodyAndKeepsTheFlag() {
    ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4));
    Thread.currentThread().interrupt();
    l.close();
    assertTrue(Thread.interrupted());
    assertEquals(0, loaderThreads());
  }

  @Test
  void racesOfTakingSeekingAndClosingEnd() throws Exception {
    long seed = System.nanoTime();
    System.out.println("RingTest seed " + seed);
    for (int round = 0; round < 150; round++) {
      Random random = new Random(seed + round);
      FakeSource source = new FakeSource("a", 200, 3);
      source.delayNanos = random.nextInt(20_000);
      if (random.nextInt(4) == 0) {
        source.failAt = random.nextInt(200);
      }
      int limit = random.nextInt(3) == 0 ? 3 : 0;
      ChunkLoader l =
          Fakes.chunks(
              source,
              b ->
                  b.batchSize(1 + random.nextInt(4))
                      .threads(1 + random.nextInt(4))
                      .shuffle(true)
                      .maxSlots(limit));
      List<Thread> users = new ArrayList<>();
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      for (int t = 0; t < 3; t++) {
        long own = random.nextLong();
        users.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      Random r = new Random(own);
                      ArrayDeque<Batch> kept = new ArrayDeque<>();
                      try {
                        while (true) {
                          try {
                            Batch b =
                                r.nextBoolean()
                                    ? l.next()
                                    : l.next(Duration.ofNanos(r.nextInt(200_000)));
                            if (b != null) {
                              kept.add(b);
                            }
                            if (r.nextInt(50) == 0) {
                              l.seek(r.nextInt(5));
                            }
                            if (r.nextInt(50) == 0) {
                              l.nextEpoch();
                            }
                          } catch (LoaderException | TimeoutException e) {
                            // a failing chunk, the limit, or none in time
                          }
                          while (kept.size() > r.nextInt(3)) {
                            Fakes.see(kept.poll());
                          }
                        }
                      } catch (ClosedException e) {
                        kept.forEach(Fakes::see);
                      } catch (Throwable e) {
                        wrong.compareAndSet(null, e);
                      }
                    }));
      }
      LockSupport.parkNanos(random.nextInt(8_000_000));
      l.close();
      for (Thread t : users) {
        t.join(10_000);
        assertFalse(t.isAlive(), "seed " + (seed + round));
      }
      if (wrong.get() != null) {
        throw new AssertionError("seed " + (seed + round), wrong.get());
      }
      assertEquals(0, source.readers.get());
      LoaderStatistics s = l.statistics();
      assertEquals(0, s.slots(), "all memory is free: seed " + (seed + round));
    }
    assertEquals(0, loaderThreads());
  }

  @Test
  void twoConsumersShareTheStream() throws Exception {
    ChunkLoader l = Fakes.chunks(new FakeSource("a", 4000, 3), b -> b.batchSize(2).shuffle(true));
    try {
      Set<Integer> seen = ConcurrentHashMap.newKeySet();
      AtomicInteger count = new AtomicInteger();
      Runnable consumer =
          () -> {
            try {
              for (Batch b; (b = l.next()) != null && b.epoch() == 0; ) {
                seen.addAll(Fakes.see(b).indices());
                count.incrementAndGet();
              }
              l.close();
            } catch (InterruptedException | ClosedException e) {
              // the other one saw the end
            }
          };
      Thread other = Thread.ofPlatform().start(consumer);
      consumer.run();
      other.join();
      assertTrue(count.get() >= 1999, "at most the batch behind the mark is missed: " + count);
    } finally {
      l.close();
    }
  }

  private static long residentBytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  @Test
  void manyBatchesLeakNothing() throws Exception {
    boolean linux = Files.exists(Path.of("/proc/self/status"));
    try (ChunkLoader l =
        Fakes.chunks(
            new FakeSource("a", 512, 2000), b -> b.batchSize(4).shuffle(true).prefetch(3))) {
      for (int i = 0; i < 5000; i++) {
        drop(l.next());
      }
      long before = linux ? residentBytes() : 0;
      int slots = l.statistics().slots();
      for (int i = 0; i < 20_000; i++) {
        drop(l.next());
      }
      long after = linux ? residentBytes() : 0;
      assertTrue(l.statistics().slots() <= slots + 1, l.statistics().toString());
      assertTrue(
          after - before < 24L << 20, "resident memory grew by " + (after - before) + " bytes");
    }
  }

  private static void drop(Batch b) {
    if (b != null) {
      b.close();
    }
  }

  /** Throws whenever memory is freed. */
  private static final class FailingListener {
    final List<MemorySegment> memory = new CopyOnWriteArrayList<>();
    final AtomicInteger freed = new AtomicInteger();

    void allocated(MemorySegment segment) {
      memory.add(segment);
    }

    void freeing(MemorySegment segment) {
      int n = freed.getAndIncrement();
      if (n % 2 == 0) {
        throw new IllegalStateException("listener " + n);
      }
      throw new AssertionError("listener " + n);
    }
  }

  @Test
  void whatStoodInTheWayOfABatchIsTriedAgainWhenItIsAskedFor() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    AtomicReference<Error> full = new AtomicReference<>();
    Consumer<MemorySegment> allocated =
        memory -> {
          tries.incrementAndGet();
          if (full.get() != null) {
            throw full.get();
          }
        };
    try (ChunkLoader l =
        Fakes.chunks(
            new FakeSource("a", 400, 3),
            b -> b.batchSize(2).prefetch(1).memory(allocated, m -> {}))) {
      Batch first = l.next();
      full.set(new OutOfMemoryError("no room"));
      List<Batch> kept = new ArrayList<>();
      LoaderException e =
          assertThrows(
              LoaderException.class,
              () -> {
                for (int i = 0; i < 10; i++) {
                  kept.add(l.next());
                }
              });
      assertSame(full.get(), e.getCause());
      int before = tries.get();
      assertThrows(LoaderException.class, l::next);
      assertEquals(before + 1, tries.get(), "each call is one try");
      LockSupport.parkNanos(20_000_000);
      assertEquals(before + 1, tries.get(), "nobody tries in between");
      // now there is room: the old error does not come again
      full.set(null);
      int next = 1 + kept.size();
      assertEquals(next, Fakes.see(l.next()).position());
      assertEquals(next + 1, Fakes.see(l.next()).position());
      first.close();
      kept.forEach(Batch::close);
    }
  }

  @Test
  void aListenerThatFailsLosesNoBatchAndNoMemory() throws Exception {
    FailingListener listener = new FailingListener();
    FakeSource source = new FakeSource("a", 2000, 3);
    ChunkLoader l =
        Fakes.chunks(
            source, b -> b.batchSize(2).prefetch(2).memory(listener::allocated, listener::freeing));
    List<Batch> kept = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      kept.add(l.next());
    }
    kept.forEach(Batch::close);
    for (int i = 20; i < 400; i++) {
      assertEquals(i, Fakes.see(l.next()).position());
    }
    int before = listener.freed.get();
    assertTrue(before > 1, "the ring shrank");
    Throwable e = assertThrows(Throwable.class, l::close);
    assertEquals("listener " + before, e.getMessage());
    assertEquals(listener.memory.size(), listener.freed.get());
    assertTrue(listener.memory.stream().noneMatch(m -> m.scope().isAlive()));
    assertTrue(source.closed);
    l.close();
  }

  @Test
  void aLoaderWhoseThreadsDoNotStartIsClosed() throws Exception {
    FakeSource source = new FakeSource("a", 40, 3);
    ChunkLoader.Builder b = ChunkLoader.builder().threads(2).batchSize(4);
    LoaderParts parts = b.assemble(List.of(Fakes.spec(source)), CycledOrder.CHUNKS);
    parts.engine().start();
    // a thread that runs already refuses to start, as one does that the system has no room for
    assertThrows(IllegalThreadStateException.class, () -> new ChunkLoader(parts));
    assertTrue(parts.engine().isClosed());
    assertEquals(0, source.readers.get());
    assertTrue(source.closed);
  }

  @Test
  void loadersComeAndGo() throws Exception {
    boolean linux = Files.exists(Path.of("/proc/self/status"));
    long before = 0;
    for (int i = 0; i < 150; i++) {
      try (ChunkLoader l =
          Fakes.chunks(
              new FakeSource("a", 64, 20_000), b -> b.batchSize(8).hugePages(true).threads(1))) {
        drop(l.next());
      }
      if (i == 50) {
        before = linux ? residentBytes() : 0;
      }
    }
    long after = linux ? residentBytes() : 0;
    assertTrue(
        after - before < 48L << 20, "resident memory grew by " + (after - before) + " bytes");
  }

  @Test
  void steadyStateAllocatesOneSmallObjectABatch() throws Exception {
    com.sun.management.ThreadMXBean bean =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 512, 4), b -> b.batchSize(4).shuffle(true))) {
      long sum = 0;
      for (int i = 0; i < 30_000; i++) {
        sum += touch(l.next());
      }
      long[] ids =
          Thread.getAllStackTraces().keySet().stream()
              .filter(
                  t -> t.getName().startsWith("syncline-loader-") || t == Thread.currentThread())
              .mapToLong(Thread::threadId)
              .toArray();
      assertEquals(3, ids.length);
      long[] before = bean.getThreadAllocatedBytes(ids);
      int batches = 10_000;
      for (int i = 0; i < batches; i++) {
        sum += touch(l.next());
      }
      long[] after = bean.getThreadAllocatedBytes(ids);
      long total = 0;
      for (int i = 0; i < ids.length; i++) {
        total += after[i] - before[i];
      }
      double perBatch = (double) total / batches;
      System.out.println("RingTest: " + perBatch + " bytes a batch allocated (" + sum % 2 + ")");
      assertTrue(perBatch < 128, perBatch + " bytes a batch");
    }
  }

  private static long touch(Batch b) {
    if (b == null) {
      return 0;
    }
    long v = b.values().get("screen").data().get(ValueLayout.JAVA_LONG, 0) + b.chunkIndex(0);
    b.close();
    return v;
  }

  @Test
  void throttledAndSpinningLoadersGiveTheSameBatches() throws Exception {
    List<Fakes.Seen> expected;
    try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4))) {
      expected = Fakes.epoch(l);
    }
    try (ChunkLoader l =
        Fakes.chunks(
            new FakeSource("a", 40, 3), b -> b.batchSize(4).share(0.3).nice(5).hugePages(true))) {
      assertEquals(expected, Fakes.epoch(l));
    }
    try (ChunkLoader l =
        Fakes.chunks(
            new FakeSource("a", 40, 3), b -> b.batchSize(4).spinNanos(100_000).threads(1))) {
      assertEquals(expected, Fakes.epoch(l));
    }
  }

  @Test
  void whateverAConsumerWaitsForASpinningOneHearsOfIt() throws Exception {
    Consumer<ChunkLoader.Builder> spinning = b -> b.batchSize(4).spinNanos(Long.MAX_VALUE);

    FakeSource slow = new FakeSource("a", 40, 3);
    slow.delayNanos = 300_000_000;
    ChunkLoader closed = Fakes.chunks(slow, spinning);
    Thread closing = new Thread(closed::close);
    closing.start();
    assertThrows(ClosedException.class, () -> Fakes.take(closed, 3));
    closing.join();

    FakeSource alsoSlow = new FakeSource("a", 40, 3);
    alsoSlow.delayNanos = 300_000_000;
    try (ChunkLoader l = Fakes.chunks(alsoSlow, spinning)) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, l::next);
    }
    try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), spinning)) {
      assertEquals(10, Fakes.epoch(l).size());
      assertEquals(10, Fakes.epoch(l).size());
      l.seek(0, 10);
      assertNull(l.next());
    }
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 3, 3), spinning.andThen(b -> b.dropLast(true)))) {
      assertNull(l.next());
    }
    Consumer<ChunkLoader.Builder> refused =
        b ->
            b.memory(
                m -> {
                  throw new IllegalStateException("no room");
                },
                m -> {});
    try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), spinning.andThen(refused))) {
      assertThrows(LoaderException.class, l::next);
    }
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 40, 3), spinning.andThen(b -> b.maxSlots(1)))) {
      Batch held = l.next();
      assertThrows(LoaderException.class, l::next);
      held.close();
      l.next().close();
    }
  }

  @Test
  void exceptionsThatLeadBackToThemselvesOrSayNothingCostTheirBatchAlone() throws Exception {
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second", first);
    first.initCause(second);
    RuntimeException mute =
        new RuntimeException() {
          private static final long serialVersionUID = 1;

          @Override
          public String getMessage() {
            throw new IllegalStateException("not even this");
          }
        };
    for (RuntimeException thrown : List.of(second, mute)) {
      FakeSource source = new FakeSource("a", 40, 3);
      AtomicInteger reads = new AtomicInteger();
      source.onRead =
          () -> {
            if (reads.incrementAndGet() == 10) {
              throw thrown;
            }
          };
      try (ChunkLoader l = Fakes.chunks(source, b -> b.batchSize(4).threads(1))) {
        int good = 0;
        for (int i = 0; i < 10; i++) {
          try {
            l.next().close();
            good++;
          } catch (LoaderException e) {
            assertSame(thrown, e.getCause());
          }
        }
        assertEquals(9, good);
      }
    }
  }

  @Test
  void viewsAreMadeOnceASlot() throws Exception {
    try (ChunkLoader l =
        Fakes.chunks(new FakeSource("a", 400, 3), b -> b.batchSize(4).threads(1).prefetch(1))) {
      java.util.IdentityHashMap<Object, Boolean> views = new java.util.IdentityHashMap<>();
      for (int i = 0; i < 100; i++) {
        try (Batch b = l.next()) {
          views.put(b.values(), true);
          assertSame(b.values(), b.values());
        }
      }
      assertTrue(views.size() <= 3, views.size() + " views");
    }
  }

  @Test
  void statisticsTellWhatLimits() throws Exception {
    FakeSource slow = new FakeSource("a", 40, 3);
    slow.delayNanos = 1_000_000;
    try (ChunkLoader l = Fakes.chunks(slow, b -> b.batchSize(4))) {
      Fakes.epoch(l);
      LoaderStatistics s = l.statistics();
      assertEquals(10, s.batches());
      assertEquals(LoaderStatistics.Stage.SEQUENCE, s.limiting(), s.summary());
      assertTrue(s.summary().contains("limited by sequence"), s.summary());
      assertTrue(s.chunks() >= 40 && s.bytes() == s.chunks() * (24 + 48 + 16), s.toString());
    }
    try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4))) {
      for (Batch b : l.remaining()) {
        b.close();
        LockSupport.parkNanos(2_000_000);
      }
      assertEquals(
          LoaderStatistics.Stage.CONSUMER, l.statistics().limiting(), l.statistics().summary());
    }
  }
}
