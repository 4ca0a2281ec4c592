/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import org.syncline.kernel.lanes.Addresses;

/**
 * A kernel bound to element types, statistics and sizes: bound once, when a plan is compiled, then
 * run again and again.
 *
 * <p>Whatever follows from types, statistics and sizes is decided when a pass is bound: its {@code
 * of} refuses statistics that are too short or not native, and chooses the loop. A run checks the
 * ranges that it is given once (bounds, liveness, native memory, the right to write) and calls that
 * loop with absolute addresses, see {@link Addresses}. It allocates nothing.
 *
 * <p>A pass has two bodies that write the same bits: a scalar one and one of the Vector API. {@link
 * Kernels} says which it gets; in a process that has just started it gets the scalar one, and is
 * switched to the other once that is compiled, see {@link Warmup}. Types and widths without vector
 * code have the scalar body alone.
 *
 * <p>Offsets are bytes, counts are elements; source and destination never overlap unless a pass
 * says so. No pass may be the first to touch a page of a mapped file: a loop of vectors does not
 * survive the SIGBUS of a truncated one, so its caller reads a byte a page before. Statistics stay
 * reachable as long as their pass; an arena that somebody closes must stay open as long as it runs.
 * Passes have no other state: several threads may run one at a time.
 *
 * @param <B> the type of the bodies
 */
public abstract class Pass<B> {
  /** What runs. A thread that sees another's switch late runs scalar once more. */
  B body;

  /** Asks for the vector body where the scalar one stands in for it, else null. */
  private Warmup.Switch warming;

  Pass() {}

  /** Gives the pass its body: the last step of every {@code of}. */
  final void bind(Kernels kernels) {
    if (kernels.startsVector(this)) {
      body = vector();
      return;
    }
    body = scalar();
    if (kernels.warms() && hasVector()) {
      warming = kernels.switchOf(code());
      if (warming.isHot()) {
        switchOver();
      }
    }
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
   * Returns whether the scalar body runs until the vector body is compiled. Where a run takes long
   * enough to be compiled while it lasts, it does not.
   */
  boolean startsScalar() {
    return true;
  }

  /** Names the code that the vector body runs: what is compiled for one pass is for all of it. */
  abstract String code();

  /**
   * Returns this pass for rows of at most so many elements, as the warm-up runs it: passes bound to
   * the length of their rows return another, without a body.
   */
  Pass<B> shortened(int longest) {
    return this;
  }

  /** Allocates what {@link #rehearse} needs, in the warm-up's thread. */
  abstract void prepare(Warmup.Trial<B> trial);

  /** Runs a body on the memory of a trial, on as many elements as that says. */
  abstract void rehearse(B body, Warmup.Trial<B> trial);

  /**
   * Runs a vector body on nothing, which counts as a call of its loops; where it takes no empty
   * rows, as here, on a shortest one.
   */
  void rehearseEmpty(B body, Warmup.Trial<B> trial) {
    rehearse(body, trial);
  }

  /**
   * Notes what a run has done, and switches over where the vector body is ready; the last step of
   * every run.
   *
   * @param length elements of a row, or of what stands for one
   */
  final void done(int length, long elements) {
    if (warming != null) {
      warm(length, elements);
    }
  }

  private void warm(int length, long elements) {
    Warmup.Switch asked = warming;
    if (asked == null) {
      return;
    }
    if (asked.isHot()) {
      switchOver();
    } else if (asked.ask(elements)) {
      Warmup.submit(new Warmup.Trial<>(this, asked, Math.min(length, Warmup.LONGEST)));
    }
  }

  private void switchOver() {
    body = vector();
    warming = null;
  }
}
