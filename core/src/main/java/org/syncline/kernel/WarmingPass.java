/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

/**
 * A pass that runs scalar in a process that has just started, and is switched to its vector body
 * once that is compiled, see {@link Warmup}.
 *
 * @param <B> the type of the bodies
 */
public abstract class WarmingPass<B> extends Pass<B> {
  /** Asks for the vector body where the scalar one stands in for it, else null. */
  private Warmup.Switch asked;

  WarmingPass() {}

  @Override
  final void bind(Kernels kernels) {
    super.bind(kernels);
    if (kernels.warms() && hasVector()) {
      asked = kernels.switchOf(code());
      if (asked.isHot()) {
        switchOver();
      }
    }
  }

  @Override
  final boolean startsScalar() {
    return true;
  }

  /** Names the code that the vector body runs: what is compiled for one pass is for all of it. */
  abstract String code();

  /**
   * Returns this pass as the warm-up runs it, for rows of at most so many elements and without a
   * body: another where it is bound to the length of rows, or to memory that may be closed before
   * the warm-up ends.
   */
  WarmingPass<B> shortened(int longest) {
    return this;
  }

  /** Allocates what {@link #rehearse} needs, in the warm-up's thread. */
  abstract void prepare(Warmup.Trial<B> trial);

  /**
   * Runs a body on the memory of a trial, on as many elements as {@link Warmup.Trial#count} says.
   */
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
    if (asked != null) {
      warm(length, elements);
    }
  }

  private void warm(int length, long elements) {
    Warmup.Switch asking = asked;
    // another thread may have switched over meanwhile
    if (asking == null) {
      return;
    }
    if (asking.isHot()) {
      switchOver();
    } else if (asking.ask(elements)) {
      Warmup.submit(new Warmup.Trial<>(this, asking, Math.min(length, Warmup.LONGEST)));
    }
  }

  /** A thread that sees the switch late runs scalar once more. */
  private void switchOver() {
    body = vector();
    asked = null;
  }
}
