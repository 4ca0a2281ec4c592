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
import org.syncline.kernel.RowPass;
import org.syncline.storage.RowArray;
import org.syncline.storage.StoredDoubles;

/**
 * Averages the rows of a window, each weighted by how much of it the window covers: row k stands
 * for the time up to that of row k + 1, the last of an irregular sequence for all time behind it.
 * Accumulated in double, NaN left out. For one thread; writing allocates nothing.
 */
final class MeanRows {
  private final RowArray data;
  private final StoredDoubles times;
  private final double start;
  private final double dt;
  private final MeanWindow window;

  /** Shifts of the signals in rows; null for none. */
  private final double[] shifts;

  private final double lowShift;
  private final double highShift;
  private final int signals;
  private final RowPass toDouble;
  private final MemorySegment copy;
  private final MemorySegment row;
  private final double[] values;
  private final double[] sums;
  private final double[] weights;
  private final double[] last;
  private final int[] hits;

  MeanRows(SequenceInterpolator source, double[] phaseShifts, Arena scratch) {
    data = source.view;
    times = source.times;
    start = source.start;
    dt = source.dt;
    window = source.mean;
    signals = data.columns();
    shifts =
        phaseShifts == null ? null : Arrays.stream(phaseShifts).map(shift -> shift / dt).toArray();
    lowShift = shifts == null ? 0 : Arrays.stream(shifts).min().orElse(0);
    highShift = shifts == null ? 0 : Arrays.stream(shifts).max().orElse(0);
    toDouble = RowPass.of(data.type(), ElementType.FLOAT64);
    copy = data.isDirect() ? null : scratch.allocate(Math.max(8, data.rowBytes()), 64);
    row = scratch.allocate(Math.max(8, 8L * signals), 64);
    values = new double[signals];
    sums = new double[signals];
    weights = new double[signals];
    last = new double[signals];
    hits = new int[signals];
  }

  /** Writes the averages at a time that has a value. */
  void write(double t, ElementType type, MemorySegment dst, long offset) {
    Arrays.fill(sums, 0);
    Arrays.fill(weights, 0);
    Arrays.fill(hits, 0);
    if (times == null) {
      regular(t);
    } else {
      irregular(t - window.before() * window.seconds());
    }
    for (int j = 0; j < signals; j++) {
      // one sample alone is what it is, whatever its weight
      double mean = hits[j] == 0 ? Double.NaN : hits[j] == 1 ? last[j] : sums[j] / weights[j];
      if (type == ElementType.FLOAT64) {
        dst.set(JAVA_DOUBLE_UNALIGNED, offset + 8L * j, mean);
      } else {
        dst.set(JAVA_FLOAT_UNALIGNED, offset + 4L * j, (float) mean);
      }
    }
  }

  private void regular(double t) {
    double length = window.seconds() / dt;
    double low = (t - start) / dt - window.before() * length;
    double high = low + length;
    // what rounding makes of a time near 1.6e9 s is no part of a row
    double doubt = Math.min(0.1, 2 / dt * Math.max(Math.ulp(t), Math.ulp(t - start)) + 1e-9);
    long first = Math.max(0, (long) Math.floor(low - highShift + doubt));
    long end = Math.min(data.rows(), (long) Math.ceil(high - lowShift - doubt));
    guard(first, end);
    for (long r = first; r < end; r++) {
      load(r);
      if (shifts == null) {
        add(share(r, low, high, doubt));
        continue;
      }
      for (int j = 0; j < signals; j++) {
        add(j, share(r, low - shifts[j], high - shifts[j], doubt));
      }
    }
  }

  /** Returns how much of a row lies between two positions in rows. */
  private static double share(long r, double low, double high, double doubt) {
    double share = Math.min(r + 1, high) - Math.max(r, low);
    return share <= doubt ? 0 : Math.abs(share - 1) <= doubt ? 1 : share;
  }

  private void irregular(double from) {
    double to = from + window.seconds();
    double doubt = 4 * Math.max(Math.ulp(from), Math.ulp(to));
    int n = times.length();
    int next = times.firstNotBelow(from, 0);
    int first = Math.max(0, next < n && times.get(next) == from ? next : next - 1);
    int end = first;
    while (end < n && times.get(end) < to - doubt) {
      end++;
    }
    guard(first, end);
    for (int r = first; r < end; r++) {
      double at = times.get(r);
      double until = r + 1 < n ? times.get(r + 1) : Double.POSITIVE_INFINITY;
      double share = Math.min(until, to) - Math.max(at, from);
      if (share > doubt) {
        load(r);
        add(Math.abs(share - (until - at)) <= doubt ? until - at : share);
      }
    }
  }

  private void guard(long first, long end) {
    if (copy == null && first < end) {
      data.guard(first, end - first);
    }
  }

  private void load(long r) {
    if (copy == null) {
      toDouble.run(data.segment(), data.rowOffset(r), row, 0, signals);
    } else {
      data.copyRow(r, copy, 0);
      toDouble.run(copy, 0, row, 0, signals);
    }
    MemorySegment.copy(row, JAVA_DOUBLE, 0, values, 0, signals);
  }

  private void add(double weight) {
    if (weight > 0) {
      for (int j = 0; j < signals; j++) {
        add(j, weight);
      }
    }
  }

  private void add(int j, double weight) {
    double x = values[j];
    if (weight > 0 && x == x) {
      sums[j] += weight * x;
      weights[j] += weight;
      last[j] = x;
      hits[j]++;
    }
  }
}
