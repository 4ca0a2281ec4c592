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
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.device.support.UsualSteps;
import org.syncline.kernel.AveragePass;
import org.syncline.kernel.RowPass;
import org.syncline.storage.RowArray;
import org.syncline.storage.StoredDoubles;

/**
 * Averages the rows of a window, each weighted by how much of it the window covers: row k stands
 * for the time up to that of row k + 1, the last of an irregular sequence for the usual step.
 * Accumulated in double, NaN left out. For one thread; writing allocates nothing on the heap.
 */
final class MeanRows {
  /** As many weights as a run with shifts notes. */
  private static final int WEIGHTS = (int) (AveragePass.shiftedBytes() / Double.BYTES);

  /** Bytes of rows that are converted together. */
  private static final long BLOCK_BYTES = 1 << 20;

  private final RowArray data;
  private final StoredDoubles times;
  private final double start;
  private final double dt;
  private final MeanWindow window;

  /** Shifts of the signals in rows; null for none. */
  private final MemorySegment shifts;

  private final double lowShift;
  private final double highShift;
  private final int signals;
  private final ElementType type;
  private final Arena scratch;

  /** Averages rows where they lie; null where they are not there as it takes them. */
  private final AveragePass direct;

  /** Averages rows that were made float64. */
  private final AveragePass converted;

  private final RowPass toDouble;
  private final MemorySegment copy;

  /** Rows as float64, as many as fit a block. */
  private final MemorySegment block;

  private final int blockRows;

  /** Until when the last row of an irregular sequence stands, seconds. */
  private final double end;

  /** What rows of a window weigh, from the first; as long as the longest window so far. */
  private MemorySegment weights;

  /** Sums of windows that are longer than a block; made when first needed. */
  private MemorySegment partial;

  // of signals that are shifted in windows that are longer than a block; made when first needed
  private double[] sums;
  private double[] shares;
  private double[] last;
  private int[] hits;

  /**
   * Prepares for one thread.
   *
   * @param type float32 or float64, of the averages
   */
  MeanRows(SequenceInterpolator source, double[] phaseShifts, ElementType type, Arena scratch) {
    data = source.view;
    times = source.times;
    start = source.start;
    dt = source.dt;
    window = source.mean;
    int n = times == null ? 0 : times.length();
    end = n < 2 ? Double.POSITIVE_INFINITY : times.get(n - 1) + UsualSteps.usual(n, times::get);
    signals = data.columns();
    this.type = type;
    this.scratch = scratch;
    double[] inRows =
        phaseShifts == null ? null : Arrays.stream(phaseShifts).map(shift -> shift / dt).toArray();
    lowShift = inRows == null ? 0 : Arrays.stream(inRows).min().orElse(0);
    highShift = inRows == null ? 0 : Arrays.stream(inRows).max().orElse(0);
    shifts = inRows == null ? null : scratch.allocate(Math.max(8, 8L * signals), 64);
    for (int j = 0; inRows != null && j < signals; j++) {
      shifts.setAtIndex(JAVA_DOUBLE, j, inRows[j]);
    }
    boolean asStored =
        data.isDirect()
            && (data.type() == ElementType.FLOAT32 || data.type() == ElementType.FLOAT64);
    direct = asStored ? AveragePass.of(data.type(), type) : null;
    converted = AveragePass.of(ElementType.FLOAT64, type);
    toDouble = RowPass.of(data.type(), ElementType.FLOAT64);
    copy = data.isDirect() ? null : scratch.allocate(Math.max(8, data.rowBytes()), 64);
    blockRows = Math.clamp(BLOCK_BYTES / Math.max(8, 8L * signals), 1, 1024);
    block = direct != null ? null : scratch.allocate(Math.max(8, 8L * signals * blockRows), 64);
    weights = scratch.allocate(8L * 64, 64);
  }

  /** Writes the averages at a time that has a value. */
  void write(double t, MemorySegment dst, long offset) {
    if (shifts != null) {
      shifted(t, dst, offset);
    } else if (times == null) {
      regular(t, dst, offset);
    } else {
      irregular(t - window.before() * window.seconds(), dst, offset);
    }
  }

  private void regular(double t, MemorySegment dst, long offset) {
    double length = window.seconds() / dt;
    double low = (t - start) / dt - window.before() * length;
    double high = low + length;
    double doubt = doubt(t);
    long first = Math.max(0, (long) Math.floor(low + doubt));
    long end = Math.min(data.rows(), (long) Math.ceil(high - doubt));
    int rows = (int) Math.max(0, end - first);
    MemorySegment heavy = weights(rows);
    for (int k = 0; k < rows; k++) {
      heavy.setAtIndex(JAVA_DOUBLE, k, AveragePass.share(first + k, low, high, doubt));
    }
    average(first, rows, dst, offset);
  }

  /** Returns how far off rounding makes a time in rows: near 1.6e9 s it is no part of a row. */
  private double doubt(double t) {
    return Math.min(0.1, 2 / dt * Math.max(Math.ulp(t), Math.ulp(t - start)) + 1e-9);
  }

  private void irregular(double from, MemorySegment dst, long offset) {
    double to = from + window.seconds();
    double doubt = 4 * Math.max(Math.ulp(from), Math.ulp(to));
    int n = times.length();
    int next = times.firstNotBelow(from, 0);
    int first = Math.max(0, next < n && times.get(next) == from ? next : next - 1);
    int end = first;
    while (end < n && times.get(end) < to - doubt) {
      end++;
    }
    MemorySegment heavy = weights(end - first);
    if (first == n - 1 && from >= this.end - doubt) {
      // a range may end in a pause: a time there has the value that `previous` gives
      heavy.setAtIndex(JAVA_DOUBLE, 0, 1);
      average(first, 1, dst, offset);
      return;
    }
    for (int r = first; r < end; r++) {
      double at = times.get(r);
      double until = r + 1 < n ? times.get(r + 1) : this.end;
      double share = Math.min(until, to) - Math.max(at, from);
      heavy.setAtIndex(
          JAVA_DOUBLE,
          r - first,
          share <= doubt ? 0 : Math.abs(share - (until - at)) <= doubt ? until - at : share);
    }
    average(first, end - first, dst, offset);
  }

  private MemorySegment weights(int rows) {
    if (weights.byteSize() < 8L * rows) {
      weights = scratch.allocate(Math.max(8L * rows, 2 * weights.byteSize()), 64);
    }
    return weights;
  }

  /** Writes the average of rows that follow each other, with the weights that were noted. */
  private void average(long first, int rows, MemorySegment dst, long offset) {
    guard(first, rows);
    if (direct != null) {
      long stride = data.rowOffset(1);
      direct.run(data.segment(), first * stride, stride, weights, rows, dst, offset, signals);
      return;
    }
    if (rows <= blockRows) {
      load(first, rows);
      converted.run(block, 0, 8L * signals, weights, rows, dst, offset, signals);
      return;
    }
    if (partial == null) {
      partial = scratch.allocate(Math.max(8, AveragePass.sumsBytes(signals)), 64);
    }
    partial.fill((byte) 0);
    for (int done = 0; done < rows; done += blockRows) {
      int count = Math.min(blockRows, rows - done);
      load(first + done, count);
      converted.add(block, 0, 8L * signals, weights, 8L * done, count, partial, signals);
    }
    converted.finish(partial, dst, offset, signals);
  }

  private void guard(long first, long rows) {
    if (copy == null && rows > 0) {
      data.guard(first, rows);
    }
  }

  /** Makes rows float64 in the block. */
  private void load(long first, int rows) {
    for (int k = 0; k < rows; k++) {
      long to = 8L * signals * k;
      if (copy == null) {
        toDouble.run(data.segment(), data.rowOffset(first + k), block, to, signals);
      } else {
        data.copyRow(first + k, copy, 0);
        toDouble.run(copy, 0, block, to, signals);
      }
    }
  }

  /** Averages signals each of which is read at a time of its own. */
  private void shifted(double t, MemorySegment dst, long offset) {
    double length = window.seconds() / dt;
    double low = (t - start) / dt - window.before() * length;
    double high = low + length;
    double doubt = doubt(t);
    long first = Math.max(0, (long) Math.floor(low - highShift + doubt));
    long end = Math.min(data.rows(), (long) Math.ceil(high - lowShift - doubt));
    int rows = (int) Math.max(0, end - first);
    guard(first, rows);
    if (direct != null) {
      long stride = data.rowOffset(1);
      direct.runShifted(
          data.segment(),
          first * stride,
          stride,
          first,
          rows,
          low,
          high,
          doubt,
          shifts,
          weights(WEIGHTS),
          dst,
          offset,
          signals);
    } else if (rows <= blockRows) {
      load(first, rows);
      converted.runShifted(
          block,
          0,
          8L * signals,
          first,
          rows,
          low,
          high,
          doubt,
          shifts,
          weights(WEIGHTS),
          dst,
          offset,
          signals);
    } else {
      inParts(first, end, low, high, doubt, dst, offset);
    }
  }

  /** Likewise, of more rows than the block has. */
  private void inParts(
      long first, long end, double low, double high, double doubt, MemorySegment dst, long offset) {
    if (sums == null) {
      sums = new double[signals];
      shares = new double[signals];
      last = new double[signals];
      hits = new int[signals];
    }
    Arrays.fill(sums, 0);
    Arrays.fill(shares, 0);
    Arrays.fill(hits, 0);
    for (long r = first; r < end; r++) {
      load(r, 1);
      for (int j = 0; j < signals; j++) {
        double x = block.getAtIndex(JAVA_DOUBLE, j);
        double shift = shifts.getAtIndex(JAVA_DOUBLE, j);
        double weight = AveragePass.share(r, low - shift, high - shift, doubt);
        if (weight > 0 && x == x) {
          sums[j] += weight * x;
          shares[j] += weight;
          last[j] = x;
          hits[j]++;
        }
      }
    }
    for (int j = 0; j < signals; j++) {
      // one sample alone is what it is, whatever its weight
      double mean = hits[j] == 0 ? Double.NaN : hits[j] == 1 ? last[j] : sums[j] / shares[j];
      if (type == ElementType.FLOAT64) {
        dst.set(JAVA_DOUBLE_UNALIGNED, offset + 8L * j, mean);
      } else {
        dst.set(JAVA_FLOAT_UNALIGNED, offset + 4L * j, (float) mean);
      }
    }
  }
}
