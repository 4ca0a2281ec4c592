/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A stored two-dimensional array as rows. Immutable and safe for use by several threads; the memory belongs to the arena
 * it was opened with.
 *
 * <p>A direct array has its rows in the segment as kernels read them: native byte order, C order, all columns. Any other
 * (Fortran order, big-endian, selected columns, bool) is read row by row through {@link #copyRow}, without materialising
 * the file.
 */
public final class RowArray {
  private RowArray() {}

  /** Returns the element type. */
  public ElementType type() {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of rows. */
  public long rows() {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of (selected) columns. */
  public int columns() {
    throw new UnsupportedOperationException();
  }

  /** Returns the size of one finished row, {@code columns * type.bytes()}; in a direct array also the distance of rows. */
  public long rowBytes() {
    throw new UnsupportedOperationException();
  }

  /** Returns the file, for messages. */
  public Path path() {
    throw new UnsupportedOperationException();
  }

  /** Returns whether {@link #segment()} may be read by kernels after {@link #guard}. */
  public boolean isDirect() {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns the memory of a direct array. It may be a map: read it with unaligned layouts and only after {@link #guard}.
   *
   * @throws IllegalStateException where the array is not direct
   */
  public MemorySegment segment() {
    throw new UnsupportedOperationException();
  }

  /** Returns the byte offset of a row in the segment of a direct array; not checked. */
  public long rowOffset(long row) {
    throw new UnsupportedOperationException();
  }

  /**
   * Copies one row in native byte order, all (selected) columns, bool as 0 or 1; allocates nothing.
   *
   * @param dst native memory with room for {@link #rowBytes()}
   * @throws IndexOutOfBoundsException for a row outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void copyRow(long row, MemorySegment dst, long dstOffset) {
    throw new UnsupportedOperationException();
  }

  /**
   * Touches every page of a range of rows with plain reads, so that a file that was truncated or cannot be read becomes an
   * exception here and not a crash in a vector kernel. Cheap (one byte read a page) and without allocation; nothing to do
   * for memory that is not a map.
   *
   * @throws IndexOutOfBoundsException for rows outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void guard(long firstRow, long rowCount) {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns a view of some columns, in the order given, repeats allowed; columns count in this array.
   *
   * @throws IndexOutOfBoundsException for a column outside the array
   */
  public RowArray select(int[] columns) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads everything once into memory of the arena, 64-byte aligned, and returns it as a direct array.
   *
   * @param to element type of the copy, or null: as stored
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public RowArray cached(ElementType to, Arena arena) {
    throw new UnsupportedOperationException();
  }
}
