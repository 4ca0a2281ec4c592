/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.array.ElementType;
import org.syncline.array.Tensor;

/**
 * Describes one entry of a chunk before it is read.
 *
 * @param key the device
 * @param timestamps whether these are the device's timestamps (shape (T)) rather than its values
 * @param type element type
 * @param shape shape without a batch axis
 */
public record TensorSpec(String key, boolean timestamps, ElementType type, long[] shape) {
  /** Returns the size of the entry in bytes. */
  public long bytes() {
    return Tensor.elements(shape) * type.bytes();
  }
}
