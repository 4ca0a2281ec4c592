/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.clock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.syncline.error.ConfigException;

class SampleGridTest {
  @Test
  void roundedGridIsArangeBitForBit() {
    // numpy.arange(1600000000.75, 1600000039.5, 1/30): d = 0.03333330154418945, 1163 points
    SampleGrid grid = SampleGrid.rounded(1600000000.75, 1600000039.5, 30, "screen");
    assertEquals(1163, grid.length());
    double d = (1600000000.75 + 1 / 30.0) - 1600000000.75;
    assertEquals(0.03333330154418945, d);
    for (int k = 0; k < grid.length(); k++) {
      assertEquals(1600000000.75 + k * d, grid.time(k));
    }
  }

  @Test
  void roundedGridHasCeilPoints() {
    assertEquals(10, SampleGrid.rounded(0, 1, 10, "x").length());
    assertEquals(11, SampleGrid.rounded(0, 1.01, 10, "x").length());
    assertEquals(1, SampleGrid.rounded(0, 1e-9, 10, "x").length());
  }

  @Test
  void rateFinerThanDoublesIsRefused() {
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> SampleGrid.rounded(1.6e9, 1.6e9 + 1, 2e7, "lead"));
    assertTrue(e.getMessage().contains("modality_config.lead.sampling_rate"), e.getMessage());
  }

  @Test
  void tooManyPointsAreRefused() {
    assertThrows(ConfigException.class, () -> SampleGrid.rounded(0, 1e6, 1e6, "lead"));
  }

  @Test
  void ratesBecomeTheSimplestFractions() {
    assertEquals(new ExactRate(30, 1), ExactRate.of(30));
    assertEquals(new ExactRate(2997, 100), ExactRate.of(29.97));
    assertEquals(new ExactRate(30000, 1001), ExactRate.of(30000.0 / 1001));
    assertEquals(new ExactRate(100, 3), ExactRate.of(100.0 / 3));
    assertEquals(new ExactRate(1, 10), ExactRate.of(0.1));
    assertEquals(new ExactRate(15, 2), ExactRate.of(7.5));
    assertEquals(new ExactRate(20000, 1), ExactRate.of(20000));
  }

  @Test
  void everyRateIsItsFraction() {
    long seed = 20261122;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      double rate = Math.exp(random.nextDouble() * 20 - 7);
      ExactRate exact = ExactRate.of(rate);
      assertEquals(rate, (double) exact.num() / exact.den());
    }
  }

  @Test
  void exactGridIsRoundedOnce() {
    long seed = 7;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    double[] rates = {30, 29.97, 8, 100.0 / 3, 1000, 19.9, 0.5};
    double[] starts = {0, 0.75, 1600000000.75, 1.7123456789e9, -12.3, 1e-3};
    for (double rate : rates) {
      for (double start : starts) {
        ExactRate exact = ExactRate.of(rate);
        SampleGrid grid = SampleGrid.exact(start, start + 4000 / rate, exact, "x");
        assertEquals(4000, grid.length(), 1);
        for (int i = 0; i < 50; i++) {
          int k = random.nextInt(grid.length());
          assertEquals(
              reference(start, 0, k, exact),
              grid.time(k),
              "start " + start + " rate " + rate + " k " + k);
        }
        assertTrue(grid.time(grid.length() - 1) < grid.end());
        assertTrue(grid.time(grid.length()) >= grid.end());
      }
    }
  }

  /** The value by decimal arithmetic of 60 digits, rounded once. */
  static double reference(double start, double offset, long k, ExactRate rate) {
    return new BigDecimal(start)
        .add(new BigDecimal(offset))
        .add(
            BigDecimal.valueOf(k)
                .multiply(BigDecimal.valueOf(rate.den()))
                .divide(BigDecimal.valueOf(rate.num()), new MathContext(60)))
        .doubleValue();
  }

  @Test
  void firstAtOrAfterFindsThePoint() {
    long seed = 99;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    SampleGrid[] grids = {
      SampleGrid.rounded(1600000000.75, 1600012000, 30, "x"),
      SampleGrid.exact(1600000000.75, 1600012000, ExactRate.of(30), "x"),
      SampleGrid.rounded(0.5, 100, 7, "x")
    };
    for (SampleGrid grid : grids) {
      for (int i = 0; i < 5000; i++) {
        double t = grid.start() + (random.nextDouble() * 1.2 - 0.1) * (grid.end() - grid.start());
        if (i % 3 == 0) {
          t = grid.time(random.nextInt(grid.length()));
        }
        int k = grid.firstAtOrAfter(t);
        assertTrue(k == grid.length() || grid.time(k) >= t);
        assertTrue(k == 0 || grid.time(k - 1) < t);
      }
      assertEquals(0, grid.firstAtOrAfter(Double.NEGATIVE_INFINITY));
      assertEquals(grid.length(), grid.firstAtOrAfter(Double.POSITIVE_INFINITY));
    }
  }

  @Test
  void strideKeepsTheFirstOfEach() {
    DoubleList values = DoubleList.listed(new double[] {0, 1, 2, 3, 4});
    assertArrayEquals(new double[] {0, 2, 4}, values.every(2).toArray());
    assertArrayEquals(new double[] {0}, values.every(9).toArray());
    assertArrayEquals(new double[0], DoubleList.listed(new double[0]).every(3).toArray());
  }
}
