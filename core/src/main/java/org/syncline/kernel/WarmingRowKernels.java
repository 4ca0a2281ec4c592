/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.Warmup.Switches;
import org.syncline.kernel.Warmup.Trial;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/** Row kernels that run scalar until their vector forms are compiled: see {@link Warmup}. */
final class WarmingRowKernels implements RowKernels {
  private static final int TYPES = ElementType.values().length;
  private static final int PAIRS = TYPES * TYPES;

  // each with means and without
  private static final int MODES = 2 * RowFinish.Mode.values().length;

  private static final ScalarRowKernels SCALAR = new ScalarRowKernels();

  private final Switches conversions = new Switches(PAIRS);
  private final Switches finishes = new Switches(PAIRS * MODES);
  private final Switches blends = new Switches(PAIRS * MODES);
  private final Switches finishedRows = new Switches(PAIRS * MODES);
  private final Switches blendedRows = new Switches(PAIRS * MODES);
  private final Switches blendedThrees = new Switches(PAIRS * MODES);
  private final Switches nearest = new Switches(PAIRS * MODES);
  private final Switches linear = new Switches(PAIRS * MODES);
  private final Switches searches = new Switches(TYPES);
  private final Switches rowSearches = new Switches(TYPES);
  private final Switches replacements = new Switches(TYPES);
  private final Switches columnReplacements = new Switches(TYPES);
  private final Switches sums = new Switches(TYPES);
  private final Switches squares = new Switches(TYPES);

  private static int key(ElementType from, ElementType to) {
    return from.ordinal() * TYPES + to.ordinal();
  }

  /** Each mode has code of its own, and again where no mean is subtracted. */
  private static int key(RowFinish f) {
    boolean means = f.normalization() != RowFinish.Mode.NONE && f.subtract();
    return key(f.from(), f.to()) * MODES + 2 * f.normalization().ordinal() + (means ? 1 : 0);
  }

  /** Rows that take every way through a kernel: one after another, again, and elsewhere. */
  private static final long[] ORDER = {0, 1, 1, 0, 2, 0};

  private static final int ROWS = 3;

  /** A row of the caller's kind, so long. */
  private abstract static class RowTrial extends Trial {
    RowTrial(Switches switches, int key, int count, long srcBytes, long dstBytes) {
      super(switches, key, count, srcBytes, dstBytes);
    }

    abstract void run(RowKernels kernels);

    /** Returns whether vectors are used for a type at all. */
    static boolean isVector(ElementType type) {
      return Widths.BITS > 128 || type.bytes() > 1;
    }

    @Override
    final void scalar() {
      run(SCALAR);
    }

    @Override
    final void vector() {
      run(Vectors.ROWS);
    }
  }

  /** A row that is finished by statistics of its own. */
  abstract static class FinishTrial extends RowTrial {
    RowFinish f;

    FinishTrial(Switches switches, int key, RowFinish f, int count, long srcBytes, long dstBytes) {
      super(switches, key, count, srcBytes, dstBytes);
      boolean columns = f.normalization() == RowFinish.Mode.COLUMNS;
      long bytes = (long) f.compute().bytes() * (columns ? count : 1);
      this.f = with(f, copy(f.means(), bytes), copy(f.stds(), bytes));
    }

    private static RowFinish with(RowFinish f, MemorySegment means, MemorySegment stds) {
      return new RowFinish(
          f.from(), f.compute(), f.to(), f.normalization(), f.subtract(), means, stds);
    }

    @Override
    void prepare() {
      super.prepare();
      f = with(f, toNative(f.means()), toNative(f.stds()));
    }
  }

  @Override
  public void convert(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int key = key(from, to);
    if (conversions.isHot(key)) {
      Vectors.ROWS.convert(from, src, srcOffset, to, dst, dstOffset, count);
      return;
    }
    SCALAR.convert(from, src, srcOffset, to, dst, dstOffset, count);
    if (from != to && conversions.ask(key, count)) {
      Warmup.submit(new Conversion(conversions, key, from, to, Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class Conversion extends RowTrial {
    private final ElementType from;
    private final ElementType to;

    Conversion(Switches switches, int key, ElementType from, ElementType to, int n) {
      super(switches, key, n, (long) n * from.bytes(), (long) n * to.bytes());
      this.from = from;
      this.to = to;
    }

    @Override
    void run(RowKernels kernels) {
      kernels.convert(from, src, 0, to, dst, 0, count);
    }

    @Override
    void empty() {
      if (isVector(from)) {
        Vectors.ROWS.convertLong(from, src.address(), to, dst.address(), 0);
      }
    }
  }

  @Override
  public void finish(
      RowFinish f,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int key = key(f);
    if (finishes.isHot(key)) {
      Vectors.ROWS.finish(f, src, srcOffset, dst, dstOffset, count);
      return;
    }
    SCALAR.finish(f, src, srcOffset, dst, dstOffset, count);
    if (finishes.ask(key, count)) {
      Warmup.submit(new Finishing(finishes, key, f, Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class Finishing extends FinishTrial {
    Finishing(Switches switches, int key, RowFinish f, int n) {
      super(switches, key, f, n, (long) n * f.from().bytes(), (long) n * f.to().bytes());
    }

    @Override
    void run(RowKernels kernels) {
      kernels.finish(f, src, 0, dst, 0, count);
    }

    @Override
    void empty() {
      if (f.normalization() == RowFinish.Mode.NONE) {
        super.empty();
      } else if (isVector(f.from())) {
        Vectors.ROWS.normalizeLong(f, src.address(), dst.address(), 0);
      }
    }
  }

  @Override
  public void finishRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int key = key(f);
    if (finishedRows.isHot(key)) {
      Vectors.ROWS.finishRows(f, src, rows, n, dst, dstOffset, count);
      return;
    }
    SCALAR.finishRows(f, src, rows, n, dst, dstOffset, count);
    if (finishedRows.ask(key, (long) n * count)) {
      Warmup.submit(new FinishingRows(finishedRows, key, f, Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class FinishingRows extends FinishTrial {
    FinishingRows(Switches switches, int key, RowFinish f, int n) {
      super(
          switches,
          key,
          f,
          n,
          (long) ROWS * n * f.from().bytes(),
          (long) ORDER.length * n * f.to().bytes());
    }

    @Override
    void run(RowKernels kernels) {
      kernels.finishRows(f, src, ORDER, ORDER.length, dst, 0, count);
    }

    @Override
    void empty() {
      Vectors.ROWS.finishNoRows(f, src.address(), ORDER, dst.address(), count);
    }
  }

  @Override
  public void blendRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      double[] w0,
      double[] w1,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int key = key(f);
    // rows of three have code of their own
    Switches switches = count == ShortBlends.COUNT ? blendedThrees : blendedRows;
    if (switches.isHot(key)) {
      Vectors.ROWS.blendRows(f, src, rows, w0, w1, n, dst, dstOffset, count);
      return;
    }
    SCALAR.blendRows(f, src, rows, w0, w1, n, dst, dstOffset, count);
    if (switches.ask(key, (long) n * count)) {
      Warmup.submit(new BlendingRows(switches, key, f, Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class BlendingRows extends FinishTrial {
    private static final double[] W0 = {1, 0.75, 0.5, 0.25, 0.1, 0};
    private static final double[] W1 = {0, 0.25, 0.5, 0.75, 0.9, 1};

    private int rows = ORDER.length;

    BlendingRows(Switches switches, int key, RowFinish f, int n) {
      super(
          switches,
          key,
          f,
          n,
          (ROWS + 1L) * n * f.from().bytes(),
          (long) ORDER.length * n * f.to().bytes());
    }

    @Override
    void run(RowKernels kernels) {
      kernels.blendRows(f, src, ORDER, W0, W1, rows, dst, 0, count);
    }

    /** One row, for every row of a call counts as a call of the kernel. */
    @Override
    void empty() {
      rows = 1;
      super.empty();
      rows = ORDER.length;
    }
  }

  @Override
  public void blend(
      RowFinish f,
      MemorySegment src,
      long offset0,
      double w0,
      long offset1,
      double w1,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int key = key(f);
    if (blends.isHot(key)) {
      Vectors.ROWS.blend(f, src, offset0, w0, offset1, w1, dst, dstOffset, count);
      return;
    }
    SCALAR.blend(f, src, offset0, w0, offset1, w1, dst, dstOffset, count);
    if (blends.ask(key, count)) {
      Warmup.submit(new Blending(blends, key, f, Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class Blending extends FinishTrial {
    Blending(Switches switches, int key, RowFinish f, int n) {
      super(switches, key, f, n, 2L * n * f.from().bytes(), (long) n * f.to().bytes());
    }

    @Override
    void run(RowKernels kernels) {
      kernels.blend(f, src, 0, 0.75, (long) count * f.from().bytes(), 0.25, dst, 0, count);
    }
  }

  @Override
  public void shiftedNearest(
      RowFinish f,
      MemorySegment src,
      long offset,
      long rowBytes,
      long firstRow,
      long lastRow,
      double time,
      double start,
      double dt,
      boolean round,
      MemorySegment shifts,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (firstRow == lastRow) {
      // the vector kernel would finish the row, by a kernel with a switch of its own
      finish(f, src, offset, dst, dstOffset, count);
      return;
    }
    int key = key(f);
    if (nearest.isHot(key)) {
      Vectors.ROWS.shiftedNearest(
          f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, round, shifts, dst,
          dstOffset, count);
      return;
    }
    SCALAR.shiftedNearest(
        f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, round, shifts, dst, dstOffset,
        count);
    if (VectorBits.shiftsNearest(f.from(), lastRow - firstRow, count) && nearest.ask(key, count)) {
      Warmup.submit(
          new Shifting(
              nearest,
              key,
              f,
              true,
              firstRow,
              lastRow,
              time,
              start,
              dt,
              round,
              shifts,
              Math.min(count, Warmup.LONGEST)));
    }
  }

  @Override
  public void shiftedLinear(
      RowFinish f,
      MemorySegment src,
      long offset,
      long rowBytes,
      long firstRow,
      long lastRow,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int key = key(f);
    if (linear.isHot(key)) {
      Vectors.ROWS.shiftedLinear(
          f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, shifts, dst, dstOffset,
          count);
      return;
    }
    SCALAR.shiftedLinear(
        f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, shifts, dst, dstOffset,
        count);
    if (firstRow < lastRow
        && VectorBits.shiftsLinear(f.from(), lastRow - firstRow, count)
        && linear.ask(key, count)) {
      Warmup.submit(
          new Shifting(
              linear,
              key,
              f,
              false,
              firstRow,
              lastRow,
              time,
              start,
              dt,
              false,
              shifts,
              Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class Shifting extends FinishTrial {
    private final boolean toNearest;
    private final long firstRow;
    private final long lastRow;
    private final double time;
    private final double start;
    private final double dt;
    private final boolean round;
    private MemorySegment shifts;

    Shifting(
        Switches switches,
        int key,
        RowFinish f,
        boolean toNearest,
        long firstRow,
        long lastRow,
        double time,
        double start,
        double dt,
        boolean round,
        MemorySegment shifts,
        int n) {
      super(
          switches,
          key,
          f,
          n,
          (lastRow - firstRow + 2) * n * f.from().bytes(),
          (long) n * f.to().bytes());
      this.toNearest = toNearest;
      this.firstRow = firstRow;
      this.lastRow = lastRow;
      this.time = time;
      this.start = start;
      this.dt = dt;
      this.round = round;
      this.shifts = copy(shifts, 8L * n);
    }

    @Override
    void prepare() {
      super.prepare();
      shifts = toNative(shifts);
    }

    @Override
    void run(RowKernels kernels) {
      long rowBytes = (long) count * f.from().bytes();
      if (toNearest) {
        kernels.shiftedNearest(
            f, src, 0, rowBytes, firstRow, lastRow, time, start, dt, round, shifts, dst, 0, count);
      } else {
        kernels.shiftedLinear(
            f, src, 0, rowBytes, firstRow, lastRow, time, start, dt, shifts, dst, 0, count);
      }
    }
  }

  @Override
  public boolean hasNaN(ElementType type, MemorySegment src, long offset, int count) {
    int key = type.ordinal();
    if (searches.isHot(key)) {
      return Vectors.ROWS.hasNaN(type, src, offset, count);
    }
    if (type.isFloating() && searches.ask(key, count)) {
      Warmup.submit(new Search(searches, key, type, Math.min(count, Warmup.LONGEST)));
    }
    return SCALAR.hasNaN(type, src, offset, count);
  }

  private static final class Search extends RowTrial {
    private final ElementType type;
    private boolean found;

    Search(Switches switches, int key, ElementType type, int n) {
      super(switches, key, n, (long) n * type.bytes(), 0);
      this.type = type;
    }

    @Override
    void run(RowKernels kernels) {
      found |= kernels.hasNaN(type, src, 0, count);
    }

    @Override
    void empty() {
      found |= VectorRowKernels.longHasNaN(type, src.address(), 0);
    }
  }

  @Override
  public int rowsWithNaN(
      ElementType type,
      MemorySegment src,
      long offset,
      int count,
      int n,
      MemorySegment any,
      long anyOffset) {
    int key = type.ordinal();
    if (rowSearches.isHot(key)) {
      return Vectors.ROWS.rowsWithNaN(type, src, offset, count, n, any, anyOffset);
    }
    if (type.isFloating() && rowSearches.ask(key, (long) n * count)) {
      Warmup.submit(new RowSearch(rowSearches, key, type, Math.min(count, Warmup.LONGEST)));
    }
    return SCALAR.rowsWithNaN(type, src, offset, count, n, any, anyOffset);
  }

  private static final class RowSearch extends RowTrial {
    private final ElementType type;
    private int found;

    RowSearch(Switches switches, int key, ElementType type, int n) {
      super(switches, key, n, (long) ROWS * n * type.bytes(), ROWS);
      this.type = type;
    }

    @Override
    void run(RowKernels kernels) {
      found += kernels.rowsWithNaN(type, src, 0, count, ROWS, dst, 0);
    }

    @Override
    void empty() {
      boolean none = VectorRowKernels.longHasNaN(type, src.address(), 0);
      found += Vectors.ROWS.rowsWithNaN(type, src, 0, count, 0, dst, 0) + (none ? 1 : 0);
    }
  }

  @Override
  public int replaceNaN(
      ElementType type, MemorySegment data, long offset, int count, double value) {
    int key = type.ordinal();
    if (replacements.isHot(key)) {
      return Vectors.ROWS.replaceNaN(type, data, offset, count, value);
    }
    if (type.isFloating() && replacements.ask(key, count)) {
      int n = Math.min(count, Warmup.LONGEST);
      Warmup.submit(new Replacement(replacements, key, type, false, n));
    }
    return SCALAR.replaceNaN(type, data, offset, count, value);
  }

  @Override
  public int replaceNaNByColumn(
      ElementType type, MemorySegment data, long offset, int count, MemorySegment values) {
    int key = type.ordinal();
    if (columnReplacements.isHot(key)) {
      return Vectors.ROWS.replaceNaNByColumn(type, data, offset, count, values);
    }
    if (type.isFloating() && columnReplacements.ask(key, count)) {
      int n = Math.min(count, Warmup.LONGEST);
      Warmup.submit(new Replacement(columnReplacements, key, type, true, n));
    }
    return SCALAR.replaceNaNByColumn(type, data, offset, count, values);
  }

  private static final class Replacement extends RowTrial {
    // some in a row: these kernels run where there is NaN
    private static final int NAN_EVERY = 61;

    private final ElementType type;
    private final boolean byColumn;
    private MemorySegment values;

    Replacement(Switches switches, int key, ElementType type, boolean byColumn, int n) {
      super(switches, key, n, (long) n * type.bytes(), (long) n * type.bytes());
      this.type = type;
      this.byColumn = byColumn;
    }

    @Override
    void prepare() {
      super.prepare();
      values = memory(8L * count);
      for (int i = 0; i < count; i += NAN_EVERY) {
        ScalarRowKernels.storeDouble(type, src, (long) i * type.bytes(), Double.NaN);
      }
    }

    @Override
    void run(RowKernels kernels) {
      dst.copyFrom(src);
      if (byColumn) {
        kernels.replaceNaNByColumn(type, dst, 0, count, values);
      } else {
        kernels.replaceNaN(type, dst, 0, count, 1);
      }
    }
  }

  @Override
  public void accumulate(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment sums,
      MemorySegment counts,
      int count) {
    int key = type.ordinal();
    if (this.sums.isHot(key)) {
      Vectors.ROWS.accumulate(type, src, offset, sums, counts, count);
      return;
    }
    SCALAR.accumulate(type, src, offset, sums, counts, count);
    if (this.sums.ask(key, count)) {
      Warmup.submit(new Sum(this.sums, key, type, false, Math.min(count, Warmup.LONGEST)));
    }
  }

  @Override
  public void accumulateSquares(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment means,
      MemorySegment sums,
      int count) {
    int key = type.ordinal();
    if (squares.isHot(key)) {
      Vectors.ROWS.accumulateSquares(type, src, offset, means, sums, count);
      return;
    }
    SCALAR.accumulateSquares(type, src, offset, means, sums, count);
    if (squares.ask(key, count)) {
      Warmup.submit(new Sum(squares, key, type, true, Math.min(count, Warmup.LONGEST)));
    }
  }

  private static final class Sum extends RowTrial {
    private final ElementType type;
    private final boolean ofSquares;
    private MemorySegment other;

    Sum(Switches switches, int key, ElementType type, boolean ofSquares, int n) {
      super(switches, key, n, (long) n * type.bytes(), 8L * n);
      this.type = type;
      this.ofSquares = ofSquares;
    }

    @Override
    void prepare() {
      super.prepare();
      other = memory(8L * count);
    }

    @Override
    void run(RowKernels kernels) {
      if (ofSquares) {
        kernels.accumulateSquares(type, src, 0, other, dst, count);
      } else {
        kernels.accumulate(type, src, 0, dst, other, count);
      }
    }
  }
}
