/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Map;

/**
 * Where a loader stands: small (no data), versioned, with fingerprints of data and configuration.
 *
 * <p>Immutable. {@link #toJson} and {@link #parse} round-trip it across processes.
 */
public final class LoaderState {
  private LoaderState() {}

  /** Returns the state as one line of JSON. */
  public String toJson() {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a state.
   *
   * @throws org.syncline.error.ConfigException where it is not a state, or of a later format version
   */
  public static LoaderState parse(String json) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes over a state dictionary of the original's multi-session loader, for a loader of the same recordings and settings:
   * {@code epoch}, {@code current_batch}, {@code batch_sampler_state}, {@code session_sampler_states} and so on.
   *
   * @param dictionary the original's dictionary; generators are NumPy's state tuples as lists
   * @throws org.syncline.error.ConfigException where it does not carry enough to continue exactly, saying what is missing
   */
  public static LoaderState fromOriginal(Map<String, Object> dictionary) {
    throw new UnsupportedOperationException();
  }

  /** Returns the epoch, from 0. */
  public long epoch() {
    throw new UnsupportedOperationException();
  }

  /** Returns how many batches of the epoch all ranks together have taken. */
  public int position() {
    throw new UnsupportedOperationException();
  }

  /** Returns the fingerprint of data and configuration, in hexadecimal. */
  public String fingerprint() {
    throw new UnsupportedOperationException();
  }
}
