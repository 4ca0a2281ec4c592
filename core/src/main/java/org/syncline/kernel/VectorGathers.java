/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.ALL;

import java.lang.foreign.MemorySegment;

/** Vector bodies that finish rows from wherever they lie. */
final class VectorGathers {
  /** Bytes from which on the JDK's copy is as fast, its call included. */
  private static final int LONG_COPY = 4096;

  private VectorGathers() {}

  static GatherPass.Body body(RowFinish f, RowStatistics s, int columns) {
    long rowBytes = (long) columns * f.from().bytes();
    if (f.isCopy()) {
      GatherPass.Body runs = new Copies(columns, rowBytes);
      return rowBytes < LONG_COPY ? new ShortCopies((int) rowBytes, runs) : runs;
    }
    RowPass.Body row = VectorRows.body(f, s);
    GatherPass.Body any =
        f.normalization() == RowFinish.Mode.COLUMNS
            ? new ByColumn(f, row, columns)
            : new Joined(f, row, columns);
    boolean few = columns < VectorRows.SHORTEST && Rows.normalizesShort(f);
    return few ? new ScalarRows.GatherShort(f, s, columns, any) : any;
  }

  private static void copy(long a, long b, long bytes) {
    if (bytes < RowGathers.V) {
      ShortRows.copy(a, b, (int) bytes);
    } else if (bytes < LONG_COPY) {
      RowGathers.copy(a, b, (int) bytes);
    } else {
      MemorySegment.copy(ALL, a, ALL, b, bytes);
    }
  }

  /** Copies rows, those that lie one after the other as one. */
  private static final class Copies extends GatherPass.Body {
    private final int columns;
    private final long rowBytes;

    Copies(int columns, long rowBytes) {
      this.columns = columns;
      this.rowBytes = rowBytes;
    }

    @Override
    void run(long a, long[] rows, int n, long b) {
      int run;
      for (int k = 0; k < n; k += run) {
        long out = b + k * rowBytes;
        if (k > 0 && rows[k] == rows[k - 1]) {
          copy(out - rowBytes, out, rowBytes);
          run = 1;
        } else {
          run = Rows.run(rows, k, n, columns);
          copy(a + rows[k] * rowBytes, out, run * rowBytes);
        }
      }
    }

    @Override
    void runEmpty(long a, long[] rows, long b) {
      RowGathers.copyShort(a, rows, 0, RowGathers.V, b);
      RowGathers.copyLong(a, rows, 0, 4 * RowGathers.V, b);
    }
  }

  /** Copies rows one by one, but all at once where all lie one after the other. */
  private static final class ShortCopies extends GatherPass.Body {
    private final int rowBytes;
    private final GatherPass.Body runs;

    ShortCopies(int rowBytes, GatherPass.Body runs) {
      this.rowBytes = rowBytes;
      this.runs = runs;
    }

    @Override
    void run(long a, long[] rows, int n, long b) {
      if (Rows.isRun(rows, n)) {
        runs.run(a, rows, n, b);
      } else if (rowBytes < RowGathers.V) {
        ShortRows.copy(a, rows, n, rowBytes, b);
      } else if (rowBytes < 4 * RowGathers.V) {
        RowGathers.copyShort(a, rows, n, rowBytes, b);
      } else {
        RowGathers.copyLong(a, rows, n, rowBytes, b);
      }
    }

    @Override
    void runEmpty(long a, long[] rows, long b) {
      runs.runEmpty(a, rows, b);
    }
  }

  /** Finishes rows that lie one after the other as one. */
  private static final class Joined extends GatherPass.Body {
    private final RowPass.Body row;
    private final int columns;
    private final long rowBytes;
    private final long outBytes;

    Joined(RowFinish f, RowPass.Body row, int columns) {
      this.row = row;
      this.columns = columns;
      rowBytes = (long) columns * f.from().bytes();
      outBytes = (long) columns * f.to().bytes();
    }

    @Override
    void run(long a, long[] rows, int n, long b) {
      int run;
      for (int k = 0; k < n; k += run) {
        long out = b + k * outBytes;
        if (k > 0 && rows[k] == rows[k - 1]) {
          copy(out - outBytes, out, outBytes);
          run = 1;
        } else {
          run = Rows.run(rows, k, n, columns);
          row.run(a + rows[k] * rowBytes, out, run * columns);
        }
      }
    }

    @Override
    void runEmpty(long a, long[] rows, long b) {
      run(a, rows, 0, b);
      row.runEmpty(a, b);
    }
  }

  /** Finishes rows whose columns have statistics of their own. */
  private static final class ByColumn extends GatherPass.Body {
    private final RowPass.Body row;
    private final int columns;
    private final long rowBytes;
    private final long outBytes;

    ByColumn(RowFinish f, RowPass.Body row, int columns) {
      this.row = row;
      this.columns = columns;
      rowBytes = (long) columns * f.from().bytes();
      outBytes = (long) columns * f.to().bytes();
    }

    @Override
    void run(long a, long[] rows, int n, long b) {
      for (int k = 0; k < n; k++) {
        long out = b + k * outBytes;
        if (k > 0 && rows[k] == rows[k - 1]) {
          copy(out - outBytes, out, outBytes);
        } else {
          row.run(a + rows[k] * rowBytes, out, columns);
        }
      }
    }

    @Override
    void runEmpty(long a, long[] rows, long b) {
      run(a, rows, 0, b);
      row.runEmpty(a, b);
    }
  }
}
