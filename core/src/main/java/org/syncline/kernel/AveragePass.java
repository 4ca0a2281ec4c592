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
import org.syncline.kernel.lanes.VectorBits;

/**
 * Averages rows column by column, each row with a weight of its own, NaN left out: the sum of
 * weight times value over the sum of the weights that counted, row after row in float64, rounded
 * once where the result is float32. A column of which one value counts has that value, whatever its
 * weight; one of which none does is NaN. Rows that weigh nothing do not count.
 */
public final class AveragePass extends WarmingPass<AveragePass.Body> {
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
    ScalarAverages scalar = new ScalarAverages(from, to);
    return hasVector() ? new VectorAverages(from, to, scalar) : scalar;
  }

  @Override
  boolean hasVector() {
    return VectorBits.masks(from);
  }

  @Override
  String code() {
    return "averages " + from + " " + to;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate((long) ROWS_TRIED * t.longest * from.bytes(), sumsBytes(t.longest), 8L * ROWS_TRIED);
    for (int row = 0; row < ROWS_TRIED; row++) {
      t.other.set(JAVA_DOUBLE_UNALIGNED, 8L * row, 0.5);
    }
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    long stride = (long) t.longest * from.bytes();
    body.run(t.a, stride, t.c, ROWS_TRIED, t.b, t.count);
    if (from == ElementType.FLOAT64) {
      body.add(t.a, stride, t.c, ROWS_TRIED, t.b, t.count);
    }
  }
}
