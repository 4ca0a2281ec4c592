/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the devices of a recording where no configuration names them. */
public final class DeviceFolders {
  private DeviceFolders() {}

  /**
   * Returns whether a folder is meant to be a device: it has something called meta.yml. What cannot
   * be read as one is an error of whoever reads it, not a device that nobody misses.
   */
  public static boolean isDevice(Path folder) {
    // what nobody may look at is there
    return !folder.getFileName().toString().startsWith(".")
        && Files.isDirectory(folder)
        && !Files.notExists(folder.resolve("meta.yml"), LinkOption.NOFOLLOW_LINKS);
  }

  /** Returns the folders of devices, by name; hidden ones are none. */
  public static List<Path> of(Path recording) throws IOException {
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(recording, DeviceFolders::isDevice)) {
      entries.forEach(folders::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    folders.sort(null);
    return folders;
  }
}
