/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
  @Test
  void percentilesAreNearTheExactOnes() {
    Random random = new Random(7);
    LatencyRecorder r = new LatencyRecorder();
    long[] values = new long[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Math.exp(random.nextDouble() * 25);
      r.record(values[i]);
    }
    Arrays.sort(values);
    for (double p : new double[] {0, 0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
      long exact = values[Math.max(0, (int) Math.ceil(p * values.length) - 1)];
      long got = r.percentile(p);
      assertTrue(
          got >= exact && got <= exact * (1 + 1.0 / 64) + 1, p + ": " + got + ", exact " + exact);
    }
    assertEquals(values[values.length - 1], r.max());
    assertEquals(values.length, r.count());
  }

  @Test
  void edges() {
    LatencyRecorder r = new LatencyRecorder();
    assertEquals(0, r.percentile(0.5));
    r.record(-5);
    r.record(Long.MAX_VALUE);
    assertEquals(0, r.percentile(0));
    assertEquals(Long.MAX_VALUE, r.percentile(1));
    assertThrows(IllegalArgumentException.class, () -> r.percentile(Double.NaN));
    r.reset();
    assertEquals(0, r.count());
    assertTrue(r.summary().startsWith("p50 0.0"), r.summary());
  }
}
