/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import org.syncline.text.LineLogger;

/**
 * Prints what the library logs as the command says everything: a line, without the date and the
 * class that Java adds. The module provides it; no program that has the command's jar on its class
 * path gets it.
 */
public final class CommandLoggerFinder extends System.LoggerFinder {
  /** Called by ServiceLoader. */
  public CommandLoggerFinder() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new LineLogger(name) {
      @Override
      protected void write(Level level, String text) {
        print(level, text);
      }
    };
  }
}
