/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Writes one number everywhere, rounded as {@link FrameFinish} says. */
public final class FillPass extends WarmingPass<FillPass.Body> {
  private final ElementType to;

  /** Fills. */
  abstract static class Body {
    abstract void run(long b, int n, float value);
  }

  private FillPass(ElementType to) {
    this.to = to;
  }

  /** Binds a pass. */
  public static FillPass of(ElementType to) {
    return of(KernelProvider.get(), to);
  }

  static FillPass of(Kernels kernels, ElementType to) {
    FillPass pass = new FillPass(to);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code count} times {@code value}.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(MemorySegment dst, long dstOffset, int count, float value) {
    body.run(Addresses.writable(dst, dstOffset, (long) count * to.bytes()), count, value);
    done(count, count);
  }

  @Override
  Body scalar() {
    return new ScalarFrames.Fill(to);
  }

  @Override
  Body vector() {
    return to == ElementType.FLOAT32 ? VectorFrames.fill() : scalar();
  }

  @Override
  boolean hasVector() {
    return to == ElementType.FLOAT32;
  }

  @Override
  String code() {
    return "fill " + to;
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(0, (long) t.longest * to.bytes());
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.b, t.count, 1);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.run(t.b, 0, 1);
  }
}
