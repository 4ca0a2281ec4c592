/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;

/**
 * Finishes one row whose columns were sampled at shifted times, each read at its own row.
 *
 * <p>Rows below the first given to a run or beyond the last (rounding at the edges of the data) are
 * read as those. NaN is kept.
 */
public final class ShiftPass extends WarmingPass<ShiftPass.Body> {
  /** Which value a column has between two of its rows. */
  public enum Mode {
    /** That of the row before: {@code floor((time - shifts[j] - start) / dt)}. */
    PREVIOUS,

    /** That of the row nearest in time, the earlier at a tie ({@link ColumnShifts#middle}). */
    NEAREST,

    /**
     * Linear in float64: with {@code i} the row before, {@code t = time - shifts[j]}, {@code t0 =
     * start + i*dt} and {@code t1 = start + (i+1)*dt}, the value is {@code (t1-t)/(t1-t0)*x[i] +
     * (t-t0)/(t1-t0)*x[i+1]}. The description's {@code compute} is FLOAT64.
     */
    LINEAR
  }

  private final RowFinish finish;
  private final RowStatistics statistics;
  private final Mode mode;
  private final ColumnShifts shifts;
  private final long shiftsAddress;
  private final int columns;
  private final long rowBytes;

  /** Rows from the first to the last, or the one after it: at most so many beside it by vectors. */
  private final long mostRows;

  /** Finishes what all columns read in one row, where nothing is interpolated; else null. */
  private RowPass within;

  /** Finishes one row. */
  abstract static class Body {
    /** Writes a row at {@code b}, of the rows from {@code firstRow}, which begins at {@code a}. */
    abstract void run(long a, long firstRow, long lastRow, double time, long b);
  }

  private ShiftPass(RowFinish finish, Mode mode, ColumnShifts shifts, int columns, long rowBytes) {
    this.finish = finish;
    this.statistics = new RowStatistics(finish);
    statistics.check(columns);
    this.mode = mode;
    this.shifts = shifts;
    this.columns = columns;
    this.rowBytes = rowBytes;
    shiftsAddress = Addresses.of(shifts.shifts(), 0, columns * 8L);
    mostRows = mostRows(mode);
  }

  /**
   * Binds a pass over rows of so many columns that lie {@code rowBytes} apart.
   *
   * @throws IndexOutOfBoundsException where columns lack statistics or shifts
   * @throws IllegalArgumentException for statistics or shifts on the heap
   * @throws IllegalStateException for closed ones
   */
  public static ShiftPass of(
      RowFinish finish, Mode mode, ColumnShifts shifts, int columns, long rowBytes) {
    return of(KernelProvider.get(), finish, mode, shifts, columns, rowBytes);
  }

  static ShiftPass of(
      Kernels kernels,
      RowFinish finish,
      Mode mode,
      ColumnShifts shifts,
      int columns,
      long rowBytes) {
    ShiftPass pass = new ShiftPass(finish, mode, shifts, columns, rowBytes);
    pass.within = mode == Mode.LINEAR ? null : RowPass.of(kernels, finish);
    pass.bind(kernels);
    return pass;
  }

  /**
   * Writes one row.
   *
   * @param offset where row {@code firstRow} begins
   * @param firstRow lowest row that any column reads
   * @param lastRow highest row that any column reads; when linear, the one after it lies inside the
   *     source too
   * @throws IndexOutOfBoundsException for rows outside the source or the destination
   * @throws IllegalArgumentException for memory on the heap, or a destination that is read-only
   * @throws IllegalStateException for closed memory
   */
  public void run(
      MemorySegment src,
      long offset,
      long firstRow,
      long lastRow,
      double time,
      MemorySegment dst,
      long dstOffset) {
    long rows = lastRow - firstRow;
    boolean linear = mode == Mode.LINEAR;
    if (rows == 0 && !linear) {
      within.run(src, offset, dst, dstOffset, columns);
      return;
    }
    long bytes = (long) columns * finish.from().bytes();
    long a =
        Addresses.of(src, offset, Math.multiplyExact(linear ? rows + 1 : rows, rowBytes) + bytes);
    long b = Addresses.writable(dst, dstOffset, (long) columns * finish.to().bytes());
    body.run(a, firstRow, lastRow, time, b);
    Reference.reachabilityFence(this);
    // others run scalar in the vector body too: a trial would compare the scalar form with itself
    if (rows > 0 && rows <= mostRows) {
      done(columns, columns);
    }
  }

  @Override
  Body scalar() {
    return ScalarShifts.body(finish, statistics, mode, shifts, shiftsAddress, columns, rowBytes);
  }

  @Override
  Body vector() {
    Body scalar = scalar();
    return hasVector()
        ? VectorShifts.body(
            finish, statistics, mode, shifts, shiftsAddress, columns, rowBytes, scalar)
        : scalar;
  }

  @Override
  boolean hasVector() {
    ElementType from = finish.from();
    boolean takes = mode == Mode.LINEAR ? VectorBits.masks(from) : from.bytes() >= 4;
    return takes && VectorBits.DOUBLE_MASKS && columns >= VectorBits.BITS / Float.SIZE;
  }

  /** Returns how far the last row may be from the first where vectors read the columns. */
  static int mostRows(Mode mode) {
    return mode == Mode.LINEAR ? 1 : 2;
  }

  @Override
  String code() {
    return "shifted " + mode + finish.code(statistics);
  }

  @Override
  ShiftPass shortened(int longest) {
    int n = Math.min(longest, columns);
    double dt = shifts.dt();
    MemorySegment own = Arena.ofAuto().allocate(8L * n, 64);
    for (int i = 0; i < n; i++) {
      own.setAtIndex(JAVA_DOUBLE_UNALIGNED, i, i % 8 * dt / 8);
    }
    ColumnShifts rehearsed = new ColumnShifts(shifts.start(), dt, own);
    return new ShiftPass(finish.rehearsed(n), mode, rehearsed, n, (long) n * finish.from().bytes());
  }

  @Override
  void prepare(Warmup.Trial<Body> t) {
    long n = t.longest;
    t.allocate(3 * n * finish.from().bytes(), n * finish.to().bytes());
  }

  /** At a time when the first column was sampled, and others shortly before. */
  @Override
  void rehearse(Body body, Warmup.Trial<Body> t) {
    body.run(t.a, 0, 1, shifts.start() + shifts.dt(), t.b);
  }
}
