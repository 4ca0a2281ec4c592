/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.syncline.array.TensorSpec;

/**
 * Reads chunks of one dataset into the caller's memory. Holds the scratch of one thread: not safe
 * for use by two threads at once; open one a thread. Closing the dataset first makes every read
 * raise ClosedException.
 */
public interface ChunkReader extends AutoCloseable {
  /**
   * Returns the entries of a chunk in the order of the arrays that {@link #read} takes: values,
   * then timestamps.
   */
  List<TensorSpec> layout();

  /**
   * Writes chunk {@code index} (of the dataset's current start times) into native memory; allocates
   * nothing on the heap.
   *
   * @param index 0 … length-1
   * @param segments one native segment an entry of {@link #layout()}
   * @param offsets byte offset of the entry in its segment
   * @throws IndexOutOfBoundsException for an index outside the dataset
   * @throws org.syncline.error.ClosedException after close of the reader or the dataset
   * @throws org.syncline.error.RecordingException where a file shrank or cannot be read, or a chunk
   *     comes back short
   */
  void read(int index, MemorySegment[] segments, long[] offsets);

  /** Like {@link #read} for any start time in seconds on the lead device's clock. */
  void readAt(double start, MemorySegment[] segments, long[] offsets);

  /**
   * Asks the operating system to read what chunk {@code index} needs from files, without waiting
   * for it: for chunks that are read soon, where their files are not in memory.
   *
   * @return how many bytes were asked for
   * @throws IndexOutOfBoundsException for an index outside the dataset
   * @throws org.syncline.error.ClosedException after close of the reader or the dataset
   */
  default long willNeed(int index) {
    return 0;
  }

  /** Like {@link #willNeed} for any start time in seconds on the lead device's clock. */
  default long willNeedAt(double start) {
    return 0;
  }

  /**
   * Opens the files that the chunk that starts at a time needs, without reading data: what is
   * missing or damaged is said now.
   *
   * @param start seconds on the lead device's clock
   * @throws org.syncline.error.ClosedException after close of the reader or the dataset
   * @throws org.syncline.error.RecordingException where a file is missing or wrong
   */
  default void openFilesAt(double start) {}

  /** Returns counters of the stages since the reader was opened: the same object at each call. */
  StageCounters counters();

  /** Frees the scratch memory; any number of times. */
  @Override
  void close();
}
