/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.syncline.array.ElementType;

/** Scalar kernels over video frames. */
class ScalarFrameKernels implements FrameKernels {
  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  /** Elements of the source rows that are converted together: what else is used fits beside. */
  private static final int STRIP = 4096;

  /** The most elements that one output row may be made of, where rows are converted together. */
  private static final int MOST_STRIP = 1 << 18;

  ScalarFrameKernels() {}

  @Override
  public int lanes() {
    return 1;
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
    finishRange(from, src, srcOffset, to, dst, dstOffset, 0, count, normalize, mean, std);
  }

  static void finishRange(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int start,
      int end,
      boolean normalize,
      float mean,
      float std) {
    for (int i =
            finishBlocks(
                from, src, srcOffset, to, dst, dstOffset, start, end, normalize, mean, std);
        i < end;
        i++) {
      float x = load(from, src, srcOffset, i);
      store(to, dst, dstOffset, i, normalize ? (x - mean) / std : x);
    }
  }

  /** Writes a long range and returns its end, or does nothing and returns its start. */
  private static int finishBlocks(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      ElementType to,
      MemorySegment dst,
      long dstOffset,
      int start,
      int end,
      boolean normalize,
      float mean,
      float std) {
    if (end - start < RowBlocks.FROM
        || !RowBlocks.loads(from)
        || from == ElementType.BOOL
        || to != ElementType.FLOAT32) {
      return start;
    }
    RowBlocks blocks = RowBlocks.get();
    for (int i = start; i < end; i += RowBlocks.SIZE) {
      int n = Math.min(RowBlocks.SIZE, end - i);
      blocks.loadFloats(from, src, srcOffset + (long) i * from.bytes(), n);
      if (normalize) {
        RowBlocks.normalize(blocks.floats, mean, std, n);
      }
      RowBlocks.store(blocks.floats, dst, dstOffset + 4L * i, n);
    }
    return end;
  }

  static float load(ElementType type, MemorySegment s, long offset, int i) {
    return switch (type) {
      case UINT8 -> s.get(BYTE, offset + i) & 0xff;
      case FLOAT32 -> s.get(FLOAT, offset + 4L * i);
      case FLOAT64 -> (float) s.get(DOUBLE, offset + 8L * i);
      case BOOL -> s.get(BYTE, offset + i) == 0 ? 0 : 1;
      case INT8 -> s.get(BYTE, offset + i);
      case INT16 -> s.get(SHORT, offset + 2L * i);
      case UINT16 -> s.get(SHORT, offset + 2L * i) & 0xffff;
      case INT32 -> s.get(INT, offset + 4L * i);
      case UINT32 -> s.get(INT, offset + 4L * i) & 0xffffffffL;
      case INT64 -> s.get(LONG, offset + 8L * i);
      case UINT64 -> unsigned(s.get(LONG, offset + 8L * i));
      case FLOAT16 -> Float.float16ToFloat(s.get(SHORT, offset + 2L * i));
      case BFLOAT16 -> Float.intBitsToFloat(s.get(SHORT, offset + 2L * i) << 16);
    };
  }

  private static float unsigned(long bits) {
    // halving keeps the dropped bit sticky, so that the conversion still rounds once
    return bits >= 0 ? bits : 2f * ((bits >>> 1) | (bits & 1));
  }

  static void store(ElementType type, MemorySegment s, long offset, int i, float x) {
    switch (type) {
      case FLOAT32 -> s.set(FLOAT, offset + 4L * i, x);
      case FLOAT64 -> s.set(DOUBLE, offset + 8L * i, x);
      case FLOAT16 -> s.set(SHORT, offset + 2L * i, float16(x));
      case BFLOAT16 -> s.set(SHORT, offset + 2L * i, bfloat16(x));
      case UINT8 -> s.set(BYTE, offset + i, uint8(x));
      default ->
          throw new IllegalArgumentException("frames cannot be written as " + type.numpyName());
    }
  }

  static short float16(float x) {
    return x != x ? 0x7e00 : Float.floatToFloat16(x);
  }

  static short bfloat16(float x) {
    if (x != x) {
      return 0x7fc0;
    }
    int bits = Float.floatToRawIntBits(x);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  static byte uint8(float x) {
    // max first: NaN fails the comparison and becomes 0
    float low = x > 0 ? x : 0;
    return (byte) (int) Math.rint(Math.min(low, 255));
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
    planarRange(from, src, srcOffset, dst, dstOffset, planeBytes, 0, count, normalize, means, stds);
  }

  static void planarRange(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      MemorySegment dst,
      long dstOffset,
      long planeBytes,
      int start,
      int end,
      boolean normalize,
      float[] means,
      float[] stds) {
    int first = start;
    if (end - start >= RowBlocks.FROM && RowBlocks.loads(from) && from != ElementType.BOOL) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE / 3, end - first);
        blocks.loadFloats(from, src, srcOffset + 3L * first * from.bytes(), 3 * n);
        for (int c = 0; c < 3; c++) {
          blocks.channel(c, n);
          if (normalize) {
            RowBlocks.normalize(blocks.sums, means[c], stds[c], n);
          }
          RowBlocks.store(blocks.sums, dst, dstOffset + c * planeBytes + 4L * first, n);
        }
      }
    }
    for (int i = first; i < end; i++) {
      for (int c = 0; c < 3; c++) {
        float x = load(from, src, srcOffset, 3 * i + c);
        dst.set(
            FLOAT, dstOffset + c * planeBytes + 4L * i, normalize ? (x - means[c]) / stds[c] : x);
      }
    }
  }

  @Override
  public void interleave(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int count) {
    for (int i = 0; i < count; i++) {
      for (int c = 0; c < 3; c++) {
        dst.set(
            FLOAT,
            dstOffset + 4L * (3 * i + c),
            src.get(FLOAT, srcOffset + c * planeBytes + 4L * i));
      }
    }
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
    grayRange(src, srcOffset, planeBytes, dst, dstOffset, 0, count, normalize, mean, std);
  }

  static void grayRange(
      MemorySegment src,
      long srcOffset,
      long planeBytes,
      MemorySegment dst,
      long dstOffset,
      int start,
      int end,
      boolean normalize,
      float mean,
      float std) {
    int first = start;
    if (end - start >= RowBlocks.FROM) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE, end - first);
        long at = srcOffset + 4L * first;
        blocks.loadFloats(ElementType.FLOAT32, src, at, n);
        blocks.scale(0.2989f, n);
        blocks.loadFloats(ElementType.FLOAT32, src, at + planeBytes, n);
        blocks.addScaled(0.587f, n);
        blocks.loadFloats(ElementType.FLOAT32, src, at + 2 * planeBytes, n);
        blocks.addScaled(0.114f, n);
        if (normalize) {
          RowBlocks.normalize(blocks.sums, mean, std, n);
        }
        RowBlocks.store(blocks.sums, dst, dstOffset + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      long at = srcOffset + 4L * i;
      float r = src.get(FLOAT, at);
      float g = src.get(FLOAT, at + planeBytes);
      float b = src.get(FLOAT, at + 2 * planeBytes);
      float x = r * 0.2989f + g * 0.587f + b * 0.114f;
      dst.set(FLOAT, dstOffset + 4L * i, normalize ? (x - mean) / std : x);
    }
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
    normalizeEachRange(src, srcOffset, means, stds, dst, dstOffset, 0, count);
  }

  static void normalizeEachRange(
      MemorySegment src,
      long srcOffset,
      MemorySegment means,
      MemorySegment stds,
      MemorySegment dst,
      long dstOffset,
      int start,
      int end) {
    int first = start;
    if (end - start >= RowBlocks.FROM) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE, end - first);
        blocks.loadFloats(ElementType.FLOAT32, src, srcOffset + 4L * first, n);
        blocks.normalizeEach(means, stds, 4L * first, n);
        RowBlocks.store(blocks.floats, dst, dstOffset + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      long at = 4L * i;
      dst.set(
          FLOAT,
          dstOffset + at,
          (src.get(FLOAT, srcOffset + at) - means.get(FLOAT, at)) / stds.get(FLOAT, at));
    }
  }

  @Override
  public void fill(ElementType to, MemorySegment dst, long dstOffset, int count, float value) {
    int first = 0;
    if (to == ElementType.FLOAT32 && count >= RowBlocks.FROM) {
      float[] block = RowBlocks.get().floats;
      Arrays.fill(block, 0, Math.min(RowBlocks.SIZE, count), value);
      for (int n; first < count; first += n) {
        n = Math.min(RowBlocks.SIZE, count - first);
        RowBlocks.store(block, dst, dstOffset + 4L * first, n);
      }
    }
    for (int i = first; i < count; i++) {
      store(to, dst, dstOffset, i, value);
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
    verticalRange(from, src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, 0, count);
  }

  static void verticalRange(
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int start,
      int end) {
    int first = start;
    if (end - start >= RowBlocks.FROM && RowBlocks.loads(from) && from != ElementType.BOOL) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE, end - first);
        long at = srcOffset + (long) first * from.bytes();
        sumRows(blocks, from, src, at, rowBytes, weights, w, taps, n);
        RowBlocks.store(blocks.sums, dst, dstOffset + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      float sum = load(from, src, srcOffset, i) * weights[w];
      for (int k = 1; k < taps; k++) {
        sum += load(from, src, srcOffset + k * rowBytes, i) * weights[w + k];
      }
      dst.set(FLOAT, dstOffset + 4L * i, sum);
    }
  }

  private static void sumRows(
      RowBlocks blocks,
      ElementType from,
      MemorySegment src,
      long at,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      int n) {
    blocks.loadFloats(from, src, at, n);
    blocks.scale(weights[w], n);
    for (int k = 1; k < taps; k++) {
      blocks.loadFloats(from, src, at + k * rowBytes, n);
      blocks.addScaled(weights[w + k], n);
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
    verticalFinishRange(
        src, srcOffset, rowBytes, weights, w, taps, dst, dstOffset, 0, count, normalize, mean, std);
  }

  static void verticalFinishRange(
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      MemorySegment dst,
      long dstOffset,
      int start,
      int end,
      boolean normalize,
      float mean,
      float std) {
    int first = start;
    if (end - start >= RowBlocks.FROM) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE, end - first);
        long at = srcOffset + 4L * first;
        sumRows(blocks, ElementType.FLOAT32, src, at, rowBytes, weights, w, taps, n);
        if (normalize) {
          RowBlocks.normalize(blocks.sums, mean, std, n);
        }
        RowBlocks.store(blocks.sums, dst, dstOffset + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      float sum = src.get(FLOAT, srcOffset + 4L * i) * weights[w];
      for (int k = 1; k < taps; k++) {
        sum += src.get(FLOAT, srcOffset + k * rowBytes + 4L * i) * weights[w + k];
      }
      dst.set(FLOAT, dstOffset + 4L * i, normalize ? (sum - mean) / std : sum);
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
    ResampleAxis axis = table.columns();
    int width = axis.size();
    RowBlocks blocks = RowBlocks.get();
    float[] row = blocks.row(axis.source());
    MemorySegment.copy(src, FLOAT, srcOffset, row, 0, axis.source());
    float[] out = blocks.out(width);
    columns(table, row, out, 0);
    if (normalize) {
      RowBlocks.normalize(out, mean, std, width);
    }
    RowBlocks.store(out, dst, dstOffset, width);
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
    if (to == ElementType.FLOAT32
        && (from == ElementType.UINT8 || from == ElementType.FLOAT32)
        && !table.columnsFirst()
        && (long) table.mostRowTaps() * table.sourceWidth() <= MOST_STRIP) {
      shrink(table, from, src, srcOffset, rowBytes, dst, dstOffset, normalize, mean, std);
      return;
    }
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
  }

  /** Resamples row by row through the other kernels. */
  final void resampleRows(
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
    FrameKernels.super.resample(
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
  }

  /**
   * Resamples rows before columns, over strips of source rows: each row is converted once however
   * many outputs it is part of, and loops are long enough for vectors.
   */
  private static void shrink(
      ResampleTable t,
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      MemorySegment dst,
      long dstOffset,
      boolean normalize,
      float mean,
      float std) {
    ResampleAxis columns = t.columns();
    int width = columns.size();
    int read = columns.source();
    int height = t.height();
    int strip = Math.max(t.mostRowTaps(), STRIP / Math.max(1, read));
    int group = Math.max(1, RowBlocks.SIZE / Math.max(1, width));
    RowBlocks blocks = RowBlocks.get();
    blocks.beginStrip(strip * read);
    float[] out = blocks.out(group * width);
    int n;
    for (int y = 0; y < height; y += n) {
      n = Math.min(group, height - y);
      for (int k = 0; k < n; k++) {
        shrinkRow(t, from, src, srcOffset, rowBytes, blocks, strip, y + k, out, k * width);
      }
      if (normalize) {
        RowBlocks.normalize(out, mean, std, n * width);
      }
      RowBlocks.store(out, dst, dstOffset + 4L * y * width, n * width);
    }
  }

  // a method of its own: a frame calls it so often that C1 takes it in the second frame, where the
  // loop around would run 200 frames interpreted, and then wait a tenth of a second for C2
  private static void shrinkRow(
      ResampleTable t,
      ElementType from,
      MemorySegment src,
      long srcOffset,
      long rowBytes,
      RowBlocks blocks,
      int strip,
      int y,
      float[] out,
      int to) {
    int read = t.sourceWidth();
    int start = t.rowStart(y);
    int taps = t.rowTaps(y);
    if (!blocks.holds(start, start + taps)) {
      int end = Math.max(Math.min(start + strip, lastRow(t)), start + taps);
      blocks.moveStrip(from, src, srcOffset, rowBytes, read, start, end);
    }
    float[] row = blocks.row(read);
    blocks.sumStrip(start, t.rowWeights(), t.rowWeight(y), taps, row, read);
    columns(t, row, out, to);
  }

  /** Returns the end of the source rows that a table reads. */
  private static int lastRow(ResampleTable t) {
    return t.rowStart(t.height() - 1) + t.rowTaps(t.height() - 1);
  }

  private static void columns(ResampleTable t, float[] row, float[] out, int to) {
    ResampleAxis axis = t.columns();
    int[] starts = axis.starts();
    float[] weights = t.weightsByTap();
    int n = axis.size();
    switch (weights == null ? 0 : t.taps()) {
      case 2 -> sumsOfTwo(row, starts, weights, t.scale(), out, to, n);
      case 3 -> sumsOfThree(row, starts, weights, t.scale(), out, to, n);
      case 4 -> sumsOfFour(row, starts, weights, t.scale(), out, to, n);
      default -> sums(row, starts, axis.offsets(), axis.weights(), t.scale(), out, to, n);
    }
  }

  // columns that all have as many taps take half the time: no branches, and no offsets to load

  private static void sumsOfTwo(
      float[] row, int[] starts, float[] w, float scale, float[] out, int to, int n) {
    for (int i = 0; i < n; i++) {
      int at = starts[i];
      out[to + i] = (row[at] * w[i] + row[at + 1] * w[n + i]) * scale;
    }
  }

  private static void sumsOfThree(
      float[] row, int[] starts, float[] w, float scale, float[] out, int to, int n) {
    int w2 = 2 * n;
    for (int i = 0; i < n; i++) {
      int at = starts[i];
      out[to + i] = (row[at] * w[i] + row[at + 1] * w[n + i] + row[at + 2] * w[w2 + i]) * scale;
    }
  }

  private static void sumsOfFour(
      float[] row, int[] starts, float[] w, float scale, float[] out, int to, int n) {
    int w2 = 2 * n;
    int w3 = 3 * n;
    for (int i = 0; i < n; i++) {
      int at = starts[i];
      out[to + i] =
          (row[at] * w[i]
                  + row[at + 1] * w[n + i]
                  + row[at + 2] * w[w2 + i]
                  + row[at + 3] * w[w3 + i])
              * scale;
    }
  }

  private static void sums(
      float[] row,
      int[] starts,
      int[] offsets,
      float[] weights,
      float scale,
      float[] out,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      int at = starts[i];
      int w = offsets[i];
      int taps = offsets[i + 1] - w;
      float sum = row[at] * weights[w];
      // most have four taps or fewer: a loop over so few costs more than they do
      if (taps > 1) {
        sum += row[at + 1] * weights[w + 1];
      }
      if (taps > 2) {
        sum += row[at + 2] * weights[w + 2];
      }
      if (taps > 3) {
        sum += row[at + 3] * weights[w + 3];
      }
      if (taps > 4) {
        sum = sumRest(row, at, weights, w, taps, sum);
      }
      out[to + i] = sum * scale;
    }
  }

  private static float sumRest(float[] row, int at, float[] weights, int w, int taps, float first) {
    float sum = first;
    for (int k = 4; k < taps; k++) {
      sum += row[at + k] * weights[w + k];
    }
    return sum;
  }
}
