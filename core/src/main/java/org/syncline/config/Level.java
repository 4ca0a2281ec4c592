/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

  Level child(String key) {
    return of(source, full(key), map.get(key), warnings);
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

  boolean has(String key) {
    return map.get(key) != null;
  }

  /** Returns the value, or null where the key is missing or null. */
  Node get(String key) {
    Node node = map.get(key);
    return node == null || isNull(node) ? null : node;
  }

  ConfigException error(String key, Node node, String message) {
    return new ConfigException(source, node == null ? map.line() : node.line(), full(key), message);
  }

  ConfigException wrong(String key, Node node, String expected) {
    return error(
        key, node, "found " + (node == null ? "nothing" : node.kind()) + ", expected " + expected);
  }

  /** Refuses keys that are not known, or warns of them. */
  void known(List<String> names) {
    for (String key : map.entries().keySet()) {
      if (!names.contains(key)) {
        unknown(key, "unknown key", names);
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

  /** Returns a flag; null is an error. */
  boolean flag(String key, boolean otherwise) {
    Node node = map.get(key);
    if (node == null) {
      return otherwise;
    }
    if (node instanceof ScalarNode s && s.value() instanceof Boolean b) {
      return b;
    }
    throw wrong(key, node, "true or false");
  }

  /** Returns a flag, or null where it is missing or null. */
  Boolean flagOrNull(String key) {
    return get(key) == null ? null : (Boolean) flag(key, false);
  }

  /** Returns a finite number; null is an error. */
  double number(String key, double otherwise, double least, double most, String expected) {
    Node node = map.get(key);
    return node == null ? otherwise : number(key, node, least, most, expected);
  }

  /** Returns a finite number, or null where it is missing or null. */
  Double numberOrNull(String key, double least, double most, String expected) {
    Node node = get(key);
    return node == null ? null : (Double) number(key, node, least, most, expected);
  }

  double number(String key, Node node, double least, double most, String expected) {
    if (node instanceof ScalarNode s && s.value() instanceof Number n) {
      double value = n.doubleValue();
      if (value >= least && value <= most && Double.isFinite(value)) {
        return value;
      }
    }
    throw wrong(key, node, expected);
  }

  /** Returns a whole number, also where it is written as 16.0; null is an error. */
  long whole(String key, long otherwise, long least, long most) {
    Node node = map.get(key);
    return node == null ? otherwise : whole(key, node, least, most);
  }

  /** Returns a whole number, or null where it is missing or null. */
  Long wholeOrNull(String key, long least, long most) {
    Node node = get(key);
    return node == null ? null : (Long) whole(key, node, least, most);
  }

  long whole(String key, Node node, long least, long most) {
    if (node instanceof ScalarNode s) {
      if (s.value() instanceof Long l && l >= least && l <= most) {
        return l;
      }
      if (s.value() instanceof Double d
          && d == Math.rint(d)
          && d >= least
          && d <= most
          && Math.abs(d) < 1L << 53) {
        return d.longValue();
      }
    }
    throw wrong(
        key, node, "a whole number from " + least + (most == Long.MAX_VALUE ? "" : " to " + most));
  }

  /** Returns one of some names; null is an error. */
  String choice(String key, String otherwise, List<String> names) {
    Node node = map.get(key);
    if (node == null) {
      return otherwise;
    }
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      if (names.contains(text)) {
        return text;
      }
      throw error(
          key, node, "found '" + text + "', expected one of " + quoted(names) + near(text, names));
    }
    throw wrong(key, node, "one of " + quoted(names));
  }

  static String quoted(List<String> names) {
    return "'" + String.join("', '", names) + "'";
  }

  static String near(String text, List<String> names) {
    String near = Names.nearest(text, names);
    return near == null ? "" : "; did you mean '" + near + "'?";
  }

  /** Returns a text, or null where it is missing or null. */
  String textOrNull(String key) {
    Node node = get(key);
    if (node == null) {
      return null;
    }
    if (node instanceof ScalarNode s && s.value() instanceof String text) {
      return text;
    }
    throw wrong(key, node, "text");
  }

  /** Returns a list of texts, or null where it is missing or null. */
  List<String> textsOrNull(String key) {
    Node node = get(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof ListNode list)) {
      throw wrong(key, node, "a list of names");
    }
    List<String> texts = new ArrayList<>();
    for (Node item : list.items()) {
      if (!(item instanceof ScalarNode s && s.value() instanceof String text)) {
        throw wrong(key, item, "a name");
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /** Returns a list of whole numbers, or null where it is missing or null. */
  long[] wholesOrNull(String key, long least, long most) {
    Node node = get(key);
    if (node == null) {
      return null;
    }
    if (!(node instanceof ListNode list)) {
      throw wrong(key, node, "a list of whole numbers");
    }
    long[] values = new long[list.items().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = whole(key + "[" + i + "]", list.items().get(i), least, most);
    }
    return values;
  }

  /**
   * Returns numbers, NaN and infinities included: one, a list, or a list of lists of them,
   * flattened; null for null.
   */
  double[] numbersOrNull(String key) {
    Node node = get(key);
    if (node == null) {
      return null;
    }
    List<Double> values = new ArrayList<>();
    flatten(key, node, values, 0);
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private void flatten(String key, Node node, List<Double> values, int depth) {
    if (node instanceof ScalarNode s && s.value() instanceof Number n) {
      values.add(n.doubleValue());
    } else if (node instanceof ListNode list && depth < 2) {
      for (Node item : list.items()) {
        flatten(key, item, values, depth + 1);
      }
    } else {
      throw wrong(key, node, "a number or a list of numbers");
    }
  }
}
