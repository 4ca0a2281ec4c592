/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.syncline.decode.DecodingException;
import org.syncline.document.DocumentException;
import org.syncline.error.ClosedException;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.loader.LoaderException;

/** An error that has a status of its own; and the status that any other exception becomes. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Causes behind one another that are looked at: a program's own may lead back to itself. */
  private static final int MOST_CAUSES = 100;

  final int status;

  Failure(int status, String message) {
    this(status, message, null);
  }

  Failure(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** Returns the status that an exception is reported with. */
  static int statusOf(Throwable t) {
    return switch (t) {
      case Failure f -> f.status;
      case ConfigException _ -> Status.CONFIG;
      case RecordingException e ->
          isForbidden(e) ? Status.PERMISSION : isMissing(e) ? Status.NOT_FOUND : Status.RECORDING;
      case DocumentException _ -> Status.RECORDING;
      case DecodingException _ -> Status.RECORDING;
      case ClosedException _ -> Status.CLOSED;
      case LoaderException e -> ofLoader(e);
      case IndexOutOfBoundsException _ -> Status.INDEX;
      case IllegalArgumentException _ -> Status.ARGUMENT;
      case OutOfMemoryError _ -> Status.MEMORY;
      case AccessDeniedException _ -> Status.PERMISSION;
      case NoSuchFileException _ -> Status.NOT_FOUND;
      case FileNotFoundException _ -> Status.NOT_FOUND;
      case NotDirectoryException _ -> Status.NOT_FOUND;
      case java.io.IOException _ -> Status.RECORDING;
      case UncheckedIOException _ -> Status.RECORDING;
      // threads that the system refused
      case SynclineException e when e.getCause() instanceof OutOfMemoryError -> Status.MEMORY;
      default -> Status.INTERNAL;
    };
  }

  private static int ofLoader(LoaderException e) {
    Throwable cause = e.getCause();
    if (cause != null) {
      // one that leads back to itself would be asked for ever
      return cause instanceof LoaderException && isCausedBy(cause, LoaderException.class)
          ? Status.INTERNAL
          : statusOf(cause);
    }
    // without a cause the loader means itself: the limit on batches held
    return e.recording() == null ? Status.MEMORY : Status.RECORDING;
  }

  private static boolean isForbidden(RecordingException e) {
    return isCausedBy(e, AccessDeniedException.class);
  }

  private static boolean isCausedBy(Throwable e, Class<?> type) {
    Throwable t = e.getCause();
    for (int depth = 0; t != null && depth < MOST_CAUSES; depth++) {
      if (type.isInstance(t)) {
        return true;
      }
      t = t.getCause();
    }
    return false;
  }

  private static boolean isMissing(RecordingException e) {
    if (isCausedBy(e, NoSuchFileException.class)) {
      return true;
    }
    try {
      // not that it cannot be seen: then permission may be what lacks
      return e.file() != null && Files.notExists(Path.of(e.file()));
    } catch (InvalidPathException _) {
      return false;
    }
  }
}
