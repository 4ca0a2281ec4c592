/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.util.Locale;

/** The element type that values of sequences and videos are written in. */
public enum ValueType {
  /** float32: each value is computed in float64 and rounded once. */
  FLOAT32,
  /** float64. */
  FLOAT64,
  /**
   * The type in the file, bit for bit, without its conversion and offset, which then stand in the
   * device's {@code meta/nwb.json}.
   */
  STORED;

  /** Returns the name as the command takes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the type of a name.
   *
   * @throws IllegalArgumentException for another name
   */
  public static ValueType named(String word) {
    for (ValueType type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "dtype is '" + word + "', expected float32, float64 or stored");
  }
}
