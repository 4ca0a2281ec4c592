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
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.syncline.Allocations;
import org.syncline.error.ConfigException;

class ChunkClockTest {
  private static double[] times(ChunkClock clock, double start) {
    double[] times = new double[clock.count()];
    clock.times(start, times);
    return times;
  }

  @Test
  void roundedTimesAreIntegersUntilTheDivision() {
    ChunkClock clock = ChunkClock.rounded("screen", 4, 30, 0, 5);
    assertArrayEquals(
        new double[] {
          160000000101667L / 1e5,
          160000000105000L / 1e5,
          160000000108333L / 1e5,
          160000000111666L / 1e5
        },
        times(clock, 1600000001.01667));
  }

  @Test
  void halvesGoToEven() {
    assertArrayEquals(new double[] {0, 1}, times(ChunkClock.rounded("x", 2, 1, 0, 0), 0.5));
    assertArrayEquals(new double[] {2, 3}, times(ChunkClock.rounded("x", 2, 1, 0, 0), 1.5));
    // an offset of 2.5 rounds to 2, a period of 2.5 to 2
    assertArrayEquals(new double[] {2, 4}, times(ChunkClock.rounded("x", 2, 0.4, 2.5, 0), 0));
  }

  @Test
  void offsetsAreRoundedByThemselves() {
    // round(0.25) + round(0.25) is 0, round(0.5) would be 0 too, round(0.3 + 0.3) would be 1
    assertArrayEquals(new double[] {0}, times(ChunkClock.rounded("x", 1, 1, 0.3, 0), 0.3));
    assertArrayEquals(
        new double[] {-1.1, -1.0}, times(ChunkClock.rounded("x", 2, 10, -0.1, 5), -1));
  }

  @Test
  void largePrecisionNeverWraps() {
    for (int precision = 8; precision <= 14; precision++) {
      for (double start : new double[] {1.7e9, 1712345678.9012346, -1.7e9}) {
        ChunkClock clock = ChunkClock.rounded("x", 60, 30, 0.1, precision);
        double[] times = times(clock, start);
        double p = Math.pow(10, precision);
        BigInteger first =
            new BigDecimal(start * p)
                .setScale(0, RoundingMode.HALF_EVEN)
                .toBigInteger()
                .add(BigInteger.valueOf((long) Math.rint(0.1 * p)));
        for (int k = 0; k < 60; k++) {
          BigInteger sum = first.add(BigInteger.valueOf(k * (long) Math.rint(p / 30)));
          assertEquals(
              sum.doubleValue() / p,
              times[k],
              "precision " + precision + " start " + start + " k " + k);
        }
      }
    }
  }

  @Test
  void impossiblePrecisionsAreErrors() {
    assertThrows(ConfigException.class, () -> ChunkClock.rounded("x", 2, 1, 0, -1));
    assertThrows(ConfigException.class, () -> ChunkClock.rounded("x", 2, 1, 0, 23));
    ConfigException zero =
        assertThrows(ConfigException.class, () -> ChunkClock.rounded("fast", 2, 1e6, 0, 5));
    assertTrue(
        zero.getMessage().contains("fast") && zero.getMessage().contains("time_grid"),
        zero.getMessage());
    assertThrows(ConfigException.class, () -> ChunkClock.rounded("x", 100, 1, 0, 18));
    assertThrows(ConfigException.class, () -> ChunkClock.rounded("x", 1, 1, 1e9, 18));
  }

  @Test
  void exactTimesRoundOnceFromTheGridsStart() {
    long seed = 4711;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    double[] rates = {30, 29.97, 8, 20, 100, 1000, 100.0 / 3};
    for (double start : new double[] {1600000000.75, 0.5, 1712345678.9012346}) {
      for (double lead : rates) {
        SampleGrid.Exact grid =
            (SampleGrid.Exact) SampleGrid.exact(start, start + 13000, ExactRate.of(lead), "x");
        for (double rate : rates) {
          ChunkClock clock = ChunkClock.exact(grid, 60, ExactRate.of(rate), 0, 0, Double.NaN, 0);
          int g = random.nextInt(grid.length());
          double[] times = times(clock, grid.time(g));
          ExactRate a = ExactRate.of(lead);
          ExactRate b = ExactRate.of(rate);
          for (int k = 0; k < 60; k++) {
            long num = g * a.den() * b.num() + k * b.den() * a.num();
            assertEquals(
                SampleGridTest.reference(start, 0, num, new ExactRate(a.num() * b.num(), 1)),
                times[k]);
          }
        }
      }
    }
  }

  @Test
  void exactTimesOfAnyStartBeginThere() {
    SampleGrid.Exact grid = (SampleGrid.Exact) SampleGrid.exact(10, 20, ExactRate.of(30), "x");
    double[] times =
        times(ChunkClock.exact(grid, 3, ExactRate.of(20), 0.25, 0, Double.NaN, 0), 11.111);
    for (int k = 0; k < 3; k++) {
      assertEquals(SampleGridTest.reference(11.111, 0.25, k, ExactRate.of(20)), times[k]);
    }
  }

  @Test
  void snappedTimesFindConsecutiveRows() {
    long seed = 31337;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    double[] rates = {30, 29.97, 8, 20, 100, 1000, 49, 100.0 / 3, 20000};
    for (double rate : rates) {
      for (int i = 0; i < 40; i++) {
        double deviceStart =
            i % 2 == 0
                ? 1.5e9 + random.nextInt(200_000_000) + random.nextInt(8) / 8.0
                : random.nextInt(200) - 100;
        int rowsBefore = random.nextInt(1000);
        ExactRate exact = ExactRate.of(rate);
        double start = SampleGridTest.reference(deviceStart, 0, rowsBefore, exact);
        SampleGrid.Exact grid =
            (SampleGrid.Exact) SampleGrid.exact(start, start + 20000 / rate, exact, "x");
        ChunkClock clock =
            ChunkClock.exact(grid, 60, exact, 0, deviceStart, rate, Double.POSITIVE_INFINITY);
        double dt = 1 / rate;
        for (int g = 0; g < 18000; g += 997) {
          double[] times = times(clock, grid.time(g));
          clock.snap(times);
          for (int k = 0; k < 60; k++) {
            assertEquals(
                rowsBefore + g + k,
                Math.floor((times[k] - deviceStart) / dt),
                "rate "
                    + rate
                    + " device start "
                    + deviceStart
                    + " first row "
                    + rowsBefore
                    + " chunk "
                    + g
                    + " sample "
                    + k);
          }
        }
      }
    }
  }

  @Test
  void snapLeavesOtherTimesAlone() {
    assertEquals(1.05, ChunkClock.snap(1.05, 1, 10, 0.1, 9));
    assertEquals(1.0999, ChunkClock.snap(1.0999, 1, 10, 0.1, 9));
    // not past the end
    double t = Math.nextDown(1.5e9 + 1);
    assertEquals(t, ChunkClock.snap(t, 1.5e9, 10, 0.1, t));
  }

  @Test
  void timesAllocateNothing() {
    SampleGrid.Exact grid =
        (SampleGrid.Exact) SampleGrid.exact(1600000000.75, 1600012000, ExactRate.of(30), "x");
    ChunkClock[] clocks = {
      ChunkClock.rounded("x", 60, 30, 0.1, 5),
      ChunkClock.rounded("x", 60, 30, 0.1, 13),
      ChunkClock.exact(grid, 60, ExactRate.of(8), 0.1, 1.6e9, 8, 1.7e9)
    };
    double[] times = new double[60];
    Runnable work =
        () -> {
          for (int i = 0; i < 2000; i++) {
            for (ChunkClock clock : clocks) {
              clock.times(grid.time(i), times);
              clock.snap(times);
            }
          }
        };
    Allocations.assertNone(work, 6000);
  }
}
