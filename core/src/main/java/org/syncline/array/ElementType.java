/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import java.util.StringJoiner;

/** Types of array elements, in native byte order. */
public enum ElementType {
  /** One byte: 0 or 1. */
  BOOL("bool", 1, false),
  /** Signed, 8 bits. */
  INT8("int8", 1, false),
  /** Unsigned, 8 bits: stored pixels. */
  UINT8("uint8", 1, false),
  /** Signed, 16 bits. */
  INT16("int16", 2, false),
  /** Unsigned, 16 bits. */
  UINT16("uint16", 2, false),
  /** Signed, 32 bits: codes and numbers of trials. */
  INT32("int32", 4, false),
  /** Unsigned, 32 bits. */
  UINT32("uint32", 4, false),
  /** Signed, 64 bits: indices. */
  INT64("int64", 8, false),
  /** Unsigned, 64 bits. */
  UINT64("uint64", 8, false),
  /** IEEE 754 binary16. */
  FLOAT16("float16", 2, true),
  /** The upper half of a {@link #FLOAT32}. */
  BFLOAT16("bfloat16", 2, true),
  /** IEEE 754 binary32. */
  FLOAT32("float32", 4, true),
  /** IEEE 754 binary64: times. */
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
