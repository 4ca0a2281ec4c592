/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.kernel.lanes.Addresses;
import org.syncline.kernel.lanes.VectorBits;
import org.syncline.kernel.lanes.Widths;

/**
 * Vector bodies that finish a row.
 *
 * <p>They work on absolute addresses, see {@link Addresses}. Rows shorter than a vector run scalar.
 * What no loop does at once goes through blocks in L1.
 */
final class VectorRows {
  /**
   * Elements from which on rows run by vectors: the lanes of a step that reads bytes, the longest
   * step. They are those of float32, at 128 bits twice as many.
   */
  static final int SHORTEST = Widths.QUARTER_BYTE.length();

  private VectorRows() {}

  static RowPass.Body body(RowFinish f, RowStatistics s) {
    RowLoop scalar = ScalarRows.loop(f, s);
    RowLoop loop = loop(f, s);
    return loop == null ? new RowPass.Body(scalar) : new RowPass.Body(loop, SHORTEST, scalar);
  }

  /** Returns the loop for rows of at least {@link #SHORTEST} elements, null where it is scalar. */
  static RowLoop loop(RowFinish f, RowStatistics s) {
    if (f.normalization() == RowFinish.Mode.NONE) {
      return VectorConversions.of(f.from(), f.to());
    }
    return VectorBits.takes(f.from()) ? VectorNormalizations.of(f.from(), f.to(), s) : null;
  }
}
