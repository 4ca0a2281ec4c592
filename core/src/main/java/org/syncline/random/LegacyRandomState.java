/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.random;

/** NumPy's legacy {@code RandomState} (MT19937), bit for bit. Not safe for use by several threads at once. */
public final class LegacyRandomState {
  /** Creates a generator as {@code RandomState(seed)} does; the seed is in [0, 2^32). */
  public LegacyRandomState(long seed) {
    throw new UnsupportedOperationException();
  }

  /** Creates a generator from entropy of the operating system. */
  public LegacyRandomState() {
    throw new UnsupportedOperationException();
  }

  /** Creates a generator that goes on from a state. */
  public LegacyRandomState(State state) {
    throw new UnsupportedOperationException();
  }

  /**
   * NumPy's state tuple {@code ("MT19937", key, pos, has_gauss, cached_gaussian)}.
   *
   * @param key 624 words; an int holds the uint32
   * @param position words used of the key, 0 to 624
   * @param hasGauss 1 where a second Gaussian value waits, else 0
   * @param cachedGaussian that value
   */
  public record State(int[] key, int position, int hasGauss, double cachedGaussian) {}

  /** Returns a copy of the state. */
  public State state() {
    throw new UnsupportedOperationException();
  }

  /** Goes on from a state. */
  public void setState(State state) {
    throw new UnsupportedOperationException();
  }

  /** Returns 32 random bits, as {@code randint(0, 2**32, dtype=uint32)}. */
  public int nextUint32() {
    throw new UnsupportedOperationException();
  }

  /** Returns a double in [0, 1) of 53 random bits, as {@code random_sample()}. */
  public double randomSample() {
    throw new UnsupportedOperationException();
  }

  /** Returns {@code permutation(n)}. */
  public int[] permutation(int n) {
    throw new UnsupportedOperationException();
  }

  /** Returns {@code choice(n, size, replace=False)}. */
  public int[] choice(int n, int size) {
    throw new UnsupportedOperationException();
  }

  /** Returns {@code choice(values, size, replace=False)}. */
  public double[] choice(double[] values, int size) {
    throw new UnsupportedOperationException();
  }

  /** Shuffles in place as {@code shuffle(list)}. */
  public void shuffle(int[] values) {
    throw new UnsupportedOperationException();
  }
}
