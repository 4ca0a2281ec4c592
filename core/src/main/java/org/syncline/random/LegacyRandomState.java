/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.random;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * Draws random numbers as NumPy's legacy {@code RandomState} does (MT19937), bit for bit, so that a
 * seed gives the samples that it gives in the original.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class LegacyRandomState {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;
  private static final int MATRIX = 0x9908b0df;

  private final int[] key = new int[WORDS];
  private int position;
  private int hasGauss;
  private double cachedGaussian;

  /**
   * Creates a generator as {@code RandomState(seed)} does.
   *
   * @param seed in [0, 2^32)
   * @throws IllegalArgumentException for any other seed
   */
  public LegacyRandomState(long seed) {
    if (seed < 0 || seed > 0xffffffffL) {
      throw new IllegalArgumentException("seed " + seed + " is not between 0 and 2**32 - 1");
    }
    int word = (int) seed;
    for (int i = 0; i < WORDS; i++) {
      key[i] = word;
      word = 1812433253 * (word ^ (word >>> 30)) + i + 1;
    }
    position = WORDS;
  }

  /** Creates a generator from entropy of the operating system. */
  public LegacyRandomState() {
    ByteBuffer.wrap(entropy(WORDS * Integer.BYTES)).asIntBuffer().get(key);
    // the generator's state is this one bit and the other words: set, it is never all zero
    key[0] = 0x80000000;
    position = WORDS;
  }

  /** From the device itself: java.security's first number costs a process 35 ms. */
  private static byte[] entropy(int bytes) {
    try (InputStream device = new FileInputStream("/dev/urandom")) {
      byte[] read = device.readNBytes(bytes);
      if (read.length == bytes) {
        return read;
      }
    } catch (IOException e) {
      // no such device on this system
    }
    byte[] made = new byte[bytes];
    new SecureRandom().nextBytes(made);
    return made;
  }

  /**
   * Creates a generator that goes on from a state.
   *
   * @throws IllegalArgumentException where the key has not 624 words or the position is not in [0,
   *     624]
   */
  public LegacyRandomState(State state) {
    setState(state);
  }

  /**
   * NumPy's state tuple {@code ("MT19937", key, pos, has_gauss, cached_gaussian)}.
   *
   * @param key 624 words; an int holds the uint32. The array is the state's own: callers must not
   *     change it
   * @param position words used of the key, 0 to 624
   * @param hasGauss 1 where a second Gaussian value waits, else 0; carried along, never used
   * @param cachedGaussian that value
   */
  public record State(int[] key, int position, int hasGauss, double cachedGaussian) {
    /** Refuses what is no state of MT19937. */
    public State {
      Objects.requireNonNull(key, "key is null");
      if (key.length != WORDS) {
        throw new IllegalArgumentException("key has " + key.length + " words, expected " + WORDS);
      }
      if (position < 0 || position > WORDS) {
        throw new IllegalArgumentException("position is " + position + ", expected 0 to " + WORDS);
      }
    }
  }

  /** Returns a copy of the state. */
  public State state() {
    return new State(key.clone(), position, hasGauss, cachedGaussian);
  }

  /** Goes on from a copy of a state. */
  public void setState(State state) {
    System.arraycopy(state.key(), 0, key, 0, WORDS);
    position = state.position();
    hasGauss = state.hasGauss();
    cachedGaussian = state.cachedGaussian();
  }

  /** Returns 32 random bits, as {@code randint(0, 2**32, dtype=uint32)}. */
  public int nextUint32() {
    if (position == WORDS) {
      refill();
    }
    int y = key[position++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private void refill() {
    for (int i = 0; i < WORDS - SHIFT; i++) {
      key[i] = key[i + SHIFT] ^ twist(key[i], key[i + 1]);
    }
    for (int i = WORDS - SHIFT; i < WORDS - 1; i++) {
      key[i] = key[i + SHIFT - WORDS] ^ twist(key[i], key[i + 1]);
    }
    key[WORDS - 1] = key[SHIFT - 1] ^ twist(key[WORDS - 1], key[0]);
    position = 0;
  }

  private static int twist(int high, int low) {
    int y = (high & 0x80000000) | (low & 0x7fffffff);
    return (y >>> 1) ^ (-(y & 1) & MATRIX);
  }

  /** Returns a double in [0, 1) of 53 random bits, as {@code random_sample()}. */
  public double randomSample() {
    int a = nextUint32() >>> 5;
    int b = nextUint32() >>> 6;
    return (a * 67108864.0 + b) / 9007199254740992.0;
  }

  /** Returns an integer in [0, max]: masked bits, drawn again while they are above. */
  private int interval(int max) {
    if (max == 0) {
      return 0;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value;
    do {
      value = nextUint32() & mask;
    } while (value > max);
    return value;
  }

  /**
   * Returns the numbers below n in random order, as {@code permutation(n)}.
   *
   * @throws IllegalArgumentException where n is negative
   */
  public int[] permutation(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n is " + n + ", expected 0 or more");
    }
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    shuffle(values);
    return values;
  }

  /**
   * Draws {@code size} different numbers below n, as {@code choice(n, size, replace=False)}.
   *
   * @throws IllegalArgumentException where size is negative or above n
   */
  public int[] choice(int n, int size) {
    if (size < 0 || size > n) {
      throw new IllegalArgumentException(
          "cannot take " + size + " of " + n + " without replacement");
    }
    return Arrays.copyOf(permutation(n), size);
  }

  /**
   * Draws {@code size} of the values, each at most once, as {@code choice(values, size,
   * replace=False)}.
   *
   * @throws IllegalArgumentException where size is negative or above the number of values
   */
  public double[] choice(double[] values, int size) {
    int[] chosen = choice(values.length, size);
    double[] result = new double[size];
    for (int i = 0; i < size; i++) {
      result[i] = values[chosen[i]];
    }
    return result;
  }

  /** Shuffles in place, as {@code shuffle(list)}. */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = interval(i);
      int v = values[i];
      values[i] = values[j];
      values[j] = v;
    }
  }
}
