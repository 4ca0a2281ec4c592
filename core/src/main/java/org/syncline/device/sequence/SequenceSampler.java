/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.device.Sampler;
import org.syncline.device.support.ColumnMeans;
import org.syncline.device.support.MatrixFinish;
import org.syncline.device.support.NanRule;
import org.syncline.device.support.Scratch;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.interval.TimeInterval;
import org.syncline.kernel.BlendPass;
import org.syncline.kernel.ColumnShifts;
import org.syncline.kernel.GatherBlendPass;
import org.syncline.kernel.GatherPass;
import org.syncline.kernel.NanColumnPass;
import org.syncline.kernel.NanSearchPass;
import org.syncline.kernel.RowFinish;
import org.syncline.kernel.RowPass;
import org.syncline.kernel.ShiftPass;
import org.syncline.kernel.SumPass;
import org.syncline.os.Advice;
import org.syncline.storage.RowArray;
import org.syncline.storage.SharedArena;
import org.syncline.storage.StoredDoubles;
import org.syncline.sum.PairwiseSum;
import org.syncline.transform.Normalization;

/**
 * Reads a sequence into chunks: times become rows and weights, one kernel call writes a block of
 * finished rows, or one where signals have phase shifts or kernels cannot read the array in place.
 */
final class SequenceSampler implements Sampler {
  /** Bytes of a block of rows that kernels take in one call: it stays in the second cache. */
  private static final int BLOCK_BYTES = 64 << 10;

  /** Rows of a block at most. */
  private static final int BLOCK_ROWS = 512;

  /** Bytes between rows above which they are not asked for as one. */
  private static final long GAP_BYTES = 64 << 10;

  /** Rows that a cursor can copy: what an array holds. */
  private static final int MAX_COPIED = Integer.MAX_VALUE - 8;

  private final SequenceInterpolator source;
  private final RowArray data;
  private final SamplingRule rule;
  private final TimeInterval valid;
  private final double start;
  private final double dt;
  private final StoredDoubles times;
  private final long rows;
  private final int signals;
  private final ElementType type;
  private final ElementType compute;
  private final Normalization precision;
  private final double[] precisionMeans;
  private final double[] precisionStds;
  private final NanRule nans;

  /** Null without phase shifts. */
  private final ColumnShifts shifts;

  private final double lowShift;
  private final double highShift;

  /** Everything in one pass. */
  private final Writer fused;

  /** The same in two: values before normalisation in the compute type, and what is left to do. */
  private final Writer raw;

  private final GatherPass rest;

  /**
   * Whether values are float16, so that each step of their arithmetic is rounded to float16 as in
   * NumPy; it is done in float32, whose results of one operation round to the same.
   */
  private final boolean half;

  /** Of float16, in steps: the difference or, without means, a conversion, and the quotient. */
  private final RowPass difference;

  private final RowPass quotient;
  private final RowPass ofHalves;

  /** Whether NaN become means of their column before normalisation. */
  private final boolean fillNans;

  // where NaN is filled before normalisation, else null
  private final NanSearchPass nansOfType;
  private final NanSearchPass nansOfCompute;
  private final NanColumnPass fillByMean;
  private final SumPass sumsOfCompute;

  SequenceSampler(SequenceInterpolator source, double[] phaseShifts, Finish finish) {
    this.source = source;
    this.data = source.view;
    this.rule = source.rule;
    this.valid = source.validInterval();
    this.start = source.start;
    this.dt = source.dt;
    this.times = source.times;
    this.rows = data.rows();
    this.signals = data.columns();
    this.precision = source.precision;
    precisionMeans = precision == null ? null : precision.means();
    precisionStds = precision == null ? null : precision.stds();
    if (!finish.transforms().isEmpty()) {
      throw new IllegalArgumentException(
          source.folder() + " is a sequence: screen transforms do not apply to it");
    }
    ElementType stored = data.type();
    boolean arithmetic = finish.normalization() != null || precision != null;
    ElementType natural;
    if (rule.blends()) {
      compute = ElementType.FLOAT64;
      natural = compute;
    } else if (rule.averages()) {
      compute = stored == ElementType.FLOAT64 ? stored : ElementType.FLOAT32;
      natural = compute;
    } else if (stored == ElementType.FLOAT64 || !arithmetic) {
      compute = stored;
      natural = stored;
    } else {
      compute = ElementType.FLOAT32;
      natural = stored.isFloating() ? stored : compute;
    }
    this.type = finish.type() == null ? natural : finish.type();
    if (type != natural && !type.isFloating()) {
      throw new IllegalArgumentException(
          source.folder()
              + ": element type "
              + type.numpyName()
              + ", expected a floating type or "
              + natural.numpyName());
    }
    if (phaseShifts == null || signals == 0) {
      shifts = null;
      lowShift = 0;
      highShift = 0;
    } else {
      MemorySegment all = Arena.ofAuto().allocate(signals * 8L, 64);
      MemorySegment.copy(phaseShifts, 0, all, JAVA_DOUBLE, 0, signals);
      shifts = new ColumnShifts(start, dt, all);
      lowShift = Arrays.stream(phaseShifts).min().orElseThrow();
      highShift = Arrays.stream(phaseShifts).max().orElseThrow();
    }
    this.fillNans = rule.blends() && !source.keepNans && stored.isFloating();
    this.half = arithmetic && natural == ElementType.FLOAT16;
    this.fused = new Writer(rowFinish(stored, finish.normalization()));
    this.raw =
        new Writer(new RowFinish(stored, compute, compute, RowFinish.Mode.NONE, false, null, null));
    this.rest = GatherPass.of(rowFinish(compute, finish.normalization()), signals);
    Normalization n = half ? finish.normalization() : null;
    if (n == null) {
      difference = null;
      quotient = null;
      ofHalves = null;
    } else {
      difference =
          n.means() == null
              ? RowPass.of(ElementType.FLOAT32, ElementType.FLOAT16)
              : RowPass.of(halfFinish(n.means(), null));
      quotient = RowPass.of(halfFinish(null, n.stds()));
      ofHalves = RowPass.of(ElementType.FLOAT16, type);
    }
    boolean possible =
        NanRule.possible(
            stored.isFloating() || precision != null || rule.averages(), finish.normalization());
    this.nans = new NanRule(finish.nans(), possible, type, signals);
    this.nansOfType = fillNans ? NanSearchPass.of(type) : null;
    this.nansOfCompute = fillNans ? NanSearchPass.of(compute) : null;
    this.fillByMean = fillNans ? NanColumnPass.of(compute) : null;
    this.sumsOfCompute = fillNans ? SumPass.of(compute) : null;
  }

  /**
   * Writes rows: the pass that a sampler's mode and array ask for, bound to what is done to them.
   */
  private final class Writer {
    private final ElementType to;
    private final GatherPass gather;
    private final GatherBlendPass gatherBlend;
    private final RowPass copied;
    private final BlendPass copiedBlend;
    private final ShiftPass shifted;

    Writer(RowFinish f) {
      to = f.to();
      boolean blends = rule.blends() && shifts == null;
      boolean direct = data.isDirect() && shifts == null;
      gather = direct && !blends ? GatherPass.of(f, signals) : null;
      gatherBlend = direct && blends ? GatherBlendPass.of(f, signals) : null;
      copied = direct || blends || shifts != null ? null : RowPass.of(f);
      copiedBlend = !direct && blends ? BlendPass.of(f) : null;
      shifted =
          shifts == null ? null : ShiftPass.of(f, rule.shifted(), shifts, signals, data.rowBytes());
    }
  }

  private RowFinish rowFinish(ElementType from, Normalization n) {
    if (n == null) {
      return new RowFinish(from, compute, type, RowFinish.Mode.NONE, false, null, null);
    }
    boolean scalar = n.stds().length == 1 && (n.means() == null || n.means().length == 1);
    return new RowFinish(
        from,
        compute,
        type,
        scalar ? RowFinish.Mode.SCALAR : RowFinish.Mode.COLUMNS,
        n.means() != null,
        MatrixFinish.statistics(source.folder(), n.means(), compute, signals, scalar),
        MatrixFinish.statistics(source.folder(), n.stds(), compute, signals, scalar));
  }

  /** Returns a difference from means or a quotient by standard deviations, rounded to float16. */
  private RowFinish halfFinish(double[] means, double[] stds) {
    boolean scalar = (means == null ? stds : means).length == 1;
    return new RowFinish(
        means == null ? ElementType.FLOAT16 : ElementType.FLOAT32,
        ElementType.FLOAT32,
        ElementType.FLOAT16,
        scalar ? RowFinish.Mode.SCALAR : RowFinish.Mode.COLUMNS,
        means != null,
        means == null ? null : halves(means, scalar),
        halves(stds == null ? new double[] {1} : stds, scalar));
  }

  /** Returns statistics rounded to float16, as float32. */
  private MemorySegment halves(double[] values, boolean scalar) {
    int count = scalar ? 1 : signals;
    MemorySegment statistics =
        MatrixFinish.statistics(source.folder(), values, ElementType.FLOAT64, signals, scalar);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rounded = arena.allocate(2L * count, 64);
      RowPass.of(ElementType.FLOAT64, ElementType.FLOAT16).run(statistics, 0, rounded, 0, count);
      RowPass.of(ElementType.FLOAT16, ElementType.FLOAT32).run(rounded, 0, statistics, 0, count);
    }
    return statistics;
  }

  @Override
  public ElementType type() {
    return type;
  }

  @Override
  public long[] shape(int samples) {
    return new long[] {samples, signals};
  }

  @Override
  public String toString() {
    return "SequenceSampler(" + source + ")";
  }

  @Override
  public Cursor cursor(int maxSamples) {
    source.arena.ensureOpen();
    // shared: a reader may be opened by one thread and used by another
    return cursor(maxSamples, new SharedArena());
  }

  /** Opens a cursor that owns the arena given. */
  SequenceCursor cursor(int maxSamples, Arena scratch) {
    return Scratch.owned(
        scratch,
        arena -> {
          if (maxSamples < 0) {
            throw new IllegalArgumentException("maxSamples " + maxSamples + ", expected 0 or more");
          }
          return new SequenceCursor(maxSamples, arena);
        });
  }

  /** Returns how many rows a time reads at most; with phase shifts, all between the outermost. */
  private long span() {
    if (shifts == null) {
      return 2;
    }
    // a time that would read more rows than there are has no value
    return (long) Math.clamp(Math.ceil((highShift - lowShift) / dt) + 3, 1, Math.max(1, rows));
  }

  private RecordingException tooWide(OutOfMemoryError cause) {
    return RecordingException.of(
        Statistics.file(source.folder(), "phase_shifts"),
        null,
        "shifts from "
            + lowShift
            + " to "
            + highShift
            + " s, so that a time reads "
            + span()
            + " rows of "
            + source.meta.dataFile().getFileName()
            + ", which must be copied",
        "shifts so close that these rows have room in memory",
        "correct the shifts, or write the data in C order and native byte order and select no columns",
        cause);
  }

  /**
   * Returns the row that a time reads first (with phase shifts: of the signal read earliest), -1
   * where the time has no value.
   */
  private long rowOf(double t) {
    if (!valid.contains(t)) {
      return -1;
    }
    if (times != null) {
      return irregularRowOf(t);
    }
    long needed = rule.blends() ? rows - 1 : rows;
    // the last row that any signal reads decides whether the time has a value
    double last = Math.floor((t - lowShift - start) / dt);
    if (!(Math.max(0, last) < needed)) {
      return -1;
    }
    if (shifts != null) {
      return (long) Math.max(0, Math.floor((t - highShift - start) / dt));
    }
    long row = (long) last;
    return rule.takesNext((t - start) / dt, last, start, dt, t) && row + 1 < rows ? row + 1 : row;
  }

  private long irregularRowOf(double t) {
    int row = irregularRow(times, rule, t);
    return row < 0 || source.gaps == null || source.gaps.allows(t, row) ? row : -1;
  }

  /** Returns the row that a time takes, or the first of two; -1 where there is none. */
  static int irregularRow(StoredDoubles times, SamplingRule rule, double t) {
    // times increase strictly: the last that is at most t
    int next = times.firstNotBelow(t, 0);
    int row = next < times.length() && times.get(next) == t ? next : next - 1;
    if (row < 0) {
      return -1;
    }
    boolean hasNext = row + 1 < times.length();
    if (rule.blends()) {
      return hasNext ? row : -1;
    }
    return hasNext && rule.takesNext(t, times.get(row), times.get(row + 1)) ? row + 1 : row;
  }

  /** Reads for one thread. */
  final class SequenceCursor implements Cursor {
    private final int maxSamples;
    private final Arena scratch;

    /**
     * Rows of an array that kernels cannot read in place: enough for the rows that one time reads;
     * null for others.
     */
    private final MemorySegment copies;

    private final long[] copied;

    /** Rows of the block under way, and what they weigh in a blend with the one after each. */
    private final long[] block;

    private final double[] w0;
    private final double[] w1;

    /** Values before normalisation, all rows of a chunk; made when first needed. */
    private MemorySegment staging;

    /** Two rows of float16; made when first needed. */
    private MemorySegment halves;

    /** Null where rows are not averaged. */
    private final MeanRows averages;

    /** Null where NaN is not filled before normalisation. */
    private final ColumnMeans means;

    private final NanRule.Cursor policy;

    /** The last chunk had NaN to fill: it goes through staging at once. */
    private boolean expectNans;

    private boolean closed;

    private SequenceCursor(int maxSamples, Arena scratch) {
      this.maxSamples = maxSamples;
      this.scratch = scratch;
      means = fillNans ? new ColumnMeans(sumsOfCompute, signals, scratch) : null;
      policy =
          nans.cursor(
              scratch,
              source.folder(),
              source.meta.dataFile(),
              (plane, column) -> "column " + source.storedColumn(column));
      long widest = Math.max(1, (long) signals * Math.max(data.type().bytes(), type.bytes()));
      int most = Math.min(Math.clamp(BLOCK_BYTES / widest, 1, BLOCK_ROWS), Math.max(1, maxSamples));
      boolean blends = rule.blends() && shifts == null;
      block = new long[most];
      averages = rule.averages() ? new MeanRows(source, source.shifts(), compute, scratch) : null;
      w0 = blends ? new double[most] : null;
      w1 = blends ? new double[most] : null;
      if (data.isDirect()) {
        copies = null;
        copied = null;
      } else {
        long span = span();
        if (span > MAX_COPIED) {
          throw tooWide(null);
        }
        try {
          copied = new long[(int) span];
          copies = scratch.allocate(Math.max(8, span * data.rowBytes()), 64);
        } catch (OutOfMemoryError e) {
          if (shifts == null) {
            throw e;
          }
          throw tooWide(e);
        }
        Arrays.fill(copied, -1);
      }
    }

    /** Writes the indices of the times that have a value; returns how many there are. */
    int locate(double[] at, int count, int[] indices) {
      int n = 0;
      for (int k = 0; k < count; k++) {
        if (rowOf(at[k]) >= 0) {
          indices[n++] = k;
        }
      }
      return n;
    }

    @Override
    public int read(double[] at, int count, MemorySegment dst, long dstOffset) {
      if (count > maxSamples || count < 0) {
        throw new IllegalArgumentException(
            count + " samples, expected 0 to " + maxSamples + ", as the cursor was opened for");
      }
      source.arena.enter();
      try {
        if (closed) {
          throw new org.syncline.error.ClosedException("cursor of " + source.folder());
        }
        int n = readOpen(at, count, dst, dstOffset);
        data.settle();
        return n;
      } catch (InternalError e) {
        throw data.unreadable(e);
      } finally {
        source.arena.exit();
        // kernels know it, shifts and statistics by their addresses alone: an automatic arena must
        // not be freed under them
        Reference.reachabilityFence(dst);
        Reference.reachabilityFence(this);
      }
    }

    @Override
    public long willNeed(double[] at, int count) {
      if (!data.isDirect() || !data.isMapped()) {
        return 0;
      }
      source.arena.enter();
      try {
        long extra = rule.blends() ? 1 : 0;
        extra += shifts == null ? 0 : (long) Math.ceil((highShift - lowShift) / dt);
        long before = 0;
        if (averages != null && times == null) {
          double window = source.mean.seconds() / dt;
          before = (long) Math.ceil(window * source.mean.before());
          extra += (long) Math.ceil(window * (1 - source.mean.before()));
        }
        long asked = 0;
        long first = -1;
        long last = -1;
        for (int k = 0; k < count; k++) {
          long row = rowOf(at[k]);
          if (row < 0) {
            continue;
          }
          row = Math.max(0, row - before);
          // rows far apart are asked for one by one
          if (first >= 0 && (row - last - 1) * data.rowBytes() > GAP_BYTES) {
            asked += ask(first, last);
            first = -1;
          }
          first = first < 0 ? row : first;
          last = Math.max(last, Math.min(row + before + extra, SequenceSampler.this.rows - 1));
        }
        return first < 0 ? asked : asked + ask(first, last);
      } finally {
        source.arena.exit();
      }
    }

    private long ask(long first, long last) {
      return Advice.willNeed(
          data.segment(), data.rowOffset(first), (last + 1 - first) * data.rowBytes());
    }

    private int readOpen(double[] at, int count, MemorySegment dst, long dstOffset) {
      long outBytes = (long) signals * type.bytes();
      int n;
      if (averages != null || precision != null || half || fillNans && expectNans) {
        n = readStaged(at, count, dst, dstOffset);
      } else {
        n = pass(fused, at, count, dst, dstOffset, outBytes, fillNans);
        if (n < 0) {
          n = readStaged(at, count, dst, dstOffset);
        }
      }
      if (n == count) {
        policy.apply(dst, dstOffset, 1, n, at);
      }
      return n;
    }

    /**
     * Writes one row for each time that has a value, one after the other; returns how many, or -1
     * where it was to end at NaN and found one.
     */
    private int pass(
        Writer w,
        double[] at,
        int count,
        MemorySegment dst,
        long dstOffset,
        long outBytes,
        boolean endAtNaN) {
      int n = 0;
      int k = 0;
      while (k < count) {
        long out = dstOffset + n * outBytes;
        int m = 0;
        for (; k < count && m < block.length; k++) {
          double t = at[k];
          long row = rowOf(t);
          if (row < 0) {
            continue;
          }
          if (shifts != null) {
            shifted(w, t, row, dst, out + m * outBytes);
          } else if (rule.blends()) {
            weigh(m, t, row);
          }
          block[m++] = row;
        }
        if (shifts == null) {
          writeBlock(w, m, dst, out, outBytes);
        }
        if (endAtNaN && anyNaN(nansOfType, w.to, dst, out, m)) {
          return -1;
        }
        n += m;
      }
      return n;
    }

    /** Notes what a row and the one after it weigh at a time. */
    private void weigh(int m, double t, long row) {
      double t0 = times == null ? start + row * dt : times.get((int) row);
      double t1 = times == null ? start + (row + 1) * dt : times.get((int) row + 1);
      w0[m] = (t1 - t) / (t1 - t0);
      w1[m] = (t - t0) / (t1 - t0);
    }

    /** Writes the first {@code n} rows of the block. */
    private void writeBlock(Writer w, int n, MemorySegment dst, long out, long outBytes) {
      boolean blends = rule.blends();
      if (copies == null) {
        data.guardRows(block, n, blends ? 2 : 1);
        if (blends) {
          w.gatherBlend.run(data.segment(), block, w0, w1, n, dst, out);
        } else {
          w.gather.run(data.segment(), block, n, dst, out);
        }
        return;
      }
      for (int k = 0; k < n; k++) {
        long row = block[k];
        long at = out + k * outBytes;
        if (blends) {
          copy(row, 2);
          w.copiedBlend.run(copies, slot(row), w0[k], slot(row + 1), w1[k], dst, at, signals);
        } else if (k > 0 && row == block[k - 1]) {
          MemorySegment.copy(dst, at - outBytes, dst, at, outBytes);
        } else {
          copy(row, 1);
          w.copied.run(copies, slot(row), dst, at, signals);
        }
      }
    }

    private void shifted(Writer w, double t, long row, MemorySegment dst, long out) {
      double last = (t - lowShift - start) / dt;
      long lastRow = (long) Math.max(row, Math.floor(last));
      if (rule.takesNext(last, lastRow, start, dt, t) && lastRow + 1 < SequenceSampler.this.rows) {
        lastRow++;
      }
      long span = lastRow - row + (rule.blends() ? 2 : 1);
      MemorySegment rowsAt = contiguous(row, span);
      long offset = data.isDirect() ? data.rowOffset(row) : 0;
      w.shifted.run(rowsAt, offset, row, lastRow, t, dst, out);
    }

    /** Copies one or two rows of an array that kernels cannot read in place, each to its slot. */
    private void copy(long row, int count) {
      for (long r = row; r < row + count; r++) {
        // a row stays in its slot for the next time, which often reads it again
        int slot = (int) (r % copied.length);
        if (copied[slot] != r) {
          copied[slot] = -1;
          data.copyRow(r, copies, slot * data.rowBytes());
          copied[slot] = r;
        }
      }
    }

    private long slot(long row) {
      return row % copied.length * data.rowBytes();
    }

    /** Makes rows readable one after the other; those of an array that is not direct begin at 0. */
    private MemorySegment contiguous(long row, long count) {
      if (copies == null) {
        data.guard(row, count);
        return data.segment();
      }
      for (int i = 0; i < count; i++) {
        if (copied[i] != row + i) {
          copied[i] = -1;
          data.copyRow(row + i, copies, i * data.rowBytes());
          copied[i] = row + i;
        }
      }
      return copies;
    }

    private int readStaged(double[] at, int count, MemorySegment dst, long dstOffset) {
      long rowBytes = (long) signals * compute.bytes();
      if (staging == null) {
        staging = scratch.allocate(Math.max(8, maxSamples * rowBytes), 64);
      }
      int n =
          averages == null
              ? pass(raw, at, count, staging, 0, rowBytes, false)
              : average(at, count, rowBytes);
      if (fillNans) {
        expectNans = fillWithMeans(n, rowBytes);
      }
      if (precision != null) {
        scale(n);
      }
      if (quotient != null) {
        finishHalves(n, dst, dstOffset);
        return n;
      }
      for (int first = 0; first < n; first += block.length) {
        int m = Math.min(block.length, n - first);
        for (int k = 0; k < m; k++) {
          block[k] = (long) first + k;
        }
        long out = dstOffset + (long) first * signals * type.bytes();
        rest.run(staging, block, m, dst, out);
      }
      return n;
    }

    private int average(double[] at, int count, long rowBytes) {
      int n = 0;
      for (int k = 0; k < count; k++) {
        if (rowOf(at[k]) >= 0) {
          averages.write(at[k], staging, n++ * rowBytes);
        }
      }
      return n;
    }

    private void finishHalves(int n, MemorySegment dst, long dstOffset) {
      long rowBytes = 2L * signals;
      if (halves == null) {
        halves = scratch.allocate(Math.max(8, 2 * rowBytes), 64);
      }
      for (int k = 0; k < n; k++) {
        long from = 4L * k * signals;
        difference.run(staging, from, halves, 0, signals);
        quotient.run(halves, 0, halves, rowBytes, signals);
        ofHalves.run(halves, rowBytes, dst, dstOffset + (long) k * signals * type.bytes(), signals);
      }
    }

    /**
     * Replaces NaN in staging by the mean of their column, as {@code numpy.nanmean} adds it up;
     * whether there were any.
     */
    private boolean fillWithMeans(int n, long rowBytes) {
      if (!anyNaN(nansOfCompute, compute, staging, 0, n)) {
        return false;
      }
      MemorySegment filled = means.of(staging, 0, n, rowBytes);
      if (signals == 1) {
        filled.set(JAVA_DOUBLE, 0, PairwiseSum.ofNumbers(staging, n) / means.count(0));
      }
      for (int k = 0; k < n; k++) {
        fillByMean.run(staging, k * rowBytes, signals, filled);
      }
      return true;
    }

    private void scale(int n) {
      boolean subtract = precisionMeans != null;
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < signals; j++) {
          double m = subtract ? precisionMeans[j] : 0;
          double p = precisionStds[j];
          if (compute == ElementType.FLOAT64) {
            long i = ((long) k * signals + j) * 8;
            double v = staging.get(JAVA_DOUBLE_UNALIGNED, i);
            staging.set(JAVA_DOUBLE_UNALIGNED, i, (subtract ? v - m : v) * p);
          } else {
            long i = ((long) k * signals + j) * 4;
            float v = staging.get(JAVA_FLOAT_UNALIGNED, i);
            if (half) {
              v = subtract ? rounded(v - rounded((float) m)) : v;
              staging.set(JAVA_FLOAT_UNALIGNED, i, rounded(v * rounded((float) p)));
            } else {
              staging.set(JAVA_FLOAT_UNALIGNED, i, (subtract ? v - (float) m : v) * (float) p);
            }
          }
        }
      }
    }

    private static float rounded(float v) {
      return Float.float16ToFloat(Float.floatToFloat16(v));
    }

    private boolean anyNaN(
        NanSearchPass search, ElementType t, MemorySegment values, long offset, int n) {
      long rowBytes = (long) signals * t.bytes();
      for (int first = 0; first < n; first += block.length) {
        int m = Math.min(block.length, n - first);
        if (search.run(values, offset + first * rowBytes, m * signals)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public long replacedNaNs() {
      return policy.replaced();
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
