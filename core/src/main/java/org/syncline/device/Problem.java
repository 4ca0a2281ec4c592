/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.syncline.text.Printable;

/** Something that the validation of a recording found. Immutable. */
public final class Problem {
  private final Severity severity;
  private final Path file;
  private final String key;
  private final String found;
  private final String expected;
  private final String advice;

  Problem(Severity severity, Path file, String key, String found, String expected, String advice) {
    this.severity = severity;
    this.file = file;
    this.key = key;
    this.found = Printable.plain(found);
    this.expected = Printable.plain(expected);
    this.advice = advice;
  }

  /** How bad it is. */
  public enum Severity {
    /** Opening or reading fails, or values are wrong. */
    ERROR,
    /** The recording can be read. */
    WARNING
  }

  /** Returns how bad it is. */
  public Severity severity() {
    return severity;
  }

  /** Returns the file or folder concerned. */
  public Path file() {
    return file;
  }

  /** Returns the key, array or field inside the file; null where the whole file is meant. */
  public @Nullable String key() {
    return key;
  }

  /** Returns what is there; a whole sentence where {@link #expected} is null. */
  public @Nullable String found() {
    return found;
  }

  /** Returns what should be there, or null. */
  public @Nullable String expected() {
    return expected;
  }

  /** Returns what the user can do, or null. */
  public @Nullable String advice() {
    return advice;
  }

  /** Returns one line: severity, file, key, found, expected, advice. */
  @Override
  public String toString() {
    return Printable.message(
        (severity == Severity.ERROR ? "error: " : "warning: ")
            + file
            + (key == null ? "" : ": " + key)
            + (expected == null
                ? ": " + found
                : ": found " + Printable.quote(found) + ", expected " + expected)
            + (advice == null ? "" : "; " + advice));
  }
}
