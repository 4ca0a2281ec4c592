/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.array.ElementType;

/**
 * Vector kernels over video frames; what it does not override, and every tail, runs scalar with the same bits.
 *
 * <p>Widths: {@link Widths}. Loads and conversions are written out instead of called: HotSpot compiles small helpers on
 * their own and then, having them "already compiled into a medium method", calls them with boxed vectors, 14 times
 * slower in the vertical pass. No fused multiply-add: the scalar kernels could not follow it on machines without one.
 */
final class VectorFrameKernels extends ScalarFrameKernels {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Float> FLOATS = Widths.FLOAT;
  private static final VectorSpecies<Integer> INTS = Widths.INT;
  private static final VectorSpecies<Byte> PIXELS = Widths.QUARTER_BYTE;
  private static final VectorSpecies<Short> HALVES = Widths.HALF_SHORT;
  private static final int LANES = FLOATS.length();
  // at 128 bits a load of pixels takes twice the lanes that are used
  private static final int PIXEL_LANES = PIXELS.length();
  private static final int BYTES = LANES * Float.BYTES;

  // float16 in integer arithmetic: the Vector API of JDK 25 has no lanes of 16-bit floats
  private static final int HALF_REBIAS = ((15 - 127) << 23) + 0xfff;
  private static final int HALF_MAGIC_BITS = ((127 - 15) + (23 - 10) + 1) << 23;
  private static final float HALF_MAGIC = Float.intBitsToFloat(HALF_MAGIC_BITS);

  // element 3 * lane + channel of three vectors a, b, c: its place in (a, b, c)
  private static final int[][] PLANAR = new int[3][LANES];

  static {
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < LANES; i++) {
        PLANAR[c][i] = 3 * i + c;
      }
    }
  }

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
    int done = 0;
    if (from == to && !normalize) {
      MemorySegment.copy(src, srcOffset, dst, dstOffset, (long) count * from.bytes());
      return;
    }
    if (from == ElementType.UINT8) {
      done = finishPixels(src, srcOffset, to, dst, dstOffset, count, normalize, mean, std);
    } else if (from == ElementType.FLOAT32) {
      done = finishFloats(src, srcOffset, to, dst, dstOffset, count, normalize, mean, std);
    } else if (from == ElementType.FLOAT64 && to == ElementType.FLOAT32) {
      done = doublesToFloats(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
    }
    finishRange(from, src, srcOffset, to, dst, dstOffset, done, count, normalize, mean, std);
  }

  private static int finishPixels(
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    return switch (to) {
      case FLOAT32 ->
          normalize
              ? pixelsNormalized(src, srcOffset, dst, dstOffset, count, mean, std)
              : pixelsToFloats(src, srcOffset, dst, dstOffset, count);
      case FLOAT16 -> pixelsToHalves(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
      case BFLOAT16 -> pixelsToBrain(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
      default -> 0;
    };
  }

  private static int finishFloats(
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    return switch (to) {
      case FLOAT32 -> floatsNormalized(src, srcOffset, dst, dstOffset, count, mean, std);
      case FLOAT16 -> floatsToHalves(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
      case BFLOAT16 -> floatsToBrain(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
      case UINT8 -> floatsToPixels(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
      case FLOAT64 -> floatsToDoubles(src, srcOffset, dst, dstOffset, count, normalize, mean, std);
      default -> 0;
    };
  }

  private static int pixelsNormalized(
      MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count, float mean, float std) {
    FloatVector m = FloatVector.broadcast(FLOATS, mean);
    FloatVector s = FloatVector.broadcast(FLOATS, std);
    int i = 0;
    for (; i <= count - PIXEL_LANES; i += LANES) {
      ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, srcOffset + i, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).sub(m).div(s).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
  }

  private static int pixelsToFloats(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    int i = 0;
    for (; i <= count - PIXEL_LANES; i += LANES) {
      ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, srcOffset + i, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
  }

  private static int pixelsToHalves(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int i = 0;
    for (; i <= count - PIXEL_LANES; i += LANES) {
      FloatVector x = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, srcOffset + i, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0));
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector abs = bits.and(0x7fffffff);
      // normal results: rebias the exponent, add just under half a unit and the parity of the last kept bit
      IntVector odd = abs.lanewise(VectorOperators.LSHR, 13).and(1);
      IntVector out = abs.add(HALF_REBIAS).add(odd).lanewise(VectorOperators.LSHR, 13);
      // subnormal results: the float addition aligns and rounds
      IntVector small = abs.reinterpretAsFloats().add(HALF_MAGIC).reinterpretAsInts().sub(HALF_MAGIC_BITS);
      out = out.blend(small, abs.compare(VectorOperators.LT, 113 << 23));
      out = out.blend(0x7c00, abs.compare(VectorOperators.GE, (127 + 16) << 23));
      out = out.or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
      out = out.blend(0x7e00, abs.compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
    }
    return i;
  }

  private static int pixelsToBrain(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int i = 0;
    for (; i <= count - PIXEL_LANES; i += LANES) {
      FloatVector x = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, srcOffset + i, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0));
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector out = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      out = out.blend(0x7fc0, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsNormalized(
      MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count, float mean, float std) {
    FloatVector m = FloatVector.broadcast(FLOATS, mean);
    FloatVector s = FloatVector.broadcast(FLOATS, std);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector.fromMemorySegment(FLOATS, src, srcOffset + 4L * i, ORDER).sub(m).div(s).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
  }

  private static int floatsToHalves(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, src, srcOffset + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector abs = bits.and(0x7fffffff);
      // normal results: rebias the exponent, add just under half a unit and the parity of the last kept bit
      IntVector odd = abs.lanewise(VectorOperators.LSHR, 13).and(1);
      IntVector out = abs.add(HALF_REBIAS).add(odd).lanewise(VectorOperators.LSHR, 13);
      // subnormal results: the float addition aligns and rounds
      IntVector small = abs.reinterpretAsFloats().add(HALF_MAGIC).reinterpretAsInts().sub(HALF_MAGIC_BITS);
      out = out.blend(small, abs.compare(VectorOperators.LT, 113 << 23));
      out = out.blend(0x7c00, abs.compare(VectorOperators.GE, (127 + 16) << 23));
      out = out.or(bits.lanewise(VectorOperators.LSHR, 16).and(0x8000));
      out = out.blend(0x7e00, abs.compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsToBrain(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, src, srcOffset + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      IntVector bits = x.reinterpretAsInts();
      IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      IntVector out = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      out = out.blend(0x7fc0, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
      ((ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0))
          .intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsToPixels(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    FloatVector zero = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, src, srcOffset + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      // comparison is false for NaN, which so becomes 0
      x = zero.blend(x, x.compare(VectorOperators.GT, 0f)).min(255f);
      // 2^23 leaves no fraction bits: the addition rounds half to even into the low byte
      IntVector bits = x.add(8388608f).reinterpretAsInts().and(0xff);
      ByteVector bytes = (ByteVector) bits.convertShape(VectorOperators.I2B, PIXELS, 0);
      if (LANES == PIXEL_LANES) {
        bytes.intoMemorySegment(dst, dstOffset + i, ORDER);
      } else {
        dst.set(INT, dstOffset + i, bytes.reinterpretAsInts().lane(0));
      }
    }
    return i;
  }

  private static int floatsToDoubles(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int half = LANES / 2;
    int i = 0;
    for (; i <= count - half; i += half) {
      FloatVector x = FloatVector.fromMemorySegment(Widths.HALF_FLOAT, src, srcOffset + 4L * i, ORDER);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      ((DoubleVector) x.convertShape(VectorOperators.F2D, Widths.DOUBLE, 0))
          .intoMemorySegment(dst, dstOffset + 8L * i, ORDER);
    }
    return i;
  }

  private static int doublesToFloats(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count,
      boolean normalize,
      float mean,
      float std) {
    int half = LANES / 2;
    int i = 0;
    for (; i <= count - half; i += half) {
      FloatVector x =
          (FloatVector)
              DoubleVector.fromMemorySegment(Widths.DOUBLE, src, srcOffset + 8L * i, ORDER)
                  .convertShape(VectorOperators.D2F, Widths.HALF_FLOAT, 0);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      x.intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
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
    int done =
        from == ElementType.UINT8
            ? planarPixels(src, srcOffset, dst, dstOffset, planeBytes, count, normalize, means, stds)
            : planarFloats(src, srcOffset, dst, dstOffset, planeBytes, count, normalize, means, stds);
    planarRange(from, src, srcOffset, dst, dstOffset, planeBytes, done, count, normalize, means, stds);
  }

  private static int planarPixels(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int count,
      boolean normalize,
      float[] means,
      float[] stds) {
    int last = count - (2 * LANES + PIXEL_LANES + 2) / 3;
    int i = 0;
    for (; i <= last; i += LANES) {
      long at = srcOffset + 3L * i;
      IntVector a = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).reinterpretAsInts();
      IntVector b = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).reinterpretAsInts();
      IntVector c = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + 2 * LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).reinterpretAsInts();
      for (int ch = 0; ch < 3; ch++) {
        IntVector from3 = IntVector.fromArray(INTS, PLANAR[ch], 0);
        VectorMask<Integer> inLast = from3.compare(VectorOperators.GE, 2 * LANES);
        // positions wrap at two vectors and at one: both selections read the same table
        IntVector picked =
            from3.and(2 * LANES - 1).selectFrom(a, b).blend(from3.and(LANES - 1).selectFrom(c), inLast);
        FloatVector x = picked.reinterpretAsFloats();
        if (normalize) {
          x = x.sub(means[ch]).div(stds[ch]);
        }
        x.intoMemorySegment(dst, dstOffset + ch * planeBytes + 4L * i, ORDER);
      }
    }
    return i;
  }

  private static int planarFloats(
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int count,
      boolean normalize,
      float[] means,
      float[] stds) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      long at = srcOffset + 12L * i;
      IntVector a = FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).reinterpretAsInts();
      IntVector b = FloatVector.fromMemorySegment(FLOATS, src, at + BYTES, ORDER).reinterpretAsInts();
      IntVector c = FloatVector.fromMemorySegment(FLOATS, src, at + 2 * BYTES, ORDER).reinterpretAsInts();
      for (int ch = 0; ch < 3; ch++) {
        IntVector from3 = IntVector.fromArray(INTS, PLANAR[ch], 0);
        VectorMask<Integer> inLast = from3.compare(VectorOperators.GE, 2 * LANES);
        // positions wrap at two vectors and at one: both selections read the same table
        IntVector picked =
            from3.and(2 * LANES - 1).selectFrom(a, b).blend(from3.and(LANES - 1).selectFrom(c), inLast);
        FloatVector x = picked.reinterpretAsFloats();
        if (normalize) {
          x = x.sub(means[ch]).div(stds[ch]);
        }
        x.intoMemorySegment(dst, dstOffset + ch * planeBytes + 4L * i, ORDER);
      }
    }
    return i;
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
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      long at = srcOffset + 4L * i;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(0.2989f);
      x = x.add(FloatVector.fromMemorySegment(FLOATS, src, at + planeBytes, ORDER).mul(0.587f));
      x = x.add(FloatVector.fromMemorySegment(FLOATS, src, at + 2 * planeBytes, ORDER).mul(0.114f));
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      x.intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    grayRange(src, srcOffset, planeBytes, dst, dstOffset, i, count, normalize, mean, std);
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
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      long at = 4L * i;
      FloatVector.fromMemorySegment(FLOATS, src, srcOffset + at, ORDER)
          .sub(FloatVector.fromMemorySegment(FLOATS, means, at, ORDER))
          .div(FloatVector.fromMemorySegment(FLOATS, stds, at, ORDER))
          .intoMemorySegment(dst, dstOffset + at, ORDER);
    }
    normalizeEachRange(src, srcOffset, means, stds, dst, dstOffset, i, count);
  }

  @Override
  public void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value) {
    if (to != ElementType.FLOAT32) {
      super.fill(to, dst, dstOffset, count, value);
      return;
    }
    FloatVector v = FloatVector.broadcast(FLOATS, value);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      v.intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    for (; i < count; i++) {
      dst.set(FLOAT, dstOffset + 4L * i, value);
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
    int done;
    if (from == ElementType.UINT8) {
      done = verticalPixels4(src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, count);
      done = verticalPixels1(src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, done, count);
    } else {
      done = verticalFloats4(src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, count);
      done = verticalFloats1(src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, done, count);
    }
    if (done < count) {
      verticalRange(from, src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, done, count);
    }
  }

  private static int verticalPixels4(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int i = 0;
    // four vectors a turn: one weight and one loop test for all of them
    for (; i <= count - 3 * LANES - PIXEL_LANES; i += 4 * LANES) {
      long at = srcOffset + i;
      FloatVector f = FloatVector.broadcast(FLOATS, weights[w]);
      FloatVector a = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f);
      FloatVector b = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f);
      FloatVector c = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + 2 * LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f);
      FloatVector d = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + 3 * LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        f = FloatVector.broadcast(FLOATS, weights[w + k]);
        a = a.add(((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f));
        b = b.add(((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f));
        c = c.add(((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + 2 * LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f));
        d = d.add(((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at + 3 * LANES, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(f));
      }
      long out = dstOffset + 4L * i;
      a.intoMemorySegment(dst, out, ORDER);
      b.intoMemorySegment(dst, out + BYTES, ORDER);
      c.intoMemorySegment(dst, out + 2 * BYTES, ORDER);
      d.intoMemorySegment(dst, out + 3 * BYTES, ORDER);
    }
    return i;
  }

  private static int verticalPixels1(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int start,
      int count) {
    int i = start;
    for (; i <= count - PIXEL_LANES; i += LANES) {
      long at = srcOffset + i;
      FloatVector a = ((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(weights[w]);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        a = a.add(((FloatVector) ByteVector.fromMemorySegment(PIXELS, src, at, ORDER).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0).convertShape(VectorOperators.I2F, FLOATS, 0)).mul(weights[w + k]));
      }
      a.intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
  }

  private static int verticalFloats4(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count) {
    int i = 0;
    for (; i <= count - 4 * LANES; i += 4 * LANES) {
      long at = srcOffset + 4L * i;
      FloatVector f = FloatVector.broadcast(FLOATS, weights[w]);
      FloatVector a = FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(f);
      FloatVector b = FloatVector.fromMemorySegment(FLOATS, src, at + BYTES, ORDER).mul(f);
      FloatVector c = FloatVector.fromMemorySegment(FLOATS, src, at + 2 * BYTES, ORDER).mul(f);
      FloatVector d = FloatVector.fromMemorySegment(FLOATS, src, at + 3 * BYTES, ORDER).mul(f);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        f = FloatVector.broadcast(FLOATS, weights[w + k]);
        a = a.add(FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(f));
        b = b.add(FloatVector.fromMemorySegment(FLOATS, src, at + BYTES, ORDER).mul(f));
        c = c.add(FloatVector.fromMemorySegment(FLOATS, src, at + 2 * BYTES, ORDER).mul(f));
        d = d.add(FloatVector.fromMemorySegment(FLOATS, src, at + 3 * BYTES, ORDER).mul(f));
      }
      long out = dstOffset + 4L * i;
      a.intoMemorySegment(dst, out, ORDER);
      b.intoMemorySegment(dst, out + BYTES, ORDER);
      c.intoMemorySegment(dst, out + 2 * BYTES, ORDER);
      d.intoMemorySegment(dst, out + 3 * BYTES, ORDER);
    }
    return i;
  }

  private static int verticalFloats1(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int start,
      int count) {
    int i = start;
    for (; i <= count - LANES; i += LANES) {
      long at = srcOffset + 4L * i;
      FloatVector a = FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(weights[w]);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        a = a.add(FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(weights[w + k]));
      }
      a.intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
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
    float m = normalize ? mean : 0;
    float s = normalize ? std : 1;
    int done =
        taps == 2
            ? blendFinish(src, srcOffset, rowBytes, weights[w], weights[w + 1], dst, dstOffset, count, m, s)
            : sumFinish(src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, count, m, s);
    if (done < count) {
      verticalFinishRange(
          src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, done, count, normalize, mean, std);
    }
  }

  private static int blendFinish(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float w0,
      float w1,
      MemorySegment dst,
      long dstOffset,
      int count,
      float mean,
      float std) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      long at = srcOffset + 4L * i;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(w0).add(FloatVector.fromMemorySegment(FLOATS, src, at + rowBytes, ORDER).mul(w1));
      x.sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
  }

  private static int sumFinish(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int count,
      float mean,
      float std) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      long at = srcOffset + 4L * i;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(weights[w]);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        x = x.add(FloatVector.fromMemorySegment(FLOATS, src, at, ORDER).mul(weights[w + k]));
      }
      x.sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
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
    // a division by 1 and a subtraction of 0 change no bits and cost less than a second set of loops
    float m = normalize ? mean : 0;
    float s = normalize ? std : 1;
    switch (table.lanes() == LANES ? table.window() : 0) {
      case 1 -> {
        if (table.taps() == 2 && table.fullTaps() == 2) {
          blend1(table, src, srcOffset, dst, dstOffset, m, s);
        } else {
          horizontal1(table, src, srcOffset, dst, dstOffset, m, s);
        }
      }
      case 2 -> {
        if (table.taps() == 2 && table.fullTaps() == 2) {
          blend2(table, src, srcOffset, dst, dstOffset, m, s);
        } else {
          horizontal2(table, src, srcOffset, dst, dstOffset, m, s);
        }
      }
      case 4 -> horizontal4(table, src, srcOffset, dst, dstOffset, m, s);
      default -> super.horizontal(table, src, srcOffset, dst, dstOffset, normalize, mean, std);
    }
  }

  /** Two taps in every lane: enlarging. */
  private static void blend1(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    float scale = t.scale();
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = FloatVector.fromMemorySegment(FLOATS, src, in, ORDER).reinterpretAsInts();
      IntVector at0 = IntVector.fromArray(INTS, positions, e);
      IntVector p0 = at0.and(LANES - 1).selectFrom(v);
      IntVector at1 = IntVector.fromArray(INTS, positions, e + LANES);
      IntVector p1 = at1.and(LANES - 1).selectFrom(v);
      FloatVector sum = p0.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
      sum = sum.add(p1.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e + LANES)));
      e += 2 * LANES;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  private static void horizontal1(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    float scale = t.scale();
    int taps = t.taps() * LANES;
    int full = t.fullTaps() * LANES;
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = FloatVector.fromMemorySegment(FLOATS, src, in, ORDER).reinterpretAsInts();
      IntVector at0 = IntVector.fromArray(INTS, positions, e);
      IntVector p0 = at0.and(LANES - 1).selectFrom(v);
      FloatVector sum = p0.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
      for (int k = e + LANES; k < e + full; k += LANES) {
        IntVector at = IntVector.fromArray(INTS, positions, k);
        IntVector p = at.and(LANES - 1).selectFrom(v);
        sum = sum.add(p.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, k)));
      }
      for (int k = e + full; k < e + taps; k += LANES) {
        IntVector at = IntVector.fromArray(INTS, positions, k);
        IntVector p = at.and(LANES - 1).selectFrom(v);
        // lanes with fewer taps keep their sum: adding 0 times another pixel would spread its NaN
        FloatVector more = sum.add(p.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, k)));
        VectorMask<Integer> used = at.compare(VectorOperators.GE, 0);
        sum = sum.reinterpretAsInts().blend(more.reinterpretAsInts(), used).reinterpretAsFloats();
      }
      e += taps;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  /** Two taps in every lane: enlarging. */
  private static void blend2(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    float scale = t.scale();
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = FloatVector.fromMemorySegment(FLOATS, src, in, ORDER).reinterpretAsInts();
      IntVector w = FloatVector.fromMemorySegment(FLOATS, src, in + BYTES, ORDER).reinterpretAsInts();
      IntVector at0 = IntVector.fromArray(INTS, positions, e);
      IntVector p0 = at0.and(2 * LANES - 1).selectFrom(v, w);
      IntVector at1 = IntVector.fromArray(INTS, positions, e + LANES);
      IntVector p1 = at1.and(2 * LANES - 1).selectFrom(v, w);
      FloatVector sum = p0.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
      sum = sum.add(p1.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e + LANES)));
      e += 2 * LANES;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  private static void horizontal2(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    float scale = t.scale();
    int taps = t.taps() * LANES;
    int full = t.fullTaps() * LANES;
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = FloatVector.fromMemorySegment(FLOATS, src, in, ORDER).reinterpretAsInts();
      IntVector w = FloatVector.fromMemorySegment(FLOATS, src, in + BYTES, ORDER).reinterpretAsInts();
      IntVector at0 = IntVector.fromArray(INTS, positions, e);
      IntVector p0 = at0.and(2 * LANES - 1).selectFrom(v, w);
      FloatVector sum = p0.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
      for (int k = e + LANES; k < e + full; k += LANES) {
        IntVector at = IntVector.fromArray(INTS, positions, k);
        IntVector p = at.and(2 * LANES - 1).selectFrom(v, w);
        sum = sum.add(p.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, k)));
      }
      for (int k = e + full; k < e + taps; k += LANES) {
        IntVector at = IntVector.fromArray(INTS, positions, k);
        IntVector p = at.and(2 * LANES - 1).selectFrom(v, w);
        // lanes with fewer taps keep their sum: adding 0 times another pixel would spread its NaN
        FloatVector more = sum.add(p.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, k)));
        VectorMask<Integer> used = at.compare(VectorOperators.GE, 0);
        sum = sum.reinterpretAsInts().blend(more.reinterpretAsInts(), used).reinterpretAsFloats();
      }
      e += taps;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  private static void horizontal4(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    float scale = t.scale();
    int taps = t.taps() * LANES;
    int full = t.fullTaps() * LANES;
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = FloatVector.fromMemorySegment(FLOATS, src, in, ORDER).reinterpretAsInts();
      IntVector w = FloatVector.fromMemorySegment(FLOATS, src, in + BYTES, ORDER).reinterpretAsInts();
      IntVector x = FloatVector.fromMemorySegment(FLOATS, src, in + 2 * BYTES, ORDER).reinterpretAsInts();
      IntVector y = FloatVector.fromMemorySegment(FLOATS, src, in + 3 * BYTES, ORDER).reinterpretAsInts();
      IntVector at0 = IntVector.fromArray(INTS, positions, e);
      IntVector low0 = at0.and(2 * LANES - 1);
      VectorMask<Integer> high0 = at0.and(2 * LANES).compare(VectorOperators.NE, 0);
      IntVector p0 = low0.selectFrom(v, w).blend(low0.selectFrom(x, y), high0);
      FloatVector sum = p0.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
      for (int k = e + LANES; k < e + full; k += LANES) {
        IntVector at = IntVector.fromArray(INTS, positions, k);
        IntVector low = at.and(2 * LANES - 1);
        VectorMask<Integer> high = at.and(2 * LANES).compare(VectorOperators.NE, 0);
        IntVector p = low.selectFrom(v, w).blend(low.selectFrom(x, y), high);
        sum = sum.add(p.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, k)));
      }
      for (int k = e + full; k < e + taps; k += LANES) {
        IntVector at = IntVector.fromArray(INTS, positions, k);
        IntVector low = at.and(2 * LANES - 1);
        VectorMask<Integer> high = at.and(2 * LANES).compare(VectorOperators.NE, 0);
        IntVector p = low.selectFrom(v, w).blend(low.selectFrom(x, y), high);
        // lanes with fewer taps keep their sum: adding 0 times another pixel would spread its NaN
        FloatVector more = sum.add(p.reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, k)));
        VectorMask<Integer> used = at.compare(VectorOperators.GE, 0);
        sum = sum.reinterpretAsInts().blend(more.reinterpretAsInts(), used).reinterpretAsFloats();
      }
      e += taps;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }
}
