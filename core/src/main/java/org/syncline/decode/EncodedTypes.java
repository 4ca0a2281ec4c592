/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The extensions of files that are decoded. */
public final class EncodedTypes {
  private static final List<String> VIDEOS = List.of(".mp4", ".avi", ".mkv", ".mov", ".webm");

  private static final List<String> IMAGES =
      List.of(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif");

  private EncodedTypes() {}

  /**
   * Returns the extension by which a file is known to be encoded, in lower case and with its dot;
   * null for another file.
   */
  public static String of(String fileName) {
    int dot = fileName.lastIndexOf('.');
    if (dot < 0) {
      return null;
    }
    String extension = fileName.substring(dot).toLowerCase(Locale.ROOT);
    return VIDEOS.contains(extension) || IMAGES.contains(extension) ? extension : null;
  }

  /** Returns whether a file is decoded before it is read. */
  public static boolean isEncoded(Path file) {
    return of(file.getFileName().toString()) != null;
  }

  /** Returns whether a file is a video. */
  public static boolean isVideo(Path file) {
    String extension = of(file.getFileName().toString());
    return extension != null && VIDEOS.contains(extension);
  }

  /** Returns all extensions, for messages. */
  public static String all() {
    return String.join(" ", VIDEOS) + " " + String.join(" ", IMAGES);
  }
}
