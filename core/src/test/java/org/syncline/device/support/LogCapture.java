/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what is logged while it is open, and keeps it out of the test output. */
public final class LogCapture extends Handler implements AutoCloseable {
  // kept: the logging system holds loggers weakly
  private static final Logger LOGGER = Logger.getLogger("org.syncline");

  private final List<String> messages = new ArrayList<>();

  public LogCapture() {
    LOGGER.addHandler(this);
    LOGGER.setUseParentHandlers(false);
  }

  @Override
  public synchronized void publish(LogRecord entry) {
    // what is no warning is said once in a process, by whichever recording comes first
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      messages.add(entry.getMessage());
    }
  }

  public synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LOGGER.removeHandler(this);
    LOGGER.setUseParentHandlers(true);
  }
}
