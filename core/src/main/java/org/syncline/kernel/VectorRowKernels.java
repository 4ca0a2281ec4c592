/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.B2F;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2B;
import static jdk.incubator.vector.VectorOperators.I2D;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.S2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_I2L;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.array.ElementType;

/**
 * Vector kernels over rows of signals; what it does not override runs scalar.
 *
 * <p>The shape of a kernel: one loop of whole vectors, then the kernel again for the one vector that ends with the row and
 * overlaps the last of the loop (the source is never the destination). Rows shorter than a vector run scalar. What has no
 * fused kernel goes through blocks in L1.
 */
final class VectorRowKernels extends ScalarRowKernels {
  private static final VectorSpecies<Float> F = Widths.FLOAT;
  private static final VectorSpecies<Double> D = Widths.DOUBLE;
  private static final VectorSpecies<Integer> I = Widths.INT;
  private static final VectorSpecies<Long> L = Widths.LONG;
  private static final VectorSpecies<Short> S = Widths.SHORT;
  private static final VectorSpecies<Float> HALF_F = Widths.HALF_FLOAT;
  private static final VectorSpecies<Integer> HALF_I = Widths.HALF_INT;
  private static final VectorSpecies<Short> HALF_S = Widths.HALF_SHORT;
  private static final VectorSpecies<Byte> QUARTER_B = Widths.QUARTER_BYTE;
  private static final int F_LANES = F.length();
  private static final int D_LANES = D.length();
  private static final int S_LANES = S.length();

  /** Lanes of a step that reads bytes: those of F, at 128 bits twice as many. */
  private static final int B_LANES = QUARTER_B.length();

  /** Masks of two lanes are boxed by JDK 25: at 128 bits, kernels that need masks of float64 run scalar. */
  private static final boolean DOUBLE_MASKS = Widths.BITS > 128;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Elements of a block: four blocks of float64 stay in half of a 32 KiB L1. */
  private static final int BLOCK = 512;

  /** 2^52: an integer in the low 32 bits of its significand is this double plus that integer. */
  private static final long MAGIC_BITS = 0x4330000000000000L;

  private static final double MAGIC = 0x1p52;

  /** Blocks of one thread, made once; about 20 KiB that live as long as the thread. */
  private static final class Scratch {
    static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    // a cache line apart from multiples of 4 KiB: no false store-to-load conflicts between blocks
    private final MemorySegment memory = Arena.ofAuto().allocate(4 * (BLOCK * 8 + 64), 64);
    final float[] floats = new float[BLOCK];
    final short[] shorts = new short[BLOCK];
    static final long A = 0;
    static final long B = BLOCK * 8 + 64;
    static final long C = 2 * (BLOCK * 8 + 64);

    /** Belongs to conversions in two steps; A, B and C to their callers. */
    static final long STEP = 3 * (BLOCK * 8 + 64);

    static Scratch get() {
      return OF_THREAD.get();
    }
  }

  @Override
  public void convert(
      ElementType from, MemorySegment src, long srcOffset, ElementType to, MemorySegment dst, long dstOffset, int count) {
    if (from == to || count < B_LANES) {
      super.convert(from, src, srcOffset, to, dst, dstOffset, count);
      return;
    }
    switch (to) {
      case FLOAT32 -> convertToFloat(from, src, srcOffset, dst, dstOffset, count);
      case FLOAT64 -> convertToDouble(from, src, srcOffset, dst, dstOffset, count);
      case FLOAT16, BFLOAT16 -> convertToHalf(from, src, srcOffset, to, dst, dstOffset, count);
      case UINT8 -> convertToByte(from, src, srcOffset, dst, dstOffset, count);
      default -> super.convert(from, src, srcOffset, to, dst, dstOffset, count);
    }
  }

  private void convertToFloat(
      ElementType from, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    switch (from) {
      case BOOL, UINT8 -> uint8ToFloat(src, srcOffset, dst, dstOffset, count);
      case INT8 -> int8ToFloat(src, srcOffset, dst, dstOffset, count);
      case INT16 -> int16ToFloat(src, srcOffset, dst, dstOffset, count);
      case UINT16 -> uint16ToFloat(src, srcOffset, dst, dstOffset, count);
      case INT32 -> int32ToFloat(src, srcOffset, dst, dstOffset, count);
      case UINT32 -> uint32ToFloat(src, srcOffset, dst, dstOffset, count);
      case BFLOAT16 -> bfloat16ToFloat(src, srcOffset, dst, dstOffset, count);
      case FLOAT16 -> float16ToFloat(src, srcOffset, dst, dstOffset, count);
      case FLOAT64 -> doubleToFloat(src, srcOffset, dst, dstOffset, count);
      default -> super.convert(from, src, srcOffset, ElementType.FLOAT32, dst, dstOffset, count);
    }
  }

  private void convertToDouble(
      ElementType from, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    switch (from) {
      case FLOAT32 -> floatToDouble(src, srcOffset, dst, dstOffset, count);
      case INT32 -> int32ToDouble(src, srcOffset, dst, dstOffset, count);
      case UINT32 -> uint32ToDouble(src, srcOffset, dst, dstOffset, count);
      case INT64, UINT64 -> super.convert(from, src, srcOffset, ElementType.FLOAT64, dst, dstOffset, count);
      default -> {
        // 8 and 16 bits are exact in float32
        MemorySegment block = Scratch.get().memory;
        for (int i = 0; i < count; i += BLOCK) {
          int n = Math.min(BLOCK, count - i);
          convert(from, src, srcOffset + (long) i * from.bytes(), ElementType.FLOAT32, block, Scratch.STEP, n);
          convert(ElementType.FLOAT32, block, Scratch.STEP, ElementType.FLOAT64, dst, dstOffset + i * 8L, n);
        }
      }
    }
  }

  private void convertToHalf(
      ElementType from, MemorySegment src, long srcOffset, ElementType to, MemorySegment dst, long dstOffset, int count) {
    if (from == ElementType.FLOAT32) {
      if (to == ElementType.FLOAT16) {
        floatToFloat16(src, srcOffset, dst, dstOffset, count);
      } else {
        floatToBfloat16(src, srcOffset, dst, dstOffset, count);
      }
      return;
    }
    boolean exact = from.bytes() <= 2;
    if (!exact && from != ElementType.FLOAT64) {
      super.convert(from, src, srcOffset, to, dst, dstOffset, count);
      return;
    }
    MemorySegment block = Scratch.get().memory;
    for (int i = 0; i < count; i += BLOCK) {
      int n = Math.min(BLOCK, count - i);
      long at = srcOffset + (long) i * from.bytes();
      if (exact) {
        convert(from, src, at, ElementType.FLOAT32, block, Scratch.STEP, n);
      } else {
        doubleToOddFloat(src, at, block, Scratch.STEP, n);
      }
      convert(ElementType.FLOAT32, block, Scratch.STEP, to, dst, dstOffset + i * 2L, n);
    }
  }

  private void convertToByte(
      ElementType from, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    if (from == ElementType.FLOAT32 && Widths.BITS > 128) {
      floatToUint8(src, srcOffset, dst, dstOffset, count);
    } else {
      super.convert(from, src, srcOffset, ElementType.UINT8, dst, dstOffset, count);
    }
  }

  @Override
  public void finish(RowFinish f, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int count) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      convert(f.from(), src, srcOffset, f.to(), dst, dstOffset, count);
    } else if (count < B_LANES) {
      super.finish(f, src, srcOffset, dst, dstOffset, count);
    } else if (f.from() == f.compute() && f.to() == f.compute()) {
      normalize(f, 0, src, srcOffset, dst, dstOffset, count);
    } else {
      for (int i = 0; i < count; i += BLOCK) {
        int n = Math.min(BLOCK, count - i);
        finishBlock(f, i, src, srcOffset + (long) i * f.from().bytes(), dst, dstOffset + (long) i * f.to().bytes(), n);
      }
    }
  }

  /** Finishes columns {@code first} to {@code first + n}, at most a block of them. */
  private void finishBlock(
      RowFinish f, int first, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int n) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      convert(f.from(), src, srcOffset, f.to(), dst, dstOffset, n);
      return;
    }
    ElementType compute = f.compute();
    MemorySegment block = Scratch.get().memory;
    MemorySegment in = src;
    long inOffset = srcOffset;
    if (f.from() != compute) {
      convert(f.from(), src, srcOffset, compute, block, Scratch.A, n);
      in = block;
      inOffset = Scratch.A;
    }
    finishComputed(f, first, in, inOffset, dst, dstOffset, n);
  }

  /** Like {@link #finishBlock} where the source has the compute type already; uses block B. */
  private void finishComputed(
      RowFinish f, int first, MemorySegment in, long inOffset, MemorySegment dst, long dstOffset, int n) {
    ElementType compute = f.compute();
    if (f.normalization() == RowFinish.Mode.NONE) {
      convert(compute, in, inOffset, f.to(), dst, dstOffset, n);
    } else if (f.to() == compute) {
      normalize(f, first, in, inOffset, dst, dstOffset, n);
    } else {
      MemorySegment block = Scratch.get().memory;
      normalize(f, first, in, inOffset, block, Scratch.B, n);
      convert(compute, block, Scratch.B, f.to(), dst, dstOffset, n);
    }
  }

  private void normalize(
      RowFinish f, int first, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int n) {
    boolean doubles = f.compute() == ElementType.FLOAT64;
    if (n < F_LANES) {
      normalizeScalar(f, first, src, srcOffset, dst, dstOffset, n);
    } else if (f.normalization() == RowFinish.Mode.SCALAR) {
      if (doubles) {
        double mean = f.subtract() ? f.means().get(JAVA_DOUBLE_UNALIGNED, 0) : 0;
        normalizeDoubles(src, srcOffset, mean, f.stds().get(JAVA_DOUBLE_UNALIGNED, 0), dst, dstOffset, n);
      } else {
        float mean = f.subtract() ? f.means().get(JAVA_FLOAT_UNALIGNED, 0) : 0;
        normalizeFloats(src, srcOffset, mean, f.stds().get(JAVA_FLOAT_UNALIGNED, 0), dst, dstOffset, n);
      }
    } else {
      long at = (long) first * f.compute().bytes();
      if (doubles && f.subtract()) {
        normalizeDoubleColumns(src, srcOffset, f.means(), f.stds(), at, dst, dstOffset, n);
      } else if (doubles) {
        divideDoubleColumns(src, srcOffset, f.stds(), at, dst, dstOffset, n);
      } else if (f.subtract()) {
        normalizeFloatColumns(src, srcOffset, f.means(), f.stds(), at, dst, dstOffset, n);
      } else {
        divideFloatColumns(src, srcOffset, f.stds(), at, dst, dstOffset, n);
      }
    }
  }

  private static void normalizeScalar(
      RowFinish f, int first, MemorySegment src, long srcOffset, MemorySegment dst, long dstOffset, int n) {
    ElementType t = f.compute();
    for (int i = 0; i < n; i++) {
      long at = (long) i * t.bytes();
      if (t == ElementType.FLOAT64) {
        storeDouble(t, dst, dstOffset + at, normalize(f, loadDouble(t, src, srcOffset + at), first + i));
      } else {
        storeFloat(t, dst, dstOffset + at, normalize(f, loadFloat(t, src, srcOffset + at), first + i));
      }
    }
  }

  @Override
  public void blend(
      RowFinish f,
      MemorySegment src,
      long offset0,
      double w0,
      long offset1,
      double w1,
      MemorySegment dst,
      long dstOffset,
      int count) {
    ElementType from = f.from();
    if (count < B_LANES) {
      super.blend(f, src, offset0, w0, offset1, w1, dst, dstOffset, count);
      return;
    }
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    if (plain && from == ElementType.FLOAT32 && f.to() == ElementType.FLOAT64) {
      blendFloatsToDoubles(src, offset0, w0, src, offset1, w1, dst, dstOffset, count);
    } else if (plain && from == ElementType.FLOAT32 && f.to() == ElementType.FLOAT32) {
      blendFloatsToFloats(src, offset0, w0, src, offset1, w1, dst, dstOffset, count);
    } else if (!plain && from == ElementType.FLOAT32 && f.to() == ElementType.FLOAT64
        && f.normalization() == RowFinish.Mode.COLUMNS) {
      if (f.subtract()) {
        blendAndNormalize(src, offset0, w0, src, offset1, w1, f.means(), f.stds(), 0, dst, dstOffset, count);
      } else {
        blendAndDivide(src, offset0, w0, src, offset1, w1, f.stds(), 0, dst, dstOffset, count);
      }
    } else if (plain && from == ElementType.FLOAT64 && f.to() == ElementType.FLOAT64) {
      blendDoubles(src, offset0, w0, src, offset1, w1, dst, dstOffset, count);
    } else {
      for (int i = 0; i < count; i += BLOCK) {
        int n = Math.min(BLOCK, count - i);
        long at = (long) i * from.bytes();
        long out = dstOffset + (long) i * f.to().bytes();
        blendBlock(f, i, src, offset0 + at, w0, offset1 + at, w1, dst, out, n);
      }
    }
  }

  private void blendBlock(
      RowFinish f,
      int first,
      MemorySegment src,
      long offset0,
      double w0,
      long offset1,
      double w1,
      MemorySegment dst,
      long dstOffset,
      int n) {
    MemorySegment block = Scratch.get().memory;
    ElementType from = f.from();
    if (n < D_LANES) {
      blendScalar(from, src, offset0, w0, offset1, w1, block, n);
    } else if (from == ElementType.FLOAT32) {
      blendFloatsToDoubles(src, offset0, w0, src, offset1, w1, block, Scratch.A, n);
    } else if (from == ElementType.FLOAT64) {
      blendDoubles(src, offset0, w0, src, offset1, w1, block, Scratch.A, n);
    } else {
      // through float64, exact but for 64-bit integers
      convert(from, src, offset0, ElementType.FLOAT64, block, Scratch.B, n);
      convert(from, src, offset1, ElementType.FLOAT64, block, Scratch.C, n);
      blendDoubles(block, Scratch.B, w0, block, Scratch.C, w1, block, Scratch.A, n);
    }
    finishComputed(f, first, block, Scratch.A, dst, dstOffset, n);
  }

  private static void blendScalar(
      ElementType from, MemorySegment src, long offset0, double w0, long offset1, double w1, MemorySegment block, int n) {
    for (int i = 0; i < n; i++) {
      long at = (long) i * from.bytes();
      double v = w0 * loadDouble(from, src, offset0 + at) + w1 * loadDouble(from, src, offset1 + at);
      block.set(JAVA_DOUBLE_UNALIGNED, Scratch.A + i * 8L, v);
    }
  }

  @Override
  public void shiftedNearest(
      RowFinish f,
      MemorySegment src,
      long offset,
      long rowBytes,
      long firstRow,
      long lastRow,
      double time,
      double start,
      double dt,
      boolean round,
      MemorySegment shifts,
      MemorySegment dst,
      long dstOffset,
      int count) {
    ElementType from = f.from();
    if (firstRow == lastRow) {
      finish(f, src, offset, dst, dstOffset, count);
      return;
    }
    if (!DOUBLE_MASKS || lastRow - firstRow > 2 || from.bytes() < 4 || count < B_LANES) {
      super.shiftedNearest(
          f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, round, shifts, dst, dstOffset, count);
      return;
    }
    // "at or above a row" is "above the double before it", which lets both rules share one comparison
    double step1 = round ? firstRow + 0.5 : Math.nextDown((double) (firstRow + 1));
    double step2 = round ? firstRow + 1.5 : Math.nextDown((double) (firstRow + 2));
    long offset1 = offset + rowBytes;
    long offset2 = offset + Math.min(2, lastRow - firstRow) * rowBytes;
    boolean copy = f.normalization() == RowFinish.Mode.NONE && f.to() == from;
    int chunk = copy ? count : BLOCK;
    MemorySegment block = copy ? dst : Scratch.get().memory;
    for (int i = 0; i < count; i += chunk) {
      int n = Math.min(chunk, count - i);
      long at = (long) i * from.bytes();
      long out = copy ? dstOffset : Scratch.C;
      if (n < D_LANES) {
        // the rest of a row: too short for a vector, so one that reaches back into the block before
        int back = D_LANES - n;
        at -= (long) back * from.bytes();
        selectRows(
            from, src, offset + at, offset1 + at, offset2 + at, step1, step2, time, start, dt, shifts, (i - back) * 8L,
            block, out, D_LANES);
        out += (long) back * from.bytes();
      } else {
        selectRows(
            from, src, offset + at, offset1 + at, offset2 + at, step1, step2, time, start, dt, shifts, i * 8L, block, out,
            n);
      }
      if (!copy) {
        finishBlock(f, i, block, out, dst, dstOffset + (long) i * f.to().bytes(), n);
      }
    }
  }

  private static void selectRows(
      ElementType type,
      MemorySegment src,
      long offset0,
      long offset1,
      long offset2,
      double step1,
      double step2,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      long shiftOffset,
      MemorySegment dst,
      long dstOffset,
      int n) {
    if (type.bytes() == 4) {
      select4(src, offset0, offset1, offset2, step1, step2, time, start, dt, shifts, shiftOffset, dst, dstOffset, n);
    } else {
      select8(src, offset0, offset1, offset2, step1, step2, time, start, dt, shifts, shiftOffset, dst, dstOffset, n);
    }
  }

  @Override
  public void shiftedLinear(
      RowFinish f,
      MemorySegment src,
      long offset,
      long rowBytes,
      long firstRow,
      long lastRow,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      MemorySegment dst,
      long dstOffset,
      int count) {
    ElementType from = f.from();
    boolean floats = from == ElementType.FLOAT32;
    if (!DOUBLE_MASKS || lastRow - firstRow > 1 || !floats && from != ElementType.FLOAT64 || count < B_LANES) {
      super.shiftedLinear(f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, shifts, dst, dstOffset, count);
      return;
    }
    boolean plain = f.normalization() == RowFinish.Mode.NONE && f.to() == ElementType.FLOAT64;
    int chunk = plain ? count : BLOCK;
    MemorySegment block = plain ? dst : Scratch.get().memory;
    double second = firstRow + 1;
    double t0 = start + firstRow * dt;
    double t1 = start + second * dt;
    double t2 = start + (firstRow + 2) * dt;
    // the third row may lie past the data where no column needs it
    long offset2 = offset + (lastRow - firstRow + 1) * rowBytes;
    for (int i = 0; i < count; i += chunk) {
      int n = Math.min(chunk, count - i);
      int back = Math.max(0, D_LANES - n);
      int first = i - back;
      long at = (long) first * from.bytes();
      long out = plain ? dstOffset : Scratch.A;
      if (floats) {
        shiftedFloats(
            src, offset + at, offset + rowBytes + at, offset2 + at, second, t0, t1, t2, time, start, dt, shifts, first * 8L,
            block, out, n + back);
      } else {
        shiftedDoubles(
            src, offset + at, offset + rowBytes + at, offset2 + at, second, t0, t1, t2, time, start, dt, shifts, first * 8L,
            block, out, n + back);
      }
      if (!plain) {
        finishComputed(f, i, block, out + back * 8L, dst, dstOffset + (long) i * f.to().bytes(), n);
      }
    }
  }

  @Override
  public boolean hasNaN(ElementType type, MemorySegment src, long offset, int count) {
    return switch (type) {
      case FLOAT32 -> count < F_LANES ? super.hasNaN(type, src, offset, count) : floatsHaveNaN(src, offset, count);
      case FLOAT64 -> count < D_LANES ? super.hasNaN(type, src, offset, count) : doublesHaveNaN(src, offset, count);
      case FLOAT16 -> shortsExceed((short) 0x7c00, type, src, offset, count);
      case BFLOAT16 -> shortsExceed((short) 0x7f80, type, src, offset, count);
      default -> false;
    };
  }

  private boolean shortsExceed(short infinity, ElementType type, MemorySegment src, long offset, int count) {
    return count < S_LANES ? super.hasNaN(type, src, offset, count) : shortsExceed(infinity, src, offset, count);
  }

  @Override
  public int replaceNaN(ElementType type, MemorySegment data, long offset, int count, double value) {
    if (!hasNaN(type, data, offset, count)) {
      return 0;
    }
    int replaced = 0;
    for (int i = 0; i < count; i += F_LANES) {
      int n = Math.min(F_LANES, count - i);
      long at = offset + (long) i * type.bytes();
      if (hasNaN(type, data, at, n)) {
        replaced += super.replaceNaN(type, data, at, n, value);
      }
    }
    return replaced;
  }

  @Override
  public void accumulate(
      ElementType type, MemorySegment src, long offset, MemorySegment sums, MemorySegment counts, int count) {
    if (!DOUBLE_MASKS || count < D_LANES) {
      super.accumulate(type, src, offset, sums, counts, count);
    } else if (type == ElementType.FLOAT32) {
      accumulateFloats(src, offset, sums, counts, count);
    } else if (type == ElementType.FLOAT64) {
      accumulateDoubles(src, offset, sums, counts, count);
    } else {
      super.accumulate(type, src, offset, sums, counts, count);
    }
  }

  @Override
  public void accumulateSquares(
      ElementType type, MemorySegment src, long offset, MemorySegment means, MemorySegment sums, int count) {
    if (!DOUBLE_MASKS || count < D_LANES) {
      super.accumulateSquares(type, src, offset, means, sums, count);
    } else if (type == ElementType.FLOAT32) {
      accumulateFloatSquares(src, offset, means, sums, count);
    } else if (type == ElementType.FLOAT64) {
      accumulateDoubleSquares(src, offset, means, sums, count);
    } else {
      super.accumulateSquares(type, src, offset, means, sums, count);
    }
  }

  // ---- kernels: n is at least one vector ----

  private static void uint8ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % B_LANES;
    for (int i = 0; i < bound; i += B_LANES) {
      long a = s + i;
      long b = d + i * 4L;
      ByteVector bytes = ByteVector.fromMemorySegment(QUARTER_B, src, a, ORDER);
      bytes.convertShape(ZERO_EXTEND_B2I, I, 0).convertShape(I2F, F, 0).reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
      if (Widths.BITS == 128) {
        bytes.convertShape(ZERO_EXTEND_B2I, I, 1).convertShape(I2F, F, 0).reinterpretAsFloats().intoMemorySegment(dst, b + 16, ORDER);
      }
    }
    if (bound < n) {
      uint8ToFloat(src, s + n - B_LANES, dst, d + (n - B_LANES) * 4L, B_LANES);
    }
  }

  private static void int8ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % B_LANES;
    for (int i = 0; i < bound; i += B_LANES) {
      long a = s + i;
      long b = d + i * 4L;
      ByteVector bytes = ByteVector.fromMemorySegment(QUARTER_B, src, a, ORDER);
      bytes.convertShape(B2F, F, 0).reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
      if (Widths.BITS == 128) {
        bytes.convertShape(B2F, F, 1).reinterpretAsFloats().intoMemorySegment(dst, b + 16, ORDER);
      }
    }
    if (bound < n) {
      int8ToFloat(src, s + n - B_LANES, dst, d + (n - B_LANES) * 4L, B_LANES);
    }
  }

  private static void int16ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long a = s + i * 2L;
      long b = d + i * 4L;
      ShortVector shorts = ShortVector.fromMemorySegment(HALF_S, src, a, ORDER);
      shorts.convertShape(S2F, F, 0).reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      int16ToFloat(src, s + (n - F_LANES) * 2L, dst, d + (n - F_LANES) * 4L, F_LANES);
    }
  }

  private static void uint16ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long a = s + i * 2L;
      long b = d + i * 4L;
      ShortVector shorts = ShortVector.fromMemorySegment(HALF_S, src, a, ORDER);
      Vector<Float> v = shorts.convertShape(ZERO_EXTEND_S2I, I, 0).convertShape(I2F, F, 0);
      v.reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      uint16ToFloat(src, s + (n - F_LANES) * 2L, dst, d + (n - F_LANES) * 4L, F_LANES);
    }
  }

  private static void int32ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long a = s + i * 4L;
      long b = d + i * 4L;
      IntVector ints = IntVector.fromMemorySegment(I, src, a, ORDER);
      ints.convertShape(I2F, F, 0).reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      int32ToFloat(src, s + (n - F_LANES) * 4L, dst, d + (n - F_LANES) * 4L, F_LANES);
    }
  }

  private static void uint32ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long a = s + i * 4L;
      long b = d + i * 4L;
      // exact in float64, then rounded once
      Vector<Long> longs = IntVector.fromMemorySegment(HALF_I, src, a, ORDER).convertShape(ZERO_EXTEND_I2L, L, 0);
      DoubleVector v = longs.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC);
      v.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      uint32ToFloat(src, s + (n - D_LANES) * 4L, dst, d + (n - D_LANES) * 4L, D_LANES);
    }
  }

  private static void uint32ToDouble(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long a = s + i * 4L;
      long b = d + i * 8L;
      Vector<Long> longs = IntVector.fromMemorySegment(HALF_I, src, a, ORDER).convertShape(ZERO_EXTEND_I2L, L, 0);
      longs.reinterpretAsLongs().or(MAGIC_BITS).reinterpretAsDoubles().sub(MAGIC).intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      uint32ToDouble(src, s + (n - D_LANES) * 4L, dst, d + (n - D_LANES) * 8L, D_LANES);
    }
  }

  private static void int32ToDouble(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long a = s + i * 4L;
      long b = d + i * 8L;
      IntVector ints = IntVector.fromMemorySegment(HALF_I, src, a, ORDER);
      ints.convertShape(I2D, D, 0).reinterpretAsDoubles().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      int32ToDouble(src, s + (n - D_LANES) * 4L, dst, d + (n - D_LANES) * 8L, D_LANES);
    }
  }

  private static void bfloat16ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long a = s + i * 2L;
      long b = d + i * 4L;
      Vector<Integer> v = ShortVector.fromMemorySegment(HALF_S, src, a, ORDER).convertShape(ZERO_EXTEND_S2I, I, 0);
      v.reinterpretAsInts().lanewise(LSHL, 16).intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      bfloat16ToFloat(src, s + (n - F_LANES) * 2L, dst, d + (n - F_LANES) * 4L, F_LANES);
    }
  }

  private static void floatToBfloat16(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long a = s + i * 4L;
      long b = d + i * 2L;
      IntVector bits = IntVector.fromMemorySegment(I, src, a, ORDER);
      IntVector high = bits.lanewise(LSHR, 16);
      IntVector rounded = bits.add(0x7fff).add(high.and(1)).lanewise(LSHR, 16);
      VectorMask<Integer> nan = bits.and(0x7fffffff).compare(GT, 0x7f800000);
      IntVector v = rounded.blend(high.or(0x40), nan);
      v.convertShape(I2S, HALF_S, 0).reinterpretAsShorts().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      floatToBfloat16(src, s + (n - F_LANES) * 4L, dst, d + (n - F_LANES) * 2L, F_LANES);
    }
  }

  private static void floatToUint8(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long a = s + i * 4L;
      long b = d + i;
      FloatVector v = FloatVector.fromMemorySegment(F, src, a, ORDER);
      VectorMask<Float> nan = v.compare(NE, v);
      // the sum with 2^23 rounds to nearest even and leaves the integer in the low bits
      IntVector ints = v.blend(0, nan).max(0).min(255).add(0x1p23f).reinterpretAsInts().and(0xff);
      ints.convertShape(I2B, QUARTER_B, 0).reinterpretAsBytes().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      floatToUint8(src, s + (n - F_LANES) * 4L, dst, d + n - F_LANES, F_LANES);
    }
  }

  private static void doubleToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long a = s + i * 8L;
      long b = d + i * 4L;
      DoubleVector v = DoubleVector.fromMemorySegment(D, src, a, ORDER);
      v.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      doubleToFloat(src, s + (n - D_LANES) * 8L, dst, d + (n - D_LANES) * 4L, D_LANES);
    }
  }

  private static void floatToDouble(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long a = s + i * 4L;
      long b = d + i * 8L;
      FloatVector v = FloatVector.fromMemorySegment(HALF_F, src, a, ORDER);
      v.convertShape(F2D, D, 0).reinterpretAsDoubles().intoMemorySegment(dst, b, ORDER);
    }
    if (bound < n) {
      floatToDouble(src, s + (n - D_LANES) * 4L, dst, d + (n - D_LANES) * 8L, D_LANES);
    }
  }

  private static void doubleToOddFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    for (int i = 0; i < n; i++) {
      dst.set(JAVA_FLOAT_UNALIGNED, d + i * 4L, oddFloat(src.get(JAVA_DOUBLE_UNALIGNED, s + i * 8L)));
    }
  }

  /** Through arrays: C2 has conversions of float16 for loops over arrays, the Vector API of JDK 25 has none. */
  private static void float16ToFloat(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    Scratch scratch = Scratch.get();
    for (int i = 0; i < n; i += BLOCK) {
      int m = Math.min(BLOCK, n - i);
      MemorySegment.copy(src, JAVA_SHORT_UNALIGNED, s + i * 2L, scratch.shorts, 0, m);
      widen(scratch.shorts, scratch.floats, m);
      MemorySegment.copy(scratch.floats, 0, dst, JAVA_FLOAT_UNALIGNED, d + i * 4L, m);
    }
  }

  private static void floatToFloat16(MemorySegment src, long s, MemorySegment dst, long d, int n) {
    Scratch scratch = Scratch.get();
    for (int i = 0; i < n; i += BLOCK) {
      int m = Math.min(BLOCK, n - i);
      MemorySegment.copy(src, JAVA_FLOAT_UNALIGNED, s + i * 4L, scratch.floats, 0, m);
      narrow(scratch.floats, scratch.shorts, m);
      MemorySegment.copy(scratch.shorts, 0, dst, JAVA_SHORT_UNALIGNED, d + i * 2L, m);
    }
  }

  private static void widen(short[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Float.float16ToFloat(from[i]);
    }
  }

  private static void narrow(float[] from, short[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Float.floatToFloat16(from[i]);
    }
  }

  private static void normalizeFloats(MemorySegment src, long s, float mean, float std, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      FloatVector v = FloatVector.fromMemorySegment(F, src, s + i * 4L, ORDER);
      v.sub(mean).div(std).intoMemorySegment(dst, d + i * 4L, ORDER);
    }
    if (bound < n) {
      long back = (n - F_LANES) * 4L;
      normalizeFloats(src, s + back, mean, std, dst, d + back, F_LANES);
    }
  }

  private static void normalizeFloatColumns(
      MemorySegment src, long s, MemorySegment means, MemorySegment stds, long c, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long at = i * 4L;
      FloatVector mean = FloatVector.fromMemorySegment(F, means, c + at, ORDER);
      FloatVector std = FloatVector.fromMemorySegment(F, stds, c + at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(F, src, s + at, ORDER);
      v.sub(mean).div(std).intoMemorySegment(dst, d + at, ORDER);
    }
    if (bound < n) {
      long back = (n - F_LANES) * 4L;
      normalizeFloatColumns(src, s + back, means, stds, c + back, dst, d + back, F_LANES);
    }
  }

  private static void divideFloatColumns(
      MemorySegment src, long s, MemorySegment stds, long c, MemorySegment dst, long d, int n) {
    int bound = n - n % F_LANES;
    for (int i = 0; i < bound; i += F_LANES) {
      long at = i * 4L;
      FloatVector std = FloatVector.fromMemorySegment(F, stds, c + at, ORDER);
      FloatVector.fromMemorySegment(F, src, s + at, ORDER).div(std).intoMemorySegment(dst, d + at, ORDER);
    }
    if (bound < n) {
      long back = (n - F_LANES) * 4L;
      divideFloatColumns(src, s + back, stds, c + back, dst, d + back, F_LANES);
    }
  }

  private static boolean floatsHaveNaN(MemorySegment src, long s, int n) {
    // infinity minus the magnitude is negative for NaN alone: no masks, which are boxed where they have two lanes
    int bound = n - n % F_LANES;
    IntVector signs = IntVector.zero(I);
    for (int i = 0; i < bound; i += F_LANES) {
      IntVector magnitude = IntVector.fromMemorySegment(I, src, s + i * 4L, ORDER).and(Integer.MAX_VALUE);
      signs = signs.or(IntVector.broadcast(I, 0x7f800000).sub(magnitude));
    }
    return signs.reduceLanes(OR) < 0 || bound < n && floatsHaveNaN(src, s + (n - F_LANES) * 4L, F_LANES);
  }

  private static void normalizeDoubles(MemorySegment src, long s, double mean, double std, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      DoubleVector v = DoubleVector.fromMemorySegment(D, src, s + i * 8L, ORDER);
      v.sub(mean).div(std).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      long back = (n - D_LANES) * 8L;
      normalizeDoubles(src, s + back, mean, std, dst, d + back, D_LANES);
    }
  }

  private static void normalizeDoubleColumns(
      MemorySegment src, long s, MemorySegment means, MemorySegment stds, long c, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long at = i * 8L;
      DoubleVector mean = DoubleVector.fromMemorySegment(D, means, c + at, ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, stds, c + at, ORDER);
      DoubleVector v = DoubleVector.fromMemorySegment(D, src, s + at, ORDER);
      v.sub(mean).div(std).intoMemorySegment(dst, d + at, ORDER);
    }
    if (bound < n) {
      long back = (n - D_LANES) * 8L;
      normalizeDoubleColumns(src, s + back, means, stds, c + back, dst, d + back, D_LANES);
    }
  }

  private static void divideDoubleColumns(
      MemorySegment src, long s, MemorySegment stds, long c, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long at = i * 8L;
      DoubleVector std = DoubleVector.fromMemorySegment(D, stds, c + at, ORDER);
      DoubleVector.fromMemorySegment(D, src, s + at, ORDER).div(std).intoMemorySegment(dst, d + at, ORDER);
    }
    if (bound < n) {
      long back = (n - D_LANES) * 8L;
      divideDoubleColumns(src, s + back, stds, c + back, dst, d + back, D_LANES);
    }
  }

  private static boolean doublesHaveNaN(MemorySegment src, long s, int n) {
    // infinity minus the magnitude is negative for NaN alone: no masks, which are boxed where they have two lanes
    int bound = n - n % D_LANES;
    LongVector signs = LongVector.zero(L);
    for (int i = 0; i < bound; i += D_LANES) {
      LongVector magnitude = LongVector.fromMemorySegment(L, src, s + i * 8L, ORDER).and(Long.MAX_VALUE);
      signs = signs.or(LongVector.broadcast(L, 0x7ff0000000000000L).sub(magnitude));
    }
    return signs.reduceLanes(OR) < 0 || bound < n && doublesHaveNaN(src, s + (n - D_LANES) * 8L, D_LANES);
  }

  private static boolean shortsExceed(short infinity, MemorySegment src, long s, int n) {
    for (int i = 0; i < n; i += S_LANES) {
      // magnitudes above that of infinity are NaN
      ShortVector v = ShortVector.fromMemorySegment(S, src, s + Math.min(i, n - S_LANES) * 2L, ORDER);
      if (v.and((short) 0x7fff).compare(GT, infinity).anyTrue()) {
        return true;
      }
    }
    return false;
  }

  private static void blendFloatsToDoubles(
      MemorySegment a, long s0, double w0, MemorySegment b, long s1, double w1, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, a, s0 + i * 4L, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, b, s1 + i * 4L, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      x0.mul(w0).add(x1.mul(w1)).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      blendFloatsToDoubles(a, s0 + back * 4L, w0, b, s1 + back * 4L, w1, dst, d + back * 8L, D_LANES);
    }
  }

  private static void blendAndNormalize(
      MemorySegment a, long s0, double w0, MemorySegment b, long s1, double w1, MemorySegment means, MemorySegment stds, long c, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, a, s0 + i * 4L, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, b, s1 + i * 4L, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      DoubleVector mean = DoubleVector.fromMemorySegment(D, means, c + i * 8L, ORDER);
      DoubleVector std = DoubleVector.fromMemorySegment(D, stds, c + i * 8L, ORDER);
      x0.mul(w0).add(x1.mul(w1)).sub(mean).div(std).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      blendAndNormalize(a, s0 + back * 4L, w0, b, s1 + back * 4L, w1, means, stds, c + back * 8L, dst, d + back * 8L, D_LANES);
    }
  }

  private static void blendAndDivide(
      MemorySegment a, long s0, double w0, MemorySegment b, long s1, double w1, MemorySegment stds, long c, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, a, s0 + i * 4L, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, b, s1 + i * 4L, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      DoubleVector std = DoubleVector.fromMemorySegment(D, stds, c + i * 8L, ORDER);
      x0.mul(w0).add(x1.mul(w1)).div(std).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      blendAndDivide(a, s0 + back * 4L, w0, b, s1 + back * 4L, w1, stds, c + back * 8L, dst, d + back * 8L, D_LANES);
    }
  }

  private static void blendFloatsToFloats(
      MemorySegment a, long s0, double w0, MemorySegment b, long s1, double w1, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, a, s0 + i * 4L, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, b, s1 + i * 4L, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      DoubleVector v = x0.mul(w0).add(x1.mul(w1));
      v.convertShape(D2F, HALF_F, 0).reinterpretAsFloats().intoMemorySegment(dst, d + i * 4L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      blendFloatsToFloats(a, s0 + back * 4L, w0, b, s1 + back * 4L, w1, dst, d + back * 4L, D_LANES);
    }
  }

  private static void blendDoubles(
      MemorySegment a, long s0, double w0, MemorySegment b, long s1, double w1, MemorySegment dst, long d, int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, a, s0 + i * 8L, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, b, s1 + i * 8L, ORDER);
      x0.mul(w0).add(x1.mul(w1)).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      blendDoubles(a, s0 + back * 8L, w0, b, s1 + back * 8L, w1, dst, d + back * 8L, D_LANES);
    }
  }

  private static void select4(
      MemorySegment src,
      long s0,
      long s1,
      long s2,
      double step1,
      double step2,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      long c,
      MemorySegment dst,
      long d,
      int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long at = i * 4L;
      DoubleVector shift = DoubleVector.fromMemorySegment(D, shifts, c + i * 8L, ORDER);
      DoubleVector q = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
      // the row as a number in float lanes: masks of one lane width cannot be used for another without a slow cast
      FloatVector k =
          DoubleVector.zero(D)
              .blend(1, q.compare(GT, step1))
              .blend(2, q.compare(GT, step2))
              .convertShape(D2F, HALF_F, 0)
              .reinterpretAsFloats();
      FloatVector x0 = FloatVector.fromMemorySegment(HALF_F, src, s0 + at, ORDER);
      FloatVector x1 = FloatVector.fromMemorySegment(HALF_F, src, s1 + at, ORDER);
      FloatVector x2 = FloatVector.fromMemorySegment(HALF_F, src, s2 + at, ORDER);
      x0.blend(x1, k.compare(GT, 0.5f)).blend(x2, k.compare(GT, 1.5f)).intoMemorySegment(dst, d + at, ORDER);
    }
    if (bound < n) {
      long at = (n - D_LANES) * 4L;
      select4(
          src, s0 + at, s1 + at, s2 + at, step1, step2, time, start, dt, shifts, c + (n - D_LANES) * 8L, dst, d + at,
          D_LANES);
    }
  }

  private static void select8(
      MemorySegment src,
      long s0,
      long s1,
      long s2,
      double step1,
      double step2,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      long c,
      MemorySegment dst,
      long d,
      int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long at = i * 8L;
      DoubleVector shift = DoubleVector.fromMemorySegment(D, shifts, c + i * 8L, ORDER);
      DoubleVector q = DoubleVector.broadcast(D, time).sub(shift).sub(start).div(dt);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, src, s0 + at, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, src, s1 + at, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, src, s2 + at, ORDER);
      x0.blend(x1, q.compare(GT, step1)).blend(x2, q.compare(GT, step2)).intoMemorySegment(dst, d + at, ORDER);
    }
    if (bound < n) {
      long at = (n - D_LANES) * 8L;
      select8(
          src, s0 + at, s1 + at, s2 + at, step1, step2, time, start, dt, shifts, c + (n - D_LANES) * 8L, dst, d + at,
          D_LANES);
    }
  }

  private static void shiftedFloats(
      MemorySegment src,
      long s0,
      long s1,
      long s2,
      double second,
      double t0,
      double t1,
      double t2,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      long c,
      MemorySegment dst,
      long d,
      int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long at = i * 4L;
      DoubleVector shift = DoubleVector.fromMemorySegment(D, shifts, c + i * 8L, ORDER);
      DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
      VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
      FloatVector f0 = FloatVector.fromMemorySegment(HALF_F, src, s0 + at, ORDER);
      DoubleVector x0 = f0.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f1 = FloatVector.fromMemorySegment(HALF_F, src, s1 + at, ORDER);
      DoubleVector x1 = f1.convertShape(F2D, D, 0).reinterpretAsDoubles();
      FloatVector f2 = FloatVector.fromMemorySegment(HALF_F, src, s2 + at, ORDER);
      DoubleVector x2 = f2.convertShape(F2D, D, 0).reinterpretAsDoubles();
      DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
      DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
      DoubleVector width = high.sub(low);
      DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
      DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
      v0.add(v1).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      long at = back * 4L;
      shiftedFloats(
          src, s0 + at, s1 + at, s2 + at, second, t0, t1, t2, time, start, dt, shifts, c + back * 8L, dst, d + back * 8L,
          D_LANES);
    }
  }

  private static void shiftedDoubles(
      MemorySegment src,
      long s0,
      long s1,
      long s2,
      double second,
      double t0,
      double t1,
      double t2,
      double time,
      double start,
      double dt,
      MemorySegment shifts,
      long c,
      MemorySegment dst,
      long d,
      int n) {
    int bound = n - n % D_LANES;
    for (int i = 0; i < bound; i += D_LANES) {
      long at = i * 8L;
      DoubleVector shift = DoubleVector.fromMemorySegment(D, shifts, c + i * 8L, ORDER);
      DoubleVector t = DoubleVector.broadcast(D, time).sub(shift);
      VectorMask<Double> late = t.sub(start).div(dt).compare(GE, second);
      DoubleVector x0 = DoubleVector.fromMemorySegment(D, src, s0 + at, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(D, src, s1 + at, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(D, src, s2 + at, ORDER);
      DoubleVector low = DoubleVector.broadcast(D, t0).blend(t1, late);
      DoubleVector high = DoubleVector.broadcast(D, t1).blend(t2, late);
      DoubleVector width = high.sub(low);
      DoubleVector v0 = high.sub(t).div(width).mul(x0.blend(x1, late));
      DoubleVector v1 = t.sub(low).div(width).mul(x1.blend(x2, late));
      v0.add(v1).intoMemorySegment(dst, d + i * 8L, ORDER);
    }
    if (bound < n) {
      int back = n - D_LANES;
      long at = back * 8L;
      shiftedDoubles(
          src, s0 + at, s1 + at, s2 + at, second, t0, t1, t2, time, start, dt, shifts, c + back * 8L, dst, d + back * 8L,
          D_LANES);
    }
  }

  private static void accumulateFloats(MemorySegment src, long s, MemorySegment sums, MemorySegment counts, int n) {
    int bound = D.loopBound(n);
    int i = 0;
    for (; i < bound; i += D_LANES) {
      DoubleVector v =
          FloatVector.fromMemorySegment(HALF_F, src, s + i * 4L, ORDER).convertShape(F2D, D, 0).reinterpretAsDoubles();
      VectorMask<Double> nan = v.compare(NE, v);
      DoubleVector sum = DoubleVector.fromMemorySegment(D, sums, i * 8L, ORDER);
      sum.add(v.blend(0, nan)).intoMemorySegment(sums, i * 8L, ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, counts, i * 8L, ORDER);
      count.add(DoubleVector.broadcast(D, 1).blend(0, nan)).intoMemorySegment(counts, i * 8L, ORDER);
    }
    for (; i < n; i++) {
      double v = loadDouble(ElementType.FLOAT32, src, s + i * 4L);
      if (v == v) {
        long at = i * 8L;
        sums.set(JAVA_DOUBLE_UNALIGNED, at, sums.get(JAVA_DOUBLE_UNALIGNED, at) + v);
        counts.set(JAVA_DOUBLE_UNALIGNED, at, counts.get(JAVA_DOUBLE_UNALIGNED, at) + 1);
      }
    }
  }

  private static void accumulateFloatSquares(MemorySegment src, long s, MemorySegment means, MemorySegment sums, int n) {
    int bound = D.loopBound(n);
    int i = 0;
    for (; i < bound; i += D_LANES) {
      DoubleVector v =
          FloatVector.fromMemorySegment(HALF_F, src, s + i * 4L, ORDER).convertShape(F2D, D, 0).reinterpretAsDoubles();
      VectorMask<Double> nan = v.compare(NE, v);
      DoubleVector deviation = v.sub(DoubleVector.fromMemorySegment(D, means, i * 8L, ORDER));
      DoubleVector sum = DoubleVector.fromMemorySegment(D, sums, i * 8L, ORDER);
      sum.add(deviation.mul(deviation).blend(0, nan)).intoMemorySegment(sums, i * 8L, ORDER);
    }
    for (; i < n; i++) {
      double v = loadDouble(ElementType.FLOAT32, src, s + i * 4L);
      if (v == v) {
        long at = i * 8L;
        double deviation = v - means.get(JAVA_DOUBLE_UNALIGNED, at);
        sums.set(JAVA_DOUBLE_UNALIGNED, at, sums.get(JAVA_DOUBLE_UNALIGNED, at) + deviation * deviation);
      }
    }
  }

  private static void accumulateDoubles(MemorySegment src, long s, MemorySegment sums, MemorySegment counts, int n) {
    int bound = D.loopBound(n);
    int i = 0;
    for (; i < bound; i += D_LANES) {
      DoubleVector v =
          DoubleVector.fromMemorySegment(D, src, s + i * 8L, ORDER);
      VectorMask<Double> nan = v.compare(NE, v);
      DoubleVector sum = DoubleVector.fromMemorySegment(D, sums, i * 8L, ORDER);
      sum.add(v.blend(0, nan)).intoMemorySegment(sums, i * 8L, ORDER);
      DoubleVector count = DoubleVector.fromMemorySegment(D, counts, i * 8L, ORDER);
      count.add(DoubleVector.broadcast(D, 1).blend(0, nan)).intoMemorySegment(counts, i * 8L, ORDER);
    }
    for (; i < n; i++) {
      double v = loadDouble(ElementType.FLOAT64, src, s + i * 8L);
      if (v == v) {
        long at = i * 8L;
        sums.set(JAVA_DOUBLE_UNALIGNED, at, sums.get(JAVA_DOUBLE_UNALIGNED, at) + v);
        counts.set(JAVA_DOUBLE_UNALIGNED, at, counts.get(JAVA_DOUBLE_UNALIGNED, at) + 1);
      }
    }
  }

  private static void accumulateDoubleSquares(MemorySegment src, long s, MemorySegment means, MemorySegment sums, int n) {
    int bound = D.loopBound(n);
    int i = 0;
    for (; i < bound; i += D_LANES) {
      DoubleVector v =
          DoubleVector.fromMemorySegment(D, src, s + i * 8L, ORDER);
      VectorMask<Double> nan = v.compare(NE, v);
      DoubleVector deviation = v.sub(DoubleVector.fromMemorySegment(D, means, i * 8L, ORDER));
      DoubleVector sum = DoubleVector.fromMemorySegment(D, sums, i * 8L, ORDER);
      sum.add(deviation.mul(deviation).blend(0, nan)).intoMemorySegment(sums, i * 8L, ORDER);
    }
    for (; i < n; i++) {
      double v = loadDouble(ElementType.FLOAT64, src, s + i * 8L);
      if (v == v) {
        long at = i * 8L;
        double deviation = v - means.get(JAVA_DOUBLE_UNALIGNED, at);
        sums.set(JAVA_DOUBLE_UNALIGNED, at, sums.get(JAVA_DOUBLE_UNALIGNED, at) + deviation * deviation);
      }
    }
  }
}
