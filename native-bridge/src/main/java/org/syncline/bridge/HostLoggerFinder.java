/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import org.syncline.text.LineLogger;

/**
 * Keeps what the library logs for the host process, whose stderr is not ours. Found by
 * ServiceLoader. Loggers of others, and ours in a VM that no host started, print to stderr, since a
 * program without this bridge would see them there.
 */
public final class HostLoggerFinder extends System.LoggerFinder {
  /** Called by ServiceLoader. */
  public HostLoggerFinder() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new HostLogger(name);
  }

  private static final class HostLogger extends LineLogger {
    HostLogger(String name) {
      super(name);
    }

    @Override
    protected void write(Level level, String text) {
      if (Warnings.isHosted() && isOurs()) {
        Warnings.add(level.getName(), getName(), text);
      } else {
        print(level, text);
      }
    }
  }
}
