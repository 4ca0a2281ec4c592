/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigSection;
import org.syncline.config.schema.Described;

/** What the library's own components say of themselves. */
public final class BuiltInDescriptions {
  private BuiltInDescriptions() {}

  /** Returns a section for each screen transform, by name. */
  public static List<ConfigSection> transforms() {
    return sections(Registry.EMPTY.transforms.makers());
  }

  /** Returns a section for each filter, by name. */
  public static List<ConfigSection> filters() {
    return sections(Registry.EMPTY.filters.makers());
  }

  /**
   * Makes the transform or filter of a configuration's map; an error says what is wrong with it.
   */
  public static Object make(Target target) {
    Function<Target, ?> maker = Registry.EMPTY.transforms.makers().get(target.name());
    return (maker != null ? maker : Registry.EMPTY.filters.makers().get(target.name()))
        .apply(target);
  }

  private static <T> List<ConfigSection> sections(Map<String, Function<Target, T>> makers) {
    return makers.keySet().stream()
        .sorted()
        .map(n -> ((Described) makers.get(n)).description())
        .toList();
  }
}
