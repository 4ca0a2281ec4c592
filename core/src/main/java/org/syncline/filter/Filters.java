/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter;

import java.util.Map;
import org.syncline.config.Target;

/** Makes filters by name. */
public final class Filters {
  private Filters() {}

  /**
   * Creates the filter that a configuration names.
   *
   * @param target name and arguments; {@code nan_filter} is known with any of the prefixes {@code
   *     experanto.filters.common_filters.} and {@code syncline.filters.common_filters.}
   * @param custom registered filters by full name; they come before the built-in ones
   * @throws org.syncline.error.ConfigException where the name is not known, with the known names and the nearest of
   *     them, or an argument is wrong
   */
  public static Filter create(Target target, Map<String, FilterFactory> custom) {
    throw new UnsupportedOperationException();
  }
}
