/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.kernel.lanes.Addresses;

/** Blends rows as {@link BlendPass} does, from wherever they lie, one after the other. */
public final class GatherBlendPass extends WarmingPass<GatherBlendPass.Body> {
  private static final double[] W0 = {1, 0.75, 0.5, 0.25, 0.1, 0};
  private static final double[] W1 = {0, 0.25, 0.5, 0.75, 0.9, 1};

  private final RowFinish finish;
  private final RowStatistics statistics;
  private final int columns;
  private final long rowBytes;
  private final long outBytes;

  /** Blends rows. */
  abstract static class Body {
    /** Writes {@code n} rows, more than none. */
    abstract void run(long a, long[] rows, double[] w0, double[] w1, int n, long b);
  }

  private GatherBlendPass(RowFinish finish, int columns) {
    this.finish = finish;
    this.statistics = new RowStatistics(finish);
    statistics.check(columns);
    this.columns = columns;
    this.rowBytes = (long) columns * finish.from().bytes();
    this.outBytes = (long) columns * finish.to().bytes();
  }

  /**
   * Binds a pass over rows of so many columns.
   *
   * @throws IndexOutOfBoundsException where columns lack statistics
   * @throws IllegalArgumentException for statistics on the heap
   * @throws IllegalStateException for closed ones
   */
  public static GatherBlendPass of(RowFinish finish, int columns) {
    return of(KernelProvider.get(), finish, columns);
  }

  static GatherBlendPass of(Kernels kernels, RowFinish finish, int columns) {
    GatherBlendPass pass = new GatherBlendPass(finish, columns);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code n} rows: for each {@code k} below it the row that begins at {@code rows[k]} times
   * its bytes in the source, weighted by {@code w0[k]}, and the one after it, by {@code w1[k]}.
   *
   * @throws IndexOutOfBoundsException for rows outside the source or the destination
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long[] rows,
      double[] w0,
      double[] w1,
      int n,
      MemorySegment dst,
      long dstOffset) {
    if (n == 0 || columns == 0) {
      return;
    }
    long a = Rows.address(src, rows, n, 2, rowBytes);
    long b = Addresses.writable(dst, dstOffset, n * outBytes);
    body.run(a, rows, w0, w1, n, b);
    Reference.reachabilityFence(this);
    done(columns, (long) n * columns);
  }

  @Override
  Body scalar() {
    return ScalarRows.gatherBlend(finish, statistics, columns);
  }

  @Override
  Body vector() {
    return VectorBlends.gather(finish, statistics, columns);
  }

  @Override
  String code() {
    return "blended rows" + Rows.kind(columns) + finish.code(statistics);
  }

  @Override
  GatherBlendPass shortened(int longest) {
    int n = Math.min(longest, columns);
    return new GatherBlendPass(finish.rehearsed(n), n);
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long n = t.longest;
    t.allocate(
        (Rows.TRIED + 1) * n * finish.from().bytes(), Rows.ORDER.length * n * finish.to().bytes());
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, Rows.ORDER, W0, W1, Rows.ORDER.length, t.b);
  }

  /** One row, for every row of a call counts as a call of the loop. */
  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, Rows.ORDER, W0, W1, 1, t.b);
  }
}
