/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.syncline.array.TensorSpec;
import org.syncline.text.Printable;

/** What the loaders have in common: an engine, and a state that says where it stands. */
abstract sealed class EngineLoader implements BatchLoader permits ChunkLoader, SessionLoader {
  private static final Cleaner CLEANER = Cleaner.create();

  // workers and batches know the engine, never the loader: a loader that nobody holds any more is
  // closed by the collector
  private final Engine engine;
  private final Cleaner.Cleanable cleanable;
  private final SessionSeeds seeds;
  private final Map<String, String> settings;
  private final int worldSize;
  private final List<String> keys;
  private final Mixes mixes = new Mixes();

  EngineLoader(LoaderParts parts) {
    engine = parts.engine();
    seeds = parts.seeds();
    settings = parts.settings();
    worldSize = parts.worldSize();
    keys = engine.sessions().stream().map(s -> s.key).toList();
    engine.start();
    cleanable = CLEANER.register(this, engine::close);
  }

  @Override
  public final @Nullable Batch next() throws InterruptedException {
    return take(null);
  }

  @Override
  public final @Nullable Batch next(Duration timeout)
      throws InterruptedException, TimeoutException {
    Objects.requireNonNull(timeout, "timeout is null");
    try {
      return engine.take(Math.max(0, TimeUnit.NANOSECONDS.convert(timeout)), null);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private Batch take(Progress.Pass pass) throws InterruptedException {
    try {
      return engine.take(-1, pass);
    } catch (TimeoutException e) {
      throw new AssertionError(e); // there was no limit
    } finally {
      // while a call waits, its loader is held
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public final void nextEpoch() {
    refuseFed("nextEpoch");
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
    checkPlace(epoch, position);
    refuseFed("seek");
    int last = last(worldSize);
    if (position > last) {
      throw new IllegalArgumentException(
          "position is " + position + ", expected 0 to " + last + ", the batches of an epoch");
    }
    seek(
        epoch,
        position,
        () -> {
          String reason = engine.planner().order().unreachable(epoch, null);
          EpochStarts starts = engine.planner().starts();
          if (reason == null && starts != null) {
            reason = starts.unreachable(epoch);
          }
          if (reason != null) {
            throw new IllegalArgumentException(reason);
          }
        });
  }

  /**
   * Returns the last place of an epoch: behind its batches, of which so many ranks together may
   * take some again to end at one time.
   */
  private int last(int ranks) {
    long last = Math.max(engine.planner().order().batches(), (long) batchesPerEpoch() * worldSize);
    // ranks that share each recording out by itself may have a batch more of each than this one
    long more = settings.containsKey(LoaderParts.SHARE_SESSIONS) ? keys.size() : 0;
    return (int) Math.min(Integer.MAX_VALUE, last + Math.max(1, ranks) * (1 + more) - 1);
  }

  static void checkPlace(long epoch, int position) {
    if (epoch < 0 || position < 0 || epoch > Order.LAST_EPOCH) {
      throw new IllegalArgumentException(
          "epoch is "
              + epoch
              + " and position "
              + position
              + ", expected 0 or more, and an epoch of at most "
              + Order.LAST_EPOCH);
    }
  }

  private void refuseFed(String method) {
    if (engine.planner().order().grows()) {
      throw new IllegalStateException(
          method
              + ": this loader is told its batches, so it has no epochs and no states; clear() of"
              + " its feed drops what was named");
    }
  }

  /** Refuses recordings whose chunks cannot stand in one batch, and says which are unlike. */
  final void checkLayouts(int[] places) {
    List<Session> sessions = engine.sessions();
    Session first = null;
    for (int place : places) {
      if (place < 0 || place >= sessions.size()) {
        continue; // the order says so
      }
      Session session = sessions.get(place);
      if (first == null) {
        first = session;
      } else if (!session.layout.equals(first.layout)) {
        throw new IllegalArgumentException(
            "recordings "
                + first.key
                + " and "
                + session.key
                + " have different entries, shapes or types: "
                + first.layout.specs()
                + " and "
                + session.layout.specs()
                + ", expected the same in one batch");
      } else if (session != first) {
        mixes.compare(first, session);
      }
    }
  }

  /** Lets workers see that the order has grown. */
  final void grown() {
    try {
      engine.grown();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Drops every batch that was not handed out, and goes back to the beginning. */
  final void restart(Runnable change) {
    seek(0, 0, change);
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
  public final Map<String, List<String>> categories(int session) {
    return engine.sessions().get(session).categories;
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

  /** One pass; takes a batch only when it is asked for, so that a state never lies behind one. */
  private final class Batches implements Iterator<Batch> {
    private final Progress.Pass pass;

    Batches(boolean endless) {
      pass = new Progress.Pass(endless);
    }

    @Override
    public boolean hasNext() {
      try {
        return engine.hasNext(pass);
      } finally {
        Reference.reachabilityFence(EngineLoader.this);
      }
    }

    @Override
    public Batch next() {
      while (hasNext()) {
        try {
          Batch batch = take(pass);
          if (batch != null) {
            return batch;
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new LoaderException("interrupted while waiting for a batch", null, -1, null, e);
        }
      }
      throw new NoSuchElementException("the pass has no batches left");
    }
  }

  @Override
  public final LoaderState state() {
    refuseFed("state");
    Progress.Position at = at();
    EpochStarts starts = engine.planner().starts();
    return describe(
        at.epoch(),
        at.consumed(),
        engine.planner().order().state(at.epoch()),
        starts == null ? null : starts.checkpoint(at.epoch()),
        Session::storedValues);
  }

  private LoaderState describe(
      long epoch,
      int position,
      OrderState order,
      GeneratorTrail.Entry starts,
      Function<Session, Map<String, String>> values) {
    List<LoaderState.Recording> recordings = new ArrayList<>();
    for (Session s : engine.sessions()) {
      recordings.add(
          new LoaderState.Recording(
              s.key, s.length, s.fingerprint(), s.identity(), values.apply(s)));
    }
    return new LoaderState(
        epoch, position, seeds.seed(), settings, recordings, worldSize, order, starts);
  }

  @Override
  public final void restore(LoaderState state) {
    Objects.requireNonNull(state, "state is null");
    refuseFed("restore");
    Order order = engine.planner().order();
    if (state.original() != null) {
      long epoch = state.epoch();
      int position = state.position();
      seek(
          epoch,
          position,
          () -> {
            // one more, since the original's generators may be those after the epoch's lists
            String reason = order.unreachable(epoch + 1, OrderState.NONE);
            if (reason != null) {
              throw StateTree.problem("epoch", reason);
            }
            order.restore(state.original(), epoch, position, keys, seeds.seed());
          });
      return;
    }
    LoaderState here = describe(0, 0, OrderState.NONE, null, _ -> Map.of());
    List<String> differences = state.differences(here);
    if (seeds.given() && state.seed() != seeds.seed()) {
      differences.addFirst("seed is " + state.seed() + " in the state, " + seeds.seed() + " here");
    }
    if (!differences.isEmpty()) {
      throw StateTree.problem(
          "fingerprint",
          "the state belongs to other data or another configuration: fingerprint "
              + state.fingerprint()
              + " in the state, "
              + here.fingerprint()
              + " here; "
              + String.join("; ", differences));
    }
    String other = state.otherValues(engine.sessions());
    if (!other.isEmpty()) {
      throw StateTree.problem("recordings", other);
    }
    int last = last(state.worldSize());
    if (state.position() > last) {
      throw StateTree.problem(
          "position",
          "found " + state.position() + ", expected 0 to " + last + ", the batches of an epoch");
    }
    state.order().check(state.epoch());
    EpochStarts starts = engine.planner().starts();
    String reason = order.unreachable(state.epoch(), state.order());
    if (reason == null && starts != null) {
      reason = starts.unreachableFrom(state.epoch(), state.starts());
    }
    if (reason != null) {
      throw StateTree.problem("epoch", reason);
    }
    seek(
        state.epoch(),
        state.position(),
        () -> {
          if (state.seed() != seeds.seed()) {
            seeds.set(state.seed());
          }
          order.restore(state.order());
          if (starts != null) {
            starts.resume(state.starts());
          }
        });
  }

  /**
   * Gives one reference to a batch back by slot and generation.
   *
   * @return whether the generation was still current; false means that it had been given back
   *     before
   */
  final boolean release(int slot, int generation) {
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

  /** Returns the recordings, some of many, and how many chunks a batch has, also after close. */
  @Override
  public final String toString() {
    String shown = String.join(", ", keys.subList(0, Math.min(keys.size(), 3)));
    return getClass().getSimpleName()
        + "("
        + Printable.message(shown)
        + (keys.size() > 3 ? " and " + (keys.size() - 3) + " more" : "")
        + ", batches of "
        + settings.get(LoaderOption.BATCH_SIZE.key.name())
        + ")";
  }
}
