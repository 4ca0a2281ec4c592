/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.array.ElementType;
import org.syncline.kernel.generated.RowBlends;

/**
 * Blends by vectors: a class for each loop, so that a bound pass calls its own and asks no more.
 */
final class VectorBlends {
  private static final ElementType F32 = ElementType.FLOAT32;
  private static final ElementType F64 = ElementType.FLOAT64;

  private VectorBlends() {}

  static BlendPass.Body body(RowFinish f, RowStatistics s) {
    return new AnyLength(loop(f, s), ScalarRows.blend(f, s));
  }

  static GatherBlendPass.Body gather(RowFinish f, RowStatistics s, int columns) {
    if (columns >= VectorRows.SHORTEST) {
      return new ScalarRows.GatherBlend(f, body(f, s), columns);
    }
    boolean threes = Rows.blendsShort(f) && s.stds == 0 && ShortBlends.takes(columns);
    return threes ? threes(f.from(), f.to()) : ScalarRows.gatherBlend(f, s, columns);
  }

  private static GatherBlendPass.Body threes(ElementType from, ElementType to) {
    if (from == F32) {
      return to == F32 ? new ThreeFloatsToFloats() : new ThreeFloatsToDoubles();
    }
    return to == F32 ? new ThreeDoublesToFloats() : new ThreeDoublesToDoubles();
  }

  private static Loop loop(RowFinish f, RowStatistics s) {
    ElementType from = f.from();
    ElementType to = f.to();
    boolean widens = from != F32 && from != F64;
    boolean narrows = to != F32 && to != F64;
    // 8 and 16 bits are exact in float32
    ElementType in = !widens ? from : from.bytes() <= 2 ? F32 : F64;
    ElementType out = narrows ? F64 : to;
    Loop loop = s.stds == 0 ? plain(in, out) : normalized(in, out, s);
    return widens || narrows
        ? new Steps(
            widens ? VectorConversions.orScalar(from, in) : null,
            from.bytes(),
            loop,
            narrows ? VectorConversions.orScalar(F64, to) : null,
            to.bytes())
        : loop;
  }

  private static Loop plain(ElementType from, ElementType to) {
    if (from == F32) {
      return to == F32 ? new FloatsToFloats() : new FloatsToDoubles();
    }
    return to == F32 ? new DoublesToFloats() : new DoublesToDoubles();
  }

  private static Loop normalized(ElementType from, ElementType to, RowStatistics s) {
    VectorNormalizations.Columns c = new VectorNormalizations.Columns(s);
    if (from == F32) {
      return to == F32 ? new NormalizedFloatsToFloats(c) : new NormalizedFloatsToDoubles(c);
    }
    return to == F32 ? new NormalizedDoublesToFloats(c) : new NormalizedDoublesToDoubles(c);
  }

  /** Blends rows of at least {@link VectorRows#SHORTEST} elements. */
  private abstract static class Loop {
    abstract void run(long a0, double w0, long a1, double w1, long b, int column, int n);
  }

  private static final class AnyLength extends BlendPass.Body {
    private final Loop loop;
    private final BlendPass.Body shorter;

    AnyLength(Loop loop, BlendPass.Body shorter) {
      this.loop = loop;
      this.shorter = shorter;
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int n) {
      if (n < VectorRows.SHORTEST) {
        shorter.run(a0, w0, a1, w1, b, n);
      } else {
        loop.run(a0, w0, a1, w1, b, 0, n);
      }
    }
  }

  /**
   * Widens both rows, blends and narrows, block by block. The last block of a row is never shorter
   * than a vector, it overlaps the one before instead.
   */
  private static final class Steps extends Loop {
    private final RowLoop widen;
    private final int fromBytes;
    private final Loop blend;
    private final RowLoop narrow;
    private final int toBytes;

    Steps(RowLoop widen, int fromBytes, Loop blend, RowLoop narrow, int toBytes) {
      this.widen = widen;
      this.fromBytes = fromBytes;
      this.blend = blend;
      this.narrow = narrow;
      this.toBytes = toBytes;
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      RowScratch scratch = RowScratch.get();
      for (int i = 0; i < n; i += RowScratch.BLOCK) {
        int k = Math.min(i, n - VectorRows.SHORTEST);
        int m = Math.min(RowScratch.BLOCK, n - k);
        long p0 = a0 + (long) k * fromBytes;
        long p1 = a1 + (long) k * fromBytes;
        long q = b + (long) k * toBytes;
        if (widen != null) {
          widen.run(p0, scratch.b, 0, m);
          widen.run(p1, scratch.c, 0, m);
          p0 = scratch.b;
          p1 = scratch.c;
        }
        if (narrow == null) {
          blend.run(p0, w0, p1, w1, q, column + k, m);
        } else {
          blend.run(p0, w0, p1, w1, scratch.a, column + k, m);
          narrow.run(scratch.a, q, 0, m);
        }
      }
    }
  }

  private static final class FloatsToFloats extends Loop {
    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      RowBlends.floatsToFloats(a0, a1, b, w0, w1, n);
    }
  }

  private static final class NormalizedFloatsToFloats extends Loop {
    private final VectorNormalizations.Columns c;

    NormalizedFloatsToFloats(VectorNormalizations.Columns c) {
      this.c = c;
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      long means = c.means + (column * 8L & c.meanStep);
      long stds = c.stds + (column * 8L & c.stdStep);
      RowBlends.normalizedFloatsToFloats(a0, a1, b, means, c.meanStep, stds, c.stdStep, w0, w1, n);
    }
  }

  private static final class ThreeFloatsToFloats extends GatherBlendPass.Body {
    @Override
    void run(long a, long[] rows, double[] w0, double[] w1, int n, long b) {
      ShortBlends.floatsToFloats(a, rows, w0, w1, n, b);
    }
  }

  private static final class FloatsToDoubles extends Loop {
    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      RowBlends.floatsToDoubles(a0, a1, b, w0, w1, n);
    }
  }

  private static final class NormalizedFloatsToDoubles extends Loop {
    private final VectorNormalizations.Columns c;

    NormalizedFloatsToDoubles(VectorNormalizations.Columns c) {
      this.c = c;
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      long means = c.means + (column * 8L & c.meanStep);
      long stds = c.stds + (column * 8L & c.stdStep);
      RowBlends.normalizedFloatsToDoubles(a0, a1, b, means, c.meanStep, stds, c.stdStep, w0, w1, n);
    }
  }

  private static final class ThreeFloatsToDoubles extends GatherBlendPass.Body {
    @Override
    void run(long a, long[] rows, double[] w0, double[] w1, int n, long b) {
      ShortBlends.floatsToDoubles(a, rows, w0, w1, n, b);
    }
  }

  private static final class DoublesToFloats extends Loop {
    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      RowBlends.doublesToFloats(a0, a1, b, w0, w1, n);
    }
  }

  private static final class NormalizedDoublesToFloats extends Loop {
    private final VectorNormalizations.Columns c;

    NormalizedDoublesToFloats(VectorNormalizations.Columns c) {
      this.c = c;
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      long means = c.means + (column * 8L & c.meanStep);
      long stds = c.stds + (column * 8L & c.stdStep);
      RowBlends.normalizedDoublesToFloats(a0, a1, b, means, c.meanStep, stds, c.stdStep, w0, w1, n);
    }
  }

  private static final class ThreeDoublesToFloats extends GatherBlendPass.Body {
    @Override
    void run(long a, long[] rows, double[] w0, double[] w1, int n, long b) {
      ShortBlends.doublesToFloats(a, rows, w0, w1, n, b);
    }
  }

  private static final class DoublesToDoubles extends Loop {
    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      RowBlends.doublesToDoubles(a0, a1, b, w0, w1, n);
    }
  }

  private static final class NormalizedDoublesToDoubles extends Loop {
    private final VectorNormalizations.Columns c;

    NormalizedDoublesToDoubles(VectorNormalizations.Columns c) {
      this.c = c;
    }

    @Override
    void run(long a0, double w0, long a1, double w1, long b, int column, int n) {
      long means = c.means + (column * 8L & c.meanStep);
      long stds = c.stds + (column * 8L & c.stdStep);
      RowBlends.normalizedDoublesToDoubles(
          a0, a1, b, means, c.meanStep, stds, c.stdStep, w0, w1, n);
    }
  }

  private static final class ThreeDoublesToDoubles extends GatherBlendPass.Body {
    @Override
    void run(long a, long[] rows, double[] w0, double[] w1, int n, long b) {
      ShortBlends.doublesToDoubles(a, rows, w0, w1, n, b);
    }
  }
}
