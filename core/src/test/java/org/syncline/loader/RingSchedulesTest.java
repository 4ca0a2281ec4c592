/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The ring under schedules that are drawn and not left to luck: each worker stops before each chunk
 * that it reads and goes on when it is told to; between two such steps the program takes, closes,
 * seeks, restores or closes all. After each step everybody has come to rest, so that the same seed
 * is the same schedule. Whatever the schedule, the stream is the one that a loader without such
 * stops gives.
 *
 * <p>Properties {@code syncline.cases} and {@code syncline.seed} choose how many schedules and
 * which. They are long and of many kinds, with whole chunks for steps; {@link LoaderSchedulesTest}
 * has short ones, with each lock and wait for a step.
 */
@Tag("any-width")
@Timeout(300)
class RingSchedulesTest {
  private static final int CHUNKS = 23;
  private static final int EPOCHS = 6;

  /** Where workers stop. */
  private static final class Gate {
    private final Map<Thread, Boolean> waiting = new LinkedHashMap<>();
    private final Map<Thread, Double> places = new HashMap<>();
    private boolean open;

    void pass(double place) {
      Thread me = Thread.currentThread();
      synchronized (waiting) {
        if (open) {
          return;
        }
        waiting.put(me, false);
        places.put(me, place);
      }
      while (true) {
        synchronized (waiting) {
          if (open || waiting.get(me)) {
            waiting.remove(me);
            return;
          }
        }
        LockSupport.park(this);
      }
    }

    /** In the order of the chunks they are at: which worker has which is the system's choice. */
    List<Thread> stopped() {
      synchronized (waiting) {
        return waiting.keySet().stream().sorted(Comparator.comparing(places::get)).toList();
      }
    }

    void letGo(Thread thread) {
      synchronized (waiting) {
        waiting.put(thread, true);
      }
      LockSupport.unpark(thread);
      while (stopped().contains(thread) && isToldToGo(thread)) {
        Thread.onSpinWait();
      }
    }

    private boolean isToldToGo(Thread thread) {
      synchronized (waiting) {
        return waiting.getOrDefault(thread, false);
      }
    }

    void openForAll() {
      List<Thread> all;
      synchronized (waiting) {
        open = true;
        all = List.copyOf(waiting.keySet());
      }
      all.forEach(LockSupport::unpark);
    }
  }

  private static FakeSource source(int failAt) {
    FakeSource source = new FakeSource("a", CHUNKS, 3);
    source.failAt = failAt;
    return source;
  }

  /** What a batch is; of one that fails, its place alone. */
  private static String seen(Batch batch) {
    return Fakes.see(batch).toString();
  }

  private static List<List<String>> expected(int failAt, Consumer<ChunkLoader.Builder> options)
      throws InterruptedException {
    List<List<String>> epochs = new ArrayList<>();
    try (ChunkLoader l = Fakes.chunks(source(failAt), options)) {
      for (int e = 0; e < EPOCHS; e++) {
        List<String> epoch = new ArrayList<>();
        for (boolean more = true; more; ) {
          try {
            Batch batch = l.next();
            more = batch != null;
            if (more) {
              epoch.add(seen(batch));
            }
          } catch (LoaderException failed) {
            epoch.add("failed");
          }
        }
        epochs.add(epoch);
      }
    }
    return epochs;
  }

  private static final class Run {
    final SplittableRandom random;
    final Gate gate = new Gate();
    final List<List<String>> expected;
    final ChunkLoader loader;
    final List<Thread> workers = new ArrayList<>();
    final AtomicInteger slots = new AtomicInteger();
    final List<Batch> held = new ArrayList<>();
    final List<String> heldAs = new ArrayList<>();
    final StringBuilder trace = new StringBuilder();
    final int maxBatches;
    int epoch;
    int position;

    Run(long seed) throws InterruptedException {
      random = new SplittableRandom(seed);
      int failAt = random.nextInt(3) == 0 ? random.nextInt(CHUNKS) : -1;
      int batchSize = 1 + random.nextInt(5);
      int prefetch = 1 + random.nextInt(3);
      int threads = 1 + random.nextInt(3);
      boolean shuffled = random.nextBoolean();
      boolean dropLast = random.nextBoolean();
      maxBatches = random.nextInt(3) == 0 ? prefetch + 1 + random.nextInt(3) : 0;
      Consumer<ChunkLoader.Builder> options =
          b -> {
            b.batchSize(batchSize).prefetch(prefetch).threads(threads).dropLast(dropLast);
            b.shuffle(shuffled).shuffleEachEpoch(shuffled).seed(seed);
          };
      expected = RingSchedulesTest.expected(failAt, options);
      FakeSource source = source(failAt);
      source.onReadAt = gate::pass;
      loader =
          Fakes.chunks(
              source,
              options.andThen(
                  b -> {
                    b.memory(m -> slots.incrementAndGet(), m -> slots.decrementAndGet());
                    if (maxBatches > 0) {
                      b.maxSlots(maxBatches);
                    }
                  }));
      for (Thread t : Thread.getAllStackTraces().keySet()) {
        if (t.getName().startsWith("syncline-loader-") && t.isAlive()) {
          workers.add(t);
        }
      }
    }

    /** Waits until each worker has stopped, or waits for something to do. */
    void rest() throws InterruptedException {
      long end = System.nanoTime() + 20_000_000_000L;
      for (int calm = 0; calm < 2; ) {
        boolean all = true;
        for (Thread t : workers) {
          Thread.State state = t.getState();
          all &= state == Thread.State.WAITING || state == Thread.State.TERMINATED;
        }
        calm = all ? calm + 1 : 0;
        if (!all) {
          assertTrue(System.nanoTime() < end, () -> "no rest after" + trace);
          Thread.sleep(0, 20_000);
        }
      }
    }

    void step() throws Exception {
      List<Thread> stopped = gate.stopped();
      int what = random.nextInt(100);
      if (what < 55 && !stopped.isEmpty()) {
        Thread next =
            stopped.stream().skip(random.nextInt(stopped.size())).findFirst().orElseThrow();
        trace.append(" go");
        gate.letGo(next);
      } else if (what < 80) {
        take(stopped.isEmpty());
      } else if (what < 92) {
        if (!held.isEmpty()) {
          trace.append(" give back");
          int k = random.nextInt(held.size());
          assertEquals(heldAs.remove(k), seen(held.remove(k)), () -> "held, after" + trace);
        }
      } else if (what < 96) {
        epoch = random.nextInt(EPOCHS - 1);
        position = random.nextInt(expected.get(epoch).size() + 1);
        trace.append(" seek ").append(epoch).append('/').append(position);
        if (random.nextBoolean()) {
          loader.seek(epoch, position);
        } else {
          loader.restore(loader.state().at(epoch, position));
        }
      } else if (what < 98) {
        trace.append(" next epoch");
        loader.nextEpoch();
        if (position > 0) {
          epoch++;
          position = 0;
        }
      } else {
        LoaderState state = loader.state();
        assertEquals(
            epoch + "/" + position, state.epoch() + "/" + state.position(), () -> "" + trace);
      }
      rest();
    }

    private void take(boolean nobodyReads) throws InterruptedException {
      trace.append(" take");
      try {
        Batch batch = loader.next(Duration.ZERO);
        if (batch == null) {
          assertEquals(expected.get(epoch).size(), position, () -> "ends early, after" + trace);
          epoch++;
          position = 0;
          return;
        }
        held.add(batch);
        heldAs.add(expected.get(epoch).get(position++));
        long places = held.stream().mapToInt(Batch::slot).distinct().count();
        assertEquals(held.size(), places, () -> "one slot twice, after" + trace);
      } catch (TimeoutException e) {
        assertTrue(!nobodyReads, () -> "no batch, and nobody reads one, after" + trace);
      } catch (LoaderException e) {
        if (maxBatches > 0 && held.size() >= maxBatches) {
          return; // all are held
        }
        assertEquals("failed", expected.get(epoch).get(position++), () -> e + ", after" + trace);
      }
    }

    void end() throws InterruptedException {
      gate.openForAll();
      loader.close();
      for (Thread t : workers) {
        t.join(20_000);
        assertTrue(!t.isAlive(), () -> "a worker lives on, after" + trace);
      }
      for (int k = 0; k < held.size(); k++) {
        assertEquals(heldAs.get(k), seen(held.get(k)), () -> "after close, after" + trace);
      }
      assertEquals(0, slots.get(), () -> "slots that nobody freed, after" + trace);
    }
  }

  @Test
  void whateverTheScheduleTheStreamIsTheSame() throws Exception {
    long seed = Long.getLong("syncline.seed", 20261129);
    int cases = Integer.getInteger("syncline.cases", 150);
    System.out.println("RingSchedulesTest seed " + seed + ", " + cases + " schedules");
    long steps = 0;
    for (int n = 0; n < cases; n++) {
      Run run = new Run(seed + n);
      steps += follow(run, seed + n);
    }
    System.out.println("RingSchedulesTest: " + steps + " steps");
  }

  /** Takes a schedule's steps; returns how many. */
  private static int follow(Run run, long seed) throws InterruptedException {
    int steps = 0;
    try {
      run.rest();
      int most = 20 + run.random.nextInt(150);
      for (; steps < most && run.epoch < EPOCHS - 1; steps++) {
        run.step();
      }
    } catch (Throwable e) {
      run.gate.openForAll();
      run.loader.close();
      throw new AssertionError("schedule " + seed + ":" + run.trace, e);
    }
    run.end();
    return steps;
  }

  @Test
  void theSameSeedIsTheSameSchedule() throws Exception {
    Set<String> traces = new HashSet<>();
    for (long seed = 1; seed <= 12; seed++) {
      Run first = new Run(seed);
      follow(first, seed);
      Run second = new Run(seed);
      follow(second, seed);
      assertEquals(first.trace.toString(), second.trace.toString());
      traces.add(first.trace.toString());
    }
    assertEquals(12, traces.size());
  }
}
