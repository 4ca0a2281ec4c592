/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.syncline.random.LegacyRandomState;

/**
 * Draws each session's start times anew each epoch, as ChunkDataset.shuffle does: epoch e gets the
 * draw e + 1 of the dataset's generator. Used by one thread at a time.
 */
final class EpochStarts implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final List<Session> sessions;
  private final SessionPool pool;
  private long[] seeds;
  private final MemorySegment[] all;
  private final MemorySegment[] drawn;
  private final LegacyRandomState[] generators;
  private long begun = -1;

  EpochStarts(List<Session> sessions, SessionPool pool, long[] seeds) {
    this.sessions = sessions;
    this.pool = pool;
    this.seeds = seeds;
    int n = sessions.size();
    all = new MemorySegment[n];
    drawn = new MemorySegment[n];
    generators = new LegacyRandomState[n];
  }

  /** Returns the chunks of a session in every epoch. */
  static int length(Session session) {
    return session.fullLength / session.stride;
  }

  void begin(long epoch) {
    if (begun == epoch) {
      return;
    }
    boolean again = begun < 0 || epoch < begun;
    long from = again ? 0 : begun + 1;
    begun = -1; // a failure in between makes the next call start again
    for (int s = 0; s < all.length; s++) {
      draw(s, again, from, epoch);
    }
    begun = epoch;
  }

  private void draw(int s, boolean again, long from, long epoch) {
    Session session = sessions.get(s);
    if (all[s] == null) {
      ChunkSource source = pool.acquire(session);
      try {
        double[] starts = source.allStarts();
        if (starts.length != session.fullLength) {
          throw new IllegalStateException(
              session.key + ": " + starts.length + " starts, expected " + session.fullLength);
        }
        all[s] = doubles(starts.length);
        MemorySegment.copy(starts, 0, all[s], ValueLayout.JAVA_DOUBLE, 0, starts.length);
        drawn[s] = doubles(length(session));
      } finally {
        pool.release(session);
      }
    }
    if (again) {
      generators[s] = new LegacyRandomState(seeds[s]);
    }
    int n = session.fullLength;
    int size = length(session);
    int[] chosen = new int[0];
    for (long e = from; e <= epoch; e++) {
      chosen = generators[s].choice(n, size);
    }
    // start times ascend, so sorting places is sorting times
    Arrays.sort(chosen);
    for (int i = 0; i < size; i++) {
      drawn[s].setAtIndex(
          ValueLayout.JAVA_DOUBLE, i, all[s].getAtIndex(ValueLayout.JAVA_DOUBLE, chosen[i]));
    }
  }

  private MemorySegment doubles(int count) {
    return arena.allocate(Math.max(1L, count) * Double.BYTES, Double.BYTES);
  }

  void reseed(long[] seeds) {
    this.seeds = seeds;
    begun = -1;
  }

  double start(int session, int index) {
    return drawn[session].getAtIndex(ValueLayout.JAVA_DOUBLE, index);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
