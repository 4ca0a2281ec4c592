/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
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
 * Vector kernels over video frames; what it does not override, and every tail, runs scalar with the
 * same bits.
 *
 * <p>Widths: {@link Widths}. Loads and conversions are written out instead of called: HotSpot
 * compiles small helpers on their own and then, having them "already compiled into a medium
 * method", calls them with boxed vectors, 14 times slower in the vertical pass. Public methods
 * check ranges once, the loops use absolute addresses: {@link Addresses}. No fused multiply-add:
 * the scalar kernels could not follow it on machines without one.
 */
final class VectorFrameKernels extends ScalarFrameKernels {
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

  VectorFrameKernels() {}

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void finish(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    if (from == to && !normalize) {
      MemorySegment.copy(src, srcOffset, dst, dstOffset, (long) count * from.bytes());
      return;
    }
    long a = Addresses.of(src, srcOffset, (long) count * from.bytes());
    long b = Addresses.writable(dst, dstOffset, (long) count * to.bytes());
    if (from == ElementType.UINT8) {
      finishPixels(a, to, b, count, normalize, mean, std);
    } else if (from == ElementType.FLOAT32) {
      finishFloats(a, to, b, count, normalize, mean, std);
    } else {
      int done =
          from == ElementType.FLOAT64 && to == ElementType.FLOAT32
              ? doublesToFloats(a, b, count, normalize, mean, std)
              : 0;
      finishRange(from, ALL, a, to, ALL, b, done, count, normalize, mean, std);
    }
  }

  private static void finishPixels(
      long a, ElementType to, long b, int n, boolean normalize, float mean, float std) {
    int done =
        !WIDENS_BYTES
            ? 0
            : switch (to) {
              case FLOAT32 ->
                  normalize ? pixelsNormalized(a, b, n, mean, std) : pixelsToFloats(a, b, n);
              case FLOAT16 -> pixelsToHalves(a, b, n, normalize, mean, std);
              case BFLOAT16 -> pixelsToBrain(a, b, n, normalize, mean, std);
              default -> 0;
            };
    if (done < n) {
      finishRange(ElementType.UINT8, ALL, a, to, ALL, b, done, n, normalize, mean, std);
    }
  }

  private static void finishFloats(
      long a, ElementType to, long b, int n, boolean normalize, float mean, float std) {
    int done =
        switch (to) {
          case FLOAT32 -> floatsNormalized(a, b, n, mean, std);
          case FLOAT16 -> floatsToHalves(a, b, n, normalize, mean, std);
          case BFLOAT16 -> floatsToBrain(a, b, n, normalize, mean, std);
          case UINT8 -> WIDENS_BYTES ? floatsToPixels(a, b, n, normalize, mean, std) : 0;
          case FLOAT64 -> floatsToDoubles(a, b, n, normalize, mean, std);
          default -> 0;
        };
    if (done < n) {
      finishRange(ElementType.FLOAT32, ALL, a, to, ALL, b, done, n, normalize, mean, std);
    }
  }

  private static int pixelsNormalized(long a, long b, int n, float mean, float std) {
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

  @Override
  public void planar(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int count,
      boolean normalize,
      float[] means,
      float[] stds) {
    long a = Addresses.of(src, srcOffset, 3L * count * from.bytes());
    Addresses.checkWritable(dst);
    long b = rows(dst, dstOffset, 3, planeBytes, 4L * count);
    int done = 0;
    if (from == ElementType.UINT8 || from == ElementType.FLOAT32) {
      done =
          from == ElementType.UINT8
              ? !WIDENS_BYTES
                  ? 0
                  : FrameChannels.pixelsToPlanes(a, b, planeBytes, count, normalize, means, stds)
              : FrameChannels.floatsToPlanes(a, b, planeBytes, count, normalize, means, stds);
    }
    planarRange(from, ALL, a, ALL, b, planeBytes, done, count, normalize, means, stds);
  }

  /** Returns the address of rows that begin so many bytes after one another. */
  private static long rows(
      MemorySegment s, long offset, int count, long distance, long bytesOfEach) {
    if (count < 1 || distance < 0 || distance > (Long.MAX_VALUE - bytesOfEach) / count) {
      throw new IndexOutOfBoundsException(count + " rows, " + distance + " bytes apart");
    }
    return Addresses.of(s, offset, (count - 1) * distance + bytesOfEach);
  }

  @Override
  public void gray(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    long a = rows(src, srcOffset, 3, planeBytes, 4L * count);
    long b = Addresses.writable(dst, dstOffset, 4L * count);
    int done = FrameChannels.planesToGray(a, planeBytes, b, count, normalize, mean, std);
    grayRange(ALL, a, planeBytes, ALL, b, done, count, normalize, mean, std);
  }

  @Override
  public void interleave(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count) {
    long a = rows(src, srcOffset, 3, planeBytes, 4L * count);
    long b = Addresses.writable(dst, dstOffset, 12L * count);
    int done = FrameChannels.planesToColors(a, planeBytes, b, count);
    super.interleave(ALL, a + 4L * done, planeBytes, ALL, b + 12L * done, count - done);
  }

  @Override
  public void normalizeEach(
      MemorySegment src,
      long srcOffset,
      MemorySegment means,
      MemorySegment stds,
      MemorySegment dst,
      long dstOffset,
      int count) {
    long bytes = 4L * count;
    int done =
        normalizeEach(
            Addresses.of(src, srcOffset, bytes),
            Addresses.of(means, 0, bytes),
            Addresses.of(stds, 0, bytes),
            Addresses.writable(dst, dstOffset, bytes),
            count);
    normalizeEachRange(src, srcOffset, means, stds, dst, dstOffset, done, count);
  }

  private static int normalizeEach(long a, long means, long stds, long b, int n) {
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

  @Override
  public void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value) {
    long b = Addresses.writable(dst, dstOffset, (long) count * to.bytes());
    if (to == ElementType.FLOAT32) {
      fillFloats(b, count, value);
    } else {
      super.fill(to, ALL, b, count, value);
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
      ALL.set(FLOAT, b + 4L * i, value);
    }
  }

  @Override
  public void vertical(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count) {
    long a = rows(src, srcOffset, taps, rowBytes, (long) count * from.bytes());
    long b = Addresses.writable(dst, dstOffset, 4L * count);
    sumRows(from, a, rowBytes, weights, w, taps, b, count);
  }

  private static void sumRows(
      ElementType from, long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
    int done =
        switch (from) {
          case UINT8 -> WIDENS_BYTES ? FrameSums.pixels(a, rowBytes, weights, w, taps, b, n) : 0;
          case FLOAT32 -> FrameSums.floats(a, rowBytes, weights, w, taps, b, n, false, 0, 1);
          default -> 0;
        };
    if (done < n) {
      verticalRange(from, ALL, a, rowBytes, weights, w, taps, ALL, b, done, n);
    }
  }

  @Override
  public void verticalFinish(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    long a = rows(src, srcOffset, taps, rowBytes, 4L * count);
    long b = Addresses.writable(dst, dstOffset, 4L * count);
    finishRows(a, rowBytes, weights, w, taps, b, count, normalize, mean, std);
  }

  private static void finishRows(
      long a,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      long b,
      int n,
      boolean normalize,
      float mean,
      float std) {
    int done = FrameSums.floats(a, rowBytes, weights, w, taps, b, n, normalize, mean, std);
    if (done < n) {
      verticalFinishRange(
          ALL, a, rowBytes, weights, w, taps, ALL, b, done, n, normalize, mean, std);
    }
  }

  @Override
  public void horizontal(
      ResampleTable table,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std) {
    if (table.lanes() != LANES || table.window() == 0) {
      super.horizontal(table, src, srcOffset, dst, dstOffset, normalize, mean, std);
      return;
    }
    long a = Addresses.of(src, srcOffset, table.scratchRowBytes());
    long b = Addresses.writable(dst, dstOffset, 4L * table.width());
    FrameColumns.sum(table, a, b, normalize, mean, std);
    Reference.reachabilityFence(table);
  }

  @Override
  public void resample(
      ResampleTable table,
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      MemorySegment scratch,
      long scratchOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std) {
    if (table.lanes() != LANES || table.window() == 0) {
      resampleRows(
          table,
          from,
          src,
          srcOffset,
          rowBytes,
          scratch,
          scratchOffset,
          to,
          dst,
          dstOffset,
          normalize,
          mean,
          std);
      return;
    }
    long lineBytes = (long) table.sourceWidth() * from.bytes();
    long a = rows(src, srcOffset, table.sourceHeight(), rowBytes, lineBytes);
    long line = Addresses.writable(scratch, scratchOffset, table.scratchBytes());
    long b = Addresses.writable(dst, dstOffset, (long) table.height() * table.width() * to.bytes());
    if (from == ElementType.UINT8 && table.replicates() && to == ElementType.FLOAT32) {
      replicate(table, a, rowBytes, line, b, normalize, mean, std);
    } else if (from == ElementType.UINT8 && table.replicates()) {
      replicateAs(table, a, rowBytes, line, to, b, normalize, mean, std);
    } else if (table.columnsFirst()) {
      enlarge(table, from, a, rowBytes, line, to, b, normalize, mean, std);
    } else {
      shrink(table, from, a, rowBytes, line, to, b, normalize, mean, std);
    }
    // the kernels know its memory by address alone
    Reference.reachabilityFence(table);
  }

  /**
   * Every output is a pixel as it is. Source rows are finished together, as many as stay in half of
   * L1, and from there spread into the output row by row. To spread each once and copy it four
   * times does less, but beyond the cache copies lose: 960 frames of 36×64 to 144×256 stored at the
   * memory's limit by 1.05 × the time of a fill, copied from rows in L1 by 1.4 ×.
   */
  private static void replicate(
      ResampleTable t,
      long a,
      long rowBytes,
      long lines,
      long b,
      boolean normalize,
      float mean,
      float std) {
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
          finishPixels(
              a + r * rowBytes,
              ElementType.FLOAT32,
              lines + (r - first) * lineBytes,
              many * pixels,
              normalize,
              mean,
              std);
        }
      }
      long line = lines + (row - first) * lineBytes;
      if (step > 0) {
        FrameColumns.selectAlike(t.positions(), step, blocks, line, b + y * outBytes);
      } else {
        FrameColumns.select(t, line, b + y * outBytes);
      }
    }
  }

  /**
   * As {@link #replicate}, in another type: each source row is finished, spread, converted once.
   */
  private static void replicateAs(
      ResampleTable t,
      long a,
      long rowBytes,
      long line,
      ElementType to,
      long b,
      boolean normalize,
      float mean,
      float std) {
    int width = t.width();
    long outBytes = (long) width * to.bytes();
    long spread = line + t.scratchRowBytes();
    int shown = -1;
    for (int y = 0; y < t.height(); y++) {
      if (t.rowStart(y) != shown) {
        shown = t.rowStart(y);
        finishPixels(
            a + shown * rowBytes, ElementType.FLOAT32, line, t.sourceWidth(), normalize, mean, std);
        FrameColumns.select(t, line, spread);
        // float64 reaches into the row that it is made of: behind what has been read, going upwards
        finishFloats(spread, to, line, width, false, 0, 1);
      }
      MemorySegment.copy(ALL, line, ALL, b + y * outBytes, outBytes);
    }
  }

  private static void enlarge(
      ResampleTable t,
      ElementType from,
      long a,
      long rowBytes,
      long line,
      ElementType to,
      long b,
      boolean normalize,
      float mean,
      float std) {
    long rowLength = t.scratchRowBytes();
    long finished = line + rowLength;
    long rows = finished + rowLength;
    // all rows before the first is written: stores that miss the cache would hold up those to the
    // scratch
    for (int r = 0; r < t.sourceHeight(); r++) {
      sumRows(from, a + r * rowBytes, rowBytes, ResampleTable.ONE, 0, 1, line, t.sourceWidth());
      FrameColumns.sum(t, line, rows + r * rowLength, false, 0, 1);
    }
    boolean direct = to == ElementType.FLOAT32;
    int width = t.width();
    long outBytes = (long) width * to.bytes();
    for (int y = 0; y < t.height(); y++) {
      long out = b + y * outBytes;
      // enlarged rows are cheap to compute again, and written as one stream; copies from row to row
      // are slower
      finishRows(
          rows + t.rowStart(y) * rowLength,
          rowLength,
          t.rowWeights(),
          t.rowWeight(y),
          t.rowTaps(y),
          direct ? out : finished,
          width,
          normalize,
          mean,
          std);
      if (!direct) {
        finishFloats(finished, to, out, width, false, 0, 1);
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
      sum += ALL.get(BYTE, p);
    }
    // kept, so that the loads are
    ALL.set(INT, sink, sum);
  }

  private static void shrink(
      ResampleTable t,
      ElementType from,
      long a,
      long rowBytes,
      long line,
      ElementType to,
      long b,
      boolean normalize,
      float mean,
      float std) {
    long finished = line + t.scratchRowBytes();
    boolean direct = to == ElementType.FLOAT32;
    int width = t.width();
    long outBytes = (long) width * to.bytes();
    long end = a + (t.sourceHeight() - 1) * rowBytes + (long) t.sourceWidth() * from.bytes();
    long ahead = a;
    for (int y = 0; y < t.height(); y++) {
      long out = b + y * outBytes;
      int later = Math.min(y + ROWS_AHEAD, t.height() - 1);
      long next = Math.min(a + (t.rowStart(later) + t.rowTaps(later)) * rowBytes, end);
      if (next > ahead) {
        touch(Math.max(ahead, a + t.rowStart(later) * rowBytes), next, line);
        ahead = next;
      }
      if (t.repeats(y)) {
        MemorySegment.copy(ALL, out - outBytes, ALL, out, outBytes);
        continue;
      }
      sumRows(
          from,
          a + t.rowStart(y) * rowBytes,
          rowBytes,
          t.rowWeights(),
          t.rowWeight(y),
          t.rowTaps(y),
          line,
          t.sourceWidth());
      FrameColumns.sum(t, line, direct ? out : finished, normalize, mean, std);
      if (!direct) {
        finishFloats(finished, to, out, width, false, 0, 1);
      }
    }
  }
}
