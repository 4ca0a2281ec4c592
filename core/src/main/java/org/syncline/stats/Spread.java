/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.format.Values;

/** Smallest and largest numbers of columns, and sketches of their quantiles. For one thread. */
final class Spread {
  final double[] least;
  final double[] most;
  private final ElementType type;
  private final QuantileSketch[] sketches;
  private final int[] sketchOf;
  private final float[] floats;
  private final double[] doubles;

  /**
   * Begins without values.
   *
   * @param sketches what columns are added to, or null
   * @param sketchOf which of the sketches a column is added to
   */
  Spread(ElementType type, int columns, QuantileSketch[] sketches, int[] sketchOf) {
    this.type = type;
    this.sketches = sketches;
    this.sketchOf = sketchOf;
    least = new double[columns];
    most = new double[columns];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    floats = new float[type == ElementType.FLOAT32 ? columns : 0];
    doubles = new double[columns];
  }

  void add(MemorySegment rows, long offset, long count, long rowBytes) {
    for (long k = 0; k < count; k++) {
      long at = offset + k * rowBytes;
      load(rows, at);
      for (int i = 0; i < doubles.length; i++) {
        double value = doubles[i];
        // comparisons with NaN are false
        if (value < least[i]) {
          least[i] = value;
        }
        if (value > most[i]) {
          most[i] = value;
        }
      }
      if (sketches != null) {
        for (int i = 0; i < doubles.length; i++) {
          sketches[sketchOf[i]].add(doubles[i]);
        }
      }
    }
  }

  private void load(MemorySegment rows, long at) {
    int n = doubles.length;
    switch (type) {
      case FLOAT32 -> {
        MemorySegment.copy(rows, JAVA_FLOAT_UNALIGNED, at, floats, 0, n);
        for (int i = 0; i < n; i++) {
          doubles[i] = floats[i];
        }
      }
      case FLOAT64 -> MemorySegment.copy(rows, JAVA_DOUBLE_UNALIGNED, at, doubles, 0, n);
      default -> {
        MemorySegment row = rows.asSlice(at, (long) n * type.bytes());
        for (int i = 0; i < n; i++) {
          doubles[i] = Values.get(type, row, i);
        }
      }
    }
  }
}
