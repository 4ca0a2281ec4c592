/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.syncline.document.DocumentException;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.loader.LoaderException;

/** Status codes of syncline.h, and the one that an exception becomes. */
final class Status {
  static final int OK = 0;
  static final int TIMEOUT = 1;
  static final int END = 2;
  static final int INTERNAL = -1;
  static final int ARGUMENT = -2;
  static final int INDEX = -3;
  static final int KEY = -4;
  static final int CONFIG = -5;
  static final int RECORDING = -6;
  static final int NOT_FOUND = -7;
  static final int CLOSED = -8;
  static final int HANDLE = -9;
  static final int UNSUPPORTED = -10;
  static final int MEMORY = -11;
  static final int STATE = -12;
  static final int CUDA = -16;
  static final int CAPACITY = -17;

  private Status() {}

  /** An error that has a status of its own. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;

    Failure(int status, String message) {
      this(status, message, null);
    }

    Failure(int status, String message, Throwable cause) {
      super(message, cause);
      this.status = status;
    }
  }

  static int of(Throwable t) {
    return switch (t) {
      case Failure f -> f.status;
      case ConfigException _ -> CONFIG;
      case RecordingException e -> isMissing(e) ? NOT_FOUND : RECORDING;
      case DocumentException _ -> RECORDING;
      case ClosedException _ -> CLOSED;
      case LoaderException e -> ofLoader(e);
      case IndexOutOfBoundsException _ -> INDEX;
      case IllegalArgumentException _ -> ARGUMENT;
      case OutOfMemoryError _ -> MEMORY;
      case NoSuchFileException _ -> NOT_FOUND;
      case FileNotFoundException _ -> NOT_FOUND;
      case NotDirectoryException _ -> NOT_FOUND;
      case java.io.IOException _ -> RECORDING;
      default -> INTERNAL;
    };
  }

  private static int ofLoader(LoaderException e) {
    Throwable cause = e.getCause();
    if (cause != null) {
      return of(cause);
    }
    // without a cause the loader means itself: the limit on batches held
    return e.recording() == null ? MEMORY : RECORDING;
  }

  private static boolean isMissing(RecordingException e) {
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      if (t instanceof NoSuchFileException) {
        return true;
      }
    }
    try {
      // not that it cannot be seen: then permission may be what lacks
      return e.file() != null && Files.notExists(Path.of(e.file()));
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
