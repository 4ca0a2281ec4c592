/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.syncline.array.TensorSpec;
import org.syncline.clock.DoubleList;
import org.syncline.clock.SampleGrid;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.TrialCondition;
import org.syncline.dataset.DatasetDevice;
import org.syncline.dataset.DatasetIdentity;
import org.syncline.dataset.DatasetSettings;
import org.syncline.dataset.StoredValues;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Findings;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.DataKey;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.kernel.KernelProvider;
import org.syncline.os.Posix;
import org.syncline.random.LegacyRandomState;
import org.syncline.read.ChunkMemory;
import org.syncline.read.PlanReader;
import org.syncline.read.ReadPlan;
import org.syncline.read.ReadPlanner;
import org.syncline.read.ReaderPool;
import org.syncline.start.SampleMasks;
import org.syncline.start.SampleOrigins;
import org.syncline.start.TrialStarts;
import org.syncline.start.ValidStarts;
import org.syncline.text.Printable;
import org.syncline.transform.Normalization;

/**
 * A recording cut into chunks: one sample a valid start time.
 *
 * <p>Reading is safe from several threads at once. {@link #shuffle} and {@link #restore} replace
 * the start times as a whole; a read that runs at the same time sees the old ones or the new ones,
 * never a mixture. {@link #close} may race with reads, which then raise {@link ClosedException}.
 */
public final class ChunkDataset implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  private static final int STEADY_CHUNKS = 4;

  private final Path root;
  private final DatasetConfig config;
  private final Experiment experiment;
  private final String dataKey;
  private final DatasetSettings settings;
  private final Map<String, DatasetDevice> devices = new LinkedHashMap<>();
  private final SampleGrid grid;
  private final ValidStarts validStarts;
  private final DoubleList fullStarts;
  private final LegacyRandomState random;
  private final SampleOrigins origins;
  private final ReadPlanner planner;
  private final ReadPlan plan;
  private final ReaderPool readers;
  private final ChunkMemory memory = new ChunkMemory();
  private volatile DoubleList starts;

  /** Whether a program has said start times that may be others than the dataset's. */
  private boolean ownStarts;

  private volatile DatasetIdentity identity;
  private volatile Map<String, String> storedValues;
  private volatile Compiled lastCompiled;
  private volatile boolean closed;

  private record Compiled(ReadOptions options, ReadPlan plan) {}

  /** Opens a dataset with the custom components of {@link Registry#services()}. */
  public static ChunkDataset open(Path root, DatasetConfig config) {
    return open(root, config, Registry.services());
  }

  /**
   * Opens a recording and finds its valid start times.
   *
   * <p>Chunks that would come back short are left out of the length where the configuration asks
   * for that; else reading one raises an error, and opening logs how many there are.
   *
   * @throws RecordingException where a file is wrong, no device is usable, or the devices' ranges
   *     have nothing in common
   * @throws ConfigException where the configuration is wrong or does not fit the recording
   */
  public static ChunkDataset open(Path root, DatasetConfig config, Registry registry) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(config, "config is null");
    Posix.linkAhead();
    Experiment experiment = Experiment.open(root, withRates(config), config.cacheData(), registry);
    try {
      return new ChunkDataset(root, config, registry, experiment);
    } catch (Throwable t) {
      try {
        experiment.close();
      } catch (RuntimeException e) {
        t.addSuppressed(e);
      }
      throw t;
    }
  }

  /** Returns the devices' configurations with the rates that they are sampled at. */
  private static Map<String, ModalityConfig> withRates(DatasetConfig config) {
    if (config.globalSamplingRate() == null) {
      return config.modalities();
    }
    Map<String, ModalityConfig> all = new LinkedHashMap<>();
    config
        .modalities()
        .forEach(
            (name, modality) ->
                all.put(
                    name, modality.toBuilder().samplingRate(config.globalSamplingRate()).build()));
    return all;
  }

  private ChunkDataset(Path root, DatasetConfig config, Registry registry, Experiment experiment) {
    this.root = root;
    this.config = config;
    this.experiment = experiment;
    dataKey = nameOf(root);
    settings = DatasetSettings.of(root, config, experiment.devices());
    String lead = settings.lead();
    TimeInterval range = settings.range();
    grid =
        config.timeGrid() == DatasetConfig.TimeGrid.EXACT
            ? SampleGrid.exact(range.start(), range.end(), settings.exactRate(lead), lead)
            : SampleGrid.rounded(
                range.start(), range.end(), settings.samplingRates().get(lead), lead);
    for (Map.Entry<String, Interpolator> device : experiment.devices().entrySet()) {
      String name = device.getKey();
      devices.put(
          name,
          DatasetDevice.of(
              name,
              experiment.folder(name),
              device.getValue(),
              config,
              settings,
              grid,
              registry::transform));
    }
    validStarts = new ValidStarts(root, config, settings, grid, devices, registry::filter);
    fullStarts = validStarts.starts();
    starts = fullStarts.every(settings.stride());
    random =
        config.seed() == null
            ? new LegacyRandomState()
            : new LegacyRandomState(seed(config.seed()));
    origins =
        new SampleOrigins(
            root, validStarts.trials(), grid, settings.chunkSizes().get(lead), config.categories());
    planner = new ReadPlanner(root, config, settings, devices, origins);
    plan = planner.compile(Map.of(), null);
    readers = new ReaderPool(() -> newReader(plan));
    validStarts.report();
    // a matter of the configuration: of those that validation opens with nobody asked for one
    if (starts.length() == 0 && !Findings.areCollected()) {
      LOG.log(System.Logger.Level.WARNING, root + ": found no chunks: " + explain().counts());
    }
  }

  /** Returns the recording's name; says what is wrong with its meta.json. */
  static String nameOf(Path root) {
    return DataKey.of(
        root,
        text ->
            Findings.warn(
                root.resolve("meta.json"), null, text, "a data_key or a complete scan_key", null));
  }

  private static long seed(long seed) {
    if (seed < 0 || seed > 0xffffffffL) {
      throw DatasetSettings.wrong("seed", "is " + seed + ", expected 0 to 2^32 - 1");
    }
    return seed;
  }

  // --- what is known about the dataset

  /** Returns the recording's folder. */
  public Path root() {
    return root;
  }

  /** Returns the configuration it was opened with. */
  public DatasetConfig config() {
    return config;
  }

  /** Returns the devices; the dataset closes them. */
  public Experiment experiment() {
    return experiment;
  }

  /** Returns the recording's name. */
  public String dataKey() {
    return dataKey;
  }

  /** Returns the device that leads the sample grid. */
  public String lead() {
    return settings.lead();
  }

  /**
   * Returns the first time in seconds at which all devices have values, safety threshold included.
   */
  public double startTime() {
    return settings.range().start();
  }

  /**
   * Returns the last time in seconds at which all devices have values, safety threshold included.
   */
  public double endTime() {
    return settings.range().end();
  }

  /** Returns the usable devices in the configuration's order. */
  public List<String> deviceNames() {
    return experiment.deviceNames();
  }

  /** Returns the samples of a chunk by device. */
  public Map<String, Integer> chunkSizes() {
    return Collections.unmodifiableMap(settings.chunkSizes());
  }

  /** Returns the rates in Hz by device. */
  public Map<String, Double> samplingRates() {
    return Collections.unmodifiableMap(settings.samplingRates());
  }

  /**
   * Returns the absolute times in seconds at which a device is sampled for the chunk that starts at
   * a time.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are, and for
   *     a start that is not finite
   */
  public double[] chunkTimes(String device, double start) {
    DatasetDevice d = devices.get(device);
    if (d == null) {
      throw new IllegalArgumentException(
          "unknown device '" + device + "', expected one of " + devices.keySet());
    }
    if (!Double.isFinite(start)) {
      throw new IllegalArgumentException("start " + start + ", expected finite seconds");
    }
    return d.times(start);
  }

  /** Returns the number of chunks. */
  public int length() {
    return starts.length();
  }

  /** Returns a copy of the current start times in seconds, after stride or shuffle. */
  public double[] startTimes() {
    return starts.toArray();
  }

  /**
   * Returns every valid start time in seconds, before the stride.
   *
   * @param filterForValidIntervals whether filters count
   */
  public double[] fullValidSampleTimes(boolean filterForValidIntervals) {
    return (filterForValidIntervals || !validStarts.hasFilters()
            ? fullStarts
            : validStarts.findUnfiltered())
        .toArray();
  }

  /**
   * Returns the number of trials that {@link #conditionMask} speaks of; 0 for a recording without
   * trials.
   */
  public int trialCount() {
    TrialStarts trials = validStarts.trials();
    return trials == null ? 0 : trials.count();
  }

  /**
   * Returns when the trials end, in seconds: where the next begins, the last with the values of the
   * device that shows them.
   */
  public double[] trialEnds() {
    TrialStarts trials = validStarts.trials();
    return trials == null ? new double[0] : trials.ends();
  }

  /** Returns the first times of the trials in seconds. */
  public double[] trialStarts() {
    TrialStarts trials = validStarts.trials();
    return trials == null ? new double[0] : trials.starts();
  }

  /** Says which trials conditions of {@code tier} take for what they are not. */
  void sayUnlabelledTrials() {
    validStarts.warn(validStarts.unlabelled("tier"));
  }

  /**
   * Returns which trials satisfy the conditions.
   *
   * <p>Logs keys and values that no trial has, with the nearest ones.
   *
   * @param conditions of which a trial meets any; without one, none does
   */
  public boolean[] conditionMask(List<TrialCondition> conditions) {
    TrialStarts trials = validStarts.trials();
    if (trials == null) {
      return new boolean[0];
    }
    validStarts.warn(trials.advice(conditions));
    return trials.match(conditions);
  }

  /**
   * Returns, for each point of the sample grid, whether it and the points after it, {@code
   * satisfyForNext} in all, lie in trials that satisfy the conditions.
   *
   * @param satisfyForNext how many points, at least 1
   * @param conditions like {@link #conditionMask}; null: every trial
   * @param filterForValidIntervals whether they must lie in the filters' valid intervals too
   * @throws IllegalArgumentException where {@code satisfyForNext} is below 1
   */
  public boolean[] sampleMask(
      int satisfyForNext,
      @Nullable List<TrialCondition> conditions,
      boolean filterForValidIntervals) {
    if (satisfyForNext < 1) {
      throw new IllegalArgumentException(
          "satisfyForNext is " + satisfyForNext + ", expected 1 or more");
    }
    if (conditions != null && validStarts.trials() != null) {
      validStarts.warn(validStarts.trials().advice(conditions));
    }
    return SampleMasks.forNext(
        validStarts.mask(conditions, filterForValidIntervals), satisfyForNext);
  }

  /**
   * Returns the texts that the codes of {@code meta.KEY} stand for, code 0 first: those that the
   * configuration lists under {@code categories}, else those of this recording's trials in
   * alphabetical order. Codes of several recordings mean the same where their lists are equal, so
   * that for these the configuration should list them.
   *
   * @param key a key of trial metadata whose values are texts
   * @return unmodifiable
   * @throws IllegalArgumentException where no trial has the key, naming the nearest, or where its
   *     values are numbers
   */
  public List<String> categories(String key) {
    Objects.requireNonNull(key, "key is null");
    return origins.categories(key);
  }

  /**
   * Returns {@link #categories(String)} of each entry that holds codes, by the entry's name.
   *
   * @param entries as {@link #layout(ReadOptions)} gives them
   * @return in the order of the entries; unmodifiable
   */
  public Map<String, List<String>> categories(List<TensorSpec> entries) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (TensorSpec entry : entries) {
      String name = entry.key();
      if (name.startsWith(DatasetSettings.META)
          && !entry.timestamps()
          && !devices.containsKey(name)
          && !entry.type().isFloating()) {
        all.put(name, categories(name.substring(DatasetSettings.META.length())));
      }
    }
    return Collections.unmodifiableMap(all);
  }

  /** Returns the sample grid in seconds. */
  public double[] sampleGrid() {
    return grid.times();
  }

  /** Returns the intersection of all devices' filters; the whole range where there are none. */
  public List<TimeInterval> validIntervalsFromFilters() {
    return validStarts.filterIntervals();
  }

  /** Returns the printed statistics of {@link #validIntervalsFromFilters}. */
  public String intervalStatistics() {
    return Intervals.statistics(validStarts.filterIntervals(), startTime(), endTime());
  }

  /**
   * Says why there are as many chunks as there are: what each step from the sample grid to the
   * chunks leaves over. The counts are made at opening; only that of the chunks is today's.
   */
  public Explanation explain() {
    return Explanation.of(validStarts.funnel(), length());
  }

  // --- order

  /**
   * Draws the start times anew with the dataset's generator: {@code floor(length / stride)} of all
   * valid ones, each at most once, ascending.
   */
  public synchronized void shuffle() {
    int[] drawn = random.choice(fullStarts.length(), fullStarts.length() / settings.stride());
    // starts ascend, so sorting places is sorting times
    Arrays.sort(drawn);
    double[] times = new double[drawn.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = fullStarts.at(drawn[i]);
    }
    starts = DoubleList.listed(times);
    ownStarts = false;
  }

  /** Returns generator (none without a seed) and current start times. */
  public synchronized DatasetState state() {
    return new DatasetState(
        config.seed() == null ? null : random.state(),
        starts.toArray(),
        fingerprint(),
        identity(),
        storedValues(),
        ownStarts);
  }

  /**
   * Continues from a state.
   *
   * @throws ConfigException where the state's fingerprint is another: both fingerprints and what
   *     differs; where {@link #storedValues} are others than the state's, if it has any; where its
   *     start times are none of this dataset's in ascending order, unless it says {@code
   *     own_start_times}
   */
  public synchronized void restore(DatasetState state) {
    if (state.fingerprint() != null && !state.fingerprint().equals(fingerprint())) {
      throw DatasetSettings.wrong(
          "fingerprint",
          "the state is of "
              + state.fingerprint()
              + ", this dataset is "
              + fingerprint()
              + "; "
              + DatasetIdentity.differences(state.identity(), identity()));
    }
    if (!state.storedValues().isEmpty()) { // else nothing is read for a comparison with nothing
      String other = StoredValues.differences(state.storedValues(), storedValues());
      if (!other.isEmpty()) {
        throw DatasetSettings.wrong(StoredValues.KEY, other);
      }
    }
    double[] times = state.startTimes();
    for (double time : times) {
      if (!Double.isFinite(time)) {
        throw DatasetSettings.wrong(
            "valid_screen_times", "has " + time + ", expected finite seconds");
      }
    }
    if (!state.hasOwnStartTimes()) {
      checkStarts(times);
    }
    ownStarts = state.hasOwnStartTimes();
    if (state.generator() != null) {
      random.setState(state.generator());
    }
    starts = DoubleList.listed(times);
  }

  /** Refuses start times that no draw of this dataset gives: edited, or of another recording. */
  private void checkStarts(double[] times) {
    int at = 0;
    for (int i = 0; i < times.length; i++) {
      while (at < fullStarts.length() && fullStarts.at(at) < times[i]) {
        at++;
      }
      boolean ascends = i == 0 || times[i] > times[i - 1];
      if (!ascends || at == fullStarts.length() || fullStarts.at(at) != times[i]) {
        throw DatasetSettings.wrong(
            "valid_screen_times",
            "has "
                + times[i]
                + " s as number "
                + i
                + (ascends
                    ? ", at which no chunk of this dataset starts"
                    : " behind " + times[i - 1])
                + ": expected some of its "
                + fullStarts.length()
                + " valid starts in ascending order, from a state of the same recording,"
                + " conditions, filters and chunk size");
      }
    }
  }

  // --- reading

  /**
   * Returns chunk {@code index}, in memory of its own, for the calling thread.
   *
   * @throws IndexOutOfBoundsException for an index outside 0 … length-1
   * @throws RecordingException where a file shrank or cannot be read, or the chunk comes back short
   * @throws ClosedException after close
   */
  public Chunk item(int index) {
    return chunk(startOf(index), null);
  }

  /**
   * Returns chunk {@code index} in memory of the given arena, which decides who may use it and for
   * how long.
   *
   * @throws IndexOutOfBoundsException for an index outside 0 … length-1
   */
  public Chunk item(int index, Arena arena) {
    return chunk(startOf(index), Objects.requireNonNull(arena, "arena is null"));
  }

  /**
   * Returns the chunk that starts at a time in seconds on the lead device's clock, like {@link
   * #item(int)}.
   */
  public Chunk itemAt(double start) {
    return chunk(start, null);
  }

  /**
   * Waits until reading this dataset's chunks has its final speed: reads some, and waits for their
   * kernels to be compiled, which takes a second or two in a process that has just started. For
   * closed loops, before the first chunk that counts; others need not wait, for the same happens
   * while they read. Readers and loaders of the dataset profit, but for those with other element
   * types.
   *
   * @param most how long to wait
   * @return false where it takes longer; all goes on as without
   * @throws RecordingException where a file shrank or cannot be read
   * @throws ClosedException after close
   */
  public boolean awaitSteady(Duration most) throws InterruptedException {
    long deadline = System.nanoTime() + Objects.requireNonNull(most, "most is null").toNanos();
    ensureOpen();
    int next = 0;
    int known;
    do {
      known = KernelProvider.warmed();
      // several, for a trial may hold a blank frame alone
      for (int i = 0; i < STEADY_CHUNKS && length() > 0; i++) {
        item(next++ % length()).close();
      }
      if (!KernelProvider.awaitWarm(deadline)) {
        return false;
      }
    } while (KernelProvider.warmed() != known);
    return true;
  }

  private Chunk chunk(double start, Arena lent) {
    ensureOpen();
    Arena arena = lent == null ? Arena.ofConfined() : lent;
    boolean done = false;
    PlanReader reader = readers.borrow();
    try {
      long bytes = Math.max(ChunkMemory.bytes(plan.sizes()), 1);
      MemorySegment whole = allocate(bytes, lent == null, arena);
      MemorySegment[] segments = ChunkMemory.cut(whole, plan.sizes());
      reader.readAt(start, segments, new long[segments.length]);
      Chunk chunk = new Chunk(lent == null ? arena : null, plan.entries(), segments);
      done = true;
      return chunk;
    } finally {
      readers.giveBack(reader);
      if (!done && lent == null) {
        arena.close();
      }
    }
  }

  private MemorySegment allocate(long bytes, boolean own, Arena arena) {
    try {
      return own ? memory.take(bytes, arena) : arena.allocate(bytes, 64);
    } catch (OutOfMemoryError e) {
      throw tooLarge(bytes, e);
    }
  }

  private static ConfigException tooLarge(long bytes, OutOfMemoryError e) {
    return DatasetSettings.wrong(
        "chunk_size",
        "makes chunks of "
            + bytes
            + " bytes, for which there is no memory ("
            + e.getMessage()
            + "); choose smaller chunks or frames, or fewer out_keys");
  }

  private PlanReader newReader(ReadPlan read) {
    try {
      return new PlanReader(read, root, this::ensureOpen);
    } catch (OutOfMemoryError e) {
      throw tooLarge(ChunkMemory.bytes(read.sizes()), e);
    }
  }

  /**
   * Returns the start time of a chunk in seconds.
   *
   * @throws IndexOutOfBoundsException for an index outside 0 … length-1
   */
  double startOf(int index) {
    DoubleList current = starts;
    if (index < 0 || index >= current.length()) {
      throw new IndexOutOfBoundsException(
          "chunk " + index + " of a dataset of " + current.length() + " (" + root + ")");
    }
    return current.at(index);
  }

  /**
   * Writes chunk {@code index} into native memory, entries as {@link #layout()} lists them, through
   * a pooled reader; allocates nothing on the heap once warm. Safe from several threads.
   *
   * @param segments one native segment an entry
   * @param offsets byte offset of the entry in its segment
   * @throws IndexOutOfBoundsException for an index outside 0 … length-1
   * @throws RecordingException where a file shrank or cannot be read, or the chunk comes back short
   * @throws ClosedException after close, or when close comes in between
   */
  public void read(int index, MemorySegment[] segments, long[] offsets) {
    ensureOpen();
    PlanReader reader = readers.borrow();
    try {
      reader.readAt(startOf(index), segments, offsets);
    } finally {
      readers.giveBack(reader);
    }
  }

  /**
   * Opens a reader for one thread.
   *
   * @throws IllegalArgumentException for options that name unknown devices or keys
   * @throws ClosedException after close
   */
  public ChunkReader reader(ReadOptions options) {
    ensureOpen();
    ReadPlan read = planFor(options);
    return new DatasetReader(this, read.entries().specs(), newReader(read));
  }

  private ReadPlan planFor(ReadOptions options) {
    if (options.equals(ReadOptions.DEFAULT)) {
      return plan;
    }
    // the threads of a loader all ask for the same
    Compiled last = lastCompiled;
    if (last == null || !last.options().equals(options)) {
      last = new Compiled(options, planner.compile(options.types(), options.outKeys()));
      lastCompiled = last;
    }
    return last.plan();
  }

  /**
   * Returns the entries of a chunk: values in the configuration's device order, then timestamps.
   */
  public List<TensorSpec> layout() {
    return plan.entries().specs();
  }

  /**
   * Returns the entries of a chunk read with options.
   *
   * @throws IllegalArgumentException for options that name unknown devices or keys
   */
  public List<TensorSpec> layout(ReadOptions options) {
    return planFor(options).entries().specs();
  }

  /**
   * Returns the statistics that each normalised device is normalised with: means (null where
   * nothing is subtracted) and standard deviations.
   */
  public Map<String, Normalization> statistics() {
    Map<String, Normalization> all = new LinkedHashMap<>();
    for (DatasetDevice device : devices.values()) {
      Normalization normalization = device.normalization();
      if (normalization != null) {
        all.put(device.name(), normalization);
      }
    }
    return Collections.unmodifiableMap(all);
  }

  /**
   * Returns the screens whose pixels lose nothing where they are read as UINT8: {@code (x - mean) /
   * std} in float32, with the {@link #statistics} rounded to float32, makes of them the values that
   * are read as the natural type, bit for bit. These are screens that are stored as bytes in the
   * size of the chunks' frames; none where behaviour is appended as channels.
   *
   * <p>Looks at every file of a screen the first time, and remembers what it found in the user's
   * cache.
   */
  public Set<String> screensStoredAsBytes() {
    ensureOpen();
    Set<String> found = new LinkedHashSet<>();
    if (!config.addBehaviorAsChannels()) {
      for (DatasetDevice device : devices.values()) {
        if (device.isStoredAsBytes()) {
          found.add(device.name());
        }
      }
    }
    return Collections.unmodifiableSet(found);
  }

  // --- identity

  /** Returns a hash of {@link #identity()}, in hexadecimal. */
  public String fingerprint() {
    return identified().fingerprint();
  }

  /**
   * Returns what decides a dataset's samples, sorted by name: each configuration key but the seed
   * (a state carries the generator itself), data key, device sizes, statistics that normalise,
   * valid start times. Neither the folder's place nor its clock is part of it.
   */
  public Map<String, String> identity() {
    return identified().parts();
  }

  /**
   * Returns a hash of each device's stored values, by device, as states hold it: of many values it
   * is one of some, always the same ones. Reads some hundred kilobytes at the first call. A device
   * of a program's own that says none ({@link org.syncline.device.Interpolator#valueHash}), and one
   * that cannot be read any more, has none; after close there are those that were made before.
   *
   * @since 0.1.1
   */
  public Map<String, String> storedValues() {
    Map<String, String> known = storedValues;
    if (known == null) {
      known = Collections.unmodifiableMap(StoredValues.of(devices.values()));
      if (isOpen()) {
        storedValues = known;
      }
    }
    return known;
  }

  private DatasetIdentity identified() {
    DatasetIdentity known = identity;
    if (known == null) {
      known = DatasetIdentity.of(config, dataKey, settings.lead(), devices.values(), fullStarts);
      identity = known;
    }
    return known;
  }

  // --- end

  /** Returns whether it can be read: false after {@link #close}. */
  public boolean isOpen() {
    return !closed && !experiment.isClosed();
  }

  void ensureOpen() {
    if (!isOpen()) {
      throw new ClosedException("ChunkDataset " + root);
    }
  }

  /** Closes the devices and the pooled readers; any number of times. */
  @Override
  public void close() {
    closed = true;
    // the devices first: readers that are lent out then raise ClosedException, and are closed when
    // they come back
    experiment.close();
    readers.close();
    memory.clear();
  }

  /** Returns folder, number of chunks, and what one holds, also after close. */
  @Override
  public String toString() {
    return "ChunkDataset("
        + Printable.message(root.toString())
        + ", "
        + starts.length()
        + (starts.length() == 1 ? " chunk: " : " chunks: ")
        + plan.entries()
        + (isOpen() ? ")" : ", closed)");
  }
}
