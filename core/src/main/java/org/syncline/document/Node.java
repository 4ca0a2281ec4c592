/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.util.List;
import java.util.Map;

/**
 * A value of a YAML or JSON document together with where it stands. Trees are immutable and may be
 * shared by threads.
 */
public sealed interface Node permits MapNode, ListNode, ScalarNode {
  /** Returns the name of the document: a file name, or what the caller called its text. */
  String source();

  /** Returns the line of the value's first character, from 1. */
  int line();

  /** Returns the column of the value's first character, from 1. */
  int column();

  /**
   * Returns the plain value: null, {@link Boolean}, {@link Long}, {@link Double}, {@link String},
   * unmodifiable {@link List} or unmodifiable {@link Map} in document order. Integers beyond 64
   * bits come as doubles.
   */
  Object value();

  /**
   * Returns what kind of value this is, for messages: {@code null}, {@code a number}, {@code a
   * list} and so on.
   */
  String kind();
}
