/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says why something could not be written. */
public final class WriteFaults {
  private WriteFaults() {}

  /** Returns an exception that names what could not be written, and the reason. */
  public static UncheckedIOException of(Object what, IOException e) {
    return new UncheckedIOException("cannot write " + what + ": " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (!(e instanceof FileSystemException of) || of.getReason() != null) {
      return e.getMessage();
    }
    // the message is the file's name alone
    return switch (of) {
      case FileAlreadyExistsException taken -> taken.getFile() + " is there already";
      case AccessDeniedException denied -> "no permission to write " + denied.getFile();
      case NoSuchFileException none -> none.getFile() + " is not there";
      case NotDirectoryException file -> file.getFile() + " is no folder";
      default -> of.getMessage() + " (" + of.getClass().getSimpleName() + ")";
    };
  }
}
