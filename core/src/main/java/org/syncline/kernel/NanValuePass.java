/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Replaces NaN by one value, in place; types without NaN are left as they are. */
public final class NanValuePass extends WarmingPass<NanValuePass.Body> {
  private final ElementType type;

  /** Replaces NaN of a floating type. */
  abstract static class Body {
    /** Returns how many were replaced. */
    abstract int run(long a, int n, double value);
  }

  private NanValuePass(ElementType type) {
    this.type = type;
  }

  /** Binds a pass. */
  public static NanValuePass of(ElementType type) {
    return of(KernelProvider.get(), type);
  }

  static NanValuePass of(Kernels kernels, ElementType type) {
    NanValuePass pass = new NanValuePass(type);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Replaces NaN in {@code count} elements by a value, rounded once; returns how many there were.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or read-only
   * @throws IllegalStateException for closed memory
   */
  public int run(MemorySegment data, long offset, int count, double value) {
    if (!type.isFloating()) {
      return 0;
    }
    long a = Addresses.writable(data, offset, (long) count * type.bytes());
    int replaced = body.run(a, count, value);
    done(count, count);
    return replaced;
  }

  @Override
  Body scalar() {
    return ScalarNans.value(type);
  }

  @Override
  Body vector() {
    return VectorNans.value(type);
  }

  @Override
  boolean hasVector() {
    return type.isFloating();
  }

  @Override
  String code() {
    return "NaN by a value " + type;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long bytes = (long) t.longest * type.bytes();
    t.allocate(bytes, bytes);
    ScalarNans.plant(type, t.src, t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    t.dst.copyFrom(t.src);
    t.note(body.run(t.b, t.count, 1) > 0);
  }
}
