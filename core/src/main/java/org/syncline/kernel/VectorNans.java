/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.array.ElementType;
import org.syncline.kernel.generated.RowReplacements;
import org.syncline.kernel.generated.RowSums;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/** Vector bodies of the passes that find NaN and replace it: a class for each loop. */
final class VectorNans {
  private static final int F_LANES = Widths.FLOAT.length();
  private static final int D_LANES = Widths.DOUBLE.length();
  private static final int S_LANES = Widths.SHORT.length();

  /** Elements that are searched for NaN, then replaced while they are in L1. */
  private static final int SEARCHED = 2048;

  private VectorNans() {}

  static NanSearchPass.Body search(ElementType type) {
    NanSearchPass.Body scalar = ScalarNans.search(type);
    return switch (type) {
      case FLOAT32 -> new Floats(scalar);
      case FLOAT64 -> new Doubles(scalar);
      case FLOAT16 -> new Shorts(scalar, (short) 0x7c00);
      case BFLOAT16 -> new Shorts(scalar, (short) 0x7f80);
      default -> scalar;
    };
  }

  /** Runs the loop of a search on nothing, for the warm-up. */
  static boolean searchNothing(NanSearchPass.Body body, long a) {
    return body instanceof Search search && search.any(a, 0);
  }

  static NanRowsPass.Body rows(ElementType type, int columns) {
    return switch (type) {
      case FLOAT32 -> columns < F_LANES ? new ShortFloatRows(columns) : new FloatRows(columns);
      case FLOAT64 -> columns < D_LANES ? new ShortDoubleRows(columns) : new DoubleRows(columns);
      case FLOAT16, BFLOAT16 -> new ScalarNans.SearchRows(type, columns, search(type));
      default -> ScalarNans.rows(type, columns);
    };
  }

  static NanValuePass.Body value(ElementType type) {
    if (!type.isFloating()) {
      return ScalarNans.value(type);
    }
    NanSearchPass.Body search = search(type);
    NanValuePass.Body each =
        type == ElementType.FLOAT32
            ? new FloatsByValue()
            : type == ElementType.FLOAT64 && VectorBits.DOUBLE_MASKS
                ? new DoublesByValue()
                : new PiecesByValue(type, search);
    return new BlocksByValue(type.bytes(), search, each);
  }

  static NanColumnPass.Body byColumn(ElementType type) {
    if (!VectorBits.masks(type)) {
      return ScalarNans.byColumn(type);
    }
    NanColumnPass.Body each =
        type == ElementType.FLOAT32 ? new FloatsByColumn() : new DoublesByColumn();
    return new BlocksByColumn(type.bytes(), search(type), each);
  }

  /** Rows shorter than a vector are searched one by one. */
  private abstract static class Search extends NanSearchPass.Body {
    final NanSearchPass.Body shorter;

    Search(NanSearchPass.Body shorter) {
      this.shorter = shorter;
    }

    /** Searches a row of at least a vector, or none. */
    abstract boolean any(long a, int n);
  }

  private static final class Floats extends Search {
    Floats(NanSearchPass.Body shorter) {
      super(shorter);
    }

    @Override
    boolean run(long a, int n) {
      return n < F_LANES ? shorter.run(a, n) : RowSums.floatsHaveNaN(a, n);
    }

    @Override
    boolean any(long a, int n) {
      return RowSums.floatsHaveNaN(a, n);
    }
  }

  private static final class Doubles extends Search {
    Doubles(NanSearchPass.Body shorter) {
      super(shorter);
    }

    @Override
    boolean run(long a, int n) {
      return n < D_LANES ? shorter.run(a, n) : RowSums.doublesHaveNaN(a, n);
    }

    @Override
    boolean any(long a, int n) {
      return RowSums.doublesHaveNaN(a, n);
    }
  }

  /** Types of 16 bits, whose magnitudes exceed that of infinity where they are NaN. */
  private static final class Shorts extends Search {
    private final short infinity;

    Shorts(NanSearchPass.Body shorter, short infinity) {
      super(shorter);
      this.infinity = infinity;
    }

    @Override
    boolean run(long a, int n) {
      return n < S_LANES ? shorter.run(a, n) : RowSums.shortsExceed(infinity, a, n);
    }

    @Override
    boolean any(long a, int n) {
      return RowSums.shortsExceed(infinity, a, n);
    }
  }

  private abstract static class OfRows extends NanRowsPass.Body {
    final int columns;

    OfRows(int columns) {
      this.columns = columns;
    }
  }

  private static final class FloatRows extends OfRows {
    FloatRows(int columns) {
      super(columns);
    }

    @Override
    int run(long a, int n, long any) {
      return RowSums.floatRowsWithNaN(a, columns, n, any);
    }
  }

  private static final class DoubleRows extends OfRows {
    DoubleRows(int columns) {
      super(columns);
    }

    @Override
    int run(long a, int n, long any) {
      return RowSums.doubleRowsWithNaN(a, columns, n, any);
    }
  }

  private static final class ShortFloatRows extends OfRows {
    ShortFloatRows(int columns) {
      super(columns);
    }

    @Override
    int run(long a, int n, long any) {
      return ShortRows.floatsHaveNaN(a, columns, n, any);
    }
  }

  private static final class ShortDoubleRows extends OfRows {
    ShortDoubleRows(int columns) {
      super(columns);
    }

    @Override
    int run(long a, int n, long any) {
      return ShortRows.doublesHaveNaN(a, columns, n, any);
    }
  }

  /**
   * Returns how many of the elements left are searched together: no short rest stays for later, and
   * the next begin at a cache line, for stores across lines took a sixth longer in L2.
   */
  private static int searched(long a, int size, int left) {
    return left < 2 * SEARCHED ? left : SEARCHED - (int) (a & 63) / size;
  }

  /** Searches block by block, and replaces in those that have NaN. */
  private static final class BlocksByValue extends NanValuePass.Body {
    private final int size;
    private final NanSearchPass.Body search;
    private final NanValuePass.Body each;

    BlocksByValue(int size, NanSearchPass.Body search, NanValuePass.Body each) {
      this.size = size;
      this.search = search;
      this.each = each;
    }

    @Override
    int run(long a, int count, double value) {
      int replaced = 0;
      boolean searches = true;
      int n;
      for (int i = 0; i < count; i += n) {
        long p = a + (long) i * size;
        n = searched(p, size, count - i);
        int found = !searches || search.run(p, n) ? each.run(p, n, value) : 0;
        // where a block had NaN the next one is likely to: searched first, it would be read twice
        searches = found == 0;
        replaced += found;
      }
      return replaced;
    }
  }

  /** As {@link BlocksByValue}. */
  private static final class BlocksByColumn extends NanColumnPass.Body {
    private final int size;
    private final NanSearchPass.Body search;
    private final NanColumnPass.Body each;

    BlocksByColumn(int size, NanSearchPass.Body search, NanColumnPass.Body each) {
      this.size = size;
      this.search = search;
      this.each = each;
    }

    @Override
    int run(long a, int count, long values) {
      int replaced = 0;
      boolean searches = true;
      int n;
      for (int i = 0; i < count; i += n) {
        long p = a + (long) i * size;
        n = searched(p, size, count - i);
        int found = !searches || search.run(p, n) ? each.run(p, n, values + i * 8L) : 0;
        searches = found == 0;
        replaced += found;
      }
      return replaced;
    }
  }

  private static final class FloatsByValue extends NanValuePass.Body {
    @Override
    int run(long a, int n, double value) {
      return RowReplacements.floats(a, (float) value, n);
    }
  }

  private static final class DoublesByValue extends NanValuePass.Body {
    @Override
    int run(long a, int n, double value) {
      return RowReplacements.doubles(a, value, n);
    }
  }

  /** Searches a vector at a time and replaces one by one: types that no vector replaces. */
  private static final class PiecesByValue extends NanValuePass.Body {
    private final int size;
    private final NanSearchPass.Body search;
    private final NanValuePass.Body scalar;

    PiecesByValue(ElementType type, NanSearchPass.Body search) {
      this.size = type.bytes();
      this.search = search;
      this.scalar = ScalarNans.value(type);
    }

    @Override
    int run(long a, int count, double value) {
      int replaced = 0;
      int n;
      for (int i = 0; i < count; i += n) {
        n = Math.min(S_LANES, count - i);
        long p = a + (long) i * size;
        if (search.run(p, n)) {
          replaced += scalar.run(p, n, value);
        }
      }
      return replaced;
    }
  }

  private static final class FloatsByColumn extends NanColumnPass.Body {
    @Override
    int run(long a, int n, long values) {
      return RowReplacements.floatsByColumn(a, values, n);
    }
  }

  private static final class DoublesByColumn extends NanColumnPass.Body {
    @Override
    int run(long a, int n, long values) {
      return RowReplacements.doublesByColumn(a, values, n);
    }
  }
}
