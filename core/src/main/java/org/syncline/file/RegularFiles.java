/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.syncline.error.SynclineException;

/** Looks at files before they are opened: opening a FIFO waits for ever, a device has no end. */
public final class RegularFiles {
  private RegularFiles() {}

  /**
   * Returns the size in bytes of a regular file; links are followed.
   *
   * @throws IOException where there is none; a FileSystemException that says what there is instead,
   *     where that is a FIFO, a socket or a device
   */
  public static long size(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (attributes.isOther()) {
      throw new FileSystemException(
          file.toString(), null, "is a FIFO, a socket or a device, and no regular file");
    }
    return attributes.size();
  }

  /**
   * Returns whether there is a folder; links are followed.
   *
   * @throws IOException where that cannot be seen: permission to look lacks, say
   */
  public static boolean isFolder(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return false;
    }
  }

  /**
   * Tells reads that ended because their thread was interrupted, which says nothing of the file,
   * from others. The thread stays interrupted.
   *
   * @throws SynclineException where it was
   */
  public static void checkInterruption(Path file, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      throw new SynclineException(
          file + ": the thread was interrupted while it read this file, which may be healthy", e);
    }
  }
}
