/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.random;

/** Placeholder until its owner's first commit. */
public final class LegacyRandomState {
  private LegacyRandomState() {}
}
