/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;

/**
 * Compiled reading of one device: immutable, shared by threads; each thread reads through a cursor
 * of its own.
 */
public interface Sampler {
  /** Returns the element type written. */
  ElementType type();

  /**
   * Returns the shape of {@code samples} samples in a chunk: (T, N), or (C, T, H, W) for a screen.
   */
  long[] shape(int samples);

  /**
   * Returns whether pixels that are written as UINT8 are the very ones that would be written as
   * FLOAT32: none was rounded, resized or replaced. To normalise them later then gives the same
   * bits. False by default, and for every other type.
   *
   * <p>May look at every file of the device the first time.
   */
  default boolean writesStoredBytes() {
    return false;
  }

  /**
   * Opens a cursor that can read up to {@code maxSamples} samples a call.
   *
   * @throws org.syncline.error.ClosedException after the interpolator's close
   */
  Cursor cursor(int maxSamples);

  /** Scratch memory and position of one reading thread. Not safe for use by two threads at once. */
  interface Cursor extends AutoCloseable {
    /**
     * Writes the values at the times into native memory, C order, {@code shape(count)}; allocates
     * nothing on the heap.
     *
     * @param times seconds, ascending; only the first {@code count} are read
     * @return how many times had a value; when this is less than {@code count} the memory's content
     *     is undefined
     * @throws org.syncline.error.ClosedException after the interpolator's close
     * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
     */
    int read(double[] times, int count, MemorySegment dst, long dstOffset);

    /**
     * Asks the operating system to read what {@link #read} would for the same times, without
     * waiting for it. A hint: times without a value, and memory that is no map, are passed over.
     *
     * @return how many bytes were asked for
     * @throws org.syncline.error.ClosedException after the interpolator's close
     */
    default long willNeed(double[] times, int count) {
      return 0;
    }

    /**
     * Opens the files that {@link #read} would read for the same times, without reading data: what
     * is damaged or missing is said now. By default a device has no files but those that it opened
     * at first.
     *
     * @throws org.syncline.error.ClosedException after the interpolator's close
     * @throws org.syncline.error.RecordingException where a file is missing or wrong
     */
    default void openFiles(double[] times, int count) {}

    /** Returns how many NaN the policy has replaced since the cursor was opened. */
    long replacedNaNs();

    /** Frees the scratch memory; any number of times. */
    @Override
    void close();
  }
}
