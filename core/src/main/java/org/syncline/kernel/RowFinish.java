/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.VectorBits;

/**
 * What a row kernel does to each element between load and store: widen {@code from} to {@code
 * compute}, normalise in {@code compute}, round to {@code to}.
 *
 * @param from stored element type
 * @param compute FLOAT32 or FLOAT64 where there is arithmetic, else equal to {@code from} (a plain
 *     conversion)
 * @param to element type written
 * @param normalization NONE: no arithmetic; SCALAR: one mean and std; COLUMNS: one per column
 * @param subtract whether the mean is subtracted before the division
 * @param means means in the {@code compute} type: 1 element for SCALAR, one per column for COLUMNS;
 *     null for NONE
 * @param stds standard deviations, likewise; the kernel divides, it never multiplies by a
 *     reciprocal (bit for bit)
 */
public record RowFinish(
    ElementType from,
    ElementType compute,
    ElementType to,
    Mode normalization,
    boolean subtract,
    MemorySegment means,
    MemorySegment stds) {
  /** How statistics spread over the row. */
  public enum Mode {
    NONE,
    SCALAR,
    COLUMNS
  }

  /** Returns what a conversion does; equal types are copied. */
  public static RowFinish conversion(ElementType from, ElementType to) {
    return new RowFinish(from, from, to, Mode.NONE, false, null, null);
  }

  /**
   * Returns the same with statistics of its own for so many columns, whatever they are: the warm-up
   * may outlast the memory of these.
   */
  RowFinish rehearsed(int columns) {
    if (normalization == Mode.NONE) {
      return this;
    }
    MemorySegment ones = ones(compute, normalization == Mode.COLUMNS ? columns : 1);
    return new RowFinish(from, compute, to, normalization, subtract, subtract ? ones : null, ones);
  }

  /** Returns ones in memory of their own. */
  static MemorySegment ones(ElementType type, int n) {
    MemorySegment ones = Arena.ofAuto().allocate(Math.max(64, (long) n * type.bytes()), 64);
    for (int i = 0; i < n; i++) {
      Scalars.storeDouble(type, ones, (long) i * type.bytes(), 1);
    }
    return ones;
  }

  /** Returns whether elements are written as they are. */
  boolean isCopy() {
    return normalization == Mode.NONE && from == to;
  }

  /** Returns whether there is vector code for it, see {@link Pass#hasVector}. */
  boolean hasVector() {
    return !isCopy() && VectorBits.takes(from);
  }

  /** Names the loops that it takes, see {@link Pass#code}. */
  String code(RowStatistics statistics) {
    return " "
        + from
        + " "
        + (normalization == Mode.NONE ? "" : compute + " ")
        + to
        + " "
        + statistics.code();
  }
}
