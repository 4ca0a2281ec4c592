/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.syncline.random.LegacyRandomState;

/** Lists that are computed give what listed ones do, to the bit. */
class DoubleListTest {
  @Test
  void pointsOfAGridAreTheMaskedOnes() {
    LegacyRandomState random = new LegacyRandomState(20260101);
    for (int round = 0; round < 300; round++) {
      SampleGrid grid = SampleGrid.rounded(1.6e9 + random.randomSample(), 1.6e9 + 20, 30, "screen");
      boolean[] mask = new boolean[grid.length()];
      double change = random.randomSample();
      boolean set = random.randomSample() < 0.5;
      for (int k = 0; k < mask.length; k++) {
        set ^= random.randomSample() < change;
        mask[k] = set;
      }
      int end = (int) (random.randomSample() * (mask.length + 1));
      double[] expected =
          IntStream.range(0, end).filter(k -> mask[k]).mapToDouble(grid::time).toArray();
      DoubleList list = DoubleList.of(mask, grid, end);
      assertArrayEquals(expected, list.toArray());
      assertArrayEquals(expected, DoubleList.listed(expected).toArray());

      int from = (int) (random.randomSample() * (expected.length + 1));
      int to = from + (int) (random.randomSample() * (expected.length - from + 1));
      int stride = 1 + (int) (random.randomSample() * 5);
      double[] part = Arrays.copyOfRange(expected, from, to);
      double[] strided =
          IntStream.range(0, part.length)
              .filter(i -> i % stride == 0)
              .mapToDouble(i -> part[i])
              .toArray();
      DoubleList found = list.range(from, to).every(stride);
      assertEquals(strided.length, found.length());
      assertArrayEquals(strided, found.toArray());
    }
  }
}
