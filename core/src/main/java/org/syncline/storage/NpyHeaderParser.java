/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.error.RecordingException;

/**
 * Parses the dictionary of a .npy header: the keys {@code descr}, {@code fortran_order} and {@code
 * shape}, each once, in any order, and nothing else. A subset of Python's literals, read strictly.
 */
final class NpyHeaderParser {
  private static final int MAX_AXES = 32;

  private final Path file;
  private final String text;
  private int at;

  private NpyHeaderParser(Path file, String text) {
    this.file = file;
    this.text = text;
  }

  /** Parses the text; {@code dataOffset} is passed on. */
  static NpyHeader parse(Path file, String text, long dataOffset) {
    return new NpyHeaderParser(file, text).dictionary(dataOffset);
  }

  private NpyHeader dictionary(long dataOffset) {
    Dtype dtype = null;
    Boolean fortran = null;
    long[] shape = null;
    expect('{');
    while (peek() != '}') {
      String key = string();
      expect(':');
      switch (key) {
        case "descr" -> dtype = once(key, dtype, descriptor());
        case "fortran_order" -> fortran = once(key, fortran, bool());
        case "shape" -> shape = once(key, shape, shape());
        default ->
            throw wrong(
                "the key '" + shorten(key) + "'", "the keys descr, fortran_order and shape");
      }
      if (peek() != ',') {
        break;
      }
      at++;
    }
    expect('}');
    if (peek() != 0) {
      throw wrong("text behind the header's dictionary", "nothing");
    }
    if (dtype == null || fortran == null || shape == null) {
      String missing = dtype == null ? "descr" : fortran == null ? "fortran_order" : "shape";
      throw wrong("no key '" + missing + "'", "the keys descr, fortran_order and shape");
    }
    checkSize(dtype, shape);
    return new NpyHeader(dtype, fortran, shape, dataOffset);
  }

  private <T> T once(String key, T before, T value) {
    if (before != null) {
      throw wrong("the key '" + key + "' twice", "each key once");
    }
    return value;
  }

  private Dtype descriptor() {
    char c = peek();
    if (c == '[' || c == '(') {
      throw RecordingException.of(
          file,
          "descr",
          "a structured dtype, " + shorten(text.substring(at)),
          "one numeric type: bool, i1–i8, u1–u8, f2, f4 or f8",
          "save each field as an array of its own");
    }
    String descr = string();
    String kind = descr.replaceFirst("^[<>|=!]", "");
    if (kind.equals("O") || kind.equals("object") || kind.equals("O8") || kind.equals("O4")) {
      throw RecordingException.of(
          file,
          "descr",
          "'"
              + descr
              + "', pickled Python objects, which are never loaded (unpickling runs code from the file)",
          "one numeric type: bool, i1–i8, u1–u8, f2, f4 or f8",
          "save it again from Python as numbers, for instance with .astype(float)");
    }
    Dtype dtype = Dtype.parse(descr);
    if (dtype == null) {
      throw RecordingException.of(
          file,
          "descr",
          "'" + shorten(descr) + "'",
          "one numeric type: bool, i1–i8, u1–u8, f2, f4 or f8",
          null);
    }
    return dtype;
  }

  private boolean bool() {
    skipSpace();
    if (text.startsWith("True", at)) {
      at += 4;
      return true;
    }
    if (text.startsWith("False", at)) {
      at += 5;
      return false;
    }
    throw RecordingException.of(file, "fortran_order", rest(), "True or False", null);
  }

  private long[] shape() {
    expect('(');
    long[] shape = new long[MAX_AXES];
    int axes = 0;
    boolean comma = false;
    while (peek() != ')') {
      if (axes > 0 && !comma) {
        throw RecordingException.of(
            file, "shape", rest(), "a comma or a closing parenthesis", null);
      }
      if (axes == MAX_AXES) {
        throw RecordingException.of(
            file, "shape", "more than " + MAX_AXES + " axes", "at most " + MAX_AXES, null);
      }
      shape[axes++] = length();
      comma = peek() == ',';
      if (comma) {
        at++;
      }
    }
    at++;
    if (axes == 1 && !comma) {
      throw RecordingException.of(
          file, "shape", "(" + shape[0] + "), a number", "a tuple: (" + shape[0] + ",)", null);
    }
    return Arrays.copyOf(shape, axes);
  }

  private long length() {
    skipSpace();
    int start = at;
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    int digits = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (digits == at) {
      at = start;
      throw RecordingException.of(file, "shape", rest(), "whole numbers", null);
    }
    String number = text.substring(start, at);
    if (digits > start) {
      throw RecordingException.of(
          file, "shape", shorten(number), "lengths of 0 or more", "the header is damaged");
    }
    // Python 2 wrote long integers with a suffix
    if (at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw RecordingException.of(
          file, "shape", shorten(number), "lengths below 2^63", "the header is damaged", e);
    }
  }

  private void checkSize(Dtype dtype, long[] shape) {
    long bytes = dtype.type().bytes();
    try {
      for (long length : shape) {
        // an empty axis does not excuse the others
        bytes = Math.multiplyExact(bytes, Math.max(1, length));
      }
    } catch (ArithmeticException e) {
      throw RecordingException.of(
          file,
          "shape",
          NpyHeader.shapeText(shape),
          "an array below 2^63 bytes",
          "the header is damaged",
          e);
    }
  }

  private String string() {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw wrong(rest(), "a quoted text");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0 || text.substring(at, end).indexOf('\\') >= 0) {
      throw wrong(rest(), "a quoted text without escapes");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw wrong(rest(), "'" + c + "'");
    }
    at++;
  }

  /** Returns the next character that is no space, 0 at the end. */
  private char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void skipSpace() {
    while (at < text.length()
        && (text.charAt(at) == ' ' || text.charAt(at) == '\n' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private RecordingException wrong(String found, String expected) {
    return RecordingException.of(
        file, "header", found, expected, "the file is damaged or was not written by NumPy");
  }

  private String rest() {
    return at >= text.length() ? "the end of the header" : "'" + shorten(text.substring(at)) + "'";
  }

  private static String shorten(String s) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(s.length(), 40); i++) {
      char c = s.charAt(i);
      out.append(c < ' ' || c > '~' ? '?' : c);
    }
    return out.append(s.length() > 40 ? "…" : "").toString();
  }
}
