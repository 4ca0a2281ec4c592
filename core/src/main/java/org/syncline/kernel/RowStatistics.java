/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.kernel.lanes.Addresses;

/** The statistics of a row pass: checked when it is bound, known to its loops by address. */
final class RowStatistics {
  final RowFinish.Mode mode;
  final ElementType compute;

  /** Address of the means, 0 where nothing is subtracted. */
  final long means;

  /** Address of the standard deviations, 0 where nothing is normalised. */
  final long stds;

  /** Bytes from one column's statistics to the next's, 0 where all columns share them. */
  final int step;

  /** How many columns have statistics. */
  private final int columns;

  // the loops know their memory by address alone
  private final MemorySegment meansMemory;
  private final MemorySegment stdsMemory;

  /**
   * Checks what a description says.
   *
   * @throws IndexOutOfBoundsException where there is not even one mean or standard deviation
   * @throws IllegalArgumentException for statistics on the heap, or in a type that is neither
   *     FLOAT32 nor FLOAT64
   * @throws IllegalStateException for closed ones
   */
  RowStatistics(RowFinish f) {
    mode = f.normalization();
    compute = f.compute();
    int size = compute.bytes();
    boolean plain = mode == RowFinish.Mode.NONE;
    if (!plain && compute != ElementType.FLOAT32 && compute != ElementType.FLOAT64) {
      throw new IllegalArgumentException("statistics in " + compute.numpyName());
    }
    boolean each = mode == RowFinish.Mode.COLUMNS;
    boolean subtract = !plain && f.subtract();
    meansMemory = subtract ? f.means() : null;
    stdsMemory = plain ? null : f.stds();
    long least = Integer.MAX_VALUE;
    if (each) {
      least = Math.min(least, stdsMemory.byteSize() / size);
      least = subtract ? Math.min(least, meansMemory.byteSize() / size) : least;
    }
    columns = (int) least;
    long bytes = (each ? least : 1) * size;
    means = subtract ? Addresses.of(meansMemory, 0, bytes) : 0;
    stds = plain ? 0 : Addresses.of(stdsMemory, 0, bytes);
    step = each ? size : 0;
  }

  /**
   * Checks that so many columns have statistics.
   *
   * @throws IndexOutOfBoundsException where they have not
   */
  void check(int count) {
    if (count > columns) {
      throw new IndexOutOfBoundsException(
          count + " columns, expected at most " + columns + ", as many as have statistics");
    }
  }

  /** Names the loops that such statistics take: others where nothing is subtracted. */
  String code() {
    return mode == RowFinish.Mode.NONE ? "plain" : mode.name() + (means == 0 ? "/" : "-/");
  }

  /** Returns whether each column has its own. */
  boolean byColumn() {
    return step != 0;
  }

  double normalize(double v, int column) {
    if (stds == 0) {
      return v;
    }
    long i = (long) column * step;
    double centred = means == 0 ? v : v - ALL.get(JAVA_DOUBLE_UNALIGNED, at(means + i));
    return centred / ALL.get(JAVA_DOUBLE_UNALIGNED, at(stds + i));
  }

  float normalize(float v, int column) {
    long i = (long) column * step;
    float centred = means == 0 ? v : v - ALL.get(JAVA_FLOAT_UNALIGNED, at(means + i));
    return centred / ALL.get(JAVA_FLOAT_UNALIGNED, at(stds + i));
  }

  /** Returns the one mean of all columns, 0 where nothing is subtracted: it changes no value. */
  double doubleMean() {
    return means == 0 ? 0 : ALL.get(JAVA_DOUBLE_UNALIGNED, means);
  }

  double doubleStd() {
    return ALL.get(JAVA_DOUBLE_UNALIGNED, stds);
  }

  /** As {@link #doubleMean}. */
  float floatMean() {
    return means == 0 ? 0 : ALL.get(JAVA_FLOAT_UNALIGNED, means);
  }

  float floatStd() {
    return ALL.get(JAVA_FLOAT_UNALIGNED, stds);
  }
}
