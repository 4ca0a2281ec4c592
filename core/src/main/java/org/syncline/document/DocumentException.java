/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

import org.syncline.error.SynclineException;

/** Says that a text is not the YAML or JSON that it should be, and where. */
public final class DocumentException extends SynclineException {
  private static final long serialVersionUID = 1;
  private final int line;
  private final String detail;

  /**
   * Creates an exception.
   *
   * @param source name of the document
   * @param line line from 1, or 0 where unknown
   * @param detail what is wrong, without the place
   * @param cause the parser's own exception, or null
   */
  public DocumentException(String source, int line, String detail, Throwable cause) {
    super(source + (line > 0 ? ":" + line : "") + ": " + detail, cause);
    this.line = line;
    this.detail = detail;
  }

  /** Returns the line from 1, or 0 where unknown. */
  public int line() {
    return line;
  }

  /** Returns what is wrong, without the place. */
  public String detail() {
    return detail;
  }
}
