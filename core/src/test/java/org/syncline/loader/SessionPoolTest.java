/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.syncline.ReadOptions;
import org.syncline.device.support.Interruptions;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;

/** Many recordings, few of them open. */
@Tag("any-width")
@Timeout(60)
class SessionPoolTest {
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final ConcurrentHashMap<String, Integer> lengths = new ConcurrentHashMap<>();

  /** Counts how many are open at a time. */
  private final class Counting implements ChunkSource {
    private final FakeSource inner;

    Counting(String key) {
      inner = new FakeSource(key, lengths.getOrDefault(key, 12), 2 + key.hashCode() % 3);
      opened.incrementAndGet();
      most.accumulateAndGet(open.incrementAndGet(), Math::max);
    }

    @Override
    public String key() {
      return inner.key();
    }

    @Override
    public java.nio.file.Path root() {
      return inner.root();
    }

    @Override
    public int length() {
      return inner.length();
    }

    @Override
    public List<String> devices() {
      return inner.devices();
    }

    @Override
    public List<org.syncline.array.TensorSpec> layout(org.syncline.ReadOptions options) {
      return inner.layout(options);
    }

    @Override
    public org.syncline.ChunkReader reader(org.syncline.ReadOptions options) {
      return inner.reader(options);
    }

    @Override
    public String fingerprint() {
      return inner.fingerprint();
    }

    @Override
    public java.util.Map<String, String> identity() {
      return inner.identity();
    }

    @Override
    public int stride() {
      return 1;
    }

    @Override
    public Long seed() {
      return null;
    }

    @Override
    public double[] ownStarts() {
      return null;
    }

    @Override
    public double[] starts() {
      return inner.starts();
    }

    @Override
    public double[] allStarts() {
      return inner.allStarts();
    }

    @Override
    public String explanation() {
      return "";
    }

    @Override
    public void close() {
      assertEquals(0, inner.readers.get(), "readers are closed before their recording");
      open.decrementAndGet();
      inner.close();
    }
  }

  private SessionLoader loader(int sessions, int maxOpen, int threads, Cycle cycle, boolean each) {
    List<RecordingSpec> specs = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      String key = "r" + i;
      specs.add(Fakes.reopening(key, () -> new Counting(key)));
    }
    SessionLoader.Builder b =
        SessionLoader.builder()
            .threads(threads)
            .batchSize(4)
            .shuffle(true)
            .seed(3L)
            .shuffleEachEpoch(each);
    return new SessionLoader(b.maxOpen(maxOpen).assemble(specs, cycle.type()));
  }

  @Test
  void aBoundedNumberStaysOpenAndNothingChanges() throws Exception {
    for (boolean each : new boolean[] {false, true}) {
      List<Fakes.Seen> expected;
      try (SessionLoader l = loader(50, Integer.MAX_VALUE, 2, Cycle.CONCATENATED, each)) {
        expected = Fakes.take(l, 300);
        assertEquals(50, l.statistics().openRecordings());
      }
      assertEquals(0, open.get());
      for (int maxOpen : new int[] {2, 7}) {
        for (int threads : new int[] {1, 2}) {
          most.set(0);
          opened.set(0);
          try (SessionLoader l = loader(50, maxOpen, threads, Cycle.CONCATENATED, each)) {
            assertEquals(expected, Fakes.take(l, 300));
            assertTrue(l.statistics().openRecordings() <= maxOpen + 1);
          }
          // opening them for the first time needs one more a thread
          assertTrue(
              most.get() <= maxOpen + threads + 1,
              "open at one time: " + most + ", limit " + maxOpen);
          assertTrue(opened.get() > 50, "some were opened again");
          assertEquals(0, open.get());
        }
      }
    }
  }

  /** Readers close each other's recordings, and a state asks those that are open, at one time. */
  @Test
  void recordingsThatTakeTurnsDoNotWaitForEachOther() {
    List<Session> all = new ArrayList<>();
    for (String key : List.of("a", "b", "c")) {
      Session s = session(key, Map::of);
      s.identify();
      s.source = all.isEmpty() ? s.source : null;
      all.add(s);
    }
    SessionPool pool = new SessionPool(all, 1);
    List<Thread> readers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int first = t;
      readers.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (int i = 0; i < 100_000; i++) {
                      Session s = all.get((first + i) % 3);
                      pool.acquire(s);
                      pool.release(s);
                    }
                  }));
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (Thread t : readers) {
            t.join();
          }
        });
    pool.close();
  }

  @Test
  void aLoaderSaysItsStateWhileItsWorkersCloseAndOpenRecordings() {
    SessionLoader l = loader(6, 1, 4, Cycle.LONG, false);
    // a loader that hangs could not be closed either
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 300; i++) {
            Fakes.take(l, 1);
            assertEquals(6, l.state().recordings().size());
          }
        });
    l.close();
    assertEquals(0, open.get());
  }

  @Test
  void aRecordingIsClosedForAnotherWhileItsMonitorIsHeld() throws Exception {
    CountDownLatch hashing = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Session a = session("a", Map::of);
    Session b =
        session(
            "b",
            () -> {
              hashing.countDown();
              try {
                closed.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              return Map.of("responses", "1");
            });
    a.identify();
    b.identify();
    a.source = null;
    SessionPool pool = new SessionPool(List.of(a, b), 1);
    Thread state = Thread.ofPlatform().daemon().start(b::storedValues);
    hashing.await();
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          pool.acquire(a);
          assertEquals(1, pool.open());
          pool.release(a);
        });
    closed.countDown();
    state.join();
    assertEquals(Map.of("responses", "1"), b.storedValues());
    pool.close();
  }

  private static Session session(String key, Supplier<Map<String, String>> values) {
    FakeSource source =
        new FakeSource(key, 12, 3) {
          @Override
          public Map<String, String> storedValues() {
            return values.get();
          }
        };
    ReadOptions options = ReadOptions.builder().build();
    return new Session(
        source,
        0,
        false,
        false,
        options,
        new BatchLayout(source.layout(options), 4),
        null,
        new int[0],
        () -> new FakeSource(key, 12, 3));
  }

  @Test
  void aRecordingThatChangedInBetweenIsAnError() throws Exception {
    try (SessionLoader l = loader(10, 1, 1, Cycle.EXHAUSTING, false)) {
      l.next().close();
      lengths.put("r7", 5);
      LoaderException wrong = null;
      for (int i = 1; i < 30; i++) {
        try {
          Fakes.see(l.next());
        } catch (LoaderException e) {
          wrong = e;
          break;
        }
      }
      assertEquals("r7", wrong.recording());
      assertTrue(wrong.getMessage().contains("has changed"), wrong.getMessage());
    }
    assertEquals(0, open.get());
  }

  @Test
  void aRecordingThatCannotBeOpenedIsNamedOrLeftOut() throws Exception {
    List<RecordingSpec> specs =
        List.of(
            Fakes.reopening("r0", () -> new Counting("r0")),
            Fakes.reopening(
                "/data/r1",
                () -> {
                  throw RecordingException.of(
                      java.nio.file.Path.of("/data/r1"), null, "nothing", "a folder", null);
                }),
            Fakes.reopening("r2", () -> new Counting("r2")));
    RecordingException e =
        assertThrows(
            RecordingException.class,
            () -> SessionLoader.builder().assemble(specs, CycledOrder.LONG));
    assertTrue(e.getMessage().contains("/data/r1"));
    assertEquals(0, open.get(), "what was opened is closed again");
    try (SessionLoader l =
        new SessionLoader(
            SessionLoader.builder().skipBroken(true).assemble(specs, CycledOrder.LONG))) {
      assertEquals(List.of("r0", "r2"), l.sessionKeys());
    }
    assertEquals(0, open.get());
  }

  /** What leaves its thread interrupted says nothing of the recording: none goes missing. */
  @Test
  void anInterruptionIsNoBrokenRecording() {
    for (int threads : new int[] {1, 2}) {
      List<RecordingSpec> specs =
          List.of(
              Fakes.reopening("r0", () -> new Counting("r0")),
              Fakes.reopening(
                  "r1",
                  () -> {
                    Thread.currentThread().interrupt();
                    Interruptions.check(false, "r1", "the filter 'own'");
                    return new Counting("r1");
                  }));
      try {
        SynclineException e =
            assertThrows(
                SynclineException.class,
                () ->
                    SessionLoader.builder()
                        .threads(threads)
                        .skipBroken(true)
                        .assemble(specs, CycledOrder.LONG));
        assertTrue(e.getMessage().contains("while the filter 'own' ran"), e.getMessage());
      } finally {
        Thread.interrupted();
      }
      assertEquals(0, open.get());
    }
  }

  @Test
  void hundredsOfRecordings() throws Exception {
    try (SessionLoader l = loader(333, 16, 2, Cycle.LONG, false)) {
      assertEquals(999, Fakes.epoch(l).size());
    }
    assertEquals(0, open.get());
  }
}
