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

  static SumPass.Body sum(ElementType type) {
    return new Sum(type);
  }

  static SquarePass.Body square(ElementType type) {
    return new Square(type);
  }

  private static final class Sum extends SumPass.Body {
    private final ElementType type;

    Sum(ElementType type) {
      this.type = type;
    }

    @Override
    void run(long a, long sums, long counts, int n) {
      for (int i = 0; i < n; i++) {
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

  private static final class Square extends SquarePass.Body {
    private final ElementType type;

    Square(ElementType type) {
      this.type = type;
    }

    @Override
    void run(long a, long means, long sums, int n) {
      for (int i = 0; i < n; i++) {
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
