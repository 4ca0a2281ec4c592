/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.syncline.array.ElementType;
import org.syncline.device.StoredRows;
import org.syncline.storage.RowArray;

/** The rows of a sequence as they are stored; phase shifts play no part in their times. */
record SequenceRows(SequenceInterpolator sequence) implements StoredRows {
  /** Bytes of a block: what the caches keep until the next pass over it. */
  private static final long BLOCK = 1 << 18;

  @Override
  public ElementType type() {
    return sequence.view.type();
  }

  @Override
  public int columns() {
    return sequence.view.columns();
  }

  @Override
  public long rows() {
    return sequence.view.rows();
  }

  @Override
  public long firstNotBelow(double time) {
    if (sequence.times != null) {
      sequence.arena.enter();
      try {
        return sequence.times.firstNotBelow(time, 0);
      } finally {
        sequence.arena.exit();
      }
    }
    double place = Math.ceil((time - sequence.start) / sequence.dt);
    long row = (long) Math.max(0, Math.min(rows(), place));
    // the division may be off by one
    while (row > 0 && sequence.timeOf(row - 1) >= time) {
      row--;
    }
    while (row < rows() && sequence.timeOf(row) < time) {
      row++;
    }
    return row;
  }

  @Override
  public void read(long first, long count, Block block) {
    read(first, count, 0, columns(), block);
  }

  @Override
  public void read(long first, long count, int column, int columns, Block block) {
    RowArray data = sequence.view;
    Objects.checkFromIndexSize(column, columns, data.columns());
    long skip = (long) column * data.type().bytes();
    sequence.arena.enter();
    try (Arena scratch = Arena.ofConfined()) {
      SequenceInterpolator.RowReader reader = new SequenceInterpolator.RowReader(data, scratch);
      long most = data.isDirect() ? Math.max(1, BLOCK / Math.max(1, data.rowBytes())) : 1;
      for (long row = first; row < first + count; row += most) {
        int n = (int) Math.min(most, first + count - row);
        MemorySegment memory = reader.segment(row, n, column, columns);
        block.take(memory, reader.offset() + skip, n, data.rowBytes());
      }
      data.settle();
    } catch (InternalError e) {
      throw data.unreadable(e);
    } finally {
      sequence.arena.exit();
    }
  }
}
