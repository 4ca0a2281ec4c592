/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/** Adds squared deviations from the means of columns to their sums, NaN ignored. */
public final class SquarePass extends WarmingPass<SquarePass.Body> {
  private final ElementType type;

  /** Adds the squares of rows. */
  abstract static class Body {
    abstract void run(long a, long stride, int rows, long means, long sums, int n);
  }

  private SquarePass(ElementType type) {
    this.type = type;
  }

  /** Binds a pass. */
  public static SquarePass of(ElementType type) {
    return of(KernelProvider.get(), type);
  }

  static SquarePass of(Kernels kernels, ElementType type) {
    SquarePass pass = new SquarePass(type);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Adds squared deviations of {@code rows} rows of {@code count} elements, one after the other,
   * from float64 means to float64 sums.
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
      MemorySegment means,
      MemorySegment sums,
      int count) {
    long a = Addresses.of(src, offset, SumPass.extent(type, stride, rows, count));
    long mean = Addresses.of(means, 0, count * 8L);
    body.run(a, stride, rows, mean, Addresses.writable(sums, 0, count * 8L), count);
    done(count, (long) rows * count);
  }

  @Override
  Body scalar() {
    return ScalarSums.square(type);
  }

  @Override
  Body vector() {
    return VectorSums.square(type);
  }

  @Override
  boolean hasVector() {
    return VectorBits.masks(type);
  }

  @Override
  String code() {
    return "squares " + type;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(
        (long) SumPass.ROWS_TRIED * t.longest * type.bytes(), 8L * t.longest, 8L * t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, (long) t.longest * type.bytes(), SumPass.ROWS_TRIED, t.c, t.b, t.count);
  }
}
