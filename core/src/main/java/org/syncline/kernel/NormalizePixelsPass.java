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
 * Writes {@code (x - means[i]) / stds[i]}, all float32; destination and source may be the same
 * place.
 */
public final class NormalizePixelsPass extends WarmingPass<NormalizePixelsPass.Body> {
  // the loops know them by address
  private final MemorySegment means;
  private final MemorySegment stds;
  private final long meansAddress;
  private final long stdsAddress;
  private final int count;

  /** Normalises pixels. */
  abstract static class Body {
    abstract void run(long a, long means, long stds, long b, int n);
  }

  private NormalizePixelsPass(MemorySegment means, MemorySegment stds, int count) {
    this.means = means;
    this.stds = stds;
    this.count = count;
    meansAddress = Addresses.of(means, 0, 4L * count);
    stdsAddress = Addresses.of(stds, 0, 4L * count);
  }

  /**
   * Binds a pass over so many pixels.
   *
   * @throws IndexOutOfBoundsException where pixels lack statistics
   * @throws IllegalArgumentException for statistics on the heap
   * @throws IllegalStateException for closed ones
   */
  public static NormalizePixelsPass of(MemorySegment means, MemorySegment stds, int count) {
    return of(KernelProvider.get(), means, stds, count);
  }

  static NormalizePixelsPass of(
      Kernels kernels, MemorySegment means, MemorySegment stds, int count) {
    NormalizePixelsPass pass = new NormalizePixelsPass(means, stds, count);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes all pixels.
   *
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset) {
    long a = Addresses.of(src, srcOffset, 4L * count);
    long b = Addresses.writable(dst, dstOffset, 4L * count);
    body.run(a, meansAddress, stdsAddress, b, count);
    Reference.reachabilityFence(means);
    Reference.reachabilityFence(stds);
    done(count, count);
  }

  @Override
  Body scalar() {
    return new ScalarFrames.NormalizePixels();
  }

  @Override
  Body vector() {
    return VectorFrames.normalizePixels();
  }

  @Override
  String code() {
    return "pixels by statistics of their own";
  }

  @Override
  NormalizePixelsPass shortened(int longest) {
    MemorySegment ones = RowFinish.ones(ElementType.FLOAT32, longest);
    return new NormalizePixelsPass(ones, ones, longest);
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(4L * t.longest, 4L * t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, meansAddress, stdsAddress, t.b, t.count);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, meansAddress, stdsAddress, t.b, 0);
  }
}
