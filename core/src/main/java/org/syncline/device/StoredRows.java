/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.array.ElementType;

/**
 * The stored samples of a device of columns, as they are in its file: for statistics. Safe for use
 * by several threads.
 */
public interface StoredRows {
  /** Returns the type of the values. */
  ElementType type();

  /** Returns the number of values of a row: the columns that are read. */
  int columns();

  /** Returns the number of rows. */
  long rows();

  /** Returns the first row whose time in seconds is not below one, {@link #rows} for none. */
  long firstNotBelow(double time);

  /**
   * Gives rows, block by block, in order.
   *
   * @throws org.syncline.error.ClosedException after the device's close
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  void read(long first, long count, Block block);

  /**
   * Gives some columns of rows likewise: a block's offset is that of the first of them.
   *
   * @throws IndexOutOfBoundsException for columns that there are not
   */
  default void read(long first, long count, int column, int columns, Block block) {
    Objects.checkFromIndexSize(column, columns, columns());
    long skip = (long) column * type().bytes();
    read(
        first,
        count,
        (memory, offset, n, rowBytes) -> block.take(memory, offset + skip, n, rowBytes));
  }

  /** Takes some rows. */
  interface Block {
    /**
     * Takes rows that follow each other.
     *
     * @param memory valid during the call alone
     * @param offset of the first, in bytes
     * @param rowBytes from one row to the next
     */
    void take(MemorySegment memory, long offset, long count, long rowBytes);
  }
}
