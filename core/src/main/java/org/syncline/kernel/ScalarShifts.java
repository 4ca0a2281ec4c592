/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import org.syncline.array.ElementType;

/** Scalar bodies of {@link ShiftPass}. */
final class ScalarShifts {
  private ScalarShifts() {}

  static ShiftPass.Body body(
      RowFinish f,
      RowStatistics s,
      ShiftPass.Mode mode,
      ColumnShifts shifts,
      long shiftsAddress,
      int columns,
      long rowBytes) {
    return mode == ShiftPass.Mode.LINEAR
        ? new Linear(f, s, shifts, shiftsAddress, columns, rowBytes)
        : new Nearest(
            f, s, mode == ShiftPass.Mode.NEAREST, shifts, shiftsAddress, columns, rowBytes);
  }

  private static final class Nearest extends ShiftPass.Body {
    private final RowFinish f;
    private final RowStatistics s;
    private final boolean round;
    private final ColumnShifts when;
    private final double start;
    private final double dt;
    private final long shifts;
    private final int columns;
    private final long rowBytes;

    Nearest(
        RowFinish f,
        RowStatistics s,
        boolean round,
        ColumnShifts shifts,
        long shiftsAddress,
        int columns,
        long rowBytes) {
      this.f = f;
      this.s = s;
      this.round = round;
      this.when = shifts;
      this.start = shifts.start();
      this.dt = shifts.dt();
      this.shifts = shiftsAddress;
      this.columns = columns;
      this.rowBytes = rowBytes;
    }

    @Override
    void run(long a, long firstRow, long lastRow, double time, long b) {
      ElementType from = f.from();
      ElementType to = f.to();
      double middle = when.middle(time);
      for (int i = 0; i < columns; i++) {
        double t = time - ALL.get(JAVA_DOUBLE_UNALIGNED, at(shifts + i * 8L));
        double q = (t - start) / dt;
        double floor = Math.floor(q);
        long row =
            Math.clamp((long) (round && q > floor + middle ? floor + 1 : floor), firstRow, lastRow)
                - firstRow;
        long in = a + row * rowBytes + (long) i * from.bytes();
        long out = b + (long) i * to.bytes();
        if (s.stds == 0) {
          Scalars.convert(from, ALL, in, to, ALL, out);
        } else if (s.compute == ElementType.FLOAT64) {
          Scalars.storeDouble(to, ALL, out, s.normalize(Scalars.loadDouble(from, ALL, in), i));
        } else {
          Scalars.storeFloat(to, ALL, out, s.normalize(Scalars.loadFloat(from, ALL, in), i));
        }
      }
    }
  }

  private static final class Linear extends ShiftPass.Body {
    private final RowFinish f;
    private final RowStatistics s;
    private final double start;
    private final double dt;
    private final long shifts;
    private final int columns;
    private final long rowBytes;

    Linear(
        RowFinish f,
        RowStatistics s,
        ColumnShifts shifts,
        long shiftsAddress,
        int columns,
        long rowBytes) {
      this.f = f;
      this.s = s;
      this.start = shifts.start();
      this.dt = shifts.dt();
      this.shifts = shiftsAddress;
      this.columns = columns;
      this.rowBytes = rowBytes;
    }

    @Override
    void run(long a, long firstRow, long lastRow, double time, long b) {
      ElementType from = f.from();
      for (int i = 0; i < columns; i++) {
        double t = time - ALL.get(JAVA_DOUBLE_UNALIGNED, at(shifts + i * 8L));
        double row = Math.clamp(Math.floor((t - start) / dt), firstRow, lastRow);
        double t0 = start + row * dt;
        double t1 = start + (row + 1) * dt;
        long in = a + ((long) row - firstRow) * rowBytes + (long) i * from.bytes();
        double x0 = Scalars.loadDouble(from, ALL, in);
        double x1 = Scalars.loadDouble(from, ALL, in + rowBytes);
        double v = (t1 - t) / (t1 - t0) * x0 + (t - t0) / (t1 - t0) * x1;
        Scalars.storeDouble(f.to(), ALL, b + (long) i * f.to().bytes(), s.normalize(v, i));
      }
    }
  }
}
