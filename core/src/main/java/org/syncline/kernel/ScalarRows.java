/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/**
 * Scalar bodies of the passes that finish and blend rows: every pair of types. Long rows go through
 * arrays, see {@link RowBlocks}.
 */
final class ScalarRows {
  private ScalarRows() {}

  static RowPass.Body body(RowFinish f, RowStatistics s) {
    return new RowPass.Body(loop(f, s));
  }

  /** Returns the loop for rows of any length. */
  static RowLoop loop(RowFinish f, RowStatistics s) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      return conversion(f.from(), f.to());
    }
    return f.compute() == ElementType.FLOAT64
        ? new NormalizeDoubles(f.from(), f.to(), s)
        : new NormalizeFloats(f.from(), f.to(), s);
  }

  static RowLoop conversion(ElementType from, ElementType to) {
    return from == to ? new Copy(from.bytes()) : new Convert(from, to);
  }

  static GatherPass.Body gather(RowFinish f, RowStatistics s, int columns) {
    boolean few = columns < Warmup.SHORTEST && Rows.normalizesShort(f);
    GatherPass.Body any = new Gather(f, loop(f, s), columns);
    return few ? new GatherShort(f, s, columns, any) : any;
  }

  static BlendPass.Body blend(RowFinish f, RowStatistics s) {
    return new Blend(f.from(), f.to(), s);
  }

  static GatherBlendPass.Body gatherBlend(RowFinish f, RowStatistics s, int columns) {
    return columns < Warmup.SHORTEST && Rows.blendsShort(f)
        ? new GatherBlendShort(f, s, columns)
        : new GatherBlend(f, blend(f, s), columns);
  }

  private static boolean isHalf(ElementType type) {
    return type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
  }

  static final class Copy extends RowLoop {
    private final int size;

    Copy(int size) {
      this.size = size;
    }

    @Override
    void run(long a, long b, int column, int n) {
      MemorySegment.copy(ALL, a, ALL, b, (long) n * size);
    }
  }

  static final class Convert extends RowLoop {
    private final ElementType from;
    private final ElementType to;
    private final boolean inBlocks;

    Convert(ElementType from, ElementType to) {
      this.from = from;
      this.to = to;
      boolean floats =
          to == ElementType.FLOAT32
              || isHalf(to) && (from.bytes() <= 2 || from == ElementType.FLOAT32);
      inBlocks = RowBlocks.loads(from) && (floats || to == ElementType.FLOAT64);
    }

    @Override
    void run(long a, long b, int column, int n) {
      if (inBlocks && n >= RowBlocks.FROM) {
        blocks(a, b, n);
        return;
      }
      for (int i = 0; i < n; i++) {
        Scalars.convertUnequal(
            from, ALL, a + (long) i * from.bytes(), to, ALL, b + (long) i * to.bytes());
      }
    }

    private void blocks(long a, long b, int count) {
      RowBlocks blocks = RowBlocks.get();
      for (int i = 0; i < count; i += RowBlocks.SIZE) {
        int n = Math.min(RowBlocks.SIZE, count - i);
        long in = a + (long) i * from.bytes();
        long out = b + (long) i * to.bytes();
        if (to == ElementType.FLOAT64) {
          blocks.loadDoubles(from, in, blocks.doubles, n);
          blocks.storeDoubles(out, n);
        } else {
          blocks.loadFloats(from, in, n);
          blocks.storeFloats(to, out, n);
        }
      }
    }
  }

  private static final class NormalizeFloats extends RowLoop {
    private final ElementType from;
    private final ElementType to;
    private final RowStatistics s;
    private final boolean inBlocks;

    NormalizeFloats(ElementType from, ElementType to, RowStatistics s) {
      this.from = from;
      this.to = to;
      this.s = s;
      inBlocks = RowBlocks.loads(from) && (to == ElementType.FLOAT32 || isHalf(to));
    }

    @Override
    void run(long a, long b, int column, int n) {
      if (inBlocks && n >= RowBlocks.FROM) {
        blocks(a, b, column, n);
        return;
      }
      for (int i = 0; i < n; i++) {
        float v = Scalars.loadFloat(from, ALL, a + (long) i * from.bytes());
        Scalars.storeFloat(to, ALL, b + (long) i * to.bytes(), s.normalize(v, column + i));
      }
    }

    private void blocks(long a, long b, int column, int count) {
      RowBlocks blocks = RowBlocks.get();
      for (int i = 0; i < count; i += RowBlocks.SIZE) {
        int n = Math.min(RowBlocks.SIZE, count - i);
        blocks.loadFloats(from, a + (long) i * from.bytes(), n);
        blocks.normalizeFloats(s, column + i, n);
        blocks.storeFloats(to, b + (long) i * to.bytes(), n);
      }
    }
  }

  private static final class NormalizeDoubles extends RowLoop {
    private final ElementType from;
    private final ElementType to;
    private final RowStatistics s;
    private final boolean inBlocks;
    private final boolean ofDoubles;

    NormalizeDoubles(ElementType from, ElementType to, RowStatistics s) {
      this.from = from;
      this.to = to;
      this.s = s;
      boolean wide = to == ElementType.FLOAT32 || to == ElementType.FLOAT64;
      inBlocks = RowBlocks.loads(from) && wide;
      ofDoubles = from == ElementType.FLOAT64 && wide;
    }

    @Override
    void run(long a, long b, int column, int n) {
      if (inBlocks && n >= RowBlocks.FROM) {
        blocks(a, b, column, n);
      } else if (ofDoubles) {
        long first = (long) column * s.step;
        long means = s.means == 0 ? 0 : s.means + first;
        doubles(a, b, means, s.stds + first, s.step, to == ElementType.FLOAT32, n);
      } else {
        for (int i = 0; i < n; i++) {
          double v = Scalars.loadDouble(from, ALL, a + (long) i * from.bytes());
          Scalars.storeDouble(to, ALL, b + (long) i * to.bytes(), s.normalize(v, column + i));
        }
      }
    }

    /**
     * Finishes short rows of float64, the most frequent ones, without asking for types: C2 takes
     * half a second to compile a loop over any types, and compiles nothing else meanwhile.
     */
    private static void doubles(
        long a, long b, long means, long stds, long step, boolean single, int n) {
      for (int i = 0; i < n; i++) {
        double v = ALL.get(JAVA_DOUBLE_UNALIGNED, at(a + i * 8L));
        if (means != 0) {
          v -= ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + i * step));
        }
        v /= ALL.get(JAVA_DOUBLE_UNALIGNED, at(stds + i * step));
        if (single) {
          ALL.set(JAVA_FLOAT_UNALIGNED, at(b + i * 4L), (float) v);
        } else {
          ALL.set(JAVA_DOUBLE_UNALIGNED, at(b + i * 8L), v);
        }
      }
    }

    private void blocks(long a, long b, int column, int count) {
      RowBlocks blocks = RowBlocks.get();
      for (int i = 0; i < count; i += RowBlocks.SIZE) {
        int n = Math.min(RowBlocks.SIZE, count - i);
        blocks.loadDoubles(from, a + (long) i * from.bytes(), blocks.doubles, n);
        blocks.normalizeDoubles(s, column + i, n);
        blocks.storeDoubles(to, b + (long) i * to.bytes(), n);
      }
    }
  }

  /** Finishes rows that lie one after the other as one, where no column has its own statistics. */
  private static final class Gather extends GatherPass.Body {
    private final RowLoop loop;
    private final int columns;
    private final long rowBytes;
    private final long outBytes;
    private final boolean adjacentAsOne;

    Gather(RowFinish f, RowLoop loop, int columns) {
      this.loop = loop;
      this.columns = columns;
      rowBytes = (long) columns * f.from().bytes();
      outBytes = (long) columns * f.to().bytes();
      adjacentAsOne = f.normalization() != RowFinish.Mode.COLUMNS;
    }

    @Override
    void run(long a, long[] rows, int n, long b) {
      int run;
      for (int k = 0; k < n; k += run) {
        long out = b + k * outBytes;
        run = adjacentAsOne ? Rows.run(rows, k, n, columns) : 1;
        if (k > 0 && rows[k] == rows[k - 1]) {
          MemorySegment.copy(ALL, out - outBytes, ALL, out, outBytes);
          run = 1;
        } else {
          loop.run(a + rows[k] * rowBytes, out, 0, run * columns);
        }
      }
    }
  }

  /** Normalises rows shorter than a vector. */
  static final class GatherShort extends GatherPass.Body {
    private final RowStatistics s;
    private final int columns;
    private final boolean ofFloats;
    private final boolean single;

    /** Takes rows that lie one after the other, where they can be finished as one. */
    private final GatherPass.Body joined;

    GatherShort(RowFinish f, RowStatistics s, int columns, GatherPass.Body joined) {
      this.s = s;
      this.columns = columns;
      this.joined = joined;
      ofFloats = f.from() == ElementType.FLOAT32;
      single = f.to() == ElementType.FLOAT32;
    }

    @Override
    void run(long a, long[] rows, int n, long b) {
      if (!s.byColumn() && Rows.isRun(rows, n)) {
        joined.run(a, rows, n, b);
      } else if (ofFloats) {
        ShortRows.normalizeFloats(a, rows, n, b, s.means, s.stds, s.step, columns);
      } else {
        ShortRows.normalizeDoubles(a, rows, n, b, s.means, s.stds, s.step, single, columns);
      }
    }
  }

  private static final class Blend extends BlendPass.Body {
    private final ElementType from;
    private final ElementType to;
    private final RowStatistics s;
    private final boolean inBlocks;

    Blend(ElementType from, ElementType to, RowStatistics s) {
      this.from = from;
      this.to = to;
      this.s = s;
      inBlocks = RowBlocks.loads(from) && (to == ElementType.FLOAT32 || to == ElementType.FLOAT64);
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int n) {
      if (inBlocks && n >= RowBlocks.FROM) {
        blocks(a0, w0, a1, w1, b, n);
        return;
      }
      int size = from.bytes();
      for (int i = 0; i < n; i++) {
        double x0 = Scalars.loadDouble(from, ALL, a0 + (long) i * size);
        double x1 = Scalars.loadDouble(from, ALL, a1 + (long) i * size);
        double v = w0 * x0 + w1 * x1;
        Scalars.storeDouble(to, ALL, b + (long) i * to.bytes(), s.normalize(v, i));
      }
    }

    private void blocks(long a0, double w0, long a1, double w1, long b, int count) {
      RowBlocks blocks = RowBlocks.get();
      for (int i = 0; i < count; i += RowBlocks.SIZE) {
        int n = Math.min(RowBlocks.SIZE, count - i);
        long in = (long) i * from.bytes();
        blocks.loadDoubles(from, a0 + in, blocks.otherDoubles, n);
        blocks.loadDoubles(from, a1 + in, blocks.doubles, n);
        blocks.blend(w0, w1, n);
        if (s.stds != 0) {
          blocks.normalizeDoubles(s, i, n);
        }
        blocks.storeDoubles(to, b + (long) i * to.bytes(), n);
      }
    }
  }

  /** Blends one row after the other. */
  static final class GatherBlend extends GatherBlendPass.Body {
    private final BlendPass.Body blend;
    private final int columns;
    private final long rowBytes;
    private final long outBytes;

    GatherBlend(RowFinish f, BlendPass.Body blend, int columns) {
      this.blend = blend;
      this.columns = columns;
      rowBytes = (long) columns * f.from().bytes();
      outBytes = (long) columns * f.to().bytes();
    }

    @Override
    void run(long a, long[] rows, double[] w0, double[] w1, int n, long b) {
      for (int k = 0; k < n; k++) {
        long p = a + rows[k] * rowBytes;
        blend.run(p, w0[k], p + rowBytes, w1[k], b + k * outBytes, columns);
      }
    }
  }

  /** Blends rows shorter than a vector. */
  static final class GatherBlendShort extends GatherBlendPass.Body {
    private final RowStatistics s;
    private final int columns;
    private final boolean ofFloats;
    private final boolean single;

    GatherBlendShort(RowFinish f, RowStatistics s, int columns) {
      this.s = s;
      this.columns = columns;
      ofFloats = f.from() == ElementType.FLOAT32;
      single = f.to() == ElementType.FLOAT32;
    }

    @Override
    void run(long a, long[] rows, double[] w0, double[] w1, int n, long b) {
      if (s.stds != 0) {
        ShortRows.blendNormalized(
            ofFloats, a, rows, w0, w1, n, b, s.means, s.stds, s.step, single, columns);
      } else if (ofFloats) {
        ShortRows.blendFloats(a, rows, w0, w1, 0, n, b, single, columns);
      } else {
        ShortRows.blendDoubles(a, rows, w0, w1, 0, n, b, single, columns);
      }
    }
  }
}
