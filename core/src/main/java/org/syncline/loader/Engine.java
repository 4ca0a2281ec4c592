/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.List;
import java.util.concurrent.TimeoutException;
import org.syncline.decode.FrameStore;
import org.syncline.error.SynclineException;

/**
 * The machine behind a loader: workers, what they plan by, how far they are, and the ring they read
 * into. Puts them together, starts them and ends them; what they do stands in {@link Planner},
 * {@link Progress}, {@link Ring}, {@link Worker} and {@link Lookahead}.
 *
 * <p>Safe for several threads. No lock of its own but for {@link #close}, where the second caller
 * waits until the first has freed everything.
 */
final class Engine implements AutoCloseable {
  private final List<Session> sessions;
  private final SessionPool pool;
  private final Planner planner;
  private final Progress progress;
  private final Thread[] threads;
  private final long opened = System.nanoTime();

  /** Takes options with their numbers of threads and of open recordings settled. */
  Engine(LoaderOptions options, List<Session> sessions, SessionPool pool, Planner planner) {
    this.sessions = sessions;
    this.pool = pool;
    this.planner = planner;
    Ring ring = new Ring(options, sessions, planner.usesStarts());
    Lookahead lookahead = new Lookahead(options, planner);
    progress = new Progress(options, ring, lookahead, planner.order());
    threads = new Thread[options.threads];
    for (int i = 0; i < threads.length; i++) {
      Worker worker = new Worker(options, sessions, pool, planner, progress, ring, lookahead);
      threads[i] = new Thread(worker, "syncline-loader-" + i);
      threads[i].setDaemon(true);
    }
  }

  /**
   * Starts the workers; closes the engine where the system refuses one.
   *
   * @throws SynclineException where it does: says how many there were
   */
  void start() {
    int started = 0;
    try {
      for (Thread t : threads) {
        t.start();
        started++;
      }
    } catch (Throwable e) {
      Throwable told = e instanceof OutOfMemoryError refused ? refusal(started, refused) : e;
      try {
        close();
      } catch (Throwable second) {
        told.addSuppressed(second);
      }
      if (told instanceof SynclineException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /** HotSpot calls it memory whatever it is that a thread lacks. */
  private SynclineException refusal(int started, OutOfMemoryError e) {
    return new SynclineException(
        "threads: found "
            + threads.length
            + ", of which the system started "
            + started
            + " ("
            + e.getMessage()
            + "), expected as many as it has room for; ask for fewer (Python: num_workers), or raise what limits"
            + " threads and address space here (ulimit -u, ulimit -v, pids.max of the control group)",
        e);
  }

  /** As {@link Progress#take}. */
  Batch take(long nanos, Progress.Pass pass) throws InterruptedException, TimeoutException {
    BatchEvent event = Events.batch();
    Batch batch = progress.take(nanos, pass);
    if (event == null) {
      return batch;
    }
    event.end();
    if (batch != null && event.shouldCommit()) {
      event.recording = batch.sessionKey();
      event.epoch = batch.epoch();
      event.position = batch.position();
      event.chunks = batch.size();
      event.bytes = batch.bytes();
      event.ready = progress.queued();
      event.commit();
    }
    return batch;
  }

  /** As {@link Progress#hasNext}. */
  boolean hasNext(Progress.Pass pass) {
    return progress.hasNext(pass);
  }

  boolean release(int slot, int generation) {
    Batch batch = progress.held(slot);
    return batch != null && batch.generation() == generation && batch.tryRelease();
  }

  void seek(long epoch, int offset, Runnable change) {
    progress.seek(epoch, offset, change);
  }

  void nextEpoch() {
    progress.nextEpoch();
  }

  void grown() {
    progress.grown();
  }

  Progress.Position position() {
    return progress.position();
  }

  int batchesPerEpoch() {
    return progress.batchesPerEpoch();
  }

  long chunksPerEpoch() {
    return planner.order().chunks();
  }

  List<Session> sessions() {
    return sessions;
  }

  Planner planner() {
    return planner;
  }

  LoaderStatistics statistics() {
    long leftOut = sessions.stream().mapToLong(s -> s.leftOut.length).sum();
    return progress.statistics(System.nanoTime() - opened, pool.open(), leftOut);
  }

  boolean isClosed() {
    return progress.isClosed();
  }

  @Override
  public void close() {
    progress.close();
    boolean interrupted = false;
    // one may have begun to decode a video
    FrameStore.endFor(List.of(threads));
    for (Thread t : threads) {
      while (t.isAlive() && t != Thread.currentThread()) {
        try {
          t.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    FrameStore.forget(List.of(threads));
    try {
      synchronized (threads) {
        free();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void free() {
    Throwable failure = null;
    try {
      for (Slot s : progress.release()) {
        try {
          s.free();
        } catch (RuntimeException | Error e) {
          failure = failure == null ? e : failure;
        }
      }
      planner.close();
    } finally {
      pool.close();
    }
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }
}
