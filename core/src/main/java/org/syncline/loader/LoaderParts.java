/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.syncline.array.TensorSpec;
import org.syncline.error.ConfigException;
import org.syncline.os.Posix;
import org.syncline.read.ReadPlanner;
import org.syncline.text.Printable;

/**
 * What a loader is made of, put together and not yet started.
 *
 * @param settings what of the options decides the order of batches or their form, by name: states
 *     of loaders that differ in it do not fit each other
 */
record LoaderParts(Engine engine, SessionSeeds seeds, Map<String, String> settings, int worldSize) {
  /** The setting of ranks that share each recording's batches out by itself. */
  static final String SHARE_SESSIONS = "share_sessions";

  private static final System.Logger LOG = System.getLogger("org.syncline");

  /**
   * Bytes of the heap for each open recording, which with two threads' readers takes half of it.
   */
  private static final long HEAP_PER_RECORDING = 128 << 10;

  /**
   * Opens the recordings and puts a loader together; closes what it opened where something is
   * wrong.
   *
   * @param options the caller's no more
   * @param type the kind of order
   */
  static LoaderParts assemble(LoaderOptions options, List<RecordingSpec> specs, OrderType type) {
    check(options, specs);
    settle(options, specs.size());
    List<Session> sessions = new ArrayList<>();
    Order order = null;
    EpochStarts starts = null;
    boolean ok = false;
    try {
      RecordingOpening opening = new RecordingOpening(options, specs, specs.size() <= 4);
      opening.open(sessions);
      adviseOfTypes(options, sessions);
      SessionPool pool = new SessionPool(sessions, options.maxOpen);
      long seed =
          options.seed != null ? options.seed : ThreadLocalRandom.current().nextLong(1L << 32);
      int[] lengths = sessions.stream().mapToInt(opening::length).toArray();
      order =
          type.create(
              new OrderType.Input(
                  lengths,
                  options.batchSize,
                  options.dropLast,
                  options.shuffle,
                  seed,
                  SessionSeeds.orderSeeds(sessions, seed),
                  opening.weights(sessions, lengths),
                  options.shareSessions ? options.share() : null,
                  options.trailApart));
      int batches = order.grows() ? 0 : order.batches();
      if (batches > 0
          && batches < options.worldSize
          && options.remainder == Remainder.DROP
          && !options.shareSessions) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: no process gets a batch: "
                + options.name(LoaderOption.REMAINDER)
                + " 'drop' leaves out the "
                + batches
                + " of an epoch, fewer than "
                + options.name(LoaderOption.WORLD_SIZE)
                + " "
                + options.worldSize);
      }
      if (!options.shuffleEachEpoch) {
        order.leaveOut(sessions.stream().map(s -> s.leftOut).toArray(int[][]::new));
      }
      if (options.shuffleEachEpoch) {
        starts =
            new EpochStarts(
                sessions,
                pool,
                SessionSeeds.startSeeds(sessions, seed),
                options.trailApart,
                order.halt);
      }
      Engine engine = new Engine(options, sessions, pool, new Planner(sessions, order, starts));
      SessionSeeds seeds = new SessionSeeds(sessions, seed, options.seed != null, order, starts);
      if (options.readahead > 0) {
        readAhead(sessions, options.readahead);
      }
      ok = true;
      return new LoaderParts(engine, seeds, settings(options, type.name()), options.worldSize);
    } finally {
      if (!ok) {
        if (starts != null) {
          starts.close();
        }
        if (order != null) {
          order.close();
        }
        for (Session s : sessions) {
          if (s.source != null) {
            s.source.close();
          }
        }
      }
    }
  }

  /** Warns of names that stand twice among the entries. */
  private static void adviseOfEntries(LoaderOptions options) {
    if (options.outKeys == null || options.outKeys.isEmpty()) {
      return; // indices alone have no entries
    }
    Set<String> entries = new TreeSet<>();
    for (String key : options.outKeys) {
      if (!entries.add(key)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: out_keys has '"
                + Printable.value(key)
                + "' twice, which is one entry; was another one meant?");
      }
    }
  }

  /** Warns of element types for devices that no recording's batches have. */
  private static void adviseOfTypes(LoaderOptions options, List<Session> sessions) {
    if (options.types.isEmpty() || options.outKeys != null && options.outKeys.isEmpty()) {
      return;
    }
    Set<String> entries = new TreeSet<>();
    for (Session session : sessions) {
      for (TensorSpec spec : session.layout.specs()) {
        if (!spec.timestamps()) {
          entries.add(spec.key());
        }
      }
    }
    for (String device : new TreeSet<>(options.types.keySet())) {
      // behaviour may be channels of a screen
      if (!entries.contains(device) && !ReadPlanner.BEHAVIOUR.contains(device)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: types."
                + Printable.value(device)
                + " changes nothing, for out_keys leaves that device out; there are "
                + String.join(", ", entries));
      }
    }
  }

  private static void check(LoaderOptions options, List<RecordingSpec> specs) {
    if (specs.isEmpty()) {
      throw new ConfigException("loader", 0, "recordings", "found none, expected one or more");
    }
    adviseOfEntries(options);
    if (options.rank >= options.worldSize) {
      throw wrong(
          options,
          LoaderOption.RANK,
          "is " + options.rank + ", expected 0 to " + (options.worldSize - 1));
    }
    if (options.worldSize > 1
        && options.seed == null
        && (options.shuffle || options.shuffleEachEpoch)) {
      throw wrong(
          options,
          LoaderOption.SEED,
          "found none, expected the same seed on all "
              + options.worldSize
              + " ranks, or they would disagree");
    }
    if (options.fed) {
      refuseWithFeed(options, LoaderOption.SESSIONS, options.cycle != null);
      refuseWithFeed(options, LoaderOption.SHARE_SESSIONS, options.shareSessions);
      refuseWithFeed(options, LoaderOption.WEIGHTS, options.weights != null);
      refuseWithFeed(options, LoaderOption.SHUFFLE, options.shuffle);
      refuseWithFeed(options, LoaderOption.SHUFFLE_EACH_EPOCH, options.shuffleEachEpoch);
      refuseWithFeed(options, LoaderOption.SEED, options.seed != null);
      refuseWithFeed(options, LoaderOption.DROP_LAST, options.dropLast);
      refuseWithFeed(options, LoaderOption.WORLD_SIZE, options.worldSize > 1);
      refuseWithFeed(options, LoaderOption.ON_ERROR, options.onError != OnError.ERROR);
    }
    if (options.shareSessions && !options.fed) {
      Cycle cycle = options.cycle == null ? Cycle.CONCATENATED : options.cycle;
      if (cycle == Cycle.CONCATENATED) {
        throw wrong(
            options,
            LoaderOption.SHARE_SESSIONS,
            "found together with "
                + options.name(LoaderOption.SESSIONS)
                + " concat, whose one order is shared out; expected long, short or exhaust");
      }
    }
    if (options.weights != null) {
      if (options.cycle != null && options.cycle != Cycle.CONCATENATED) {
        throw wrong(
            options,
            LoaderOption.WEIGHTS,
            "found together with "
                + options.name(LoaderOption.SESSIONS)
                + " "
                + options.cycle.text()
                + ", in which recordings take turns; expected "
                + Cycle.CONCATENATED.text());
      }
      if (options.weights.length != specs.size()) {
        throw wrong(
            options,
            LoaderOption.WEIGHTS,
            "found "
                + options.weights.length
                + ", expected one for each of the "
                + specs.size()
                + " recordings");
      }
    }
    if (options.subset != null && options.shuffleEachEpoch) {
      throw new ConfigException(
          "loader",
          0,
          "indices",
          "found together with "
              + options.name(LoaderOption.SHUFFLE_EACH_EPOCH)
              + ", which draws the chunks anew; expected one of them");
    }
  }

  private static void refuseWithFeed(LoaderOptions options, LoaderOption option, boolean given) {
    if (given) {
      throw wrong(
          options,
          option,
          "found together with fed, whose batches the caller names; expected one of them");
    }
  }

  private static ConfigException wrong(LoaderOptions options, LoaderOption option, String message) {
    return new ConfigException("loader", 0, options.name(option), message);
  }

  /** Puts numbers in place of "as many as fit". */
  private static void settle(LoaderOptions options, int recordings) {
    if (options.threads == 0) {
      options.threads = Math.min(8, Runtime.getRuntime().availableProcessors());
    }
    int fitting =
        Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_PER_RECORDING, 4, Integer.MAX_VALUE);
    int limit = options.maxOpen > 0 ? options.maxOpen : fitting;
    options.maxOpen = limit >= recordings ? 0 : limit;
  }

  private static Map<String, String> settings(LoaderOptions options, String name) {
    Map<String, String> map = new TreeMap<>();
    map.put("loader", name);
    map.put("batch_size", String.valueOf(options.batchSize));
    map.put("drop_last", String.valueOf(options.dropLast));
    map.put("shuffle", String.valueOf(options.shuffle));
    map.put("shuffle_each_epoch", String.valueOf(options.shuffleEachEpoch));
    if (options.shareSessions) {
      // places in an epoch are of this number of ranks
      map.put(SHARE_SESSIONS, "of " + options.worldSize + " by " + options.remainder.text());
    }
    if (options.weights != null) {
      map.put("weights", Arrays.toString(options.weights));
    }
    if (!options.types.isEmpty()) {
      map.put("types", new TreeMap<>(options.types).toString());
    }
    if (options.onError == OnError.SKIP) {
      map.put("on_error", "skip");
    }
    if (options.outKeys != null) {
      map.put("out_keys", options.outKeys.toString());
    }
    return map;
  }

  private static void readAhead(List<Session> sessions, long budget) {
    List<String> roots = sessions.stream().map(s -> s.root).filter(Objects::nonNull).toList();
    Thread reader =
        Thread.ofPlatform().daemon().name("syncline-readahead").unstarted(() -> ask(roots, budget));
    try {
      reader.start();
    } catch (OutOfMemoryError _) {
      // no more threads: it is a hint only
    }
  }

  private static void ask(List<String> roots, long budget) {
    long left = budget;
    for (String root : roots) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
          if (left <= 0) {
            return;
          }
          left -= Posix.willNeed(file, left);
        }
      } catch (IOException | UncheckedIOException e) {
        // a hint only: reading the recording says what is wrong with it
        continue;
      }
    }
  }
}
