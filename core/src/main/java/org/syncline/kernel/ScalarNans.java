/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/** Scalar bodies of the passes that find NaN and replace it. */
final class ScalarNans {
  /** Elements from a NaN to the next in the warm-up's rows: where there are none, less runs. */
  private static final int PLANTED_EVERY = 61;

  private ScalarNans() {}

  /** Writes some NaN into a row for the warm-up. */
  static void plant(ElementType type, MemorySegment row, int n) {
    for (int i = 0; i < n; i += PLANTED_EVERY) {
      Scalars.storeDouble(type, row, (long) i * type.bytes(), Double.NaN);
    }
  }

  static NanSearchPass.Body search(ElementType type) {
    return new Search(type);
  }

  static NanRowsPass.Body rows(ElementType type, int columns) {
    return type.isFloating() ? new SearchRows(type, columns, search(type)) : new NoRows();
  }

  static NanValuePass.Body value(ElementType type) {
    return new ByValue(type);
  }

  static NanColumnPass.Body byColumn(ElementType type) {
    return new ByColumn(type);
  }

  private static final class Search extends NanSearchPass.Body {
    private final ElementType type;

    Search(ElementType type) {
      this.type = type;
    }

    @Override
    boolean run(long a, int n) {
      if (n >= RowBlocks.FROM) {
        return anyInBlocks(a, n);
      }
      if (type == ElementType.FLOAT64) {
        return any(a, n);
      }
      for (int i = 0; i < n; i++) {
        if (Double.isNaN(Scalars.loadDouble(type, ALL, a + (long) i * type.bytes()))) {
          return true;
        }
      }
      return false;
    }

    private static boolean any(long a, int n) {
      for (int i = 0; i < n; i++) {
        if (Double.isNaN(ALL.get(JAVA_DOUBLE_UNALIGNED, at(a + i * 8L)))) {
          return true;
        }
      }
      return false;
    }

    private boolean anyInBlocks(long a, int count) {
      RowBlocks blocks = RowBlocks.get();
      for (int i = 0; i < count; i += RowBlocks.SIZE) {
        int n = Math.min(RowBlocks.SIZE, count - i);
        // rounding to float32 makes no NaN and mends none
        blocks.loadFloats(type, a + (long) i * type.bytes(), n);
        if (blocks.anyNaN(n)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Searches one row after the other. */
  static final class SearchRows extends NanRowsPass.Body {
    private final int columns;
    private final long rowBytes;
    private final NanSearchPass.Body search;

    SearchRows(ElementType type, int columns, NanSearchPass.Body search) {
      this.columns = columns;
      this.rowBytes = (long) columns * type.bytes();
      this.search = search;
    }

    @Override
    int run(long a, int n, long any) {
      int found = 0;
      for (int k = 0; k < n; k++) {
        boolean has = search.run(a + k * rowBytes, columns);
        ALL.set(JAVA_BYTE, any + k, (byte) (has ? 1 : 0));
        found += has ? 1 : 0;
      }
      return found;
    }
  }

  /** Rows of a type without NaN. */
  private static final class NoRows extends NanRowsPass.Body {
    @Override
    int run(long a, int n, long any) {
      for (int k = 0; k < n; k++) {
        ALL.set(JAVA_BYTE, any + k, (byte) 0);
      }
      return 0;
    }
  }

  private static final class ByValue extends NanValuePass.Body {
    private final ElementType type;

    ByValue(ElementType type) {
      this.type = type;
    }

    @Override
    int run(long a, int n, double value) {
      int replaced = 0;
      for (int i = 0; i < n; i++) {
        long p = a + (long) i * type.bytes();
        if (Double.isNaN(Scalars.loadDouble(type, ALL, p))) {
          Scalars.storeDouble(type, ALL, p, value);
          replaced++;
        }
      }
      return replaced;
    }
  }

  private static final class ByColumn extends NanColumnPass.Body {
    private final ElementType type;

    ByColumn(ElementType type) {
      this.type = type;
    }

    @Override
    int run(long a, int n, long values) {
      int replaced = 0;
      for (int i = 0; i < n; i++) {
        long p = a + (long) i * type.bytes();
        if (Double.isNaN(Scalars.loadDouble(type, ALL, p))) {
          Scalars.storeDouble(type, ALL, p, ALL.get(JAVA_DOUBLE_UNALIGNED, at(values + i * 8L)));
          replaced++;
        }
      }
      return replaced;
    }
  }
}
