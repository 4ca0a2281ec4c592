/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.array.ElementType;
import org.syncline.kernel.generated.RowSums;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/** Vector bodies of {@link SumPass} and {@link SquarePass}: a class for each loop. */
final class VectorSums {
  private static final int LANES = Widths.DOUBLE.length();

  private VectorSums() {}

  static SumPass.Body sum(ElementType type) {
    SumPass.Body scalar = ScalarSums.sum(type);
    if (!VectorBits.masks(type)) {
      return scalar;
    }
    return type == ElementType.FLOAT32 ? new SumFloats(scalar) : new SumDoubles(scalar);
  }

  static SquarePass.Body square(ElementType type) {
    SquarePass.Body scalar = ScalarSums.square(type);
    if (!VectorBits.masks(type)) {
      return scalar;
    }
    return type == ElementType.FLOAT32 ? new SquareFloats(scalar) : new SquareDoubles(scalar);
  }

  private static final class SumFloats extends SumPass.Body {
    private final SumPass.Body shorter;

    SumFloats(SumPass.Body shorter) {
      this.shorter = shorter;
    }

    @Override
    void run(long a, long sums, long counts, int n) {
      if (n < LANES) {
        shorter.run(a, sums, counts, n);
      } else {
        RowSums.addFloats(a, counts, sums, n);
      }
    }
  }

  private static final class SumDoubles extends SumPass.Body {
    private final SumPass.Body shorter;

    SumDoubles(SumPass.Body shorter) {
      this.shorter = shorter;
    }

    @Override
    void run(long a, long sums, long counts, int n) {
      if (n < LANES) {
        shorter.run(a, sums, counts, n);
      } else {
        RowSums.addDoubles(a, counts, sums, n);
      }
    }
  }

  private static final class SquareFloats extends SquarePass.Body {
    private final SquarePass.Body shorter;

    SquareFloats(SquarePass.Body shorter) {
      this.shorter = shorter;
    }

    @Override
    void run(long a, long means, long sums, int n) {
      if (n < LANES) {
        shorter.run(a, means, sums, n);
      } else {
        RowSums.addSquaresOfFloats(a, means, sums, n);
      }
    }
  }

  private static final class SquareDoubles extends SquarePass.Body {
    private final SquarePass.Body shorter;

    SquareDoubles(SquarePass.Body shorter) {
      this.shorter = shorter;
    }

    @Override
    void run(long a, long means, long sums, int n) {
      if (n < LANES) {
        shorter.run(a, means, sums, n);
      } else {
        RowSums.addSquaresOfDoubles(a, means, sums, n);
      }
    }
  }
}
