/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

/**
 * A component that configurations name, such as a filter: what there is to know before one is made.
 */
public interface Described {
  /** Returns what it does and takes: a section whose path is its name. */
  ConfigSection description();

  /** Returns the name in configurations, without a module. */
  default String name() {
    return description().path();
  }
}
