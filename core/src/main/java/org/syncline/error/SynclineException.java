/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.error;

import org.jspecify.annotations.Nullable;
import org.syncline.text.Printable;

/**
 * Root of the unchecked exceptions that Syncline raises for what a caller can mend: input files and
 * configuration.
 */
public class SynclineException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Creates an exception.
   *
   * @param message for the user; control characters that files brought in become escapes, and the
   *     middle of a long one is left out
   * @param cause null where there is none
   */
  public SynclineException(String message, @Nullable Throwable cause) {
    super(Printable.message(message), cause);
  }
}
