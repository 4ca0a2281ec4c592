/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Memory by absolute address, for the loops of vector kernels.
 *
 * <p>A kernel on the segments of its caller is fast only while no other vector code ran slowly in
 * the same process: the profile of the JDK's shared access methods then keeps their checks of
 * bounds and of liveness inside the loop, 2.5 to 4 times the time. Of a constant segment over all
 * memory nothing is left to check. So the public methods of kernels check each range once, with
 * {@link #of}, and their loops use {@link #ALL}. Who calls kernels on memory that another thread
 * may unmap holds it for the call.
 */
final class Addresses {
  /** All memory; offsets are addresses. */
  static final MemorySegment ALL = all();

  private Addresses() {}

  /**
   * Returns the address of a range of native memory.
   *
   * @throws IndexOutOfBoundsException when the segment does not hold it
   * @throws IllegalArgumentException when the segment is on the heap
   * @throws IllegalStateException when the segment is closed
   */
  static long of(MemorySegment segment, long offset, long bytes) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("expected native memory, found " + segment);
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("the memory is closed: " + segment);
    }
    Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
    return segment.address() + offset;
  }

  /**
   * Like {@link #of} for a range that will be written.
   *
   * @throws IllegalArgumentException when the segment is read-only too
   */
  static long writable(MemorySegment segment, long offset, long bytes) {
    if (segment.isReadOnly()) {
      throw new IllegalArgumentException("expected memory that may be written, found " + segment);
    }
    return of(segment, offset, bytes);
  }

  @SuppressWarnings("restricted") // the one place that sees memory without bounds
  private static MemorySegment all() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
