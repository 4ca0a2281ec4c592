/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.nio.ByteBuffer;

/** Names, sizes and encodings of NumPy's types, for generators. */
final class NumpyTypes {
  private NumpyTypes() {}

  static int bytes(String descr) {
    return Integer.parseInt(descr.substring(2));
  }

  static String name(String descr) {
    return new NpyFile(descr, new long[0], ByteBuffer.allocate(0)).typeName();
  }

  /** Returns kind and size in one number, for use per element. */
  static int code(String descr) {
    return descr.charAt(1) << 4 | bytes(descr);
  }

  /** Returns what is left of a value after storing it. */
  static double round(int code, double value) {
    return switch (code) {
      case 'f' << 4 | 2 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case 'f' << 4 | 4 -> (float) value;
      case 'f' << 4 | 8 -> value;
      case 'b' << 4 | 1 -> value > 2 ? 1 : 0;
      case 'i' << 4 | 1 -> Math.rint(value * 3);
      default -> Math.rint(value * 6);
    };
  }

  /** Appends a value that {@link #round} has returned, or NaN. */
  static void put(ByteBuffer out, int code, double value) {
    switch (code) {
      case 'f' << 4 | 2 -> out.putShort(Float.floatToFloat16((float) value));
      case 'f' << 4 | 4 -> out.putFloat((float) value);
      case 'f' << 4 | 8 -> out.putDouble(value);
      default -> {
        switch (code & 15) {
          case 1 -> out.put((byte) (long) value);
          case 2 -> out.putShort((short) value);
          case 4 -> out.putInt((int) value);
          default -> out.putLong((long) value);
        }
      }
    }
  }
}
