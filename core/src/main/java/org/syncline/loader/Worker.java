/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.syncline.ChunkReader;
import org.syncline.StageCounters;
import org.syncline.decode.FrameStore;
import org.syncline.os.Advice;
import org.syncline.os.Posix;

/**
 * A thread that plans batches and reads chunks into their slots. What goes wrong with a chunk
 * becomes the error of its batch; the thread goes on.
 *
 * <p>Thread rule: all of it belongs to the one thread that runs it, and it holds no lock: what it
 * shares with others it gets from and hands to {@link Progress}, where it also waits. Memory that
 * it writes is its run's alone until that is handed in.
 */
final class Worker implements Runnable {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  // opening a reader takes milliseconds, keeping one a quarter of a megabyte
  private static final int MAX_READERS = 4096;

  private final LoaderOptions options;
  private final Planner planner;
  private final Progress progress;
  private final Ring ring;
  private final ThreadReaders readers;
  private final Lookahead.Request ahead;
  private final Run run = new Run();
  private final Plan plan = new Plan();
  private MemorySegment[] segments = {};
  private long[] offsets = {};

  // its calls of the system are linked by loaders that look ahead alone
  private final MemorySegment usage;
  private long faults;

  Worker(
      LoaderOptions options,
      List<Session> sessions,
      SessionPool pool,
      Planner planner,
      Progress progress,
      Ring ring,
      Lookahead lookahead) {
    this.options = options;
    this.planner = planner;
    this.progress = progress;
    this.ring = ring;
    int open = options.maxOpen == 0 ? MAX_READERS : options.maxOpen;
    readers = new ThreadReaders(sessions, pool, Math.max(1, open / options.threads));
    ahead = lookahead.new Request();
    usage = lookahead.isOn() ? Advice.usage(Arena.ofAuto()) : null;
  }

  @Override
  public void run() {
    if (options.nice > 0 && !Posix.nice(options.nice)) {
      LOG.log(
          System.Logger.Level.INFO,
          "loader: the system has no priorities for threads; nice is ignored");
    }
    try {
      faults = usage == null ? 0 : Advice.majorFaults(usage);
      for (Progress.Work work; (work = progress.claim(run, plan)) != Progress.Work.STOP; ) {
        if (work == Progress.Work.PLAN) {
          plan();
        } else {
          read();
          if (options.workShare < 1) {
            long worked = run.screenNanos + run.sequenceNanos + run.otherNanos;
            progress.rest(run, (long) (worked * (1 / options.workShare - 1)));
          }
        }
      }
    } catch (Throwable t) {
      progress.workerEnded(t);
    } finally {
      readers.close();
    }
  }

  /** Reads chunks of one recording into the run's slot. */
  private void read(Session session, int first, int end) {
    Slot slot = run.slot;
    boolean byStart = planner.byStart(session);
    ChunkReader reader = readers.of(session);
    StageCounters counters = reader.counters();
    long chunksBefore = run.chunks;
    long screenBefore = counters.screenNanos();
    long sequenceBefore = counters.sequenceNanos();
    long nansBefore = counters.replacedNaNs();
    try {
      for (int k = first; k < end; k++) {
        clear();
        session.layout.offsets(k, offsets);
        if (byStart) {
          reader.readAt(slot.starts[k], segments, offsets);
        } else {
          reader.read(slot.indices[k], segments, offsets);
        }
        run.chunks++;
      }
    } finally {
      run.bytes += (run.chunks - chunksBefore) * session.layout.chunkBytes();
      run.screenNanos += counters.screenNanos() - screenBefore;
      run.sequenceNanos += counters.sequenceNanos() - sequenceBefore;
      run.replacedNaNs += counters.replacedNaNs() - nansBefore;
    }
  }

  /**
   * Takes back an interruption: it is of a part of the program's own that ran here, which readers
   * say, and would have the next file fail.
   */
  private static void clear() {
    Thread.interrupted();
  }

  private void plan() {
    long begin = System.nanoTime();
    clear();
    try {
      if (plan.isNewSlot) {
        plan.slot = ring.allocate(plan.slotId);
      }
      planner.begin(plan.epoch);
      plan.session = planner.session(plan.batch);
      plan.sessions = planner.order().sessions(plan.batch);
      plan.size = planner.chunks(plan.batch, plan.session, plan.slot.indices, plan.slot.starts);
      ahead.collect(plan);
    } catch (Throwable t) {
      plan.problem = t;
    }
    plan.nanos = System.nanoTime() - begin;
    progress.planned(plan);
    ahead.ask(readers);
  }

  private void read() {
    run.clear();
    long begin = System.nanoTime();
    long decodings = FrameStore.waits();
    ReadEvent event = Events.read();
    Slot slot = run.slot;
    Session session = slot.session;
    int end = run.first + run.count;
    int k = run.first;
    try {
      int entries = session.layout.entries();
      if (segments.length != entries) {
        // readers take arrays of exactly their layout's length
        segments = new MemorySegment[entries];
        offsets = new long[entries];
      }
      Arrays.fill(segments, slot.memory);
      while (k < end) {
        int to = end;
        if (slot.sessions != null) {
          session = planner.at(slot.sessions[k]);
          for (to = k + 1; to < end && slot.sessions[to] == slot.sessions[k]; ) {
            to++;
          }
        }
        read(session, k, to);
        k = to;
      }
    } catch (Throwable t) {
      run.failedAt = run.first + (int) run.chunks;
      run.failure = LoaderException.of(session, slot.indices[run.failedAt], t);
    }
    if (usage != null) {
      long now = Advice.majorFaults(usage);
      run.waited = now != faults;
      faults = now;
    }
    run.decoded = FrameStore.waits() != decodings;
    run.otherNanos = Math.max(0, System.nanoTime() - begin - run.screenNanos - run.sequenceNanos);
    if (event != null) {
      event.end();
      if (event.shouldCommit()) {
        event.recording = session.key;
        event.epoch = slot.epoch;
        event.position = slot.position;
        event.first = run.first;
        event.chunks = run.count;
        event.bytes = run.bytes;
        event.commit();
      }
    }
  }
}
