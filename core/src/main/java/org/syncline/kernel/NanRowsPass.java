/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Says which of rows that follow one another have NaN; none of types without it. */
public final class NanRowsPass extends WarmingPass<NanRowsPass.Body> {
  private final ElementType type;
  private final int columns;

  /** Searches rows of a floating type. */
  abstract static class Body {
    /** Writes a byte a row, 1 where it has NaN; returns how many have. */
    abstract int run(long a, int n, long any);
  }

  private NanRowsPass(ElementType type, int columns) {
    this.type = type;
    this.columns = columns;
  }

  /** Binds a pass over rows of so many columns. */
  public static NanRowsPass of(ElementType type, int columns) {
    return of(KernelProvider.get(), type, columns);
  }

  static NanRowsPass of(Kernels kernels, ElementType type, int columns) {
    NanRowsPass pass = new NanRowsPass(type, columns);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes a byte for each of {@code n} rows: 1 where it has NaN, else 0. Returns how many have.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public int run(MemorySegment src, long offset, int n, MemorySegment any, long anyOffset) {
    long a = Addresses.of(src, offset, (long) n * columns * type.bytes());
    long to = Addresses.writable(any, anyOffset, n);
    int found = body.run(a, n, to);
    done(columns, (long) n * columns);
    return found;
  }

  @Override
  Body scalar() {
    return ScalarNans.rows(type, columns);
  }

  @Override
  Body vector() {
    return VectorNans.rows(type, columns);
  }

  @Override
  boolean hasVector() {
    return type.isFloating();
  }

  @Override
  String code() {
    return "NaN of rows" + Rows.kind(columns) + " " + type;
  }

  @Override
  NanRowsPass shortened(int longest) {
    return new NanRowsPass(type, Math.min(longest, columns));
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    t.note(body.run(t.a, 0, t.b) > 0);
    t.note(VectorNans.searchNothing(VectorNans.search(type), t.a));
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate((long) Rows.TRIED * t.longest * type.bytes(), Rows.TRIED);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    t.note(body.run(t.a, Rows.TRIED, t.b) > 0);
  }
}
