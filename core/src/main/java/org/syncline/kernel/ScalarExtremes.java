/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import org.syncline.array.ElementType;

/** The scalar body of {@link ExtremesPass}. */
final class ScalarExtremes extends ExtremesPass.Body {
  private final ElementType type;

  ScalarExtremes(ElementType type) {
    this.type = type;
  }

  @Override
  void run(long a, long stride, int rows, long least, long most, int n) {
    run(a, stride, rows, least, most, 0, n);
  }

  /** Compares the columns from one to another. */
  void run(long a, long stride, int rows, long least, long most, int from, int to) {
    for (int row = 0; row < rows; row++) {
      if (type == ElementType.FLOAT32) {
        floats(a + row * stride, least, most, from, to);
      } else {
        others(a + row * stride, least, most, from, to);
      }
    }
  }

  // comparisons with NaN are false
  static void floats(long row, long least, long most, int from, int to) {
    for (int i = from; i < to; i++) {
      float value = ALL.get(JAVA_FLOAT_UNALIGNED, at(row + i * 4L));
      if (value < ALL.get(JAVA_FLOAT_UNALIGNED, at(least + i * 4L))) {
        ALL.set(JAVA_FLOAT_UNALIGNED, at(least + i * 4L), value);
      }
      if (value > ALL.get(JAVA_FLOAT_UNALIGNED, at(most + i * 4L))) {
        ALL.set(JAVA_FLOAT_UNALIGNED, at(most + i * 4L), value);
      }
    }
  }

  private void others(long row, long least, long most, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = Scalars.loadDouble(type, ALL, row + (long) i * type.bytes());
      if (value < ALL.get(JAVA_DOUBLE_UNALIGNED, at(least + i * 8L))) {
        ALL.set(JAVA_DOUBLE_UNALIGNED, at(least + i * 8L), value);
      }
      if (value > ALL.get(JAVA_DOUBLE_UNALIGNED, at(most + i * 8L))) {
        ALL.set(JAVA_DOUBLE_UNALIGNED, at(most + i * 8L), value);
      }
    }
  }
}
