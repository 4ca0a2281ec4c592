/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import jdk.incubator.vector.VectorShape;

/**
 * The vector width of this process, apart from its species: tables are laid out for it before the
 * first frame, and to load the vectors themselves takes 50 ms.
 */
final class VectorBits {
  /** The property's width, at most the machine's; less than 128 where that has no vectors. */
  static final int BITS = chosen();

  private VectorBits() {}

  private static int chosen() {
    int machine =
        Math.min(
            512,
            Math.min(
                VectorShape.preferredShape().vectorBitSize(),
                VectorShape.largestShapeFor(byte.class).vectorBitSize()));
    int asked = KernelProvider.requestedBits();
    return asked == 0 ? machine : Math.min(asked, machine);
  }
}
