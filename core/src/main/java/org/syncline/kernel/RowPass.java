/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/**
 * Finishes a row: loads, normalises, stores. Equal types without normalisation are copied.
 * Narrowing rounds to nearest even; floats to integers saturate, NaN becomes 0 there.
 */
public final class RowPass extends WarmingPass<RowPass.Body> {
  private final RowFinish finish;
  private final RowStatistics statistics;
  private final int fromBytes;
  private final int toBytes;

  /** A loop for rows that are long enough for it, and one for others. */
  static final class Body {
    private final RowLoop loop;
    private final RowLoop shorter;

    /** Elements from which on {@link #loop} takes a row. */
    private final int from;

    /** A loop for all rows. */
    Body(RowLoop loop) {
      this(loop, 0, loop);
    }

    Body(RowLoop loop, int from, RowLoop shorter) {
      this.loop = loop;
      this.from = from;
      this.shorter = shorter;
    }

    void run(long a, long b, int n) {
      (n < from ? shorter : loop).run(a, b, 0, n);
    }

    /** Returns what runs but for short rows. */
    RowLoop loop() {
      return loop;
    }

    /** Runs the loop on nothing, for the warm-up. */
    void runEmpty(long a, long b) {
      loop.run(a, b, 0, 0);
    }
  }

  private RowPass(RowFinish finish) {
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
  public static RowPass of(RowFinish finish) {
    return of(KernelProvider.get(), finish);
  }

  /** Binds a conversion. */
  public static RowPass of(ElementType from, ElementType to) {
    return of(RowFinish.conversion(from, to));
  }

  static RowPass of(Kernels kernels, RowFinish finish) {
    RowPass pass = new RowPass(finish);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code count} elements of one row.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment, or more columns than have
   *     statistics
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    statistics.check(count);
    long a = Addresses.of(src, srcOffset, (long) count * fromBytes);
    long b = Addresses.writable(dst, dstOffset, (long) count * toBytes);
    body.run(a, b, count);
    Reference.reachabilityFence(this);
    done(count, count);
  }

  @Override
  Body scalar() {
    return ScalarRows.body(finish, statistics);
  }

  @Override
  Body vector() {
    return VectorRows.body(finish, statistics);
  }

  @Override
  boolean hasVector() {
    return finish.hasVector();
  }

  @Override
  String code() {
    return "row " + finish.code(statistics);
  }

  @Override
  RowPass shortened(int longest) {
    return new RowPass(finish.rehearsed(longest));
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate((long) t.longest * fromBytes, (long) t.longest * toBytes);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, t.b, t.count);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.runEmpty(t.a, t.b);
  }
}
