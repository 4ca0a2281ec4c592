/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Describes a dense array in C order: type, shape and the native segment that holds exactly its
 * elements.
 *
 * <p>A tensor owns nothing; the segment belongs to whoever made it (a chunk, a batch), and using it
 * after that owner's close is refused by the segment. Callers must not change the shape array.
 *
 * @param type element type, native byte order
 * @param shape lengths of the axes; empty for a scalar
 * @param data native segment of {@code elements * type.bytes()} bytes
 */
public record Tensor(ElementType type, long[] shape, MemorySegment data) {
  public Tensor {
    Objects.requireNonNull(type, "type is null");
    long bytes = elements(shape) * type.bytes();
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "data has " + data.byteSize() + " bytes, expected " + bytes);
    }
  }

  /** Returns the product of the lengths. */
  public static long elements(long[] shape) {
    long n = 1;
    for (long s : shape) {
      n = Math.multiplyExact(n, s);
    }
    return n;
  }

  /** Returns the number of elements. */
  public long elements() {
    return elements(shape);
  }
}
