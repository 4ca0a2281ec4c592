/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes a dense array in C order: type, shape and the native segment that holds exactly its
 * elements. Immutable.
 *
 * <p>A tensor owns nothing; the segment belongs to the chunk or batch that made it, and using it
 * after that owner's close is refused by the segment.
 */
public final class Tensor {
  /** The most bytes of a buffer over a segment: what the JDK takes for the longest array. */
  private static final long MOST_BUFFER_BYTES = Integer.MAX_VALUE - 8;

  private final ElementType type;
  private final long[] shape;
  private final MemorySegment data;
  private final long elements;
  private final Runnable use;

  /**
   * Describes an array.
   *
   * @param type element type, native byte order
   * @param shape lengths of the axes, empty for a scalar; copied
   * @param data native segment of {@code elements * type.bytes()} bytes
   * @throws IllegalArgumentException where the segment has another size
   */
  public Tensor(ElementType type, long[] shape, MemorySegment data) {
    this(type, shape, data, null);
  }

  /**
   * Describes an array whose owner is asked before it is used.
   *
   * @param use called by each {@link #data} and {@link #asByteBuffer}; throws where the owner is
   *     closed. Null: nobody is asked
   * @throws IllegalArgumentException where the segment has another size
   */
  public Tensor(ElementType type, long[] shape, MemorySegment data, @Nullable Runnable use) {
    this.type = Objects.requireNonNull(type, "type is null");
    this.shape = Objects.requireNonNull(shape, "shape is null").clone();
    this.data = Objects.requireNonNull(data, "data is null");
    this.use = use;
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
    if (use != null) {
      use.run();
    }
    return data;
  }

  /**
   * Returns a direct buffer over the same memory, for libraries that take buffers: the elements in
   * C order, in native byte order, from position 0 to the limit. Copies nothing. Each call makes a
   * buffer, whose position is the caller's own; {@code asFloatBuffer()} and the like show it as
   * elements.
   *
   * <p>It lives as long as {@link #data}: using it later raises IllegalStateException, but native
   * code that was given its address is not stopped. The tensor's owner is to be open until that
   * code is done. Of a {@link org.syncline.Chunk} the thread that read it may use it.
   *
   * @throws UnsupportedOperationException for more than 2,147,483,639 bytes, which is what a buffer
   *     may have: slices of {@link #data} have as many as wanted
   */
  public ByteBuffer asByteBuffer() {
    MemorySegment bytes = data();
    if (bytes.byteSize() > MOST_BUFFER_BYTES) {
      throw new UnsupportedOperationException(
          this
              + " has "
              + bytes.byteSize()
              + " bytes, and a buffer at most "
              + MOST_BUFFER_BYTES
              + ": take data(), or buffers of its slices,"
              + " data().asSlice(offset, bytes).asByteBuffer().order(ByteOrder.nativeOrder())");
    }
    return bytes.asByteBuffer().order(ByteOrder.nativeOrder());
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
    Objects.requireNonNull(shape, "shape is null");
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
