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
 * Resamples one plane and finishes it: rows first where it shrinks vertically, else columns first.
 *
 * <p>Arithmetic is float32: products and sums in the order of the taps, never fused.
 */
public final class ResamplePass extends WarmingPass<ResamplePass.Body> {
  private final ResampleTable table;
  private final FrameFinish finish;

  /** For the warm-up: a body of the same code that resamples nothing. */
  private Body nothing;

  /** Resamples a plane. */
  abstract static class Body {
    abstract void run(long a, long rowBytes, long scratch, long b);
  }

  private ResamplePass(ResampleTable table, FrameFinish finish) {
    if (finish.from() != ElementType.UINT8 && finish.from() != ElementType.FLOAT32) {
      throw new IllegalArgumentException(
          "planes that are resampled are uint8 or float32, found " + finish.from().numpyName());
    }
    this.table = table;
    this.finish = finish;
  }

  /**
   * Binds a pass.
   *
   * @param table sizes and weights
   * @param finish from uint8 or float32
   * @throws IllegalArgumentException for another type
   */
  public static ResamplePass of(ResampleTable table, FrameFinish finish) {
    return of(KernelProvider.get(), table, finish);
  }

  static ResamplePass of(Kernels kernels, ResampleTable table, FrameFinish finish) {
    ResamplePass pass = new ResamplePass(table, finish);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes one plane.
   *
   * @param rowBytes distance of the source's rows
   * @param scratch room for {@link ResampleTable#scratchBytes} from {@code scratchOffset}
   * @param dst destination, rows without gaps
   * @throws IndexOutOfBoundsException for a range outside its segment
   * @throws IllegalArgumentException for memory on the heap, scratch or a destination that is
   *     read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      MemorySegment scratch,
      long scratchOffset,
      MemorySegment dst,
      long dstOffset) {
    ResampleTable t = table;
    long pixels = (long) t.height() * t.width();
    long lineBytes = (long) t.sourceWidth() * finish.from().bytes();
    long a = Frames.rows(src, srcOffset, t.sourceHeight(), rowBytes, lineBytes);
    long line = Addresses.writable(scratch, scratchOffset, t.scratchBytes());
    long b = Addresses.writable(dst, dstOffset, pixels * finish.to().bytes());
    body.run(a, rowBytes, line, b);
    // the loops know the table's memory by address alone
    Reference.reachabilityFence(this);
    done(Warmup.LONGEST, pixels);
  }

  @Override
  Body scalar() {
    return ScalarFrames.resample(table, finish);
  }

  @Override
  Body vector() {
    return VectorFrames.resample(table, finish);
  }

  /** Names the way that vectors take by the table; that one is compiled says nothing of others. */
  @Override
  String code() {
    String way =
        finish.from() == ElementType.UINT8 && table.replicates()
            ? finish.to() == ElementType.FLOAT32 && table.alike() > 0 ? "alike" : "replicated"
            : "window " + table.window() + (table.columnsFirst() ? " columns" : " rows");
    return "resample " + way + finish.code();
  }

  /** A part of the table: of a few columns, or as many as make a mixed row, read or written. */
  @Override
  ResamplePass shortened(int longest) {
    int enlarged = Math.max(1, table.width() / table.sourceWidth());
    boolean few = longest == Warmup.SHORTEST;
    return new ResamplePass(table.sample(few ? longest : Warmup.MIXED * enlarged), finish);
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long src = 0;
    long dst = 0;
    long scratch = 0;
    for (int length : new int[] {Warmup.SHORTEST, Warmup.LONGEST}) {
      ResampleTable part = shortened(length).table;
      src = Math.max(src, (long) part.sourceHeight() * part.sourceWidth() * finish.from().bytes());
      dst = Math.max(dst, (long) part.height() * part.width() * finish.to().bytes());
      scratch = Math.max(scratch, part.scratchBytes());
    }
    t.allocate(src, dst, scratch);
  }

  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, (long) table.sourceWidth() * finish.from().bytes(), t.c, t.b);
  }

  @Override
  void rehearseEmpty(Body body, Warmup.Trial<Body> t) {
    if (nothing == null) {
      nothing = VectorFrames.resample(table.empty(), finish);
    }
    nothing.run(t.a, 0, t.c, t.b);
  }
}
