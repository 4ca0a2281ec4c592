/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/** Splits interleaved pixels (count, 3) into three float32 planes, normalised per channel. */
public final class DeinterleavePass extends WarmingPass<DeinterleavePass.Body> {
  private final ElementType from;
  private final float[] means;
  private final float[] stds;

  /** Splits pixels. */
  abstract static class Body {
    abstract void run(long a, long b, long planeBytes, int n);
  }

  private DeinterleavePass(ElementType from, float[] means, float[] stds) {
    if (from != ElementType.UINT8 && from != ElementType.FLOAT32) {
      throw new IllegalArgumentException(
          "interleaved pixels are uint8 or float32, found " + from.numpyName());
    }
    this.from = from;
    this.means = means == null ? null : means.clone();
    this.stds = stds == null ? null : stds.clone();
  }

  /**
   * Binds a pass.
   *
   * @param from uint8 or float32
   * @param means one per channel; null, like the standard deviations, for no normalisation
   * @param stds likewise
   * @throws IllegalArgumentException for another type
   */
  public static DeinterleavePass of(ElementType from, float[] means, float[] stds) {
    return of(KernelProvider.get(), from, means, stds);
  }

  static DeinterleavePass of(Kernels kernels, ElementType from, float[] means, float[] stds) {
    DeinterleavePass pass = new DeinterleavePass(from, means, stds);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes three planes of {@code count} pixels each.
   *
   * @param planeBytes distance of the planes in the destination
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int count) {
    long a = Addresses.of(src, srcOffset, 3L * count * from.bytes());
    Addresses.checkWritable(dst);
    long b = Frames.rows(dst, dstOffset, 3, planeBytes, 4L * count);
    body.run(a, b, planeBytes, count);
    done(count, count);
  }

  @Override
  Body scalar() {
    return new ScalarFrames.Deinterleave(from, means, stds);
  }

  @Override
  Body vector() {
    return VectorFrames.deinterleave(from, means, stds);
  }

  @Override
  boolean hasVector() {
    return VectorBits.takes(from);
  }

  @Override
  String code() {
    return "planes " + from + (stds == null ? "" : " normalised");
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    t.allocate(3L * t.longest * from.bytes(), 12L * t.longest);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, t.b, 4L * t.count, t.count);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, t.b, 0, 0);
  }
}
