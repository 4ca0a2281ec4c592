/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.kernel.lanes.Addresses;

/** Joins three float32 planes into interleaved float32 pixels (count, 3). */
public final class InterleavePass extends WarmingPass<InterleavePass.Body> {

  /** Joins planes. */
  abstract static class Body {
    abstract void run(long a, long planeBytes, long b, int n);
  }

  private InterleavePass() {}

  /** Binds a pass. */
  public static InterleavePass of() {
    return of(KernelProvider.get());
  }

  static InterleavePass of(Kernels kernels) {
    InterleavePass pass = new InterleavePass();
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes {@code count} pixels.
   *
   * @param planeBytes distance of the planes in the source
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count) {
    long a = Frames.rows(src, srcOffset, 3, planeBytes, 4L * count);
    long b = Addresses.writable(dst, dstOffset, 12L * count);
    body.run(a, planeBytes, b, count);
    done(count, count);
  }

  @Override
  Body scalar() {
    return new ScalarFrames.Interleave();
  }

  @Override
  Body vector() {
    return VectorFrames.interleave();
  }

  @Override
  String code() {
    return "interleaved planes";
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(12L * t.longest, 12L * t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, 4L * t.count, t.b, t.count);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, 0, t.b, 0);
  }
}
