/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.BitSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-width")
class ValueHashTest {
  private static BitSet readOf(int count) {
    BitSet read = new BitSet();
    new ValueHash()
        .add(
            count,
            i -> {
              read.set((int) i);
              return i;
            });
    return read;
  }

  private static String withOneChanged(int count, int changed) {
    return new ValueHash().add(count, i -> i == changed ? -1 : i % 7).text();
  }

  @Test
  void allOf16384ValuesAreReadAnd4096OfMore() {
    for (int count : new int[] {1, 1000, 16_384}) {
      assertEquals(count, readOf(count).cardinality());
    }
    for (int count : new int[] {16_385, 100_000, 1_000_000_000}) {
      BitSet read = readOf(count);
      assertEquals(4096, read.cardinality());
      assertEquals(read, readOf(count), "the places are the same each time");
      assertEquals(0, read.nextSetBit(0));
      assertEquals(count, read.length(), "the last is one of them");
    }
  }

  @Test
  void aChangedValueIsSeenAtThosePlacesAlone() {
    for (int at : new int[] {0, 8191, 16_383}) {
      assertNotEquals(withOneChanged(16_384, -1), withOneChanged(16_384, at));
    }
    BitSet read = readOf(50_000);
    for (int at : new int[] {0, read.nextClearBit(0), 25_000, 49_999}) {
      boolean same = withOneChanged(50_000, -1).equals(withOneChanged(50_000, at));
      assertEquals(!read.get(at), same, "value " + at);
    }
  }
}
