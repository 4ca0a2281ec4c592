/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

/** Placeholder until its owner's first commit. */
public final class DataKey {
  private DataKey() {}
}
