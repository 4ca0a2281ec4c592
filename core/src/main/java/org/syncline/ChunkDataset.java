/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.syncline.array.ElementType;
import org.syncline.array.Npy;
import org.syncline.config.DatasetConfig;
import org.syncline.config.DatasetConfigs;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.filter.Filters;
import org.syncline.format.DataKey;
import org.syncline.format.DiskCache;
import org.syncline.format.TrialIndex;
import org.syncline.interpolate.Finish;
import org.syncline.interpolate.Interpolator;
import org.syncline.interpolate.NanPolicy;
import org.syncline.interpolate.Sampler;
import org.syncline.interpolate.ScreenInterpolator;
import org.syncline.interpolate.SequenceInterpolator;
import org.syncline.interval.Intervals;
import org.syncline.interval.TimeInterval;
import org.syncline.random.LegacyRandomState;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;
import org.syncline.transform.ScreenTransforms;

/**
 * A recording cut into chunks: one sample a valid start time.
 *
 * <p>Reading is safe from several threads at once. {@link #shuffle} and {@link #restore} replace
 * the start times as a whole; a read that runs at the same time sees the old ones or the new ones,
 * never a mixture. {@link #close} may race with reads, which then raise {@link ClosedException}.
 */
public final class ChunkDataset implements AutoCloseable {
  private static final Logger LOG = System.getLogger("org.syncline");
  private static final String TIMESTAMPS = "timestamps";
  private static final List<String> BEHAVIOUR = List.of("eye_tracker", "treadmill");
  private static final int POOLED = 64;

  private final Path root;
  private final DatasetConfig config;
  private final Registry registry;
  private final Experiment experiment;
  private final String dataKey;
  private final String lead;
  private final double startTime;
  private final double endTime;
  private final Map<String, Integer> chunkSizes = new LinkedHashMap<>();
  private final Map<String, Double> samplingRates = new LinkedHashMap<>();
  private final Map<String, Device> devices = new LinkedHashMap<>();
  private final Set<String> outKeys;
  private final SampleGrid grid;
  private final TrialIndex trials;
  private final DoubleList trialStarts;
  private final List<Map<String, Object>> conditions;
  private final List<TimeInterval> filterIntervals;
  private final DoubleList fullStarts;
  private final int stride;
  private final LegacyRandomState random;
  private final ReadPlan plan;
  private final AtomicReferenceArray<DatasetReader> pool = new AtomicReferenceArray<>(POOLED);
  private final ChunkMemory memory = new ChunkMemory();
  private volatile DoubleList starts;
  private volatile Map<String, String> identity;
  private volatile String fingerprint;
  private volatile Compiled lastCompiled;
  private volatile boolean closed;

  private record Compiled(ReadOptions options, ReadPlan plan) {}

  /** What is fixed for a device at opening. */
  private record Device(
      String name,
      Interpolator interpolator,
      ModalityConfig config,
      ChunkClock clock,
      List<ScreenTransform> transforms,
      DoubleList means,
      DoubleList stds,
      NanPolicy nans) {

    /** Returns the statistics, which are kept off the heap, or null for none. */
    Normalization normalization() {
      return stds == null
          ? null
          : new Normalization(means == null ? null : means.toArray(), stds.toArray());
    }

    boolean isScreen() {
      return interpolator instanceof ScreenInterpolator;
    }
  }

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
    Objects.requireNonNull(config, "config is null");
    Experiment experiment =
        Experiment.open(root, config.modalities(), config.cacheData(), registry);
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

  private ChunkDataset(Path root, DatasetConfig config, Registry registry, Experiment experiment) {
    this.root = root;
    this.config = config;
    this.registry = registry;
    this.experiment = experiment;
    dataKey = DataKey.of(root);
    List<String> names = experiment.deviceNames();
    lead = findLead(names);
    outKeys = findOutKeys(names);
    for (String name : names) {
      ModalityConfig modality = config.modalities().get(name);
      Integer size =
          config.globalChunkSize() != null ? config.globalChunkSize() : modality.chunkSize();
      Double rate =
          config.globalSamplingRate() != null
              ? config.globalSamplingRate()
              : modality.samplingRate();
      chunkSizes.put(name, (int) positive(name, "chunk_size", size));
      samplingRates.put(name, positive(name, "sampling_rate", rate));
    }
    TimeInterval range = findRange(names);
    startTime = range.start();
    endTime = range.end();
    boolean exact = config.timeGrid() == DatasetConfig.TimeGrid.EXACT;
    double rate = samplingRates.get(lead);
    grid =
        exact
            ? SampleGrid.exact(startTime, endTime, exactRate(lead), lead)
            : SampleGrid.rounded(startTime, endTime, rate, lead);
    for (String name : names) {
      devices.put(name, device(name));
    }
    String trialDevice = findTrialDevice(names);
    trials = trialDevice == null ? null : readTrials(trialDevice);
    trialStarts = DoubleList.listed(trials == null ? new double[0] : readTrialStarts(trialDevice));
    conditions = findConditions();
    filterIntervals = List.copyOf(filter(names));
    stride = config.modalities().get(lead).sampleStride();
    if (stride < 1) {
      throw wrong(
          "modality_config." + lead + ".sample_stride", "is " + stride + ", expected 1 or more");
    }
    fullStarts = validStarts(true);
    starts = fullStarts.every(stride);
    random =
        config.seed() == null
            ? new LegacyRandomState()
            : new LegacyRandomState(seed(config.seed()));
    plan = compile(ReadOptions.DEFAULT);
    reportShort();
  }

  private static ConfigException wrong(String key, String message) {
    return new ConfigException("configuration", 0, key, message);
  }

  private static long seed(long seed) {
    if (seed < 0 || seed > 0xffffffffL) {
      throw wrong("seed", "is " + seed + ", expected 0 to 2^32 - 1");
    }
    return seed;
  }

  private static double positive(String device, String key, Number value) {
    String full = "modality_config." + device + "." + key;
    if (value == null) {
      throw wrong(full, "is missing, and there is no global_" + key + " either");
    }
    if (!(value.doubleValue() > 0) || Double.isInfinite(value.doubleValue())) {
      throw wrong(full, "is " + value + ", expected a number above 0");
    }
    return value.doubleValue();
  }

  private ExactRate exactRate(String device) {
    try {
      return ExactRate.of(samplingRates.get(device));
    } catch (IllegalArgumentException e) {
      throw wrong("modality_config." + device + ".sampling_rate", e.getMessage());
    }
  }

  private String findLead(List<String> names) {
    if (config.lead() == null) {
      return names.contains("screen") ? "screen" : names.getFirst();
    }
    if (!names.contains(config.lead())) {
      throw wrong(
          "lead_device", "is '" + config.lead() + "', expected one of the devices " + names);
    }
    return config.lead();
  }

  private Set<String> findOutKeys(List<String> names) {
    Set<String> known = new TreeSet<>(names);
    known.add(TIMESTAMPS);
    if (config.outKeys() == null) {
      return known;
    }
    Set<String> keys = new TreeSet<>();
    for (String key : config.outKeys()) {
      if (known.contains(key)) {
        keys.add(key);
      } else {
        LOG.log(
            Level.WARNING,
            "out key {0} names no device of {1}, which has {2}: left out",
            key,
            root,
            names);
      }
    }
    return keys;
  }

  private TimeInterval findRange(List<String> names) {
    double first = Double.NEGATIVE_INFINITY;
    double last = Double.POSITIVE_INFINITY;
    StringBuilder ranges = new StringBuilder();
    for (String name : names) {
      TimeInterval valid = experiment.validRange(name);
      first = Math.max(first, valid.start() + config.safeIntervalThreshold());
      last = Math.min(last, valid.end() - config.safeIntervalThreshold());
      ranges.append(ranges.isEmpty() ? "" : ", ");
      ranges
          .append(name)
          .append(" ")
          .append(valid.start())
          .append(" s to ")
          .append(valid.end())
          .append(" s");
    }
    if (!(first < last)) {
      throw RecordingException.of(
          root,
          "common range",
          first
              + " s to "
              + last
              + " s ("
              + ranges
              + ", less safe_interval_threshold of "
              + config.safeIntervalThreshold()
              + " s at both ends)",
          "a start before the end",
          "leave a device out of the configuration or give a smaller safe_interval_threshold");
    }
    return new TimeInterval(first, last);
  }

  private Device device(String name) {
    Interpolator interpolator = experiment.device(name);
    ModalityConfig modality = config.modalities().get(name);
    int count = chunkSizes.get(name);
    double rate = samplingRates.get(name);
    if (!Double.isFinite(modality.offset())) {
      throw wrong(
          "modality_config." + name + ".offset",
          "is " + modality.offset() + ", expected finite seconds");
    }
    ChunkClock clock =
        grid instanceof SampleGrid.Exact exact
            ? ChunkClock.exact(
                exact,
                count,
                exactRate(name),
                modality.offset(),
                interpolator.startTime(),
                Experiment.storedRate(interpolator),
                interpolator.validInterval().end())
            : ChunkClock.rounded(
                name, count, rate, modality.offset(), config.interpolatePrecision());
    boolean screen = interpolator instanceof ScreenInterpolator;
    List<ScreenTransform> transforms = new ArrayList<>();
    if (!screen && modality.transforms() != null && !modality.transforms().isEmpty()) {
      LOG.log(
          Level.WARNING,
          "transforms of {0} are not applied, only its normalization is: it is no screen",
          name);
    }
    if (screen && modality.transforms() != null) {
      for (Target target : modality.transforms()) {
        transforms.add(ScreenTransforms.create(target, registry.transforms()));
      }
    }
    NanPolicy nans = nanPolicy(name, modality);
    Normalization normalization = null;
    if (modality.normalization() != null) {
      Sampler plain = interpolator.sampler(new Finish(transforms, null, NanPolicy.KEEP, null));
      long[] shape = plain.shape(1);
      int width = Math.toIntExact(screen ? shape[0] : shape[1]);
      normalization =
          Normalizations.of(
              name,
              experiment.folder(name),
              modality,
              interpolator,
              screen,
              width,
              plain.type(),
              DiskCache.system());
    }
    return new Device(
        name,
        interpolator,
        modality,
        clock,
        List.copyOf(transforms),
        normalization == null || normalization.means() == null
            ? null
            : DoubleList.listed(normalization.means()),
        normalization == null ? null : DoubleList.listed(normalization.stds()),
        nans);
  }

  private NanPolicy nanPolicy(String name, ModalityConfig modality) {
    Object policy = modality.nans() == null ? "keep" : modality.nans();
    if (policy instanceof Number value) {
      return new NanPolicy(NanPolicy.Kind.VALUE, value.doubleValue());
    }
    return switch (policy.toString()) {
      // keep is what a device has that says nothing: the dataset's own switch decides
      case "keep" ->
          config.replaceNansWithMeans() ? new NanPolicy(NanPolicy.Kind.MEAN, 0) : NanPolicy.KEEP;
      case "mean" -> new NanPolicy(NanPolicy.Kind.MEAN, 0);
      case "zero" -> new NanPolicy(NanPolicy.Kind.VALUE, 0);
      case "fail" -> new NanPolicy(NanPolicy.Kind.FAIL, 0);
      default ->
          throw wrong(
              "modality_config." + name + ".nans",
              "is '" + policy + "', expected keep, mean, zero, fail or a number");
    };
  }

  /**
   * Finds the device whose trials conditions speak of: a screen where there is one, else a lead
   * with trial metadata.
   */
  private String findTrialDevice(List<String> names) {
    if (experiment.device(lead) instanceof ScreenInterpolator) {
      return lead;
    }
    if (names.contains("screen") && experiment.device("screen") instanceof ScreenInterpolator) {
      return "screen";
    }
    for (String name : names) {
      if (experiment.device(name) instanceof ScreenInterpolator) {
        return name;
      }
    }
    Path folder = experiment.folder(lead);
    return Files.exists(folder.resolve("combined_meta.json"))
            || Files.exists(folder.resolve("meta/00000.yml"))
        ? lead
        : null;
  }

  private TrialIndex readTrials(String device) {
    return experiment.device(device) instanceof ScreenInterpolator screen
        ? screen.trials()
        : TrialIndex.open(experiment.folder(device), false);
  }

  private double[] readTrialStarts(String device) {
    Interpolator interpolator = experiment.device(device);
    Path file = experiment.folder(device).resolve("timestamps.npy");
    ScreenInterpolator screen = interpolator instanceof ScreenInterpolator s ? s : null;
    double[] times = screen == null && Files.exists(file) ? Npy.readDoubles(file).values() : null;
    int known = screen != null ? screen.timestampCount() : times == null ? -1 : times.length;
    double rate = Experiment.storedRate(interpolator);
    double[] first = new double[trials.size()];
    for (int k = 0; k < first.length; k++) {
      int frame = trials.firstFrame(k);
      if (frame < known) {
        first[k] = screen != null ? screen.timeOf(frame) : times[frame];
      } else if (known < 0 && rate > 0) {
        first[k] = interpolator.startTime() + frame / rate;
      } else {
        throw RecordingException.of(
            file,
            "trial " + trials.key(k),
            known < 0 ? "no such file" : known + " times",
            "a time for its first frame, number " + frame,
            "the trials have " + trials.totalFrames() + " frames in all");
      }
    }
    return first;
  }

  private List<TimeInterval> filter(List<String> names) {
    List<List<TimeInterval>> lists = new ArrayList<>();
    for (String name : names) {
      List<Target> filters = config.modalities().get(name).filters();
      if (filters == null) {
        continue;
      }
      Interpolator device = experiment.device(name);
      for (Target target : filters) {
        lists.add(
            Intervals.unique(Filters.create(target, registry.filters()).validIntervals(device)));
      }
    }
    return lists.isEmpty()
        ? List.of(new TimeInterval(startTime, endTime))
        : Intervals.intersection(lists);
  }

  private boolean hasFilters() {
    for (Device device : devices.values()) {
      if (device.config().filters() != null && !device.config().filters().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the configured conditions, null for every trial. */
  private List<Map<String, Object>> findConditions() {
    ModalityConfig modality = config.modalities().get(lead);
    if (modality.validCondition() == null
        && !(experiment.device(lead) instanceof ScreenInterpolator)) {
      for (Device device : devices.values()) {
        if (device.isScreen() && device.config().validCondition() != null) {
          modality = device.config();
          break;
        }
      }
    }
    if (modality.validCondition() == null) {
      return null;
    }
    List<Map<String, Object>> conditions = new ArrayList<>(modality.validCondition());
    if (modality.includeBlanks()) {
      conditions.add(Map.of("tier", "blank"));
    }
    if (trials == null) {
      LOG.log(
          Level.WARNING,
          "valid_condition of {0} is not applied: {1} has no screen, and the lead device no trial metadata",
          lead,
          root);
      return null;
    }
    return conditions;
  }

  private boolean[] baseMask(List<Map<String, Object>> conditions, boolean filtered) {
    boolean[] mask = emptyMask();
    if (trials == null) {
      Arrays.fill(mask, true);
    } else {
      boolean[] meets = conditions == null ? null : trials.match(conditions);
      int count = trialStarts.length();
      for (int k = 0; k < count; k++) {
        if (meets == null || meets[k]) {
          double next = k + 1 < count ? trialStarts.at(k + 1) : Double.POSITIVE_INFINITY;
          SampleMasks.set(mask, grid, trialStarts.at(k), next);
        }
      }
    }
    if (filtered && hasFilters()) {
      boolean[] usable = emptyMask();
      for (TimeInterval interval : filterIntervals) {
        SampleMasks.set(usable, grid, interval.start(), interval.end());
      }
      SampleMasks.and(mask, usable);
    }
    return mask;
  }

  private boolean[] emptyMask() {
    try {
      return new boolean[grid.length()];
    } catch (OutOfMemoryError e) {
      throw wrong(
          "modality_config." + lead + ".sampling_rate",
          "gives a sample grid of "
              + grid.length()
              + " points, more than the heap has room for; choose a lower rate or a larger heap");
    }
  }

  private DoubleList validStarts(boolean filtered) {
    int n = chunkSizes.get(lead);
    DoubleList found =
        SampleMasks.starts(SampleMasks.forNext(baseMask(conditions, filtered), n), grid, n);
    if (config.shortChunks() == DatasetConfig.ShortChunks.SKIP) {
      int[] whole = wholeChunks(found);
      return found.range(whole[0], whole[1]);
    }
    return found;
  }

  /**
   * Returns which of ascending starts have a value for every sample of every device: from, to
   * (excluded).
   */
  private int[] wholeChunks(DoubleList ascending) {
    int from = 0;
    int to = ascending.length();
    for (Device device : devices.values()) {
      Coverage coverage =
          Coverage.of(device.interpolator(), experiment.interpolation(device.name()));
      ChunkClock clock = device.clock();
      // the times of a chunk ascend with its start, so that those with too early or too late
      // samples lie at the ends
      int low = from;
      int high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (coverage.notBefore(clock.snap(clock.time(ascending.at(middle), 0)))) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      from = low;
      high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (coverage.notAfter(clock.snap(clock.time(ascending.at(middle), clock.count - 1)))) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      to = low;
    }
    return new int[] {from, to};
  }

  private static double[] chunkTimes(Device device, double start, double[] times) {
    device.clock().times(start, times);
    device.clock().snap(times);
    return times;
  }

  private void reportShort() {
    if (config.shortChunks() == DatasetConfig.ShortChunks.SKIP || fullStarts.length() == 0) {
      return;
    }
    int[] whole = wholeChunks(fullStarts);
    int missing = fullStarts.length() - (whole[1] - whole[0]);
    if (missing > 0) {
      LOG.log(
          Level.WARNING,
          "{0} of {1} chunks of {2} reach past a device''s range and raise an error when read; short_chunks: skip leaves"
              + " them out",
          missing,
          fullStarts.length(),
          root);
    }
  }

  // --- compiling

  private ReadPlan compile(ReadOptions options) {
    for (String name : options.types().keySet()) {
      if (!devices.containsKey(name)) {
        throw new IllegalArgumentException(
            "type for unknown device '" + name + "', expected one of " + devices.keySet());
      }
    }
    Set<String> keys = outKeys;
    if (options.outKeys() != null) {
      keys = new TreeSet<>(options.outKeys());
      for (String key : keys) {
        if (!devices.containsKey(key) && !key.equals(TIMESTAMPS)) {
          throw new IllegalArgumentException(
              "unknown out key '" + key + "', expected " + devices.keySet() + " or timestamps");
        }
      }
    }
    String screen = screenName();
    boolean behaviour = config.addBehaviorAsChannels() && keys.contains(screen);
    List<String> appended =
        behaviour ? BEHAVIOUR.stream().filter(devices::containsKey).toList() : List.of();
    Map<String, Sampler> samplers = new LinkedHashMap<>();
    for (Device device : devices.values()) {
      if (keys.contains(device.name()) && !device.name().equals(screen)
          || appended.contains(device.name())) {
        samplers.put(device.name(), sampler(device, options.types().get(device.name())));
      }
    }
    ElementType promoted = options.types().get(screen);
    if (promoted == null) {
      // the screen is float32; of the others only float64 is wider among floating types, and
      // integers give way to floats
      for (String name : appended) {
        if (samplers.get(name).type() == ElementType.FLOAT64) {
          promoted = ElementType.FLOAT64;
        }
      }
    } else if (!appended.isEmpty() && !promoted.isFloating()) {
      throw new IllegalArgumentException(
          "screen as "
              + promoted.numpyName()
              + " cannot hold behaviour channels, expected a floating type");
    }
    if (keys.contains(screen)) {
      samplers.put(screen, sampler(devices.get(screen), promoted));
    }
    return assemble(keys, behaviour ? screen : null, appended, samplers);
  }

  private String screenName() {
    if (devices.containsKey("screen")) {
      return "screen";
    }
    String name =
        devices.values().stream().filter(Device::isScreen).map(Device::name).findFirst().orElse("");
    if (name.isEmpty() && config.addBehaviorAsChannels()) {
      throw wrong(
          "add_behavior_as_channels",
          "is true, but " + root + " has no screen among its devices " + devices.keySet());
    }
    return name;
  }

  private Sampler sampler(Device device, ElementType type) {
    // uint8 means pixels as shown: the consumer normalises
    Normalization normalization =
        type == ElementType.UINT8 && device.isScreen() ? null : device.normalization();
    return device
        .interpolator()
        .sampler(new Finish(device.transforms(), normalization, device.nans(), type));
  }

  private ReadPlan assemble(
      Set<String> keys,
      String behaviourScreen,
      List<String> appended,
      Map<String, Sampler> samplers) {
    List<TensorSpec> layout = new ArrayList<>();
    Map<String, Integer> values = new LinkedHashMap<>();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int extra = 0;
    for (String name : appended) {
      extra += Math.toIntExact(samplers.get(name).shape(1)[1]);
    }
    for (Device device : devices.values()) {
      if (keys.contains(device.name())) {
        Sampler sampler = samplers.get(device.name());
        long[] shape = sampler.shape(device.clock().count).clone();
        shapes.put(device.name(), shape.clone());
        if (device.name().equals(behaviourScreen)) {
          shape[0] += extra;
        }
        values.put(device.name(), layout.size());
        layout.add(new TensorSpec(device.name(), false, sampler.type(), shape));
      }
    }
    Map<String, Integer> stamps = new LinkedHashMap<>();
    boolean relative = config.normalizeTimestamps();
    if (keys.contains(TIMESTAMPS)) {
      for (Device device : devices.values()) {
        stamps.put(device.name(), layout.size());
        layout.add(
            new TensorSpec(
                device.name(),
                true,
                relative ? ElementType.FLOAT32 : ElementType.FLOAT64,
                new long[] {device.clock().count}));
      }
    }
    List<ReadPlan.Step> steps = new ArrayList<>();
    Map<String, Integer> stepOf = new LinkedHashMap<>();
    long scratch = 0;
    int longest = 1;
    for (Device device : devices.values()) {
      String name = device.name();
      Sampler sampler = samplers.get(name);
      if (sampler == null && !stamps.containsKey(name)) {
        continue;
      }
      int entry = values.getOrDefault(name, -1);
      stepOf.put(name, steps.size());
      steps.add(
          new ReadPlan.Step(
              name,
              device.isScreen(),
              device.clock(),
              sampler,
              entry,
              stamps.getOrDefault(name, -1),
              scratch));
      if (sampler != null && entry < 0) {
        long[] shape = sampler.shape(device.clock().count);
        scratch += (shape[0] * shape[1] * sampler.type().bytes() + 63) / 64 * 64;
      }
      longest = Math.max(longest, device.clock().count);
    }
    ReadPlan.Behaviour behaviour = null;
    if (!appended.isEmpty()) {
      long[] frames = shapes.get(behaviourScreen);
      int[] from = new int[appended.size()];
      int[] columns = new int[from.length];
      ElementType[] types = new ElementType[from.length];
      for (int i = 0; i < from.length; i++) {
        Device device = devices.get(appended.get(i));
        if (device.clock().count != frames[1]) {
          throw wrong(
              "add_behavior_as_channels",
              device.name()
                  + " has "
                  + device.clock().count
                  + " samples a chunk and "
                  + behaviourScreen
                  + " "
                  + frames[1]
                  + ", expected the same chunk_size");
        }
        from[i] = stepOf.get(device.name());
        columns[i] = Math.toIntExact(samplers.get(device.name()).shape(1)[1]);
        types[i] = samplers.get(device.name()).type();
      }
      behaviour =
          new ReadPlan.Behaviour(
              values.get(behaviourScreen),
              Math.toIntExact(frames[0]),
              Math.toIntExact(frames[1]),
              frames[2] * frames[3],
              samplers.get(behaviourScreen).type(),
              from,
              columns,
              types,
              scratch,
              scratch + 64 + frames[1] * Arrays.stream(columns).max().orElse(0) * Double.BYTES);
    }
    long[] sizes = layout.stream().mapToLong(TensorSpec::bytes).toArray();
    double origin = relative ? timestampOrigin() : Double.NaN;
    return new ReadPlan(
        List.copyOf(layout),
        sizes,
        steps.toArray(new ReadPlan.Step[0]),
        behaviour,
        origin,
        longest);
  }

  private double timestampOrigin() {
    return devices.containsKey("responses")
        ? devices.get("responses").interpolator().startTime()
        : experiment.startTime();
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
    return lead;
  }

  /**
   * Returns the first time in seconds at which all devices have values, safety threshold included.
   */
  public double startTime() {
    return startTime;
  }

  /**
   * Returns the last time in seconds at which all devices have values, safety threshold included.
   */
  public double endTime() {
    return endTime;
  }

  /** Returns the usable devices in the configuration's order. */
  public List<String> deviceNames() {
    return experiment.deviceNames();
  }

  /** Returns the samples of a chunk by device. */
  public Map<String, Integer> chunkSizes() {
    return Collections.unmodifiableMap(chunkSizes);
  }

  /** Returns the rates in Hz by device. */
  public Map<String, Double> samplingRates() {
    return Collections.unmodifiableMap(samplingRates);
  }

  /**
   * Returns the absolute times in seconds at which a device is sampled for the chunk that starts at
   * a time.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   */
  public double[] chunkTimes(String device, double start) {
    Device d = devices.get(device);
    if (d == null) {
      throw new IllegalArgumentException(
          "unknown device '" + device + "', expected one of " + devices.keySet());
    }
    return chunkTimes(d, start, new double[chunkSizes.get(device)]);
  }

  /** Returns the number of chunks. */
  public int length() {
    return starts.length();
  }

  /** Returns a copy of the current start times in seconds, after stride or shuffle. */
  public double[] startTimes() {
    return starts.toArray();
  }

  DoubleList currentStarts() {
    return starts;
  }

  /**
   * Returns every valid start time in seconds, before the stride.
   *
   * @param filterForValidIntervals whether filters count
   */
  public double[] fullValidSampleTimes(boolean filterForValidIntervals) {
    return (filterForValidIntervals || !hasFilters() ? fullStarts : validStarts(false)).toArray();
  }

  /**
   * Returns the number of trials that {@link #conditionMask} speaks of; 0 for a recording without
   * trials.
   */
  public int trialCount() {
    return trialStarts.length();
  }

  /**
   * Returns the first times of the trials in seconds; each ends where the next begins, the last
   * never.
   */
  public double[] trialStarts() {
    return trialStarts.toArray();
  }

  /**
   * Returns which trials satisfy the conditions.
   *
   * @param conditions OR between maps, AND inside a map; an empty list or map matches nothing
   */
  public boolean[] conditionMask(List<Map<String, Object>> conditions) {
    return trials == null ? new boolean[0] : trials.match(conditions);
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
      int satisfyForNext, List<Map<String, Object>> conditions, boolean filterForValidIntervals) {
    if (satisfyForNext < 1) {
      throw new IllegalArgumentException(
          "satisfyForNext is " + satisfyForNext + ", expected 1 or more");
    }
    return SampleMasks.forNext(baseMask(conditions, filterForValidIntervals), satisfyForNext);
  }

  /** Returns the sample grid in seconds. */
  public double[] sampleGrid() {
    return grid.times();
  }

  /** Returns the intersection of all devices' filters; the whole range where there are none. */
  public List<TimeInterval> validIntervalsFromFilters() {
    return filterIntervals;
  }

  /** Returns the printed statistics of {@link #validIntervalsFromFilters}. */
  public String intervalStatistics() {
    return Intervals.statistics(filterIntervals, startTime, endTime);
  }

  // --- order

  /**
   * Draws the start times anew with the dataset's generator: {@code floor(length / stride)} of all
   * valid ones, each at most once, ascending.
   */
  public synchronized void shuffle() {
    int[] drawn = random.choice(fullStarts.length(), fullStarts.length() / stride);
    // starts ascend, so sorting places is sorting times
    Arrays.sort(drawn);
    double[] times = new double[drawn.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = fullStarts.at(drawn[i]);
    }
    starts = DoubleList.listed(times);
  }

  /** Returns generator (none without a seed) and current start times. */
  public synchronized DatasetState state() {
    return new DatasetState(
        config.seed() == null ? null : random.state(), starts.toArray(), fingerprint(), identity());
  }

  /**
   * Continues from a state.
   *
   * @throws ConfigException where the state's fingerprint is another: both fingerprints and what
   *     differs
   */
  public synchronized void restore(DatasetState state) {
    if (state.fingerprint() != null && !state.fingerprint().equals(fingerprint())) {
      throw wrong(
          "fingerprint",
          "the state is of "
              + state.fingerprint()
              + ", this dataset is "
              + fingerprint()
              + "; "
              + differences(state.identity(), identity()));
    }
    for (double time : state.validScreenTimes()) {
      if (!Double.isFinite(time)) {
        throw wrong("valid_screen_times", "has " + time + ", expected finite seconds");
      }
    }
    if (state.rngState() != null) {
      random.setState(state.rngState());
    }
    starts = DoubleList.listed(state.validScreenTimes());
  }

  /** Says in which entries two identities differ. */
  static String differences(Map<String, String> theirs, Map<String, String> ours) {
    StringBuilder text = new StringBuilder();
    Set<String> names = new TreeSet<>(theirs.keySet());
    names.addAll(ours.keySet());
    int n = 0;
    for (String name : names) {
      String a = theirs.get(name);
      String b = ours.get(name);
      if (!Objects.equals(a, b) && n++ < 8) {
        text.append(text.isEmpty() ? "what differs: " : "; ").append(name);
        text.append(" was ").append(a).append(", is ").append(b);
      }
    }
    return text.isEmpty()
        ? "what differs is not known"
        : n > 8 ? text + " and " + (n - 8) + " more" : text.toString();
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

  private Chunk chunk(double start, Arena lent) {
    ensureOpen();
    Arena arena = lent == null ? Arena.ofConfined() : lent;
    boolean done = false;
    DatasetReader reader = borrow();
    try {
      long bytes = Math.max(ChunkMemory.bytes(plan.sizes()), 1);
      MemorySegment whole = allocate(bytes, lent == null, arena);
      MemorySegment[] segments = ChunkMemory.cut(whole, plan.sizes());
      reader.readAt(start, segments, new long[segments.length]);
      Chunk chunk = new Chunk(lent == null ? arena : null, plan.layout(), segments);
      done = true;
      return chunk;
    } finally {
      giveBack(reader);
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
    return wrong(
        "chunk_size",
        "makes chunks of "
            + bytes
            + " bytes, for which there is no memory ("
            + e.getMessage()
            + "); choose smaller chunks or frames, or fewer out_keys");
  }

  private DatasetReader newReader(ReadPlan read) {
    try {
      return new DatasetReader(this, read);
    } catch (OutOfMemoryError e) {
      throw tooLarge(ChunkMemory.bytes(read.sizes()), e);
    }
  }

  private double startOf(int index) {
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
    DatasetReader reader = borrow();
    try {
      reader.read(index, segments, offsets);
    } finally {
      giveBack(reader);
    }
  }

  private DatasetReader borrow() {
    int home = home();
    for (int i = 0; i < POOLED; i++) {
      int slot = (home + i) & (POOLED - 1);
      if (pool.getPlain(slot) != null) {
        DatasetReader reader = pool.getAndSet(slot, null);
        if (reader != null) {
          return reader;
        }
      }
    }
    return newReader(plan);
  }

  private void giveBack(DatasetReader reader) {
    int home = home();
    for (int i = 0; i < POOLED && !closed; i++) {
      int slot = (home + i) & (POOLED - 1);
      if (pool.getPlain(slot) == null && pool.compareAndSet(slot, null, reader)) {
        // a close that looked at this slot before the reader was in it left it to us
        if (closed && pool.compareAndSet(slot, reader, null)) {
          reader.close();
        }
        return;
      }
    }
    reader.close();
  }

  private static int home() {
    long id = Thread.currentThread().threadId();
    return (int) (id ^ id >>> 6) & (POOLED - 1);
  }

  /**
   * Opens a reader for one thread.
   *
   * @throws IllegalArgumentException for options that name unknown devices or keys
   * @throws ClosedException after close
   */
  public ChunkReader reader(ReadOptions options) {
    ensureOpen();
    return newReader(planFor(options));
  }

  private ReadPlan planFor(ReadOptions options) {
    if (options.equals(ReadOptions.DEFAULT)) {
      return plan;
    }
    // the threads of a loader all ask for the same
    Compiled last = lastCompiled;
    if (last == null || !last.options().equals(options)) {
      last = new Compiled(options, compile(options));
      lastCompiled = last;
    }
    return last.plan();
  }

  /**
   * Returns the entries of a chunk: values in the configuration's device order, then timestamps.
   */
  public List<TensorSpec> layout() {
    return plan.layout();
  }

  /**
   * Returns the entries of a chunk read with options.
   *
   * @throws IllegalArgumentException for options that name unknown devices or keys
   */
  public List<TensorSpec> layout(ReadOptions options) {
    return planFor(options).layout();
  }

  /**
   * Returns the statistics that each normalised device is normalised with: means (null where
   * nothing is subtracted) and standard deviations.
   */
  public Map<String, Normalization> statistics() {
    Map<String, Normalization> all = new LinkedHashMap<>();
    for (Device device : devices.values()) {
      Normalization normalization = device.normalization();
      if (normalization != null) {
        all.put(device.name(), normalization);
      }
    }
    return Collections.unmodifiableMap(all);
  }

  // --- identity

  /** Returns a hash of {@link #identity()}, in hexadecimal. */
  public String fingerprint() {
    String text = fingerprint;
    if (text == null) {
      MessageDigest digest = sha256();
      identity()
          .forEach(
              (key, value) -> {
                digest.update(key.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(value.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
              });
      text = HexFormat.of().formatHex(digest.digest());
      fingerprint = text;
    }
    return text;
  }

  /**
   * Returns what decides a dataset's samples, sorted by name: each configuration key but the seed
   * (a state carries the generator itself), data key, device sizes, valid start times. Neither the
   * folder's place nor its clock is part of it.
   */
  public Map<String, String> identity() {
    Map<String, String> parts = identity;
    if (parts == null) {
      parts = Collections.unmodifiableMap(makeIdentity());
      identity = parts;
    }
    return parts;
  }

  private Map<String, String> makeIdentity() {
    Map<String, String> parts = new TreeMap<>();
    if (Documents.json(DatasetConfigs.toJson(config), "configuration") instanceof MapNode map) {
      for (Map.Entry<String, Node> entry : map.entries().entrySet()) {
        if (entry.getKey().equals("modality_config")
            && entry.getValue() instanceof MapNode modalities) {
          modalities
              .entries()
              .forEach(
                  (name, node) ->
                      parts.put("config.modality_config." + name, Documents.toJson(node.value())));
        } else if (!entry.getKey().equals("seed")) {
          parts.put("config." + entry.getKey(), Documents.toJson(entry.getValue().value()));
        }
      }
    }
    parts.put("data_key", dataKey);
    parts.put("lead", lead);
    for (Device device : devices.values()) {
      StringBuilder text = new StringBuilder();
      Interpolator i = device.interpolator();
      text.append(i.startTime()).append(" s to ").append(i.endTime()).append(" s");
      if (i instanceof SequenceInterpolator sequence) {
        text.append(", ").append(sequence.rows()).append(" x ").append(sequence.signals());
        text.append(" ").append(sequence.storedType().numpyName());
        text.append(" at ").append(sequence.samplingRate()).append(" Hz");
      } else if (i instanceof ScreenInterpolator screen) {
        text.append(", ")
            .append(screen.trials().size())
            .append(" trials of ")
            .append(screen.trials().totalFrames());
        text.append(" frames ").append(Arrays.toString(screen.frameShape()));
      }
      parts.put("device." + device.name(), text.toString());
    }
    MessageDigest digest = sha256();
    ByteBuffer bytes = ByteBuffer.allocate(8192);
    for (int i = 0; i < fullStarts.length(); i++) {
      if (bytes.remaining() < Double.BYTES) {
        digest.update(bytes.flip());
        bytes.clear();
      }
      bytes.putDouble(fullStarts.at(i));
    }
    digest.update(bytes.flip());
    parts.put(
        "starts",
        fullStarts.length() + " with hash " + HexFormat.of().formatHex(digest.digest(), 0, 8));
    return parts;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  // --- end

  void ensureOpen() {
    if (closed || experiment.isClosed()) {
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
    for (int i = 0; i < POOLED; i++) {
      DatasetReader reader = pool.getAndSet(i, null);
      if (reader != null) {
        reader.close();
      }
    }
    memory.clear();
  }
}
