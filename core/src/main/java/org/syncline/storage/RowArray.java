/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;

/**
 * A stored two-dimensional array as rows. Immutable and safe for use by several threads; the memory
 * belongs to the arena it was opened with, and every access after that arena's close is an
 * IllegalStateException that the façade translates ({@link DataArena#translate}).
 *
 * <p>A direct array has its rows in the segment as kernels read them: native byte order, C order,
 * all columns. Any other (Fortran order, big-endian, selected columns, bool) is read row by row
 * through {@link #copyRow}, without materialising the file.
 */
public final class RowArray {
  private static final int TILE_ROWS = 256;
  private static final long BLOCK_BYTES = 1L << 26;

  private final Path path;
  private final ElementType type;
  private final boolean swapped;
  private final long rows;
  private final int columns;
  private final MemorySegment segment;
  private final boolean mapped;
  private final long rowStride;
  private final long columnStride;
  private final int[] selected;
  private final boolean direct;

  private RowArray(
      Path path,
      Dtype dtype,
      long rows,
      int columns,
      MemorySegment segment,
      boolean mapped,
      long rowStride,
      long columnStride,
      int[] selected,
      boolean normalized) {
    this.path = path;
    this.type = dtype.type();
    this.swapped = dtype.swapped();
    this.rows = rows;
    this.columns = columns;
    this.segment = segment;
    this.mapped = mapped;
    this.rowStride = rowStride;
    this.columnStride = columnStride;
    this.selected = selected;
    this.direct =
        selected == null
            && !swapped
            && (columnStride == type.bytes() || columns <= 1)
            && (rowStride == (long) columns * type.bytes() || rows <= 1)
            && (normalized || type != ElementType.BOOL);
  }

  /** Describes a map of a file's elements. */
  static RowArray mapped(
      Path path, Dtype dtype, boolean fortran, long rows, int columns, MemorySegment segment) {
    int bytes = dtype.type().bytes();
    return new RowArray(
        path,
        dtype,
        rows,
        columns,
        segment,
        true,
        fortran ? bytes : (long) columns * bytes,
        fortran ? rows * bytes : bytes,
        null,
        false);
  }

  /**
   * Describes rows that lie in the caller's native memory, in C order and native byte order, bool
   * as 0 or 1: data that was made in memory or cached.
   *
   * @param path the file they come from, for messages
   * @param segment at least {@code rows * columns * type.bytes()} bytes
   */
  public static RowArray of(
      Path path, ElementType type, long rows, int columns, MemorySegment segment) {
    long bytes = Math.multiplyExact(Math.multiplyExact(rows, (long) columns), (long) type.bytes());
    if (rows < 0 || columns < 0 || segment.byteSize() < bytes || !segment.isNative()) {
      throw new IllegalArgumentException(
          "found " + segment.byteSize() + " bytes, expected native memory of at least " + bytes);
    }
    return new RowArray(
        path,
        Dtype.of(type),
        rows,
        columns,
        segment,
        false,
        (long) columns * type.bytes(),
        type.bytes(),
        null,
        true);
  }

  /** Returns the element type. */
  public ElementType type() {
    return type;
  }

  /** Returns the number of rows. */
  public long rows() {
    return rows;
  }

  /** Returns the number of (selected) columns. */
  public int columns() {
    return columns;
  }

  /**
   * Returns the size of one finished row, {@code columns * type.bytes()}; in a direct array also
   * the distance of rows.
   */
  public long rowBytes() {
    return (long) columns * type.bytes();
  }

  /** Returns the file, for messages. */
  public Path path() {
    return path;
  }

  /** Returns whether {@link #segment()} may be read by kernels after {@link #guard}. */
  public boolean isDirect() {
    return direct;
  }

  /** Returns whether the memory is a map of a file, so that {@link #guard} has something to do. */
  public boolean isMapped() {
    return mapped;
  }

  /**
   * Returns the memory of a direct array. It may be a map: read it with unaligned layouts and only
   * after {@link #guard}.
   *
   * @throws IllegalStateException where the array is not direct
   */
  public MemorySegment segment() {
    if (!direct) {
      throw new IllegalStateException(path + " is not direct: read it with copyRow");
    }
    return segment;
  }

  /** Returns what looks for zeros that nobody wrote; the array is a map of all columns. */
  public ZeroPages zeroPages() {
    return new ZeroPages(path, segment, type.bytes());
  }

  /** Says in words which element holds a byte of the map. */
  public String placeOf(long offset) {
    if (columnStride > rowStride) {
      long column = offset / columnStride;
      return "row " + (offset - column * columnStride) / rowStride + " of column " + column;
    }
    long row = rowStride == 0 ? 0 : offset / rowStride;
    long within = offset - row * rowStride;
    return "row " + row + (within == 0 ? "" : ", column " + within / columnStride);
  }

  /**
   * Returns the bits of one stored element in native byte order, for {@link #value}.
   *
   * @throws IndexOutOfBoundsException for a place outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public long bits(long row, int column) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(column, columns);
    long stored = selected == null ? column : selected[column];
    try {
      long bits = Elements.bits(type, swapped, segment, row * rowStride + stored * columnStride);
      if (mapped) {
        PageGuard.settle((int) bits);
      }
      return bits;
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  /** Returns the value that bits of a type stand for, 64-bit integers rounded to nearest. */
  public static double value(ElementType type, long bits) {
    return Elements.toDouble(type, bits);
  }

  /** Returns the byte offset of a row in the segment of a direct array; not checked. */
  public long rowOffset(long row) {
    return row * rowStride;
  }

  /**
   * Copies one row in native byte order, all (selected) columns, bool as 0 or 1; allocates nothing.
   *
   * @param dst native memory with room for {@link #rowBytes()}
   * @throws IndexOutOfBoundsException for a row outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void copyRow(long row, MemorySegment dst, long dstOffset) {
    copyRows(row, 1, dst, dstOffset);
  }

  /**
   * Copies rows that follow each other as {@link #copyRow} does.
   *
   * @param dst native memory with room for {@code count} times {@link #rowBytes()}
   * @throws IndexOutOfBoundsException for rows outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void copyRows(long first, long count, MemorySegment dst, long dstOffset) {
    Objects.checkFromIndexSize(first, count, rows);
    try {
      if (direct && rowStride == rowBytes()) {
        MemorySegment.copy(segment, first * rowStride, dst, dstOffset, count * rowStride);
      } else {
        for (long k = 0; k < count; k++) {
          long to = dstOffset + k * rowBytes();
          if (direct) {
            MemorySegment.copy(segment, (first + k) * rowStride, dst, to, rowBytes());
          } else {
            copyRowAs(first + k, type, dst, to);
          }
        }
      }
      if (mapped) {
        PageGuard.settle(columns);
      }
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  private void copyRowAs(long row, ElementType to, MemorySegment dst, long dstOffset) {
    long base = row * rowStride;
    if (selected == null) {
      Elements.copy(
          type, swapped, segment, base, columnStride, to, dst, dstOffset, to.bytes(), columns);
    } else {
      for (int i = 0; i < columns; i++) {
        long bits = Elements.bits(type, swapped, segment, base + selected[i] * columnStride);
        put(bits, to, dst, dstOffset + (long) i * to.bytes());
      }
    }
  }

  private void put(long bits, ElementType to, MemorySegment dst, long offset) {
    if (to == type) {
      Elements.store(type.bytes(), bits, dst, offset);
    } else if (to == ElementType.FLOAT32) {
      dst.set(Elements.FLOAT, offset, Elements.toFloat(type, bits));
    } else {
      dst.set(Elements.DOUBLE, offset, Elements.toDouble(type, bits));
    }
  }

  /**
   * Raises now what kernels that ran before may have met on pages of a map: compiled code raises
   * such an error some time after the access.
   */
  public void settle() {
    if (mapped) {
      PageGuard.settle(columns);
    }
  }

  /**
   * Returns the exception for an error that a kernel met after {@link #guard}: a file can be
   * truncated between the two, and where the kernel is not compiled vector code that ends as an
   * error and not the process.
   */
  public RecordingException unreadable(InternalError cause) {
    return PageGuard.unreadable(path, cause);
  }

  /**
   * Touches every page of a range of rows with plain reads, so that a file that was truncated or
   * cannot be read becomes an exception here and not a crash in a vector kernel. Cheap (one byte
   * read a page) and without allocation; nothing to do for memory that is not a map.
   *
   * @throws IndexOutOfBoundsException for rows outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void guard(long firstRow, long rowCount) {
    Objects.checkFromIndexSize(firstRow, rowCount, rows);
    if (!mapped || rowCount == 0 || columns == 0) {
      return;
    }
    if (selected == null && columnStride <= rowStride) {
      PageGuard.guard(segment, firstRow * rowStride, rowCount * rowStride, path);
    } else {
      guardColumns(firstRow, rowCount);
    }
  }

  /**
   * Like {@link #guard} for some columns that follow each other in rows of a direct array; touches
   * no other pages where rows are long.
   *
   * @throws IllegalStateException where the array is not direct
   * @throws IndexOutOfBoundsException for rows or columns outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void guardColumns(long firstRow, long rowCount, int column, int count) {
    if (!direct) {
      throw new IllegalStateException(path + " is not direct: read it with copyRow");
    }
    Objects.checkFromIndexSize(column, count, columns);
    if (rowStride < 2 * PageGuard.PAGE_BYTES || !mapped || count == columns) {
      guard(firstRow, rowCount);
      return;
    }
    Objects.checkFromIndexSize(firstRow, rowCount, rows);
    long bytes = (long) count * type.bytes();
    int sum = 0;
    try {
      for (long row = firstRow; bytes > 0 && row < firstRow + rowCount; row++) {
        sum += PageGuard.touch(segment, rowOffset(row) + (long) column * type.bytes(), bytes);
      }
      PageGuard.settle(sum);
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  /**
   * Like {@link #guard} for many rows of a direct array at once, each with those after it up to
   * {@code span}.
   *
   * @param rows the first {@code count} of them
   * @throws IllegalStateException where the array is not direct
   * @throws IndexOutOfBoundsException for rows outside the array
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  public void guardRows(long[] rows, int count, int span) {
    if (!direct) {
      throw new IllegalStateException(path + " is not direct: read it with copyRow");
    }
    for (int k = 0; k < count; k++) {
      Objects.checkFromIndexSize(rows[k], span, this.rows);
    }
    if (!mapped || count == 0 || columns == 0) {
      return;
    }
    try {
      PageGuard.settle(
          PageGuard.touchRows(
              segment, rowStride, rows, count, (span - 1) * rowStride + rowBytes()));
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  private void guardColumns(long firstRow, long rowCount) {
    int bytes = type.bytes();
    int sum = 0;
    try {
      if (columnStride > rowStride) {
        for (int i = 0; i < columns; i++) {
          long column = selected == null ? i : selected[i];
          sum +=
              PageGuard.touch(
                  segment, column * columnStride + firstRow * rowStride, rowCount * bytes);
        }
      } else {
        for (long row = firstRow; row < firstRow + rowCount; row++) {
          sum += touchSelected(row * rowStride);
        }
      }
      PageGuard.settle(sum);
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
  }

  private int touchSelected(long base) {
    int last = type.bytes() - 1;
    int sum = 0;
    for (int column : selected) {
      long at = base + column * columnStride;
      // both ends: an element of an oddly placed array may lie across two pages
      sum += segment.get(ValueLayout.JAVA_BYTE, at) + segment.get(ValueLayout.JAVA_BYTE, at + last);
    }
    return sum;
  }

  /**
   * Returns a view of some columns, in the order given, repeats allowed; columns count in this
   * array.
   *
   * @throws IndexOutOfBoundsException for a column outside the array
   */
  public RowArray select(int[] columns) {
    int[] chosen = new int[columns.length];
    for (int i = 0; i < chosen.length; i++) {
      int column = Objects.checkIndex(columns[i], this.columns);
      chosen[i] = selected == null ? column : selected[column];
    }
    return new RowArray(
        path,
        new Dtype(type, swapped ? ArrayFiles.otherOrder() : ByteOrder.nativeOrder()),
        rows,
        chosen.length,
        segment,
        mapped,
        rowStride,
        columnStride,
        chosen,
        !mapped);
  }

  /**
   * Reads everything once into memory of the arena, 64-byte aligned, and returns it as a direct
   * array.
   *
   * @param to FLOAT32, FLOAT64 or the stored type; null: as stored
   * @throws IllegalArgumentException for any other type
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read, or
   *     memory does not suffice
   */
  public RowArray cached(ElementType to, Arena arena) {
    ElementType target = to == null ? type : to;
    if (target != type && target != ElementType.FLOAT32 && target != ElementType.FLOAT64) {
      throw new IllegalArgumentException(
          "found " + target.numpyName() + ", expected float32, float64 or null");
    }
    MemorySegment copy =
        ArrayFiles.allocate(path, Math.multiplyExact(rows * columns, target.bytes()), arena);
    try {
      if (direct && target == type) {
        copyBlocks(copy);
      } else if (selected == null && columnStride > rowStride) {
        copyTiles(target, copy);
      } else {
        long targetStride = (long) columns * target.bytes();
        for (long row = 0; row < rows; row++) {
          copyRowAs(row, target, copy, row * targetStride);
        }
      }
      PageGuard.settle(columns);
    } catch (InternalError e) {
      throw PageGuard.unreadable(path, e);
    }
    return of(path, target, rows, columns, copy);
  }

  private void copyBlocks(MemorySegment copy) {
    for (long at = 0, end = copy.byteSize(); at < end; at += BLOCK_BYTES) {
      MemorySegment.copy(segment, at, copy, at, Math.min(BLOCK_BYTES, end - at));
    }
  }

  /** Transposes: short runs of a column at a time, so that both sides stay in the caches. */
  private void copyTiles(ElementType to, MemorySegment copy) {
    long targetStride = (long) columns * to.bytes();
    for (long first = 0; first < rows; first += TILE_ROWS) {
      int count = (int) Math.min(TILE_ROWS, rows - first);
      for (int column = 0; column < columns; column++) {
        Elements.copy(
            type,
            swapped,
            segment,
            column * columnStride + first * rowStride,
            rowStride,
            to,
            copy,
            first * targetStride + (long) column * to.bytes(),
            targetStride,
            count);
      }
    }
  }
}
