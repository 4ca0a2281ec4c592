/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/**
 * Keeps the smallest and the largest number of each column; NaN is passed over. Of zeros of both
 * signs the first stays.
 */
public final class ExtremesPass extends WarmingPass<ExtremesPass.Body> {
  private final ElementType type;

  /** Compares rows with the extremes so far. */
  abstract static class Body {
    abstract void run(long a, long stride, int rows, long least, long most, int n);
  }

  private ExtremesPass(ElementType type) {
    this.type = type;
  }

  /** Binds a pass. */
  public static ExtremesPass of(ElementType type) {
    return of(KernelProvider.get(), type);
  }

  static ExtremesPass of(Kernels kernels, ElementType type) {
    ExtremesPass pass = new ExtremesPass(type);
    pass.bind(kernels);
    return pass;
  }

  /** Returns the type of the extremes: float32 of float32, float64 of all others. */
  public static ElementType kept(ElementType type) {
    return type == ElementType.FLOAT32 ? type : ElementType.FLOAT64;
  }

  /**
   * Lowers {@code n} smallest and raises as many largest numbers, of the type {@link #kept}, to
   * those of {@code rows} rows.
   *
   * @param stride bytes from row to row
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or extremes that are read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long offset,
      long stride,
      int rows,
      MemorySegment least,
      MemorySegment most,
      int n) {
    long a = Addresses.of(src, offset, SumPass.extent(type, stride, rows, n));
    long bytes = (long) n * kept(type).bytes();
    body.run(
        a,
        stride,
        rows,
        Addresses.writable(least, 0, bytes),
        Addresses.writable(most, 0, bytes),
        n);
    done(n, (long) rows * n);
  }

  @Override
  Body scalar() {
    return new ScalarExtremes(type);
  }

  @Override
  Body vector() {
    ScalarExtremes scalar = new ScalarExtremes(type);
    return hasVector() ? new VectorExtremes(type, scalar) : scalar;
  }

  @Override
  boolean hasVector() {
    return VectorBits.masks(type);
  }

  @Override
  String code() {
    return "extremes " + type;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long bytes = (long) t.longest * kept(type).bytes();
    t.allocate((long) SumPass.ROWS_TRIED * t.longest * type.bytes(), bytes, bytes);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, (long) t.longest * type.bytes(), SumPass.ROWS_TRIED, t.b, t.c, t.count);
  }
}
