/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.FrameWarmup.Switches;
import org.syncline.kernel.FrameWarmup.Trial;
import org.syncline.kernel.lanes.VectorBits;

/** Frame kernels that run scalar until their vector forms are compiled: see {@link FrameWarmup}. */
final class WarmingFrameKernels implements FrameKernels {
  private static final int TYPES = ElementType.values().length;
  private static final int PAIRS = TYPES * TYPES;

  // windows of resampling have 0, 1, 2 or 4 vectors, columns come first or rows do
  private static final int RESAMPLINGS = 10;

  // of the window of 3 vectors, which no table has
  private static final int REPLICATING = 6;
  private static final int REPLICATING_ALIKE = 7;

  private static final class Vector {
    static final VectorFrameKernels FRAMES = new VectorFrameKernels();
  }

  private static final ScalarFrameKernels SCALAR = new ScalarFrameKernels();

  private final Switches finishes = new Switches(PAIRS * 2);
  private final Switches planes = new Switches(TYPES * 2);
  private final Switches joins = new Switches(1);
  private final Switches grays = new Switches(2);
  private final Switches eaches = new Switches(1);
  private final Switches fills = new Switches(TYPES);
  private final Switches resamplings = new Switches(PAIRS * 2 * RESAMPLINGS);

  private static int key(ElementType from, ElementType to, boolean normalize) {
    return 2 * (from.ordinal() * TYPES + to.ordinal()) + (normalize ? 1 : 0);
  }

  /** Pixels of the caller's kind, so many. */
  private abstract static class FrameTrial extends Trial {
    FrameTrial(Switches switches, int key, int count, long srcBytes, long dstBytes) {
      super(switches, key, count, srcBytes, dstBytes);
    }

    abstract void run(FrameKernels kernels);

    @Override
    final void scalar() {
      run(SCALAR);
    }

    @Override
    final void vector() {
      run(Vector.FRAMES);
    }

    @Override
    final void empty() {
      count = 0;
      run(Vector.FRAMES);
    }
  }

  @Override
  public int lanes() {
    // asked for before the first frame: not of the vectors, which the warm-up's thread loads
    return VectorBits.BITS < 128 ? SCALAR.lanes() : VectorBits.BITS / Float.SIZE;
  }

  @Override
  public void finish(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int key = key(from, to, normalize);
    if (finishes.isHot(key)) {
      Vector.FRAMES.finish(from, src, srcOffset, to, dst, dstOffset, count, normalize, mean, std);
      return;
    }
    SCALAR.finish(from, src, srcOffset, to, dst, dstOffset, count, normalize, mean, std);
    if ((from != to || normalize) && finishes.ask(key, count)) {
      int n = Math.min(count, FrameWarmup.LONGEST);
      FrameWarmup.submit(new Finishing(finishes, key, from, to, normalize, mean, std, n));
    }
  }

  private static final class Finishing extends FrameTrial {
    private final ElementType from;
    private final ElementType to;
    private final boolean normalize;
    private final float mean;
    private final float std;

    Finishing(
        Switches switches,
        int key,
        ElementType from,
        ElementType to,
        boolean normalize,
        float mean,
        float std,
        int n) {
      super(switches, key, n, (long) n * from.bytes(), (long) n * to.bytes());
      this.from = from;
      this.to = to;
      this.normalize = normalize;
      this.mean = mean;
      this.std = std;
    }

    @Override
    void run(FrameKernels kernels) {
      kernels.finish(from, src, 0, to, dst, 0, count, normalize, mean, std);
    }
  }

  @Override
  public void planar(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int count,
      boolean normalize,
      float[] means,
      float[] stds) {
    int key = 2 * from.ordinal() + (normalize ? 1 : 0);
    if (planes.isHot(key)) {
      Vector.FRAMES.planar(
          from, src, srcOffset, dst, dstOffset, planeBytes, count, normalize, means, stds);
      return;
    }
    SCALAR.planar(from, src, srcOffset, dst, dstOffset, planeBytes, count, normalize, means, stds);
    if (planes.ask(key, count)) {
      int n = Math.min(count, FrameWarmup.LONGEST);
      FrameWarmup.submit(new Splitting(planes, key, from, normalize, means, stds, n));
    }
  }

  private static final class Splitting extends FrameTrial {
    private final ElementType from;
    private final boolean normalize;
    private final float[] means;
    private final float[] stds;

    Splitting(
        Switches switches,
        int key,
        ElementType from,
        boolean normalize,
        float[] means,
        float[] stds,
        int n) {
      super(switches, key, n, 3L * n * from.bytes(), 12L * n);
      this.from = from;
      this.normalize = normalize;
      this.means = means;
      this.stds = stds;
    }

    @Override
    void run(FrameKernels kernels) {
      kernels.planar(from, src, 0, dst, 0, 4L * count, count, normalize, means, stds);
    }
  }

  @Override
  public void interleave(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (joins.isHot(0)) {
      Vector.FRAMES.interleave(src, srcOffset, planeBytes, dst, dstOffset, count);
      return;
    }
    SCALAR.interleave(src, srcOffset, planeBytes, dst, dstOffset, count);
    if (joins.ask(0, count)) {
      FrameWarmup.submit(new Joining(joins, Math.min(count, FrameWarmup.LONGEST)));
    }
  }

  private static final class Joining extends FrameTrial {
    Joining(Switches switches, int n) {
      super(switches, 0, n, 12L * n, 12L * n);
    }

    @Override
    void run(FrameKernels kernels) {
      kernels.interleave(src, 0, 4L * count, dst, 0, count);
    }
  }

  @Override
  public void gray(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int key = normalize ? 1 : 0;
    if (grays.isHot(key)) {
      Vector.FRAMES.gray(src, srcOffset, planeBytes, dst, dstOffset, count, normalize, mean, std);
      return;
    }
    SCALAR.gray(src, srcOffset, planeBytes, dst, dstOffset, count, normalize, mean, std);
    if (grays.ask(key, count)) {
      FrameWarmup.submit(new Graying(grays, key, mean, std, Math.min(count, FrameWarmup.LONGEST)));
    }
  }

  private static final class Graying extends FrameTrial {
    private final boolean normalize;
    private final float mean;
    private final float std;

    Graying(Switches switches, int key, float mean, float std, int n) {
      super(switches, key, n, 12L * n, 4L * n);
      normalize = key == 1;
      this.mean = mean;
      this.std = std;
    }

    @Override
    void run(FrameKernels kernels) {
      kernels.gray(src, 0, 4L * count, dst, 0, count, normalize, mean, std);
    }
  }

  @Override
  public void normalizeEach(
      MemorySegment src,
      long srcOffset,
      MemorySegment means,
      MemorySegment stds,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (eaches.isHot(0)) {
      Vector.FRAMES.normalizeEach(src, srcOffset, means, stds, dst, dstOffset, count);
      return;
    }
    SCALAR.normalizeEach(src, srcOffset, means, stds, dst, dstOffset, count);
    if (eaches.ask(0, count)) {
      FrameWarmup.submit(
          new Normalizing(eaches, means, stds, Math.min(count, FrameWarmup.LONGEST)));
    }
  }

  private static final class Normalizing extends FrameTrial {
    private MemorySegment means;
    private MemorySegment stds;

    Normalizing(Switches switches, MemorySegment means, MemorySegment stds, int n) {
      super(switches, 0, n, 4L * n, 4L * n);
      this.means = copy(means, 4L * n);
      this.stds = copy(stds, 4L * n);
    }

    @Override
    void prepare() {
      super.prepare();
      means = toNative(means);
      stds = toNative(stds);
    }

    @Override
    void run(FrameKernels kernels) {
      kernels.normalizeEach(src, 0, means, stds, dst, 0, count);
    }
  }

  @Override
  public void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value) {
    int key = to.ordinal();
    if (fills.isHot(key)) {
      Vector.FRAMES.fill(to, dst, dstOffset, count, value);
      return;
    }
    SCALAR.fill(to, dst, dstOffset, count, value);
    if (fills.ask(key, count)) {
      FrameWarmup.submit(new Filling(fills, key, to, Math.min(count, FrameWarmup.LONGEST)));
    }
  }

  private static final class Filling extends FrameTrial {
    private final ElementType to;

    Filling(Switches switches, int key, ElementType to, int n) {
      super(switches, key, n, 0, (long) n * to.bytes());
      this.to = to;
    }

    @Override
    void run(FrameKernels kernels) {
      kernels.fill(to, dst, 0, count, 1);
    }
  }

  // parts of resample: it alone calls these three, and each form calls its own

  @Override
  public void vertical(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count) {
    SCALAR.vertical(from, src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, count);
  }

  @Override
  public void verticalFinish(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    SCALAR.verticalFinish(
        src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, count, normalize, mean, std);
  }

  @Override
  public void horizontal(
      ResampleTable table,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std) {
    SCALAR.horizontal(table, src, srcOffset, dst, dstOffset, normalize, mean, std);
  }

  @Override
  public void resample(
      ResampleTable table,
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      MemorySegment scratch,
      long scratchOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std) {
    int key = key(from, to, normalize) * RESAMPLINGS + way(table, from, to);
    if (resamplings.isHot(key)) {
      Vector.FRAMES.resample(
          table,
          from,
          src,
          srcOffset,
          rowBytes,
          scratch,
          scratchOffset,
          to,
          dst,
          dstOffset,
          normalize,
          mean,
          std);
      return;
    }
    SCALAR.resample(
        table,
        from,
        src,
        srcOffset,
        rowBytes,
        scratch,
        scratchOffset,
        to,
        dst,
        dstOffset,
        normalize,
        mean,
        std);
    if (resamplings.ask(key, elements(table))) {
      FrameWarmup.submit(new Resampling(resamplings, key, table, from, to, normalize, mean, std));
    }
  }

  /**
   * Returns which code of the vector kernels a table takes. Each has a switch of its own: that one
   * is compiled says nothing of the others.
   */
  private static int way(ResampleTable table, ElementType from, ElementType to) {
    if (from == ElementType.UINT8 && table.replicates()) {
      return to == ElementType.FLOAT32 && table.alike() > 0 ? REPLICATING_ALIKE : REPLICATING;
    }
    return 2 * table.window() + (table.columnsFirst() ? 1 : 0);
  }

  private static long elements(ResampleTable table) {
    return (long) table.height() * table.width();
  }

  private static final class Resampling extends FrameTrial {
    private final ResampleTable table;
    private final ElementType from;
    private final ElementType to;
    private final boolean normalize;
    private final float mean;
    private final float std;
    private MemorySegment scratch;
    private ResampleTable none;
    private ResampleTable few;
    private ResampleTable some;

    Resampling(
        Switches switches,
        int key,
        ResampleTable table,
        ElementType from,
        ElementType to,
        boolean normalize,
        float mean,
        float std) {
      super(switches, key, FrameWarmup.LONGEST, 0, 0);
      this.table = table;
      this.from = from;
      this.to = to;
      this.normalize = normalize;
      this.mean = mean;
      this.std = std;
    }

    @Override
    void prepare() {
      few = table.sample(FrameWarmup.SHORTEST);
      // as many columns as make a mixed row, read or written
      int enlarged = Math.max(1, table.width() / table.sourceWidth());
      some = table.sample(FrameWarmup.MIXED * enlarged);
      none = few.empty();
      src = memory(Math.max(sourceBytes(few), sourceBytes(some)));
      dst = memory(Math.max(elements(few), elements(some)) * to.bytes());
      scratch = memory(Math.max(few.scratchBytes(), some.scratchBytes()));
    }

    private long sourceBytes(ResampleTable t) {
      return (long) t.sourceHeight() * t.sourceWidth() * from.bytes();
    }

    @Override
    void run(FrameKernels kernels) {
      ResampleTable t = count == 0 ? none : count == FrameWarmup.SHORTEST ? few : some;
      long rowBytes = (long) t.sourceWidth() * from.bytes();
      kernels.resample(t, from, src, 0, rowBytes, scratch, 0, to, dst, 0, normalize, mean, std);
    }
  }
}
