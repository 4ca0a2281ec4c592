/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

/**
 * How a {@link SessionLoader} mixes its sessions. In the examples session s0 has two batches and s1
 * three.
 */
public enum Cycle {
  /**
   * The original's concatenated loader: an epoch has as many rounds as the largest session has
   * batches; each round shuffles the list of sessions and takes one batch from each that still has
   * one. Every batch comes once an epoch.
   */
  CONCATENATED,
  /** Shorter sessions start again: s0b0 s1b0 s0b1 s1b1 s0b0 s1b2; sessions × longest batches. */
  LONG,
  /** Round robin, as long as the shortest: s0b0 s1b0 s0b1 s1b1; sessions × shortest batches. */
  SHORT,
  /** Each session whole, one after the other: s0b0 s0b1 s1b0 s1b1 s1b2. */
  EXHAUSTING
}
