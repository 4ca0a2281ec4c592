/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/** Adds rows to sums of their columns and counts what was added, NaN ignored. */
public final class SumPass extends WarmingPass<SumPass.Body> {
  static final int ROWS_TRIED = 3;

  private final ElementType type;

  /** Adds rows. */
  abstract static class Body {
    abstract void run(long a, long stride, int rows, long sums, long counts, int n);

    /** Adds rows of float32, and keeps their extremes. */
    abstract void spread(
        long a, long stride, int rows, long sums, long counts, long least, long most, int n);
  }

  private SumPass(ElementType type) {
    this.type = type;
  }

  /** Binds a pass. */
  public static SumPass of(ElementType type) {
    return of(KernelProvider.get(), type);
  }

  static SumPass of(Kernels kernels, ElementType type) {
    SumPass pass = new SumPass(type);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Adds {@code rows} rows of {@code count} elements, one after the other, to float64 sums and to
   * counts, float64 too.
   *
   * @param stride bytes from row to row
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or sums that are read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long offset,
      long stride,
      int rows,
      MemorySegment sums,
      MemorySegment counts,
      int count) {
    long a = Addresses.of(src, offset, extent(type, stride, rows, count));
    long sum = Addresses.writable(sums, 0, count * 8L);
    body.run(a, stride, rows, sum, Addresses.writable(counts, 0, count * 8L), count);
    done(count, (long) rows * count);
  }

  /**
   * Likewise, and lowers as many smallest and raises as many largest numbers, all float32, as
   * {@link ExtremesPass} does: rows that lie in memory alone are read once.
   *
   * @throws IllegalStateException for a pass of another type than float32
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or sums that are read-only
   */
  public void runWithExtremes(
      MemorySegment src,
      long offset,
      long stride,
      int rows,
      MemorySegment sums,
      MemorySegment counts,
      MemorySegment least,
      MemorySegment most,
      int count) {
    if (type != ElementType.FLOAT32) {
      throw new IllegalStateException("rows of " + type + ", expected float32");
    }
    long a = Addresses.of(src, offset, extent(type, stride, rows, count));
    body.spread(
        a,
        stride,
        rows,
        Addresses.writable(sums, 0, count * 8L),
        Addresses.writable(counts, 0, count * 8L),
        Addresses.writable(least, 0, count * 4L),
        Addresses.writable(most, 0, count * 4L),
        count);
    done(count, (long) rows * count);
  }

  /** Returns the bytes from the first element of some rows to the last. */
  static long extent(ElementType type, long stride, int rows, int n) {
    return rows == 0
        ? 0
        : Math.addExact(
            Math.multiplyExact(Objects.checkIndex(stride, Long.MAX_VALUE), rows - 1L),
            (long) n * type.bytes());
  }

  @Override
  Body scalar() {
    return ScalarSums.sum(type);
  }

  @Override
  Body vector() {
    return VectorSums.sum(type);
  }

  @Override
  boolean hasVector() {
    return VectorBits.masks(type);
  }

  @Override
  String code() {
    return "sums " + type;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate((long) ROWS_TRIED * t.longest * type.bytes(), 8L * t.longest, 16L * t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    long stride = (long) t.longest * type.bytes();
    body.run(t.a, stride, ROWS_TRIED, t.b, t.c, t.count);
    if (type == ElementType.FLOAT32) {
      long least = t.c + 8L * t.longest;
      body.spread(t.a, stride, ROWS_TRIED, t.b, t.c, least, least + 4L * t.longest, t.count);
    }
  }
}
