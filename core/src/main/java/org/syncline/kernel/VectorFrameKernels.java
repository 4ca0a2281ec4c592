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
 * <p>Widths: {@link Widths}. No fused multiply-add: the scalar kernels could not follow it on machines without one.
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

  // element 3 * lane + channel of three vectors a, b, c: its place in (a, b), and whether it lies in c
  private static final int[][] PLANAR = new int[3][LANES];
  private static final boolean[][] PLANAR_LAST = new boolean[3][LANES];

  static {
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < LANES; i++) {
        PLANAR[c][i] = 3 * i + c;
        PLANAR_LAST[c][i] = 3 * i + c >= 2 * LANES;
      }
    }
  }

  VectorFrameKernels() {}

  @Override
  public int lanes() {
    return LANES;
  }

  private static FloatVector pixels(MemorySegment s, long offset) {
    return (FloatVector)
        ByteVector.fromMemorySegment(PIXELS, s, offset, ORDER)
            .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0)
            .convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  private static FloatVector floats(MemorySegment s, long offset) {
    return FloatVector.fromMemorySegment(FLOATS, s, offset, ORDER);
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
      pixels(src, srcOffset + i).sub(m).div(s).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
    }
    return i;
  }

  private static int pixelsToFloats(MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    int i = 0;
    for (; i <= count - PIXEL_LANES; i += LANES) {
      pixels(src, srcOffset + i).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
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
      FloatVector x = pixels(src, srcOffset + i);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      half(x).intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
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
      FloatVector x = pixels(src, srcOffset + i);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      brain(x).intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
    }
    return i;
  }

  private static int floatsNormalized(
      MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count, float mean, float std) {
    FloatVector m = FloatVector.broadcast(FLOATS, mean);
    FloatVector s = FloatVector.broadcast(FLOATS, std);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      floats(src, srcOffset + 4L * i).sub(m).div(s).intoMemorySegment(dst, dstOffset + 4L * i, ORDER);
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
      FloatVector x = floats(src, srcOffset + 4L * i);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      half(x).intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
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
      FloatVector x = floats(src, srcOffset + 4L * i);
      if (normalize) {
        x = x.sub(mean).div(std);
      }
      brain(x).intoMemorySegment(dst, dstOffset + 2L * i, ORDER);
    }
    return i;
  }

  /** Rounds to float16 in integer arithmetic: the Vector API of JDK 25 has no lanes of 16-bit floats. */
  private static ShortVector half(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector sign = bits.and(0x80000000);
    IntVector abs = bits.and(0x7fffffff);
    // normal results: rebias the exponent, add just under half a unit and the parity of the last kept bit
    IntVector odd = abs.lanewise(VectorOperators.LSHR, 13).and(1);
    IntVector normal = abs.add(((15 - 127) << 23) + 0xfff).add(odd).lanewise(VectorOperators.LSHR, 13);
    // subnormal results: the float addition aligns and rounds
    float magic = Float.intBitsToFloat(((127 - 15) + (23 - 10) + 1) << 23);
    IntVector small = abs.reinterpretAsFloats().add(magic).reinterpretAsInts().sub(Float.floatToRawIntBits(magic));
    IntVector out = normal.blend(small, abs.compare(VectorOperators.LT, 113 << 23));
    out = out.blend(0x7c00, abs.compare(VectorOperators.GE, (127 + 16) << 23));
    out = out.or(sign.lanewise(VectorOperators.LSHR, 16));
    out = out.blend(0x7e00, abs.compare(VectorOperators.GT, 0x7f800000));
    return (ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0);
  }

  private static ShortVector brain(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    IntVector out = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
    out = out.blend(0x7fc0, bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000));
    return (ShortVector) out.convertShape(VectorOperators.I2S, HALVES, 0);
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
      FloatVector x = floats(src, srcOffset + 4L * i);
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
      IntVector a = pixels(src, at).reinterpretAsInts();
      IntVector b = pixels(src, at + LANES).reinterpretAsInts();
      IntVector c = pixels(src, at + 2 * LANES).reinterpretAsInts();
      for (int ch = 0; ch < 3; ch++) {
        FloatVector x = plane(a, b, c, ch);
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
      IntVector a = floats(src, at).reinterpretAsInts();
      IntVector b = floats(src, at + BYTES).reinterpretAsInts();
      IntVector c = floats(src, at + 2 * BYTES).reinterpretAsInts();
      for (int ch = 0; ch < 3; ch++) {
        FloatVector x = plane(a, b, c, ch);
        if (normalize) {
          x = x.sub(means[ch]).div(stds[ch]);
        }
        x.intoMemorySegment(dst, dstOffset + ch * planeBytes + 4L * i, ORDER);
      }
    }
    return i;
  }

  private static FloatVector plane(IntVector a, IntVector b, IntVector c, int ch) {
    IntVector at = IntVector.fromArray(INTS, PLANAR[ch], 0);
    VectorMask<Integer> inLast = VectorMask.fromArray(INTS, PLANAR_LAST[ch], 0);
    // positions wrap at two vectors and at one: both selections read the same table
    return at.selectFrom(a, b).blend(at.and(LANES - 1).selectFrom(c), inLast).reinterpretAsFloats();
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
      FloatVector x = floats(src, at).mul(0.2989f);
      x = x.add(floats(src, at + planeBytes).mul(0.587f));
      x = x.add(floats(src, at + 2 * planeBytes).mul(0.114f));
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
      floats(src, srcOffset + at)
          .sub(floats(means, at))
          .div(floats(stds, at))
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
      FloatVector a = pixels(src, at).mul(f);
      FloatVector b = pixels(src, at + LANES).mul(f);
      FloatVector c = pixels(src, at + 2 * LANES).mul(f);
      FloatVector d = pixels(src, at + 3 * LANES).mul(f);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        f = FloatVector.broadcast(FLOATS, weights[w + k]);
        a = a.add(pixels(src, at).mul(f));
        b = b.add(pixels(src, at + LANES).mul(f));
        c = c.add(pixels(src, at + 2 * LANES).mul(f));
        d = d.add(pixels(src, at + 3 * LANES).mul(f));
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
      FloatVector a = pixels(src, at).mul(weights[w]);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        a = a.add(pixels(src, at).mul(weights[w + k]));
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
      FloatVector a = floats(src, at).mul(f);
      FloatVector b = floats(src, at + BYTES).mul(f);
      FloatVector c = floats(src, at + 2 * BYTES).mul(f);
      FloatVector d = floats(src, at + 3 * BYTES).mul(f);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        f = FloatVector.broadcast(FLOATS, weights[w + k]);
        a = a.add(floats(src, at).mul(f));
        b = b.add(floats(src, at + BYTES).mul(f));
        c = c.add(floats(src, at + 2 * BYTES).mul(f));
        d = d.add(floats(src, at + 3 * BYTES).mul(f));
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
      FloatVector a = floats(src, at).mul(weights[w]);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        a = a.add(floats(src, at).mul(weights[w + k]));
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
      FloatVector x = floats(src, at).mul(w0).add(floats(src, at + rowBytes).mul(w1));
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
      FloatVector x = floats(src, at).mul(weights[w]);
      for (int k = 1; k < taps; k++) {
        at += rowBytes;
        x = x.add(floats(src, at).mul(weights[w + k]));
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
      case 1 -> horizontal1(table, src, srcOffset, dst, dstOffset, m, s);
      case 2 -> horizontal2(table, src, srcOffset, dst, dstOffset, m, s);
      case 4 -> horizontal4(table, src, srcOffset, dst, dstOffset, m, s);
      default -> super.horizontal(table, src, srcOffset, dst, dstOffset, normalize, mean, std);
    }
  }

  private static void horizontal1(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    int taps = t.taps();
    int full = t.fullTaps();
    float scale = t.scale();
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = floats(src, in).reinterpretAsInts();
      FloatVector sum = tap1(positions, weights, e, v);
      // straight code for the usual counts: loops of two or three turns cost more than their bodies
      if (taps > 1) {
        sum = add(sum, tap1(positions, weights, e + LANES, v), positions, e + LANES, full > 1);
      }
      if (taps > 2) {
        sum = add(sum, tap1(positions, weights, e + 2 * LANES, v), positions, e + 2 * LANES, full > 2);
      }
      if (taps > 3) {
        sum = add(sum, tap1(positions, weights, e + 3 * LANES, v), positions, e + 3 * LANES, full > 3);
      }
      for (int k = 4; k < taps; k++) {
        sum = add(sum, tap1(positions, weights, e + k * LANES, v), positions, e + k * LANES, full > k);
      }
      e += taps * LANES;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  private static FloatVector tap1(int[] positions, float[] weights, int e, IntVector v) {
    IntVector at = IntVector.fromArray(INTS, positions, e);
    return at.and(LANES - 1).selectFrom(v).reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
  }

  private static void horizontal2(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    int taps = t.taps();
    int full = t.fullTaps();
    float scale = t.scale();
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = floats(src, in).reinterpretAsInts();
      IntVector w = floats(src, in + BYTES).reinterpretAsInts();
      FloatVector sum = tap2(positions, weights, e, v, w);
      // straight code for the usual counts: loops of two or three turns cost more than their bodies
      if (taps > 1) {
        sum = add(sum, tap2(positions, weights, e + LANES, v, w), positions, e + LANES, full > 1);
      }
      if (taps > 2) {
        sum = add(sum, tap2(positions, weights, e + 2 * LANES, v, w), positions, e + 2 * LANES, full > 2);
      }
      if (taps > 3) {
        sum = add(sum, tap2(positions, weights, e + 3 * LANES, v, w), positions, e + 3 * LANES, full > 3);
      }
      for (int k = 4; k < taps; k++) {
        sum = add(sum, tap2(positions, weights, e + k * LANES, v, w), positions, e + k * LANES, full > k);
      }
      e += taps * LANES;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  private static FloatVector tap2(int[] positions, float[] weights, int e, IntVector v, IntVector w) {
    IntVector at = IntVector.fromArray(INTS, positions, e);
    return at.and(2 * LANES - 1).selectFrom(v, w).reinterpretAsFloats().mul(FloatVector.fromArray(FLOATS, weights, e));
  }

  private static void horizontal4(
      ResampleTable t, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, float mean, float std) {
    int[] outputs = t.outputs();
    int[] bases = t.bases();
    int[] positions = t.positions();
    float[] weights = t.weights();
    int taps = t.taps();
    int full = t.fullTaps();
    float scale = t.scale();
    int e = 0;
    for (int b = 0; b < outputs.length; b++) {
      long in = srcOffset + 4L * bases[b];
      IntVector v = floats(src, in).reinterpretAsInts();
      IntVector w = floats(src, in + BYTES).reinterpretAsInts();
      IntVector x = floats(src, in + 2 * BYTES).reinterpretAsInts();
      IntVector y = floats(src, in + 3 * BYTES).reinterpretAsInts();
      FloatVector sum = tap4(positions, weights, e, v, w, x, y);
      // straight code for the usual counts: loops of two or three turns cost more than their bodies
      if (taps > 1) {
        sum = add(sum, tap4(positions, weights, e + LANES, v, w, x, y), positions, e + LANES, full > 1);
      }
      if (taps > 2) {
        sum = add(sum, tap4(positions, weights, e + 2 * LANES, v, w, x, y), positions, e + 2 * LANES, full > 2);
      }
      if (taps > 3) {
        sum = add(sum, tap4(positions, weights, e + 3 * LANES, v, w, x, y), positions, e + 3 * LANES, full > 3);
      }
      for (int k = 4; k < taps; k++) {
        sum = add(sum, tap4(positions, weights, e + k * LANES, v, w, x, y), positions, e + k * LANES, full > k);
      }
      e += taps * LANES;
      sum.mul(scale).sub(mean).div(std).intoMemorySegment(dst, dstOffset + 4L * outputs[b], ORDER);
    }
  }

  private static FloatVector tap4(int[] positions, float[] weights, int e, IntVector v, IntVector w, IntVector x, IntVector y) {
    IntVector at = IntVector.fromArray(INTS, positions, e);
    return select(at, v, w, x, y).mul(FloatVector.fromArray(FLOATS, weights, e));
  }

  private static FloatVector add(FloatVector sum, FloatVector term, int[] positions, int e, boolean allLanes) {
    FloatVector more = sum.add(term);
    if (allLanes) {
      return more;
    }
    VectorMask<Integer> used = IntVector.fromArray(INTS, positions, e).compare(VectorOperators.GE, 0);
    return sum.reinterpretAsInts().blend(more.reinterpretAsInts(), used).reinterpretAsFloats();
  }

  private static FloatVector select(IntVector at, IntVector v, IntVector w, IntVector x, IntVector y) {
    IntVector low = at.and(2 * LANES - 1);
    VectorMask<Integer> high = at.and(2 * LANES).compare(VectorOperators.NE, 0);
    return low.selectFrom(v, w).blend(low.selectFrom(x, y), high).reinterpretAsFloats();
  }
}
