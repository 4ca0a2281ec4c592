/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Vector bodies of the passes over video frames; every tail runs scalar with the same bits.
 *
 * <p>Widths: {@link Widths}. Loads and conversions are written out instead of called: HotSpot
 * compiles small helpers on their own and then, having them "already compiled into a medium
 * method", calls them with boxed vectors, 14 times slower in the vertical pass. The loops use
 * absolute addresses: {@link Addresses}. No fused multiply-add: the scalar loops could not follow
 * it on machines without one.
 */
final class VectorFrames {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Float> FLOATS = Widths.FLOAT;
  private static final VectorSpecies<Integer> INTS = Widths.INT;
  private static final VectorSpecies<Byte> PIXELS = Widths.QUARTER_BYTE;
  private static final VectorSpecies<Short> HALVES = Widths.HALF_SHORT;
  private static final int LANES = FLOATS.length();

  /**
   * Whether bytes are converted by vectors, as many as there are lanes of float32. At 128 bits the
   * conversion changes the number of lanes, and what HotSpot makes of that depends on what ran
   * before: it may box every vector.
   */
  private static final boolean WIDENS_BYTES = Widths.BITS > 128;

  private static final int BYTES = LANES * Float.BYTES;
  private static final int LINE_BYTES = 64;
  // as far as a shrinking source is fetched before it is summed: two rows are slower, for the first
  // level is small
  private static final int ROWS_AHEAD = 1;
  // half of L1: finished source rows stay there while the stores of the output pass through it
  private static final int LINES_BYTES = 16 << 10;
  private static final MemorySegment ALL = Addresses.ALL;

  // float16 in integer arithmetic: the Vector API of JDK 25 has no lanes of 16-bit floats
  private static final int HALF_REBIAS = ((15 - 127) << 23) + 0xfff;
  private static final int HALF_MAGIC_BITS = ((127 - 15) + (23 - 10) + 1) << 23;
  private static final float HALF_MAGIC = Float.intBitsToFloat(HALF_MAGIC_BITS);

  private VectorFrames() {}

  static PixelPass.Body pixels(FrameFinish f) {
    if (f.isCopy()) {
      return ScalarFrames.pixels(f);
    }
    return switch (f.from()) {
      case UINT8 -> WIDENS_BYTES ? ofPixels(f) : ScalarFrames.pixels(f);
      case FLOAT32 -> ofFloats(f);
      case FLOAT64 ->
          f.to() == ElementType.FLOAT32 ? new DoublesToFloats(f) : ScalarFrames.pixels(f);
      default -> ScalarFrames.pixels(f);
    };
  }

  private static PixelPass.Body ofPixels(FrameFinish f) {
    return switch (f.to()) {
      case FLOAT32 -> f.normalize() ? new PixelsNormalized(f) : new PixelsToFloats(f);
      case FLOAT16 -> new PixelsToHalves(f);
      case BFLOAT16 -> new PixelsToBrain(f);
      default -> ScalarFrames.pixels(f);
    };
  }

  private static PixelPass.Body ofFloats(FrameFinish f) {
    return switch (f.to()) {
      case FLOAT32 -> new FloatsNormalized(f);
      case FLOAT16 -> new FloatsToHalves(f);
      case BFLOAT16 -> new FloatsToBrain(f);
      case UINT8 -> WIDENS_BYTES ? new FloatsToPixels(f) : ScalarFrames.pixels(f);
      case FLOAT64 -> new FloatsToDoubles(f);
      default -> ScalarFrames.pixels(f);
    };
  }

  static DeinterleavePass.Body deinterleave(ElementType from, float[] means, float[] stds) {
    if (from == ElementType.FLOAT32) {
      return new DeinterleaveFloats(means, stds);
    }
    return WIDENS_BYTES
        ? new DeinterleavePixels(means, stds)
        : new ScalarFrames.Deinterleave(from, means, stds);
  }

  static InterleavePass.Body interleave() {
    return new Interleave();
  }

  static GrayPass.Body gray(FrameFinish f) {
    return new Gray(f);
  }

  static NormalizePixelsPass.Body normalizePixels() {
    return new NormalizePixels();
  }

  static FillPass.Body fill() {
    return new Fill();
  }

  static ResamplePass.Body resample(ResampleTable t, FrameFinish f) {
    if (t.lanes() != LANES || t.window() == 0) {
      return new RowByRow(t, f, pixels(f.narrowing()));
    }
    if (f.from() == ElementType.UINT8 && t.replicates()) {
      return f.to() == ElementType.FLOAT32 ? new Replicate(t, f) : new ReplicateAs(t, f);
    }
    return t.columnsFirst() ? new Enlarge(t, f) : new Shrink(t, f);
  }

  /** A loop that leaves the last elements over, and the scalar one for these. */
  private abstract static class Loop extends PixelPass.Body {
    final FrameFinish f;
    private final PixelPass.Body rest;
    private final int fromBytes;
    private final int toBytes;

    Loop(FrameFinish f) {
      this.f = f;
      rest = ScalarFrames.pixels(f);
      fromBytes = f.from().bytes();
      toBytes = f.to().bytes();
    }

    /** Returns how many elements it has written. */
    abstract int loop(long a, long b, int n);

    @Override
    final void run(long a, long b, int n) {
      int done = loop(a, b, n);
      if (done < n) {
        rest.run(a + (long) done * fromBytes, b + (long) done * toBytes, n - done);
      }
    }
  }

  private static final class PixelsNormalized extends Loop {
    PixelsNormalized(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return pixelsNormalized(a, b, n, f.mean(), f.std());
    }
  }

  private static final class PixelsToFloats extends Loop {
    PixelsToFloats(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return pixelsToFloats(a, b, n);
    }
  }

  private static final class PixelsToHalves extends Loop {
    PixelsToHalves(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return pixelsToHalves(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class PixelsToBrain extends Loop {
    PixelsToBrain(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return pixelsToBrain(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class FloatsNormalized extends Loop {
    FloatsNormalized(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return floatsNormalized(a, b, n, f.mean(), f.std());
    }
  }

  private static final class FloatsToHalves extends Loop {
    FloatsToHalves(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return floatsToHalves(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class FloatsToBrain extends Loop {
    FloatsToBrain(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return floatsToBrain(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class FloatsToPixels extends Loop {
    FloatsToPixels(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return floatsToPixels(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class FloatsToDoubles extends Loop {
    FloatsToDoubles(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return floatsToDoubles(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class DoublesToFloats extends Loop {
    DoublesToFloats(FrameFinish f) {
      super(f);
    }

    @Override
    int loop(long a, long b, int n) {
      return doublesToFloats(a, b, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static int pixelsNormalized(long a, long b, int n, float mean, float std) {
    Addresses.mayFault();
    if (n < LANES) {
      return 0;
    }
    FloatVector m = FloatVector.broadcast(FLOATS, mean);
    FloatVector s = FloatVector.broadcast(FLOATS, std);
    int i = 0;
    int bound = n & -(4 * LANES);
    for (; i != bound; i += 4 * LANES) {
      long p = at(a + i);
      long q = at(b + 4L * i);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q, ORDER);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p + LANES, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q + BYTES, ORDER);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p + 2 * LANES, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p + 3 * LANES, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q + 3 * BYTES, ORDER);
    }
    for (; i <= n - LANES; i += LANES) {
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, at(a + i), ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, at(b + 4L * i), ORDER);
    }
    if (i < n && n >= LANES) {
      i = n - LANES;
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, at(a + i), ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, at(b + 4L * i), ORDER);
      i = n;
    }
    return i;
  }

  private static int pixelsToFloats(long a, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    int bound = n & -(4 * LANES);
    for (; i != bound; i += 4 * LANES) {
      long p = at(a + i);
      long q = at(b + 4L * i);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoMemorySegment(ALL, q, ORDER);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p + LANES, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoMemorySegment(ALL, q + BYTES, ORDER);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p + 2 * LANES, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, p + 3 * LANES, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoMemorySegment(ALL, q + 3 * BYTES, ORDER);
    }
    for (; i <= n - LANES; i += LANES) {
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, at(a + i), ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoMemorySegment(ALL, at(b + 4L * i), ORDER);
    }
    if (i < n && n >= LANES) {
      i = n - LANES;
      ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, at(a + i), ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0))
          .intoMemorySegment(ALL, at(b + 4L * i), ORDER);
      i = n;
    }
    return i;
  }

  private static int floatsNormalized(long a, long b, int n, float mean, float std) {
    Addresses.mayFault();
    if (n < LANES) {
      return 0;
    }
    FloatVector m = FloatVector.broadcast(FLOATS, mean);
    FloatVector s = FloatVector.broadcast(FLOATS, std);
    int i = 0;
    int bound = n & -(4 * LANES);
    for (; i != bound; i += 4 * LANES) {
      long p = at(a + 4L * i);
      long q = at(b + 4L * i);
      FloatVector.fromMemorySegment(FLOATS, ALL, p, ORDER)
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, p + BYTES, ORDER)
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q + BYTES, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, p + 2 * BYTES, ORDER)
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
      FloatVector.fromMemorySegment(FLOATS, ALL, p + 3 * BYTES, ORDER)
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, q + 3 * BYTES, ORDER);
    }
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromMemorySegment(FLOATS, ALL, at(a + 4L * i), ORDER)
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, at(b + 4L * i), ORDER);
    }
    if (i < n && n >= LANES && a != b) {
      // a vector that overlaps the last; in place it would normalise twice
      i = n - LANES;
      FloatVector.fromMemorySegment(FLOATS, ALL, at(a + 4L * i), ORDER)
          .sub(m)
          .div(s)
          .intoMemorySegment(ALL, at(b + 4L * i), ORDER);
      i = n;
    }
    return i;
  }

  private static int pixelsToHalves(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x =
          ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, a + i, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0));
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector abs = bits.and(0x7fffffff);
      // normal results: rebias the exponent, add just under half a unit and the parity of the last
      // kept bit
      IntVector odd = abs.lanewise(VectorOperators.LSHR, 13).and(1);
      IntVector out = abs.add(HALF_REBIAS).add(odd).lanewise(VectorOperators.LSHR, 13);
      // subnormal results: the float addition aligns and rounds
      IntVector small =
          abs.reinterpretAsFloats().add(HALF_MAGIC).reinterpretAsInts().sub(HALF_MAGIC_BITS);
      out = out.blend(small, abs.compare(VectorOperators.LT, 113 << 23));
      out = out.blend(0x7c00, abs.compare(VectorOperators.GE, (127 + 16) << 23));
      out = out.or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
      out = out.blend(0x7e00, abs.compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(ALL, b + 2L * i, ORDER);
    }
    return i;
  }

  private static int pixelsToBrain(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x =
          ((FloatVector)
              ByteVector.fromMemorySegment(PIXELS, ALL, a + i, ORDER)
                  .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
                  .convertShape(VectorOperators.I2F, FLOATS, 0));
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector out = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      out = out.blend(0x7fc0, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(ALL, b + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsToHalves(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector abs = bits.and(0x7fffffff);
      // normal results: rebias the exponent, add just under half a unit and the parity of the last
      // kept bit
      IntVector odd = abs.lanewise(VectorOperators.LSHR, 13).and(1);
      IntVector out = abs.add(HALF_REBIAS).add(odd).lanewise(VectorOperators.LSHR, 13);
      // subnormal results: the float addition aligns and rounds
      IntVector small =
          abs.reinterpretAsFloats().add(HALF_MAGIC).reinterpretAsInts().sub(HALF_MAGIC_BITS);
      out = out.blend(small, abs.compare(VectorOperators.LT, 113 << 23));
      out = out.blend(0x7c00, abs.compare(VectorOperators.GE, (127 + 16) << 23));
      out = out.or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
      out = out.blend(0x7e00, abs.compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(ALL, b + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsToBrain(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector out = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      out = out.blend(0x7fc0, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(ALL, b + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsToPixels(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    FloatVector zero = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, a + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      // comparison is false for NaN, which so becomes 0
      x = zero.blend(x, x.compare(VectorOperators.GT, 0f)).min(255f);
      // 2^23 leaves no fraction bits: the addition rounds half to even into the low byte
      IntVector bits = x.add(8388608f).reinterpretAsInts().and(0xff);
      ByteVector bytes = (ByteVector) bits.convertShape(VectorOperators.I2B, PIXELS, 0);
      bytes.intoMemorySegment(ALL, b + i, ORDER);
    }
    return i;
  }

  private static int floatsToDoubles(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int half = LANES / 2;
    int i = 0;
    for (; i <= n - half; i += half) {
      FloatVector x = FloatVector.fromMemorySegment(Widths.HALF_FLOAT, ALL, a + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      ((DoubleVector) x.convertShape(VectorOperators.F2D, Widths.DOUBLE, 0))
          .intoMemorySegment(ALL, b + 8L * i, ORDER);
    }
    return i;
  }

  private static int doublesToFloats(
      long a, long b, int n, boolean normalize, float mean, float std) {
    Addresses.mayFault();
    int half = LANES / 2;
    int i = 0;
    for (; i <= n - half; i += half) {
      FloatVector x =
          (FloatVector)
              DoubleVector.fromMemorySegment(Widths.DOUBLE, ALL, a + 8L * i, ORDER)
                  .convertShape(VectorOperators.D2F, Widths.HALF_FLOAT, 0);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      x.intoMemorySegment(ALL, b + 4L * i, ORDER);
    }
    return i;
  }

  private abstract static class Deinterleave extends DeinterleavePass.Body {
    final boolean normalize;
    final float[] means;
    final float[] stds;

    Deinterleave(float[] means, float[] stds) {
      this.normalize = stds != null;
      this.means = means;
      this.stds = stds;
    }
  }

  private static final class DeinterleavePixels extends Deinterleave {
    DeinterleavePixels(float[] means, float[] stds) {
      super(means, stds);
    }

    @Override
    void run(long a, long b, long planeBytes, int n) {
      int done = FrameChannels.pixelsToPlanes(a, b, planeBytes, n, normalize, means, stds);
      ScalarFrames.planarRange(
          ElementType.UINT8, a, b, planeBytes, done, n, normalize, means, stds);
    }
  }

  private static final class DeinterleaveFloats extends Deinterleave {
    DeinterleaveFloats(float[] means, float[] stds) {
      super(means, stds);
    }

    @Override
    void run(long a, long b, long planeBytes, int n) {
      int done = FrameChannels.floatsToPlanes(a, b, planeBytes, n, normalize, means, stds);
      ScalarFrames.planarRange(
          ElementType.FLOAT32, a, b, planeBytes, done, n, normalize, means, stds);
    }
  }

  private static final class Interleave extends InterleavePass.Body {
    @Override
    void run(long a, long planeBytes, long b, int n) {
      int done = FrameChannels.planesToColors(a, planeBytes, b, n);
      ScalarFrames.interleave(a + 4L * done, planeBytes, b + 12L * done, n - done);
    }
  }

  private static final class Gray extends GrayPass.Body {
    private final FrameFinish f;

    Gray(FrameFinish f) {
      this.f = f;
    }

    @Override
    void run(long a, long planeBytes, long b, int n) {
      int done = FrameChannels.planesToGray(a, planeBytes, b, n, f.normalize(), f.mean(), f.std());
      ScalarFrames.grayRange(a, planeBytes, b, done, n, f.normalize(), f.mean(), f.std());
    }
  }

  private static final class NormalizePixels extends NormalizePixelsPass.Body {
    @Override
    void run(long a, long means, long stds, long b, int n) {
      int done = normalizeEach(a, means, stds, b, n);
      ScalarFrames.normalizeEachRange(a, means, stds, b, done, n);
    }
  }

  private static int normalizeEach(long a, long means, long stds, long b, int n) {
    Addresses.mayFault();
    int i = 0;
    for (; i <= n - 2 * LANES; i += 2 * LANES) {
      long at = 4L * i;
      FloatVector x =
          FloatVector.fromMemorySegment(FLOATS, ALL, a + at, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, means + at, ORDER))
              .div(FloatVector.fromMemorySegment(FLOATS, ALL, stds + at, ORDER));
      FloatVector y =
          FloatVector.fromMemorySegment(FLOATS, ALL, a + at + BYTES, ORDER)
              .sub(FloatVector.fromMemorySegment(FLOATS, ALL, means + at + BYTES, ORDER))
              .div(FloatVector.fromMemorySegment(FLOATS, ALL, stds + at + BYTES, ORDER));
      x.intoMemorySegment(ALL, b + at, ORDER);
      y.intoMemorySegment(ALL, b + at + BYTES, ORDER);
    }
    for (; i <= n - LANES; i += LANES) {
      long at = 4L * i;
      FloatVector.fromMemorySegment(FLOATS, ALL, a + at, ORDER)
          .sub(FloatVector.fromMemorySegment(FLOATS, ALL, means + at, ORDER))
          .div(FloatVector.fromMemorySegment(FLOATS, ALL, stds + at, ORDER))
          .intoMemorySegment(ALL, b + at, ORDER);
    }
    return i;
  }

  private static final class Fill extends FillPass.Body {
    @Override
    void run(long b, int n, float value) {
      fillFloats(b, n, value);
    }
  }

  private static void fillFloats(long b, int n, float value) {
    FloatVector v = FloatVector.broadcast(FLOATS, value);
    int i = 0;
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      long q = b + 4L * i;
      v.intoMemorySegment(ALL, q, ORDER);
      v.intoMemorySegment(ALL, q + BYTES, ORDER);
      v.intoMemorySegment(ALL, q + 2 * BYTES, ORDER);
      v.intoMemorySegment(ALL, q + 3 * BYTES, ORDER);
    }
    for (; i < n; i++) {
      ALL.set(ScalarFrames.FLOAT, b + 4L * i, value);
    }
  }

  /** Sums source rows, of bytes or of floats. */
  private static void sumRows(
      boolean ofPixels, long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
    int done =
        !ofPixels
            ? FrameSums.floats(a, rowBytes, weights, w, taps, b, n, false, 0, 1)
            : WIDENS_BYTES ? FrameSums.pixels(a, rowBytes, weights, w, taps, b, n) : 0;
    if (done < n) {
      ElementType from = ofPixels ? ElementType.UINT8 : ElementType.FLOAT32;
      ScalarFrames.verticalRange(from, a, rowBytes, weights, w, taps, b, done, n);
    }
  }

  private static void finishRows(
      FrameFinish f, long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
    boolean normalize = f.normalize();
    float mean = f.mean();
    float std = f.std();
    int done = FrameSums.floats(a, rowBytes, weights, w, taps, b, n, normalize, mean, std);
    if (done < n) {
      ScalarFrames.verticalFinishRange(
          a, rowBytes, weights, w, taps, b, done, n, normalize, mean, std);
    }
  }

  /** Tables that are not laid out for vectors: these sum the rows alone. */
  private static final class RowByRow extends ScalarFrames.RowByRow {
    private final boolean ofPixels;

    RowByRow(ResampleTable t, FrameFinish f, PixelPass.Body narrow) {
      super(t, f, narrow);
      ofPixels = f.from() == ElementType.UINT8;
    }

    @Override
    void sumRows(long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
      VectorFrames.sumRows(ofPixels, a, rowBytes, weights, w, taps, b, n);
    }

    @Override
    void finishRows(long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
      VectorFrames.finishRows(f, a, rowBytes, weights, w, taps, b, n);
    }
  }

  /**
   * Every output is a pixel as it is. Source rows are finished together, as many as stay in half of
   * L1, and from there spread into the output row by row. To spread each once and copy it four
   * times does less, but beyond the cache copies lose: 960 frames of 36×64 to 144×256 stored at the
   * memory's limit by 1.05 × the time of a fill, copied from rows in L1 by 1.4 ×.
   */
  private static final class Replicate extends ResamplePass.Body {
    private final ResampleTable t;

    /** Finishes source rows. */
    private final PixelPass.Body finish;

    Replicate(ResampleTable t, FrameFinish f) {
      this.t = t;
      finish = pixels(f);
    }

    @Override
    void run(long a, long rowBytes, long scratch, long b) {
      int pixels = t.sourceWidth();
      long lineBytes = Math.max(BYTES, (4L * pixels + BYTES - 1) & -BYTES);
      // the last block of the last line is read as a whole vector
      int most = (int) Math.max(1, (Math.min(LINES_BYTES, t.scratchBytes()) - BYTES) / lineBytes);
      boolean together = lineBytes == 4L * pixels && rowBytes == pixels;
      long outBytes = 4L * t.width();
      int blocks = t.outputs().length;
      int step = t.alike();
      int first = 0;
      int end = 0;
      for (int y = 0; y < t.height(); y++) {
        int row = t.rowStart(y);
        if (row < first || row >= end) {
          first = row;
          end = Math.min(first + most, t.sourceHeight());
          int many = together ? end - first : 1;
          for (int r = first; r < end; r += many) {
            finish.run(a + r * rowBytes, scratch + (r - first) * lineBytes, many * pixels);
          }
        }
        long line = scratch + (row - first) * lineBytes;
        if (step > 0) {
          FrameColumns.selectAlike(t.positions(), step, blocks, line, b + y * outBytes);
        } else {
          FrameColumns.select(t, line, b + y * outBytes);
        }
      }
    }
  }

  /** As {@link Replicate}, in another type: each source row is finished, spread, converted once. */
  private static final class ReplicateAs extends ResamplePass.Body {
    private final ResampleTable t;
    private final PixelPass.Body finish;
    private final PixelPass.Body narrow;
    private final int toBytes;

    ReplicateAs(ResampleTable t, FrameFinish f) {
      this.t = t;
      finish =
          pixels(new FrameFinish(f.from(), ElementType.FLOAT32, f.normalize(), f.mean(), f.std()));
      narrow = pixels(f.narrowing());
      toBytes = f.to().bytes();
    }

    @Override
    void run(long a, long rowBytes, long scratch, long b) {
      int width = t.width();
      long outBytes = (long) width * toBytes;
      long spread = scratch + t.scratchRowBytes();
      int shown = -1;
      for (int y = 0; y < t.height(); y++) {
        if (t.rowStart(y) != shown) {
          shown = t.rowStart(y);
          finish.run(a + shown * rowBytes, scratch, t.sourceWidth());
          FrameColumns.select(t, scratch, spread);
          // float64 reaches into the row that it is made of: behind what has been read, going
          // upwards
          narrow.run(spread, scratch, width);
        }
        MemorySegment.copy(ALL, scratch, ALL, b + y * outBytes, outBytes);
      }
    }
  }

  private static final class Enlarge extends ResamplePass.Body {
    private final ResampleTable t;
    private final FrameFinish f;
    private final boolean ofPixels;

    /** Null where rows are written as they are. */
    private final PixelPass.Body narrow;

    Enlarge(ResampleTable t, FrameFinish f) {
      this.t = t;
      this.f = f;
      ofPixels = f.from() == ElementType.UINT8;
      narrow = f.to() == ElementType.FLOAT32 ? null : pixels(f.narrowing());
    }

    @Override
    void run(long a, long rowBytes, long scratch, long b) {
      long rowLength = t.scratchRowBytes();
      long finished = scratch + rowLength;
      long rows = finished + rowLength;
      // all rows before the first is written: stores that miss the cache would hold up those to the
      // scratch
      for (int r = 0; r < t.sourceHeight(); r++) {
        sumRows(
            ofPixels,
            a + r * rowBytes,
            rowBytes,
            ResampleTable.ONE,
            0,
            1,
            scratch,
            t.sourceWidth());
        FrameColumns.sum(t, scratch, rows + r * rowLength, false, 0, 1);
      }
      int width = t.width();
      long outBytes = (long) width * f.to().bytes();
      for (int y = 0; y < t.height(); y++) {
        long out = b + y * outBytes;
        // enlarged rows are cheap to compute again, and written as one stream; copies from row to
        // row are slower
        finishRows(
            f,
            rows + t.rowStart(y) * rowLength,
            rowLength,
            t.rowWeights(),
            t.rowWeight(y),
            t.rowTaps(y),
            narrow == null ? out : finished,
            width);
        if (narrow != null) {
          narrow.run(finished, out, width);
        }
      }
    }
  }

  /**
   * Loads one byte of each cache line: in one ascending stream, which the processor's prefetchers
   * follow.
   */
  private static void touch(long a, long end, long sink) {
    int sum = 0;
    for (long p = a; p < end; p += LINE_BYTES) {
      sum += ALL.get(ScalarFrames.BYTE, p);
    }
    // kept, so that the loads are
    ALL.set(ScalarFrames.INT, sink, sum);
  }

  private static final class Shrink extends ResamplePass.Body {
    private final ResampleTable t;
    private final FrameFinish f;
    private final boolean ofPixels;

    /** Null where rows are written as they are. */
    private final PixelPass.Body narrow;

    Shrink(ResampleTable t, FrameFinish f) {
      this.t = t;
      this.f = f;
      ofPixels = f.from() == ElementType.UINT8;
      narrow = f.to() == ElementType.FLOAT32 ? null : pixels(f.narrowing());
    }

    @Override
    void run(long a, long rowBytes, long scratch, long b) {
      long finished = scratch + t.scratchRowBytes();
      int width = t.width();
      long outBytes = (long) width * f.to().bytes();
      long end = a + (t.sourceHeight() - 1) * rowBytes + (long) t.sourceWidth() * f.from().bytes();
      long ahead = a;
      for (int y = 0; y < t.height(); y++) {
        long out = b + y * outBytes;
        int later = Math.min(y + ROWS_AHEAD, t.height() - 1);
        long next = Math.min(a + (t.rowStart(later) + t.rowTaps(later)) * rowBytes, end);
        if (next > ahead) {
          touch(Math.max(ahead, a + t.rowStart(later) * rowBytes), next, scratch);
          ahead = next;
        }
        if (t.repeats(y)) {
          MemorySegment.copy(ALL, out - outBytes, ALL, out, outBytes);
          continue;
        }
        sumRows(
            ofPixels,
            a + t.rowStart(y) * rowBytes,
            rowBytes,
            t.rowWeights(),
            t.rowWeight(y),
            t.rowTaps(y),
            scratch,
            t.sourceWidth());
        FrameColumns.sum(
            t, scratch, narrow == null ? out : finished, f.normalize(), f.mean(), f.std());
        if (narrow != null) {
          narrow.run(finished, out, width);
        }
      }
    }
  }
}
