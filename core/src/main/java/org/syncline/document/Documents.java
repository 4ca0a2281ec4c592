/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads YAML and JSON into trees of {@link Node} and plain values, with the meaning that PyYAML's safe loader (with
 * OmegaConf's floats) and Python's json module give them. Safe for concurrent use.
 */
public final class Documents {
  private Documents() {}

  /**
   * Parses YAML (and therefore JSON too). An empty text is a null scalar.
   *
   * @throws DocumentException where the text is not one YAML document, has a duplicate key or exceeds the bounds
   */
  public static Node yaml(String text, String source) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a YAML file.
   *
   * @throws IOException where the file cannot be read
   * @throws DocumentException where its content is not one YAML document in UTF-8
   */
  public static Node yaml(Path file) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Parses JSON; NaN, Infinity and -Infinity are numbers.
   *
   * @throws DocumentException where the text is not one JSON value, has a duplicate key or exceeds the bounds
   */
  public static Node json(String text, String source) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a JSON file.
   *
   * @throws IOException where the file cannot be read
   * @throws DocumentException where its content is not one JSON value
   */
  public static Node json(Path file) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes a plain value as compact JSON: null, Boolean, Number, CharSequence, Enum (its name), arrays of primitives,
   * Iterable, Map. NaN and infinities are written as Python writes them.
   *
   * @throws IllegalArgumentException for values of other classes
   */
  public static String toJson(Object value) {
    throw new UnsupportedOperationException();
  }

  /** Same as {@link #toJson(Object)} with line breaks and indentation. */
  public static String toPrettyJson(Object value) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes a plain value to a file as JSON: a temporary file beside it, forced to disk, then renamed, so that readers
   * see the old content or the new one.
   *
   * @throws IOException where it cannot be written
   */
  public static void writeJson(Path file, Object value) throws IOException {
    throw new UnsupportedOperationException();
  }
}
