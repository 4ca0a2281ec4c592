/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.error;

/**
 * Says what is wrong with a configuration: source, line, key, what was found, what was expected,
 * the nearest known name.
 */
public final class ConfigException extends SynclineException {
  private static final long serialVersionUID = 1;

  /** See {@link #key()}. */
  private final String key;

  /**
   * Creates an exception.
   *
   * @param source file name, or "configuration" for values given in a program
   * @param line line in the source from 1, or 0 where unknown
   * @param key the full key, dots between levels
   * @param message what was found, what was expected, what to do
   */
  public ConfigException(String source, int line, String key, String message) {
    super(source + (line > 0 ? ":" + line : "") + ": " + key + ": " + message, null);
    this.key = key;
  }

  /** Returns the full key concerned, dots between levels. */
  public String key() {
    return key;
  }
}
