/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import org.syncline.array.ElementType;

/** Scalar bodies of {@link SumPass} and {@link SquarePass}. */
final class ScalarSums {
  private ScalarSums() {}

  static Sum sum(ElementType type) {
    return new Sum(type);
  }

  static Square square(ElementType type) {
    return new Square(type);
  }

  static final class Sum extends SumPass.Body {
    private final ElementType type;

    Sum(ElementType type) {
      this.type = type;
    }

    @Override
    void run(long a, long stride, int rows, long sums, long counts, int n) {
      run(a, stride, rows, sums, counts, 0, n);
    }

    void run(long a, long stride, int rows, long sums, long counts, int from, int to) {
      for (int row = 0; row < rows; row++) {
        add(a + row * stride, sums, counts, from, to);
      }
    }

    @Override
    void spread(
        long a, long stride, int rows, long sums, long counts, long least, long most, int n) {
      spread(a, stride, rows, sums, counts, least, most, 0, n);
    }

    void spread(
        long a,
        long stride,
        int rows,
        long sums,
        long counts,
        long least,
        long most,
        int from,
        int to) {
      for (int row = 0; row < rows; row++) {
        add(a + row * stride, sums, counts, from, to);
        ScalarExtremes.floats(a + row * stride, least, most, from, to);
      }
    }

    private void add(long a, long sums, long counts, int from, int to) {
      for (int i = from; i < to; i++) {
        double v = Scalars.loadDouble(type, ALL, a + (long) i * type.bytes());
        if (!Double.isNaN(v)) {
          long sum = at(sums + i * 8L);
          long count = at(counts + i * 8L);
          ALL.set(JAVA_DOUBLE_UNALIGNED, sum, ALL.get(JAVA_DOUBLE_UNALIGNED, sum) + v);
          ALL.set(JAVA_DOUBLE_UNALIGNED, count, ALL.get(JAVA_DOUBLE_UNALIGNED, count) + 1);
        }
      }
    }
  }

  static final class Square extends SquarePass.Body {
    private final ElementType type;

    Square(ElementType type) {
      this.type = type;
    }

    @Override
    void run(long a, long stride, int rows, long means, long sums, int n) {
      run(a, stride, rows, means, sums, 0, n);
    }

    void run(long a, long stride, int rows, long means, long sums, int from, int to) {
      for (int row = 0; row < rows; row++) {
        add(a + row * stride, means, sums, from, to);
      }
    }

    private void add(long a, long means, long sums, int from, int to) {
      for (int i = from; i < to; i++) {
        double v = Scalars.loadDouble(type, ALL, a + (long) i * type.bytes());
        if (!Double.isNaN(v)) {
          long sum = at(sums + i * 8L);
          double d = v - ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + i * 8L));
          ALL.set(JAVA_DOUBLE_UNALIGNED, sum, ALL.get(JAVA_DOUBLE_UNALIGNED, sum) + d * d);
        }
      }
    }
  }
}
