/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.syncline.text.Printable;

/**
 * Keeps what the library logs for the host process, whose stderr is not ours. Found by
 * ServiceLoader. Loggers of others, and ours in a VM that no host started, print warnings to
 * stderr, since a program without this bridge would see them there.
 */
public final class HostLoggerFinder extends System.LoggerFinder {
  /** Called by ServiceLoader. */
  public HostLoggerFinder() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new HostLogger(name);
  }

  private record HostLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.compareTo(Level.WARNING) >= 0 && level != Level.OFF
          || level == Level.INFO && Warnings.isHosted() && name.startsWith("org.syncline");
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      if (isLoggable(level)) {
        write(
            level, thrown == null ? text(bundle, message) : text(bundle, message) + ": " + thrown);
      }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      if (isLoggable(level)) {
        String text = text(bundle, format);
        if (parameters != null && parameters.length > 0) {
          try {
            text = MessageFormat.format(text, parameters);
          } catch (IllegalArgumentException _) {
            text = text + " " + java.util.Arrays.toString(parameters);
          }
        }
        write(level, text);
      }
    }

    private static String text(ResourceBundle bundle, String key) {
      if (bundle != null && key != null) {
        try {
          return bundle.getString(key);
        } catch (MissingResourceException | ClassCastException _) {
          return key;
        }
      }
      return String.valueOf(key);
    }

    private void write(Level level, String written) {
      String text = Printable.message(written);
      if (Warnings.isHosted() && name.startsWith("org.syncline")) {
        Warnings.add(level.getName(), name, text);
      } else {
        System.err.println(level.getName() + " " + name + ": " + text);
      }
    }
  }
}
