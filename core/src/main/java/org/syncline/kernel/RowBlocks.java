/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/**
 * Long rows for the scalar kernels, a block at a time through arrays of one thread.
 *
 * <p>A loop over an array is quick as soon as HotSpot's first compiler has seen it, and its second
 * makes vectors of it; a loop over a segment is ten times slower in the first and never vectors in
 * the second. The first rows of a process run here, see {@link Warmup}.
 */
final class RowBlocks {
  /** Elements of a block: what a kernel uses of them stays in L1 or little beyond. */
  static final int SIZE = 1024;

  /** Rows below are not worth the staging. */
  static final int FROM = 64;

  private static final ThreadLocal<RowBlocks> OF_THREAD = ThreadLocal.withInitial(RowBlocks::new);

  final float[] floats = new float[SIZE];
  final float[] sums = new float[SIZE];
  final double[] doubles = new double[SIZE];
  final double[] otherDoubles = new double[SIZE];
  private final float[] floatMeans = new float[SIZE];
  private final float[] floatStds = new float[SIZE];
  private final double[] doubleMeans = new double[SIZE];
  private final double[] doubleStds = new double[SIZE];
  private final byte[] bytes = new byte[SIZE];
  private final short[] shorts = new short[SIZE];
  private final int[] ints = new int[SIZE];
  private byte[] pixels = bytes;
  private float[] rows = {};
  private int stripStart;
  private int stripEnd;
  private float[] row = floats;
  private float[] out = sums;

  private RowBlocks() {}

  static RowBlocks get() {
    return OF_THREAD.get();
  }

  /** Returns whether a type can be loaded: all but integers of 64 bits. */
  static boolean loads(ElementType type) {
    return type.bytes() <= 4 || type == ElementType.FLOAT64;
  }

  /** Loads at most a block into {@link #floats}, rounded once. */
  void loadFloats(ElementType type, long at, int n) {
    switch (type) {
      case FLOAT32 -> MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, at, floats, 0, n);
      case FLOAT64 -> {
        MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, at, doubles, 0, n);
        narrow(doubles, floats, n);
      }
      case BOOL, UINT8 -> {
        MemorySegment.copy(ALL, JAVA_BYTE, at, bytes, 0, n);
        unsigned(bytes, floats, 0, n);
      }
      case INT8 -> {
        MemorySegment.copy(ALL, JAVA_BYTE, at, bytes, 0, n);
        signed(bytes, floats, n);
      }
      case INT16, UINT16, FLOAT16, BFLOAT16 -> {
        MemorySegment.copy(ALL, JAVA_SHORT_UNALIGNED, at, shorts, 0, n);
        widen(type, shorts, floats, n);
      }
      case INT32 -> {
        MemorySegment.copy(ALL, JAVA_INT_UNALIGNED, at, ints, 0, n);
        signed(ints, floats, n);
      }
      case UINT32 -> {
        MemorySegment.copy(ALL, JAVA_INT_UNALIGNED, at, ints, 0, n);
        unsigned(ints, floats, n);
      }
      default -> throw new AssertionError(type);
    }
  }

  /** Loads at most a block as float64, exactly. */
  void loadDoubles(ElementType type, long at, double[] to, int n) {
    switch (type) {
      case FLOAT64 -> MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, at, to, 0, n);
      case INT32 -> {
        MemorySegment.copy(ALL, JAVA_INT_UNALIGNED, at, ints, 0, n);
        signed(ints, to, n);
      }
      case UINT32 -> {
        MemorySegment.copy(ALL, JAVA_INT_UNALIGNED, at, ints, 0, n);
        unsigned(ints, to, n);
      }
      default -> {
        loadFloats(type, at, n);
        widen(floats, to, n);
      }
    }
  }

  static void store(float[] from, long at, int n) {
    MemorySegment.copy(from, 0, ALL, JAVA_FLOAT_UNALIGNED, at, n);
  }

  void storeDoubles(long at, int n) {
    MemorySegment.copy(doubles, 0, ALL, JAVA_DOUBLE_UNALIGNED, at, n);
  }

  /** Stores {@link #doubles} as float32, rounded once, or as float64. */
  void storeDoubles(ElementType to, long at, int n) {
    if (to == ElementType.FLOAT64) {
      storeDoubles(at, n);
    } else {
      narrow(doubles, floats, n);
      store(floats, at, n);
    }
  }

  /** Stores {@link #floats} as float32, float16 or bfloat16. */
  void storeFloats(ElementType to, long at, int n) {
    switch (to) {
      case FLOAT32 -> {
        store(floats, at, n);
        return;
      }
      case FLOAT16 -> float16(floats, shorts, n);
      default -> bfloat16(floats, shorts, n);
    }
    MemorySegment.copy(shorts, 0, ALL, JAVA_SHORT_UNALIGNED, at, n);
  }

  /** Writes a channel of interleaved {@link #floats} into {@link #sums}. */
  void channel(int c, int n) {
    channel(floats, c, sums, n);
  }

  /** Writes {@link #floats} times a weight into {@link #sums}. */
  void scale(float weight, int n) {
    scale(floats, 0, weight, sums, n);
  }

  /** Adds {@link #floats} times a weight to {@link #sums}. */
  void addScaled(float weight, int n) {
    addScaled(floats, 0, weight, sums, n);
  }

  /** Writes the weighted sum of {@link #otherDoubles} and {@link #doubles} into the latter. */
  void blend(double w0, double w1, int n) {
    blend(otherDoubles, w0, doubles, w1, n);
  }

  /** Returns whether any of {@link #floats} is NaN. */
  boolean anyNaN(int n) {
    return anyNaN(floats, n);
  }

  /** Normalises {@link #floats} by a mean and a standard deviation each, from {@code at}. */
  void normalizeEach(long means, long stds, long at, int n) {
    MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, means + at, floatMeans, 0, n);
    MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, stds + at, floatStds, 0, n);
    normalize(floats, floatMeans, floatStds, n);
  }

  /** Normalises {@link #floats}, columns from {@code first}. */
  void normalizeFloats(RowStatistics s, int first, int n) {
    if (!s.byColumn()) {
      float std = s.floatStd();
      if (s.means == 0) {
        divide(floats, std, n);
      } else {
        normalize(floats, s.floatMean(), std, n);
      }
      return;
    }
    MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, s.stds + first * 4L, floatStds, 0, n);
    if (s.means == 0) {
      divide(floats, floatStds, n);
    } else {
      MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, s.means + first * 4L, floatMeans, 0, n);
      normalize(floats, floatMeans, floatStds, n);
    }
  }

  /** Normalises {@link #doubles}, columns from {@code first}. */
  void normalizeDoubles(RowStatistics s, int first, int n) {
    if (!s.byColumn()) {
      double std = s.doubleStd();
      if (s.means == 0) {
        divide(doubles, std, n);
      } else {
        normalize(doubles, s.doubleMean(), std, n);
      }
      return;
    }
    MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, s.stds + first * 8L, doubleStds, 0, n);
    if (s.means == 0) {
      divide(doubles, doubleStds, n);
    } else {
      MemorySegment.copy(ALL, JAVA_DOUBLE_UNALIGNED, s.means + first * 8L, doubleMeans, 0, n);
      normalize(doubles, doubleMeans, doubleStds, n);
    }
  }

  /** Begins a strip of source rows without any, with room for so many elements. */
  void beginStrip(int n) {
    if (rows.length < n) {
      rows = new float[n];
    }
    stripStart = 0;
    stripEnd = 0;
  }

  /** Returns whether the strip has the source rows from {@code start} to before {@code end}. */
  boolean holds(int start, int end) {
    return start >= stripStart && end <= stripEnd;
  }

  /**
   * Makes the strip one of the source rows {@code start} to {@code end}, and loads what it lacks.
   */
  void moveStrip(ElementType type, long a, long rowBytes, int width, int start, int end) {
    int kept = start < stripStart ? 0 : Math.max(0, stripEnd - start);
    System.arraycopy(rows, (stripEnd - kept - stripStart) * width, rows, 0, kept * width);
    int next = start + kept;
    loadRows(type, a + next * rowBytes, rowBytes, width, rows, kept * width, end - next);
    stripStart = start;
    stripEnd = end;
  }

  /** Writes the weighted sum of {@code taps} rows of the strip, from the source's row {@code y}. */
  void sumStrip(int y, float[] weights, int w, int taps, float[] sums, int width) {
    sumRows(rows, (y - stripStart) * width, weights, w, taps, sums, width);
  }

  /** Loads rows of uint8 or float32 that lie {@code rowBytes} apart, one after the other. */
  void loadRows(
      ElementType type, long from, long rowBytes, int width, float[] to, int at, int count) {
    boolean dense = rowBytes == (long) width * type.bytes();
    int part = dense ? count * width : width;
    int parts = dense ? 1 : count;
    if (type == ElementType.FLOAT32) {
      for (int k = 0; k < parts; k++) {
        MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, from + k * rowBytes, to, at + k * part, part);
      }
      return;
    }
    if (pixels.length < count * width) {
      pixels = new byte[count * width];
    }
    for (int k = 0; k < parts; k++) {
      MemorySegment.copy(ALL, JAVA_BYTE, from + k * rowBytes, pixels, k * part, part);
    }
    unsigned(pixels, to, at, count * width);
  }

  /** Writes the weighted sums of {@code taps} rows that lie {@code n} apart, in their order. */
  static void sumRows(float[] rows, int at, float[] weights, int w, int taps, float[] sums, int n) {
    int done = 4;
    if (taps < 4) {
      scale(rows, at, weights[w], sums, n);
      done = 1;
    } else {
      // one pass instead of four: most rows that are made smaller have four taps or five
      sumFour(rows, at, n, weights[w], weights[w + 1], weights[w + 2], weights[w + 3], sums, n);
    }
    for (; done < taps; done++) {
      addScaled(rows, at + done * n, weights[w + done], sums, n);
    }
  }

  /** Returns an array of at least n elements for a source row. */
  float[] row(int n) {
    if (row.length < n) {
      row = new float[n];
    }
    return row;
  }

  /** Returns an array of at least n elements for a written row. */
  float[] out(int n) {
    if (out.length < n) {
      out = new float[n];
    }
    return out;
  }

  // a method a loop: each is compiled soon, and for all its callers

  /**
   * Converts bytes, and leaves others in their array. C2 makes vectors of signed bytes alone: this
   * takes a fifth of the time of one loop over {@code from[i] & 0xff}, to the same bits.
   */
  private static void unsigned(byte[] from, float[] to, int at, int n) {
    flip(from, n);
    unflip(from, to, at, n);
  }

  private static void flip(byte[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] ^= (byte) 0x80;
    }
  }

  private static void unflip(byte[] from, float[] to, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = from[i] + 128f;
    }
  }

  private static void signed(byte[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i];
    }
  }

  private static void widen(ElementType type, short[] from, float[] to, int n) {
    switch (type) {
      case INT16 -> signed(from, to, n);
      case UINT16 -> unsigned(from, to, n);
      case FLOAT16 -> float16(from, to, n);
      default -> bfloat16(from, to, n);
    }
  }

  private static void signed(short[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i];
    }
  }

  private static void unsigned(short[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i] & 0xffff;
    }
  }

  private static void float16(short[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Float.float16ToFloat(from[i]);
    }
  }

  private static void bfloat16(short[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Float.intBitsToFloat(from[i] << 16);
    }
  }

  private static void signed(int[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i];
    }
  }

  private static void unsigned(int[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i] & 0xffffffffL;
    }
  }

  private static void signed(int[] from, double[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i];
    }
  }

  private static void unsigned(int[] from, double[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i] & 0xffffffffL;
    }
  }

  private static void widen(float[] from, double[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[i];
    }
  }

  private static void narrow(double[] from, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = (float) from[i];
    }
  }

  private static void float16(float[] from, short[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Float.floatToFloat16(from[i]);
    }
  }

  private static void bfloat16(float[] from, short[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = Scalars.toBfloat16(from[i]);
    }
  }

  private static void channel(float[] from, int c, float[] to, int n) {
    for (int i = 0; i < n; i++) {
      to[i] = from[3 * i + c];
    }
  }

  private static void scale(float[] x, int at, float weight, float[] sums, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] = x[at + i] * weight;
    }
  }

  private static void addScaled(float[] x, int at, float weight, float[] sums, int n) {
    for (int i = 0; i < n; i++) {
      sums[i] += x[at + i] * weight;
    }
  }

  private static void sumFour(
      float[] x,
      int at,
      int distance,
      float w0,
      float w1,
      float w2,
      float w3,
      float[] sums,
      int n) {
    int b = at + distance;
    int c = b + distance;
    int d = c + distance;
    for (int i = 0; i < n; i++) {
      sums[i] = x[at + i] * w0 + x[b + i] * w1 + x[c + i] * w2 + x[d + i] * w3;
    }
  }

  private static void blend(double[] x0, double w0, double[] x1, double w1, int n) {
    for (int i = 0; i < n; i++) {
      x1[i] = w0 * x0[i] + w1 * x1[i];
    }
  }

  static void normalize(float[] x, float mean, float std, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - mean) / std;
    }
  }

  private static void normalize(float[] x, float[] means, float[] stds, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - means[i]) / stds[i];
    }
  }

  private static void divide(float[] x, float[] stds, int n) {
    for (int i = 0; i < n; i++) {
      x[i] /= stds[i];
    }
  }

  private static void divide(float[] x, float std, int n) {
    for (int i = 0; i < n; i++) {
      x[i] /= std;
    }
  }

  private static void normalize(double[] x, double mean, double std, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - mean) / std;
    }
  }

  private static void normalize(double[] x, double[] means, double[] stds, int n) {
    for (int i = 0; i < n; i++) {
      x[i] = (x[i] - means[i]) / stds[i];
    }
  }

  private static void divide(double[] x, double[] stds, int n) {
    for (int i = 0; i < n; i++) {
      x[i] /= stds[i];
    }
  }

  private static void divide(double[] x, double std, int n) {
    for (int i = 0; i < n; i++) {
      x[i] /= std;
    }
  }

  private static boolean anyNaN(float[] x, int n) {
    boolean any = false;
    for (int i = 0; i < n; i++) {
      any |= x[i] != x[i];
    }
    return any;
  }
}
