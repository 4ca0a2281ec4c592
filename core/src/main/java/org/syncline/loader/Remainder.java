/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * What becomes of the last batches of an epoch where their number is not a multiple of the number
 * of ranks.
 */
public enum Remainder {
  /**
   * The epoch's first batches are handed out again, so that every rank has the same number and no
   * chunk is missed.
   */
  PAD,
  /**
   * The last batches are left out, so that every rank has the same number and no chunk comes twice.
   */
  DROP,
  /** Nothing is added or left out: low ranks may have one batch more than high ranks. */
  UNEVEN
}
