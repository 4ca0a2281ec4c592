/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import java.lang.foreign.MemorySegment;
import org.syncline.kernel.lanes.Addresses;

/** Checks of rows and planes. */
final class Frames {
  private Frames() {}

  /**
   * Returns the address of rows that begin so many bytes after one another.
   *
   * @throws IndexOutOfBoundsException where they do not lie in their segment
   */
  static long rows(MemorySegment s, long offset, int count, long distance, long bytesOfEach) {
    if (count < 1 || distance < 0 || distance > (Long.MAX_VALUE - bytesOfEach) / count) {
      throw new IndexOutOfBoundsException(count + " rows, " + distance + " bytes apart");
    }
    return Addresses.of(s, offset, (count - 1) * distance + bytesOfEach);
  }
}
