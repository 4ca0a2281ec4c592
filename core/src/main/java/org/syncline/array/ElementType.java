/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.util.StringJoiner;

/** Types of array elements, in native byte order. */
public enum ElementType {
  BOOL("bool", 1, false),
  INT8("int8", 1, false),
  UINT8("uint8", 1, false),
  INT16("int16", 2, false),
  UINT16("uint16", 2, false),
  INT32("int32", 4, false),
  UINT32("uint32", 4, false),
  INT64("int64", 8, false),
  UINT64("uint64", 8, false),
  FLOAT16("float16", 2, true),
  BFLOAT16("bfloat16", 2, true),
  FLOAT32("float32", 4, true),
  FLOAT64("float64", 8, true);

  private final String numpyName;
  private final int bytes;
  private final boolean floating;

  ElementType(String numpyName, int bytes, boolean floating) {
    this.numpyName = numpyName;
    this.bytes = bytes;
    this.floating = floating;
  }

  /** Returns NumPy's name, for instance {@code float32}; NumPy itself has no {@code bfloat16}. */
  public String numpyName() {
    return numpyName;
  }

  /**
   * Returns the type that NumPy calls so.
   *
   * @throws IllegalArgumentException where there is none; the message lists those there are
   */
  public static ElementType named(String numpyName) {
    StringJoiner known = new StringJoiner(", ");
    for (ElementType type : values()) {
      if (type.numpyName.equals(numpyName)) {
        return type;
      }
      known.add(type.numpyName);
    }
    throw new IllegalArgumentException("found " + numpyName + ", expected one of " + known);
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether elements are floating point and so can be NaN. */
  public boolean isFloating() {
    return floating;
  }
}
