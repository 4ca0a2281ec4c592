/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map in document order; keys are unique strings.
 *
 * @param source name of the document
 * @param line line from 1
 * @param column column from 1
 * @param entries values by key, unmodifiable
 */
public record MapNode(String source, int line, int column, Map<String, Node> entries) implements Node {
  /** Makes the entries unmodifiable. */
  public MapNode {
    entries = Collections.unmodifiableMap(entries);
  }

  /** Returns the node of a key, or null where there is none. */
  public Node get(String key) {
    return entries.get(key);
  }

  @Override
  public Map<String, Object> value() {
    Map<String, Object> plain = LinkedHashMap.newLinkedHashMap(entries.size());
    entries.forEach((key, node) -> plain.put(key, node.value()));
    return Collections.unmodifiableMap(plain);
  }

  @Override
  public String kind() {
    return "a map";
  }
}
