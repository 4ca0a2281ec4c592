/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.syncline.array.TensorSpec;
import org.syncline.random.LegacyRandomState;

/** What the loaders have in common: an engine, and a state that says where it stands. */
abstract sealed class EngineLoader implements BatchLoader permits ChunkLoader, SessionLoader {
  private static final Cleaner CLEANER = Cleaner.create();

  // workers and batches know the engine, never the loader: a loader that nobody holds any more is
  // closed by the collector
  private final Engine engine;
  private final Cleaner.Cleanable cleanable;
  private final SessionSeeds seeds;
  private final Map<String, String> settings;
  private final boolean shuffles;
  private final int worldSize;
  private final List<String> keys;

  EngineLoader(LoaderParts parts) {
    engine = parts.engine();
    seeds = parts.seeds();
    settings = parts.settings();
    shuffles = parts.shuffle();
    worldSize = parts.worldSize();
    keys = engine.sessions().stream().map(s -> s.key).toList();
    engine.start();
    cleanable = CLEANER.register(this, engine::close);
  }

  @Override
  public final Batch next() throws InterruptedException {
    try {
      Batch batch = engine.take(-1);
      return batch == Batch.END_OF_EPOCH ? null : batch;
    } finally {
      // while a call waits, its loader is held
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public final Batch poll(long nanos) throws InterruptedException {
    try {
      return engine.take(Math.max(0, nanos));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public final void nextEpoch() {
    try {
      engine.nextEpoch();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public final void seek(long epoch) {
    seek(epoch, 0);
  }

  @Override
  public final void seek(long epoch, int position) {
    if (epoch < 0 || position < 0) {
      throw new IllegalArgumentException(
          "epoch is " + epoch + " and position " + position + ", expected 0 or more");
    }
    seek(
        epoch,
        position,
        () -> {
          if (engine.planner().order() instanceof ConcatenatedOrder o && epoch < o.anchorEpoch()) {
            throw new IllegalArgumentException(
                "epoch is "
                    + epoch
                    + ", but the imported state begins with epoch "
                    + o.anchorEpoch());
          }
        });
  }

  private void seek(long epoch, int position, Runnable change) {
    try {
      engine.seek(epoch, position, change);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Progress.Position at() {
    try {
      return engine.position();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public final long epoch() {
    return at().epoch();
  }

  @Override
  public final int position() {
    return at().consumed();
  }

  @Override
  public final int batchesPerEpoch() {
    return engine.batchesPerEpoch();
  }

  @Override
  public final long chunksPerEpoch() {
    return engine.chunksPerEpoch();
  }

  @Override
  public final List<TensorSpec> layout(int session) {
    return engine.sessions().get(session).layout.specs();
  }

  @Override
  public final List<String> sessionKeys() {
    return keys;
  }

  @Override
  public final Iterable<Batch> remaining() {
    return () -> new Batches(false);
  }

  @Override
  public final Iterable<Batch> epochs() {
    return () -> new Batches(true);
  }

  /** Takes batches one by one; ends with the epoch, or never. */
  private final class Batches implements Iterator<Batch> {
    private final boolean endless;
    private Batch ahead;
    private boolean ended;

    Batches(boolean endless) {
      this.endless = endless;
    }

    @Override
    public boolean hasNext() {
      try {
        while (ahead == null && !ended) {
          ahead = EngineLoader.this.next();
          if (ahead == null) {
            ended = !endless || batchesPerEpoch() == 0;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LoaderException("interrupted while waiting for a batch", null, -1, null, e);
      } catch (org.syncline.error.ClosedException e) {
        if (!endless) {
          throw e;
        }
        ended = true;
      }
      return ahead != null;
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch has no batches left");
      }
      Batch batch = ahead;
      ahead = null;
      return batch;
    }
  }

  @Override
  public final LoaderState state() {
    Progress.Position at = at();
    LoaderState.Anchor anchor = null;
    GeneratorTrail.Entry order = null;
    if (engine.planner().order() instanceof ConcatenatedOrder o) {
      anchor = o.anchored();
      order = o.checkpoint(at.epoch());
    }
    EpochStarts starts = engine.planner().starts();
    return describe(
        at.epoch(),
        at.consumed(),
        anchor,
        order,
        starts == null ? null : starts.checkpoint(at.epoch()));
  }

  private LoaderState describe(
      long epoch,
      int position,
      LoaderState.Anchor anchor,
      GeneratorTrail.Entry order,
      GeneratorTrail.Entry starts) {
    List<LoaderState.Recording> recordings = new ArrayList<>();
    for (Session s : engine.sessions()) {
      recordings.add(new LoaderState.Recording(s.key, s.length, s.fingerprint(), s.identity()));
    }
    return new LoaderState(
        epoch, position, seeds.seed(), settings, recordings, worldSize, anchor, order, starts);
  }

  @Override
  public final void restore(LoaderState state) {
    if (state.original() != null) {
      restoreOriginal(state);
      return;
    }
    LoaderState here = describe(0, 0, null, null, null);
    List<String> differences = state.differences(here);
    if (seeds.given() && state.seed() != seeds.seed()) {
      differences.addFirst("seed is " + state.seed() + " in the state, " + seeds.seed() + " here");
    }
    if (!differences.isEmpty()) {
      throw LoaderState.problem(
          "fingerprint",
          "the state belongs to other data or another configuration: fingerprint "
              + state.fingerprint()
              + " in the state, "
              + here.fingerprint()
              + " here; "
              + String.join("; ", differences));
    }
    seek(
        state.epoch(),
        state.position(),
        () -> {
          if (state.anchor() != null && state.epoch() < state.anchor().epoch()) {
            throw LoaderState.problem(
                "generators.epoch",
                "found " + state.anchor().epoch() + ", expected at most " + state.epoch());
          }
          if (state.seed() != seeds.seed()) {
            seeds.set(state.seed());
          }
          if (engine.planner().order() instanceof ConcatenatedOrder o) {
            o.anchor(state.anchor());
            o.resume(state.order());
          }
          if (engine.planner().starts() != null) {
            engine.planner().starts().resume(state.starts());
          }
        });
  }

  private void restoreOriginal(LoaderState state) {
    if (!(engine.planner().order() instanceof ConcatenatedOrder order)) {
      throw LoaderState.problem(
          "cycle",
          "found a state of the original's concatenated loader, expected Cycle.CONCATENATED here");
    }
    Map<String, Object> dictionary = state.original();
    Map<String, Integer> taken = LoaderState.taken(dictionary);
    if (!new TreeMap<>(taken).navigableKeySet().equals(new java.util.TreeSet<>(keys))) {
      throw LoaderState.problem(
          "session_positions", "found the recordings " + taken.keySet() + ", expected " + keys);
    }
    seek(
        state.epoch(),
        state.position(),
        () -> {
          LoaderState.Anchor before = order.anchored();
          boolean ok = false;
          try {
            order.anchor(null);
            if (shuffles) {
              checkGenerators(order, state, dictionary);
            }
            checkPositions(order, state, taken);
            ok = true;
          } finally {
            if (!ok) {
              order.anchor(before);
            }
          }
        });
  }

  private void checkGenerators(
      ConcatenatedOrder order, LoaderState state, Map<String, Object> dictionary) {
    if (state.epoch() == 0 && state.position() == 0) {
      return; // nothing was drawn yet
    }
    Object samplers = dictionary.get("session_sampler_states");
    Map<?, ?> parts = samplers instanceof Map<?, ?> m ? m : Map.of();
    LegacyRandomState.State[] previous =
        state.epoch() == 0 ? null : order.generatorsBefore(state.epoch() - 1);
    LegacyRandomState.State[] current = order.generatorsBefore(state.epoch());
    LegacyRandomState.State[] following = order.generatorsBefore(state.epoch() + 1);
    LegacyRandomState.State[] given = new LegacyRandomState.State[keys.size()];
    String unknown = null;
    for (int s = 0; s < given.length; s++) {
      String at = "session_sampler_states." + keys.get(s);
      List<LegacyRandomState.State> found = LoaderState.generators(parts.get(keys.get(s)), at);
      if (found.isEmpty()) {
        throw LoaderState.problem(
            at,
            "found no generator: whether the seed is the one of that run cannot be checked, so it may not go on exactly");
      }
      boolean known = false;
      for (LegacyRandomState.State f : found) {
        known |= same(f, current[s]) || same(f, following[s]);
        // between epochs the original keeps the generator of the epoch that ended
        known |= state.position() == 0 && previous != null && same(f, previous[s]);
      }
      if (!known) {
        unknown = at;
      }
      given[s] = found.getLast();
    }
    if (unknown == null) {
      return;
    }
    List<LegacyRandomState.State> rounder =
        LoaderState.generators(
            rng(dictionary.get("batch_sampler_state")), "batch_sampler_state.rng_state");
    boolean plain = state.position() == 0 && !rounder.isEmpty();
    for (int s = 0; s < given.length && plain; s++) {
      List<LegacyRandomState.State> own =
          LoaderState.generators(rng(parts.get(keys.get(s))), "rng_state");
      plain = !own.isEmpty();
      given[s] = plain ? own.getLast() : null;
    }
    if (!plain) {
      throw LoaderState.problem(
          unknown,
          "found a generator that seed "
              + seeds.seed()
              + " does not give in epoch "
              + state.epoch()
              + ", expected the seed of that run; without it only a state between epochs, with rng_state of every session and"
              + " of the batch sampler, can be continued");
    }
    order.anchor(new LoaderState.Anchor(state.epoch(), rounder.getLast(), given));
  }

  private static Object rng(Object part) {
    return part instanceof Map<?, ?> m ? m.get("rng_state") : part;
  }

  private static boolean same(LegacyRandomState.State a, LegacyRandomState.State b) {
    return a.position() == b.position() && java.util.Arrays.equals(a.key(), b.key());
  }

  private void checkPositions(
      ConcatenatedOrder order, LoaderState state, Map<String, Integer> taken) {
    order.begin(state.epoch());
    if (state.position() > order.batches()) {
      throw LoaderState.problem(
          "session_positions",
          "found " + state.position() + " batches, expected at most " + order.batches());
    }
    int[] counts = new int[keys.size()];
    for (int b = 0; b < state.position(); b++) {
      counts[order.session(b)]++;
    }
    for (int s = 0; s < counts.length; s++) {
      if (counts[s] != taken.get(keys.get(s))) {
        throw LoaderState.problem(
            "session_positions." + keys.get(s),
            "found "
                + taken.get(keys.get(s))
                + ", expected "
                + counts[s]
                + " after "
                + state.position()
                + " batches: batch size, drop_last, shuffle, seed or the recordings differ from that run");
      }
    }
  }

  @Override
  public final boolean release(int slot, int generation) {
    return engine.release(slot, generation);
  }

  @Override
  public final LoaderStatistics statistics() {
    return engine.statistics();
  }

  @Override
  public final void close() {
    // every caller waits for the workers, not only the first
    engine.close();
    cleanable.clean();
  }
}
