/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.syncline.error.ConfigException;

/**
 * A named component with arguments: what {@code _target_} or {@code __target__} introduces in a
 * configuration. Immutable; two that make the same component under the same key are equal.
 */
public final class Target {
  private final String key;
  private final String name;
  private final Map<String, @Nullable Object> arguments;
  private final String source;

  private Target(String key, String name, Map<String, @Nullable Object> arguments, String source) {
    this.key = Objects.requireNonNull(key, "key is null");
    this.name = Objects.requireNonNull(name, "name is null");
    this.arguments = arguments;
    this.source = Objects.requireNonNull(source, "source is null");
  }

  /**
   * Names a component. It stands under the last part of its name, in "configuration".
   *
   * @param name the full name, for instance {@code torchvision.transforms.v2.Resize}
   * @param arguments null, Boolean, Integer and its like (which become Long), Float and Double
   *     (Double), String, a List or array or a Map of these, by name; copied
   */
  public static Target of(String name, Map<String, @Nullable Object> arguments) {
    Objects.requireNonNull(arguments, "arguments is null");
    return new Target(
        name.substring(name.lastIndexOf('.') + 1), name, plain(arguments), "configuration");
  }

  /** Returns a copy of values by name, as a configuration that is read has them; unmodifiable. */
  static Map<String, @Nullable Object> plain(Map<?, ?> values) {
    // loops, no lambdas: they run at each opening, and would cost a cold start milliseconds
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      copy.put(String.valueOf(entry.getKey()), plain(entry.getValue()));
    }
    return Collections.unmodifiableMap(copy);
  }

  /** Returns a value as a configuration that is read has it, so that the same one is equal. */
  static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float f) {
      return f.doubleValue();
    }
    if (value instanceof Map<?, ?> map) {
      return plain(map);
    }
    List<@Nullable Object> copy = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        copy.add(plain(item));
      }
      return Collections.unmodifiableList(copy);
    }
    if (value != null && value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        copy.add(plain(Array.get(value, i)));
      }
      return Collections.unmodifiableList(copy);
    }
    return value;
  }

  /**
   * Returns the same component in another place.
   *
   * @param key see {@link #key}
   * @param source see {@link #source}
   */
  public Target at(String key, String source) {
    return new Target(key, name, arguments, source);
  }

  /** Returns the key that it stands under: {@code Resize}, {@code nan_filter}. */
  public String key() {
    return key;
  }

  /** Returns the full name as written, for instance {@code torchvision.transforms.v2.Resize}. */
  public String name() {
    return name;
  }

  /**
   * Returns the keys beside the name: null, Boolean, Long, Double, String, List or Map; {@code
   * __partial__} is left out; unmodifiable.
   */
  public Map<String, @Nullable Object> arguments() {
    return arguments;
  }

  /** Returns where it was read, file name and line, for messages. */
  public String source() {
    return source;
  }

  /**
   * Returns what is wrong with an argument, to be thrown.
   *
   * @param message what was found, what was expected, what to do
   */
  public ConfigException error(String argument, String message) {
    Objects.requireNonNull(argument, "argument is null");
    Objects.requireNonNull(message, "message is null");
    return new ConfigException(source, 0, key.concat(".").concat(argument), message);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Target t
        && key.equals(t.key)
        && name.equals(t.name)
        && arguments.equals(t.arguments);
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, name, arguments);
  }

  /** Returns all values in one line. */
  @Override
  public String toString() {
    return key + ": " + name + arguments + " (" + source + ")";
  }
}
