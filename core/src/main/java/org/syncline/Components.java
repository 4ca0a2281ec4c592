/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.syncline.config.Target;
import org.syncline.config.schema.Names;
import org.syncline.config.schema.TargetKeys;
import org.syncline.device.support.Interruptions;
import org.syncline.error.ConfigException;

/** Components of one kind by the names that configurations use. Immutable. */
final class Components<T> {
  /** Modules in which programs have the components that are registered without a module. */
  private static final String[] MODULES = {
    "torchvision.transforms.",
    "experanto.filters.common_filters.",
    "syncline.filters.common_filters."
  };

  private final String kind;
  private final Map<String, Function<Target, T>> makers;

  /**
   * Copies what is registered.
   *
   * @param kind what a component is, for messages
   */
  Components(String kind, Map<String, Function<Target, T>> makers) {
    this.kind = kind;
    this.makers = Collections.unmodifiableMap(new LinkedHashMap<>(makers));
  }

  Map<String, Function<Target, T>> makers() {
    return makers;
  }

  /** Returns the registered names in the order of registration. */
  Set<String> names() {
    return makers.keySet();
  }

  /** Returns whether a configuration may use a name: a registered one, or one with its module. */
  boolean has(String name) {
    return makers.containsKey(name) || makers.containsKey(simple(name));
  }

  private static String simple(String name) {
    for (String module : MODULES) {
      if (name.startsWith(module)) {
        return name.substring(name.lastIndexOf('.') + 1);
      }
    }
    return name;
  }

  /**
   * Creates the component that a configuration names.
   *
   * @throws ConfigException where the name is not registered, with the nearest one and all, or an
   *     argument is wrong
   */
  T create(Target target) {
    Function<Target, T> maker = makers.get(target.name());
    if (maker == null) {
      maker = makers.get(simple(target.name()));
    }
    if (maker == null) {
      throw unknown(target, kind, names());
    }
    T made;
    boolean before = Interruptions.before();
    try {
      made = maker.apply(target);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(target.source(), 0, target.key(), e.getMessage());
    }
    Interruptions.check(
        before, target.key(), "what makes the " + kind + " '" + target.name() + "'");
    return checked(made, target, kind);
  }

  /** Returns the error for a name that nobody registered. */
  static ConfigException unknown(Target target, String kind, Set<String> known) {
    return target.error(
        TargetKeys.NAME.name(),
        "no "
            + kind
            + " is registered as '"
            + target.name()
            + "'; "
            + (known.isEmpty() ? "none is" : Names.advice(simple(target.name()), known)));
  }

  /** Returns what a maker made, or throws where that is null. */
  static <T> T checked(T made, Target target, String kind) {
    if (made == null) {
      throw target.error(
          TargetKeys.NAME.name(),
          "what is registered as '" + target.name() + "' returned null, expected a " + kind);
    }
    return made;
  }
}
