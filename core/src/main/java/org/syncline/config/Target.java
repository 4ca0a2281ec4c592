/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A named component with arguments: what {@code _target_} or {@code __target__} introduces in a
 * configuration.
 *
 * @param key the key it stands under ({@code Resize}, {@code nan_filter}), for messages
 * @param name the full name as written, for instance {@code torchvision.transforms.v2.Resize}
 * @param arguments the other keys: null, Boolean, Long, Double, String, List or Map; {@code
 *     __partial__} is left out
 * @param source where it was read, file name and line, for messages
 */
public record Target(String key, String name, Map<String, Object> arguments, String source) {
  /** Makes the arguments unmodifiable. */
  public Target {
    // values may be null
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }

  /** The key that introduces a component. */
  static final ConfigKey NAME =
      ConfigKey.text("_target_", "The name of a component; the keys beside it are its arguments.")
          .required();

  private static final ConfigKey OTHER_NAME =
      ConfigKey.text("__target__", "The same as `_target_`.").required();

  /** The keys of a component that are not its arguments. */
  public static final ConfigSection KEYS =
      new ConfigSection(
          "_target_",
          "A transform, filter or interpolator: wherever a map has `_target_`.",
          NAME,
          OTHER_NAME,
          hydra("_partial_"),
          hydra("__partial__"),
          hydra("_convert_"),
          hydra("_recursive_"));

  private static ConfigKey hydra(String name) {
    return ConfigKey.mixed(
        name,
        "any value",
        new ConfigKey.Choice[0],
        null,
        "Accepted and without effect: Hydra's `instantiate` knows it.");
  }

  /** Returns whether a key holds a component's name. */
  public static boolean isName(String key) {
    return key.equals(NAME.name()) || key.equals(OTHER_NAME.name());
  }

  /** Returns whether a key beside a component's name is one of its arguments. */
  public static boolean isArgument(String key) {
    return !KEYS.has(key);
  }
}
