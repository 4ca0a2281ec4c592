/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.syncline.clock.ChunkClock;
import org.syncline.clock.DoubleList;
import org.syncline.clock.SampleGrid;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.config.TrialCondition;
import org.syncline.config.schema.Names;
import org.syncline.dataset.DatasetDevice;
import org.syncline.dataset.DatasetSettings;
import org.syncline.device.Columns;
import org.syncline.device.Coverage;
import org.syncline.device.Interpolator;
import org.syncline.device.Trials;
import org.syncline.device.support.Answers;
import org.syncline.device.support.Findings;
import org.syncline.device.support.Interruptions;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.format.SignalLabels;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.text.Printable;
import org.syncline.transform.FrameShape;
import org.syncline.transform.ScreenTransform;
import org.syncline.transform.builtin.Normalize;
import org.syncline.transform.builtin.Resize;

/**
 * Decides where chunks may start: points of the sample grid whose chunk lies in trials that meet
 * the conditions and in the filters' valid intervals.
 */
public final class ValidStarts {
  /** Hz below which a stored rate may be that of a clock in milliseconds, and how much is asked. */
  private static final double SLOW_RATE = 1;

  private static final double MOST_UPSAMPLING = 100;

  /** Chunks by which values may lie beside the time that they are given at, without a word. */
  private static final int MOST_OFFSET_CHUNKS = 10;

  private static final Logger LOG = System.getLogger("org.syncline");

  private final Path root;
  private final SampleGrid grid;
  private final Map<String, DatasetDevice> devices;
  private final String lead;
  private final int leadSamples;
  private final boolean skipShort;
  private final boolean padShort;
  private final TrialStarts trials;
  private final List<TrialCondition> conditions;
  private final List<TimeInterval> filterIntervals;

  /** Whether a filter has intervals: else there is nothing to intersect with. */
  private final boolean intervals;

  private final boolean tested;
  private final boolean withinTrial;
  private final DoubleList starts;

  /** Chunks that short_chunks: skip leaves out. */
  private final int leftOut;

  private final List<Funnel.Step> steps = new ArrayList<>();
  private final List<String> advice = new ArrayList<>();

  /** What filters answer: intervals, or tests of whole chunks. */
  private record FilterAnswers(List<Filtered> intervals, List<ChunkTest> tests) {}

  /** A filter's answer; its name is the filter's key in the configuration. */
  private record Filtered(String name, List<TimeInterval> intervals) {}

  /** Judges whole chunks by the times at which a device is sampled for them. */
  private record ChunkTest(
      String name, String part, DatasetDevice device, Predicate<double[]> test) {}

  /**
   * Reads trials and filters, and finds the starts.
   *
   * @param filters makes the filters that the configuration names
   */
  public ValidStarts(
      Path root,
      DatasetConfig config,
      DatasetSettings settings,
      SampleGrid grid,
      Map<String, DatasetDevice> devices,
      Function<Target, Filter> filters) {
    this.root = root;
    this.grid = grid;
    this.devices = devices;
    lead = settings.lead();
    leadSamples = settings.chunkSizes().get(lead);
    skipShort = config.shortChunks() == DatasetConfig.ShortChunks.SKIP;
    padShort = config.shortChunks() == DatasetConfig.ShortChunks.PAD;
    trials = TrialStarts.of(devices, lead);
    DatasetDevice conditioned = conditioned();
    conditions = findConditions(conditioned.config());
    FilterAnswers answers = filter(filters);
    List<Filtered> filtered = answers.intervals();
    tested = !answers.tests().isEmpty();
    filterIntervals = intersection(filtered, settings.range());
    intervals = !filtered.isEmpty();
    withinTrial = config.withinTrial() && hasTrials();
    describeGrid(config, settings);
    for (DatasetDevice device : devices.values()) {
      adviseUnused(device, conditioned.name(), settings.samplingRates().get(device.name()));
    }
    if (conditions != null) {
      advice.addAll(trials.advice(conditioned.config().validCondition()));
      conditions.stream()
          .flatMap(condition -> condition.values().entrySet().stream())
          .filter(wanted -> "blank".equals(wanted.getValue()))
          .map(Map.Entry::getKey)
          .distinct()
          .forEach(key -> advice.addAll(trials.unlabelled(key)));
    }
    boolean[] left = wholeChunksOf(narrow(filtered));
    if (config.withinTrial()) {
      keepWithinTrials(left);
    }
    for (ChunkTest test : answers.tests()) {
      judge(test, left);
    }
    DoubleList found = DoubleList.of(left, grid, left.length);
    starts = skipShort ? whole(found) : found;
    leftOut = found.length() - starts.length();
    describeStarts(found, settings.stride());
    if (!(grid instanceof SampleGrid.Exact)) {
      new RoundingAdvice(grid, starts, devices, settings, config.interpolatePrecision())
          .addTo(advice);
    }
    adviseStrayFrames(left, config.interpolatePrecision());
  }

  /** Returns the valid starts. */
  public DoubleList starts() {
    return starts;
  }

  /** Returns what each step left over, the stride as the last. */
  public Funnel funnel() {
    return new Funnel(steps, advice);
  }

  /** Returns the trials, or null for a recording without. */
  public TrialStarts trials() {
    return trials;
  }

  /** Returns the intersection of all devices' filters; the whole range where there are none. */
  public List<TimeInterval> filterIntervals() {
    return filterIntervals;
  }

  private FilterAnswers filter(Function<Target, Filter> maker) {
    Map<String, Interpolator> opened = new LinkedHashMap<>();
    devices.forEach((name, device) -> opened.put(name, device.interpolator()));
    Map<String, Interpolator> all = Collections.unmodifiableMap(opened);
    List<Filtered> filtered = new ArrayList<>();
    List<ChunkTest> tests = new ArrayList<>();
    for (DatasetDevice device : devices.values()) {
      for (Target target : device.config().filters()) {
        String name = device.name() + ".filters." + target.key();
        String place = "modality_config." + name;
        String part = "the filter '" + target.name() + "'";
        boolean before = Interruptions.before();
        Filter filter = maker.apply(target);
        Optional<Predicate<double[]>> chunks =
            Answers.optional(filter.chunks(device.interpolator()), filter, "chunks");
        Interruptions.check(before, place, part);
        if (chunks.isPresent()) {
          tests.add(new ChunkTest(name, part, device, chunks.get()));
          continue;
        }
        List<TimeInterval> valid = filter.validIntervals(device.interpolator(), all);
        Interruptions.check(before, place, part);
        String fault = fault(valid);
        if (fault != null) {
          throw new ConfigException(
              target.source(),
              0,
              "modality_config." + name,
              part
                  + ": "
                  + filter.getClass().getName()
                  + ".validIntervals returned "
                  + fault
                  + ", expected a list of intervals, empty where nothing is valid");
        }
        filtered.add(new Filtered(name, Intervals.unique(valid)));
      }
    }
    for (DatasetDevice device : devices.values()) {
      device
          .interpolator()
          .gaps()
          .ifPresent(
              test ->
                  tests.add(
                      new ChunkTest(
                          device.name().concat(".max_gap"),
                          device.interpolator().getClass().getName(),
                          device,
                          test)));
    }
    return new FilterAnswers(filtered, tests);
  }

  /** Returns what of a filter's answer cannot be, or null. */
  private static @Nullable String fault(@Nullable List<TimeInterval> valid) {
    if (valid == null) {
      return "null";
    }
    for (TimeInterval interval : valid) {
      if (interval == null) {
        return "a list with null in it";
      }
      if (Double.isNaN(interval.start()) || Double.isNaN(interval.end())) {
        return "an interval from " + interval.start() + " to " + interval.end();
      }
    }
    return null;
  }

  private static List<TimeInterval> intersection(List<Filtered> filtered, TimeInterval range) {
    List<List<TimeInterval>> lists = new ArrayList<>();
    for (Filtered filter : filtered) {
      lists.add(filter.intervals());
    }
    return lists.isEmpty() ? List.of(range) : List.copyOf(Intervals.intersection(lists));
  }

  private void describeGrid(DatasetConfig config, DatasetSettings settings) {
    DatasetDevice leader = devices.get(lead);
    TimeInterval all = leader.interpolator().validInterval();
    double rate = settings.samplingRates().get(lead);
    step(
        "grid_points",
        Math.max(grid.length(), (long) Math.ceil((all.end() - all.start()) * rate)),
        lead + " at " + rate + " Hz from " + seconds(all.start()) + " to " + seconds(all.end()));
    String first = lead;
    String last = lead;
    for (DatasetDevice device : devices.values()) {
      TimeInterval valid = device.interpolator().validInterval();
      if (valid.start() > devices.get(first).interpolator().validInterval().start()) {
        first = device.name();
      }
      if (valid.end() < devices.get(last).interpolator().validInterval().end()) {
        last = device.name();
      }
    }
    step(
        "valid_range",
        grid.length(),
        seconds(settings.range().start())
            + " to "
            + seconds(settings.range().end())
            + ": "
            + first
            + " begins last, "
            + last
            + " ends first, safe_interval_threshold is "
            + config.safeIntervalThreshold()
            + " s");
  }

  private static String seconds(double time) {
    return Printable.digits(time) + " s";
  }

  private void step(String name, long left, String note) {
    steps.add(new Funnel.Step(name, left, note));
  }

  /** Returns which points conditions and filters leave, and notes how many each does. */
  private boolean[] narrow(List<Filtered> filtered) {
    boolean[] mask = mask(conditions, false);
    step("valid_condition", SampleMasks.count(mask), conditionNote());
    for (Filtered filter : filtered) {
      boolean[] usable = emptyMask();
      set(usable, filter.intervals());
      int alone = SampleMasks.count(usable);
      SampleMasks.and(mask, usable);
      step(filter.name(), SampleMasks.count(mask), "alone " + alone);
      if (alone == 0) {
        advice.add(
            filter.name()
                + " finds nothing valid from "
                + seconds(grid.start())
                + " to "
                + seconds(grid.end()));
      }
    }
    return mask;
  }

  private String conditionNote() {
    if (trials == null) {
      return "no trials";
    }
    if (conditions == null) {
      return "every trial: " + trials.count();
    }
    return ConditionAdvice.text(conditions)
        + ": "
        + SampleMasks.count(trials.match(conditions))
        + " of "
        + trials.count()
        + " trials";
  }

  private void describeStarts(DoubleList found, int stride) {
    int missing = found.length() - whole(found).length();
    step(
        "short_chunks",
        starts.length(),
        missing == 0
            ? ""
            : missing
                + " reach past a device's range: "
                + (skipShort
                    ? "left out"
                    : padShort ? "padded" : "they raise an error when they are read"));
    step(
        "sample_stride", starts.every(stride).length(), stride == 1 ? "" : "every " + stride + ".");
  }

  /** Returns whether a filter, or a limit to gaps, decides anything. */
  public boolean hasFilters() {
    return intervals || tested;
  }

  /** Returns the device whose conditions count: the lead, or a screen where the lead has none. */
  private DatasetDevice conditioned() {
    DatasetDevice leader = devices.get(lead);
    if (leader.config().validCondition() == null && !leader.isScreen()) {
      for (DatasetDevice device : devices.values()) {
        if (device.isScreen() && device.config().validCondition() != null) {
          return device;
        }
      }
    }
    return leader;
  }

  private void adviseUnused(DatasetDevice device, String conditioned, double rate) {
    String key = "modality_config.".concat(device.name());
    if (device.config().validCondition() != null && !device.name().equals(conditioned)) {
      advice.add(
          key
              + ".valid_condition has no effect: only that of the lead device, "
              + lead
              + ", or of a screen has");
    }
    if (device.config().includeBlanks()
        && conditions != null
        && !device.name().equals(conditioned)) {
      advice.add(
          key
              + ".include_blanks has no effect: only that of "
              + conditioned
              + ", whose valid_condition counts");
    }
    adviseSelected(device, key);
    adviseSqueezed(device, key);
    InterpolationConfig options = device.config().interpolation();
    List<String> normalizing = normalizing(device);
    if (normalizing.size() > 1) {
      advice.add(
          key
              + ": values are normalised "
              + (normalizing.size() == 2 ? "twice" : normalizing.size() + " times")
              + ", by "
              + String.join(" and by ", normalizing)
              + "; keep one of them");
    }
    double stored = device.interpolator().storedRate();
    if (stored < SLOW_RATE && rate > MOST_UPSAMPLING * stored) {
      advice.add(
          key
              + ".sampling_rate is "
              + Printable.digits(rate)
              + " Hz, over a hundred times the "
              + Printable.digits(stored)
              + " Hz that are stored, so that each value is read again and again; are sampling_rate,"
              + " start_time and end_time of its meta.yml in Hz and seconds?");
    }
    double chunk = device.clock().count() / rate;
    double offset = Math.abs(device.config().offset());
    TimeInterval range = device.interpolator().validInterval();
    // beyond the range no chunk has a sample, which is said where chunks are counted
    if (offset > MOST_OFFSET_CHUNKS * Math.max(chunk, 1) && offset < range.end() - range.start()) {
      advice.add(
          key
              + ".offset is "
              + Printable.digits(device.config().offset())
              + " s, over ten times the "
              + Printable.digits(chunk)
              + " s of a chunk: values are those of other events; is it in milliseconds?");
    }
    if (conditions != null
        && device.name().equals(conditioned)
        && device.isScreen()
        && device.config().offset() != 0) {
      advice.add(
          key
              + ".offset is "
              + Printable.digits(device.config().offset())
              + " s, and valid_condition chooses chunks by times without it: chunks hold frames of"
              + " trials that it leaves out; remove the offset, or give it to the other devices,"
              + " reversed");
    }
    if (!options.normalize()
        && (options.normalizeSubtractMean() || options.normalizeStdThreshold() != null)) {
      advice.add(
          key
              + ".interpolation."
              + (options.normalizeSubtractMean()
                  ? "normalize_subtract_mean"
                  : "normalize_std_threshold")
              + " has no effect without interpolation.normalize");
    }
    if (device.config().sampleStride() != 1 && !device.name().equals(lead)) {
      advice.add(key + ".sample_stride has no effect: only that of the lead device, " + lead);
    }
  }

  /**
   * Advises of listed values that no signal has, and of signals whose text differs from a listed
   * one in case or blanks alone.
   */
  private void adviseSelected(DatasetDevice device, String key) {
    if (device.config().select().isEmpty()) {
      return;
    }
    int stored = device.interpolator().columns().map(Columns::stored).orElse(0);
    if (stored == 0) {
      return;
    }
    device
        .config()
        .select()
        .forEach(
            (name, wanted) -> {
              SignalLabels labels = SignalLabels.read(device.folder(), name, stored);
              String at = key + ".select." + Printable.value(name);
              Set<String> absent = labels.absent(wanted);
              if (!absent.isEmpty()) {
                advice.add(
                    at
                        + " lists "
                        + Names.some(absent)
                        + ", which no signal has; values there: "
                        + labels.some());
              }
              Set<String> alike = labels.alike(wanted);
              if (!alike.isEmpty()) {
                advice.add(
                    at
                        + " leaves out signals with "
                        + Names.some(alike)
                        + ", which differ from what it asks for in case or blanks alone; correct"
                        + " the array, or list them");
              }
            });
  }

  /** Advises of a Resize whose lengths stand in the other order. */
  private void adviseSqueezed(DatasetDevice device, String key) {
    if (device.transforms().isEmpty()
        || !(device.interpolator().properties().get("image_size") instanceof List<?> size)
        || size.size() != 2) {
      return;
    }
    int height = ((Number) size.get(0)).intValue();
    int width = ((Number) size.get(1)).intValue();
    for (ScreenTransform transform : device.transforms()) {
      if (!(transform instanceof Resize resize)) {
        if (transform instanceof Normalize) {
          continue;
        }
        return; // frames of another size, perhaps
      }
      if (resize.width() > 0
          && FrameShape.areReversed(height, width, resize.height(), resize.width())) {
        advice.add(
            key
                + ".transforms: a Resize to size ["
                + resize.height()
                + ", "
                + resize.width()
                + "] squeezes frames of ["
                + height
                + ", "
                + width
                + "] to the reverse of their proportions: size is [height, width]");
      }
      return;
    }
  }

  /** Returns what normalises the values of a device, as messages name it. */
  private static List<String> normalizing(DatasetDevice device) {
    List<String> all = new ArrayList<>();
    if (device.config().interpolation().normalize()) {
      all.add("interpolation.normalize");
    }
    for (ScreenTransform transform : device.transforms()) {
      // one that subtracts nothing may well change the unit alone
      if (transform instanceof Normalize n && subtracts(n)) {
        all.add("a transform Normalize");
      }
    }
    if (device.config().normalization() != null) {
      all.add("transforms.normalization");
    }
    return all;
  }

  private static boolean subtracts(Normalize transform) {
    for (float mean : transform.mean()) {
      if (mean != 0) {
        return true;
      }
    }
    return false;
  }

  /** Advises where chunks show a frame of a trial that they were not to reach. */
  private void adviseStrayFrames(boolean[] left, int decimals) {
    DatasetDevice leader = devices.get(lead);
    if (trials == null
        || conditions == null && !withinTrial
        || leader.config().offset() != 0
        || !leader.isScreen()) {
      return;
    }
    boolean[] meets = conditions == null || withinTrial ? null : trials.match(conditions);
    StrayFrames stray = new StrayFrames(left, grid, leader.clock(), decimals, trials);
    stray.find(k -> meets == null || !meets[k]);
    int count = stray.count();
    if (count > 0) {
      advice.add(
          (withinTrial ? "within_trial: " : "modality_config." + lead + ".valid_condition: ")
              + count
              + " of "
              + SampleMasks.count(left)
              + (count == 1 ? " chunks shows" : " chunks show")
              + " a frame of a trial that "
              + (withinTrial ? "they do not begin in" : "it leaves out")
              + ", as that from "
              + seconds(stray.start())
              + " one of the trial from "
              + seconds(trials.start(stray.trial()))
              + ": frames count as shown from 0.1 ms before their time; another"
              + " safe_interval_threshold, by a millisecond, moves all chunks");
    }
  }

  /** Returns a device's conditions, null for every trial. */
  private List<TrialCondition> findConditions(ModalityConfig modality) {
    if (modality.validCondition() == null) {
      return null;
    }
    List<TrialCondition> conditions = new ArrayList<>(modality.validCondition());
    if (modality.includeBlanks()) {
      conditions.add(TrialCondition.of("tier", "blank"));
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

  /**
   * Returns which points of the grid lie in trials that satisfy the conditions.
   *
   * @param conditions null: every trial
   * @param filtered whether they must lie in the filters' valid intervals too
   */
  public boolean[] mask(List<TrialCondition> conditions, boolean filtered) {
    boolean[] mask = emptyMask();
    if (trials == null) {
      Arrays.fill(mask, true);
    } else {
      boolean[] meets = conditions == null ? null : trials.match(conditions);
      for (int k = 0; k < trials.count(); k++) {
        if (meets == null || meets[k]) {
          SampleMasks.set(mask, grid, trials.start(k), trials.end(k));
        }
      }
    }
    if (filtered && intervals) {
      boolean[] usable = emptyMask();
      set(usable, filterIntervals);
      SampleMasks.and(mask, usable);
    }
    return mask;
  }

  private void set(boolean[] mask, List<TimeInterval> intervals) {
    for (TimeInterval interval : intervals) {
      SampleMasks.set(mask, grid, interval.start(), interval.end());
    }
  }

  private boolean[] emptyMask() {
    try {
      return new boolean[grid.length()];
    } catch (OutOfMemoryError _) {
      throw tooManyPoints();
    }
  }

  private ConfigException tooManyPoints() {
    return DatasetSettings.wrong(
        "modality_config." + lead + ".sampling_rate",
        "gives a sample grid of "
            + grid.length()
            + " points, more than the heap has room for; choose a lower rate or a larger heap");
  }

  /** Returns the points of a mask at which a chunk of the lead device can start. */
  private boolean[] startsIn(boolean[] mask) {
    try {
      return SampleMasks.starts(mask, grid, leadSamples);
    } catch (OutOfMemoryError _) {
      throw tooManyPoints();
    }
  }

  /**
   * Returns the starts that are valid where filters do not count, ascending, without those of short
   * chunks where the configuration skips them.
   */
  public DoubleList findUnfiltered() {
    boolean[] left = startsIn(mask(conditions, false));
    if (withinTrial) {
      clearPastTrials(left);
    }
    DoubleList found = DoubleList.of(left, grid, left.length);
    return skipShort ? whole(found) : found;
  }

  private boolean[] wholeChunksOf(boolean[] mask) {
    boolean[] found = startsIn(mask);
    step(
        "whole_chunks",
        SampleMasks.count(found),
        leadSamples + " points each, the longest stretch has " + SampleMasks.longestRun(mask));
    return found;
  }

  private boolean hasTrials() {
    if (trials == null) {
      LOG.log(
          Level.WARNING,
          "within_trial is not applied: {0} has no screen, and the lead device {1} no trials",
          root,
          lead);
    }
    return trials != null;
  }

  private void keepWithinTrials(boolean[] left) {
    int before = SampleMasks.count(left);
    if (withinTrial) {
      clearPastTrials(left);
    }
    int after = SampleMasks.count(left);
    step(
        "within_trial",
        after,
        trials == null
            ? "not applied: no trials"
            : before - after + " end in another trial than they begin in");
  }

  /** Clears starts whose chunk leaves the trial in which it begins. */
  private void clearPastTrials(boolean[] left) {
    for (int k = 0; k < trials.count(); k++) {
      int end = grid.firstAtOrAfter(trials.end(k));
      // a chunk that begins before the next trial and has not as many points up to it
      int from = Math.max(grid.firstAtOrAfter(trials.start(k)), end - leadSamples + 1);
      if (from < end && end < left.length) {
        Arrays.fill(left, from, end, false);
      }
    }
  }

  private void judge(ChunkTest test, boolean[] left) {
    int before = SampleMasks.count(left);
    clearFailing(test, left);
    int after = SampleMasks.count(left);
    step(test.name(), after, before - after + " of " + before + " chunks fail");
    if (after == 0 && before > 0) {
      advice.add(test.name() + " finds no chunk valid");
    }
  }

  private void clearFailing(ChunkTest test, boolean[] left) {
    ChunkClock clock = test.device().clock();
    double[] times = new double[clock.count()];
    boolean before = Interruptions.before();
    for (int k = 0; k < left.length; k++) {
      if (left[k]) {
        clock.times(grid.time(k), times);
        clock.snap(times);
        left[k] = test.test().test(times);
      }
    }
    Interruptions.check(before, "modality_config.".concat(test.name()), test.part());
  }

  private DoubleList whole(DoubleList found) {
    int[] whole = wholeChunks(found);
    return found.range(whole[0], whole[1]);
  }

  /**
   * Returns which of ascending starts have a value for every sample of every device: from, to
   * (excluded).
   */
  private int[] wholeChunks(DoubleList ascending) {
    int from = 0;
    int to = ascending.length();
    for (DatasetDevice device : devices.values()) {
      Coverage coverage = device.interpolator().coverage();
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
        if (coverage.notAfter(clock.snap(clock.time(ascending.at(middle), clock.count() - 1)))) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      to = low;
    }
    return new int[] {from, to};
  }

  /** Says sentences of the recording. */
  public void warn(List<String> sentences) {
    for (String sentence : sentences) {
      Findings.warn(root, sentence);
    }
  }

  /**
   * Returns which trials a key's conditions take for what they are not, a sentence each: those of
   * every device that shows some, for any may lead.
   */
  public List<String> unlabelled(String key) {
    List<String> sentences = new ArrayList<>();
    if (trials != null) {
      sentences.addAll(trials.unlabelled(key));
    }
    for (DatasetDevice device : devices.values()) {
      if (!device.isScreen() || trials != null && trials.isOf(device.interpolator())) {
        continue;
      }
      Trials others = device.interpolator().trials().orElse(null);
      if (others != null) {
        for (String sentence : UnlabelledTrials.of(others, key)) {
          sentences.add(device.name() + ": " + sentence);
        }
      }
    }
    return sentences;
  }

  /** Logs what matches nothing, and how many chunks are short: reading those raises an error. */
  public void report() {
    warn(advice);
    reportPadding();
    if (leftOut > starts.length()) {
      Findings.warn(
          root,
          "short_chunks: skip leaves out "
              + leftOut
              + " of "
              + (leftOut + starts.length())
              + " chunks, which reach past a device's range: are offset and chunk_size right?");
    }
    int missing = skipShort || padShort ? 0 : starts.length() - whole(starts).length();
    if (missing > 0) {
      LOG.log(
          Level.WARNING,
          "{0} of {1} chunks of {2} reach past a device''s range and raise an error when read; short_chunks: skip leaves"
              + " them out",
          missing,
          starts.length(),
          root);
    }
  }

  /** Says of which device most chunks hold nothing but padding. */
  private void reportPadding() {
    int n = padShort ? starts.length() : 0;
    for (DatasetDevice device : n == 0 ? List.<DatasetDevice>of() : devices.values()) {
      Coverage coverage = device.interpolator().coverage();
      ChunkClock clock = device.clock();
      int early =
          first(
              n, i -> coverage.notBefore(clock.snap(clock.time(starts.at(i), clock.count() - 1))));
      int late = first(n, i -> !coverage.notAfter(clock.snap(clock.time(starts.at(i), 0))));
      int empty = early + n - Math.max(early, late);
      if (2 * empty > n) {
        Findings.warn(
            root,
            "short_chunks: pad: "
                + empty
                + " of "
                + n
                + " chunks have no sample of "
                + device.name()
                + ", all of it is padding: is modality_config."
                + device.name()
                + ".offset right, "
                + Printable.digits(device.config().offset())
                + " s?");
      }
    }
  }

  /** Returns the first of n that satisfies what all after it do; n for none. */
  private static int first(int n, IntPredicate test) {
    int low = 0;
    int high = n;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (test.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
