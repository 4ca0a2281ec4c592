/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Names a recording: from its meta.json, else from its path. */
public final class DataKey {
  private DataKey() {}

  /** Returns the name of a recording; what is odd on the way goes to the log as a warning. */
  public static String of(Path root) {
    System.Logger log = System.getLogger("org.syncline");
    return of(root, text -> log.log(System.Logger.Level.WARNING, text));
  }

  /**
   * Returns the name of a recording: {@code data_key} of meta.json; else its complete {@code scan_key} as
   * {@code animal-session-scan}; else, where meta.json exists and has neither, from the path; else the folder's name.
   *
   * @param warnings gets a text where meta.json is broken or its scan_key incomplete
   */
  public static String of(Path root, Consumer<String> warnings) {
    throw new UnsupportedOperationException();
  }
}
