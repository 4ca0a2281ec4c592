/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A list.
 *
 * @param source name of the document
 * @param line line from 1
 * @param column column from 1
 * @param items the values, unmodifiable
 */
public record ListNode(String source, int line, int column, List<Node> items) implements Node {
  /** Makes the items unmodifiable. */
  public ListNode {
    items = Collections.unmodifiableList(items);
  }

  @Override
  public List<Object> value() {
    List<Object> plain = new ArrayList<>(items.size());
    for (Node item : items) {
      plain.add(item.value());
    }
    return Collections.unmodifiableList(plain);
  }

  @Override
  public String kind() {
    return "a list";
  }
}
