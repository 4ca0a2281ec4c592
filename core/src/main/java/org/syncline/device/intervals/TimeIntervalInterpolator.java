/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.intervals;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.ModalityConfig;
import org.syncline.config.schema.Names;
import org.syncline.device.Columns;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.Problems;
import org.syncline.device.Sampler;
import org.syncline.device.support.CoarseTimes;
import org.syncline.device.support.Findings;
import org.syncline.device.support.MatrixFinish;
import org.syncline.device.support.NanRule;
import org.syncline.device.support.Scratch;
import org.syncline.device.support.Shown;
import org.syncline.device.support.ValidTimes;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.storage.DataArena;
import org.syncline.storage.Npy;
import org.syncline.storage.SharedArena;
import org.syncline.storage.ValueHash;
import org.syncline.text.Printable;

/**
 * Says in which labelled intervals {@code [start, end)} times lie: bool (T, labels), labels in the
 * order of meta.yml.
 *
 * <p>An interval whose start is after its end (or NaN) is ignored; a label without an interval is
 * false everywhere. Each {@link #interpolate} and each {@link #sampler} logs a warning for both, as
 * the original warns each time. A time outside the device's range, NaN among them, has no value.
 *
 * <p>The intervals are read once at opening. Immutable and safe for use by several threads.
 */
public final class TimeIntervalInterpolator implements Interpolator {
  private final TimeIntervalMeta meta;
  private final DataArena arena;
  private final TimeInterval valid;
  private final List<String> labels;

  /** Starts and ends of each label's intervals: disjoint, ascending, none empty. */
  private final double[][] starts;

  private final double[][] ends;
  private final Problems warnings = new Problems();
  private final Problems silent = new Problems();
  private final Columns columns;

  /** Intervals that end too late, where these are most, and not by chance. */
  private static final int MANY_LATE = 3;

  /** Lengths of the device's range after which not even a single interval ends. */
  private static final double FAR_ENDS = 10;

  private TimeIntervalInterpolator(TimeIntervalMeta meta, ModalityConfig config, DataArena arena) {
    this.meta = meta;
    this.arena = arena;
    this.valid = new TimeInterval(meta.startTime(), meta.endTime());
    List<String> stored = List.copyOf(meta.labels().keySet());
    if (config.unitIds() != null) {
      throw new ConfigException(
          "configuration",
          0,
          "modality_config." + meta.folder().getFileName() + ".unit_ids",
          "labels have no unit ids; select them with columns");
    }
    this.columns = Columns.selected(meta.folder(), config, stored.size(), "labels");
    this.labels = Arrays.stream(columns.indices()).mapToObj(stored::get).toList();
    this.starts = new double[labels.size()][];
    this.ends = new double[labels.size()][];
    int all = 0;
    int outside = 0;
    for (int i = 0; i < labels.size(); i++) {
      List<TimeInterval> intervals = Intervals.unique(read(labels.get(i), meta.labels()));
      int beyond = outside(intervals);
      if (2 * beyond > intervals.size()) {
        boolean none = beyond == intervals.size();
        silent.warning(
            meta.labels().get(labels.get(i)),
            labels.get(i),
            (none ? "no interval" : intervals.size() - beyond + " of " + intervals.size())
                + " within the device's range",
            "intervals in " + meta.startTime() + " to " + meta.endTime(),
            "the label is false "
                + (none ? "everywhere" : "for the rest")
                + ": another unit than seconds, or another clock?");
      }
      outside += beyond;
      all += intervals.size();
      starts[i] = intervals.stream().mapToDouble(TimeInterval::start).toArray();
      ends[i] = intervals.stream().mapToDouble(TimeInterval::end).toArray();
    }
    if (all > 0 && outside == all) {
      Problems found = new Problems();
      found.error(
          meta.folder(),
          "labels",
          "no interval within the device's range, the first from " + firstStart() + " s",
          "intervals in " + meta.startTime() + " to " + meta.endTime(),
          "all labels are false everywhere: another unit than seconds, or another clock?");
      Findings.say(found);
    }
    Findings.say(silent);
  }

  private int outside(List<TimeInterval> intervals) {
    int n = 0;
    for (TimeInterval interval : intervals) {
      n += interval.end() < meta.startTime() || interval.start() > meta.endTime() ? 1 : 0;
    }
    return n;
  }

  private double firstStart() {
    double first = Double.POSITIVE_INFINITY;
    for (double[] s : starts) {
      first = s.length == 0 ? first : Math.min(first, s[0]);
    }
    return first;
  }

  private List<TimeInterval> read(String label, Map<String, Path> files) {
    Path file = files.get(label);
    double[] values = stored(file);
    if (values.length == 0) {
      warnings.warning(
          file,
          label,
          "no intervals for label: " + label,
          TimeIntervalCheck.SOME,
          "it is false everywhere");
    }
    List<TimeInterval> intervals = new ArrayList<>();
    double largest = 0;
    for (double value : values) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    CoarseTimes.check(file, Npy.header(file).dtype().type(), largest, values.length / 2, silent);
    int wrong = 0;
    int firstWrong = 0;
    for (int i = 0; i + 1 < values.length; i += 2) {
      double start = values[i];
      double end = values[i + 1];
      if (!(start <= end)) {
        firstWrong = wrong == 0 ? i : firstWrong;
        wrong++;
      } else if (start < end) {
        intervals.add(new TimeInterval(start, end));
      }
    }
    if (wrong > 0) {
      warnings.warning(
          file,
          label,
          "Invalid interval found for label: "
              + label
              + ", interval: ("
              + values[firstWrong]
              + ", "
              + values[firstWrong + 1]
              + "), row "
              + firstWrong / 2
              + (wrong == 1 ? "" : ", and " + (wrong - 1) + " more of " + values.length / 2),
          TimeIntervalCheck.ORDERED,
          wrong == 1 ? "it is ignored" : "they are ignored");
    }
    lateEnds(file, label, intervals);
    if (intervals.isEmpty() && hasEmpty(values)) {
      silent.warning(
          file,
          label,
          "intervals of no length alone",
          "start < end",
          "the label is false everywhere: write the end of each interval");
    }
    return intervals;
  }

  /** Warns where most intervals that begin in the device's range do not end in it. */
  private void lateEnds(Path file, String label, List<TimeInterval> intervals) {
    int begun = 0;
    int late = 0;
    double last = Double.NEGATIVE_INFINITY;
    for (TimeInterval interval : intervals) {
      if (interval.start() >= meta.startTime() && interval.start() <= meta.endTime()) {
        begun++;
        late += interval.end() > meta.endTime() ? 1 : 0;
        last = Double.isFinite(interval.end()) ? Math.max(last, interval.end()) : last;
      }
    }
    int endlessRow = endless(intervals);
    if (endlessRow >= 0) {
      silent.warning(
          file,
          label,
          "the interval from "
              + intervals.get(endlessRow).start()
              + " s without an end, and "
              + begunAfter(intervals, intervals.get(endlessRow).start())
              + " that begin later",
          "an end for each, before others begin",
          "the label is true from there to the end: write the time at which it ended");
      return;
    }
    // a last one, or the only one, may well be said to end whenever
    boolean far = last - meta.endTime() > FAR_ENDS * (meta.endTime() - meta.startTime());
    if (2 * late > begun && (late >= MANY_LATE || far)) {
      silent.warning(
          file,
          label,
          late
              + " of "
              + begun
              + " intervals end after the device, "
              + (Double.isFinite(last) ? "the last at " + last + " s" : "none at a finite time"),
          "ends up to " + meta.endTime() + ", end_time",
          "the label is true from the first of them on: are ends in another unit than starts, or"
              + " durations?");
    }
  }

  /** Returns the first interval that never ends though others of the label begin later, or -1. */
  private static int endless(List<TimeInterval> intervals) {
    double latest = Double.NEGATIVE_INFINITY;
    for (TimeInterval interval : intervals) {
      latest = Math.max(latest, interval.start());
    }
    for (int i = 0; i < intervals.size(); i++) {
      if (intervals.get(i).end() == Double.POSITIVE_INFINITY && intervals.get(i).start() < latest) {
        return i;
      }
    }
    return -1;
  }

  private static int begunAfter(List<TimeInterval> intervals, double start) {
    int later = 0;
    for (TimeInterval interval : intervals) {
      later += interval.start() > start ? 1 : 0;
    }
    return later;
  }

  private static boolean hasEmpty(double[] values) {
    for (int i = 0; i + 1 < values.length; i += 2) {
      if (values[i] == values[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /** Returns the starts and ends in a file. */
  private static double[] stored(Path file) {
    Npy.Doubles array = Npy.readDoubles(file);
    if (array.values().length > 0 && (array.shape().length != 2 || array.shape()[1] != 2)) {
      throw RecordingException.of(
          file,
          "shape",
          Arrays.toString(array.shape()),
          "(n, 2): start and end of each interval",
          array.shape().length == 2 && array.shape()[0] == 2 ? "it looks transposed" : null);
    }
    return array.values();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Read anew at each call. An interval whose start is after its end (or NaN) is left out.
   */
  @Override
  public Optional<Map<String, List<TimeInterval>>> labelledIntervals() {
    arena.ensureOpen();
    Map<String, List<TimeInterval>> all = new LinkedHashMap<>();
    meta.labels()
        .forEach(
            (label, file) -> {
              double[] values = stored(file);
              List<TimeInterval> intervals = new ArrayList<>();
              for (int i = 0; i + 1 < values.length; i += 2) {
                if (values[i] <= values[i + 1]) {
                  intervals.add(new TimeInterval(values[i], values[i + 1]));
                }
              }
              all.put(label, intervals);
            });
    return Optional.of(all);
  }

  /**
   * Opens the labels in a folder.
   *
   * @throws RecordingException for another kind of device, and as of {@link #open(TimeIntervalMeta,
   *     ModalityConfig, boolean)}
   */
  public static TimeIntervalInterpolator open(Path folder, ModalityConfig config, boolean cache) {
    MetaFile file = MetaFile.read(folder);
    file.expectModality(TimeIntervalModality.NAME);
    return open(TimeIntervalModality.meta(file), config, cache);
  }

  /**
   * Opens labels: a .npy file each, (n, 2), any real type.
   *
   * @param config selected labels; nothing else of it applies
   * @param cache changes nothing: the intervals are always in memory
   * @throws RecordingException where a file is missing or wrong
   * @throws org.syncline.error.ConfigException where an option is wrong
   */
  public static TimeIntervalInterpolator open(
      TimeIntervalMeta meta, ModalityConfig config, boolean cache) {
    DataArena arena = new DataArena("TimeIntervalInterpolator " + meta.folder());
    boolean opened = false;
    try {
      TimeIntervalInterpolator result = new TimeIntervalInterpolator(meta, config, arena);
      opened = true;
      return result;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  @Override
  public double startTime() {
    return meta.startTime();
  }

  @Override
  public double endTime() {
    return meta.endTime();
  }

  @Override
  public TimeInterval validInterval() {
    return valid;
  }

  /** Returns the device's folder. */
  public Path folder() {
    return meta.folder();
  }

  /** Returns the (selected) labels, one a column. */
  public List<String> labels() {
    return labels;
  }

  @Override
  public Optional<Columns> columns() {
    return Optional.of(columns);
  }

  @Override
  public String valueHash() {
    ValueHash hash = new ValueHash();
    for (int i = 0; i < starts.length; i++) {
      hash.add(starts[i]).add(ends[i]);
    }
    return hash.text();
  }

  @Override
  public Map<String, Object> properties() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("modality", meta.modality());
    all.put("labels", List.copyOf(meta.labels().keySet()));
    return all;
  }

  private void warn() {
    Findings.say(warnings);
  }

  @Override
  public Interpolation interpolate(double[] times) {
    arena.ensureOpen();
    int[] indices = valid.intersect(times);
    if (indices.length == 0) {
      ValidTimes.warnOfNone(meta.folder(), times.length, valid);
    } else {
      warn();
    }
    long[] shape = {indices.length, labels.size()};
    MemorySegment values = Arena.ofAuto().allocate(Tensor.elements(shape), 64);
    double[] asked = ValidTimes.select(times, indices);
    write(asked, asked.length, values, 0);
    return new Interpolation(new Tensor(ElementType.BOOL, shape, values), indices);
  }

  private void write(double[] times, int count, MemorySegment dst, long dstOffset) {
    int n = labels.size();
    for (int j = 0; j < n; j++) {
      double[] s = starts[j];
      double[] e = ends[j];
      int k = -1;
      for (int i = 0; i < count; i++) {
        double t = times[i];
        // times mostly ascend: from the interval of the last one on
        if (k >= 0 && t < s[k]) {
          k = lastAtMost(s, t);
        }
        while (k + 1 < s.length && s[k + 1] <= t) {
          k++;
        }
        boolean inside = k >= 0 && t < e[k];
        dst.set(JAVA_BYTE, dstOffset + (long) i * n + j, (byte) (inside ? 1 : 0));
      }
    }
  }

  private static int lastAtMost(double[] s, double t) {
    int low = 0;
    int high = s.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (s[middle] <= t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException for screen transforms, statistics of a wrong length, or an
   *     element type that is neither bool nor floating
   */
  @Override
  public Optional<Sampler> fused(Finish finish) {
    return Optional.of(sampler(finish));
  }

  @Override
  public Sampler sampler() {
    return sampler(Finish.NONE);
  }

  /** Same as {@link #fused}. */
  public Sampler sampler(Finish finish) {
    arena.ensureOpen();
    warn();
    return new LabelSampler(
        new MatrixFinish(ElementType.BOOL, labels.size(), false, finish, folder()));
  }

  /** Returns folder, range and what is stored, also after close. */
  @Override
  public String toString() {
    return Shown.of(
        this,
        meta.folder(),
        "labels " + Names.some(labels.stream().map(Printable::value).toList()));
  }

  @Override
  public void close() {
    arena.close();
  }

  final class LabelSampler implements Sampler {
    private final MatrixFinish finish;

    LabelSampler(MatrixFinish finish) {
      this.finish = finish;
    }

    @Override
    public ElementType type() {
      return finish.type();
    }

    @Override
    public long[] shape(int samples) {
      return new long[] {samples, labels.size()};
    }

    @Override
    public String toString() {
      return "LabelSampler(" + TimeIntervalInterpolator.this + ")";
    }

    @Override
    public Cursor cursor(int maxSamples) {
      arena.ensureOpen();
      if (maxSamples < 0) {
        throw new IllegalArgumentException("maxSamples " + maxSamples + ", expected 0 or more");
      }
      // shared: a reader may be opened by one thread and used by another
      return cursor(maxSamples, new SharedArena());
    }

    /** Opens a cursor that owns the arena given. */
    LabelCursor cursor(int maxSamples, Arena scratch) {
      return Scratch.owned(scratch, a -> new LabelCursor(maxSamples, finish, a));
    }
  }

  final class LabelCursor implements Sampler.Cursor {
    private final int maxSamples;
    private final MatrixFinish finish;
    private final Arena scratch;

    /** Bool values before they are finished; null where they go straight out. */
    private final MemorySegment flags;

    private final NanRule.Cursor nans;
    private boolean closed;

    LabelCursor(int maxSamples, MatrixFinish finish, Arena scratch) {
      this.maxSamples = maxSamples;
      this.scratch = scratch;
      this.finish = finish;
      nans = finish.nans().cursor(scratch, folder(), folder(), NanRule.COLUMNS);
      this.flags =
          finish.isPlain()
              ? null
              : scratch.allocate(Math.max(8, (long) maxSamples * labels.size()), 64);
    }

    @Override
    public int read(double[] times, int count, MemorySegment dst, long dstOffset) {
      ValidTimes.check(times, count, maxSamples);
      arena.ensureOpen();
      if (closed) {
        throw new ClosedException("cursor of " + folder());
      }
      int n = ValidTimes.count(valid, times, count);
      if (n < count) {
        return n;
      }
      arena.enter();
      try {
        if (flags == null) {
          write(times, count, dst, dstOffset);
        } else {
          write(times, count, flags, 0);
          finish.write(flags, count, dst, dstOffset);
          nans.apply(dst, dstOffset, 1, count, times);
        }
      } finally {
        arena.exit();
        // kernels know it and statistics by their addresses alone: an automatic arena must not be
        // freed under them
        Reference.reachabilityFence(dst);
        Reference.reachabilityFence(this);
      }
      return n;
    }

    @Override
    public long replacedNaNs() {
      return nans.replaced();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        scratch.close();
      }
    }
  }
}
