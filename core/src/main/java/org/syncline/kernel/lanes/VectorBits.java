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
   * Returns whether rows of a type run by vectors at all. At 128 bits a conversion of bytes changes
   * the number of lanes, and what HotSpot makes of that depends on what ran before: it may box
   * every vector. There, rows of bytes run scalar.
   */
  public static boolean takes(ElementType from) {
    return BITS > 128 || from.bytes() > 1;
  }

  /** Returns whether vectors mask elements of a type one by one. */
  public static boolean masks(ElementType type) {
    return DOUBLE_MASKS && (type == ElementType.FLOAT32 || type == ElementType.FLOAT64);
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
