/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.error;

/**
 * Root of the unchecked exceptions that Syncline raises for what a caller can mend: input files and
 * configuration.
 */
public class SynclineException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Creates an exception with a message for the user and the cause, null where there is none. */
  public SynclineException(String message, Throwable cause) {
    super(message, cause);
  }
}
