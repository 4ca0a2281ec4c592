/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.array.ElementType;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Names;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.document.Node;
import org.syncline.error.ConfigException;

/** The JSON map that many functions take, read by what describes its keys. */
final class Options {
  private final String source;
  private final Map<String, Object> values;

  private Options(String source, Map<String, Object> values) {
    this.source = source;
    this.values = values;
  }

  /** Parses a text whose keys are known elsewhere; null is an empty map. */
  static Options parse(String json, String source) {
    if (json == null) {
      return new Options(source, new LinkedHashMap<>());
    }
    Node node = tree(json, source);
    if (!(node instanceof MapNode map)) {
      throw new ConfigException(source, 0, "options", "found " + node.kind() + ", expected a map");
    }
    return new Options(source, new LinkedHashMap<>(map.value()));
  }

  /** Parses a text, and refuses keys that are not described. */
  static Options parse(String json, String source, ConfigSection known) {
    Options options = parse(json, source);
    for (String key : options.values.keySet()) {
      if (!known.has(key)) {
        throw new ConfigException(
            source, 0, key, "unknown option; " + Names.advice(key, known.names()));
      }
    }
    return options;
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

  /** Returns whether a key is there and not null. */
  boolean has(String key) {
    return values.get(key) != null;
  }

  /** Returns the value of a key in its type, or its default where it is missing or null. */
  Object get(ConfigKey key) {
    Object plain = values.get(key.name());
    try {
      return plain == null ? key.defaultValue() : key.read(plain);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(source, 0, key.name(), e.getMessage());
    }
  }

  boolean flag(ConfigKey key) {
    return (Boolean) get(key);
  }

  int whole(ConfigKey key) {
    return ((Long) get(key)).intValue();
  }

  /** Returns a list of texts, or null. */
  @SuppressWarnings("unchecked") // of a key of texts
  List<String> texts(ConfigKey key) {
    return (List<String>) get(key);
  }

  /** Returns the list at a key of several forms, empty where there is none. */
  List<?> list(ConfigKey key) {
    return switch (get(key)) {
      case null -> List.of();
      case List<?> list -> list;
      case Object other -> throw wrong(key.name(), other, key.expected());
    };
  }

  /** Returns the map at a key, empty where there is none. */
  @SuppressWarnings("unchecked") // documents have no other keys than texts
  Map<String, Object> map(ConfigKey key) {
    Object map = get(key);
    return map == null ? Map.of() : (Map<String, Object>) map;
  }

  /** Returns element types by entry. */
  Map<String, ElementType> types(ConfigKey key) {
    Map<String, ElementType> types = new LinkedHashMap<>();
    map(key)
        .forEach(
            (name, type) -> {
              try {
                types.put(name, ElementType.named(String.valueOf(type)));
              } catch (IllegalArgumentException e) {
                throw new ConfigException(source, 0, key.name() + "." + name, e.getMessage());
              }
            });
    return types;
  }

  ConfigException wrong(String key, Object found, String expected) {
    return new ConfigException(
        source, 0, key, "found " + Documents.toJson(found) + ", expected " + expected);
  }

  /** Removes a key and returns its value, or null. */
  Object take(String key) {
    return values.remove(key);
  }

  /** Returns what was not taken, in order. */
  Map<String, Object> rest() {
    return values;
  }
}
