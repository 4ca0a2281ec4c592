/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter;

import org.syncline.config.Target;

/** Makes a filter from what a configuration says: how custom filters are registered by name. */
@FunctionalInterface
public interface FilterFactory {
  /**
   * Creates a filter.
   *
   * @param target name and arguments
   * @throws org.syncline.error.ConfigException where an argument is unknown or wrong
   */
  Filter create(Target target);
}
