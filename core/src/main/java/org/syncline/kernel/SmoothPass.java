/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import java.lang.foreign.Arena;
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

  /** Returns the largest distance that has a weight. */
  public int radius() {
    return radius;
  }

  /**
   * Returns a pass that gives what this one gives for matrices of so many rows, up to rounding,
   * with a radius of as many: weights that fall on one row by mirroring are added first.
   *
   * @param arena owner of the new weights
   */
  public SmoothPass folded(int rows, Arena arena) {
    int period = 2 * rows;
    double[] sums = new double[period];
    for (int k = radius; k > 0; k--) {
      double weight = weights.get(JAVA_DOUBLE_UNALIGNED, 8L * k);
      sums[k % period] += weight;
      sums[(period - k % period) % period] += weight;
    }
    sums[0] += weights.get(JAVA_DOUBLE_UNALIGNED, 0);
    MemorySegment all = arena.allocate(8L * (rows + 1), 64);
    for (int k = 0; k <= rows; k++) {
      // both rows at the largest distance are the same one
      all.set(JAVA_DOUBLE_UNALIGNED, 8L * k, k == rows ? sums[k] / 2 : sums[k]);
    }
    return of(all, columns);
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
