/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.kernel.RowFinish;
import org.syncline.kernel.RowPass;
import org.syncline.transform.Normalization;

/** Normalises and converts values, (T, N) in C order. Immutable, shared by threads. */
public final class MatrixFinish {
  private final ElementType from;
  private final ElementType type;
  private final int columns;
  private final RowPass row;

  /** Whether rows can be written as one. */
  private final boolean rowsAsOne;

  private final boolean mayHoldNaN;
  private final boolean plain;
  private final NanRule nans;

  /**
   * Compiles what is done to values.
   *
   * @param from type of the values, natural where nothing is normalised; float16 and bfloat16 are
   *     normalised in float32
   * @param mayHoldNaN whether the values can hold NaN; else NaN can only come of statistics that
   *     are not finite
   * @param folder the device's folder, for messages
   * @throws IllegalArgumentException for screen transforms, statistics of a wrong length, or an
   *     element type that is neither the natural one nor floating
   */
  public MatrixFinish(
      ElementType from, int columns, boolean mayHoldNaN, Finish finish, Path folder) {
    this.from = from;
    this.columns = columns;
    if (!finish.transforms().isEmpty()) {
      throw new IllegalArgumentException(
          folder + " is no screen: screen transforms do not apply to it");
    }
    Normalization n = finish.normalization();
    ElementType natural = n == null || from.isFloating() ? from : ElementType.FLOAT32;
    this.type = finish.type() == null ? natural : finish.type();
    if (type != natural && !type.isFloating()) {
      throw new IllegalArgumentException(
          folder
              + ": element type "
              + type.numpyName()
              + ", expected a floating type or "
              + natural.numpyName());
    }
    if (n == null) {
      this.row = RowPass.of(from, type);
    } else {
      ElementType compute = from == ElementType.FLOAT64 ? from : ElementType.FLOAT32;
      boolean scalar = n.stds().length == 1 && (n.means() == null || n.means().length == 1);
      this.row =
          RowPass.of(
              new RowFinish(
                  from,
                  compute,
                  type,
                  scalar ? RowFinish.Mode.SCALAR : RowFinish.Mode.COLUMNS,
                  n.means() != null,
                  statistics(folder, n.means(), compute, columns, scalar),
                  statistics(folder, n.stds(), compute, columns, scalar)));
    }
    this.rowsAsOne = n == null;
    this.plain = n == null && type == from;
    this.mayHoldNaN = NanRule.possible(mayHoldNaN && from.isFloating(), n);
    this.nans = new NanRule(finish.nans(), this.mayHoldNaN, type, columns);
  }

  public static MemorySegment statistics(
      Path folder, double[] values, ElementType compute, int columns, boolean scalar) {
    if (values == null) {
      return null;
    }
    if (values.length != 1 && values.length != columns) {
      throw new IllegalArgumentException(
          folder
              + ": statistics of "
              + values.length
              + " values, expected 1 or "
              + columns
              + ", one a column");
    }
    int count = scalar ? 1 : columns;
    MemorySegment segment =
        Arena.ofAuto().allocate(Math.max(8, (long) count * compute.bytes()), 64);
    // through arrays: at a first opening this runs interpreted, where an element of a segment takes
    // a microsecond
    if (compute == ElementType.FLOAT64) {
      double[] all = new double[count];
      for (int i = 0; i < count; i++) {
        all[i] = values[values.length == 1 ? 0 : i];
      }
      MemorySegment.copy(all, 0, segment, JAVA_DOUBLE, 0, count);
    } else {
      float[] all = new float[count];
      for (int i = 0; i < count; i++) {
        all[i] = (float) values[values.length == 1 ? 0 : i];
      }
      MemorySegment.copy(all, 0, segment, JAVA_FLOAT, 0, count);
    }
    return segment;
  }

  /** Returns the type written. */
  public ElementType type() {
    return type;
  }

  /** Returns whether values are written as they are, so that they can be computed in place. */
  public boolean isPlain() {
    return plain;
  }

  /** Returns whether finished values can hold NaN. */
  boolean mayHoldNaN() {
    return mayHoldNaN;
  }

  /** Returns the NaN policy, which the caller applies to the rows written. */
  public NanRule nans() {
    return nans;
  }

  /** Writes {@code rows} rows, all but for the NaN policy. */
  public void write(MemorySegment src, int rows, MemorySegment dst, long dstOffset) {
    write(src, 0, rows, dst, dstOffset);
  }

  /**
   * Writes {@code rows} rows of one of several matrices that follow each other, all but for the NaN
   * policy.
   *
   * @param plane number of the matrix
   * @param firstOffset where the first of the matrices begins
   */
  void write(MemorySegment src, int plane, int rows, MemorySegment dst, long firstOffset) {
    if (columns == 0 || rows == 0) {
      return;
    }
    long dstBytes = (long) columns * type.bytes();
    long srcOffset = (long) plane * rows * columns * from.bytes();
    long dstOffset = firstOffset + plane * rows * dstBytes;
    if (rowsAsOne && Math.multiplyFull(rows, columns) <= Integer.MAX_VALUE) {
      row.run(src, srcOffset, dst, dstOffset, rows * columns);
    } else {
      long srcBytes = (long) columns * from.bytes();
      for (int i = 0; i < rows; i++) {
        row.run(src, srcOffset + i * srcBytes, dst, dstOffset + i * dstBytes, columns);
      }
    }
  }
}
