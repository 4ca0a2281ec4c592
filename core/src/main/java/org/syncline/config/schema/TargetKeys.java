/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

/** The keys of a map that names a component: all others are the component's arguments. */
public final class TargetKeys {
  /** The key that introduces a component. */
  public static final ConfigKey NAME =
      ConfigKey.text("_target_", "The name of a component; the keys beside it are its arguments.")
          .required()
          .example("nan_filter");

  private static final ConfigKey OTHER_NAME =
      ConfigKey.text("__target__", "The same as `_target_`.").required().example("nan_filter");

  /** The keys of a component that are not its arguments. */
  public static final ConfigSection SECTION =
      new ConfigSection(
          "_target_",
          "A transform, filter or interpolator: wherever a map has `_target_`.",
          NAME,
          OTHER_NAME,
          hydra("_partial_", "true"),
          hydra("__partial__", "true"),
          hydra("_convert_", "all"),
          hydra("_recursive_", "false"));

  private TargetKeys() {}

  private static ConfigKey hydra(String name, String example) {
    return ConfigKey.mixed(
            name,
            "any value",
            Choice.NONE,
            null,
            "Accepted and without effect: Hydra's `instantiate` knows it.")
        .example(example);
  }

  /** Returns whether a key holds a component's name. */
  public static boolean isName(String key) {
    return key.equals(NAME.name()) || key.equals(OTHER_NAME.name());
  }

  /** Returns whether a key beside a component's name is one of its arguments. */
  public static boolean isArgument(String key) {
    return !SECTION.has(key);
  }
}
