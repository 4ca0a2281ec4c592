/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/**
 * Finishes pixels; equal types without normalisation are copied. Source and destination may be the
 * same place where both are float32.
 */
public final class PixelPass extends WarmingPass<PixelPass.Body> {
  private final FrameFinish finish;

  /** Finishes pixels. */
  abstract static class Body {
    abstract void run(long a, long b, int n);
  }

  private PixelPass(FrameFinish finish) {
    this.finish = finish;
  }

  /**
   * Binds a pass.
   *
   * @throws IllegalArgumentException for a type that frames cannot be written as
   */
  public static PixelPass of(FrameFinish finish) {
    return of(KernelProvider.get(), finish);
  }

  static PixelPass of(Kernels kernels, FrameFinish finish) {
    PixelPass pass = new PixelPass(finish);
    pass.bind(kernels);
    return pass;
  }

  /** Binds a conversion. */
  public static PixelPass of(ElementType from, ElementType to) {
    return of(FrameFinish.conversion(from, to));
  }

  /**
   * Writes {@code count} pixels.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    long a = Addresses.of(src, srcOffset, (long) count * finish.from().bytes());
    long b = Addresses.writable(dst, dstOffset, (long) count * finish.to().bytes());
    body.run(a, b, count);
    done(count, count);
  }

  @Override
  Body scalar() {
    return ScalarFrames.pixels(finish);
  }

  @Override
  Body vector() {
    return VectorFrames.pixels(finish);
  }

  @Override
  boolean hasVector() {
    return !finish.isCopy() && VectorBits.takes(finish.from());
  }

  @Override
  String code() {
    return "pixels" + finish.code();
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate((long) t.longest * finish.from().bytes(), (long) t.longest * finish.to().bytes());
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, t.b, t.count);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, t.b, 0);
  }
}
