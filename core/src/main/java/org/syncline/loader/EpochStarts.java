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
import org.syncline.storage.SharedArena;

/**
 * Draws each session's start times anew each epoch, as ChunkDataset.shuffle does: epoch e gets the
 * draw e + 1 of the dataset's generator. Used by one thread at a time.
 */
final class EpochStarts implements AutoCloseable {
  private final Arena arena = new SharedArena();
  private final List<Session> sessions;
  private final SessionPool pool;
  private long[] seeds;
  private final MemorySegment[] all;
  private final MemorySegment[] drawn;
  private final LegacyRandomState[] generators;
  private final GeneratorTrail trail;
  private final long drawsPerEpoch;
  private final Halt halt;
  private long begun = -1;

  EpochStarts(List<Session> sessions, SessionPool pool, long[] seeds, long apart, Halt halt) {
    this.halt = halt;
    this.sessions = sessions;
    this.pool = pool;
    this.seeds = seeds;
    int n = sessions.size();
    all = new MemorySegment[n];
    drawn = new MemorySegment[n];
    generators = new LegacyRandomState[n];
    drawsPerEpoch = sessions.stream().mapToLong(s -> s.fullLength).sum();
    trail = new GeneratorTrail(drawsPerEpoch, apart);
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
    GeneratorTrail.Entry near = again ? trail.before(epoch) : null;
    long from = near != null ? near.epoch() : again ? 0 : begun + 1;
    begun = -1; // a failure in between makes the next call start again
    for (int s = 0; s < all.length; s++) {
      if (again) {
        generators[s] =
            near != null
                ? new LegacyRandomState(near.generators()[s])
                : new LegacyRandomState(seeds[s]);
      }
      draw(s, from, epoch);
    }
    begun = epoch;
    if (trail.due(epoch + 1)) {
      LegacyRandomState.State[] states = new LegacyRandomState.State[all.length];
      Arrays.setAll(states, s -> generators[s].state());
      trail.add(new GeneratorTrail.Entry(epoch + 1, states));
    }
  }

  private void draw(int s, long from, long epoch) {
    Session session = sessions.get(s);
    if (all[s] == null) {
      ChunkSource source = pool.acquire(session);
      try {
        double[] starts = without(source.allStarts(), session.leftOut);
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
    int n = session.fullLength;
    int size = length(session);
    int[] chosen = new int[0];
    for (long e = from; e <= epoch; e++) {
      halt.check();
      chosen = generators[s].choice(n, size);
    }
    // start times ascend, so sorting places is sorting times
    Arrays.sort(chosen);
    for (int i = 0; i < size; i++) {
      drawn[s].setAtIndex(
          ValueLayout.JAVA_DOUBLE, i, all[s].getAtIndex(ValueLayout.JAVA_DOUBLE, chosen[i]));
    }
  }

  private static double[] without(double[] all, int[] leftOut) {
    if (leftOut.length == 0) {
      return all;
    }
    double[] kept = new double[all.length - leftOut.length];
    int n = 0;
    int out = 0;
    for (int i = 0; i < all.length; i++) {
      if (out < leftOut.length && leftOut[out] == i) {
        out++;
      } else {
        kept[n++] = all[i];
      }
    }
    return kept;
  }

  private MemorySegment doubles(int count) {
    return arena.allocate(Math.max(1L, count) * Double.BYTES, Double.BYTES);
  }

  void reseed(long[] seeds) {
    this.seeds = seeds;
    resume(null);
  }

  /**
   * Draws from here on with the help of generators as they stood at an epoch, or, where they are
   * null, from the seeds.
   */
  void resume(GeneratorTrail.Entry entry) {
    trail.clear(0);
    if (entry != null) {
      trail.add(entry);
    }
    begun = -1;
  }

  /** Returns why an epoch cannot be reached from here, or null where it can. */
  String unreachable(long epoch) {
    GeneratorTrail.Entry near = trail.before(epoch);
    long first = Math.max(near == null ? 0 : near.epoch(), begun <= epoch ? begun : 0);
    return Order.tooFar(epoch, epoch - first, drawsPerEpoch);
  }

  /** Returns why an epoch cannot be reached from a state's generators, which may be null. */
  String unreachableFrom(long epoch, GeneratorTrail.Entry entry) {
    return Order.tooFar(epoch, epoch - (entry == null ? 0 : entry.epoch()), drawsPerEpoch);
  }

  /** Returns the generators nearest to the beginning of an epoch, or null where none are kept. */
  GeneratorTrail.Entry checkpoint(long epoch) {
    return trail.before(epoch);
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
