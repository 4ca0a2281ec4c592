/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs vector kernels on memory of its own until HotSpot has compiled them, in one daemon thread
 * that ends when nothing is left to do.
 *
 * <p>Until its second compiler has seen a vector kernel, HotSpot runs every vector operation as a
 * call that allocates, a hundred times slower than a scalar loop. So the first rows run scalar, and
 * a kernel is switched to its vector form once that takes at most a quarter longer.
 *
 * <p>That compiler takes a method after 5,000 calls, or more while others wait for it, and it takes
 * the Vector API's own methods too, each for nothing, once these have been called as often. So
 * nearly all calls are of empty rows, which count and run no vector operation; the others show the
 * profile which ways there are.
 */
final class Warmup {
  /** Elements of a row that is long enough to be compared on. */
  static final int LONGEST = 256;

  /**
   * Elements of a row that takes every way through a kernel: vectors by four, by one, and a last
   * one that overlaps.
   */
  static final int MIXED = 147;

  /** Rows below run scalar in the vector kernels too. */
  static final int SHORTEST = 16;

  /**
   * Elements that run scalar before the warm-up starts, a batch of 16 default chunks: what the
   * compilers do for the warm-up they do not do for the first batch.
   */
  private static final long FIRST_ELEMENTS = 40_000_000;

  private static final byte COLD = 0;
  private static final byte ASKED = 1;
  private static final byte HOT = 2;

  /** Calls of mixed and of shortest rows in a round. */
  private static final int CALLS = 4;

  /** Empty rows in a round, many until any queue of the compiler has been outlasted. */
  private static final int EMPTY_CALLS = 1_024;

  private static final int FEW_EMPTY_CALLS = 64;
  private static final int MANY_ROUNDS = 128;

  /** Calls that are timed together. */
  private static final int TIMED_CALLS = 2;

  /** Rounds before the first comparison, for the scalar form must be compiled too. */
  private static final int FEWEST_ROUNDS = 8;

  /** Rounds after which a kernel has been called often enough, and waits for the compiler. */
  private static final int BUSY_ROUNDS = 16;

  private static final long PAUSE_MILLIS = 1;
  private static final int ROUNDS = 10_000;

  private static final long IDLE_MILLIS = 100;

  private static final long AWAIT_MILLIS = 5;

  // guarded by itself
  private static final ArrayDeque<Trial<?>> QUEUE = new ArrayDeque<>();
  private static boolean running;

  /** How many kernels were switched over. */
  static final AtomicInteger SWITCHED = new AtomicInteger();

  /** How many trials were ever asked for. */
  static final AtomicInteger SUBMITTED = new AtomicInteger();

  // races lose some of it
  private static long scalarElements;

  private Warmup() {}

  /**
   * Whether the code of some passes is switched to its vector form. Races are harmless: a thread
   * that reads a switch late runs scalar once more.
   */
  static final class Switch {
    private final String code;
    private byte state = COLD;

    // races lose some of it
    private long elements;

    Switch(String code) {
      this.code = code;
    }

    boolean isHot() {
      return state == HOT;
    }

    /**
     * Counts what a scalar body has just done, and returns whether the caller is the first to ask
     * for the vector form: it shall submit a trial.
     */
    boolean ask(long count) {
      if (count < SHORTEST) {
        return false;
      }
      elements += count;
      count(count);
      if (state != COLD) {
        return false;
      }
      synchronized (this) {
        boolean first = state == COLD;
        if (first) {
          state = ASKED;
        }
        return first;
      }
    }
  }

  /**
   * A pass on memory of its own, in both forms.
   *
   * @param <B> the type of its bodies
   */
  static final class Trial<B> {
    private static final int[] LENGTHS = {SHORTEST, MIXED, LONGEST};

    private final WarmingPass<B> pass;
    private final Switch asked;

    /** Elements of the longest row. */
    final int longest;

    /** Elements of the next run's row. */
    int count;

    // what runs, for each of the lengths
    private final List<WarmingPass<B>> passes = new ArrayList<>();
    private final List<B> scalars = new ArrayList<>();
    private final List<B> vectors = new ArrayList<>();
    private int next;
    private boolean noted;

    MemorySegment src;
    MemorySegment dst;

    MemorySegment other;

    /** Addresses of the source, the destination and what else is read or written. */
    long a;

    long b;
    long c;

    Trial(WarmingPass<B> pass, Switch asked, int longest) {
      this.pass = pass;
      this.asked = asked;
      this.longest = longest;
    }

    /**
     * Takes its native memory and binds both forms, in the warm-up's thread: no read waits for it,
     * or fails for want of it.
     */
    void prepare() {
      for (int length : LENGTHS) {
        WarmingPass<B> shortened = pass.shortened(Math.min(length, longest));
        passes.add(shortened);
        scalars.add(shortened.scalar());
        vectors.add(shortened.vector());
      }
      pass.prepare(this);
      shorten(LONGEST);
    }

    /** Allocates zeroed memory that lives as long as the trial. */
    void allocate(long srcBytes, long dstBytes) {
      allocate(srcBytes, dstBytes, 0);
    }

    void allocate(long srcBytes, long dstBytes, long otherBytes) {
      src = memory(srcBytes);
      dst = memory(dstBytes);
      other = memory(otherBytes);
      a = src.address();
      b = dst.address();
      c = other.address();
    }

    private static MemorySegment memory(long bytes) {
      return Arena.ofAuto().allocate(Math.max(bytes, 64), 64);
    }

    /**
     * Sets the length of the next run's rows: one of the three, or the longest where it is less.
     */
    void shorten(int most) {
      count = Math.min(most, longest);
      next = most == SHORTEST ? 0 : most == MIXED ? 1 : 2;
    }

    void scalar() {
      passes.get(next).rehearse(scalars.get(next), this);
    }

    void vector() {
      passes.get(next).rehearse(vectors.get(next), this);
    }

    /** Runs the vector form on nothing or on little. */
    void empty() {
      shorten(SHORTEST);
      passes.get(next).rehearseEmpty(vectors.get(next), this);
    }

    /** Keeps a result from being left out: what is not used is not computed. */
    void note(boolean result) {
      noted |= result;
    }

    /** Names the code that is tried. */
    String code() {
      return asked.code;
    }

    /** Returns what the scalar form has done so far. */
    long done() {
      return asked.elements;
    }

    void switchOver() {
      asked.state = HOT;
      SWITCHED.incrementAndGet();
    }
  }

  private static void count(long elements) {
    long before = scalarElements;
    scalarElements = before + elements;
    if (before < FIRST_ELEMENTS && before + elements >= FIRST_ELEMENTS) {
      start();
    }
  }

  /**
   * Has a trial run in the warm-up's thread, once the process has done enough to be past its first
   * batch. Of those that wait, the kernel that has done most is the next.
   */
  static void submit(Trial<?> trial) {
    SUBMITTED.incrementAndGet();
    synchronized (QUEUE) {
      QUEUE.add(trial);
      QUEUE.notifyAll();
    }
    if (scalarElements >= FIRST_ELEMENTS) {
      start();
    }
  }

  /** Returns the next trial and takes it off the queue, or null: tests run it themselves. */
  static Trial<?> poll() {
    synchronized (QUEUE) {
      Trial<?> next = null;
      for (Trial<?> trial : QUEUE) {
        if (next == null || trial.done() > next.done()) {
          next = trial;
        }
      }
      QUEUE.remove(next);
      return next;
    }
  }

  /**
   * Waits until every trial that was asked for is done, and begins them at once.
   *
   * @param deadline as of {@link System#nanoTime}
   * @return false where some are not done by then
   */
  static boolean await(long deadline) throws InterruptedException {
    start();
    synchronized (QUEUE) {
      while (running || !QUEUE.isEmpty()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        // who works on them tells nobody that it is done
        QUEUE.wait(Math.min(left, AWAIT_MILLIS));
      }
      return true;
    }
  }

  private static void start() {
    synchronized (QUEUE) {
      if (running || QUEUE.isEmpty()) {
        return;
      }
      running = true;
    }
    Thread thread = new Thread(null, new Work(), "syncline-warmup", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      // no more threads: a later trial finds one, or the kernels stay scalar
      synchronized (QUEUE) {
        running = false;
      }
    }
  }

  private static final class Work implements Runnable {
    @Override
    public void run() {
      for (Trial<?> trial = next(); trial != null; trial = next()) {
        try {
          warm(trial);
        } catch (InterruptedException e) {
          // whoever runs this program ends its threads (mvn exec:java): what waits stays scalar
          putBack(trial);
          return;
        } catch (Throwable t) {
          // the kernel stays scalar, which is right, if slow
          System.getLogger("org.syncline")
              .log(
                  System.Logger.Level.WARNING,
                  "the kernel of " + trial.code() + " failed its warm-up; report it",
                  t);
        }
      }
    }
  }

  /** Leaves a trial to the thread that the next one that is submitted starts. */
  private static void putBack(Trial<?> trial) {
    synchronized (QUEUE) {
      QUEUE.addFirst(trial);
      running = false;
    }
  }

  private static Trial<?> next() {
    synchronized (QUEUE) {
      try {
        if (QUEUE.isEmpty()) {
          QUEUE.wait(IDLE_MILLIS);
        }
      } catch (InterruptedException e) {
        // nobody has a reason to: ends if there is nothing to do
      }
      Trial<?> trial = poll();
      running = trial != null;
      return trial;
    }
  }

  /**
   * Runs a kernel until its vector form takes at most a quarter longer than the best scalar run so
   * far, and switches over: short runs vary by that much, and code that is not compiled takes many
   * times as long. One that HotSpot never makes fast stays scalar.
   */
  private static void warm(Trial<?> trial) throws InterruptedException {
    if (Vectors.FAILURE != null) {
      return;
    }
    trial.prepare();
    long scalar = Long.MAX_VALUE;
    long vector = Long.MAX_VALUE;
    int round = 0;
    while (round < FEWEST_ROUNDS || round < ROUNDS && vector > scalar + scalar / 4) {
      for (int i = 0; i < CALLS; i++) {
        trial.shorten(i % 2 == 0 ? MIXED : SHORTEST);
        trial.vector();
      }
      empties(trial, round < MANY_ROUNDS ? EMPTY_CALLS : FEW_EMPTY_CALLS);
      trial.shorten(LONGEST);
      long t0 = System.nanoTime();
      vectors(trial, TIMED_CALLS);
      long t1 = System.nanoTime();
      scalars(trial, TIMED_CALLS);
      long t2 = System.nanoTime();
      vector = t1 - t0;
      scalar = Math.min(scalar, t2 - t1);
      round++;
      if (round > BUSY_ROUNDS) {
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    if (round < ROUNDS) {
      trial.switchOver();
    }
  }

  // loops of their own: in the method above, C2 would compile that again and again

  private static void vectors(Trial<?> trial, int calls) {
    for (int i = 0; i < calls; i++) {
      trial.vector();
    }
  }

  private static void empties(Trial<?> trial, int calls) {
    for (int i = 0; i < calls; i++) {
      trial.empty();
    }
  }

  private static void scalars(Trial<?> trial, int calls) {
    for (int i = 0; i < calls; i++) {
      trial.scalar();
    }
  }
}
