/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Doubles that do not lie on the heap, which hundreds of recordings share: listed in native memory,
 * or points of a sample grid. The start times of a recording are points in a row, trial by trial,
 * so that two numbers a trial stand for them. Immutable, safe for use by several threads.
 */
public abstract sealed class DoubleList {
  private final int length;

  private DoubleList(int length) {
    this.length = length;
  }

  /** Returns the number of values. */
  public final int length() {
    return length;
  }

  /** Returns value {@code i}, for i of 0 … length-1; allocates nothing. */
  public abstract double at(int i);

  /** Returns all values in a new array. */
  public final double[] toArray() {
    double[] all = new double[length];
    for (int i = 0; i < length; i++) {
      all[i] = at(i);
    }
    return all;
  }

  /** Returns the values {@code from} up to but not {@code to}. */
  public final DoubleList range(int from, int to) {
    return from == 0 && to == length ? this : new Part(this, from, 1, to - from);
  }

  /** Returns every {@code stride}-th value, from the first. */
  public final DoubleList every(int stride) {
    return stride == 1
        ? this
        : new Part(this, 0, stride, (int) (((long) length + stride - 1) / stride));
  }

  /** Returns the points of a grid where a mask is set; points from {@code end} on do not count. */
  public static DoubleList of(boolean[] mask, SampleGrid grid, int end) {
    int[] firsts = new int[16];
    int[] ends = new int[16];
    int runs = 0;
    int count = 0;
    for (int k = 0; k < end; k++) {
      if (mask[k]) {
        if (k == 0 || !mask[k - 1]) {
          if (runs == firsts.length) {
            firsts = Arrays.copyOf(firsts, 2 * runs);
            ends = Arrays.copyOf(ends, 2 * runs);
          }
          firsts[runs++] = k;
        }
        ends[runs - 1] = ++count;
      }
    }
    return new Runs(grid, Arrays.copyOf(firsts, runs), Arrays.copyOf(ends, runs), count);
  }

  /** Returns a copy of values. */
  public static DoubleList listed(double[] values) {
    return new Listed(values);
  }

  private static final class Runs extends DoubleList {
    private final SampleGrid grid;

    /** Grid points at which runs begin. */
    private final int[] firsts;

    /** Values up to the end of each run. */
    private final int[] ends;

    Runs(SampleGrid grid, int[] firsts, int[] ends, int count) {
      super(count);
      this.grid = grid;
      this.firsts = firsts;
      this.ends = ends;
    }

    @Override
    public double at(int i) {
      int low = 0;
      int high = ends.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ends[middle] <= i) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return grid.time(firsts[low] + i - (low == 0 ? 0 : ends[low - 1]));
    }
  }

  private static final class Part extends DoubleList {
    private final DoubleList all;
    private final int from;
    private final int stride;

    Part(DoubleList all, int from, int stride, int length) {
      super(length);
      this.all = all;
      this.from = from;
      this.stride = stride;
    }

    @Override
    public double at(int i) {
      return all.at(from + i * stride);
    }
  }

  private static final class Listed extends DoubleList {
    // the collector frees it: states are restored while others read
    private final MemorySegment values;

    Listed(double[] values) {
      super(values.length);
      this.values = Arena.ofAuto().allocate(Math.max(1, values.length) * 8L, Double.BYTES);
      MemorySegment.copy(values, 0, this.values, ValueLayout.JAVA_DOUBLE, 0, values.length);
    }

    @Override
    public double at(int i) {
      return values.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
    }
  }
}
