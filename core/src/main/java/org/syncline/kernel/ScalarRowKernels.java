/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** Scalar kernels over rows of signals: every pair of types, one element after the other. */
class ScalarRowKernels implements RowKernels {
  /** Elements up to which rows are finished as one. */
  private static final int RUN_ELEMENTS = 1 << 16;

  @Override
  public void convert(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (from == to) {
      MemorySegment.copy(src, srcOffset, dst, dstOffset, (long) count * from.bytes());
      return;
    }
    for (int i = convertBlocks(from, src, srcOffset, to, dst, dstOffset, count); i < count; i++) {
      convertUnequal(
          from,
          src,
          srcOffset + (long) i * from.bytes(),
          to,
          dst,
          dstOffset + (long) i * to.bytes());
    }
  }

  @Override
  public void finish(
      RowFinish f,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      convert(f.from(), src, srcOffset, f.to(), dst, dstOffset, count);
      return;
    }
    if (finishBlocks(f, src, srcOffset, dst, dstOffset, count) == count) {
      return;
    }
    if (f.from() == ElementType.FLOAT64
        && f.compute() == ElementType.FLOAT64
        && (f.to() == ElementType.FLOAT32 || f.to() == ElementType.FLOAT64)
        && src.isNative()
        && dst.isNative()
        && f.stds().isNative()
        && (!f.subtract() || f.means().isNative())) {
      boolean columns = f.normalization() == RowFinish.Mode.COLUMNS;
      long bytes = columns ? count * 8L : 8;
      finishDoubles(
          Addresses.of(src, srcOffset, count * 8L),
          Addresses.writable(dst, dstOffset, (long) count * f.to().bytes()),
          f.subtract() ? Addresses.of(f.means(), 0, bytes) : 0,
          Addresses.of(f.stds(), 0, bytes),
          columns ? 8 : 0,
          f.to() == ElementType.FLOAT32,
          count);
      return;
    }
    finishEach(f, src, srcOffset, dst, dstOffset, count);
  }

  private static void finishEach(
      RowFinish f,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count) {
    ElementType from = f.from();
    ElementType to = f.to();
    if (f.compute() == ElementType.FLOAT64) {
      for (int i = 0; i < count; i++) {
        double v = loadDouble(from, src, srcOffset + (long) i * from.bytes());
        storeDouble(to, dst, dstOffset + (long) i * to.bytes(), normalize(f, v, i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        float v = loadFloat(from, src, srcOffset + (long) i * from.bytes());
        storeFloat(to, dst, dstOffset + (long) i * to.bytes(), normalize(f, v, i));
      }
    }
  }

  /**
   * Finishes short rows of float64, the most frequent ones. By addresses, for C2 takes half a
   * second to compile the loop over segments of any types, and compiles nothing else meanwhile.
   */
  private static void finishDoubles(
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
    long outBytes = (long) count * f.to().bytes();
    if (count < Warmup.SHORTEST
        && normalizesShortRows(f)
        && (f.normalization() == RowFinish.Mode.COLUMNS || !isRun(rows, n))
        && areNative(f, src, dst)) {
      long a = addressOfRows(src, rows, n, 1, rowBytes);
      long b = Addresses.writable(dst, dstOffset, n * outBytes);
      normalizeShortRows(f, a, rows, n, b, count);
      return;
    }
    checkRows(src, rows, n, 1, rowBytes);
    int run;
    for (int k = 0; k < n; k += run) {
      long out = dstOffset + k * outBytes;
      run = run(f, rows, k, n, count);
      if (k > 0 && rows[k] == rows[k - 1]) {
        MemorySegment.copy(dst, out - outBytes, dst, out, outBytes);
        run = 1;
      } else {
        finish(f, src, rows[k] * rowBytes, dst, out, run * count);
      }
    }
  }

  /** Returns whether each of the first rows is the one after that before it. */
  static boolean isRun(long[] rows, int n) {
    int k = 1;
    while (k < n && rows[k] == rows[k - 1] + 1) {
      k++;
    }
    return k >= n;
  }

  /**
   * Returns how many rows from the {@code k}th on lie one after the other and can be finished as
   * one, since no column has statistics of its own.
   */
  static int run(RowFinish f, long[] rows, int k, int n, int count) {
    if (f.normalization() == RowFinish.Mode.COLUMNS) {
      return 1;
    }
    int most = Math.min(n - k, Math.max(1, RUN_ELEMENTS / count));
    int run = 1;
    while (run < most && rows[k + run] == rows[k] + run) {
      run++;
    }
    return run;
  }

  /** Checks that every row asked for, and {@code span - 1} after it, lie inside their source. */
  private static void checkRows(MemorySegment src, long[] rows, int n, int span, long rowBytes) {
    Objects.checkFromIndexSize(0, n, rows.length);
    long last = src.byteSize() / rowBytes - span;
    long signs = 0;
    for (int k = 0; k < n; k++) {
      signs |= rows[k] | last - rows[k];
    }
    if (signs < 0) {
      for (int k = 0; k < n; k++) {
        if (rows[k] < 0 || rows[k] > last) {
          throw new IndexOutOfBoundsException(
              "row " + rows[k] + ", expected 0 to " + last + " in " + src);
        }
      }
    }
  }

  /** Returns the address of a source of which {@link #checkRows} has nothing to say. */
  static long addressOfRows(MemorySegment src, long[] rows, int n, int span, long rowBytes) {
    checkRows(src, rows, n, span, rowBytes);
    return Addresses.of(src, 0, src.byteSize());
  }

  /** Returns whether {@link ShortRows} normalises such rows. */
  static boolean normalizesShortRows(RowFinish f) {
    return f.normalization() != RowFinish.Mode.NONE
        && f.compute() == f.from()
        && (f.from() == ElementType.FLOAT64 && isFloatOrDouble(f.to())
            || f.from() == ElementType.FLOAT32 && f.to() == ElementType.FLOAT32);
  }

  /** Returns whether {@link ShortRows} blends such rows. */
  static boolean blendsShortRows(RowFinish f) {
    return isFloatOrDouble(f.from()) && isFloatOrDouble(f.to());
  }

  private static boolean isFloatOrDouble(ElementType type) {
    return type == ElementType.FLOAT32 || type == ElementType.FLOAT64;
  }

  private static boolean areNative(RowFinish f, MemorySegment src, MemorySegment dst) {
    return src.isNative()
        && dst.isNative()
        && (f.stds() == null || f.stds().isNative())
        && (f.means() == null || f.means().isNative());
  }

  static void normalizeShortRows(RowFinish f, long a, long[] rows, int n, long b, int count) {
    boolean columns = f.normalization() == RowFinish.Mode.COLUMNS;
    int size = f.compute().bytes();
    long bytes = columns ? (long) count * size : size;
    long means = f.subtract() ? Addresses.of(f.means(), 0, bytes) : 0;
    long stds = Addresses.of(f.stds(), 0, bytes);
    long step = columns ? size : 0;
    if (size == 4) {
      ShortRows.normalizeFloats(a, rows, n, b, means, stds, step, count);
    } else {
      boolean single = f.to() == ElementType.FLOAT32;
      ShortRows.normalizeDoubles(a, rows, n, b, means, stds, step, single, count);
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
    int size = f.from().bytes();
    for (int i = blendBlocks(f, src, offset0, w0, offset1, w1, dst, dstOffset, count);
        i < count;
        i++) {
      double x0 = loadDouble(f.from(), src, offset0 + (long) i * size);
      double x1 = loadDouble(f.from(), src, offset1 + (long) i * size);
      double v = w0 * x0 + w1 * x1;
      storeDouble(f.to(), dst, dstOffset + (long) i * f.to().bytes(), normalize(f, v, i));
    }
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
    if (count < Warmup.SHORTEST && blendsShortRows(f) && areNative(f, src, dst)) {
      long a = addressOfRows(src, rows, n, 2, rowBytes);
      long b = Addresses.writable(dst, dstOffset, n * outBytes);
      blendShortRows(f, a, rows, w0, w1, n, b, count);
      return;
    }
    checkRows(src, rows, n, 2, rowBytes);
    for (int k = 0; k < n; k++) {
      long at = rows[k] * rowBytes;
      blend(f, src, at, w0[k], at + rowBytes, w1[k], dst, dstOffset + k * outBytes, count);
    }
  }

  static void blendShortRows(
      RowFinish f, long a, long[] rows, double[] w0, double[] w1, int n, long b, int count) {
    boolean singles = f.from() == ElementType.FLOAT32;
    boolean single = f.to() == ElementType.FLOAT32;
    if (f.normalization() != RowFinish.Mode.NONE) {
      boolean columns = f.normalization() == RowFinish.Mode.COLUMNS;
      long bytes = columns ? count * 8L : 8;
      long means = f.subtract() ? Addresses.of(f.means(), 0, bytes) : 0;
      long stds = Addresses.of(f.stds(), 0, bytes);
      long step = columns ? 8 : 0;
      ShortRows.blendNormalized(singles, a, rows, w0, w1, n, b, means, stds, step, single, count);
    } else if (singles) {
      ShortRows.blendFloats(a, rows, w0, w1, 0, n, b, single, count);
    } else {
      ShortRows.blendDoubles(a, rows, w0, w1, 0, n, b, single, count);
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
    ElementType to = f.to();
    boolean plain = f.normalization() == RowFinish.Mode.NONE;
    for (int i = 0; i < count; i++) {
      double t = time - shifts.get(JAVA_DOUBLE_UNALIGNED, (long) i * 8);
      double q = (t - start) / dt;
      double floor = Math.floor(q);
      long row =
          Math.clamp((long) (round && q - floor > 0.5 ? floor + 1 : floor), firstRow, lastRow)
              - firstRow;
      long at = offset + row * rowBytes + (long) i * from.bytes();
      long out = dstOffset + (long) i * to.bytes();
      if (plain) {
        convertOne(from, src, at, to, dst, out);
      } else if (f.compute() == ElementType.FLOAT64) {
        storeDouble(to, dst, out, normalize(f, loadDouble(from, src, at), i));
      } else {
        storeFloat(to, dst, out, normalize(f, loadFloat(from, src, at), i));
      }
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
    for (int i = 0; i < count; i++) {
      double t = time - shifts.get(JAVA_DOUBLE_UNALIGNED, (long) i * 8);
      double row = Math.clamp(Math.floor((t - start) / dt), firstRow, lastRow);
      double t0 = start + row * dt;
      double t1 = start + (row + 1) * dt;
      long at = offset + ((long) row - firstRow) * rowBytes + (long) i * from.bytes();
      double x0 = loadDouble(from, src, at);
      double x1 = loadDouble(from, src, at + rowBytes);
      double v = (t1 - t) / (t1 - t0) * x0 + (t - t0) / (t1 - t0) * x1;
      storeDouble(f.to(), dst, dstOffset + (long) i * f.to().bytes(), normalize(f, v, i));
    }
  }

  @Override
  public boolean hasNaN(ElementType type, MemorySegment src, long offset, int count) {
    if (!type.isFloating()) {
      return false;
    }
    if (count >= RowBlocks.FROM) {
      return hasNaNInBlocks(type, src, offset, count);
    }
    if (type == ElementType.FLOAT64 && src.isNative()) {
      return hasNaN(Addresses.of(src, offset, count * 8L), count);
    }
    for (int i = 0; i < count; i++) {
      if (Double.isNaN(loadDouble(type, src, offset + (long) i * type.bytes()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasNaN(long a, int n) {
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(ALL.get(JAVA_DOUBLE_UNALIGNED, at(a + i * 8L)))) {
        return true;
      }
    }
    return false;
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
    int found = 0;
    for (int k = 0; k < n; k++) {
      boolean has = hasNaN(type, src, offset + (long) k * count * type.bytes(), count);
      any.set(JAVA_BYTE, anyOffset + k, (byte) (has ? 1 : 0));
      found += has ? 1 : 0;
    }
    return found;
  }

  @Override
  public int replaceNaN(
      ElementType type, MemorySegment data, long offset, int count, double value) {
    if (!type.isFloating()) {
      return 0;
    }
    int replaced = 0;
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * type.bytes();
      if (Double.isNaN(loadDouble(type, data, at))) {
        storeDouble(type, data, at, value);
        replaced++;
      }
    }
    return replaced;
  }

  @Override
  public int replaceNaNByColumn(
      ElementType type, MemorySegment data, long offset, int count, MemorySegment values) {
    if (!type.isFloating()) {
      return 0;
    }
    int replaced = 0;
    for (int i = 0; i < count; i++) {
      long at = offset + (long) i * type.bytes();
      if (Double.isNaN(loadDouble(type, data, at))) {
        storeDouble(type, data, at, values.get(JAVA_DOUBLE_UNALIGNED, (long) i * 8));
        replaced++;
      }
    }
    return replaced;
  }

  @Override
  public void accumulate(
      ElementType type,
      MemorySegment src,
      long offset,
      MemorySegment sums,
      MemorySegment counts,
      int count) {
    for (int i = 0; i < count; i++) {
      double v = loadDouble(type, src, offset + (long) i * type.bytes());
      if (!Double.isNaN(v)) {
        long at = (long) i * 8;
        sums.set(JAVA_DOUBLE_UNALIGNED, at, sums.get(JAVA_DOUBLE_UNALIGNED, at) + v);
        counts.set(JAVA_DOUBLE_UNALIGNED, at, counts.get(JAVA_DOUBLE_UNALIGNED, at) + 1);
      }
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
    for (int i = 0; i < count; i++) {
      double v = loadDouble(type, src, offset + (long) i * type.bytes());
      if (!Double.isNaN(v)) {
        long at = (long) i * 8;
        double d = v - means.get(JAVA_DOUBLE_UNALIGNED, at);
        sums.set(JAVA_DOUBLE_UNALIGNED, at, sums.get(JAVA_DOUBLE_UNALIGNED, at) + d * d);
      }
    }
  }

  // ---- long rows; each returns how many elements it has written, all of them or none ----

  private static int convertBlocks(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int count) {
    boolean floats =
        to == ElementType.FLOAT32
            || isHalf(to) && (from.bytes() <= 2 || from == ElementType.FLOAT32);
    boolean doubles = to == ElementType.FLOAT64;
    if (count < RowBlocks.FROM || !RowBlocks.loads(from) || !(floats || doubles)) {
      return 0;
    }
    RowBlocks blocks = RowBlocks.get();
    for (int i = 0; i < count; i += RowBlocks.SIZE) {
      int n = Math.min(RowBlocks.SIZE, count - i);
      long at = srcOffset + (long) i * from.bytes();
      long out = dstOffset + (long) i * to.bytes();
      if (doubles) {
        blocks.loadDoubles(from, src, at, blocks.doubles, n);
        blocks.storeDoubles(dst, out, n);
      } else {
        blocks.loadFloats(from, src, at, n);
        storeFloats(blocks, to, dst, out, n);
      }
    }
    return count;
  }

  private static int finishBlocks(
      RowFinish f,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      int count) {
    ElementType from = f.from();
    ElementType to = f.to();
    boolean doubles = f.compute() == ElementType.FLOAT64;
    if (count < RowBlocks.FROM
        || !RowBlocks.loads(from)
        || to != ElementType.FLOAT32 && !(doubles ? to == ElementType.FLOAT64 : isHalf(to))) {
      return 0;
    }
    RowBlocks blocks = RowBlocks.get();
    for (int i = 0; i < count; i += RowBlocks.SIZE) {
      int n = Math.min(RowBlocks.SIZE, count - i);
      long at = srcOffset + (long) i * from.bytes();
      long out = dstOffset + (long) i * to.bytes();
      if (doubles) {
        blocks.loadDoubles(from, src, at, blocks.doubles, n);
        blocks.normalizeDoubles(f, i, n);
        storeDoubles(blocks, to, dst, out, n);
      } else {
        blocks.loadFloats(from, src, at, n);
        blocks.normalizeFloats(f, i, n);
        storeFloats(blocks, to, dst, out, n);
      }
    }
    return count;
  }

  private static int blendBlocks(
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
    if (count < RowBlocks.FROM
        || !RowBlocks.loads(from)
        || to != ElementType.FLOAT32 && to != ElementType.FLOAT64) {
      return 0;
    }
    RowBlocks blocks = RowBlocks.get();
    for (int i = 0; i < count; i += RowBlocks.SIZE) {
      int n = Math.min(RowBlocks.SIZE, count - i);
      long at = (long) i * from.bytes();
      blocks.loadDoubles(from, src, offset0 + at, blocks.otherDoubles, n);
      blocks.loadDoubles(from, src, offset1 + at, blocks.doubles, n);
      blocks.blend(w0, w1, n);
      if (f.normalization() != RowFinish.Mode.NONE) {
        blocks.normalizeDoubles(f, i, n);
      }
      storeDoubles(blocks, to, dst, dstOffset + (long) i * to.bytes(), n);
    }
    return count;
  }

  private static boolean hasNaNInBlocks(ElementType type, MemorySegment src, long at, int count) {
    RowBlocks blocks = RowBlocks.get();
    for (int i = 0; i < count; i += RowBlocks.SIZE) {
      int n = Math.min(RowBlocks.SIZE, count - i);
      // rounding to float32 makes no NaN and mends none
      blocks.loadFloats(type, src, at + (long) i * type.bytes(), n);
      if (blocks.anyNaN(n)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isHalf(ElementType type) {
    return type == ElementType.FLOAT16 || type == ElementType.BFLOAT16;
  }

  private static void storeFloats(
      RowBlocks blocks, ElementType to, MemorySegment dst, long out, int n) {
    if (to == ElementType.FLOAT32) {
      RowBlocks.store(blocks.floats, dst, out, n);
    } else {
      blocks.storeHalves(to, dst, out, n);
    }
  }

  private static void storeDoubles(
      RowBlocks blocks, ElementType to, MemorySegment dst, long out, int n) {
    if (to == ElementType.FLOAT32) {
      blocks.storeNarrowed(dst, out, n);
    } else {
      blocks.storeDoubles(dst, out, n);
    }
  }

  /** Converts one element by the rules of {@link #convert}. */
  final void convertOne(
      ElementType from, MemorySegment src, long at, ElementType to, MemorySegment dst, long out) {
    if (from == to) {
      MemorySegment.copy(src, at, dst, out, from.bytes());
    } else {
      convertUnequal(from, src, at, to, dst, out);
    }
  }

  private static void convertUnequal(
      ElementType from, MemorySegment src, long at, ElementType to, MemorySegment dst, long out) {
    if (!from.isFloating() && !to.isFloating()) {
      storeInteger(to, dst, out, from, src, at);
    } else if (to == ElementType.FLOAT32) {
      storeFloat(to, dst, out, loadFloat(from, src, at));
    } else if (from.bytes() == 8 && from != ElementType.FLOAT64 && to.bytes() == 2) {
      storeFloat(to, dst, out, oddFloat(from, src.get(JAVA_LONG_UNALIGNED, at)));
    } else {
      storeDouble(to, dst, out, loadDouble(from, src, at));
    }
  }

  static double normalize(RowFinish f, double v, int column) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      return v;
    }
    long at = f.normalization() == RowFinish.Mode.COLUMNS ? (long) column * 8 : 0;
    double centred = f.subtract() ? v - f.means().get(JAVA_DOUBLE_UNALIGNED, at) : v;
    return centred / f.stds().get(JAVA_DOUBLE_UNALIGNED, at);
  }

  static float normalize(RowFinish f, float v, int column) {
    long at = f.normalization() == RowFinish.Mode.COLUMNS ? (long) column * 4 : 0;
    float centred = f.subtract() ? v - f.means().get(JAVA_FLOAT_UNALIGNED, at) : v;
    return centred / f.stds().get(JAVA_FLOAT_UNALIGNED, at);
  }

  /** Returns the element as float64; exact but for 64-bit integers, which are rounded once. */
  static double loadDouble(ElementType type, MemorySegment s, long at) {
    return switch (type) {
      case BOOL, UINT8 -> s.get(JAVA_BYTE, at) & 0xff;
      case INT8 -> s.get(JAVA_BYTE, at);
      case INT16 -> s.get(JAVA_SHORT_UNALIGNED, at);
      case UINT16 -> s.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
      case INT32 -> s.get(JAVA_INT_UNALIGNED, at);
      case UINT32 -> s.get(JAVA_INT_UNALIGNED, at) & 0xffffffffL;
      case INT64 -> s.get(JAVA_LONG_UNALIGNED, at);
      case UINT64 -> {
        long v = s.get(JAVA_LONG_UNALIGNED, at);
        // halved with a sticky lowest bit, so that the one rounding is to nearest even
        yield v >= 0 ? (double) v : (double) (v >>> 1 | v & 1) * 2;
      }
      case FLOAT16 -> Float.float16ToFloat(s.get(JAVA_SHORT_UNALIGNED, at));
      case BFLOAT16 -> Float.intBitsToFloat(s.get(JAVA_SHORT_UNALIGNED, at) << 16);
      case FLOAT32 -> s.get(JAVA_FLOAT_UNALIGNED, at);
      case FLOAT64 -> s.get(JAVA_DOUBLE_UNALIGNED, at);
    };
  }

  /** Returns the element as float32, rounded once. */
  static float loadFloat(ElementType type, MemorySegment s, long at) {
    return switch (type) {
      case INT64 -> (float) s.get(JAVA_LONG_UNALIGNED, at);
      case UINT64 -> {
        long v = s.get(JAVA_LONG_UNALIGNED, at);
        yield v >= 0 ? (float) v : (float) (v >>> 1 | v & 1) * 2;
      }
      default -> (float) loadDouble(type, s, at);
    };
  }

  static void storeFloat(ElementType type, MemorySegment s, long at, float v) {
    switch (type) {
      case FLOAT32 -> s.set(JAVA_FLOAT_UNALIGNED, at, v);
      case FLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(v));
      case BFLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, toBfloat16(v));
      default -> storeDouble(type, s, at, v);
    }
  }

  /** Stores rounded once: to nearest even, integers saturate, NaN becomes 0 in integers. */
  static void storeDouble(ElementType type, MemorySegment s, long at, double v) {
    switch (type) {
      case FLOAT64 -> s.set(JAVA_DOUBLE_UNALIGNED, at, v);
      case FLOAT32 -> s.set(JAVA_FLOAT_UNALIGNED, at, (float) v);
      case FLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(oddFloat(v)));
      case BFLOAT16 -> s.set(JAVA_SHORT_UNALIGNED, at, toBfloat16(oddFloat(v)));
      case BOOL -> s.set(JAVA_BYTE, at, (byte) (v != 0 ? 1 : 0));
      case UINT64 -> {
        double r = Math.rint(v);
        s.set(
            JAVA_LONG_UNALIGNED,
            at,
            r < 0x1p63 ? Math.max(0, (long) r) : r < 0x1p64 ? (long) (r / 2) << 1 : -1L);
      }
      default -> storeLong(type, s, at, (long) Math.rint(v));
    }
  }

  private static void storeLong(ElementType type, MemorySegment s, long at, long v) {
    switch (type) {
      case BOOL -> s.set(JAVA_BYTE, at, (byte) (v != 0 ? 1 : 0));
      case INT8 -> s.set(JAVA_BYTE, at, (byte) Math.clamp(v, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case UINT8 -> s.set(JAVA_BYTE, at, (byte) Math.clamp(v, 0, 0xff));
      case INT16 ->
          s.set(JAVA_SHORT_UNALIGNED, at, (short) Math.clamp(v, Short.MIN_VALUE, Short.MAX_VALUE));
      case UINT16 -> s.set(JAVA_SHORT_UNALIGNED, at, (short) Math.clamp(v, 0, 0xffff));
      case INT32 ->
          s.set(JAVA_INT_UNALIGNED, at, Math.clamp(v, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case UINT32 -> s.set(JAVA_INT_UNALIGNED, at, (int) Math.clamp(v, 0L, 0xffffffffL));
      case INT64 -> s.set(JAVA_LONG_UNALIGNED, at, v);
      case UINT64 -> s.set(JAVA_LONG_UNALIGNED, at, Math.max(0, v));
      default -> throw new AssertionError(type);
    }
  }

  private static void storeInteger(
      ElementType to, MemorySegment dst, long out, ElementType from, MemorySegment src, long at) {
    long v =
        switch (from) {
          case INT64, UINT64 -> src.get(JAVA_LONG_UNALIGNED, at);
          default -> (long) loadDouble(from, src, at);
        };
    if (from == ElementType.UINT64 && v < 0) {
      v = Long.MAX_VALUE; // past every narrower range; UINT64 to UINT64 is a copy
    }
    storeLong(to, dst, out, v);
  }

  /**
   * Rounds to float32 "to odd": inexact results get a set lowest bit, so that a second rounding to
   * a type of fewer bits is as if it were the only one.
   */
  static float oddFloat(double v) {
    float f = (float) v;
    int bits = Float.floatToRawIntBits(f);
    if ((double) f == v || (bits & 1) != 0 || Double.isNaN(v)) {
      return f;
    }
    return Float.intBitsToFloat(Math.abs((double) f) > Math.abs(v) ? bits - 1 : bits + 1);
  }

  private static float oddFloat(ElementType type, long v) {
    // 24 bits and a sticky one: enough for types of 11 bits
    boolean negative = type == ElementType.INT64 && v < 0;
    long magnitude = negative ? -v : v;
    int shift = Math.max(0, 40 - Long.numberOfLeadingZeros(magnitude));
    long lost = shift == 0 ? 0 : magnitude & (1L << shift) - 1;
    long kept = (magnitude >>> shift) | (lost != 0 ? 1 : 0);
    float f = Math.scalb((float) kept, shift);
    return negative ? -f : f;
  }

  /** Rounds to bfloat16, nearest even; NaN stays NaN. */
  static short toBfloat16(float v) {
    int bits = Float.floatToRawIntBits(v);
    if (Float.isNaN(v)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
