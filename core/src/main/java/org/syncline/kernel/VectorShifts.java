/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.array.ElementType;
import org.syncline.kernel.generated.RowShifts;

/**
 * Vector bodies of {@link ShiftPass}: they compare each column's time with those of two or three
 * rows, which are loaded whole. Over more rows they run scalar.
 */
final class VectorShifts {
  private VectorShifts() {}

  static ShiftPass.Body body(
      RowFinish f,
      RowStatistics s,
      ShiftPass.Mode mode,
      ColumnShifts shifts,
      long shiftsAddress,
      int columns,
      long rowBytes,
      ShiftPass.Body scalar) {
    return mode == ShiftPass.Mode.LINEAR
        ? new Linear(f, s, shifts, shiftsAddress, columns, rowBytes, scalar)
        : new Nearest(
            f, s, mode == ShiftPass.Mode.NEAREST, shifts, shiftsAddress, columns, rowBytes, scalar);
  }

  /** Returns what is left to do to values of a type, null where nothing is. */
  private static RowLoop rest(ElementType from, RowFinish f, RowStatistics s) {
    if (s.stds != 0) {
      return VectorNormalizations.of(from, f.to(), s);
    }
    return from == f.to() ? null : VectorConversions.orScalar(from, f.to());
  }

  private static final class Nearest extends ShiftPass.Body {
    private final ShiftPass.Body scalar;
    private final RowLoop rest;
    private final boolean round;
    private final ColumnShifts when;
    private final double start;
    private final double dt;
    private final long shifts;
    private final int columns;
    private final long rowBytes;
    private final int size;
    private final int toBytes;
    private final long mostRows;

    Nearest(
        RowFinish f,
        RowStatistics s,
        boolean round,
        ColumnShifts shifts,
        long shiftsAddress,
        int columns,
        long rowBytes,
        ShiftPass.Body scalar) {
      this.scalar = scalar;
      this.rest = rest(f.from(), f, s);
      this.round = round;
      this.when = shifts;
      this.start = shifts.start();
      this.dt = shifts.dt();
      this.shifts = shiftsAddress;
      this.columns = columns;
      this.rowBytes = rowBytes;
      this.size = f.from().bytes();
      this.toBytes = f.to().bytes();
      this.mostRows = ShiftPass.mostRows(ShiftPass.Mode.NEAREST);
    }

    @Override
    void run(long a, long firstRow, long lastRow, double time, long b) {
      long rows = lastRow - firstRow;
      if (rows > mostRows) {
        scalar.run(a, firstRow, lastRow, time, b);
        return;
      }
      // "at or above a row" is "above the double before it", which lets both rules share one
      // comparison
      double middle = when.middle(time);
      double step1 = round ? firstRow + middle : Math.nextDown((double) (firstRow + 1));
      double step2 = round ? firstRow + 1 + middle : Math.nextDown((double) (firstRow + 2));
      long a1 = a + rowBytes;
      long a2 = a + Math.min(2, rows) * rowBytes;
      if (rest == null) {
        nearest(a, a1, a2, shifts, b, step1, step2, time, columns);
        return;
      }
      long scratch = RowScratch.get().a;
      for (int i = 0; i < columns; i += RowScratch.BLOCK) {
        int k = Math.min(i, columns - VectorRows.SHORTEST);
        int n = Math.min(RowScratch.BLOCK, columns - k);
        long in = (long) k * size;
        nearest(a + in, a1 + in, a2 + in, shifts + k * 8L, scratch, step1, step2, time, n);
        rest.run(scratch, b + (long) k * toBytes, k, n);
      }
    }

    private void nearest(
        long a0,
        long a1,
        long a2,
        long shiftsAt,
        long b,
        double step1,
        double step2,
        double time,
        int n) {
      if (size == 4) {
        RowShifts.nearest4(a0, a1, a2, shiftsAt, b, step1, step2, time, start, dt, n);
      } else {
        RowShifts.nearest8(a0, a1, a2, shiftsAt, b, step1, step2, time, start, dt, n);
      }
    }
  }

  private static final class Linear extends ShiftPass.Body {
    private final ShiftPass.Body scalar;
    private final RowLoop rest;
    private final double start;
    private final double dt;
    private final long shifts;
    private final int columns;
    private final long rowBytes;
    private final int size;
    private final int toBytes;
    private final long mostRows;

    Linear(
        RowFinish f,
        RowStatistics s,
        ColumnShifts shifts,
        long shiftsAddress,
        int columns,
        long rowBytes,
        ShiftPass.Body scalar) {
      this.scalar = scalar;
      this.rest = rest(ElementType.FLOAT64, f, s);
      this.start = shifts.start();
      this.dt = shifts.dt();
      this.shifts = shiftsAddress;
      this.columns = columns;
      this.rowBytes = rowBytes;
      this.size = f.from().bytes();
      this.toBytes = f.to().bytes();
      this.mostRows = ShiftPass.mostRows(ShiftPass.Mode.LINEAR);
    }

    @Override
    void run(long a, long firstRow, long lastRow, double time, long b) {
      long rows = lastRow - firstRow;
      if (rows > mostRows) {
        scalar.run(a, firstRow, lastRow, time, b);
        return;
      }
      double second = firstRow + 1;
      double t0 = start + firstRow * dt;
      double t1 = start + second * dt;
      double t2 = start + (firstRow + 2) * dt;
      long a1 = a + rowBytes;
      // the third row may lie past the data where no column needs it
      long a2 = a + (rows + 1) * rowBytes;
      if (rest == null) {
        linear(a, a1, a2, shifts, b, second, t0, t1, t2, time, columns);
        return;
      }
      long scratch = RowScratch.get().a;
      for (int i = 0; i < columns; i += RowScratch.BLOCK) {
        int k = Math.min(i, columns - VectorRows.SHORTEST);
        int n = Math.min(RowScratch.BLOCK, columns - k);
        long in = (long) k * size;
        linear(a + in, a1 + in, a2 + in, shifts + k * 8L, scratch, second, t0, t1, t2, time, n);
        rest.run(scratch, b + (long) k * toBytes, k, n);
      }
    }

    private void linear(
        long a0,
        long a1,
        long a2,
        long shiftsAt,
        long b,
        double second,
        double t0,
        double t1,
        double t2,
        double time,
        int n) {
      if (size == 4) {
        RowShifts.linearFloats(a0, a1, a2, shiftsAt, b, second, t0, t1, t2, time, start, dt, n);
      } else {
        RowShifts.linearDoubles(a0, a1, a2, shiftsAt, b, second, t0, t1, t2, time, start, dt, n);
      }
    }
  }
}
