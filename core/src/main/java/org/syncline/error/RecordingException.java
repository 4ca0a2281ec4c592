/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.error;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.syncline.text.Printable;

/**
 * Says what is wrong with a file of a recording: which file, which key, what was found, what was
 * expected, what to do.
 */
public final class RecordingException extends SynclineException {
  private static final long serialVersionUID = 1;

  /** See {@link #file()}. */
  private final String file;

  /** See {@link #key()}. */
  private final String key;

  /** See {@link #found()}. */
  private final String found;

  /** See {@link #expected()}. */
  private final String expected;

  /** See {@link #advice()}. */
  private final String advice;

  private RecordingException(
      String file,
      @Nullable String key,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String advice,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.file = file;
    this.key = key;
    this.found = Printable.plain(found);
    this.expected = Printable.plain(expected);
    this.advice = advice;
  }

  /**
   * Creates an exception whose message names file, key, found and expected.
   *
   * @param file the file or folder concerned
   * @param key the key, array or field inside it, or null
   * @param found what is there
   * @param expected what should be there
   * @param advice what the user can do, or null
   */
  public static RecordingException of(
      Path file,
      @Nullable String key,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String advice) {
    return of(file, key, found, expected, advice, null);
  }

  /** Same as {@link #of(Path, String, String, String, String)} with a cause. */
  public static RecordingException of(
      Path file,
      @Nullable String key,
      @Nullable String found,
      @Nullable String expected,
      @Nullable String advice,
      @Nullable Throwable cause) {
    StringBuilder text = new StringBuilder().append(file);
    if (key != null) {
      text.append(": ").append(key);
    }
    text.append(": found ").append(Printable.quote(found)).append(", expected ").append(expected);
    if (advice != null) {
      text.append("; ").append(advice);
    }
    return new RecordingException(
        String.valueOf(file), key, found, expected, advice, text.toString(), cause);
  }

  /** Returns the file or folder concerned. */
  public String file() {
    return file;
  }

  /** Returns the key, array or field concerned, or null. */
  public @Nullable String key() {
    return key;
  }

  /** Returns what is there. */
  public @Nullable String found() {
    return found;
  }

  /** Returns what should be there. */
  public @Nullable String expected() {
    return expected;
  }

  /** Returns what the user can do, or null. */
  public @Nullable String advice() {
    return advice;
  }
}
