/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.syncline.array.ElementType;

/** Scalar bodies of the passes over video frames. */
final class ScalarFrames {
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

  private ScalarFrames() {}

  static PixelPass.Body pixels(FrameFinish f) {
    return f.isCopy() ? new Copy(f.from().bytes()) : new Pixels(f);
  }

  static ResamplePass.Body resample(ResampleTable t, FrameFinish f) {
    boolean shrinks =
        f.to() == ElementType.FLOAT32
            && !t.columnsFirst()
            && (long) t.mostRowTaps() * t.sourceWidth() <= MOST_STRIP;
    return shrinks ? new Shrink(t, f) : new RowByRow(t, f, pixels(f.narrowing()));
  }

  private static final class Copy extends PixelPass.Body {
    private final int size;

    Copy(int size) {
      this.size = size;
    }

    @Override
    void run(long a, long b, int n) {
      MemorySegment.copy(ALL, a, ALL, b, (long) n * size);
    }
  }

  private static final class Pixels extends PixelPass.Body {
    private final FrameFinish f;
    private final boolean inBlocks;

    Pixels(FrameFinish f) {
      this.f = f;
      inBlocks =
          RowBlocks.loads(f.from())
              && f.from() != ElementType.BOOL
              && f.to() == ElementType.FLOAT32;
    }

    @Override
    void run(long a, long b, int n) {
      if (inBlocks && n >= RowBlocks.FROM) {
        blocks(a, b, n);
        return;
      }
      for (int i = 0; i < n; i++) {
        float x = load(f.from(), a, i);
        store(f.to(), b, i, f.normalize() ? (x - f.mean()) / f.std() : x);
      }
    }

    private void blocks(long a, long b, int count) {
      RowBlocks blocks = RowBlocks.get();
      for (int i = 0; i < count; i += RowBlocks.SIZE) {
        int n = Math.min(RowBlocks.SIZE, count - i);
        blocks.loadFloats(f.from(), a + (long) i * f.from().bytes(), n);
        if (f.normalize()) {
          RowBlocks.normalize(blocks.floats, f.mean(), f.std(), n);
        }
        RowBlocks.store(blocks.floats, b + 4L * i, n);
      }
    }
  }

  static final class Deinterleave extends DeinterleavePass.Body {
    private final ElementType from;
    private final float[] means;
    private final float[] stds;

    Deinterleave(ElementType from, float[] means, float[] stds) {
      this.from = from;
      this.means = means;
      this.stds = stds;
    }

    @Override
    void run(long a, long b, long planeBytes, int n) {
      planarRange(from, a, b, planeBytes, 0, n, stds != null, means, stds);
    }
  }

  static final class Interleave extends InterleavePass.Body {
    @Override
    void run(long a, long planeBytes, long b, int n) {
      interleave(a, planeBytes, b, n);
    }
  }

  static void interleave(long a, long planeBytes, long b, int n) {
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < 3; c++) {
        ALL.set(FLOAT, b + 4L * (3 * i + c), ALL.get(FLOAT, a + c * planeBytes + 4L * i));
      }
    }
  }

  static final class Gray extends GrayPass.Body {
    private final FrameFinish f;

    Gray(FrameFinish f) {
      this.f = f;
    }

    @Override
    void run(long a, long planeBytes, long b, int n) {
      grayRange(a, planeBytes, b, 0, n, f.normalize(), f.mean(), f.std());
    }
  }

  static final class NormalizePixels extends NormalizePixelsPass.Body {
    @Override
    void run(long a, long means, long stds, long b, int n) {
      normalizeEachRange(a, means, stds, b, 0, n);
    }
  }

  static final class Fill extends FillPass.Body {
    private final ElementType to;

    Fill(ElementType to) {
      this.to = to;
    }

    @Override
    void run(long b, int count, float value) {
      int first = 0;
      if (to == ElementType.FLOAT32 && count >= RowBlocks.FROM) {
        float[] block = RowBlocks.get().floats;
        Arrays.fill(block, 0, Math.min(RowBlocks.SIZE, count), value);
        for (int n; first < count; first += n) {
          n = Math.min(RowBlocks.SIZE, count - first);
          RowBlocks.store(block, b + 4L * first, n);
        }
      }
      for (int i = first; i < count; i++) {
        store(to, b, i, value);
      }
    }
  }

  /**
   * Resamples row by row: rows first where it shrinks vertically, else columns first. Forms differ
   * in what sums rows.
   */
  static class RowByRow extends ResamplePass.Body {
    final ResampleTable t;
    final FrameFinish f;

    /** Turns a finished row of float32 into what is written. */
    private final PixelPass.Body narrow;

    RowByRow(ResampleTable t, FrameFinish f, PixelPass.Body narrow) {
      this.t = t;
      this.f = f;
      this.narrow = narrow;
    }

    /** Writes the weighted sum of {@code taps} source rows, those from {@code a} on, as float32. */
    void sumRows(long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
      verticalRange(f.from(), a, rowBytes, weights, w, taps, b, 0, n);
    }

    /** Writes the weighted sum of rows of float32, finished. */
    void finishRows(long a, long rowBytes, float[] weights, int w, int taps, long b, int n) {
      verticalFinishRange(a, rowBytes, weights, w, taps, b, 0, n, f.normalize(), f.mean(), f.std());
    }

    @Override
    final void run(long a, long rowBytes, long scratch, long b) {
      long scratchRow = t.scratchRowBytes();
      long second = scratch + scratchRow;
      boolean direct = f.to() == ElementType.FLOAT32;
      int width = t.width();
      long outBytes = (long) width * f.to().bytes();
      int ready = 0;
      for (int y = 0; y < t.height(); y++) {
        long out = b + y * outBytes;
        // enlarged rows are cheap to compute again, and written as one stream; copies from row to
        // row are slower
        if (t.repeats(y) && !(direct && t.columnsFirst())) {
          MemorySegment.copy(ALL, out - outBytes, ALL, out, outBytes);
          continue;
        }
        long target = direct ? out : second;
        int start = t.rowStart(y);
        int taps = t.rowTaps(y);
        if (t.columnsFirst()) {
          // all rows before the first is written: stores that miss the cache would hold up those to
          // the scratch
          for (; ready < t.sourceHeight(); ready++) {
            sumRows(
                a + ready * rowBytes, rowBytes, ResampleTable.ONE, 0, 1, scratch, t.sourceWidth());
            sumColumns(scratch, second + (1 + ready) * scratchRow, false);
          }
          finishRows(
              second + (1 + start) * scratchRow,
              scratchRow,
              t.rowWeights(),
              t.rowWeight(y),
              taps,
              target,
              width);
        } else {
          sumRows(
              a + start * rowBytes,
              rowBytes,
              t.rowWeights(),
              t.rowWeight(y),
              taps,
              scratch,
              t.sourceWidth());
          sumColumns(scratch, target, f.normalize());
        }
        if (!direct) {
          narrow.run(second, out, width);
        }
      }
    }

    private void sumColumns(long a, long b, boolean normalize) {
      ResampleAxis axis = t.columns();
      int width = axis.size();
      RowBlocks blocks = RowBlocks.get();
      float[] row = blocks.row(axis.source());
      MemorySegment.copy(ALL, FLOAT, a, row, 0, axis.source());
      float[] out = blocks.out(width);
      columns(t, row, out, 0);
      if (normalize) {
        RowBlocks.normalize(out, f.mean(), f.std(), width);
      }
      RowBlocks.store(out, b, width);
    }
  }

  private static final class Shrink extends ResamplePass.Body {
    private final ResampleTable t;
    private final FrameFinish f;

    Shrink(ResampleTable t, FrameFinish f) {
      this.t = t;
      this.f = f;
    }

    @Override
    void run(long a, long rowBytes, long scratch, long b) {
      shrink(t, f.from(), a, rowBytes, b, f.normalize(), f.mean(), f.std());
    }
  }

  static float load(ElementType type, long offset, int i) {
    return switch (type) {
      case UINT8 -> ALL.get(BYTE, offset + i) & 0xff;
      case FLOAT32 -> ALL.get(FLOAT, offset + 4L * i);
      case FLOAT64 -> (float) ALL.get(DOUBLE, offset + 8L * i);
      case BOOL -> ALL.get(BYTE, offset + i) == 0 ? 0 : 1;
      case INT8 -> ALL.get(BYTE, offset + i);
      case INT16 -> ALL.get(SHORT, offset + 2L * i);
      case UINT16 -> ALL.get(SHORT, offset + 2L * i) & 0xffff;
      case INT32 -> ALL.get(INT, offset + 4L * i);
      case UINT32 -> ALL.get(INT, offset + 4L * i) & 0xffffffffL;
      case INT64 -> ALL.get(LONG, offset + 8L * i);
      case UINT64 -> unsigned(ALL.get(LONG, offset + 8L * i));
      case FLOAT16 -> Float.float16ToFloat(ALL.get(SHORT, offset + 2L * i));
      case BFLOAT16 -> Float.intBitsToFloat(ALL.get(SHORT, offset + 2L * i) << 16);
    };
  }

  private static float unsigned(long bits) {
    // halving keeps the dropped bit sticky, so that the conversion still rounds once
    return bits >= 0 ? bits : 2f * ((bits >>> 1) | (bits & 1));
  }

  static void store(ElementType type, long offset, int i, float x) {
    switch (type) {
      case FLOAT32 -> ALL.set(FLOAT, offset + 4L * i, x);
      case FLOAT64 -> ALL.set(DOUBLE, offset + 8L * i, x);
      case FLOAT16 -> ALL.set(SHORT, offset + 2L * i, float16(x));
      case BFLOAT16 -> ALL.set(SHORT, offset + 2L * i, bfloat16(x));
      case UINT8 -> ALL.set(BYTE, offset + i, uint8(x));
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

  static void planarRange(
      ElementType from,
      long a,
      long b,
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
        blocks.loadFloats(from, a + 3L * first * from.bytes(), 3 * n);
        for (int c = 0; c < 3; c++) {
          blocks.channel(c, n);
          if (normalize) {
            RowBlocks.normalize(blocks.sums, means[c], stds[c], n);
          }
          RowBlocks.store(blocks.sums, b + c * planeBytes + 4L * first, n);
        }
      }
    }
    for (int i = first; i < end; i++) {
      for (int c = 0; c < 3; c++) {
        float x = load(from, a, 3 * i + c);
        ALL.set(FLOAT, b + c * planeBytes + 4L * i, normalize ? (x - means[c]) / stds[c] : x);
      }
    }
  }

  static void grayRange(
      long a,
      long planeBytes,
      long b,
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
        long at = a + 4L * first;
        blocks.loadFloats(ElementType.FLOAT32, at, n);
        blocks.scale(0.2989f, n);
        blocks.loadFloats(ElementType.FLOAT32, at + planeBytes, n);
        blocks.addScaled(0.587f, n);
        blocks.loadFloats(ElementType.FLOAT32, at + 2 * planeBytes, n);
        blocks.addScaled(0.114f, n);
        if (normalize) {
          RowBlocks.normalize(blocks.sums, mean, std, n);
        }
        RowBlocks.store(blocks.sums, b + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      long at = a + 4L * i;
      float red = ALL.get(FLOAT, at);
      float green = ALL.get(FLOAT, at + planeBytes);
      float blue = ALL.get(FLOAT, at + 2 * planeBytes);
      float x = red * 0.2989f + green * 0.587f + blue * 0.114f;
      ALL.set(FLOAT, b + 4L * i, normalize ? (x - mean) / std : x);
    }
  }

  static void normalizeEachRange(long a, long means, long stds, long b, int start, int end) {
    int first = start;
    if (end - start >= RowBlocks.FROM) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE, end - first);
        blocks.loadFloats(ElementType.FLOAT32, a + 4L * first, n);
        blocks.normalizeEach(means, stds, 4L * first, n);
        RowBlocks.store(blocks.floats, b + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      long at = 4L * i;
      ALL.set(
          FLOAT,
          b + at,
          (ALL.get(FLOAT, a + at) - ALL.get(FLOAT, means + at)) / ALL.get(FLOAT, stds + at));
    }
  }

  static void verticalRange(
      ElementType from,
      long a,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      long b,
      int start,
      int end) {
    int first = start;
    if (end - start >= RowBlocks.FROM && RowBlocks.loads(from) && from != ElementType.BOOL) {
      RowBlocks blocks = RowBlocks.get();
      for (int n; first < end; first += n) {
        n = Math.min(RowBlocks.SIZE, end - first);
        long at = a + (long) first * from.bytes();
        sumRows(blocks, from, at, rowBytes, weights, w, taps, n);
        RowBlocks.store(blocks.sums, b + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      float sum = load(from, a, i) * weights[w];
      for (int k = 1; k < taps; k++) {
        sum += load(from, a + k * rowBytes, i) * weights[w + k];
      }
      ALL.set(FLOAT, b + 4L * i, sum);
    }
  }

  private static void sumRows(
      RowBlocks blocks,
      ElementType from,
      long at,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      int n) {
    blocks.loadFloats(from, at, n);
    blocks.scale(weights[w], n);
    for (int k = 1; k < taps; k++) {
      blocks.loadFloats(from, at + k * rowBytes, n);
      blocks.addScaled(weights[w + k], n);
    }
  }

  static void verticalFinishRange(
      long a,
      long rowBytes,
      float[] weights,
      int w,
      int taps,
      long b,
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
        long at = a + 4L * first;
        sumRows(blocks, ElementType.FLOAT32, at, rowBytes, weights, w, taps, n);
        if (normalize) {
          RowBlocks.normalize(blocks.sums, mean, std, n);
        }
        RowBlocks.store(blocks.sums, b + 4L * first, n);
      }
    }
    for (int i = first; i < end; i++) {
      float sum = ALL.get(FLOAT, a + 4L * i) * weights[w];
      for (int k = 1; k < taps; k++) {
        sum += ALL.get(FLOAT, a + k * rowBytes + 4L * i) * weights[w + k];
      }
      ALL.set(FLOAT, b + 4L * i, normalize ? (sum - mean) / std : sum);
    }
  }

  /**
   * Resamples rows before columns, over strips of source rows: each row is converted once however
   * many outputs it is part of, and loops are long enough for vectors.
   */
  private static void shrink(
      ResampleTable t,
      ElementType from,
      long a,
      long rowBytes,
      long b,
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
        shrinkRow(t, from, a, rowBytes, blocks, strip, y + k, out, k * width);
      }
      if (normalize) {
        RowBlocks.normalize(out, mean, std, n * width);
      }
      RowBlocks.store(out, b + 4L * y * width, n * width);
    }
  }

  // a method of its own: a frame calls it so often that C1 takes it in the second frame, where the
  // loop around would run 200 frames interpreted, and then wait a tenth of a second for C2
  private static void shrinkRow(
      ResampleTable t,
      ElementType from,
      long a,
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
      blocks.moveStrip(from, a, rowBytes, read, start, end);
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
