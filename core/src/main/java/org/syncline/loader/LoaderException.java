/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import org.syncline.error.SynclineException;

/** Raised by {@link BatchLoader#next} at the batch in which something went wrong. */
public final class LoaderException extends SynclineException {
  private static final long serialVersionUID = 1;
  private final String recording;
  private final int chunk;
  private final String device;

  LoaderException(String message, String recording, int chunk, String device, Throwable cause) {
    super(message, cause);
    this.recording = recording;
    this.chunk = chunk;
    this.device = device;
  }

  /** Returns the name of the recording whose chunk failed, or null where no chunk is to blame. */
  public String recording() {
    return recording;
  }

  /** Returns the index of the chunk in its recording, or -1. */
  public int chunk() {
    return chunk;
  }

  /** Returns the device that failed, or null where the cause does not say. */
  public String device() {
    return device;
  }
}
