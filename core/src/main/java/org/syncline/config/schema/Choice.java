/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

/**
 * One of the values of a key that has a name in configurations.
 *
 * @param value what a configuration holds, such as a constant of an enum
 * @param text the name as it is written in configurations
 * @param description one sentence on what it means
 */
public record Choice(Object value, String text, String description) {
  /** No names. */
  public static final Choice[] NONE = {};
}
