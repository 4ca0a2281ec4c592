/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.error.ConfigException;
import org.syncline.text.Printable;

/**
 * Options that every loader has. Not safe for use by several threads at once.
 *
 * @param <B> the builder itself
 */
public abstract sealed class LoaderBuilder<B extends LoaderBuilder<B>>
    permits ChunkLoader.Builder, SessionLoader.Builder {
  private Integer saidBatchSize;
  private boolean latencyMode;
  final LoaderOptions options = new LoaderOptions();

  LoaderBuilder() {}

  abstract B self();

  /** Returns what a builder shows. */
  final String shown(@Nullable Object source) {
    return "Builder of "
        + getClass().getEnclosingClass().getSimpleName()
        + "("
        + (source == null ? "nothing yet" : Printable.message(source.toString()))
        + ", batches of "
        + options.batchSize
        + (options.shuffle ? ", shuffled" : "")
        + (options.fed ? ", fed" : "")
        + ")";
  }

  /** Sets the chunks of a batch; default 1. */
  public final B batchSize(int batchSize) {
    options.batchSize = LoaderOption.BATCH_SIZE.check(batchSize);
    saidBatchSize = batchSize;
    return self();
  }

  /** Sets whether the order is drawn anew each epoch; default false: natural order. */
  public final B shuffle(boolean shuffle) {
    options.shuffle = shuffle;
    return self();
  }

  /**
   * Sets the seed, 0 … 2^32−1; default null: one is drawn, and the state carries it. Needed where
   * there are several ranks.
   */
  public final B seed(@Nullable Long seed) {
    options.seed = seed == null ? null : (Long) LoaderOption.SEED.check(seed.longValue());
    return self();
  }

  /** Sets whether a recording's last batch is left out when it is short; default false. */
  public final B dropLast(boolean dropLast) {
    options.dropLast = dropLast;
    return self();
  }

  /** Sets the number of worker threads; default 0: the number of processors, at most 8. */
  public final B threads(int threads) {
    options.threads = LoaderOption.THREADS.check(threads);
    return self();
  }

  /** Sets how many batches are read ahead; default 2. */
  public final B prefetch(int prefetch) {
    options.prefetch = LoaderOption.PREFETCH.check(prefetch);
    return self();
  }

  /**
   * Sets element types by device, as {@link org.syncline.ReadOptions} has them; the others keep
   * their natural one. In a session loader a name without a device in one recording is ignored
   * there.
   */
  public final B types(Map<String, ElementType> types) {
    options.types = Map.copyOf(Objects.requireNonNull(types, "types is null"));
    return self();
  }

  /**
   * Sets screens whose pixels come as UINT8 before normalisation, whatever {@link #types} says: the
   * caller makes of them what it says. Nothing is lost where {@link
   * org.syncline.ChunkDataset#screensStoredAsBytes} has them. States are as without.
   */
  public final B asBytes(List<String> screens) {
    options.asBytes = List.copyOf(Objects.requireNonNull(screens, "screens is null"));
    return self();
  }

  /** Sets the entries of a batch; default null: the dataset's. */
  public final B outKeys(@Nullable List<String> outKeys) {
    options.outKeys = outKeys == null ? null : List.copyOf(outKeys);
    return self();
  }

  /**
   * Sets which share of each epoch's batches this loader hands out: rank r of W takes batches r, r
   * + W, r + 2W … of the one order that all ranks have; default 0 of 1.
   */
  public final B rank(int rank, int worldSize) {
    LoaderOption.WORLD_SIZE.check(worldSize);
    if (rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException("rank is " + rank + ", expected 0 … " + (worldSize - 1));
    }
    options.rank = rank;
    options.worldSize = worldSize;
    return self();
  }

  /**
   * Reads rank and world size from the environment variables RANK and WORLD_SIZE; where neither is
   * set: 0 of 1.
   *
   * @throws org.syncline.error.ConfigException where only one is set or they are no numbers that
   *     fit
   */
  public final B rankFromEnvironment() {
    return rankFrom(System.getenv());
  }

  final B rankFrom(Map<String, String> environment) {
    String rankText = environment.get("RANK");
    String worldText = environment.get("WORLD_SIZE");
    if (rankText == null && worldText == null) {
      return rank(0, 1);
    }
    if (rankText == null || worldText == null) {
      String missing = rankText == null ? "RANK" : "WORLD_SIZE";
      throw new ConfigException(
          "environment", 0, missing, "is not set, but the other of RANK and WORLD_SIZE is");
    }
    int world = number("WORLD_SIZE", worldText, 1, Integer.MAX_VALUE);
    return rank(number("RANK", rankText, 0, world - 1), world);
  }

  private static int number(String name, String text, int least, int most) {
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new ConfigException(
        "environment",
        0,
        name,
        "found \"" + text + "\", expected a whole number from " + least + " to " + most);
  }

  /**
   * Sets what becomes of an epoch's last batches where ranks would differ in number; default {@link
   * Remainder#PAD}.
   */
  public final B remainder(Remainder remainder) {
    options.remainder = Objects.requireNonNull(remainder, "remainder is null");
    return self();
  }

  /**
   * Sets whether the start times of each dataset are drawn anew at the beginning of each epoch, as
   * {@link org.syncline.ChunkDataset#shuffle} does; default false. The dataset object itself does
   * not change.
   */
  public final B shuffleEachEpoch(boolean shuffleEachEpoch) {
    options.shuffleEachEpoch = shuffleEachEpoch;
    return self();
  }

  /**
   * Sets whether recordings that the loader opens are read into memory once, off the heap, shared
   * by all threads; default false: as their configuration says.
   */
  public final B cacheData(boolean cacheData) {
    options.cacheData = cacheData;
    return self();
  }

  /**
   * Sets whether chunks that need a missing or damaged file, as of a trial, are left out; default
   * false: their batch raises a {@link LoaderException} that names file and chunk.
   *
   * <p>Files are looked at when the loader opens, which takes some ten microseconds for each file
   * of a trial. Batches hold the chunks of the same order without those left out, so that they are
   * filled from the chunks that follow; a warning for each file says how many there are, {@link
   * LoaderStatistics#leftOutChunks} counts them, and states go on only where the same are left out.
   * A file that is damaged later raises the error as ever.
   */
  public final B skipDamaged(boolean skipDamaged) {
    options.onError = skipDamaged ? OnError.SKIP : OnError.ERROR;
    return self();
  }

  /**
   * Sets how many bytes of the recordings' files the operating system is asked to read ahead when
   * the loader opens; default 0. Has no effect on systems without {@code madvise}.
   */
  public final B readahead(long bytes) {
    options.readahead = LoaderOption.READAHEAD.check(bytes);
    return self();
  }

  /**
   * Sets how many bytes of files the operating system is asked to read ahead of the batch being
   * made, in the order in which batches come; default 0: none. For recordings larger than memory on
   * slow disks; 256 MiB are five batches of 150 MB. Asked for only where a worker had to wait for a
   * page within the last 256 batches, and never for cached data. Reaches at most 8 batches, within
   * the epoch. Has no effect on systems without {@code madvise}.
   */
  public final B lookahead(long bytes) {
    options.lookahead = LoaderOption.LOOKAHEAD.check(bytes);
    return self();
  }

  /**
   * Sets how many slots the ring may have at most; default 0: no limit, so that a consumer that
   * keeps batches uses more memory. With a limit, {@link BatchLoader#next()} raises an error where
   * all slots are held, at once, rather than wait for ever.
   */
  public final B maxSlots(int maxSlots) {
    options.maxSlots = LoaderOption.MAX_BATCHES.check(maxSlots);
    return self();
  }

  /**
   * Sets whether slots ask for huge pages; default: where they have 4 MiB or more, since writing
   * batches of 150 MB then takes a tenth less time. Has no effect where the system forbids them.
   */
  public final B hugePages(boolean hugePages) {
    options.hugePages = hugePages;
    return self();
  }

  /**
   * Sets what is called with the memory in which batches lie, such as to register it with a device
   * driver; default: nothing. Any thread calls, perhaps with the loader's lock held: neither may
   * call the loader.
   *
   * @param allocated called when memory was allocated, before a batch lies in it; an exception
   *     comes out of {@link BatchLoader#next()}
   * @param freeing called before memory is freed for which {@code allocated} returned. An exception
   *     keeps no memory from being freed: the first comes out of {@link BatchLoader#close}, or out
   *     of the batch's own close after it; where memory is given back while the loader runs, it is
   *     logged, and the batch under way is not lost
   */
  public final B memory(Consumer<MemorySegment> allocated, Consumer<MemorySegment> freeing) {
    options.slotListener =
        new SlotListener(
            Objects.requireNonNull(allocated, "allocated is null"),
            Objects.requireNonNull(freeing, "freeing is null"));
    return self();
  }

  /**
   * Sets the nice value of the worker threads, 0 … 19; default 0. Has no effect where the system
   * has none for threads.
   */
  public final B nice(int nice) {
    options.nice = LoaderOption.NICE.check(nice);
    return self();
  }

  /** Sets the share of time in which each worker works, above 0 to 1; default 1: no throttling. */
  public final B share(double share) {
    options.workShare = LoaderOption.SHARE.check(share);
    return self();
  }

  /**
   * Sets how long a consumer spins before it sleeps, in nanoseconds; default 0. Spinning saves the
   * microseconds of being woken up, and occupies a core: for closed loops that take one chunk at a
   * time.
   */
  public final B spinNanos(long nanos) {
    options.spinNanos = LoaderOption.SPIN_NANOS.check(nanos);
    return self();
  }

  /**
   * Sets what suits a closed loop that takes one chunk at a time: batches of one chunk, one worker
   * that reads four ahead in the known order, and a consumer that spins 50 µs before it sleeps.
   * {@link BatchLoader#seek(long, int)} jumps. Another batch size beside it, before or after, is an
   * error of {@link #build}.
   */
  public final B latencyMode() {
    latencyMode = true;
    options.batchSize = 1;
    return threads(1).prefetch(4).spinNanos(50_000);
  }

  /** Refuses what is for recordings that the loader opens, where it opens none. */
  final void checkOpening(boolean opens) {
    String given =
        options.cacheData
            ? options.name(LoaderOption.CACHE_DATA)
            : options.registry != null ? "registry" : null;
    if (!opens && given != null) {
      throw new ConfigException(
          "loader",
          0,
          given,
          "is for recordings that the loader opens, but here all datasets are open, with it or without; give it to"
              + " them, or paths to the loader");
    }
  }

  /**
   * Sets the custom components of recordings that the loader opens; default {@link
   * Registry#services()}.
   */
  public final B registry(Registry registry) {
    options.registry = Objects.requireNonNull(registry, "registry is null");
    return self();
  }

  /**
   * Sets an option by the name that C and Python have for it, such as {@code max_batches}; errors
   * then say that name. For programs that read options from a file or from arguments.
   *
   * @param value a plain value as JSON has it: a Boolean, Long, Double, String, List or Map; null
   *     leaves the option as it is
   * @throws ConfigException for an unknown name (the message has the nearest one and all that are
   *     known), a value of another type or outside the range, or an option of several recordings
   *     where there is one
   */
  public final B option(String name, @Nullable Object value) {
    LoaderOption option = LoaderOption.named(name);
    options.namedAsInC = true;
    if (value == null) {
      return self();
    }
    if (option.isOfSessions()
        && this instanceof ChunkLoader.Builder
        && !value.equals(option.key.defaultValue())) {
      throw new ConfigException(
          "options",
          0,
          name,
          "is an option of loaders of several recordings, or of recordings that the loader opens"
              + " itself; this loader has one recording");
    }
    if (option == LoaderOption.INDICES && this instanceof SessionLoader.Builder) {
      throw new ConfigException(
          "options",
          0,
          name,
          "is an option of loaders of one recording that have an order of their own; expected none here");
    }
    options.set(option, value);
    return self();
  }

  /**
   * Opens the loader and starts its threads.
   *
   * @throws org.syncline.error.ConfigException where options contradict each other or no recording
   *     is given
   * @throws org.syncline.error.RecordingException where a recording cannot be opened
   * @throws org.syncline.error.ClosedException where a dataset is closed already
   */
  public abstract BatchLoader build();

  /** Opens recordings by the options as they are now, and makes all that a loader consists of. */
  final LoaderParts assemble(List<RecordingSpec> recordings, OrderType order) {
    if (latencyMode && saidBatchSize != null && saidBatchSize != 1) {
      throw new ConfigException(
          "options",
          0,
          "batchSize",
          "found "
              + saidBatchSize
              + " beside latencyMode, expected 1: it is for consumers that take one chunk at a time; leave one of them out");
    }
    return LoaderParts.assemble(options.copy(), recordings, order);
  }
}
