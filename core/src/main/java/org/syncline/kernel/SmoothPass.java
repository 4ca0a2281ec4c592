/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.kernel.lanes.Addresses;

/**
 * Correlates each column of a float64 matrix with symmetric weights, edges mirrored (d c b a | a b
 * c d | d c b a) as often as their radius needs.
 */
public final class SmoothPass extends Pass<SmoothPass.Body> {
  // the loops know it by address
  private final MemorySegment weights;
  private final long weightsAddress;
  private final int radius;
  private final int columns;

  /** Smooths, everything by address. */
  abstract static class Body {
    abstract void run(long src, long weights, int radius, int rows, int columns, long dst);
  }

  private SmoothPass(MemorySegment weights, int columns) {
    this.weights = weights;
    this.columns = columns;
    weightsAddress = Addresses.of(weights, 0, Math.max(8, weights.byteSize()));
    radius = Math.toIntExact(weights.byteSize() / 8 - 1);
  }

  /**
   * Binds a pass over matrices of so many columns.
   *
   * @param weights float64, at distance 0, 1 and so on
   * @throws IndexOutOfBoundsException where there is none
   * @throws IllegalArgumentException for weights on the heap
   * @throws IllegalStateException for closed ones
   */
  public static SmoothPass of(MemorySegment weights, int columns) {
    return of(KernelProvider.get(), weights, columns);
  }

  static SmoothPass of(Kernels kernels, MemorySegment weights, int columns) {
    SmoothPass pass = new SmoothPass(weights, columns);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code rows} smoothed rows.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(MemorySegment src, long srcOffset, int rows, MemorySegment dst, long dstOffset) {
    long bytes = 8L * columns * rows;
    long a = Addresses.of(src, srcOffset, bytes);
    long b = Addresses.writable(dst, dstOffset, bytes);
    body.run(a, weightsAddress, radius, rows, columns, b);
    Reference.reachabilityFence(this);
  }

  @Override
  Body scalar() {
    return new ScalarSpikes.Smooth();
  }

  @Override
  Body vector() {
    return VectorSpikes.smooth();
  }
}
