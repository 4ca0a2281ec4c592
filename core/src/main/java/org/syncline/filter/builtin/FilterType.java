/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.function.Function;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Described;
import org.syncline.config.schema.Names;
import org.syncline.config.schema.TargetKeys;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;

/** Makes the filters of one name, whose arguments are described once. */
public final class FilterType implements Function<Target, Filter>, Described {
  private final ConfigSection description;
  private final Function<Arguments, Filter> maker;

  FilterType(
      String name, String description, Function<Arguments, Filter> maker, ConfigKey... arguments) {
    this.description = new ConfigSection(name, description, arguments);
    this.maker = maker;
  }

  @Override
  public ConfigSection description() {
    return description;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ConfigException for an argument that is unknown, missing or wrong
   */
  @Override
  public Filter apply(Target target) {
    for (String argument : target.arguments().keySet()) {
      if (TargetKeys.isArgument(argument) && !description.has(argument)) {
        throw target.error(
            argument,
            "is no argument of " + name() + "; " + Names.advice(argument, description.names()));
      }
    }
    return maker.apply(new Arguments(target));
  }

  /** The arguments of one filter as a configuration gives them. */
  record Arguments(Target target) {
    /** Returns an argument in its key's type, the default where it is missing or null. */
    Object get(ConfigKey key) {
      Object found;
      try {
        found = key.read(target.arguments().get(key.name()));
      } catch (IllegalArgumentException e) {
        throw target.error(key.name(), e.getMessage());
      }
      if (found == null && !key.nullable() && key.defaultValue() == null) {
        throw target.error(key.name(), "is missing, expected " + key.expected());
      }
      return found == null ? key.defaultValue() : found;
    }

    double number(ConfigKey key) {
      return (Double) get(key);
    }

    boolean flag(ConfigKey key) {
      return (Boolean) get(key);
    }

    String text(ConfigKey key) {
      return (String) get(key);
    }
  }
}
