/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import org.syncline.error.SynclineException;

/**
 * An encoded file could not be decoded for a reason that lies outside of it: no program that
 * decodes, no room, no cache. The file may be healthy.
 */
public final class DecodingException extends SynclineException {
  private static final long serialVersionUID = 1;

  DecodingException(String message, Throwable cause) {
    super(message, cause);
  }
}
