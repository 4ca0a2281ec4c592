/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import java.util.List;
import java.util.Locale;
import org.syncline.config.Target;
import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.Names;
import org.syncline.config.schema.TargetKeys;
import org.syncline.error.ConfigException;

/**
 * The arguments of a transform as they were written, read by what describes them. Whatever does not
 * fit is a ConfigException.
 */
final class TransformArguments {
  /** The longest edge of a frame. */
  static final int MOST_PIXELS = 1 << 15;

  private final Target target;

  /**
   * Checks the names.
   *
   * @throws ConfigException for an argument that the type does not have
   */
  TransformArguments(Target target, TransformType type) {
    this.target = target;
    List<String> known = type.description().names();
    for (String key : target.arguments().keySet()) {
      if (TargetKeys.isArgument(key) && !known.contains(key)) {
        throw target.error(
            key,
            "is no argument of "
                + target.name()
                + "; "
                + (known.isEmpty() ? "it has none" : Names.advice(key, known)));
      }
    }
  }

  /** Describes an argument that is one length or two. */
  static ConfigKey lengths(String name, String description) {
    String form = "one length or [height, width], from 1 to " + MOST_PIXELS;
    return ConfigKey.mixed(name, form, Choice.NONE, null, description);
  }

  /** Describes an argument that is one finite number or one per channel. */
  static ConfigKey perChannel(String name, String description) {
    String form = "a number or one per channel";
    return ConfigKey.mixed(name, form, Choice.NONE, null, description).required();
  }

  private ConfigException wrong(ConfigKey key, Object value) {
    String found = value == null ? "is missing" : "is " + value;
    return target.error(key.name(), found + ", expected " + key.expected());
  }

  /** Returns an argument as it was written, null where it is missing or null. */
  Object get(ConfigKey key) {
    return target.arguments().get(key.name());
  }

  /** Returns a whole number, the default where it is missing or null, 0 without one. */
  int whole(ConfigKey key) {
    Object value = get(key);
    if (value == null) {
      return key.defaultValue() instanceof Long n ? n.intValue() : 0;
    }
    return whole(key, value, key.leastWhole(), key.mostWhole());
  }

  private int whole(ConfigKey key, Object value, long least, long most) {
    if (value instanceof Number n) {
      double x = n.doubleValue();
      if (x == Math.rint(x) && x >= least && x <= most) {
        return n.intValue();
      }
    }
    throw wrong(key, value);
  }

  /** Returns a length or a list of one or two; empty for null where it may be missing. */
  int[] lengths(ConfigKey key) {
    Object value = get(key);
    if (value == null && key.nullable()) {
      return new int[0];
    }
    if (value instanceof List<?> list && (list.size() == 1 || list.size() == 2)) {
      int[] lengths = new int[list.size()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = whole(key, list.get(i), 1, MOST_PIXELS);
      }
      return lengths;
    }
    if (value instanceof Number) {
      return new int[] {whole(key, value, 1, MOST_PIXELS)};
    }
    throw wrong(key, value);
  }

  /** Returns finite numbers: one, or one per channel. */
  float[] perChannel(ConfigKey key) {
    Object value = get(key);
    List<?> list = value instanceof List<?> l ? l : value == null ? List.of() : List.of(value);
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(list.get(i) instanceof Number n) || !Double.isFinite(n.doubleValue())) {
        throw wrong(key, value);
      }
      values[i] = n.floatValue();
    }
    if (values.length == 0) {
      throw wrong(key, value);
    }
    return values;
  }

  /** Returns a flag; the default where it is missing or null. */
  boolean flag(ConfigKey key) {
    Object value = get(key);
    if (value == null) {
      return Boolean.TRUE.equals(key.defaultValue());
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, value);
  }

  /**
   * Returns the value of one of a key's choices, by its name, with or without the name of a Python
   * enumeration before it; the default where it is missing or null.
   */
  Object choice(ConfigKey key) {
    Object value = get(key);
    if (value == null) {
      return key.defaultValue();
    }
    String name = value.toString().toLowerCase(Locale.ROOT);
    name = name.substring(name.lastIndexOf('.') + 1).replace('_', '-');
    for (Choice choice : key.choices()) {
      if (choice.text().equals(name)) {
        return choice.value();
      }
    }
    throw wrong(key, value);
  }
}
