/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import java.nio.file.Path;

/** A cache of decoded frames that is a test's own, until it is closed. */
record OwnCache(String before) implements AutoCloseable {
  private static final String PROPERTY = "syncline.cache";

  static OwnCache in(Path folder) {
    return new OwnCache(System.setProperty(PROPERTY, folder.toString()));
  }

  @Override
  public void close() {
    if (before == null) {
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, before);
    }
  }
}
