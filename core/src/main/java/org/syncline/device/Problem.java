/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;

/**
 * Something that the validation of a recording found.
 *
 * @param severity whether opening or reading will fail or give wrong values, or whether it is
 *     merely odd
 * @param file the file or folder concerned
 * @param key the key, array or field inside it, or null
 * @param found what is there
 * @param expected what should be there
 * @param advice what the user can do, or null
 */
public record Problem(
    Severity severity, Path file, String key, String found, String expected, String advice) {
  /** How bad it is. */
  public enum Severity {
    /** Opening or reading fails, or values are wrong. */
    ERROR,
    /** The recording can be read. */
    WARNING
  }

  /** Returns one line: severity, file, key, found, expected, advice. */
  @Override
  public String toString() {
    return (severity == Severity.ERROR ? "error: " : "warning: ")
        + file
        + (key == null ? "" : ": " + key)
        + ": found "
        + found
        + ", expected "
        + expected
        + (advice == null ? "" : "; " + advice);
  }
}
