/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Turns names that are data from a file into paths that cannot leave their folder. */
public final class SafeNames {
  private SafeNames() {}

  /**
   * Returns what is wrong with a name of a file inside a folder, or null: no way up, no absolute
   * path, nothing odd.
   */
  public static String fault(String name) {
    if (name.isEmpty()) {
      return "is empty";
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < ' ') {
        return "has a control character";
      }
    }
    if (name.startsWith("/")
        || name.startsWith("\\")
        || name.length() > 1 && name.charAt(1) == ':') {
      return "is an absolute path";
    }
    for (String part : name.split("[/\\\\]", -1)) {
      if (part.equals("..")) {
        return "leaves the folder";
      }
      if (part.isEmpty()) {
        return "has an empty part";
      }
    }
    return null;
  }

  /**
   * Returns the path of a name without {@link #fault}; null where the file system cannot have such
   * a name.
   */
  public static Path resolve(Path folder, String name) {
    try {
      Path inside = Path.of(name).normalize();
      boolean leaves =
          inside.isAbsolute() || inside.startsWith("..") || inside.toString().isEmpty();
      return leaves ? null : folder.resolve(inside);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
