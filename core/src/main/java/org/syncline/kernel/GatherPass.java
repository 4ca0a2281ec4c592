/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.kernel.lanes.Addresses;

/**
 * Finishes rows as {@link RowPass} does, from wherever they lie, one after the other. A row that is
 * the one before it is finished once.
 */
public final class GatherPass extends WarmingPass<GatherPass.Body> {
  private final RowFinish finish;
  private final RowStatistics statistics;
  private final int columns;
  private final long rowBytes;
  private final long outBytes;

  /** Finishes rows. */
  abstract static class Body {
    /** Writes {@code n} rows at {@code b}: those of the numbers given, counted from {@code a}. */
    abstract void run(long a, long[] rows, int n, long b);

    /** Runs the loops on nothing, for the warm-up. */
    void runEmpty(long a, long[] rows, long b) {
      run(a, rows, 0, b);
    }
  }

  private GatherPass(RowFinish finish, int columns) {
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
  public static GatherPass of(RowFinish finish, int columns) {
    return of(KernelProvider.get(), finish, columns);
  }

  static GatherPass of(Kernels kernels, RowFinish finish, int columns) {
    GatherPass pass = new GatherPass(finish, columns);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code n} rows: for each {@code k} below it the row that begins at {@code rows[k]} times
   * its bytes in the source.
   *
   * @throws IndexOutOfBoundsException for rows outside the source or the destination
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(MemorySegment src, long[] rows, int n, MemorySegment dst, long dstOffset) {
    if (n == 0 || columns == 0) {
      return;
    }
    long a = Rows.address(src, rows, n, 1, rowBytes);
    long b = Addresses.writable(dst, dstOffset, n * outBytes);
    body.run(a, rows, n, b);
    Reference.reachabilityFence(this);
    done(columns, (long) n * columns);
  }

  @Override
  Body scalar() {
    return ScalarRows.gather(finish, statistics, columns);
  }

  @Override
  Body vector() {
    return VectorGathers.body(finish, statistics, columns);
  }

  @Override
  String code() {
    return "rows" + Rows.kind(columns) + finish.code(statistics);
  }

  @Override
  boolean hasVector() {
    return finish.isCopy() || finish.hasVector();
  }

  @Override
  GatherPass shortened(int longest) {
    int n = Math.min(longest, columns);
    return new GatherPass(finish.rehearsed(n), n);
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long n = t.longest;
    t.allocate(Rows.TRIED * n * finish.from().bytes(), Rows.ORDER.length * n * finish.to().bytes());
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, Rows.ORDER, Rows.ORDER.length, t.b);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.runEmpty(t.a, Rows.ORDER, t.b);
  }
}
