/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import org.syncline.array.Tensor;

/**
 * What the header of a .npy file says.
 *
 * @param dtype element type and byte order
 * @param fortranOrder whether the first axis varies fastest
 * @param shape lengths of the axes, none negative, their product times the element size below 2^63;
 *     callers must not change it
 * @param dataOffset byte offset of the first element in the file
 */
public record NpyHeader(Dtype dtype, boolean fortranOrder, long[] shape, long dataOffset) {
  /** Returns the number of elements. */
  public long elements() {
    return Tensor.elements(shape);
  }

  /** Returns the size of the elements in bytes. */
  public long dataBytes() {
    return elements() * dtype.type().bytes();
  }

  /** Returns the shape as NumPy prints it, for instance {@code (3, 4)}. */
  public String shapeText() {
    return shapeText(shape);
  }

  /** Returns a shape as NumPy prints it. */
  static String shapeText(long[] shape) {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++) {
      text.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    return text.append(shape.length == 1 ? ",)" : ")").toString();
  }
}
