/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

/**
 * A single value.
 *
 * @param source name of the document
 * @param line line from 1
 * @param column column from 1
 * @param value null, Boolean, Long, BigInteger beyond its range, Double or String
 */
public record ScalarNode(String source, int line, int column, Object value) implements Node {
  @Override
  public String kind() {
    return switch (value) {
      case null -> "null";
      case Boolean b -> b.toString();
      case String s -> "text '" + s + "'";
      default -> "number " + value;
    };
  }
}
