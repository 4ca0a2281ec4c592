/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;

/** Raised by {@link BatchLoader#next()} at the batch in which something went wrong. */
public final class LoaderException extends SynclineException {
  private static final long serialVersionUID = 1;

  /** Causes behind one another that are looked at: a program's own may lead back to itself. */
  private static final int MOST_CAUSES = 100;

  /** See {@link #recording()}. */
  private final String recording;

  /** See {@link #chunk()}. */
  private final int chunk;

  /** See {@link #device()}. */
  private final String device;

  LoaderException(String message, String recording, int chunk, String device, Throwable cause) {
    super(message, cause);
    this.recording = recording;
    this.chunk = chunk;
    this.device = device;
  }

  /** Says at which recording, chunk and device a read failed. */
  static LoaderException of(Session session, int chunk, Throwable t) {
    if (t instanceof LoaderException e) {
      return e;
    }
    String device = device(session, t);
    return new LoaderException(
        "recording "
            + session.key
            + ", chunk "
            + chunk
            + (device == null ? "" : ", device " + device)
            + ": "
            + text(t),
        session.key,
        chunk,
        device,
        t);
  }

  /** Returns the device in whose folder the file lies that an exception complains of. */
  private static String device(Session session, Throwable t) {
    Throwable c = t;
    for (int depth = 0; c != null && depth < MOST_CAUSES; depth++) {
      if (c instanceof RecordingException e && session.root != null && e.file() != null) {
        Path root = Path.of(session.root);
        Path file = Path.of(e.file());
        if (file.startsWith(root) && file.getNameCount() > root.getNameCount()) {
          String name = file.getName(root.getNameCount()).toString();
          return session.devices.contains(name) ? name : null;
        }
      }
      c = c.getCause();
    }
    return null;
  }

  /** Returns what an exception says, or its class where it says nothing. */
  static String text(Throwable t) {
    String message;
    try {
      message = t.getMessage();
    } catch (RuntimeException _) {
      message = null; // of a program's own, whose class is all that there is to say
    }
    return message == null ? t.getClass().getName() : message;
  }

  /** Returns the name of the recording whose chunk failed, or null where no chunk is to blame. */
  public @Nullable String recording() {
    return recording;
  }

  /** Returns the index of the chunk in its recording, or -1. */
  public int chunk() {
    return chunk;
  }

  /** Returns the device that failed, or null where the cause does not say. */
  public @Nullable String device() {
    return device;
  }
}
