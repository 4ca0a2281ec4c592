/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.generated.RowNormalizations;
import org.syncline.kernel.lanes.Widths;

/**
 * Normalisations by vectors: a class for each loop, so that a bound pass calls its own and asks no
 * more. All take rows of at least {@link VectorRows#SHORTEST} elements, or none.
 */
final class VectorNormalizations {
  private static final ElementType F32 = ElementType.FLOAT32;
  private static final ElementType F64 = ElementType.FLOAT64;

  /** The address of zeros, a vector of them: a mean of zero changes no value. */
  static final long ZEROS = Arena.global().allocate(64, 64).address();

  private VectorNormalizations() {}

  /** Returns the loop that normalises {@code from}, in one step or in several. */
  static RowLoop of(ElementType from, ElementType to, RowStatistics s) {
    ElementType compute = s.compute;
    if (isDirect(from, compute, to)) {
      return direct(from, to, s);
    }
    RowLoop widen =
        from == compute || compute == F32 && fusesFloats(from)
            ? null
            : VectorConversions.orScalar(from, compute);
    ElementType in = widen == null ? from : compute;
    boolean last = to == compute || to == F32;
    RowLoop normalize = direct(in, last ? to : compute, s);
    RowLoop narrow = last ? null : VectorConversions.orScalar(compute, to);
    return new Steps(widen, from.bytes(), normalize, narrow, to.bytes());
  }

  /** Returns whether one loop does it all. */
  private static boolean isDirect(ElementType from, ElementType compute, ElementType to) {
    return switch (to) {
      case FLOAT32 -> compute == F32 ? fusesFloats(from) : from == F64;
      case FLOAT64 -> compute == F64 && from == F64;
      case BFLOAT16 -> compute == F32 && from == F32;
      case UINT8 -> compute == F32 && from == F32 && Widths.BITS > 128;
      default -> false;
    };
  }

  private static boolean fusesFloats(ElementType from) {
    return switch (from) {
      case BOOL, UINT8, INT8, INT16, UINT16, INT32, FLOAT32 -> true;
      default -> false;
    };
  }

  private static RowLoop direct(ElementType from, ElementType to, RowStatistics s) {
    if (to == ElementType.BFLOAT16) {
      return new FloatsToBfloat16(new Columns(s));
    }
    if (to == ElementType.UINT8) {
      return new FloatsToUint8(new Columns(s));
    }
    if (!s.byColumn()) {
      return from == F64 ? ofDoubles(to, s.doubleMean(), s.doubleStd()) : ofFloats(from, s);
    }
    Columns c = new Columns(s);
    boolean divide = s.means == 0;
    return switch (from) {
      case BOOL, UINT8 -> new Uint8s(c);
      case INT8 -> new Int8s(c);
      case INT16 -> new Int16s(c);
      case UINT16 -> new Uint16s(c);
      case INT32 -> new Int32s(c);
      case FLOAT32 -> divide ? new DividedFloats(c) : new Floats(c);
      case FLOAT64 -> {
        if (to == F64) {
          yield divide ? new DividedDoubles(c) : new Doubles(c);
        }
        yield divide ? new DividedDoublesToFloats(c) : new DoublesToFloats(c);
      }
      default -> throw new AssertionError(from);
    };
  }

  private static RowLoop ofDoubles(ElementType to, double mean, double std) {
    return to == F64 ? new EqualDoubles(mean, std) : new EqualDoublesToFloats(mean, std);
  }

  private static RowLoop ofFloats(ElementType from, RowStatistics s) {
    float mean = s.floatMean();
    float std = s.floatStd();
    return switch (from) {
      case BOOL, UINT8 -> new EqualUint8s(mean, std);
      case INT8 -> new EqualInt8s(mean, std);
      case INT16 -> new EqualInt16s(mean, std);
      case UINT16 -> new EqualUint16s(mean, std);
      case INT32 -> new EqualInt32s(mean, std);
      case FLOAT32 -> new EqualFloats(mean, std);
      default -> throw new AssertionError(from);
    };
  }

  /**
   * Statistics by column as vectors load them: where all columns share one, it is spread over a
   * vector that is read again and again.
   */
  static final class Columns {
    final long means;

    /** Masks the byte offset of a column: all ones where each has a mean of its own. */
    final long meanStep;

    final long stds;
    final long stdStep;
    private final MemorySegment spread;

    Columns(RowStatistics s) {
      stdStep = s.byColumn() ? -1 : 0;
      meanStep = s.means == 0 ? 0 : stdStep;
      spread = s.byColumn() ? null : Arena.ofAuto().allocate(2 * 64, 64);
      if (spread == null) {
        means = s.means == 0 ? ZEROS : s.means;
        stds = s.stds;
      } else {
        means = spread.address();
        stds = means + 64;
        spread(s);
      }
    }

    private void spread(RowStatistics s) {
      int size = s.compute.bytes();
      for (int i = 0; i < 64; i += size) {
        if (s.compute == F64) {
          spread.set(JAVA_DOUBLE_UNALIGNED, i, s.doubleMean());
          spread.set(JAVA_DOUBLE_UNALIGNED, 64 + i, s.doubleStd());
        } else {
          spread.set(JAVA_FLOAT_UNALIGNED, i, s.floatMean());
          spread.set(JAVA_FLOAT_UNALIGNED, 64 + i, s.floatStd());
        }
      }
    }
  }

  /**
   * Widens, normalises and narrows, block by block. The last block of a row is never shorter than a
   * vector, it overlaps the one before instead.
   */
  private static final class Steps extends RowLoop {
    private final RowLoop widen;
    private final int fromBytes;
    private final RowLoop normalize;
    private final RowLoop narrow;
    private final int toBytes;

    Steps(RowLoop widen, int fromBytes, RowLoop normalize, RowLoop narrow, int toBytes) {
      this.widen = widen;
      this.fromBytes = fromBytes;
      this.normalize = normalize;
      this.narrow = narrow;
      this.toBytes = toBytes;
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowScratch scratch = RowScratch.get();
      for (int i = 0; i < n; i += RowScratch.BLOCK) {
        int k = Math.min(i, n - VectorRows.SHORTEST);
        int m = Math.min(RowScratch.BLOCK, n - k);
        long p = a + (long) k * fromBytes;
        long q = b + (long) k * toBytes;
        if (widen != null) {
          widen.run(p, scratch.c, 0, m);
          p = scratch.c;
        }
        if (narrow == null) {
          normalize.run(p, q, column + k, m);
        } else {
          normalize.run(p, scratch.b, column + k, m);
          narrow.run(scratch.b, q, 0, m);
        }
      }
    }
  }

  private abstract static class ByColumn extends RowLoop {
    final Columns c;

    ByColumn(Columns c) {
      this.c = c;
    }
  }

  private static final class Uint8s extends ByColumn {
    Uint8s(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.uint8s(a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + i, n);
    }
  }

  private static final class Int8s extends ByColumn {
    Int8s(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.int8s(a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + i, n);
    }
  }

  private static final class Int16s extends ByColumn {
    Int16s(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.int16s(a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + i, n);
    }
  }

  private static final class Uint16s extends ByColumn {
    Uint16s(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.uint16s(a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + i, n);
    }
  }

  private static final class Int32s extends ByColumn {
    Int32s(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.int32s(a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + i, n);
    }
  }

  private static final class Floats extends ByColumn {
    Floats(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.floats(a, b, c.means + i, c.stds + i, n);
    }
  }

  private static final class DividedFloats extends ByColumn {
    DividedFloats(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.floats(a, b, c.stds + i, n);
    }
  }

  private static final class Doubles extends ByColumn {
    Doubles(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 8;
      RowNormalizations.doubles(a, b, c.means + i, c.stds + i, n);
    }
  }

  private static final class DividedDoubles extends ByColumn {
    DividedDoubles(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 8;
      RowNormalizations.doubles(a, b, c.stds + i, n);
    }
  }

  private static final class DoublesToFloats extends ByColumn {
    DoublesToFloats(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 8;
      RowNormalizations.doublesToFloats(a, b, c.means + i, c.stds + i, n);
    }
  }

  private static final class DividedDoublesToFloats extends ByColumn {
    DividedDoublesToFloats(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 8;
      RowNormalizations.doublesToFloats(a, b, c.stds + i, n);
    }
  }

  private static final class FloatsToBfloat16 extends ByColumn {
    FloatsToBfloat16(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.floatsToBfloat16(
          a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + (i & c.stdStep), c.stdStep, n);
    }
  }

  private static final class FloatsToUint8 extends ByColumn {
    FloatsToUint8(Columns c) {
      super(c);
    }

    @Override
    void run(long a, long b, int column, int n) {
      long i = (long) column * 4;
      RowNormalizations.floatsToUint8(
          a, b, c.means + (i & c.meanStep), c.meanStep, c.stds + (i & c.stdStep), c.stdStep, n);
    }
  }

  private abstract static class EqualFloatStatistics extends RowLoop {
    final float mean;
    final float std;

    EqualFloatStatistics(float mean, float std) {
      this.mean = mean;
      this.std = std;
    }
  }

  private static final class EqualUint8s extends EqualFloatStatistics {
    EqualUint8s(float mean, float std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.uint8s(a, b, mean, std, n);
    }
  }

  private static final class EqualInt8s extends EqualFloatStatistics {
    EqualInt8s(float mean, float std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.int8s(a, b, mean, std, n);
    }
  }

  private static final class EqualInt16s extends EqualFloatStatistics {
    EqualInt16s(float mean, float std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.int16s(a, b, mean, std, n);
    }
  }

  private static final class EqualUint16s extends EqualFloatStatistics {
    EqualUint16s(float mean, float std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.uint16s(a, b, mean, std, n);
    }
  }

  private static final class EqualInt32s extends EqualFloatStatistics {
    EqualInt32s(float mean, float std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.int32s(a, b, mean, std, n);
    }
  }

  private static final class EqualFloats extends EqualFloatStatistics {
    EqualFloats(float mean, float std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.floats(a, b, mean, std, n);
    }
  }

  private abstract static class EqualDoubleStatistics extends RowLoop {
    final double mean;
    final double std;

    EqualDoubleStatistics(double mean, double std) {
      this.mean = mean;
      this.std = std;
    }
  }

  private static final class EqualDoubles extends EqualDoubleStatistics {
    EqualDoubles(double mean, double std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.doubles(a, b, mean, std, n);
    }
  }

  private static final class EqualDoublesToFloats extends EqualDoubleStatistics {
    EqualDoublesToFloats(double mean, double std) {
      super(mean, std);
    }

    @Override
    void run(long a, long b, int column, int n) {
      RowNormalizations.doublesToFloats(a, b, mean, std, n);
    }
  }
}
