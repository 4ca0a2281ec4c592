/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The keys of one level of a configuration. Immutable; safe for concurrent use. */
public final class ConfigSection {
  private final String path;
  private final String description;
  private final ConfigKey[] keys;

  /**
   * Describes a level.
   *
   * @param path where it stands, see {@link #path}
   * @param description one sentence
   * @param keys in the order of the reference
   */
  public ConfigSection(String path, String description, ConfigKey... keys) {
    this.path = path;
    this.description = description;
    this.keys = keys.clone();
  }

  /**
   * Returns where it stands, dots between levels, NAME for any name; empty for the top; a
   * component's name for its arguments.
   */
  public String path() {
    return path;
  }

  /** Returns one sentence on what it is for. */
  public String description() {
    return description;
  }

  /** Returns its keys in the order of the reference. */
  public List<ConfigKey> keys() {
    return List.of(keys);
  }

  /** Returns whether it has a key of that name. */
  public boolean has(String name) {
    for (ConfigKey key : keys) {
      if (key.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the names of the keys. */
  public List<String> names() {
    List<String> names = new ArrayList<>(keys.length);
    for (ConfigKey key : keys) {
      names.add(key.name());
    }
    return Collections.unmodifiableList(names);
  }

  @Override
  public String toString() {
    return path + ": " + names();
  }
}
