/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Says whether any element is NaN; false for types without NaN. */
public final class NanSearchPass extends WarmingPass<NanSearchPass.Body> {
  private final ElementType type;

  /** Searches a row of a floating type. */
  abstract static class Body {
    abstract boolean run(long a, int n);
  }

  private NanSearchPass(ElementType type) {
    this.type = type;
  }

  /** Binds a pass. */
  public static NanSearchPass of(ElementType type) {
    return of(KernelProvider.get(), type);
  }

  static NanSearchPass of(Kernels kernels, ElementType type) {
    NanSearchPass pass = new NanSearchPass(type);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Returns whether any of {@code count} elements is NaN.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap
   * @throws IllegalStateException for closed memory
   */
  public boolean run(MemorySegment src, long offset, int count) {
    if (!type.isFloating()) {
      return false;
    }
    boolean any = body.run(Addresses.of(src, offset, (long) count * type.bytes()), count);
    done(count, count);
    return any;
  }

  @Override
  Body scalar() {
    return ScalarNans.search(type);
  }

  @Override
  Body vector() {
    return VectorNans.search(type);
  }

  @Override
  boolean hasVector() {
    return type.isFloating();
  }

  @Override
  String code() {
    return "NaN " + type;
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    t.note(VectorNans.searchNothing(body, t.a));
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate((long) t.longest * type.bytes(), 0);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    t.note(body.run(t.a, t.count));
  }
}
