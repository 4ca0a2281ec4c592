/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.syncline.clock.SampleGrid;

class SampleMasksTest {
  @Test
  void masksAreHalfOpen() {
    SampleGrid grid = SampleGrid.rounded(0, 1, 10, "x");
    boolean[] mask = new boolean[grid.length()];
    SampleMasks.set(mask, grid, grid.time(2), grid.time(4));
    assertArrayEquals(
        new boolean[] {false, false, true, true, false, false, false, false, false, false}, mask);
    SampleMasks.set(mask, grid, Double.NaN, 5);
    SampleMasks.set(mask, grid, 0.9, 0.1);
    SampleMasks.set(mask, grid, 0.5, 0.5);
    assertArrayEquals(
        new boolean[] {false, false, true, true, false, false, false, false, false, false}, mask);
    SampleMasks.set(mask, grid, grid.time(8), Double.POSITIVE_INFINITY);
    assertTrue(mask[9] && mask[8] && !mask[7]);
  }

  @Test
  void startsNeedWholeRunsBelowTheEnd() {
    boolean[] mask = {true, true, true, false, true, true};
    assertArrayEquals(
        new boolean[] {true, true, false, false, true, false}, SampleMasks.forNext(mask, 2));
    assertArrayEquals(mask, SampleMasks.forNext(mask, 1));
    SampleGrid grid = SampleGrid.rounded(0, 0.6, 10, "x");
    assertEquals(6, grid.length());
    assertArrayEquals(
        new boolean[] {true, true, false, false, true, false}, SampleMasks.starts(mask, grid, 2));
    assertEquals(0, SampleMasks.count(SampleMasks.starts(mask, grid, 7)));
    // arange(0.3, 1.0, 0.1) has a point at 1.0: no chunk may end there
    SampleGrid past = SampleGrid.rounded(1, 1.3, 10, "x");
    boolean[] all = new boolean[past.length()];
    Arrays.fill(all, true);
    int inside = past.firstAtOrAfter(past.end());
    assertEquals(inside, SampleMasks.count(SampleMasks.starts(all, past, 1)));
  }
}
