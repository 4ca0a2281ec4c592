/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.util.Arrays;
import java.util.Objects;

/**
 * Describes one entry of a chunk before it is read: whose it is, its element type and its shape.
 * Immutable.
 */
public final class TensorSpec {
  private final String key;
  private final boolean timestamps;
  private final ElementType type;
  private final long[] shape;
  private final long bytes;

  /**
   * Creates a description.
   *
   * @param key the device
   * @param timestamps whether these are the device's timestamps rather than its values
   * @param type element type
   * @param shape shape without a batch axis; copied
   */
  public TensorSpec(String key, boolean timestamps, ElementType type, long... shape) {
    this.key = Objects.requireNonNull(key, "key is null");
    this.timestamps = timestamps;
    this.type = Objects.requireNonNull(type, "type is null");
    this.shape = shape.clone();
    bytes = Math.multiplyExact(Tensor.elements(shape), (long) type.bytes());
  }

  /** Returns the name of the device. */
  public String key() {
    return key;
  }

  /** Returns whether the entry is the device's timestamps, shape (T), rather than its values. */
  public boolean timestamps() {
    return timestamps;
  }

  /** Returns the element type. */
  public ElementType type() {
    return type;
  }

  /** Returns a copy of the shape, which has no batch axis. */
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

  /** Returns the size of the entry in bytes. */
  public long bytes() {
    return bytes;
  }

  /** Returns whether the other describes an entry of the same device, kind, type and shape. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TensorSpec o
        && key.equals(o.key)
        && timestamps == o.timestamps
        && type == o.type
        && Arrays.equals(shape, o.shape);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * key.hashCode() + type.ordinal()) + Arrays.hashCode(shape);
  }

  /** Returns device, kind, type and shape, for messages. */
  @Override
  public String toString() {
    return (timestamps ? "timestamps of " : "")
        + key
        + ": "
        + type.numpyName()
        + " "
        + Arrays.toString(shape);
  }
}
