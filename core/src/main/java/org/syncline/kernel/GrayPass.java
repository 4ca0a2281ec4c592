/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Mixes three float32 planes into grey: {@code 0.2989 r + 0.587 g + 0.114 b}, finished. */
public final class GrayPass extends WarmingPass<GrayPass.Body> {
  private final FrameFinish finish;

  /** Mixes planes. */
  abstract static class Body {
    abstract void run(long a, long planeBytes, long b, int n);
  }

  private GrayPass(FrameFinish finish) {
    if (finish.from() != ElementType.FLOAT32 || finish.to() != ElementType.FLOAT32) {
      throw new IllegalArgumentException("grey is float32 made of float32, found " + finish);
    }
    this.finish = finish;
  }

  /**
   * Binds a pass.
   *
   * @param finish from float32 to float32
   * @throws IllegalArgumentException for other types
   */
  public static GrayPass of(FrameFinish finish) {
    return of(KernelProvider.get(), finish);
  }

  static GrayPass of(Kernels kernels, FrameFinish finish) {
    GrayPass pass = new GrayPass(finish);
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
    long b = Addresses.writable(dst, dstOffset, 4L * count);
    body.run(a, planeBytes, b, count);
    done(count, count);
  }

  @Override
  Body scalar() {
    return new ScalarFrames.Gray(finish);
  }

  @Override
  Body vector() {
    return VectorFrames.gray(finish);
  }

  @Override
  String code() {
    return "grey" + finish.code();
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(12L * t.longest, 4L * t.longest);
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
