/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.text;

import java.text.MessageFormat;
import java.util.Arrays;
import java.util.MissingResourceException;
import java.util.ResourceBundle;

/** A logger that makes one text of each record; of others than ours it takes warnings alone. */
public abstract class LineLogger implements System.Logger {
  private final String name;

  /** Makes one of that name. */
  protected LineLogger(String name) {
    this.name = name;
  }

  /** Takes a text in which nothing is left that a terminal obeys. */
  protected abstract void write(Level level, String text);

  /** Whether it is one of the library's own. */
  protected final boolean isOurs() {
    return name.startsWith("org.syncline");
  }

  @Override
  public final String getName() {
    return name;
  }

  @Override
  public final boolean isLoggable(Level level) {
    Level least = isOurs() ? Level.INFO : Level.WARNING;
    return level != Level.OFF && level.compareTo(least) >= 0;
  }

  @Override
  public final void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
    if (isLoggable(level)) {
      String text = text(bundle, message);
      write(level, Printable.message(thrown == null ? text : text + ": " + thrown));
    }
  }

  @Override
  public final void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
    if (!isLoggable(level)) {
      return;
    }
    String text = text(bundle, format);
    if (parameters != null && parameters.length > 0) {
      try {
        text = MessageFormat.format(text, parameters);
      } catch (IllegalArgumentException _) {
        text = text + " " + Arrays.toString(parameters);
      }
    }
    write(level, Printable.message(text));
  }

  /** Prints a line to stderr, as the command says things. */
  protected final void print(Level level, String text) {
    String kind =
        switch (level) {
          case WARNING -> "warning: ";
          case ERROR -> "error: ";
          default -> "";
        };
    System.err.println((isOurs() ? "syncline: " : name + ": ") + kind + text);
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
}
