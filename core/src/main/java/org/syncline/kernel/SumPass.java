/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/** Adds rows to sums of their columns and counts what was added, NaN ignored. */
public final class SumPass extends WarmingPass<SumPass.Body> {
  private final ElementType type;

  /** Adds a row. */
  abstract static class Body {
    abstract void run(long a, long sums, long counts, int n);
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
   * Adds a row of {@code count} elements to float64 sums and to counts, float64 too.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or sums that are read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src, long offset, MemorySegment sums, MemorySegment counts, int count) {
    long a = Addresses.of(src, offset, (long) count * type.bytes());
    long sum = Addresses.writable(sums, 0, count * 8L);
    body.run(a, sum, Addresses.writable(counts, 0, count * 8L), count);
    done(count, count);
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
    t.allocate((long) t.longest * type.bytes(), 8L * t.longest, 8L * t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, t.b, t.c, t.count);
  }
}
