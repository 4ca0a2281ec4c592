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

/**
 * Many rows of float32 or float64 that are shorter than a vector: an eye tracker's, a treadmill's.
 *
 * <p>Scalar loops by absolute address, with nothing to ask for each row: what a call a row asks
 * takes ten times as long as such a row. Row k of the source begins at {@code a + rows[k] * n}
 * elements, rows of the destination follow one another.
 */
final class ShortRows {
  private static final int INFINITE_FLOAT = 0x7f800000;
  private static final long INFINITE_DOUBLE = 0x7ff0000000000000L;

  private ShortRows() {}

  /** Copies {@code count} rows of up to 32 bytes that do not overlap their destination. */
  static void copy(long a, long[] rows, int count, int bytes, long b) {
    if (bytes >= 8) {
      // from both ends as many as cover every length: no branch a row
      int last = bytes - 8;
      int second = bytes < 16 ? 0 : 8;
      for (int k = 0; k < count; k++) {
        copy(a + rows[k] * bytes, b, second, last);
        b += bytes;
      }
    } else {
      for (int k = 0; k < count; k++) {
        copyFew(a + rows[k] * bytes, b, bytes);
        b += bytes;
      }
    }
  }

  /** Copies one row of up to 32 bytes. */
  static void copy(long a, long b, int bytes) {
    if (bytes >= 8) {
      copy(a, b, bytes < 16 ? 0 : 8, bytes - 8);
    } else {
      copyFew(a, b, bytes);
    }
  }

  private static void copy(long a, long b, int second, int last) {
    long p = a + last;
    long q = b + last;
    long x0 = ALL.get(JAVA_LONG_UNALIGNED, at(a));
    long x1 = ALL.get(JAVA_LONG_UNALIGNED, at(a + second));
    long x2 = ALL.get(JAVA_LONG_UNALIGNED, at(p - second));
    long x3 = ALL.get(JAVA_LONG_UNALIGNED, at(p));
    ALL.set(JAVA_LONG_UNALIGNED, at(b), x0);
    ALL.set(JAVA_LONG_UNALIGNED, at(b + second), x1);
    ALL.set(JAVA_LONG_UNALIGNED, at(q - second), x2);
    ALL.set(JAVA_LONG_UNALIGNED, at(q), x3);
  }

  private static void copyFew(long a, long b, int bytes) {
    if (bytes >= 4) {
      long last = bytes - 4L;
      ALL.set(JAVA_INT_UNALIGNED, at(b), ALL.get(JAVA_INT_UNALIGNED, at(a)));
      ALL.set(JAVA_INT_UNALIGNED, at(b + last), ALL.get(JAVA_INT_UNALIGNED, at(a + last)));
    } else if (bytes >= 2) {
      long last = bytes - 2L;
      ALL.set(JAVA_SHORT_UNALIGNED, at(b), ALL.get(JAVA_SHORT_UNALIGNED, at(a)));
      ALL.set(JAVA_SHORT_UNALIGNED, at(b + last), ALL.get(JAVA_SHORT_UNALIGNED, at(a + last)));
    } else if (bytes == 1) {
      ALL.set(JAVA_BYTE, at(b), ALL.get(JAVA_BYTE, at(a)));
    }
  }

  /**
   * Normalises rows of float32 in float32.
   *
   * @param means address of the means, or 0
   * @param step bytes from one column's statistics to the next's, or 0 for the same
   */
  static void normalizeFloats(
      long a, long[] rows, int count, long b, long means, long stds, long step, int n) {
    for (int k = 0; k < count; k++) {
      long p = a + rows[k] * n * 4;
      for (int i = 0; i < n; i++) {
        float v = ALL.get(JAVA_FLOAT_UNALIGNED, at(p + i * 4L));
        if (means != 0) {
          v -= ALL.get(JAVA_FLOAT_UNALIGNED, at(means + i * step));
        }
        v /= ALL.get(JAVA_FLOAT_UNALIGNED, at(stds + i * step));
        ALL.set(JAVA_FLOAT_UNALIGNED, at(b + i * 4L), v);
      }
      b += n * 4L;
    }
  }

  /**
   * Normalises rows of float64 in float64 and writes them as such or as float32.
   *
   * @param means address of the means, or 0
   * @param step bytes from one column's statistics to the next's, or 0 for the same
   */
  static void normalizeDoubles(
      long a,
      long[] rows,
      int count,
      long b,
      long means,
      long stds,
      long step,
      boolean single,
      int n) {
    for (int k = 0; k < count; k++) {
      long p = a + rows[k] * n * 8;
      for (int i = 0; i < n; i++) {
        double v = ALL.get(JAVA_DOUBLE_UNALIGNED, at(p + i * 8L));
        if (means != 0) {
          v -= ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + i * step));
        }
        v /= ALL.get(JAVA_DOUBLE_UNALIGNED, at(stds + i * step));
        if (single) {
          ALL.set(JAVA_FLOAT_UNALIGNED, at(b), (float) v);
          b += 4;
        } else {
          ALL.set(JAVA_DOUBLE_UNALIGNED, at(b), v);
          b += 8;
        }
      }
    }
  }

  /**
   * Blends each row of float32 with the one after it, those of {@code rows} from {@code from} to
   * {@code to}.
   *
   * @param b the address of the first row written
   * @param single whether float32 is written, else float64
   */
  static void blendFloats(
      long a,
      long[] rows,
      double[] w0,
      double[] w1,
      int from,
      int to,
      long b,
      boolean single,
      int n) {
    long rowBytes = n * 4L;
    long pairs = rowBytes & -8;
    for (int k = from; k < to; k++) {
      long p = a + rows[k] * rowBytes;
      double u0 = w0[k];
      double u1 = w1[k];
      // two a step: their addresses are one, and so is what is left of its check
      for (long end = p + pairs; p != end; p += 8) {
        long s = at(p);
        long r = at(p + rowBytes);
        double v = u0 * ALL.get(JAVA_FLOAT_UNALIGNED, s) + u1 * ALL.get(JAVA_FLOAT_UNALIGNED, r);
        double w =
            u0 * ALL.get(JAVA_FLOAT_UNALIGNED, s + 4) + u1 * ALL.get(JAVA_FLOAT_UNALIGNED, r + 4);
        long q = at(b);
        if (single) {
          ALL.set(JAVA_FLOAT_UNALIGNED, q, (float) v);
          ALL.set(JAVA_FLOAT_UNALIGNED, q + 4, (float) w);
          b += 8;
        } else {
          ALL.set(JAVA_DOUBLE_UNALIGNED, q, v);
          ALL.set(JAVA_DOUBLE_UNALIGNED, q + 8, w);
          b += 16;
        }
      }
      if ((n & 1) != 0) {
        double v =
            u0 * ALL.get(JAVA_FLOAT_UNALIGNED, at(p))
                + u1 * ALL.get(JAVA_FLOAT_UNALIGNED, at(p + rowBytes));
        b += store(single, b, v);
      }
    }
  }

  /**
   * Blends each row of float64 with the one after it, see {@link #blendFloats}.
   *
   * @param single whether float32 is written, else float64
   */
  static void blendDoubles(
      long a,
      long[] rows,
      double[] w0,
      double[] w1,
      int from,
      int to,
      long b,
      boolean single,
      int n) {
    long rowBytes = n * 8L;
    long pairs = rowBytes & -16;
    for (int k = from; k < to; k++) {
      long p = a + rows[k] * rowBytes;
      double u0 = w0[k];
      double u1 = w1[k];
      // two a step: their addresses are one, and so is what is left of its check
      for (long end = p + pairs; p != end; p += 16) {
        long s = at(p);
        long r = at(p + rowBytes);
        double v = u0 * ALL.get(JAVA_DOUBLE_UNALIGNED, s) + u1 * ALL.get(JAVA_DOUBLE_UNALIGNED, r);
        double w =
            u0 * ALL.get(JAVA_DOUBLE_UNALIGNED, s + 8) + u1 * ALL.get(JAVA_DOUBLE_UNALIGNED, r + 8);
        long q = at(b);
        if (single) {
          ALL.set(JAVA_FLOAT_UNALIGNED, q, (float) v);
          ALL.set(JAVA_FLOAT_UNALIGNED, q + 4, (float) w);
          b += 8;
        } else {
          ALL.set(JAVA_DOUBLE_UNALIGNED, q, v);
          ALL.set(JAVA_DOUBLE_UNALIGNED, q + 8, w);
          b += 16;
        }
      }
      if ((n & 1) != 0) {
        double v =
            u0 * ALL.get(JAVA_DOUBLE_UNALIGNED, at(p))
                + u1 * ALL.get(JAVA_DOUBLE_UNALIGNED, at(p + rowBytes));
        b += store(single, b, v);
      }
    }
  }

  /**
   * Blends each row with the one after it, and normalises what comes of it.
   *
   * @param singles whether the source is float32, else float64
   * @param means address of the means, or 0
   * @param step bytes from one column's statistics to the next's: 8, or 0 for the same
   * @param single whether float32 is written, else float64
   */
  static void blendNormalized(
      boolean singles,
      long a,
      long[] rows,
      double[] w0,
      double[] w1,
      int count,
      long b,
      long means,
      long stds,
      long step,
      boolean single,
      int n) {
    int size = singles ? 4 : 8;
    long rowBytes = (long) n * size;
    for (int k = 0; k < count; k++) {
      long p = a + rows[k] * rowBytes;
      double u0 = w0[k];
      double u1 = w1[k];
      long column = 0;
      for (long end = p + rowBytes; p != end; p += size) {
        double v =
            singles
                ? u0 * ALL.get(JAVA_FLOAT_UNALIGNED, at(p))
                    + u1 * ALL.get(JAVA_FLOAT_UNALIGNED, at(p + rowBytes))
                : u0 * ALL.get(JAVA_DOUBLE_UNALIGNED, at(p))
                    + u1 * ALL.get(JAVA_DOUBLE_UNALIGNED, at(p + rowBytes));
        if (means != 0) {
          v -= ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + column));
        }
        v /= ALL.get(JAVA_DOUBLE_UNALIGNED, at(stds + column));
        column += step;
        b += store(single, b, v);
      }
    }
  }

  private static int store(boolean single, long b, double v) {
    if (single) {
      ALL.set(JAVA_FLOAT_UNALIGNED, at(b), (float) v);
      return 4;
    }
    ALL.set(JAVA_DOUBLE_UNALIGNED, at(b), v);
    return 8;
  }

  /** Writes 1 for each row of float32 with a NaN and 0 for others; returns how many have one. */
  static int floatsHaveNaN(long a, int n, int count, long any) {
    int found = 0;
    for (int k = 0; k < count; k++) {
      int signs = 0;
      for (int i = 0; i < n; i++) {
        // infinity minus the magnitude is negative for NaN alone
        signs |= INFINITE_FLOAT - (ALL.get(JAVA_INT_UNALIGNED, at(a)) & Integer.MAX_VALUE);
        a += 4;
      }
      ALL.set(JAVA_BYTE, at(any + k), (byte) (signs >>> 31));
      found += signs >>> 31;
    }
    return found;
  }

  /** Like {@link #floatsHaveNaN} for float64. */
  static int doublesHaveNaN(long a, int n, int count, long any) {
    int found = 0;
    for (int k = 0; k < count; k++) {
      long signs = 0;
      for (int i = 0; i < n; i++) {
        signs |= INFINITE_DOUBLE - (ALL.get(JAVA_LONG_UNALIGNED, at(a)) & Long.MAX_VALUE);
        a += 8;
      }
      ALL.set(JAVA_BYTE, at(any + k), (byte) (signs >>> 63));
      found += (int) (signs >>> 63);
    }
    return found;
  }
}
