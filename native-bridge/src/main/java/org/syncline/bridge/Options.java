/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.syncline.array.ElementType;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;

/**
 * The JSON map that many functions take: typed look-ups, and an error for a key that nobody asked
 * for.
 */
final class Options {
  private final String source;
  private final Map<String, Object> values;
  private final List<String> asked = new ArrayList<>();

  private Options(String source, Map<String, Object> values) {
    this.source = source;
    this.values = values;
  }

  /** Parses a text; null is an empty map. */
  static Options parse(String json, String source) {
    if (json == null) {
      return new Options(source, Map.of());
    }
    Node node = tree(json, source);
    if (!(node instanceof MapNode map)) {
      throw new ConfigException(source, 0, "options", "found " + node.kind() + ", expected a map");
    }
    return new Options(source, map.value());
  }

  /** Parses YAML or JSON. */
  static Node tree(String text, String source) {
    try {
      // YAML's infinities are written otherwise than JSON's
      String start = text.stripLeading();
      return start.startsWith("{") || start.startsWith("[")
          ? Documents.json(text, source)
          : Documents.yaml(text, source);
    } catch (DocumentException e) {
      try {
        return Documents.yaml(text, source);
      } catch (DocumentException f) {
        throw new ConfigException(source, f.line(), "text", f.detail());
      }
    }
  }

  Object get(String key) {
    asked.add(key);
    return values.get(key);
  }

  boolean flag(String key) {
    return switch (get(key)) {
      case null -> false;
      case Boolean b -> b;
      case Object o -> throw wrong(key, o, "true or false");
    };
  }

  Long integerOrNull(String key) {
    return switch (get(key)) {
      case null -> null;
      case Long n -> n;
      case Double d when d == Math.rint(d) && Math.abs(d) < 1L << 53 -> d.longValue();
      case Object o -> throw wrong(key, o, "an integer");
    };
  }

  int integer(String key, int otherwise) {
    Long n = integerOrNull(key);
    if (n != null && n != n.intValue()) {
      throw wrong(key, n, "an integer of 32 bits");
    }
    return n == null ? otherwise : n.intValue();
  }

  String text(String key) {
    return switch (get(key)) {
      case null -> null;
      case String s -> s;
      case Object o -> throw wrong(key, o, "a text");
    };
  }

  List<String> texts(String key) {
    if (get(key) == null) {
      return null;
    }
    List<String> all = new ArrayList<>();
    for (Object o : list(key)) {
      if (!(o instanceof String s)) {
        throw wrong(key, o, "a list of texts");
      }
      all.add(s);
    }
    return all;
  }

  List<?> list(String key) {
    return switch (get(key)) {
      case null -> List.of();
      case List<?> l -> l;
      case Object o -> throw wrong(key, o, "a list");
    };
  }

  /** Returns the map at a key, empty where there is none. */
  @SuppressWarnings("unchecked") // documents have no other keys than texts
  Map<String, Object> map(String key) {
    return switch (get(key)) {
      case null -> Map.of();
      case Map<?, ?> m -> (Map<String, Object>) m;
      case Object o -> throw wrong(key, o, "a map");
    };
  }

  /** Returns element types by entry. */
  Map<String, ElementType> types(String key) {
    Map<String, ElementType> types = new LinkedHashMap<>();
    map(key).forEach((name, type) -> types.put(name, type(key + "." + name, type)));
    return types;
  }

  private ElementType type(String key, Object value) {
    for (ElementType t : ElementType.values()) {
      if (t.numpyName().equals(value)) {
        return t;
      }
    }
    throw wrong(key, value, "float32, float16, bfloat16, uint8 or another element type");
  }

  /** Returns the value that has the name given; the first one where none is. */
  <T> T choice(String key, T[] values, Function<T, String> names) {
    String name = text(key);
    for (T value : values) {
      if (name == null || name.equals(names.apply(value))) {
        return value;
      }
    }
    List<String> known = Arrays.stream(values).map(names).toList();
    throw wrong(
        key,
        name,
        String.join(", ", known.subList(0, known.size() - 1)) + " or " + known.getLast());
  }

  ConfigException wrong(String key, Object found, String expected) {
    return new ConfigException(
        source, 0, key, "found " + Documents.toJson(found) + ", expected " + expected);
  }

  /** Refuses keys that nobody asked for. */
  void done() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        throw new ConfigException(
            source, 0, key, "is not known; known are " + String.join(", ", asked));
      }
    }
  }

  /** Returns what is left, in order. */
  Map<String, Object> rest() {
    Map<String, Object> rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(asked);
    return rest;
  }
}
