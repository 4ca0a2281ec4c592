/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.error.ConfigException;

/**
 * A map of a state's JSON with the path at which it lies, so that what is wrong is said with its
 * key. Immutable.
 */
final class StateTree {
  private static final String SOURCE = "loader state";

  private final Map<String, Object> map;
  private final String path;

  private StateTree(Map<String, Object> map, String path) {
    this.map = map;
    this.path = path;
  }

  /**
   * Wraps a value.
   *
   * @throws ConfigException where it is no map
   */
  static StateTree of(Object value, String path) {
    if (!(value instanceof Map<?, ?> m)) {
      throw problem(path, "found " + value + ", expected a map");
    }
    Map<String, Object> result = new LinkedHashMap<>();
    m.forEach((k, v) -> result.put(String.valueOf(k), v));
    return new StateTree(Collections.unmodifiableMap(result), path);
  }

  /** Returns the error that something is wrong with a key. */
  static ConfigException problem(String key, String message) {
    return new ConfigException(SOURCE, 0, key, message);
  }

  /** Returns the error that the text as a whole is wrong at a line. */
  static ConfigException unreadable(int line, String message) {
    return new ConfigException(SOURCE, line, "", message);
  }

  Map<String, Object> map() {
    return map;
  }

  /** Returns whether a key has a value other than null. */
  boolean has(String key) {
    return map.get(key) != null;
  }

  Object get(String key) {
    return map.get(key);
  }

  /** Returns the path of a key. */
  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  StateTree tree(String key) {
    return of(map.get(key), at(key));
  }

  /** Returns a map, empty where the key has no value. */
  StateTree treeOrEmpty(String key) {
    return has(key) ? tree(key) : new StateTree(Map.of(), at(key));
  }

  List<Object> list(String key) {
    return list(map.get(key), at(key));
  }

  static List<Object> list(Object value, String at) {
    if (!(value instanceof List<?> l)) {
      throw problem(at, "found " + value + ", expected a list");
    }
    return Collections.unmodifiableList(l);
  }

  String text(String key) {
    if (!(map.get(key) instanceof String s)) {
      throw problem(at(key), "found " + map.get(key) + ", expected a text");
    }
    return s;
  }

  long integer(String key) {
    return integer(map.get(key), at(key));
  }

  static long integer(Object value, String at) {
    if (value instanceof Number n
        && !(value instanceof Double || value instanceof Float || value instanceof BigInteger)) {
      return n.longValue();
    }
    throw problem(at, "found " + value + ", expected a whole number");
  }

  /** Returns a whole number from 0 to the largest int. */
  int count(String key) {
    return count(integer(key), at(key));
  }

  static int count(long value, String at) {
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw problem(at, "found " + value + ", expected 0 to " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /** Returns an epoch: a whole number from 0 to {@link Order#LAST_EPOCH}. */
  long epoch(String key) {
    long epoch = integer(key);
    if (epoch < 0 || epoch > Order.LAST_EPOCH) {
      throw problem(at(key), "found " + epoch + ", expected 0 to " + Order.LAST_EPOCH);
    }
    return epoch;
  }
}
