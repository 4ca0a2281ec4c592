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
 * @param keyLines line of each key, unmodifiable
 */
public record MapNode(
    String source, int line, int column, Map<String, Node> entries, Map<String, Integer> keyLines)
    implements Node {
  /** Makes the entries unmodifiable. */
  public MapNode {
    entries = Collections.unmodifiableMap(entries);
    keyLines = Collections.unmodifiableMap(keyLines);
  }

  /** Returns the node of a key, or null where there is none. */
  public Node get(String key) {
    return entries.get(key);
  }

  /** Returns the line of a key, or that of the map where there is none. */
  public int keyLine(String key) {
    return keyLines.getOrDefault(key, line);
  }

  @Override
  public Map<String, Object> value() {
    Map<String, Object> plain = LinkedHashMap.newLinkedHashMap(entries.size());
    for (Map.Entry<String, Node> entry : entries.entrySet()) {
      plain.put(entry.getKey(), entry.getValue().value());
    }
    return Collections.unmodifiableMap(plain);
  }

  @Override
  public String kind() {
    return "a map";
  }
}
