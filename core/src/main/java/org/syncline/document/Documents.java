/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.document;

/** Placeholder until its owner's first commit. */
public final class Documents {
  private Documents() {}
}
