/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel.lanes;

import jdk.incubator.vector.VectorShape;
import org.syncline.array.ElementType;

/**
 * The vector width of this process and what depends on it alone, apart from its species: tables are
 * laid out for it before the first frame, and to load the vectors themselves takes 50 ms.
 */
public final class VectorBits {
  /** The property's width, at most the machine's; less than 128 where that has no vectors. */
  public static final int BITS = chosen();

  /**
   * Masks of two lanes are boxed by JDK 25: at 128 bits, kernels that need masks of float64 run
   * scalar.
   */
  public static final boolean DOUBLE_MASKS = BITS > 128;

  private VectorBits() {}

  /**
   * Returns whether there is a vector kernel for the nearest rows of shifted columns, the last row
   * so many after the first; others run scalar.
   */
  public static boolean shiftsNearest(ElementType from, long rows, int count) {
    return DOUBLE_MASKS && rows <= 2 && from.bytes() >= 4 && count >= BITS / Float.SIZE;
  }

  /** As {@link #shiftsNearest}, for blends of two rows. */
  public static boolean shiftsLinear(ElementType from, long rows, int count) {
    boolean takes = from == ElementType.FLOAT32 || from == ElementType.FLOAT64;
    return DOUBLE_MASKS && rows <= 1 && takes && count >= BITS / Float.SIZE;
  }

  private static int chosen() {
    int machine =
        Math.min(
            512,
            Math.min(
                VectorShape.preferredShape().vectorBitSize(),
                VectorShape.largestShapeFor(byte.class).vectorBitSize()));
    int asked = RequestedBits.get();
    return asked == 0 ? machine : Math.min(asked, machine);
  }
}
