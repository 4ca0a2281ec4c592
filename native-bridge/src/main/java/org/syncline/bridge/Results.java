/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;

/** Small results as tensors over memory that the garbage collector frees. */
final class Results {
  private Results() {}

  static Tensor doubles(double[] values, long... shape) {
    MemorySegment data = allocate(values.length * 8L);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_DOUBLE, 0, values.length);
    return new Tensor(
        ElementType.FLOAT64, shape.length == 0 ? new long[] {values.length} : shape, data);
  }

  static Tensor longs(int[] values) {
    MemorySegment data = allocate(values.length * 8L);
    for (int i = 0; i < values.length; i++) {
      data.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
    }
    return new Tensor(ElementType.INT64, new long[] {values.length}, data);
  }

  static Tensor booleans(boolean[] values) {
    MemorySegment data = allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      data.set(ValueLayout.JAVA_BOOLEAN, i, values[i]);
    }
    return new Tensor(ElementType.BOOL, new long[] {values.length}, data);
  }

  static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, 64);
  }
}
