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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.syncline.ChunkDataset;
import org.syncline.ReadOptions;
import org.syncline.Registry;
import org.syncline.array.ElementType;
import org.syncline.config.DatasetConfig;
import org.syncline.error.ConfigException;
import org.syncline.error.SynclineException;
import org.syncline.format.DataKey;
import org.syncline.os.Posix;

/**
 * Options that every loader has. Not safe for use by several threads at once.
 *
 * @param <B> the builder itself
 */
public abstract sealed class LoaderBuilder<B extends LoaderBuilder<B>>
    permits ChunkLoader.Builder, SessionLoader.Builder {
  /**
   * Bytes of the heap for each open recording, which with two threads' readers takes half of it.
   */
  private static final long HEAP_PER_RECORDING = 128 << 10;

  int batchSize = 1;
  boolean shuffle;
  Long seed;
  boolean dropLast;
  int threads;
  int prefetch = 2;
  Map<String, ElementType> types = Map.of();
  List<String> outKeys;
  int rank;
  int worldSize = 1;
  Remainder remainder = Remainder.PAD;
  boolean shuffleEachEpoch;
  boolean cacheData;
  long readahead;
  long lookahead;
  boolean assumeCold;
  long trailApart = GeneratorTrail.APART;
  int maxSlots;
  Boolean hugePages;
  SlotListener slotListener;
  int nice;
  double share = 1;
  long spinNanos;
  int[] subset;
  Registry registry;

  LoaderBuilder() {}

  abstract B self();

  /** Sets the chunks of a batch; default 1. */
  public final B batchSize(int batchSize) {
    this.batchSize = positive(batchSize, "batchSize");
    return self();
  }

  /** Sets whether the order is drawn anew each epoch; default false: natural order. */
  public final B shuffle(boolean shuffle) {
    this.shuffle = shuffle;
    return self();
  }

  /**
   * Sets the seed, 0 … 2^32−1; default null: one is drawn, and the state carries it. Needed where
   * there are several ranks.
   */
  public final B seed(Long seed) {
    if (seed != null && (seed < 0 || seed > 0xFFFFFFFFL)) {
      throw new IllegalArgumentException("seed is " + seed + ", expected 0 … 4294967295");
    }
    this.seed = seed;
    return self();
  }

  /** Sets whether a session's last batch is left out when it is short; default false. */
  public final B dropLast(boolean dropLast) {
    this.dropLast = dropLast;
    return self();
  }

  /** Sets the number of worker threads; default 0: the number of processors, at most 8. */
  public final B threads(int threads) {
    this.threads = notNegative(threads, "threads");
    return self();
  }

  /** Sets how many batches are read ahead; default 2. */
  public final B prefetch(int prefetch) {
    this.prefetch = positive(prefetch, "prefetch");
    return self();
  }

  /**
   * Sets element types by device, as {@link org.syncline.ReadOptions} has them; the others keep
   * their natural one. In a session loader a name without a device in one session is ignored there.
   */
  public final B types(Map<String, ElementType> types) {
    this.types = Map.copyOf(types);
    return self();
  }

  /** Sets the entries of a batch; default null: the dataset's. */
  public final B outKeys(List<String> outKeys) {
    this.outKeys = outKeys == null ? null : List.copyOf(outKeys);
    return self();
  }

  /**
   * Sets which share of each epoch's batches this loader hands out: rank r of W takes batches r, r
   * + W, r + 2W … of the one order that all ranks have; default 0 of 1.
   */
  public final B rank(int rank, int worldSize) {
    positive(worldSize, "worldSize");
    if (rank < 0 || rank >= worldSize) {
      throw new IllegalArgumentException("rank is " + rank + ", expected 0 … " + (worldSize - 1));
    }
    this.rank = rank;
    this.worldSize = worldSize;
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
    this.remainder = Objects.requireNonNull(remainder, "remainder is null");
    return self();
  }

  /**
   * Sets whether the start times of each dataset are drawn anew at the beginning of each epoch, as
   * {@link org.syncline.ChunkDataset#shuffle} does; default false. The dataset object itself does
   * not change.
   */
  public final B shuffleEachEpoch(boolean shuffleEachEpoch) {
    this.shuffleEachEpoch = shuffleEachEpoch;
    return self();
  }

  /**
   * Sets whether recordings that the loader opens are read into memory once, off the heap, shared
   * by all threads; default false: as their configuration says.
   */
  public final B cacheData(boolean cacheData) {
    this.cacheData = cacheData;
    return self();
  }

  /**
   * Sets how many bytes of the recordings' files the operating system is asked to read ahead when
   * the loader opens; default 0. Has no effect on systems without {@code madvise}.
   */
  public final B readahead(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("readahead is " + bytes + ", expected 0 or more bytes");
    }
    this.readahead = bytes;
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
    if (bytes < 0) {
      throw new IllegalArgumentException("lookahead is " + bytes + ", expected 0 or more bytes");
    }
    this.lookahead = bytes;
    return self();
  }

  /**
   * Sets how many slots the ring may have at most; default 0: no limit, so that a consumer that
   * keeps batches uses more memory. With a limit, {@link BatchLoader#next} raises an error where
   * all slots are held, at once, rather than wait for ever.
   */
  public final B maxSlots(int maxSlots) {
    this.maxSlots = notNegative(maxSlots, "maxSlots");
    return self();
  }

  /**
   * Sets whether slots ask for huge pages; default: where they have 4 MiB or more, since writing
   * batches of 150 MB then takes a tenth less time. Has no effect where the system forbids them.
   */
  public final B hugePages(boolean hugePages) {
    this.hugePages = hugePages;
    return self();
  }

  /** Sets who hears of the memory of batches; default null: nobody. */
  public final B slotListener(SlotListener slotListener) {
    this.slotListener = slotListener;
    return self();
  }

  /**
   * Sets the nice value of the worker threads, 0 … 19; default 0. Has no effect where the system
   * has none for threads.
   */
  public final B nice(int nice) {
    if (nice < 0 || nice > 19) {
      throw new IllegalArgumentException("nice is " + nice + ", expected 0 … 19");
    }
    this.nice = nice;
    return self();
  }

  /** Sets the share of time in which each worker works, above 0 to 1; default 1: no throttling. */
  public final B share(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", expected above 0 to 1");
    }
    this.share = share;
    return self();
  }

  /**
   * Sets how long a consumer spins before it sleeps, in nanoseconds; default 0. Spinning saves the
   * microseconds of being woken up, and occupies a core: for closed loops that take one chunk at a
   * time.
   */
  public final B spinNanos(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("spinNanos is " + nanos + ", expected 0 or more");
    }
    this.spinNanos = nanos;
    return self();
  }

  /**
   * Sets what suits a closed loop that takes one chunk at a time: batches of one chunk, one worker
   * that reads four ahead in the known order, and a consumer that spins 50 µs before it sleeps.
   * {@link BatchLoader#seek(long, int)} jumps; {@link LatencyRecorder} measures.
   */
  public final B latencyMode() {
    return batchSize(1).threads(1).prefetch(4).spinNanos(50_000);
  }

  /**
   * Sets the custom components of recordings that the loader opens; default {@link
   * Registry#services()}.
   */
  public final B registry(Registry registry) {
    this.registry = registry;
    return self();
  }

  /**
   * Opens the loader and starts its threads.
   *
   * @throws org.syncline.error.ConfigException where options contradict each other or no recording
   *     is given
   * @throws org.syncline.error.RecordingException where a recording cannot be opened
   */
  public abstract BatchLoader build();

  private static int positive(int value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", expected 1 or more");
    }
    return value;
  }

  private static int notNegative(int value, String name) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", expected 0 or more");
    }
    return value;
  }

  /** What a loader is made of. */
  record Parts(
      Engine engine,
      SessionSeeds seeds,
      Map<String, String> settings,
      boolean shuffle,
      int worldSize) {}

  /** A recording that is open, or how to open it. */
  record Spec(ChunkSource open, Session.Opener opener, String name) {
    static Spec of(ChunkDataset dataset) {
      return new Spec(new DatasetSource(dataset, false), null, dataset.root().toString());
    }
  }

  /**
   * Returns a recording that the loader opens, with the loader's own options in its configuration.
   */
  final Spec spec(Path root, DatasetConfig config, boolean ownSeed) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(config, "config is null");
    return new Spec(
        null,
        () -> {
          DatasetConfig c = config;
          Long base = seed != null ? seed : c.seed();
          Long derived =
              !ownSeed || base == null
                  ? c.seed()
                  : (Long) (SessionSeeds.derived(base, DataKey.of(root)) & 0xFFFFFFFFL);
          if (cacheData != c.cacheData() || !Objects.equals(derived, c.seed())) {
            c = with(c, derived, cacheData || c.cacheData());
          }
          return new DatasetSource(
              ChunkDataset.open(root, c, registry == null ? Registry.services() : registry), true);
        },
        root.toString());
  }

  private static DatasetConfig with(DatasetConfig c, Long seed, boolean cacheData) {
    return new DatasetConfig(
        c.globalSamplingRate(),
        c.globalChunkSize(),
        c.addBehaviorAsChannels(),
        c.replaceNansWithMeans(),
        cacheData,
        c.outKeys(),
        c.normalizeTimestamps(),
        c.modalities(),
        seed,
        c.safeIntervalThreshold(),
        c.interpolatePrecision(),
        c.timeGrid(),
        c.lead(),
        c.shortChunks());
  }

  /**
   * Opens the recordings and puts a loader together; closes what it opened where something is
   * wrong.
   */
  final Parts assemble(
      List<Spec> specs, Cycle cycle, boolean one, int askedOpen, boolean skipBroken) {
    int fitting =
        Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_PER_RECORDING, 4, Integer.MAX_VALUE);
    int limit = askedOpen > 0 ? askedOpen : fitting;
    int maxOpen = limit >= specs.size() ? 0 : limit;
    if (specs.isEmpty()) {
      throw new ConfigException("loader", 0, "recordings", "found none, expected one or more");
    }
    if (worldSize > 1 && seed == null && (shuffle || shuffleEachEpoch)) {
      throw new ConfigException(
          "loader",
          0,
          "seed",
          "found none, expected the same seed on all "
              + worldSize
              + " ranks, or they would disagree");
    }
    if (subset != null && shuffleEachEpoch) {
      throw new ConfigException(
          "loader",
          0,
          "indices",
          "found together with shuffle_each_epoch, which draws the chunks anew; expected one of them");
    }
    int workers = threads > 0 ? threads : Math.min(8, Runtime.getRuntime().availableProcessors());
    List<Session> sessions = new ArrayList<>();
    Order order = null;
    EpochStarts starts = null;
    SessionPool pool = null;
    boolean ok = false;
    try {
      open(specs, sessions, one, workers, maxOpen, skipBroken);
      pool = new SessionPool(sessions, maxOpen);
      long drawn = seed != null ? seed : ThreadLocalRandom.current().nextLong(1L << 32);
      int[] lengths = new int[sessions.size()];
      for (int s = 0; s < lengths.length; s++) {
        Session session = sessions.get(s);
        lengths[s] = shuffleEachEpoch ? EpochStarts.length(session) : session.length;
      }
      order =
          cycle == Cycle.CONCATENATED
              ? new ConcatenatedOrder(lengths, batchSize, dropLast, shuffle, drawn, trailApart)
              : new CycledOrder(
                  cycle,
                  lengths,
                  batchSize,
                  dropLast,
                  shuffle,
                  SessionSeeds.orderSeeds(sessions, drawn));
      starts =
          shuffleEachEpoch
              ? new EpochStarts(
                  sessions, pool, SessionSeeds.startSeeds(sessions, drawn), trailApart)
              : null;
      Engine.Options options =
          new Engine.Options(
              batchSize,
              workers,
              prefetch,
              maxSlots,
              rank,
              worldSize,
              remainder,
              hugePages,
              slotListener,
              nice,
              share,
              spinNanos,
              maxOpen,
              lookahead,
              assumeCold);
      Engine engine = new Engine(options, sessions, pool, order, starts);
      SessionSeeds seeds = new SessionSeeds(sessions, drawn, seed != null, order, starts);
      if (readahead > 0) {
        readAhead(sessions);
      }
      ok = true;
      return new Parts(engine, seeds, settings(cycle, one), shuffle, worldSize);
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

  private Map<String, String> settings(Cycle cycle, boolean one) {
    Map<String, String> map = new TreeMap<>();
    map.put("loader", one ? "chunks" : cycle.name().toLowerCase(java.util.Locale.ROOT));
    map.put("batch_size", String.valueOf(batchSize));
    map.put("drop_last", String.valueOf(dropLast));
    map.put("shuffle", String.valueOf(shuffle));
    map.put("shuffle_each_epoch", String.valueOf(shuffleEachEpoch));
    if (!types.isEmpty()) {
      map.put("types", new TreeMap<>(types).toString());
    }
    if (outKeys != null) {
      map.put("out_keys", outKeys.toString());
    }
    return map;
  }

  /** Opens recordings with several threads; the result does not depend on which comes first. */
  private void open(
      List<Spec> specs,
      List<Session> sessions,
      boolean one,
      int workers,
      int maxOpen,
      boolean skipBroken) {
    int n = specs.size();
    ChunkSource[] sources = new ChunkSource[n];
    Throwable[] failures = new Throwable[n];
    Session[] made = new Session[n];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger stay = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    ArrayList<BatchLayout> layouts = new ArrayList<>();
    Runnable work =
        () -> {
          for (int i; !stop.get() && (i = next.getAndIncrement()) < n; ) {
            try {
              Spec spec = specs.get(i);
              sources[i] = spec.open != null ? spec.open : spec.opener.open();
              made[i] = session(sources[i], spec.opener, one || n <= 4, layouts);
              if (maxOpen > 0) {
                made[i].identify();
              }
              if (spec.opener != null && maxOpen > 0 && stay.incrementAndGet() > maxOpen) {
                ChunkSource source = sources[i];
                made[i].source = null;
                sources[i] = null; // a closed recording still has its lists in the heap
                source.close();
              }
            } catch (Throwable t) {
              failures[i] = t;
              if (!skipBroken || !(t instanceof SynclineException)) {
                stop.set(true);
              }
            }
          }
        };
    List<Thread> helpers = new ArrayList<>();
    for (int t = 1; t < Math.min(workers, n); t++) {
      helpers.add(Thread.ofPlatform().daemon().name("syncline-open-" + t).start(work));
    }
    work.run();
    boolean interrupted = false;
    for (Thread t : helpers) {
      while (t.isAlive()) {
        try {
          t.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    System.Logger log = System.getLogger("org.syncline");
    Throwable first = null;
    String firstName = null;
    for (int i = 0; i < n; i++) {
      Throwable t = failures[i];
      if (t == null) {
        continue;
      }
      if (sources[i] != null && made[i] == null && specs.get(i).opener != null) {
        sources[i].close();
      }
      if (skipBroken && t instanceof SynclineException) {
        log.log(
            System.Logger.Level.WARNING,
            "loader: recording " + specs.get(i).name + " is left out: " + t.getMessage());
      } else if (first == null) {
        first = t;
        firstName = specs.get(i).name;
      }
    }
    String twice = null;
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < n; i++) {
      Session s = made[i];
      if (s == null) {
        continue;
      }
      if (first == null && (shuffleEachEpoch ? EpochStarts.length(s) : s.length) == 0) {
        log.log(
            System.Logger.Level.WARNING,
            "loader: recording " + s.key + " has no chunks and is left out");
        if (s.source != null) {
          s.source.close();
        }
        continue;
      }
      s.place = sessions.size();
      sessions.add(s);
      String other = names.put(s.key, specs.get(i).name);
      if (other != null && first == null && twice == null) {
        twice =
            "found two named "
                + s.key
                + ", "
                + other
                + " and "
                + specs.get(i).name
                + ", expected different data keys";
      }
    }
    if (first != null) {
      throw opening(firstName, first);
    }
    if (twice != null) {
      throw new ConfigException("loader", 0, "recordings", twice);
    }
    if (sessions.isEmpty()) {
      throw new ConfigException(
          "loader", 0, "recordings", "found no chunks in any of " + n + ", expected one or more");
    }
    checkNames(sessions);
  }

  private static RuntimeException opening(String name, Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    // exceptions for the user name the file already
    return t instanceof SynclineException e && String.valueOf(e.getMessage()).contains(name)
        ? e
        : new LoaderException(
            "recording " + name + " cannot be opened: " + t.getMessage(), name, -1, null, t);
  }

  private Session session(
      ChunkSource source,
      Session.Opener opener,
      boolean withIdentity,
      ArrayList<BatchLayout> layouts) {
    Map<String, ElementType> own = new LinkedHashMap<>(types);
    own.keySet().retainAll(source.devices());
    ReadOptions options = ReadOptions.builder().types(own).outKeys(outKeys).build();
    int full = shuffleEachEpoch ? source.allStarts().length : 0;
    BatchLayout layout = BatchLayout.intern(source.layout(options), batchSize, layouts);
    if (subset != null) {
      for (int index : subset) {
        if (index < 0 || index >= source.length()) {
          throw new ConfigException(
              "loader",
              0,
              "indices",
              "found "
                  + index
                  + ", expected 0 to "
                  + (source.length() - 1)
                  + ", the chunks of "
                  + source.key());
        }
      }
    }
    return new Session(source, full, withIdentity, options, layout, subset, opener);
  }

  private void checkNames(List<Session> sessions) {
    for (String name : types.keySet()) {
      if (sessions.stream().noneMatch(s -> s.devices.contains(name))) {
        throw new ConfigException(
            "loader",
            0,
            "types." + name,
            "found no such device, expected one of " + sessions.getFirst().devices);
      }
    }
  }

  private void readAhead(List<Session> sessions) {
    List<String> roots = sessions.stream().map(s -> s.root).filter(Objects::nonNull).toList();
    long budget = readahead;
    Thread.ofPlatform()
        .daemon()
        .name("syncline-readahead")
        .start(
            () -> {
              long left = budget;
              for (String root : roots) {
                try (Stream<Path> files = Files.walk(Path.of(root))) {
                  for (Path file :
                      (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                    if (left <= 0) {
                      return;
                    }
                    left -= Posix.willNeed(file, left);
                  }
                } catch (IOException | UncheckedIOException e) {
                  // a hint only: who reads the recording says what is wrong with it
                  continue;
                }
              }
            });
  }
}
