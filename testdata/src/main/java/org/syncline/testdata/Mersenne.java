/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

/** MT19937 as NumPy's RandomState seeds it. */
final class Mersenne {
  private final int[] words = new int[624];
  private int used = 624;

  Mersenne(long seed) {
    words[0] = (int) seed;
    for (int i = 1; i < 624; i++) {
      words[i] = 1812433253 * (words[i - 1] ^ words[i - 1] >>> 30) + i;
    }
  }

  int next() {
    if (used == 624) {
      for (int i = 0; i < 624; i++) {
        int y = words[i] & 0x80000000 | words[(i + 1) % 624] & 0x7fffffff;
        words[i] = words[(i + 397) % 624] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
      }
      used = 0;
    }
    int y = words[used++];
    y ^= y >>> 11;
    y ^= y << 7 & 0x9d2c5680;
    y ^= y << 15 & 0xefc60000;
    return y ^ y >>> 18;
  }

  /** Draws a number up to one, which is masked and drawn again where it is larger. */
  int atMost(int most) {
    int mask = (Integer.highestOneBit(most) << 1) - 1;
    int drawn;
    do {
      drawn = next() & mask;
    } while (drawn > most);
    return drawn;
  }

  /** Shuffles as RandomState.shuffle does. */
  void shuffle(int[] list) {
    for (int i = list.length - 1; i > 0; i--) {
      int j = atMost(i);
      int other = list[i];
      list[i] = list[j];
      list[j] = other;
    }
  }
}
