/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.ChunkDataset;
import org.syncline.config.DatasetConfig;

/**
 * Batches of many recordings, each batch from one of them. See {@link BatchLoader} for epochs,
 * order, threads and errors.
 *
 * <p>Recordings are known by their data keys. Each recording that the loader opens gets a seed of
 * its own where one is given: seed + (first four bytes, big-endian, of SHA-256 of the data key) mod
 * 10000.
 */
public final class SessionLoader extends EngineLoader {
  private final BatchFeed feed;

  SessionLoader(LoaderParts parts) {
    super(parts);
    feed =
        parts.engine().planner().order() instanceof FedOrder order
            ? new BatchFeed(this, order)
            : null;
  }

  /** Returns whether the caller names the batches: see {@link Builder#fed}. */
  public boolean isFed() {
    return feed != null;
  }

  /**
   * Returns what takes the batches to come, of a loader made with {@link Builder#fed}.
   *
   * @throws IllegalStateException for any other loader
   */
  public BatchFeed feed() {
    if (feed == null) {
      throw new IllegalStateException(
          "this loader has an order of its own; SessionLoader.builder().fed() makes one that is"
              + " told its batches");
    }
    return feed;
  }

  /** Returns a builder with the defaults that its methods name. */
  public static Builder builder() {
    return new Builder();
  }

  /** Options of a {@link SessionLoader}. */
  public static final class Builder extends LoaderBuilder<Builder> {
    private final List<Object> sessions = new ArrayList<>();

    private Builder() {}

    private record Recording(Path root, DatasetConfig config) {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Adds an open dataset, with the start times that it has now; it stays the caller's, who closes
     * it after the loader.
     */
    public Builder add(ChunkDataset dataset) {
      sessions.add(Objects.requireNonNull(dataset, "dataset is null"));
      return this;
    }

    /** Adds a recording that the loader opens and closes itself. */
    public Builder add(Path root, DatasetConfig config) {
      sessions.add(
          new Recording(
              Objects.requireNonNull(root, "root is null"),
              Objects.requireNonNull(config, "config is null")));
      return this;
    }

    /** Sets how the recordings are mixed; default {@link Cycle#CONCATENATED}. */
    public Builder cycle(Cycle cycle) {
      options.cycle = Objects.requireNonNull(cycle, "cycle is null");
      return this;
    }

    /**
     * Sets whether ranks share each recording's batches out by itself; default false: the one order
     * of all. With {@link Cycle#LONG}, {@link Cycle#SHORT} and {@link Cycle#EXHAUSTING}, in which
     * ranks of one order might get some recordings only. Each rank then cycles through its shares
     * of the recordings; {@link #remainder} says what becomes of the last batches of each. A state
     * goes on with the same number of ranks alone.
     */
    public Builder shareSessions(boolean shareSessions) {
      options.shareSessions = shareSessions;
      return this;
    }

    /**
     * Sets how often recordings come; default: each as often as it has batches. An epoch has as
     * many batches as without, shared out in the weights' proportions: what is left over goes to
     * the largest remainders, of equal ones to the recording added earlier. Batches come in an
     * order drawn anew each epoch, or, without {@link #shuffle}, evenly spread. A recording that
     * runs out begins its order again. Seed and epoch alone decide; states go on with the same
     * weights alone. With {@link Cycle#CONCATENATED} only.
     *
     * @param weights finite numbers of 0 or more, not all 0, one for each recording added; null:
     *     the default
     */
    public Builder weights(double @Nullable ... weights) {
      options.weights = weights == null ? null : weights.clone();
      return this;
    }

    /**
     * Lets the caller name the chunks of each batch while the loader runs, by {@link
     * SessionLoader#feed}: for samplers, curricula and weights that no {@link Cycle} has. {@link
     * #batchSize} is the most chunks of a batch; options of an order (cycle, shuffle, seed,
     * dropLast, rank) are refused beside it. Such a loader has no epochs and no states.
     */
    public Builder fed() {
      options.fed = true;
      return this;
    }

    /**
     * Sets how many of the recordings that the loader opens are open at one time; others are closed
     * and opened again when their turn comes, which takes some 20 ms; each thread may need one
     * more. Default 0: one for each 128 KiB of the largest heap, at least 4, since an open
     * recording takes some 60 KB of it: all of 333 with a heap of 64 MiB. {@code
     * Integer.MAX_VALUE}: all stay open. An open recording also has about six maps, and one for
     * each trial file that was read, of which the process keeps at most three quarters of {@code
     * vm.max_map_count}; no file stays open.
     */
    public Builder maxOpen(int maxOpen) {
      options.maxOpen = LoaderOption.MAX_OPEN.check(maxOpen);
      return this;
    }

    /**
     * Sets whether recordings that cannot be opened are left out with a warning; default false: an
     * error naming them.
     */
    public Builder skipBroken(boolean skipBroken) {
      options.skipBroken = skipBroken;
      return this;
    }

    @Override
    public String toString() {
      return shown(sessions.size() + (sessions.size() == 1 ? " recording" : " recordings"));
    }

    @Override
    public SessionLoader build() {
      checkOpening(sessions.isEmpty() || sessions.stream().anyMatch(o -> o instanceof Recording));
      List<RecordingSpec> recordings = new ArrayList<>();
      for (Object o : sessions) {
        recordings.add(
            o instanceof Recording r
                ? RecordingSpec.of(r.root(), r.config(), options, true)
                : RecordingSpec.of((ChunkDataset) o));
      }
      Cycle cycle = options.cycle == null ? Cycle.CONCATENATED : options.cycle;
      OrderType order = options.fed ? FedOrder.TYPE : cycle.type();
      return new SessionLoader(assemble(recordings, order));
    }
  }
}
