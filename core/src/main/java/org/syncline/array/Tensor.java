/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Describes a dense array in C order: type, shape and the native segment that holds exactly its
 * elements. Immutable.
 *
 * <p>A tensor owns nothing; the segment belongs to the chunk or batch that made it, and using it
 * after that owner's close is refused by the segment.
 */
public final class Tensor {
  private final ElementType type;
  private final long[] shape;
  private final MemorySegment data;
  private final long elements;

  /**
   * Describes an array.
   *
   * @param type element type, native byte order
   * @param shape lengths of the axes, empty for a scalar; copied
   * @param data native segment of {@code elements * type.bytes()} bytes
   * @throws IllegalArgumentException where the segment has another size
   */
  public Tensor(ElementType type, long[] shape, MemorySegment data) {
    this.type = Objects.requireNonNull(type, "type is null");
    this.shape = shape.clone();
    this.data = data;
    elements = elements(shape);
    long bytes = elements * type.bytes();
    if (data.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "data has " + data.byteSize() + " bytes, expected " + bytes);
    }
  }

  /** Returns the element type; elements are in native byte order. */
  public ElementType type() {
    return type;
  }

  /** Returns a copy of the lengths of the axes; empty for a scalar. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns the number of axes; allocates nothing. */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the length of an axis; allocates nothing.
   *
   * @throws IndexOutOfBoundsException for an axis outside 0 … rank-1
   */
  public long size(int axis) {
    return shape[axis];
  }

  /** Returns the segment that holds the elements, in C order. */
  public MemorySegment data() {
    return data;
  }

  /** Returns the number of elements. */
  public long elements() {
    return elements;
  }

  /**
   * Returns the product of lengths.
   *
   * @throws ArithmeticException where it does not fit in 64 bits
   */
  public static long elements(long[] shape) {
    long n = 1;
    for (long s : shape) {
      n = Math.multiplyExact(n, s);
    }
    return n;
  }

  /** Returns type and shape, for messages. */
  @Override
  public String toString() {
    return type.numpyName() + " " + Arrays.toString(shape);
  }
}
