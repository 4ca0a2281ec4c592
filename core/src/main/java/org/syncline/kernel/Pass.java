/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/**
 * A kernel bound to element types, statistics and sizes: bound once, when a plan is compiled, then
 * run again and again.
 *
 * <p>Whatever follows from types, statistics and sizes is decided when a pass is bound: its {@code
 * of} refuses statistics that are too short or not native, and chooses the loop. A run checks the
 * ranges that it is given once (bounds, liveness, native memory, the right to write) and calls that
 * loop with absolute addresses, see {@link org.syncline.kernel.lanes.Addresses}. It allocates
 * nothing.
 *
 * <p>A pass has two bodies that write the same bits: a scalar one and one of the Vector API. {@link
 * Kernels} says which it gets. Types and widths without vector code have the scalar body alone.
 *
 * <p>Offsets are bytes, counts are elements; source and destination never overlap unless a pass
 * says so. No pass may be the first to touch a page of a mapped file: a loop of vectors does not
 * survive the SIGBUS of a truncated one, so its caller reads a byte a page before. Statistics stay
 * reachable as long as their pass; an arena that somebody closes must stay open while it is used.
 * Passes have no other state: several threads may run one at a time.
 *
 * @param <B> the type of the bodies
 */
public abstract class Pass<B> {
  /** What runs. */
  B body;

  Pass() {}

  /** Gives the pass its body: the last step of every {@code of}. */
  void bind(Kernels kernels) {
    body = kernels.startsVector(this) ? vector() : scalar();
  }

  /** Returns a scalar body. */
  abstract B scalar();

  /**
   * Returns a vector body, a scalar one where {@link #hasVector} is false; loads the Vector API.
   */
  abstract B vector();

  /** Returns whether there is vector code for this pass, without loading the Vector API. */
  boolean hasVector() {
    return true;
  }

  /**
   * Returns whether the pass runs scalar in a process that has just started. One whose run takes
   * long enough to be compiled while it lasts does not.
   */
  boolean startsScalar() {
    return false;
  }
}
