/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Columns;
import org.syncline.device.Coverage;
import org.syncline.device.Finish;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.MissingSamples;
import org.syncline.device.Problems;
import org.syncline.device.Sampler;
import org.syncline.device.StoredRows;
import org.syncline.device.support.CoarseTimes;
import org.syncline.device.support.ColumnMoments;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.Findings;
import org.syncline.device.support.LostSteps;
import org.syncline.device.support.Shown;
import org.syncline.device.support.StatisticsFit;
import org.syncline.device.support.StoredZeros;
import org.syncline.device.support.ValidTimes;
import org.syncline.device.support.WindowLength;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.format.DiskCache;
import org.syncline.format.Statistics;
import org.syncline.interval.TimeInterval;
import org.syncline.kernel.NanRowsPass;
import org.syncline.kernel.NanSearchPass;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.DataArena;
import org.syncline.storage.Dtype;
import org.syncline.storage.FileWatch;
import org.syncline.storage.RowArray;
import org.syncline.storage.StoredDoubles;
import org.syncline.storage.ValueHash;
import org.syncline.sum.PairwiseSum;
import org.syncline.transform.Normalization;

/**
 * Reads signals sampled at a constant rate, or at the times in {@code timestamps.npy} where
 * meta.yml has no rate.
 *
 * <p>Row {@code i = floor((t - start) / dt)} with {@code dt = 1 / rate} in float64; of an irregular
 * sequence, the last row whose timestamp is at most {@code t}. Modes:
 *
 * <ul>
 *   <li>{@code nearest_neighbor}, {@code previous}: row {@code i} as stored, type and NaN kept.
 *   <li>{@code nearest}: row {@code i}, or {@code i + 1} where the time is nearer to it and it
 *       exists; at equal distance the earlier one, so that no sample of the future wins a tie.
 *   <li>{@code linear}: float64 between rows {@code i} and {@code i + 1}; a time whose row {@code i
 *       + 1} is past the end has no value. Without {@code keep_nans} NaN become the mean of their
 *       column over the rows returned, NaN ignored.
 *   <li>{@code mean}: the average over {@code [t, t + window)} (or centred on t, or before it),
 *       rows weighted by overlap, row k standing for the time up to that of row k + 1, the last of
 *       an irregular sequence for the usual step. NaN is left out; a window without any number is
 *       NaN. At the ends of the data the average is over what there is. Accumulated in float64;
 *       float64 stays float64, every other type becomes float32. A time has a value where it has
 *       one with {@code previous}.
 * </ul>
 *
 * <p>A time outside the valid interval or whose row lies past the stored data has no value, and of
 * an irregular sequence one that {@code max_gap} forbids: whose sample lies farther away, or whose
 * two neighbours lie farther apart, and which hits none. With {@code normalize} the values are
 * multiplied by the precision, 1/std, after the mean was subtracted where asked for, in their
 * floating type (integers in float32).
 *
 * <p>Immutable and safe for use by several threads; {@link #close} may race with uses, which then
 * raise ClosedException. It owns the maps and caches.
 */
public sealed class SequenceInterpolator implements Interpolator
    permits PhaseShiftedSequenceInterpolator {
  /** Elements that the scan for NaN asks of one kernel call. */
  private static final int SCAN_ELEMENTS = 1 << 16;

  /** Samples that a signal is plausibly recorded after the row's time. */
  private static final double MOST_SHIFT = 1.001;

  /** Timestamps that are checked at a time. */
  private static final int TIMES_PIECE = 4096;

  final SequenceMeta meta;
  final DataArena arena;
  final SamplingRule rule;
  final boolean keepNans;

  /** Every stored signal, as stored. */
  private final RowArray stored;

  /** The selected signals, cached where asked for. */
  final RowArray view;

  private final Columns columns;
  final double start;
  private final double end;
  final double dt;

  /** Times of the rows of an irregular sequence, else null. */
  final StoredDoubles times;

  /** Null without a limit. */
  final GapLimit gaps;

  /** Null for modes that average nothing. */
  final MeanWindow mean;

  /**
   * Statistics of the interpolator's own normalisation; null for none. Precisions stand in the
   * place of stds.
   */
  final Normalization precision;

  private final TimeInterval valid;
  private final Sampler plain;

  SequenceInterpolator(Parts parts, TimeInterval valid) {
    this.meta = parts.meta;
    this.arena = parts.arena;
    this.rule = parts.rule;
    this.keepNans = parts.keepNans;
    this.stored = parts.stored;
    this.view = parts.view;
    this.columns = parts.columns;
    this.start = parts.start;
    this.end = parts.end;
    this.dt = 1 / parts.meta.samplingRate();
    this.times = parts.times;
    this.gaps = parts.gaps;
    this.mean = parts.mean;
    this.precision = parts.precision;
    this.valid = valid;
    this.plain = new SequenceSampler(this, parts.shifts, Finish.NONE);
  }

  /**
   * Opens the sequence in a folder.
   *
   * @throws RecordingException for another kind of device, and as of {@link #open(SequenceMeta,
   *     ModalityConfig, boolean)}
   */
  public static SequenceInterpolator open(Path folder, ModalityConfig config, boolean cache) {
    MetaFile file = MetaFile.read(folder);
    file.expectModality(SequenceModality.NAME);
    return open(SequenceModality.meta(file), config, cache);
  }

  /**
   * Opens a sequence; one with {@code phase_shift_per_signal} as a {@link
   * PhaseShiftedSequenceInterpolator}.
   *
   * @param config mode, selected columns and the interpolator's normalisation
   * @param cache whether the data is read into memory once; memory-mapped data becomes float32
   * @throws RecordingException where a file is missing or wrong
   * @throws ConfigException where an option is wrong
   */
  public static SequenceInterpolator open(SequenceMeta meta, ModalityConfig config, boolean cache) {
    DataArena arena = new DataArena("SequenceInterpolator " + meta.folder());
    boolean opened = false;
    try {
      Parts parts = new Parts(meta, config, cache, arena);
      SequenceInterpolator result =
          meta.phaseShifted()
              ? new PhaseShiftedSequenceInterpolator(parts)
              : new SequenceInterpolator(parts, new TimeInterval(parts.start, parts.end));
      result.checkFit();
      opened = true;
      return result;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /** Compares the statistics that it normalises with itself with some rows. */
  private void checkFit() {
    if (precision != null) {
      double[] stds = Arrays.stream(precision.stds()).map(p -> 1 / p).toArray();
      Path file = Statistics.file(meta.folder(), "stds");
      StatisticsFit.say(new SequenceRows(this), precision.means(), stds, columns::column, file);
      if (!view.type().isFloating() && rule != SamplingRule.LINEAR) {
        LostSteps.say(
            new SequenceRows(this),
            ElementType.FLOAT32,
            meta.folder(),
            "interpolation.normalize",
            "they are normalised in float32: store them as float64, or less their first value");
      }
    }
  }

  @Override
  public double startTime() {
    return start;
  }

  @Override
  public double endTime() {
    return end;
  }

  @Override
  public TimeInterval validInterval() {
    return valid;
  }

  /** Returns the device's folder. */
  public Path folder() {
    return meta.folder();
  }

  /** Returns the number of (selected) signals. */
  public int signals() {
    return view.columns();
  }

  /** Returns the number of stored signals, selected or not. */
  public int storedSignals() {
    return stored.columns();
  }

  /** Returns the number of stored rows. */
  public long rows() {
    return stored.rows();
  }

  /** Returns the stored rate in Hz, NaN for an irregular sequence. */
  public double samplingRate() {
    return meta.samplingRate();
  }

  /** Returns the element type as read: stored, or float32 where memory-mapped data is cached. */
  public ElementType storedType() {
    return view.type();
  }

  /**
   * Returns the time of a stored row in seconds: {@code start + row * dt}, or its timestamp. Phase
   * shifts play no part.
   *
   * @throws IndexOutOfBoundsException for a row outside the data of an irregular sequence
   */
  public double timeOf(long row) {
    if (times == null) {
      return start + row * dt;
    }
    try {
      return times.get(Math.toIntExact(row));
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  @Override
  public Optional<Columns> columns() {
    return Optional.of(columns);
  }

  /** Returns the stored column of a selected one. */
  int storedColumn(int column) {
    return columns.column(column);
  }

  @Override
  public double storedRate() {
    return meta.samplingRate();
  }

  @Override
  public long sampleAt(double time) {
    if (rule.blends() || rule.averages() || shifts() != null || !valid.contains(time)) {
      return -1;
    }
    arena.enter();
    try {
      if (times != null) {
        return SequenceSampler.irregularRow(times, rule, time);
      }
      double place = (time - start) / dt;
      double row = Math.floor(place);
      return (long)
          (rule.takesNext(place, row, start, dt, time) && row + 1 < rows() ? row + 1 : row);
    } finally {
      arena.exit();
    }
  }

  @Override
  public Optional<double[]> storedTimes(double from, double to) {
    if (times == null) {
      return Optional.empty();
    }
    arena.ensureOpen();
    try {
      return Optional.of(times.copy(times.firstNotBelow(from, 0), times.firstNotBelow(to, 0)));
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>With phase shifts, of every signal: the one that is read furthest ahead is the first to pass
   * the end of the data.
   */
  @Override
  public Coverage coverage() {
    double ahead = Double.POSITIVE_INFINITY;
    if (shifts() != null) {
      for (double shift : shifts()) {
        ahead = Math.min(ahead, shift);
      }
    }
    double shift = ahead == Double.POSITIVE_INFINITY ? 0 : ahead;
    long lastRow = rows() - (rule.blends() ? 2 : 1);
    return new Coverage() {
      @Override
      public boolean notBefore(double t) {
        return t >= valid.start();
      }

      @Override
      public boolean notAfter(double t) {
        if (!(t <= valid.end())) {
          return false;
        }
        if (times != null) {
          return rows() > 0 && (lastRow == rows() - 1 || lastRow >= 0 && t < timeOf(lastRow + 1));
        }
        return Math.floor((t - shift - start) / dt) <= lastRow;
      }

      @Override
      public String toString() {
        return "Coverage(" + valid + ", rows 0 to " + lastRow + ")";
      }
    };
  }

  @Override
  public Optional<Predicate<double[]>> gaps() {
    return gaps == null ? Optional.empty() : Optional.of(gaps.chunks(this));
  }

  /** Returns whether those of some times that lie in the range and have a row have a value. */
  boolean allowsAll(double[] asked) {
    for (double t : asked) {
      int row = valid.contains(t) ? SequenceSampler.irregularRow(times, rule, t) : -1;
      if (row >= 0 && !gaps.allows(t, row)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Optional<MissingSamples> missingSamples() {
    return Optional.of(missingSamples(DiskCache::system, NanRows.REMEMBER_BYTES));
  }

  /**
   * Same as {@link #missingSamples()} with another cache.
   *
   * @param rememberBytes size from which files are looked up there
   */
  public MissingSamples missingSamples(Supplier<DiskCache> cache, long rememberBytes) {
    return new NanRows(this, cache, rememberBytes);
  }

  @Override
  public Optional<DoubleBinaryOperator> finiteShare() {
    arena.enter();
    try {
      return Optional.of(new FiniteShares(this));
    } finally {
      arena.exit();
    }
  }

  /** Returns the last row whose time is not after a time in seconds; -1 or less for none. */
  long heldRow(double t) {
    if (times == null) {
      return (long) Math.floor((t - start) / dt);
    }
    int next = times.firstNotBelow(t, 0);
    return next < times.length() && times.get(next) == t ? next : next - 1L;
  }

  @Override
  public Optional<Normalization> computeStatistics() {
    return Optional.of(SignalStatistics.of(this, DiskCache.system()));
  }

  @Override
  public Optional<StoredRows> storedRows() {
    arena.ensureOpen();
    return Optional.of(new SequenceRows(this));
  }

  @Override
  public String contents() {
    return rows()
        + " x "
        + signals()
        + " "
        + storedType().numpyName()
        + (meta.irregular() ? " with times of its own" : " at " + samplingRate() + " Hz")
        + (precision == null
            ? ""
            : ", normalised by "
                + Integer.toHexString(
                    31 * Arrays.hashCode(precision.means()) + Arrays.hashCode(precision.stds())));
  }

  @Override
  public String valueHash() {
    arena.enter();
    try {
      ValueHash hash = new ValueHash().add(stored);
      if (times != null) {
        hash.add(times.length(), i -> Double.doubleToRawLongBits(times.get((int) i)));
      }
      double[] shifts = shifts();
      return (shifts == null ? hash : hash.add(shifts)).text();
    } finally {
      arena.exit();
    }
  }

  @Override
  public Map<String, Object> properties() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("modality", meta.modality());
    all.put("phase_shift_per_signal", meta.phaseShifted());
    all.put("sampling_rate", meta.irregular() ? null : meta.samplingRate());
    all.put("n_signals", signals());
    return all;
  }

  /**
   * Computes mean and population standard deviation of each selected signal over all rows, NaN
   * ignored, accumulated in float64; NaN for a signal that is NaN throughout. Reads all data twice.
   *
   * @throws org.syncline.error.ClosedException after close
   * @throws RecordingException where the file shrank or cannot be read
   */
  public Normalization statistics() {
    arena.enter();
    int n = signals();
    try (Arena scratch = Arena.ofConfined()) {
      ColumnMoments moments = new ColumnMoments(view.type(), n, scratch);
      SequenceRows rows = new SequenceRows(this);
      rows.read(0, view.rows(), moments::add);
      moments.endSums();
      rows.read(0, view.rows(), moments::addSquares);
      return new Normalization(moments.means(), moments.stds());
    } finally {
      arena.exit();
    }
  }

  /**
   * Calls back for each stored row with a NaN in any stored signal (selected or not), in order;
   * infinity is none. Types without NaN are not read.
   *
   * @throws org.syncline.error.ClosedException after close
   * @throws RecordingException where the file shrank or cannot be read
   */
  public void forEachNaNRow(LongConsumer action) {
    ElementType type = stored.type();
    int n = stored.columns();
    if (!type.isFloating() || n == 0) {
      arena.ensureOpen();
      return;
    }
    arena.enter();
    try (Arena scratch = Arena.ofConfined()) {
      RowReader reader = new RowReader(stored, scratch);
      int block = stored.isDirect() ? Math.max(1, SCAN_ELEMENTS / n) : 1;
      MemorySegment any = scratch.allocate(block);
      NanSearchPass search = NanSearchPass.of(type);
      NanRowsPass searchRows = NanRowsPass.of(type, n);
      for (long first = 0; first < stored.rows(); first += block) {
        int count = (int) Math.min(block, stored.rows() - first);
        MemorySegment rows = reader.segment(first, count);
        long offset = reader.offset();
        if (!search.run(rows, offset, count * n)) {
          continue;
        }
        searchRows.run(rows, offset, count, any, 0);
        for (int i = 0; i < count; i++) {
          if (any.get(JAVA_BYTE, i) != 0) {
            action.accept(first + i);
          }
        }
      }
    } finally {
      arena.exit();
    }
  }

  private int locate(SequenceSampler.SequenceCursor cursor, double[] times, int[] indices) {
    try {
      return cursor.locate(times, times.length, indices);
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  @Override
  public Interpolation interpolate(double[] times) {
    arena.ensureOpen();
    int[] indices = new int[times.length];
    try (SequenceSampler.SequenceCursor cursor =
        ((SequenceSampler) plain).cursor(Math.max(1, times.length), Arena.ofConfined())) {
      int count = locate(cursor, times, indices);
      if (count == 0) {
        ValidTimes.warnOfNone(folder(), times.length, valid);
      }
      long[] shape = plain.shape(count);
      ElementType type = plain.type();
      long bytes = Tensor.elements(shape) * type.bytes();
      MemorySegment values = Arena.ofAuto().allocate(bytes, 64);
      cursor.read(times, times.length, values, 0);
      return new Interpolation(new Tensor(type, shape, values), Arrays.copyOf(indices, count));
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Reads one kernel call a row, straight into the destination; equal rows that follow each
   * other are computed once.
   *
   * @throws IllegalArgumentException for screen transforms, statistics of a wrong length, or an
   *     element type that is neither the natural one nor floating
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
    return new SequenceSampler(this, shifts(), finish);
  }

  /** Returns the shifts of the selected signals, null where there are none. */
  double[] shifts() {
    return null;
  }

  /** Returns folder, range and what is stored, also after close. */
  @Override
  public String toString() {
    return Shown.of(this, meta.folder(), contents());
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Gives rows of an array as memory that kernels may read. */
  static final class RowReader {
    private final RowArray array;
    private final MemorySegment copy;
    private long offset;

    RowReader(RowArray array, Arena scratch) {
      this.array = array;
      this.copy = array.isDirect() ? null : scratch.allocate(Math.max(8, array.rowBytes()), 64);
    }

    MemorySegment segment(long row) {
      return segment(row, 1);
    }

    /** More than one row only of a direct array. */
    MemorySegment segment(long row, int count) {
      return segment(row, count, 0, array.columns());
    }

    /** Likewise, of which some columns alone are looked at. */
    MemorySegment segment(long row, int count, int column, int columns) {
      if (copy == null) {
        array.guardColumns(row, count, column, columns);
        offset = array.rowOffset(row);
        return array.segment();
      }
      array.copyRow(row, copy, 0);
      offset = 0;
      return copy;
    }

    /** Returns the byte offset of the row asked for last. */
    long offset() {
      return offset;
    }
  }

  /** What opening finds out. */
  static final class Parts {
    final SequenceMeta meta;
    final DataArena arena;
    final SamplingRule rule;
    final boolean keepNans;
    final RowArray stored;
    final RowArray view;
    final Columns columns;
    final StoredDoubles times;
    final GapLimit gaps;
    final MeanWindow mean;
    final double start;
    final double end;
    final double[] shifts;
    final Normalization precision;

    Parts(SequenceMeta meta, ModalityConfig config, boolean cache, DataArena arena) {
      InterpolationConfig options = config.interpolation();
      this.meta = meta;
      this.arena = arena;
      this.rule = SamplingRule.of(options.mode());
      this.keepNans = options.keepNans();
      FileChecks.unread(
          meta.folder().resolve(meta.memMapped() ? "data.npy" : "data.mem"), meta.dataFile());
      this.stored = openData(meta, arena);
      check(meta, stored);
      this.times = meta.irregular() ? readTimes(meta, stored.rows(), arena.arena()) : null;
      if (times != null) {
        Problems found = new Problems();
        int n = times.length();
        SequenceClock.range(meta, n, times::get, found);
        if (n > 0) {
          double largest = Math.max(Math.abs(times.get(0)), Math.abs(times.get(n - 1)));
          CoarseTimes.check(meta.timestampsFile(), times.type(), largest, found);
        }
        if (options.maxGap() == null) {
          SequenceClock.gaps(meta.timestampsFile(), n, times::get, found);
        }
        Findings.say(found);
      }
      boolean fromTimes = times != null && !meta.timesDeclared();
      this.start = !fromTimes ? meta.startTime() : times.length() > 0 ? times.get(0) : Double.NaN;
      this.end =
          !fromTimes
              ? meta.endTime()
              : times.length() > 0 ? times.get(times.length() - 1) : Double.NaN;
      this.mean = MeanWindow.of(meta, config, Math.max(Math.abs(start), Math.abs(end)));
      if (mean != null && options.meanWindow() != null) {
        WindowLength.check(meta.folder(), "window", mean.seconds(), start, end);
      }
      this.gaps = limit(meta, options.maxGap());
      this.columns = Columns.selected(meta.folder(), config, stored.columns(), "signals");
      RowArray selected = columns.isAll() ? stored : stored.select(columns.indices());
      this.view =
          cache
              ? selected.cached(meta.memMapped() ? ElementType.FLOAT32 : null, arena.arena())
              : selected;
      if (cache && meta.memMapped()) {
        CacheLoss.check(selected);
      }
      if (view.isMapped()) {
        FileWatch.add(meta.dataFile(), arena.arena());
      }
      // ids are read where a configuration asks for them; a link to nothing is said to everybody
      Findings.isThere(Statistics.file(meta.folder(), "unit_ids"));
      Path shiftsFile = Statistics.file(meta.folder(), "phase_shifts");
      if (!meta.phaseShifted() && Findings.isThere(shiftsFile)) {
        Findings.warn(
            shiftsFile,
            null,
            "a file that is not read: phase_shift_per_signal of meta.yml is not true",
            "no such file, or phase_shift_per_signal: true",
            "every signal is read at the time of its row; correct meta.yml, or remove the file");
      }
      this.shifts = meta.phaseShifted() ? readShifts(meta, columns) : null;
      this.precision = options.normalize() ? precision(meta, options, columns) : null;
    }

    private GapLimit limit(SequenceMeta meta, Double most) {
      if (most == null || times != null) {
        return most == null ? null : new GapLimit(times, rule, most, mean);
      }
      Findings.warn(
          meta.folder().resolve("meta.yml"),
          "sampling_rate",
          meta.samplingRate() + ", so that max_gap has no effect",
          "a sequence with its own timestamps.npy where max_gap is set",
          "remove max_gap from this device");
      return null;
    }

    private static RowArray openData(SequenceMeta meta, DataArena arena) {
      Path file = meta.dataFile();
      if (meta.memMapped()) {
        Dtype dtype = Dtype.parse(meta.dtype(), meta.folder().resolve("meta.yml"), "dtype");
        return ArrayFiles.openRaw(file, dtype, meta.timestamps(), meta.signals(), arena.arena());
      }
      return ArrayFiles.openNpy(file, arena.arena());
    }

    /** Says what does not fit together, though it can be read. */
    private static void check(SequenceMeta meta, RowArray data) {
      SequenceShape.check(meta, data.rows(), data.columns());
      Problems found = new Problems();
      SequenceShape.compare(meta, data, found);
      SequenceClock.check(meta, data.rows(), data.columns(), false, found);
      Findings.say(found);
    }

    private static StoredDoubles readTimes(SequenceMeta meta, long rows, Arena owner) {
      Path file = meta.timestampsFile();
      StoredDoubles times = StoredDoubles.open(file, owner);
      FileWatch.add(file, owner);
      if (!Statistics.fits(times.shape(), times.length())) {
        throw RecordingException.of(
            file,
            "shape",
            FileChecks.shapeText(times.shape()),
            "one axis: one time for each row",
            null);
      }
      if (times.length() != rows) {
        throw RecordingException.of(
            file,
            null,
            times.length() + " timestamps",
            rows + ", one for each row of " + meta.dataFile().getFileName(),
            null);
      }
      double before = Double.NEGATIVE_INFINITY;
      for (int from = 0; from < times.length(); from += TIMES_PIECE) {
        double[] piece = times.copy(from, Math.min(times.length(), from + TIMES_PIECE));
        for (int i = 0; i < piece.length; i++) {
          if (!Double.isFinite(piece[i]) || piece[i] <= before) {
            throw RecordingException.of(
                file,
                "element " + (from + i),
                String.valueOf(piece[i]),
                from + i == 0
                    ? "a finite time"
                    : "a finite time above " + before + ", the one before",
                "timestamps of a sequence must increase strictly");
          }
          before = piece[i];
        }
      }
      return times;
    }

    private static double[] readShifts(SequenceMeta meta, Columns columns) {
      if (meta.irregular()) {
        throw RecordingException.of(
            meta.folder().resolve("meta.yml"),
            "phase_shift_per_signal",
            "true without sampling_rate",
            "a sampling_rate",
            "a sequence with its own timestamps has no phase shifts");
      }
      double[] shifts =
          columns.select(Statistics.read(meta.folder(), "phase_shifts", columns.stored()));
      for (int i = 0; i < shifts.length; i++) {
        if (!Double.isFinite(shifts[i])) {
          throw RecordingException.of(
              Statistics.file(meta.folder(), "phase_shifts"),
              "element " + columns.column(i),
              String.valueOf(shifts[i]),
              "a finite shift in seconds",
              null);
        }
      }
      Problems zeros = new Problems();
      StoredZeros.ofStatistics(meta.folder(), "phase_shifts", shifts, zeros);
      Findings.say(zeros);
      double most = Arrays.stream(shifts).map(Math::abs).max().orElse(0);
      if (most * meta.samplingRate() > MOST_SHIFT) {
        Findings.warn(
            Statistics.file(meta.folder(), "phase_shifts"),
            "values",
            "a shift of " + most + " s",
            "at most one sample, "
                + 1 / meta.samplingRate()
                + " s at "
                + meta.samplingRate()
                + " Hz",
            most < 1000 / meta.samplingRate() * MOST_SHIFT
                ? "signals are read that much earlier: are shifts milliseconds instead of seconds?"
                : "signals are read that much earlier: are shifts another unit than seconds?");
      }
      return shifts;
    }

    private static Normalization precision(
        SequenceMeta meta, InterpolationConfig options, Columns columns) {
      double[] stds = Statistics.read(meta.folder(), "stds", columns.stored());
      double[] means =
          options.normalizeSubtractMean()
              ? Statistics.read(meta.folder(), "means", columns.stored())
              : null;
      Problems zeros = new Problems();
      StoredZeros.ofStatistics(meta.folder(), "stds", stds, zeros);
      if (means != null) {
        StoredZeros.ofStatistics(meta.folder(), "means", means, zeros);
      }
      Findings.say(zeros);
      long negative = Arrays.stream(stds).filter(std -> std < 0).count();
      if (negative > 0 && options.normalizeStdThreshold() == null) {
        Findings.warn(
            Statistics.file(meta.folder(), "stds"),
            "values",
            negative + " below 0",
            "positive numbers",
            "values normalised with them change their sign");
      }
      double floor = Double.NaN;
      if (options.normalizeStdThreshold() != null) {
        floor = options.normalizeStdThreshold() * PairwiseSum.nanMean(stds);
      }
      // of the selected signals alone: an error says to leave a signal out
      double[] precision = columns.select(stds);
      for (int i = 0; i < precision.length; i++) {
        // a comparison with NaN is false: without a threshold the std itself, with one NaN counts
        // as below
        boolean low = options.normalizeStdThreshold() != null && !(precision[i] > floor);
        precision[i] = 1 / (low ? floor : precision[i]);
        if (Double.isInfinite(precision[i])) {
          throw RecordingException.of(
              Statistics.file(meta.folder(), "stds"),
              "element " + columns.column(i),
              "a standard deviation of 0",
              "a positive one",
              "set normalize_std_threshold or leave the signal out with columns");
        }
      }
      return new Normalization(means == null ? null : columns.select(means), precision);
    }
  }
}
