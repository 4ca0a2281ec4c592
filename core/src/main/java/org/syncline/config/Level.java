/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Names;
import org.syncline.document.ListNode;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.document.ScalarNode;
import org.syncline.error.ConfigException;

/** One map of a configuration with its full key; what does not fit is a ConfigException. */
final class Level {
  private final String source;
  private final String path;
  private final MapNode map;
  private final Consumer<String> warnings;

  private Level(String source, String path, MapNode map, Consumer<String> warnings) {
    this.source = source;
    this.path = path;
    this.map = map;
    this.warnings = warnings;
  }

  /** Creates the level of a node that must be a map; null counts as an empty one. */
  static Level of(String source, String path, Node node, Consumer<String> warnings) {
    if (node instanceof MapNode map) {
      return new Level(source, path, map, warnings);
    }
    if (node == null || isNull(node)) {
      return new Level(
          source,
          path,
          new MapNode(source, node == null ? 0 : node.line(), 1, Map.of(), Map.of()),
          warnings);
    }
    throw new ConfigException(
        source,
        node.line(),
        path.isEmpty() ? "configuration" : path,
        "found " + node.kind() + ", expected a map");
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode s && s.value() == null;
  }

  Level child(ConfigKey key) {
    return child(key.name(), map.get(key.name()));
  }

  Level child(String key, Node node) {
    return of(source, full(key), node, warnings);
  }

  String full(String key) {
    // String.concat, here and below: the first use of + costs 15 ms of a cold start
    return path.isEmpty() ? key : path.concat(".").concat(key);
  }

  MapNode map() {
    return map;
  }

  String place(Node node) {
    return source.concat(":").concat(Integer.toString(node.line()));
  }

  boolean has(ConfigKey key) {
    return map.get(key.name()) != null;
  }

  /** Returns the value, or null where the key is missing or null. */
  Node get(ConfigKey key) {
    Node node = map.get(key.name());
    return node == null || isNull(node) ? null : node;
  }

  ConfigException error(ConfigKey key, String message) {
    return error(key.name(), get(key), message);
  }

  ConfigException wrong(ConfigKey key) {
    return wrong(key.name(), get(key), key.expected());
  }

  ConfigException error(String key, Node node, String message) {
    return new ConfigException(source, node == null ? map.line() : node.line(), full(key), message);
  }

  ConfigException wrong(String key, Node node, String expected) {
    return error(
        key, node, "found " + (node == null ? "nothing" : node.kind()) + ", expected " + expected);
  }

  /** Refuses keys that are not known, or warns of them. */
  void known(ConfigSection section) {
    for (String key : map.entries().keySet()) {
      if (!section.has(key)) {
        unknown(key, "unknown key", section.names());
      }
    }
  }

  void unknown(String key, String what, List<String> names) {
    ConfigException error =
        new ConfigException(
            source, map.keyLine(key), full(key), what + "; " + Names.advice(key, names));
    if (warnings == null) {
      throw error;
    }
    warnings.accept(error.getMessage() + " (ignored)");
  }

  /** Returns the value of a key, or null for its default. */
  private Node given(ConfigKey key) {
    Node node = map.get(key.name());
    return key.nullable() && node != null && isNull(node) ? null : node;
  }

  /** Returns a flag, or null where that is the default. */
  Boolean flag(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return (Boolean) key.defaultValue();
    }
    if (node instanceof ScalarNode s && s.value() instanceof Boolean b) {
      return b;
    }
    throw wrong(key.name(), node, key.expected());
  }

  /** Returns a finite number, or null where that is the default. */
  Double number(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return (Double) key.defaultValue();
    }
    // ranges hold finite numbers alone
    if (node instanceof ScalarNode s
        && s.value() instanceof Number n
        && key.accepts(n.doubleValue())) {
      return n.doubleValue();
    }
    throw wrong(key.name(), node, key.expected());
  }

  /**
   * Returns a whole number, also where it is written as 16.0, or null where that is the default.
   */
  Long whole(ConfigKey key) {
    Node node = given(key);
    return node == null ? (Long) key.defaultValue() : (Long) whole(key, key.name(), node);
  }

  private long whole(ConfigKey key, String name, Node node) {
    if (node instanceof ScalarNode s) {
      if (s.value() instanceof Long l && key.accepts(l.longValue())) {
        return l;
      }
      if (s.value() instanceof Double d
          && d == Math.rint(d)
          && Math.abs(d) < 1L << 53
          && key.accepts(d.longValue())) {
        return d.longValue();
      }
    }
    throw wrong(name, node, "a whole number" + key.range());
  }

  /** Returns the value of one of the key's choices, or null where that is the default. */
  Object choice(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return key.defaultValue();
    }
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      Choice choice = key.choice(text);
      if (choice != null) {
        return choice.value();
      }
      List<String> names = key.choiceNames();
      throw error(
          key.name(),
          node,
          "found '"
              + text
              + "', expected one of "
              + Names.quoted(names)
              + Names.suggestion(text, names));
    }
    throw wrong(key.name(), node, key.expected());
  }

  /** Returns a text, or null for none. */
  String text(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return null;
    }
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      return text;
    }
    throw wrong(key.name(), node, key.expected());
  }

  /** Returns a list of texts, or null for none. */
  List<String> texts(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof ListNode list)) {
      throw wrong(key.name(), node, key.expected());
    }
    List<String> texts = new ArrayList<>();
    for (Node item : list.items()) {
      if (!(item instanceof ScalarNode s && s.value() instanceof String text)) {
        throw wrong(key.name(), item, "a name");
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /** Returns a list of whole numbers, or null for none. */
  long[] wholes(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof ListNode list)) {
      throw wrong(key.name(), node, key.expected());
    }
    long[] values = new long[list.items().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(key, key.name() + "[" + i + "]", list.items().get(i));
    }
    return values;
  }

  /**
   * Returns numbers, NaN and infinities included: one, a list, or a list of lists of them,
   * flattened; null for none.
   */
  double[] numbers(ConfigKey key) {
    Node node = given(key);
    if (node == null) {
      return null;
    }
    List<Double> values = new ArrayList<>();
    flatten(key, node, values, 0);
    double[] all = new double[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return all;
  }

  private void flatten(ConfigKey key, Node node, List<Double> values, int depth) {
    if (node instanceof ScalarNode s && s.value() instanceof Number n) {
      values.add(n.doubleValue());
    } else if (node instanceof ListNode list && depth < 2) {
      for (Node item : list.items()) {
        flatten(key, item, values, depth + 1);
      }
    } else {
      throw wrong(key.name(), node, key.expected());
    }
  }
}
