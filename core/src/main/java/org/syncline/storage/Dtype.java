/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import org.syncline.array.ElementType;
import org.syncline.error.RecordingException;

/**
 * The element type of a stored array and its byte order, as NumPy names it.
 *
 * @param type element type
 * @param order byte order in the file; native for types of one byte
 */
public record Dtype(ElementType type, ByteOrder order) {
  public Dtype {
    if (type.bytes() == 1) {
      order = ByteOrder.nativeOrder();
    }
  }

  /** Returns the type in native byte order. */
  public static Dtype of(ElementType type) {
    return new Dtype(type, ByteOrder.nativeOrder());
  }

  /**
   * Parses a NumPy name ({@code float32}, {@code int16}, {@code bool}, {@code uint8}, {@code
   * double} …), a type code ({@code f4}, {@code u1}) or an array descriptor ({@code <f4}, {@code
   * >i2}, {@code |b1}, {@code =f8}).
   *
   * @return the type, or null for anything else
   */
  public static Dtype parse(String text) {
    String s = text.strip();
    ByteOrder order = ByteOrder.nativeOrder();
    if (!s.isEmpty()) {
      switch (s.charAt(0)) {
        case '<' -> {
          order = ByteOrder.LITTLE_ENDIAN;
          s = s.substring(1);
        }
        case '>', '!' -> {
          order = ByteOrder.BIG_ENDIAN;
          s = s.substring(1);
        }
        case '=', '|' -> s = s.substring(1);
        default -> {}
      }
    }
    if (s.startsWith("np.")) {
      s = s.substring(3);
    } else if (s.startsWith("numpy.")) {
      s = s.substring(6);
    }
    ElementType type =
        switch (s) {
          case "?", "b1", "bool", "bool_", "bool8" -> ElementType.BOOL;
          case "b", "i1", "int8", "byte" -> ElementType.INT8;
          case "B", "u1", "uint8", "ubyte" -> ElementType.UINT8;
          case "h", "i2", "int16", "short" -> ElementType.INT16;
          case "H", "u2", "uint16", "ushort" -> ElementType.UINT16;
          case "i", "i4", "int32", "intc" -> ElementType.INT32;
          case "I", "u4", "uint32", "uintc" -> ElementType.UINT32;
          case "l", "q", "i8", "int64", "int", "int_", "longlong" -> ElementType.INT64;
          case "L", "Q", "u8", "uint64", "uint", "ulonglong" -> ElementType.UINT64;
          case "e", "f2", "float16", "half" -> ElementType.FLOAT16;
          case "f", "f4", "float32", "single" -> ElementType.FLOAT32;
          case "d", "f8", "float64", "double", "float", "float_" -> ElementType.FLOAT64;
          default -> null;
        };
    return type == null ? null : new Dtype(type, order);
  }

  /**
   * Same as {@link #parse(String)}, for a value read from a file.
   *
   * @throws RecordingException naming file and key where the type is not one that arrays can have
   */
  public static Dtype parse(String text, Path file, String key) {
    Dtype dtype = parse(text);
    if (dtype == null) {
      throw RecordingException.of(
          file,
          key,
          "'" + text + "'",
          "a NumPy type: bool, int8 … int64, uint8 … uint64, float16, float32 or float64, or a descriptor like <f4",
          null);
    }
    return dtype;
  }

  /** Returns whether elements must have their bytes reversed. */
  public boolean swapped() {
    return order != ByteOrder.nativeOrder();
  }

  /**
   * Returns NumPy's descriptor, for instance {@code <f4} or {@code |u1}; bfloat16 has none and
   * gives {@code <V2}.
   */
  public String descriptor() {
    char kind =
        switch (type) {
          case BOOL -> 'b';
          case INT8, INT16, INT32, INT64 -> 'i';
          case UINT8, UINT16, UINT32, UINT64 -> 'u';
          case FLOAT16, FLOAT32, FLOAT64 -> 'f';
          case BFLOAT16 -> 'V';
        };
    char mark = type.bytes() == 1 ? '|' : order == ByteOrder.BIG_ENDIAN ? '>' : '<';
    return String.format(Locale.ROOT, "%c%c%d", mark, kind, type.bytes());
  }
}
