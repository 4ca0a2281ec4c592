/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/**
 * Vector kernels over rows of signals; what it does not override runs scalar.
 *
 * <p>The public methods check each range once; everything after them works on absolute addresses,
 * see {@link Addresses}. Rows shorter than a vector run scalar. What has no fused kernel goes
 * through blocks in L1; the last block of a row is never shorter than a vector, it overlaps the one
 * before instead (the source is never the destination).
 */
final class VectorRowKernels extends ScalarRowKernels {
  private static final int F_LANES = Widths.FLOAT.length();
  private static final int D_LANES = Widths.DOUBLE.length();
  private static final int S_LANES = Widths.SHORT.length();

  /**
   * Lanes of a step that reads bytes, the longest step: those of float32, at 128 bits twice as
   * many.
   */
  private static final int B_LANES = Widths.QUARTER_BYTE.length();

  private static final boolean DOUBLE_MASKS = VectorBits.DOUBLE_MASKS;

  /**
   * At 128 bits a conversion of bytes changes the number of lanes, and what HotSpot makes of that
   * depends on what ran before: it may box every vector. There, rows of bytes run scalar.
   */
  private static final boolean BYTES = Widths.BITS > 128;

  /** Elements of a block: four blocks of float64 stay in half of a 32 KiB L1. */
  private static final int BLOCK = 512;

  /** Elements that are searched for NaN, then replaced while they are in L1. */
  private static final int SEARCHED = 2048;

  /** Bytes from which on the JDK's copy is as fast, its call included. */
  private static final int LONG_COPY = 4096;

  private static final ElementType F32 = ElementType.FLOAT32;
  private static final ElementType F64 = ElementType.FLOAT64;

  /** The address of zeros, a vector of them. */
  private static final long ZEROS = Arena.global().allocate(64, 64).address();

  /** Blocks of one thread, made once; about 20 KiB that live as long as the thread. */
  private static final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    // a cache line apart from multiples of 4 KiB: no false store-to-load conflicts between blocks
    private static final long BLOCK_BYTES = BLOCK * 8 + 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(4 * BLOCK_BYTES + 2 * 64, 64);
    final float[] floats = new float[BLOCK];
    final short[] shorts = new short[BLOCK];
    final long a = memory.address();
    final long b = a + BLOCK_BYTES;
    final long c = b + BLOCK_BYTES;

    /** Belongs to conversions in two steps; a, b and c to their callers. */
    final long step = c + BLOCK_BYTES;

    /** Room for a vector of equal means and one of equal standard deviations. */
    final long mean = step + BLOCK_BYTES;

    final long std = mean + 64;

    static Scratch get() {
      return OF_THREAD.get();
    }
  }

  // ---- conversion ----

  @Override
  public void convert(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    long a = Addresses.of(src, srcOffset, (long) count * from.bytes());
    long b = Addresses.writable(dst, dstOffset, (long) count * to.bytes());
    convert(from, a, to, b, count);
  }

  private void convert(ElementType from, long a, ElementType to, long b, int n) {
    if (from == to || n < B_LANES || !BYTES && from.bytes() == 1) {
      scalar(from, a, to, b, n);
    } else {
      convertLong(from, a, to, b, n);
    }
  }

  /**
   * Converts a long row, or for the warm-up an empty one between aligned addresses, which counts as
   * a call of the kernel.
   */
  void convertLong(ElementType from, long a, ElementType to, long b, int n) {
    switch (to) {
      case FLOAT32 -> convertToFloat(from, a, b, n);
      case FLOAT64 -> convertToDouble(from, a, b, n);
      case FLOAT16, BFLOAT16 -> convertToHalf(from, a, to, b, n);
      case UINT8 -> {
        if (from == F32 && Widths.BITS > 128) {
          RowConversions.floatToUint8(a, b, n);
        } else {
          scalar(from, a, to, b, n);
        }
      }
      default -> scalar(from, a, to, b, n);
    }
  }

  private void scalar(ElementType from, long a, ElementType to, long b, int n) {
    super.convert(from, ALL, a, to, ALL, b, n);
  }

  private void convertToFloat(ElementType from, long a, long b, int n) {
    switch (from) {
      case BOOL, UINT8 -> RowConversions.uint8ToFloat(a, b, n);
      case INT8 -> RowConversions.int8ToFloat(a, b, n);
      case INT16 -> RowConversions.int16ToFloat(a, b, n);
      case UINT16 -> RowConversions.uint16ToFloat(a, b, n);
      case INT32 -> RowConversions.int32ToFloat(a, b, n);
      case UINT32 -> RowConversions.uint32ToFloat(a, b, n);
      case BFLOAT16 -> RowConversions.bfloat16ToFloat(a, b, n);
      case FLOAT16 -> RowConversions.float16ToFloat(a, b, n);
      case FLOAT64 -> RowConversions.doubleToFloat(a, b, n);
      default -> scalar(from, a, F32, b, n);
    }
  }

  private void convertToDouble(ElementType from, long a, long b, int n) {
    switch (from) {
      case FLOAT32 -> RowConversions.floatToDouble(a, b, n);
      case INT32 -> RowConversions.int32ToDouble(a, b, n);
      case UINT32 -> RowConversions.uint32ToDouble(a, b, n);
      case INT64, UINT64 -> scalar(from, a, F64, b, n);
      default -> {
        // 8 and 16 bits are exact in float32
        long step = Scratch.get().step;
        for (int i = 0; i < n; i += BLOCK) {
          int k = Math.min(i, n - B_LANES);
          int m = Math.min(BLOCK, n - k);
          convertToFloat(from, a + (long) k * from.bytes(), step, m);
          RowConversions.floatToDouble(step, b + k * 8L, m);
        }
      }
    }
  }

  private void convertToHalf(ElementType from, long a, ElementType to, long b, int n) {
    if (from == F32) {
      floatToHalf(a, to, b, n);
      return;
    }
    boolean exact = from.bytes() <= 2;
    if (!exact && from != F64) {
      scalar(from, a, to, b, n);
      return;
    }
    long step = Scratch.get().step;
    for (int i = 0; i < n; i += BLOCK) {
      int k = Math.min(i, n - B_LANES);
      int m = Math.min(BLOCK, n - k);
      long at = a + (long) k * from.bytes();
      if (exact) {
        convertToFloat(from, at, step, m);
      } else {
        doubleToOddFloat(at, step, m);
      }
      floatToHalf(step, to, b + k * 2L, m);
    }
  }

  private static void floatToHalf(long a, ElementType to, long b, int n) {
    if (to == ElementType.FLOAT16) {
      floatToFloat16(a, b, n);
    } else {
      RowConversions.floatToBfloat16(a, b, n);
    }
  }

  private static void doubleToOddFloat(long a, long b, int n) {
    for (int i = 0; i < n; i++) {
      ALL.set(
          JAVA_FLOAT_UNALIGNED, b + i * 4L, oddFloat(ALL.get(JAVA_DOUBLE_UNALIGNED, a + i * 8L)));
    }
  }

  /**
   * Through arrays: C2 has conversions of float16 for loops over arrays, the Vector API of JDK 25
   * has none.
   */
  private static void floatToFloat16(long a, long b, int n) {
    Scratch scratch = Scratch.get();
    for (int i = 0; i < n; i += BLOCK) {
      int m = Math.min(BLOCK, n - i);
      MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, a + i * 4L, scratch.floats, 0, m);
      narrow(scratch.floats, scratch.shorts, m);
      MemorySegment.copy(scratch.shorts, 0, ALL, JAVA_SHORT_UNALIGNED, b + i * 2L, m);
    }
  }

  private static void narrow(float[] from, short[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Float.floatToFloat16(from[i]);
    }
  }

  // ---- normalisation ----

  @Override
  public void finish(
      RowFinish f,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count) {
    long a = Addresses.of(src, srcOffset, (long) count * f.from().bytes());
    long b = Addresses.writable(dst, dstOffset, (long) count * f.to().bytes());
    finish(f, a, b, count);
  }

  private void finish(RowFinish f, long a, long b, int n) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      convert(f.from(), a, f.to(), b, n);
    } else if (n < B_LANES || !BYTES && f.from().bytes() == 1) {
      super.finish(f, ALL, a, ALL, b, n);
    } else {
      normalizeLong(f, a, b, n);
    }
  }

  @Override
  public void finishRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (n == 0 || count == 0) {
      return;
    }
    long rowBytes = (long) count * f.from().bytes();
    long a = addressOfRows(src, rows, n, 1, rowBytes);
    long b = Addresses.writable(dst, dstOffset, (long) n * count * f.to().bytes());
    if (f.normalization() == RowFinish.Mode.COLUMNS) {
      normalizeRows(f, a, rows, n, b, count);
    } else if (isRun(rows, n)) {
      finishRuns(f, a, rows, n, b, count);
    } else if (count < B_LANES && normalizesShortRows(f)) {
      normalizeShortRows(f, a, rows, n, b, count);
    } else if (f.normalization() == RowFinish.Mode.NONE
        && f.from() == f.to()
        && rowBytes < LONG_COPY) {
      copyRows(a, rows, n, (int) rowBytes, b);
    } else {
      finishRuns(f, a, rows, n, b, count);
    }
  }

  private static void copyRows(long a, long[] rows, int n, int rowBytes, long b) {
    if (rowBytes < RowGathers.V) {
      ShortRows.copy(a, rows, n, rowBytes, b);
    } else if (rowBytes < 4 * RowGathers.V) {
      RowGathers.copyShort(a, rows, n, rowBytes, b);
    } else {
      RowGathers.copyLong(a, rows, n, rowBytes, b);
    }
  }

  /**
   * Has the kernels of {@link #finishRows} count a call, for the warm-up: of no rows, or of one row
   * without elements.
   */
  void finishNoRows(RowFinish f, long a, long[] rows, long b, int count) {
    if (f.normalization() == RowFinish.Mode.NONE && f.from() == f.to()) {
      RowGathers.copyShort(a, rows, 0, RowGathers.V, b);
      RowGathers.copyLong(a, rows, 0, 4 * RowGathers.V, b);
      return;
    }
    if (f.normalization() == RowFinish.Mode.COLUMNS) {
      normalizeRows(f, a, rows, 0, b, count);
    } else {
      finishRuns(f, a, rows, 0, b, count);
    }
    if (!BYTES && f.from().bytes() == 1) {
      return;
    }
    if (f.normalization() == RowFinish.Mode.NONE) {
      convertLong(f.from(), a, f.to(), b, 0);
    } else {
      normalizeLong(f, a, b, 0);
    }
  }

  private void normalizeRows(RowFinish f, long a, long[] rows, int n, long b, int count) {
    if (count < B_LANES && normalizesShortRows(f)) {
      normalizeShortRows(f, a, rows, n, b, count);
      return;
    }
    ElementType from = f.from();
    ElementType to = f.to();
    long rowBytes = (long) count * from.bytes();
    long outBytes = (long) count * to.bytes();
    boolean scalar = count < B_LANES || !BYTES && from.bytes() == 1;
    boolean direct = isDirect(from, f.compute(), to);
    long means = means(f, count, false);
    long stds = stds(f, count, false);
    long meanStep = meanStep(f);
    for (int k = 0; k < n; k++) {
      long p = a + rows[k] * rowBytes;
      long q = b + k * outBytes;
      if (k > 0 && rows[k] == rows[k - 1]) {
        copy(q - outBytes, q, outBytes);
      } else if (scalar) {
        super.finish(f, ALL, p, ALL, q, count);
      } else if (direct) {
        normalize(from, p, to, means, meanStep, stds, -1, q, count);
      } else {
        finishBlocks(f, from, p, means, meanStep, stds, -1, q, count);
      }
    }
  }

  private void finishRuns(RowFinish f, long a, long[] rows, int n, long b, int count) {
    long rowBytes = (long) count * f.from().bytes();
    long outBytes = (long) count * f.to().bytes();
    boolean copies = f.normalization() == RowFinish.Mode.NONE && f.from() == f.to();
    int run;
    for (int k = 0; k < n; k += run) {
      long p = a + rows[k] * rowBytes;
      long q = b + k * outBytes;
      run = 1;
      if (k > 0 && rows[k] == rows[k - 1]) {
        copy(q - outBytes, q, outBytes);
        continue;
      }
      run = run(f, rows, k, n, count);
      if (copies) {
        copy(p, q, run * rowBytes);
      } else {
        finish(f, p, q, run * count);
      }
    }
  }

  private static void copy(long a, long b, long bytes) {
    if (bytes < RowGathers.V) {
      ShortRows.copy(a, b, (int) bytes);
    } else if (bytes < LONG_COPY) {
      RowGathers.copy(a, b, (int) bytes);
    } else {
      MemorySegment.copy(ALL, a, ALL, b, bytes);
    }
  }

  /** Normalises rows such as those of {@link #convertLong}. */
  void normalizeLong(RowFinish f, long a, long b, int n) {
    ElementType to = f.to();
    boolean vector = to == ElementType.BFLOAT16 || to == ElementType.UINT8;
    if (!isDirect(f.from(), f.compute(), to)) {
      long means = means(f, n, vector);
      finishBlocks(f, f.from(), a, means, meanStep(f), stds(f, n, vector), stdStep(f), b, n);
    } else if (!vector && f.normalization() == RowFinish.Mode.SCALAR) {
      normalize(f.from(), a, to, means(f, n, false), stds(f, n, false), b, n);
    } else {
      long means = means(f, n, vector);
      normalize(f.from(), a, to, means, meanStep(f), stds(f, n, vector), stdStep(f), b, n);
    }
  }

  /** Returns whether one kernel does it all. */
  private static boolean isDirect(ElementType from, ElementType compute, ElementType to) {
    return switch (to) {
      case FLOAT32 -> compute == F32 ? fusesFloats(from) : from == F64;
      case FLOAT64 -> compute == F64 && from == F64;
      case BFLOAT16 -> compute == F32 && from == F32;
      case UINT8 -> compute == F32 && from == F32 && Widths.BITS > 128;
      default -> false;
    };
  }

  /** Masks the byte offset of a column: all ones where there is a mean for each. */
  private static long meanStep(RowFinish f) {
    return f.normalization() == RowFinish.Mode.COLUMNS && f.subtract() ? -1 : 0;
  }

  private static long stdStep(RowFinish f) {
    return f.normalization() == RowFinish.Mode.COLUMNS ? -1 : 0;
  }

  /**
   * Returns the address of the means: the columns', the one, or a vector of it. A mean of zero
   * changes no value.
   */
  private static long means(RowFinish f, int n, boolean vector) {
    if (!f.subtract()) {
      return ZEROS;
    }
    return vector && f.normalization() == RowFinish.Mode.SCALAR
        ? broadcast(f.compute(), f.means(), Scratch.get().mean)
        : statistics(f, f.means(), n);
  }

  private static long stds(RowFinish f, int n, boolean vector) {
    return vector && f.normalization() == RowFinish.Mode.SCALAR
        ? broadcast(f.compute(), f.stds(), Scratch.get().std)
        : statistics(f, f.stds(), n);
  }

  private static long statistics(RowFinish f, MemorySegment values, int n) {
    long count = f.normalization() == RowFinish.Mode.COLUMNS ? n : 1;
    return Addresses.of(values, 0, count * f.compute().bytes());
  }

  private static long broadcast(ElementType compute, MemorySegment value, long to) {
    if (compute == F64) {
      double v = value.get(JAVA_DOUBLE_UNALIGNED, 0);
      for (int i = 0; i < D_LANES; i++) {
        ALL.set(JAVA_DOUBLE_UNALIGNED, to + i * 8L, v);
      }
    } else {
      float v = value.get(JAVA_FLOAT_UNALIGNED, 0);
      for (int i = 0; i < F_LANES; i++) {
        ALL.set(JAVA_FLOAT_UNALIGNED, to + i * 4L, v);
      }
    }
    return to;
  }

  /**
   * Normalises a row of {@code from}: {@code f.from()} or, where the caller has converted it,
   * {@code f.compute()}.
   */
  private void finish(
      RowFinish f,
      ElementType from,
      long a,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      long b,
      int n) {
    if (!isDirect(from, f.compute(), f.to())) {
      finishBlocks(f, from, a, means, meanStep, stds, stdStep, b, n);
    } else if (isEqual(f.to(), stdStep)) {
      normalize(from, a, f.to(), means, stds, b, n);
    } else {
      normalize(from, a, f.to(), means, meanStep, stds, stdStep, b, n);
    }
  }

  /** Returns whether one mean and one standard deviation are enough for the kernel. */
  private static boolean isEqual(ElementType to, long stdStep) {
    return stdStep == 0 && to != ElementType.BFLOAT16 && to != ElementType.UINT8;
  }

  private void finishBlocks(
      RowFinish f,
      ElementType from,
      long a,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      long b,
      int n) {
    ElementType compute = f.compute();
    ElementType to = f.to();
    Scratch scratch = Scratch.get();
    boolean widen = from != compute && !(compute == F32 && fusesFloats(from));
    boolean last = to == compute || to == F32;
    ElementType in = widen ? compute : from;
    for (int i = 0; i < n; i += BLOCK) {
      int k = Math.min(i, n - B_LANES);
      int m = Math.min(BLOCK, n - k);
      long p = a + (long) k * from.bytes();
      long q = b + (long) k * to.bytes();
      long column = (long) k * compute.bytes();
      long mean = means + (column & meanStep);
      long std = stds + (column & stdStep);
      if (widen) {
        convert(from, p, compute, scratch.c, m);
        p = scratch.c;
      }
      ElementType out = last ? to : compute;
      long normalized = last ? q : scratch.b;
      if (isEqual(out, stdStep)) {
        normalize(in, p, out, mean, std, normalized, m);
      } else {
        normalize(in, p, out, mean, meanStep, std, stdStep, normalized, m);
      }
      if (!last) {
        convert(compute, scratch.b, to, q, m);
      }
    }
  }

  private static boolean fusesFloats(ElementType from) {
    return switch (from) {
      case BOOL, UINT8, INT8, INT16, UINT16, INT32, FLOAT32 -> true;
      default -> false;
    };
  }

  /** A standard deviation for each column, but for bfloat16 and uint8. */
  private static void normalize(
      ElementType from,
      long a,
      ElementType to,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      long b,
      int n) {
    switch (from) {
      case BOOL, UINT8 -> RowNormalizations.uint8s(a, b, means, meanStep, stds, n);
      case INT8 -> RowNormalizations.int8s(a, b, means, meanStep, stds, n);
      case INT16 -> RowNormalizations.int16s(a, b, means, meanStep, stds, n);
      case UINT16 -> RowNormalizations.uint16s(a, b, means, meanStep, stds, n);
      case INT32 -> RowNormalizations.int32s(a, b, means, meanStep, stds, n);
      case FLOAT32 -> {
        switch (to) {
          case FLOAT32 -> {
            if (meanStep == 0) {
              RowNormalizations.floats(a, b, stds, n);
            } else {
              RowNormalizations.floats(a, b, means, stds, n);
            }
          }
          case BFLOAT16 ->
              RowNormalizations.floatsToBfloat16(a, b, means, meanStep, stds, stdStep, n);
          case UINT8 -> RowNormalizations.floatsToUint8(a, b, means, meanStep, stds, stdStep, n);
          default -> throw new AssertionError(to);
        }
      }
      case FLOAT64 -> {
        if (to == F64) {
          if (meanStep == 0) {
            RowNormalizations.doubles(a, b, stds, n);
          } else {
            RowNormalizations.doubles(a, b, means, stds, n);
          }
        } else if (meanStep == 0) {
          RowNormalizations.doublesToFloats(a, b, stds, n);
        } else {
          RowNormalizations.doublesToFloats(a, b, means, stds, n);
        }
      }
      default -> throw new AssertionError(from);
    }
  }

  private static void normalize(
      ElementType from, long a, ElementType to, long means, long stds, long b, int n) {
    if (from == F64) {
      double mean = ALL.get(JAVA_DOUBLE_UNALIGNED, means);
      double std = ALL.get(JAVA_DOUBLE_UNALIGNED, stds);
      if (to == F64) {
        RowNormalizations.doubles(a, b, mean, std, n);
      } else {
        RowNormalizations.doublesToFloats(a, b, mean, std, n);
      }
      return;
    }
    float mean = ALL.get(JAVA_FLOAT_UNALIGNED, means);
    float std = ALL.get(JAVA_FLOAT_UNALIGNED, stds);
    switch (from) {
      case BOOL, UINT8 -> RowNormalizations.uint8s(a, b, mean, std, n);
      case INT8 -> RowNormalizations.int8s(a, b, mean, std, n);
      case INT16 -> RowNormalizations.int16s(a, b, mean, std, n);
      case UINT16 -> RowNormalizations.uint16s(a, b, mean, std, n);
      case INT32 -> RowNormalizations.int32s(a, b, mean, std, n);
      case FLOAT32 -> RowNormalizations.floats(a, b, mean, std, n);
      default -> throw new AssertionError(from);
    }
  }

  // ---- blend ----

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
    ElementType to = f.to();
    long a0 = Addresses.of(src, offset0, (long) count * from.bytes());
    long a1 = Addresses.of(src, offset1, (long) count * from.bytes());
    long b = Addresses.writable(dst, dstOffset, (long) count * to.bytes());
    if (count < B_LANES) {
      super.blend(f, ALL, a0, w0, a1, w1, ALL, b, count);
      return;
    }
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    long means = plain ? 0 : means(f, count, true);
    long stds = plain ? 0 : stds(f, count, true);
    blend(f, a0, w0, a1, w1, b, means, stds, count);
  }

  @Override
  public void blendRows(
      RowFinish f,
      MemorySegment src,
      long[] rows,
      double[] w0,
      double[] w1,
      int n,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (n == 0 || count == 0) {
      return;
    }
    long rowBytes = (long) count * f.from().bytes();
    long outBytes = (long) count * f.to().bytes();
    long a = addressOfRows(src, rows, n, 2, rowBytes);
    long b = Addresses.writable(dst, dstOffset, n * outBytes);
    if (count < B_LANES) {
      if (blendsShortRows(f)) {
        if (f.normalization() == RowFinish.Mode.NONE && ShortBlends.takes(count)) {
          blendThrees(f, a, rows, w0, w1, n, b);
        } else {
          blendShortRows(f, a, rows, w0, w1, n, b, count);
        }
        return;
      }
      for (int k = 0; k < n; k++) {
        long p = a + rows[k] * rowBytes;
        super.blend(f, ALL, p, w0[k], p + rowBytes, w1[k], ALL, b + k * outBytes, count);
      }
      return;
    }
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    long means = plain ? 0 : means(f, count, true);
    long stds = plain ? 0 : stds(f, count, true);
    for (int k = 0; k < n; k++) {
      long p = a + rows[k] * rowBytes;
      blend(f, p, w0[k], p + rowBytes, w1[k], b + k * outBytes, means, stds, count);
    }
  }

  private static void blendThrees(
      RowFinish f, long a, long[] rows, double[] w0, double[] w1, int n, long b) {
    if (f.from() == F32) {
      if (f.to() == F32) {
        ShortBlends.floatsToFloats(a, rows, w0, w1, n, b);
      } else {
        ShortBlends.floatsToDoubles(a, rows, w0, w1, n, b);
      }
    } else if (f.to() == F32) {
      ShortBlends.doublesToFloats(a, rows, w0, w1, n, b);
    } else {
      ShortBlends.doublesToDoubles(a, rows, w0, w1, n, b);
    }
  }

  private void blend(
      RowFinish f,
      long a0,
      double w0,
      long a1,
      double w1,
      long b,
      long means,
      long stds,
      int count) {
    ElementType from = f.from();
    ElementType to = f.to();
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    long meanStep = meanStep(f);
    long stdStep = stdStep(f);
    boolean widen = from != F32 && from != F64;
    boolean narrow = to != F32 && to != F64;
    if (!widen && !narrow) {
      blend(plain, from, a0, w0, a1, w1, to, means, meanStep, stds, stdStep, b, count);
      return;
    }
    Scratch scratch = Scratch.get();
    // 8 and 16 bits are exact in float32
    ElementType in = !widen ? from : from.bytes() <= 2 ? F32 : F64;
    for (int i = 0; i < count; i += BLOCK) {
      int k = Math.min(i, count - B_LANES);
      int n = Math.min(BLOCK, count - k);
      long p0 = a0 + (long) k * from.bytes();
      long p1 = a1 + (long) k * from.bytes();
      long q = b + (long) k * to.bytes();
      long mean = means + (k * 8L & meanStep);
      long std = stds + (k * 8L & stdStep);
      if (widen) {
        convert(from, p0, in, scratch.b, n);
        convert(from, p1, in, scratch.c, n);
        p0 = scratch.b;
        p1 = scratch.c;
      }
      if (narrow) {
        blend(plain, in, p0, w0, p1, w1, F64, mean, meanStep, std, stdStep, scratch.a, n);
        convert(F64, scratch.a, to, q, n);
      } else {
        blend(plain, in, p0, w0, p1, w1, to, mean, meanStep, std, stdStep, q, n);
      }
    }
  }

  private static void blend(
      boolean plain,
      ElementType from,
      long a0,
      double w0,
      long a1,
      double w1,
      ElementType to,
      long means,
      long meanStep,
      long stds,
      long stdStep,
      long b,
      int n) {
    if (from == F32) {
      if (to == F64) {
        if (plain) {
          RowBlends.floatsToDoubles(a0, a1, b, w0, w1, n);
        } else {
          RowBlends.normalizedFloatsToDoubles(a0, a1, b, means, meanStep, stds, stdStep, w0, w1, n);
        }
      } else if (plain) {
        RowBlends.floatsToFloats(a0, a1, b, w0, w1, n);
      } else {
        RowBlends.normalizedFloatsToFloats(a0, a1, b, means, meanStep, stds, stdStep, w0, w1, n);
      }
    } else if (to == F64) {
      if (plain) {
        RowBlends.doublesToDoubles(a0, a1, b, w0, w1, n);
      } else {
        RowBlends.normalizedDoublesToDoubles(a0, a1, b, means, meanStep, stds, stdStep, w0, w1, n);
      }
    } else if (plain) {
      RowBlends.doublesToFloats(a0, a1, b, w0, w1, n);
    } else {
      RowBlends.normalizedDoublesToFloats(a0, a1, b, means, meanStep, stds, stdStep, w0, w1, n);
    }
  }

  // ---- shifted columns ----

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
    if (!VectorBits.shiftsNearest(from, lastRow - firstRow, count)) {
      super.shiftedNearest(
          f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, round, shifts, dst,
          dstOffset, count);
      return;
    }
    // "at or above a row" is "above the double before it", which lets both rules share one
    // comparison
    double step1 = round ? firstRow + 0.5 : Math.nextDown((double) (firstRow + 1));
    double step2 = round ? firstRow + 1.5 : Math.nextDown((double) (firstRow + 2));
    int size = from.bytes();
    long a0 = Addresses.of(src, offset, (long) count * size);
    long a1 = Addresses.of(src, offset + rowBytes, (long) count * size);
    long a2 =
        Addresses.of(src, offset + Math.min(2, lastRow - firstRow) * rowBytes, (long) count * size);
    long r = Addresses.of(shifts, 0, count * 8L);
    long b = Addresses.writable(dst, dstOffset, (long) count * f.to().bytes());
    if (f.normalization() == RowFinish.Mode.NONE && f.to() == from) {
      nearest(size, a0, a1, a2, r, b, step1, step2, time, start, dt, count);
      return;
    }
    Scratch scratch = Scratch.get();
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    long meanStep = meanStep(f);
    long stdStep = stdStep(f);
    long means = plain ? 0 : means(f, count, true);
    long stds = plain ? 0 : stds(f, count, true);
    for (int i = 0; i < count; i += BLOCK) {
      int k = Math.min(i, count - B_LANES);
      int n = Math.min(BLOCK, count - k);
      long at = (long) k * size;
      long q = b + (long) k * f.to().bytes();
      nearest(
          size, a0 + at, a1 + at, a2 + at, r + k * 8L, scratch.a, step1, step2, time, start, dt, n);
      if (plain) {
        convert(from, scratch.a, f.to(), q, n);
      } else {
        long column = (long) k * f.compute().bytes();
        long mean = means + (column & meanStep);
        finish(f, from, scratch.a, mean, meanStep, stds + (column & stdStep), stdStep, q, n);
      }
    }
  }

  private static void nearest(
      int size,
      long a0,
      long a1,
      long a2,
      long shifts,
      long b,
      double step1,
      double step2,
      double time,
      double start,
      double dt,
      int n) {
    if (size == 4) {
      RowShifts.nearest4(a0, a1, a2, shifts, b, step1, step2, time, start, dt, n);
    } else {
      RowShifts.nearest8(a0, a1, a2, shifts, b, step1, step2, time, start, dt, n);
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
    boolean floats = from == F32;
    if (!VectorBits.shiftsLinear(from, lastRow - firstRow, count)) {
      super.shiftedLinear(
          f, src, offset, rowBytes, firstRow, lastRow, time, start, dt, shifts, dst, dstOffset,
          count);
      return;
    }
    double second = firstRow + 1;
    double t0 = start + firstRow * dt;
    double t1 = start + second * dt;
    double t2 = start + (firstRow + 2) * dt;
    int size = from.bytes();
    long a0 = Addresses.of(src, offset, (long) count * size);
    long a1 = Addresses.of(src, offset + rowBytes, (long) count * size);
    // the third row may lie past the data where no column needs it
    long a2 = Addresses.of(src, offset + (lastRow - firstRow + 1) * rowBytes, (long) count * size);
    long r = Addresses.of(shifts, 0, count * 8L);
    long b = Addresses.writable(dst, dstOffset, (long) count * f.to().bytes());
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    if (plain && f.to() == F64) {
      linear(floats, a0, a1, a2, r, b, second, t0, t1, t2, time, start, dt, count);
      return;
    }
    Scratch scratch = Scratch.get();
    long meanStep = meanStep(f);
    long stdStep = stdStep(f);
    long means = plain ? 0 : means(f, count, true);
    long stds = plain ? 0 : stds(f, count, true);
    for (int i = 0; i < count; i += BLOCK) {
      int k = Math.min(i, count - B_LANES);
      int n = Math.min(BLOCK, count - k);
      long at = (long) k * size;
      long q = b + (long) k * f.to().bytes();
      linear(
          floats,
          a0 + at,
          a1 + at,
          a2 + at,
          r + k * 8L,
          scratch.a,
          second,
          t0,
          t1,
          t2,
          time,
          start,
          dt,
          n);
      if (plain) {
        convert(F64, scratch.a, f.to(), q, n);
      } else {
        long mean = means + (k * 8L & meanStep);
        finish(f, F64, scratch.a, mean, meanStep, stds + (k * 8L & stdStep), stdStep, q, n);
      }
    }
  }

  private static void linear(
      boolean floats,
      long a0,
      long a1,
      long a2,
      long shifts,
      long b,
      double second,
      double t0,
      double t1,
      double t2,
      double time,
      double start,
      double dt,
      int n) {
    if (floats) {
      RowShifts.linearFloats(a0, a1, a2, shifts, b, second, t0, t1, t2, time, start, dt, n);
    } else {
      RowShifts.linearDoubles(a0, a1, a2, shifts, b, second, t0, t1, t2, time, start, dt, n);
    }
  }

  // ---- NaN and sums ----

  @Override
  public boolean hasNaN(ElementType type, MemorySegment src, long offset, int count) {
    return type.isFloating()
        && hasNaN(type, Addresses.of(src, offset, (long) count * type.bytes()), count);
  }

  private boolean hasNaN(ElementType type, long a, int n) {
    int lanes =
        switch (type) {
          case FLOAT64 -> D_LANES;
          case FLOAT32 -> F_LANES;
          default -> S_LANES;
        };
    return n < lanes ? super.hasNaN(type, ALL, a, n) : longHasNaN(type, a, n);
  }

  @Override
  public int rowsWithNaN(
      ElementType type,
      MemorySegment src,
      long offset,
      int count,
      int n,
      MemorySegment any,
      long anyOffset) {
    long rowBytes = (long) count * type.bytes();
    long a = Addresses.of(src, offset, n * rowBytes);
    long to = Addresses.writable(any, anyOffset, n);
    if (type == F32) {
      return count < F_LANES
          ? ShortRows.floatsHaveNaN(a, count, n, to)
          : RowSums.floatRowsWithNaN(a, count, n, to);
    }
    if (type == F64) {
      return count < D_LANES
          ? ShortRows.doublesHaveNaN(a, count, n, to)
          : RowSums.doubleRowsWithNaN(a, count, n, to);
    }
    int found = 0;
    for (int k = 0; k < n; k++) {
      boolean has = type.isFloating() && hasNaN(type, a + k * rowBytes, count);
      ALL.set(JAVA_BYTE, to + k, (byte) (has ? 1 : 0));
      found += has ? 1 : 0;
    }
    return found;
  }

  /** Searches rows such as those of {@link #convertLong}. */
  static boolean longHasNaN(ElementType type, long a, int n) {
    return switch (type) {
      case FLOAT32 -> RowSums.floatsHaveNaN(a, n);
      case FLOAT64 -> RowSums.doublesHaveNaN(a, n);
      case FLOAT16 -> RowSums.shortsExceed((short) 0x7c00, a, n);
      default -> RowSums.shortsExceed((short) 0x7f80, a, n);
    };
  }

  @Override
  public int replaceNaN(
      ElementType type, MemorySegment data, long offset, int count, double value) {
    if (!type.isFloating()) {
      return 0;
    }
    long a = Addresses.writable(data, offset, (long) count * type.bytes());
    return replaceInBlocks(type, a, count, value, 0);
  }

  /** Replaces by one value or, where their address is not 0, by the values of the columns. */
  private int replaceInBlocks(ElementType type, long a, int count, double value, long values) {
    int replaced = 0;
    boolean search = true;
    int n;
    for (int i = 0; i < count; i += n) {
      long at = a + (long) i * type.bytes();
      n = searched(at, type.bytes(), count - i);
      int found = 0;
      if (!search || hasNaN(type, at, n)) {
        found =
            values == 0
                ? replaceEach(type, at, n, value)
                : replaceEachByColumn(type, at, n, values + i * 8L);
      }
      // where a block had NaN the next one is likely to: searched first, it would be read twice
      search = found == 0;
      replaced += found;
    }
    return replaced;
  }

  /**
   * Returns how many of the elements left are searched together: no short rest stays for later, and
   * the next begin at a cache line, for stores across lines took a sixth longer in L2.
   */
  private static int searched(long a, int bytes, int left) {
    return left < 2 * SEARCHED ? left : SEARCHED - (int) (a & 63) / bytes;
  }

  private int replaceEach(ElementType type, long a, int count, double value) {
    if (type == F32) {
      return RowReplacements.floats(a, (float) value, count);
    }
    if (type == F64 && DOUBLE_MASKS) {
      return RowReplacements.doubles(a, value, count);
    }
    int replaced = 0;
    int n;
    for (int i = 0; i < count; i += n) {
      n = Math.min(S_LANES, count - i);
      long at = a + (long) i * type.bytes();
      if (hasNaN(type, at, n)) {
        replaced += super.replaceNaN(type, ALL, at, n, value);
      }
    }
    return replaced;
  }

  @Override
  public int replaceNaNByColumn(
      ElementType type, MemorySegment data, long offset, int count, MemorySegment values) {
    if (!DOUBLE_MASKS || type != F32 && type != F64) {
      return super.replaceNaNByColumn(type, data, offset, count, values);
    }
    long a = Addresses.writable(data, offset, (long) count * type.bytes());
    long v = Addresses.of(values, 0, count * 8L);
    return replaceInBlocks(type, a, count, 0, v);
  }

  private static int replaceEachByColumn(ElementType type, long a, int count, long values) {
    return type == F32
        ? RowReplacements.floatsByColumn(a, values, count)
        : RowReplacements.doublesByColumn(a, values, count);
  }

  @Override
  public void accumulate(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment sums,
      MemorySegment counts,
      int count) {
    if (!DOUBLE_MASKS || count < D_LANES || type != F32 && type != F64) {
      super.accumulate(type, src, offset, sums, counts, count);
      return;
    }
    long a = Addresses.of(src, offset, (long) count * type.bytes());
    long sum = Addresses.writable(sums, 0, count * 8L);
    long number = Addresses.writable(counts, 0, count * 8L);
    if (type == F32) {
      RowSums.addFloats(a, number, sum, count);
    } else {
      RowSums.addDoubles(a, number, sum, count);
    }
  }

  @Override
  public void accumulateSquares(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment means,
      MemorySegment sums,
      int count) {
    if (!DOUBLE_MASKS || count < D_LANES || type != F32 && type != F64) {
      super.accumulateSquares(type, src, offset, means, sums, count);
      return;
    }
    long a = Addresses.of(src, offset, (long) count * type.bytes());
    long mean = Addresses.of(means, 0, count * 8L);
    long sum = Addresses.writable(sums, 0, count * 8L);
    if (type == F32) {
      RowSums.addSquaresOfFloats(a, mean, sum, count);
    } else {
      RowSums.addSquaresOfDoubles(a, mean, sum, count);
    }
  }
}
