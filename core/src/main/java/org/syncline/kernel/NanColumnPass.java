/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/** Replaces NaN by values of their columns, in place; types without NaN are left as they are. */
public final class NanColumnPass extends WarmingPass<NanColumnPass.Body> {
  private final ElementType type;

  /** Replaces NaN of a floating type. */
  abstract static class Body {
    /** Returns how many were replaced. */
    abstract int run(long a, int n, long values);
  }

  private NanColumnPass(ElementType type) {
    this.type = type;
  }

  /** Binds a pass. */
  public static NanColumnPass of(ElementType type) {
    return of(KernelProvider.get(), type);
  }

  static NanColumnPass of(Kernels kernels, ElementType type) {
    NanColumnPass pass = new NanColumnPass(type);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Replaces NaN in column j by {@code values[j]} (float64), rounded once; returns how many there
   * were.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or data that is read-only
   * @throws IllegalStateException for closed memory
   */
  public int run(MemorySegment data, long offset, int count, MemorySegment values) {
    if (!type.isFloating()) {
      return 0;
    }
    long a = Addresses.writable(data, offset, (long) count * type.bytes());
    int replaced = body.run(a, count, Addresses.of(values, 0, count * 8L));
    done(count, count);
    return replaced;
  }

  @Override
  Body scalar() {
    return ScalarNans.byColumn(type);
  }

  @Override
  Body vector() {
    return VectorNans.byColumn(type);
  }

  @Override
  boolean hasVector() {
    return VectorBits.masks(type);
  }

  @Override
  String code() {
    return "NaN by column " + type;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long bytes = (long) t.longest * type.bytes();
    t.allocate(bytes, bytes, 8L * t.longest);
    ScalarNans.plant(type, t.src, t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    t.dst.copyFrom(t.src);
    t.note(body.run(t.b, t.count, t.c) > 0);
  }
}
