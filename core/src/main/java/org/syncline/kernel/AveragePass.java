/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/**
 * Averages rows column by column, each row with a weight of its own, NaN left out: the sum of
 * weight times value over the sum of the weights that counted, row after row in float64, rounded
 * once where the result is float32. A column of which one value counts has that value, whatever its
 * weight; one of which none does is NaN. Rows that weigh nothing do not count.
 */
public final class AveragePass extends WarmingPass<AveragePass.Body> {
  /** Weights of rows that a run with shifts notes at a time: as many as a cache holds. */
  static final int SHIFTED_WEIGHTS = 1 << 12;

  private static final int ROWS_TRIED = 3;

  private final ElementType from;
  private final ElementType to;

  /** Rows and their weights, of any number of each. */
  abstract static class Body {
    /** Writes the averages of some rows. */
    abstract void run(long a, long stride, long weights, int rows, long out, int n);

    /**
     * Adds some rows of float64 to sums, weights, last values and their number, a row of n float64
     * each.
     */
    abstract void add(long a, long stride, long weights, int rows, long sums, int n);

    /** Writes the averages of some rows, each column of a window of its own. */
    abstract void shifted(
        long a,
        long stride,
        double first,
        int rows,
        double low,
        double high,
        double doubt,
        long shifts,
        long weights,
        long out,
        int n);
  }

  private AveragePass(ElementType from, ElementType to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Binds a pass.
   *
   * @param from float32 or float64
   * @param to float32 or float64
   */
  public static AveragePass of(ElementType from, ElementType to) {
    return of(KernelProvider.get(), from, to);
  }

  static AveragePass of(Kernels kernels, ElementType from, ElementType to) {
    for (ElementType type : new ElementType[] {from, to}) {
      if (type != ElementType.FLOAT32 && type != ElementType.FLOAT64) {
        throw new IllegalArgumentException("type is " + type + ", expected float32 or float64");
      }
    }
    AveragePass pass = new AveragePass(from, to);
    pass.bind(kernels);
    return pass;
  }

  /** Returns the bytes of what {@link #add} keeps of rows of {@code n} elements. */
  public static long sumsBytes(int n) {
    return 4L * n * Double.BYTES;
  }

  /** Returns the bytes of what a run with shifts needs for itself. */
  public static long shiftedBytes() {
    return 8L * SHIFTED_WEIGHTS;
  }

  /**
   * Writes the averages of {@code rows} rows of {@code n} elements.
   *
   * @param stride bytes from row to row
   * @param weights float64, one for each row
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long offset,
      long stride,
      MemorySegment weights,
      int rows,
      MemorySegment dst,
      long dstOffset,
      int n) {
    long a = Addresses.of(src, offset, extent(stride, rows, n));
    long w = Addresses.of(weights, 0, 8L * rows);
    body.run(a, stride, w, rows, Addresses.writable(dst, dstOffset, (long) n * to.bytes()), n);
    done(n, (long) rows * n);
  }

  /**
   * Adds {@code rows} rows of {@code n} float64 elements to {@link #sumsBytes} of sums, all 0
   * before the first: what {@link #finish} then averages has the bits of one {@link #run} over all
   * rows.
   *
   * @throws IllegalStateException for a pass of float32
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or sums that are read-only
   */
  public void add(
      MemorySegment src,
      long offset,
      long stride,
      MemorySegment weights,
      long weightsOffset,
      int rows,
      MemorySegment sums,
      int n) {
    if (from != ElementType.FLOAT64) {
      throw new IllegalStateException("rows of " + from + ", expected float64");
    }
    long a = Addresses.of(src, offset, extent(stride, rows, n));
    long w = Addresses.of(weights, weightsOffset, 8L * rows);
    body.add(a, stride, w, rows, Addresses.writable(sums, 0, sumsBytes(n)), n);
    done(n, (long) rows * n);
  }

  /**
   * Writes the averages of rows that were added.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   */
  public void finish(MemorySegment sums, MemorySegment dst, long dstOffset, int n) {
    for (int i = 0; i < n; i++) {
      double mean =
          ScalarAverages.mean(
              sums.get(JAVA_DOUBLE_UNALIGNED, 8L * i),
              sums.get(JAVA_DOUBLE_UNALIGNED, 8L * (n + i)),
              sums.get(JAVA_DOUBLE_UNALIGNED, 8L * (2L * n + i)),
              sums.get(JAVA_DOUBLE_UNALIGNED, 8L * (3L * n + i)));
      Scalars.storeDouble(to, dst, dstOffset + (long) i * to.bytes(), mean);
    }
  }

  /**
   * Returns how much of a row lies between two positions in rows.
   *
   * @param doubt what is no part of a row
   */
  public static double share(double row, double low, double high, double doubt) {
    double share = Math.min(row + 1, high) - Math.max(row, low);
    return share <= doubt ? 0 : Math.abs(share - 1) <= doubt ? 1 : share;
  }

  /**
   * Writes the averages of rows of {@code n} elements over a window that lies earlier by a shift of
   * each column's own: a row weighs what {@link #share} says of it.
   *
   * @param stride bytes from row to row
   * @param first number of the first row, at most 2^53
   * @param low begin of the window, in rows
   * @param high its end
   * @param shifts float64, one for each column, finite, in rows
   * @param scratch {@link #shiftedBytes} that a run needs for itself
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void runShifted(
      MemorySegment src,
      long offset,
      long stride,
      long first,
      int rows,
      double low,
      double high,
      double doubt,
      MemorySegment shifts,
      MemorySegment scratch,
      MemorySegment dst,
      long dstOffset,
      int n) {
    long a = Addresses.of(src, offset, extent(stride, rows, n));
    long s = Addresses.of(shifts, 0, 8L * n);
    long w = Addresses.writable(scratch, 0, shiftedBytes());
    long out = Addresses.writable(dst, dstOffset, (long) n * to.bytes());
    body.shifted(a, stride, first, rows, low, high, doubt, s, w, out, n);
    done(n, (long) rows * n);
  }

  private long extent(long stride, int rows, int n) {
    return rows == 0
        ? 0
        : Math.addExact(
            Math.multiplyExact(Objects.checkIndex(stride, Long.MAX_VALUE), rows - 1L),
            (long) n * from.bytes());
  }

  @Override
  Body scalar() {
    return new ScalarAverages(from, to);
  }

  @Override
  Body vector() {
    return new VectorAverages(from, to, new ScalarAverages(from, to));
  }

  @Override
  String code() {
    return "averages " + from + " " + to;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long weightsOrShifts = 8L * Math.max(ROWS_TRIED, t.longest);
    t.allocate(
        (long) ROWS_TRIED * t.longest * from.bytes(),
        sumsBytes(t.longest),
        weightsOrShifts + shiftedBytes());
    for (int row = 0; row < ROWS_TRIED; row++) {
      t.other.set(JAVA_DOUBLE_UNALIGNED, 8L * row, 0.5);
    }
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    long stride = (long) t.longest * from.bytes();
    body.run(t.a, stride, t.c, ROWS_TRIED, t.b, t.count);
    long scratch = t.c + t.other.byteSize() - shiftedBytes();
    body.shifted(t.a, stride, 0, ROWS_TRIED, 0.5, 2.5, 1e-9, t.c, scratch, t.b, t.count);
    if (from == ElementType.FLOAT64) {
      body.add(t.a, stride, t.c, ROWS_TRIED, t.b, t.count);
    }
  }
}
