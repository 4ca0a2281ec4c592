/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.Widths;

/**
 * Copies short rows, one after the other, from wherever they lie; source and destination do not
 * overlap.
 *
 * <p>Vectors of 256 bits at most: rows begin anywhere, and of wider ones each would cross a cache
 * line. Rows of a few vectors are copied by as many of them from both ends as cover every length,
 * so that there is no branch to mispredict.
 */
final class RowGathers {
  private static final VectorSpecies<Byte> B =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.min(256, Widths.BITS)));

  /** Bytes of a vector. */
  static final int V = B.length();

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** A row by itself: the loops are in one method each, for two would not be inlined together. */
  private static final long[] FIRST = {0};

  private RowGathers() {}

  /** Copies one row of at least a vector. */
  static void copy(long a, long b, int bytes) {
    if (bytes < 4 * V) {
      copyShort(a, FIRST, 1, bytes, b);
    } else {
      copyLong(a, FIRST, 1, bytes, b);
    }
  }

  /** Copies {@code n} rows of one to four vectors. */
  static void copyShort(long a, long[] rows, int n, int bytes, long b) {
    Addresses.mayFault();
    int last = bytes - V;
    // the second vector of each end is its first in rows of less than two
    int second = bytes < 2 * V ? 0 : V;
    for (int k = 0; k < n; k++) {
      long p = a + rows[k] * bytes;
      ByteVector x0 = ByteVector.fromMemorySegment(B, ALL, at(p), ORDER);
      ByteVector x1 = ByteVector.fromMemorySegment(B, ALL, at(p + second), ORDER);
      ByteVector x2 = ByteVector.fromMemorySegment(B, ALL, at(p + last - second), ORDER);
      ByteVector x3 = ByteVector.fromMemorySegment(B, ALL, at(p + last), ORDER);
      x0.intoMemorySegment(ALL, at(b), ORDER);
      x1.intoMemorySegment(ALL, at(b + second), ORDER);
      x2.intoMemorySegment(ALL, at(b + last - second), ORDER);
      x3.intoMemorySegment(ALL, at(b + last), ORDER);
      b += bytes;
    }
  }

  /** Copies {@code n} rows of at least four vectors. */
  static void copyLong(long a, long[] rows, int n, int bytes, long b) {
    Addresses.mayFault();
    int last = bytes - 4 * V;
    for (int k = 0; k < n; k++) {
      long from = a + rows[k] * bytes;
      long p = at(from + last);
      long q = at(b + last);
      ByteVector y = ByteVector.fromMemorySegment(B, ALL, at(from), ORDER);
      ByteVector y0 = ByteVector.fromMemorySegment(B, ALL, p, ORDER);
      ByteVector y1 = ByteVector.fromMemorySegment(B, ALL, p + V, ORDER);
      ByteVector y2 = ByteVector.fromMemorySegment(B, ALL, p + 2 * V, ORDER);
      ByteVector y3 = ByteVector.fromMemorySegment(B, ALL, p + 3 * V, ORDER);
      y.intoMemorySegment(ALL, at(b), ORDER);
      // stores that cross cache lines cost twice: aligned but for the row's ends
      for (int i = V - (int) (b & V - 1); i < last; i += 4 * V) {
        long s = at(from + i);
        long d = at(b + i);
        ByteVector x0 = ByteVector.fromMemorySegment(B, ALL, s, ORDER);
        ByteVector x1 = ByteVector.fromMemorySegment(B, ALL, s + V, ORDER);
        ByteVector x2 = ByteVector.fromMemorySegment(B, ALL, s + 2 * V, ORDER);
        ByteVector x3 = ByteVector.fromMemorySegment(B, ALL, s + 3 * V, ORDER);
        x0.intoMemorySegment(ALL, d, ORDER);
        x1.intoMemorySegment(ALL, d + V, ORDER);
        x2.intoMemorySegment(ALL, d + 2 * V, ORDER);
        x3.intoMemorySegment(ALL, d + 3 * V, ORDER);
      }
      y0.intoMemorySegment(ALL, q, ORDER);
      y1.intoMemorySegment(ALL, q + V, ORDER);
      y2.intoMemorySegment(ALL, q + 2 * V, ORDER);
      y3.intoMemorySegment(ALL, q + 3 * V, ORDER);
      b += bytes;
    }
  }
}
