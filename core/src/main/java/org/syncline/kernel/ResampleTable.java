/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Weights of resampling a plane along both axes: vertically row by row, horizontally in blocks of
 * as many outputs as a vector has lanes; rows first, or columns where rows become more. Immutable.
 *
 * <p>A block reads a window of 1, 2 or 4 vectors that begins at its first input. For each tap it
 * has the lanes' positions in the window and their weights, so that the horizontal pass is permutes
 * of registers instead of gathers from memory.
 */
public final class ResampleTable {
  /** Marks a lane that has fewer taps than the block; the low bits remain a valid position. */
  static final int UNUSED = Integer.MIN_VALUE;

  /** The weight of a row that is taken as it is. */
  static final float[] ONE = {1};

  private final ResampleAxis rows;
  private final ResampleAxis columns;
  private final float scale;
  private final int lanes;
  private final int window;
  private final int rowTaps;
  private final int taps;
  private final int fullTaps;
  private final int[] outputs;
  private final int[] bases;
  // positions of all blocks, then their weights
  private final MemorySegment entries;
  private final float[] weightsByTap;
  private final boolean[] repeats;
  private final boolean replicates;
  private final int alike;

  /** Lays out the tables for the vectors of this process. */
  public static ResampleTable of(ResampleAxis rows, ResampleAxis columns) {
    return new ResampleTable(rows, columns, KernelProvider.get().lanes());
  }

  /**
   * Lays out the tables.
   *
   * @param lanes {@link Kernels#lanes} of the kernels that will use them
   */
  ResampleTable(ResampleAxis rows, ResampleAxis columns, int lanes) {
    this(rows, columns, lanes, true);
  }

  private ResampleTable(ResampleAxis rows, ResampleAxis columns, int lanes, boolean seekAlike) {
    this.rows = rows;
    this.columns = columns;
    this.lanes = lanes;
    scale = rows.scale() * columns.scale();
    repeats = new boolean[rows.size()];
    int mostRows = 0;
    for (int y = 0; y < rows.size(); y++) {
      repeats[y] = y > 0 && rows.sameAs(y, y - 1);
      mostRows = Math.max(mostRows, rows.taps(y));
    }
    rowTaps = mostRows;
    int width = columns.size();
    int blocks = lanes < 2 || width < lanes ? 0 : (width + lanes - 1) / lanes;
    outputs = new int[blocks];
    bases = new int[blocks];
    int span = 0;
    int most = 0;
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i < width; i++) {
      most = Math.max(most, columns.taps(i));
      fewest = Math.min(fewest, columns.taps(i));
    }
    taps = most;
    fullTaps = fewest;
    weightsByTap = taps == fullTaps && taps <= 4 ? new float[taps * width] : null;
    for (int i = 0; weightsByTap != null && i < width; i++) {
      for (int k = 0; k < taps; k++) {
        weightsByTap[k * width + i] = columns.weight(i, k);
      }
    }
    for (int b = 0; b < blocks; b++) {
      // the last block overlaps the one before rather than being short
      int first = Math.min(b * lanes, width - lanes);
      int base = Integer.MAX_VALUE;
      int end = 0;
      for (int i = first; i < first + lanes; i++) {
        base = Math.min(base, columns.start(i));
        end = Math.max(end, columns.start(i) + columns.taps(i));
      }
      outputs[b] = first;
      bases[b] = base;
      span = Math.max(span, end - base);
    }
    window = blocks == 0 || span > 4 * lanes ? 0 : span <= lanes ? 1 : span <= 2 * lanes ? 2 : 4;
    int count = window == 0 ? 0 : blocks * taps * lanes;
    // arrays first: this runs before the first frame, interpreted, where an element of a segment
    // takes microseconds
    int[] positions = new int[count];
    float[] weights = new float[count];
    for (int e = 0; e < count; e++) {
      int b = e / lanes / taps;
      int tap = e / lanes % taps;
      int i = outputs[b] + e % lanes;
      boolean used = tap < columns.taps(i);
      int at = columns.start(i) - bases[b] + (used ? tap : 0);
      positions[e] = used ? at : at | UNUSED;
      weights[e] = used ? columns.weight(i, tap) : 0;
    }
    // native, so that kernels read it by address; freed with this table
    entries = count == 0 ? MemorySegment.NULL : Arena.ofAuto().allocate(8L * count, 64);
    MemorySegment.copy(positions, 0, entries, ValueLayout.JAVA_INT, 0, count);
    MemorySegment.copy(weights, 0, entries, ValueLayout.JAVA_FLOAT, 4L * count, count);
    replicates = window == 1 && scale == 1 && rows.selectsFirst() && columns.selectsFirst();
    alike = replicates && seekAlike ? commonStep() : 0;
  }

  private int commonStep() {
    int step = bases.length < 2 ? 1 : bases[1] - bases[0];
    for (int b = 0; b < bases.length; b++) {
      if (outputs[b] != b * lanes || bases[b] != b * step) {
        return 0;
      }
      for (int lane = 0; lane < lanes; lane++) {
        long first = (long) lane * Integer.BYTES;
        long at = first + (long) b * taps * lanes * Integer.BYTES;
        if (entries.get(ValueLayout.JAVA_INT, at) != entries.get(ValueLayout.JAVA_INT, first)) {
          return 0;
        }
      }
    }
    return step;
  }

  /** Makes the table that {@link #empty} returns. */
  private ResampleTable(ResampleTable of) {
    rows = of.rows;
    columns = of.columns.part(0, 0);
    lanes = of.lanes;
    scale = of.scale;
    repeats = of.repeats;
    rowTaps = of.rowTaps;
    outputs = new int[0];
    bases = new int[0];
    weightsByTap = null;
    taps = of.taps;
    fullTaps = of.fullTaps;
    window = of.window;
    entries = MemorySegment.NULL;
    replicates = of.replicates;
    alike = of.alike;
  }

  /**
   * Returns a table of few rows and at most so many columns that takes the same ways through the
   * kernels as this one; this one where there is none.
   */
  ResampleTable sample(int most) {
    int n = Math.min(most, width());
    n -= alike > 0 && n > lanes ? n % lanes : 0;
    for (int h = 1; h < height(); h *= 2) {
      // outputs at an end have fewer taps than the others
      for (int from : new int[] {0, width() - n, (width() - n) / 2}) {
        ResampleTable part =
            new ResampleTable(rows.part(0, h), columns.part(from, n), lanes, alike > 0);
        if (part.columnsFirst() == columnsFirst()
            && part.window == window
            && part.taps == taps
            && part.fullTaps == fullTaps
            && part.replicates == replicates
            && part.alike > 0 == alike > 0) {
          return part;
        }
      }
    }
    return this;
  }

  /** Returns a table without columns that takes the same ways through the kernels as this one. */
  ResampleTable empty() {
    return new ResampleTable(this);
  }

  /** Returns the number of output rows. */
  public int height() {
    return rows.size();
  }

  /** Returns the number of output columns. */
  public int width() {
    return columns.size();
  }

  /** Returns the number of input rows. */
  public int sourceHeight() {
    return rows.source();
  }

  /** Returns the number of input columns. */
  public int sourceWidth() {
    return columns.source();
  }

  /**
   * Returns whether columns are resampled before rows: where there are more rows to write than to
   * read.
   */
  boolean columnsFirst() {
    return height() > sourceHeight();
  }

  /**
   * Returns the bytes of one scratch row: a source or output row and what whole vectors read past
   * its end.
   */
  long scratchRowBytes() {
    return ((Math.max(columns.source(), columns.size()) + 4 * lanes + 15) / 16 * 16 + 16) * 4L;
  }

  /** Returns the bytes of scratch memory that {@link ResamplePass} needs. */
  public long scratchBytes() {
    return scratchRowBytes() * (columnsFirst() ? 2 + sourceHeight() : 2);
  }

  /** Returns whether an output row equals the one before it. */
  boolean repeats(int y) {
    return repeats[y];
  }

  /** Returns the axis of the columns. */
  ResampleAxis columns() {
    return columns;
  }

  int rowStart(int y) {
    return rows.start(y);
  }

  int rowTaps(int y) {
    return rows.taps(y);
  }

  /**
   * Returns the columns' weights tap by tap, column by column; null unless all have the same number
   * of taps, four at most.
   */
  float[] weightsByTap() {
    return weightsByTap;
  }

  /** Returns the most source rows that an output row is made of. */
  int mostRowTaps() {
    return rowTaps;
  }

  int rowWeight(int y) {
    return rows.offset(y);
  }

  float[] rowWeights() {
    return rows.weights();
  }

  float scale() {
    return scale;
  }

  /**
   * Returns how many vectors a block's window has: 1, 2 or 4; 0 where the columns must be resampled
   * one by one.
   */
  int window() {
    return window;
  }

  int lanes() {
    return lanes;
  }

  /** Returns the first output column of each block. */
  int[] outputs() {
    return outputs;
  }

  /** Returns the first input column of each block. */
  int[] bases() {
    return bases;
  }

  /** Returns how many taps a block has. */
  int taps() {
    return taps;
  }

  /**
   * Returns how many of the taps every lane of every block has; later ones are marked {@link
   * #UNUSED} in some.
   */
  int fullTaps() {
    return fullTaps;
  }

  /**
   * Returns whether each output is its first input as it is, provided that inputs are finite:
   * weights 1 and 0 alone, and windows of one vector.
   */
  boolean replicates() {
    return replicates;
  }

  /**
   * Returns by how much the bases of blocks rise where a table that {@link #replicates} has blocks
   * which differ in nothing else, as for whole multiples of a width; 0 elsewhere.
   */
  int alike() {
    return alike;
  }

  /**
   * Returns the address of the positions in the window: block by block, tap by tap, lane by lane,
   * as int32.
   */
  long positions() {
    return entries.address();
  }

  /**
   * Returns the address of the weights, laid out as {@link #positions}, as float32; keep the table
   * reachable.
   */
  long weights() {
    return entries.address() + entries.byteSize() / 2;
  }
}
