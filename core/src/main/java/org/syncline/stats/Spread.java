/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.device.support.ColumnMoments;
import org.syncline.format.Values;
import org.syncline.kernel.ExtremesPass;

/** Smallest and largest numbers of columns, and sketches of their quantiles. For one thread. */
final class Spread {
  private final ElementType type;
  private final int columns;
  private final ExtremesPass pass;
  private final boolean floats;
  private final MemorySegment least;
  private final MemorySegment most;
  private final QuantileSketch[] sketches;
  private final int[] sketchOf;

  /**
   * Begins without values.
   *
   * @param arena owner of two numbers a column
   * @param sketches what columns are added to, or null
   * @param sketchOf which of the sketches a column is added to
   */
  Spread(ElementType type, int columns, Arena arena, QuantileSketch[] sketches, int[] sketchOf) {
    this.type = type;
    this.columns = columns;
    this.sketches = sketches;
    this.sketchOf = sketchOf;
    pass = ExtremesPass.of(type);
    floats = ExtremesPass.kept(type) == ElementType.FLOAT32;
    least = filled(arena, Double.POSITIVE_INFINITY);
    most = filled(arena, Double.NEGATIVE_INFINITY);
  }

  private MemorySegment filled(Arena arena, double value) {
    MemorySegment all = arena.allocate(8L * Math.max(1, columns), 64);
    for (int i = 0; i < columns; i++) {
      if (floats) {
        all.setAtIndex(JAVA_FLOAT, i, (float) value);
      } else {
        all.setAtIndex(JAVA_DOUBLE, i, value);
      }
    }
    return all;
  }

  /** Adds rows to moments and compares them, in one pass where there is one. */
  void add(ColumnMoments moments, MemorySegment rows, long offset, long count, long rowBytes) {
    if (type == ElementType.FLOAT32 && sketches == null) {
      moments.addWithExtremes(rows, offset, count, rowBytes, least, most);
    } else {
      moments.add(rows, offset, count, rowBytes);
      add(rows, offset, count, rowBytes);
    }
  }

  void add(MemorySegment rows, long offset, long count, long rowBytes) {
    pass.run(rows, offset, rowBytes, Math.toIntExact(count), least, most, columns);
    for (long k = 0; sketches != null && k < count; k++) {
      sketch(rows, offset + k * rowBytes);
    }
  }

  private void sketch(MemorySegment rows, long at) {
    if (type == ElementType.FLOAT32) {
      for (int i = 0; i < columns; i++) {
        sketches[sketchOf[i]].add(rows.get(JAVA_FLOAT_UNALIGNED, at + 4L * i));
      }
      return;
    }
    MemorySegment row = rows.asSlice(at, (long) columns * type.bytes());
    for (int i = 0; i < columns; i++) {
      sketches[sketchOf[i]].add(Values.get(type, row, i));
    }
  }

  /** Returns the smallest numbers so far, infinity of a column without one. */
  double[] least() {
    return copy(least);
  }

  /** Returns the largest numbers so far, minus infinity of a column without one. */
  double[] most() {
    return copy(most);
  }

  private double[] copy(MemorySegment all) {
    double[] values = new double[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = floats ? all.getAtIndex(JAVA_FLOAT, i) : all.getAtIndex(JAVA_DOUBLE, i);
    }
    return values;
  }
}
