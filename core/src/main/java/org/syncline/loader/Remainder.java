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
  PAD(
      "pad",
      "The epoch's first batches come again, so that every rank has the same number and no chunk is missed."),
  /**
   * The last batches are left out, so that every rank has the same number and no chunk comes twice.
   */
  DROP(
      "drop",
      "The last batches are left out, so that every rank has the same number and no chunk comes twice."),
  /** Nothing is added or left out: low ranks may have one batch more than high ranks. */
  UNEVEN(
      "uneven", "Nothing is added or left out: low ranks may have one batch more than high ranks.");

  private final String text;
  private final String description;

  Remainder(String text, String description) {
    this.text = text;
    this.description = description;
  }

  /** Returns the name by which C and Python know it. */
  public String text() {
    return text;
  }

  /** Returns one sentence on what it means. */
  public String description() {
    return description;
  }
}
