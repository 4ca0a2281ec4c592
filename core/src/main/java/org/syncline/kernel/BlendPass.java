/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.kernel.lanes.Addresses;

/**
 * Writes {@code w0*row0 + w1*row1} in float64 (two products, one sum, no fma), finished. The
 * description's {@code compute} is FLOAT64.
 */
public final class BlendPass extends WarmingPass<BlendPass.Body> {
  private final RowFinish finish;
  private final RowStatistics statistics;
  private final int fromBytes;
  private final int toBytes;

  /** Blends two rows. */
  abstract static class Body {
    abstract void run(long a0, double w0, long a1, double w1, long b, int n);
  }

  private BlendPass(RowFinish finish) {
    this.finish = finish;
    this.statistics = new RowStatistics(finish);
    this.fromBytes = finish.from().bytes();
    this.toBytes = finish.to().bytes();
  }

  /**
   * Binds a pass.
   *
   * @throws IndexOutOfBoundsException where statistics are missing
   * @throws IllegalArgumentException for statistics on the heap
   * @throws IllegalStateException for closed ones
   */
  public static BlendPass of(RowFinish finish) {
    return of(KernelProvider.get(), finish);
  }

  static BlendPass of(Kernels kernels, RowFinish finish) {
    BlendPass pass = new BlendPass(finish);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code count} elements.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment, or more columns than have
   *     statistics
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long offset0,
      double w0,
      long offset1,
      double w1,
      MemorySegment dst,
      long dstOffset,
      int count) {
    statistics.check(count);
    long a0 = Addresses.of(src, offset0, (long) count * fromBytes);
    long a1 = Addresses.of(src, offset1, (long) count * fromBytes);
    long b = Addresses.writable(dst, dstOffset, (long) count * toBytes);
    body.run(a0, w0, a1, w1, b, count);
    Reference.reachabilityFence(this);
    done(count, count);
  }

  @Override
  Body scalar() {
    return ScalarRows.blend(finish, statistics);
  }

  @Override
  Body vector() {
    return VectorBlends.body(finish, statistics);
  }

  @Override
  String code() {
    return "blend" + finish.code(statistics);
  }

  @Override
  BlendPass shortened(int longest) {
    return new BlendPass(finish.rehearsed(longest));
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(2L * t.longest * fromBytes, (long) t.longest * toBytes);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, 0.75, t.a + (long) t.count * fromBytes, 0.25, t.b, t.count);
  }
}
