/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.ArrayList;
import java.util.List;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.LoaderKeys;
import org.syncline.config.schema.Names;
import org.syncline.config.schema.OpenOptions;
import org.syncline.error.ConfigException;

/**
 * Every option of loaders, each described once: builders and {@link LoaderOptions} take ranges and
 * defaults from here, C and Python the names, the header, Python's list of keywords and the
 * reference page everything.
 *
 * <p>To add an option: its line here, a field of {@link LoaderOptions} and how it is set, a method
 * of a builder, and what obeys it. Tests write the documents again.
 */
enum LoaderOption {
  BATCH_SIZE(LoaderKeys.BATCH_SIZE, "batchSize", "batch_size"),
  SHUFFLE(LoaderKeys.SHUFFLE, "shuffle", "shuffle"),
  SEED(LoaderKeys.SEED, "seed", "seed"),
  DROP_LAST(LoaderKeys.DROP_LAST, "dropLast", "drop_last"),
  INDICES(
      ConfigKey.mixed(
          "indices",
          "a list of whole numbers, or null",
          Choice.NONE,
          null,
          "Which chunks of the one recording an epoch has, in this order unless shuffled, any of them several times; null: all."),
      "indices",
      "indices"),
  THREADS(
      ConfigKey.whole(
          "threads",
          0,
          LoaderKeys.MOST_THREADS,
          0L,
          "Threads that make batches; 0: as many as there are processors, at most 8."),
      "threads",
      null),
  PREFETCH(
      ConfigKey.whole("prefetch", 1, Integer.MAX_VALUE, 2L, "Batches made ahead."),
      "prefetch",
      null),
  MAX_BATCHES(
      ConfigKey.whole(
          "max_batches",
          0,
          Integer.MAX_VALUE,
          0L,
          "Limit on batches alive, made ahead or held by the caller; 0: none, memory grows while batches are kept."
              + " With a limit, asking for a batch while all are held is an error."),
      "maxSlots",
      "max_batches"),
  TYPES(OpenOptions.TYPES, "types", null),
  AS_BYTES(
      ConfigKey.texts(
          "as_bytes",
          "Screens whose pixels come as uint8 before normalisation, whatever `types` says: the caller makes what it says of them, and states"
              + " are as without."),
      "asBytes",
      null),
  OUT_KEYS(OpenOptions.OUT_KEYS, "outKeys", "out_keys"),
  RANK(LoaderKeys.RANK, "rank", "rank"),
  WORLD_SIZE(
      ConfigKey.whole(
          "world_size",
          1,
          Integer.MAX_VALUE,
          1L,
          "How many loaders share each epoch's batches: rank r takes batches r, r + world_size and so on."),
      "worldSize",
      "world_size"),
  REMAINDER(
      ConfigKey.choice(
          "remainder",
          remainders(),
          Remainder.PAD,
          "What becomes of an epoch's last batches where world_size does not divide their number."),
      "remainder",
      "remainder"),
  SHARE_SESSIONS(
      ConfigKey.flag(
          "share_sessions",
          false,
          "With long, short and exhaust: ranks share each recording's batches out by itself, so that every rank gets some of all; else the"
              + " one order of all."),
      "shareSessions",
      null),
  SHUFFLE_EACH_EPOCH(LoaderKeys.SHUFFLE_EACH_EPOCH, "shuffleEachEpoch", "shuffle_each_epoch"),
  PIN_MEMORY(LoaderKeys.PIN_MEMORY, null, "pin_memory"),
  WAIT_FOR_DEVICE(LoaderKeys.WAIT_FOR_DEVICE, null, null),
  SESSIONS(
      ConfigKey.choice(
          "sessions", cycles(), null, "How several recordings take turns; null is concat."),
      "cycle",
      null),
  WEIGHTS(
      ConfigKey.mixed(
          "weights",
          "a list of numbers of 0 or more, one for each recording, or null",
          Choice.NONE,
          null,
          "How often recordings come, with concat: an epoch has as many batches as without, shared out in these proportions (largest"
              + " remainders); a recording that runs out begins its order again."),
      "weights",
      null),
  FED(LoaderKeys.FED, "fed", null),
  INDICES_ONLY(LoaderKeys.INDICES_ONLY, null, null),
  READAHEAD(
      ConfigKey.whole(
          "readahead",
          0,
          Long.MAX_VALUE,
          0L,
          "Bytes of the recordings' files that the system is asked to read ahead once, from the first file on."),
      "readahead",
      "readahead"),
  LOOKAHEAD(
      ConfigKey.whole(
          "lookahead",
          0,
          Long.MAX_VALUE,
          0L,
          "Bytes of files that the system is asked to read ahead of the batches that come next; for recordings larger than memory."),
      "lookahead",
      "lookahead"),
  NICE(ConfigKey.whole("nice", 0, 19, 0L, "The nice value of the threads."), "nice", "nice"),
  HUGE_PAGES(
      ConfigKey.flag(
          "huge_pages", null, "Whether buffers ask for huge pages; null: those of 4 MiB or more."),
      "hugePages",
      "huge_pages"),
  SHARE(
      ConfigKey.number(
          "share",
          null,
          ConfigKey.POSITIVE,
          1,
          1.0,
          "The share of time in which each thread works; 1: always."),
      "share",
      null),
  SPIN_NANOS(
      ConfigKey.whole(
          "spin_nanos",
          0,
          Long.MAX_VALUE,
          0L,
          "Nanoseconds that the caller spins for a batch before it sleeps: for closed loops."),
      "spinNanos",
      null),
  RECORDINGS(LoaderKeys.RECORDINGS, "add", null),
  MAX_OPEN(
      ConfigKey.whole(
          "max_open",
          0,
          Integer.MAX_VALUE,
          0L,
          "How many of the recordings that the loader opens are open at one time; 0: as many as fit the heap."),
      "maxOpen",
      null),
  SKIP_BROKEN(
      ConfigKey.flag(
          "skip_broken", false, "Leaves out recordings that cannot be opened, with a warning."),
      "skipBroken",
      null),
  ON_ERROR(
      ConfigKey.choice(
          "on_error",
          OnError.choices(),
          OnError.ERROR,
          "What becomes of chunks that need a missing or damaged file, as of a trial."),
      "skipDamaged",
      "on_error"),
  CACHE_DATA(LoaderKeys.CACHE_DATA, "cacheData", null);

  private static final LoaderOption[] ALL = values();

  /** Name in C and in messages to Python, type, range, default and meaning. */
  final ConfigKey key;

  /** The name in Java, or null where Java has none. */
  final String java;

  /** The keyword of Python's DataLoader, or null where it has none of this meaning. */
  final String python;

  LoaderOption(ConfigKey key, String java, String python) {
    this.key = key;
    this.java = java;
    this.python = python;
  }

  private static Choice[] remainders() {
    Remainder[] all = Remainder.values();
    Choice[] choices = new Choice[all.length];
    for (int i = 0; i < all.length; i++) {
      choices[i] = new Choice(all[i], all[i].text(), all[i].description());
    }
    return choices;
  }

  private static Choice[] cycles() {
    Cycle[] all = Cycle.values();
    Choice[] choices = new Choice[all.length];
    for (int i = 0; i < all.length; i++) {
      choices[i] = new Choice(all[i], all[i].text(), all[i].description());
    }
    return choices;
  }

  /**
   * Returns the option that C calls so.
   *
   * @throws ConfigException where there is none: the message has the nearest and all
   */
  static LoaderOption named(String name) {
    List<String> known = new ArrayList<>();
    for (LoaderOption option : ALL) {
      if (option.key.name().equals(name)) {
        return option;
      }
      known.add(option.key.name());
    }
    throw new ConfigException("options", 0, name, "unknown option; " + Names.advice(name, known));
  }

  /** Returns whether the option is for loaders of several recordings alone. */
  boolean isOfSessions() {
    return switch (this) {
      case SESSIONS, SHARE_SESSIONS, WEIGHTS, FED, RECORDINGS, MAX_OPEN, SKIP_BROKEN -> true;
      default -> false;
    };
  }

  /** Returns a number that a program gives, or throws an IllegalArgumentException. */
  int check(int value) {
    return (int) check((long) value);
  }

  long check(long value) {
    if (!key.accepts(value)) {
      throw new IllegalArgumentException(java + " is " + value + ", expected " + key.expected());
    }
    return value;
  }

  double check(double value) {
    if (!key.accepts(value)) {
      throw new IllegalArgumentException(java + " is " + value + ", expected " + key.expected());
    }
    return value;
  }
}
