/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.syncline.array.ElementType;
import org.syncline.format.Values;

@Tag("any-width")
class FiniteSearchTest {
  /** Blocks of random bits in which one value in thousands is not finite, or none. */
  @Test
  void findsWhatValueByValueIsNotFinite() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int[] found = new int[2];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(10_000 * 8, 8);
      for (ElementType type : ElementType.values()) {
        FiniteSearch search = new FiniteSearch(type);
        for (int round = 0; round < 40; round++) {
          int count = random.nextInt(10_000);
          // exponents that are all ones come about once in 32 with FLOAT16: few values, then
          count = type == ElementType.FLOAT16 && round % 2 == 0 ? count % 20 : count;
          for (long i = 0; i < memory.byteSize(); i++) {
            memory.set(
                java.lang.foreign.ValueLayout.JAVA_BYTE,
                i,
                (byte) random.nextInt(round % 4 * 80 + 1));
          }
          boolean finite = true;
          for (int i = 0; i < count; i++) {
            finite &= Double.isFinite(Values.get(type, memory, i));
          }
          assertEquals(finite, search.allFinite(memory, count), type + ", seed " + seed);
          found[finite ? 1 : 0]++;
        }
      }
    }
    assertEquals(true, found[0] > 20 && found[1] > 20, found[0] + " and " + found[1]);
  }
}
