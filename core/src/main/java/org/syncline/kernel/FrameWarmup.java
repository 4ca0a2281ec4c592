/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
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
final class FrameWarmup {
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

  // guarded by itself
  private static final ArrayDeque<Trial> QUEUE = new ArrayDeque<>();
  private static boolean running;

  /** How many kernels were switched over. */
  static final AtomicInteger SWITCHED = new AtomicInteger();

  // races lose some of it
  private static long scalarElements;

  private FrameWarmup() {}

  /**
   * Which of a family of kernels are switched to their vector form. Races are harmless: who reads a
   * switch late runs scalar once more.
   */
  static final class Switches {
    private final byte[] states;
    private final long[] elements;

    Switches(int count) {
      states = new byte[count];
      elements = new long[count];
    }

    boolean isHot(int key) {
      return states[key] == HOT;
    }

    /**
     * Counts what the scalar form of a kernel has just done, and returns whether the caller is the
     * first to ask for the vector form: it shall submit a trial.
     */
    boolean ask(int key, long count) {
      if (count < SHORTEST) {
        return false;
      }
      // races lose some of it
      elements[key] += count;
      count(count);
      if (states[key] != COLD) {
        return false;
      }
      synchronized (states) {
        boolean first = states[key] == COLD;
        if (first) {
          states[key] = ASKED;
        }
        return first;
      }
    }
  }

  /** A kernel on memory of its own, in both forms. */
  abstract static class Trial {
    private final Switches switches;
    private final int key;
    private final long srcBytes;
    private final long dstBytes;
    private final int longest;
    MemorySegment src;
    MemorySegment dst;

    /** Elements of the next call's row. */
    int count;

    Trial(Switches switches, int key, int longest, long srcBytes, long dstBytes) {
      this.switches = switches;
      this.key = key;
      this.longest = longest;
      count = longest;
      this.srcBytes = srcBytes;
      this.dstBytes = dstBytes;
    }

    /**
     * Takes its native memory, in the warm-up's thread: no read waits for it, or fails for want of
     * it.
     */
    void prepare() {
      src = memory(srcBytes);
      dst = memory(dstBytes);
    }

    abstract void scalar();

    abstract void vector();

    /** Sets the length of the rows of the next calls, or the longest where that is less. */
    void shorten(int most) {
      count = Math.min(most, longest);
    }

    /**
     * Calls the kernel of the vector form with an empty row, or a shortest one where it takes no
     * empty ones.
     */
    void empty() {
      shorten(SHORTEST);
      vector();
    }

    /** Returns what the scalar form has done so far. */
    long done() {
      return switches.elements[key];
    }

    /** Returns zeroed memory that lives as long as the trial. */
    static MemorySegment memory(long bytes) {
      return Arena.ofAuto().allocate(Math.max(bytes, 64), 64);
    }

    /**
     * Returns a copy of the first bytes: who owns the memory may free it before the trial ends. On
     * the heap, for it is the reader that calls: see {@link #prepare}.
     */
    static MemorySegment copy(MemorySegment of, long bytes) {
      return of == null
          ? null
          : MemorySegment.ofArray(of.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE));
    }

    /** Returns a copy as vector kernels take it, null of null. */
    static MemorySegment toNative(MemorySegment copy) {
      return copy == null ? null : memory(copy.byteSize()).copyFrom(copy);
    }

    void switchOver() {
      switches.states[key] = HOT;
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
  static void submit(Trial trial) {
    synchronized (QUEUE) {
      QUEUE.add(trial);
      QUEUE.notifyAll();
    }
    if (scalarElements >= FIRST_ELEMENTS) {
      start();
    }
  }

  /** Returns the next trial and takes it off the queue, or null: tests run it themselves. */
  static Trial poll() {
    synchronized (QUEUE) {
      Trial next = null;
      for (Trial trial : QUEUE) {
        if (next == null || trial.done() > next.done()) {
          next = trial;
        }
      }
      QUEUE.remove(next);
      return next;
    }
  }

  private static void start() {
    synchronized (QUEUE) {
      if (running || QUEUE.isEmpty()) {
        return;
      }
      running = true;
    }
    Thread thread = new Thread(null, new Work(), "syncline-frame-warmup", 0, false);
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
      for (Trial trial = next(); trial != null; trial = next()) {
        try {
          trial.prepare();
          warm(trial);
        } catch (Throwable t) {
          // the kernel stays scalar, which is right, if slow
          System.getLogger("org.syncline")
              .log(System.Logger.Level.WARNING, "a kernel failed its warm-up; report it", t);
        }
      }
    }
  }

  private static Trial next() {
    synchronized (QUEUE) {
      try {
        if (QUEUE.isEmpty()) {
          QUEUE.wait(IDLE_MILLIS);
        }
      } catch (InterruptedException e) {
        // nobody has a reason to: ends if there is nothing to do
      }
      Trial trial = poll();
      running = trial != null;
      return trial;
    }
  }

  /**
   * Runs a kernel until its vector form takes at most a quarter longer than the best scalar run so
   * far, and switches over: short runs vary by that much, and code that is not compiled takes many
   * times as long. One that HotSpot never makes fast stays scalar.
   */
  private static void warm(Trial trial) throws InterruptedException {
    if (Vectors.FAILURE != null) {
      return;
    }
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

  private static void vectors(Trial trial, int calls) {
    for (int i = 0; i < calls; i++) {
      trial.vector();
    }
  }

  private static void empties(Trial trial, int calls) {
    for (int i = 0; i < calls; i++) {
      trial.empty();
    }
  }

  private static void scalars(Trial trial, int calls) {
    for (int i = 0; i < calls; i++) {
      trial.scalar();
    }
  }
}
