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
import org.syncline.config.schema.Names;
import org.syncline.error.RecordingException;
import org.syncline.text.Printable;

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

  /**
   * Returns the error of a folder without devices: often it is the one in which the recordings lie.
   */
  public static RecordingException absent(Path folder) {
    Path shown = folder.toString().isEmpty() ? folder.toAbsolutePath() : folder;
    List<String> recordings = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".") && !of(entry).isEmpty()) {
          recordings.add(Printable.value(name));
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // what cannot be listed is left out: it is looked at for advice alone
    }
    recordings.sort(null);
    return recordings.isEmpty()
        ? RecordingException.of(
            shown,
            null,
            "no sub-folder with a meta.yml",
            "a recording, which has one for each device",
            "check the path")
        : RecordingException.of(
            shown,
            null,
            "a folder of recordings: " + Names.some(recordings),
            "one recording",
            "open "
                + shown.resolve(recordings.getFirst())
                + ", or all of them by a loader of several");
  }
}
