/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interval.algebra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.interval.TimeInterval;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.Json;

class IntervalsTest {
  private static List<TimeInterval> intervals(Object value) {
    List<TimeInterval> result = new ArrayList<>();
    for (Object pair : Json.list(value)) {
      List<Object> p = Json.list(pair);
      result.add(
          new TimeInterval(((Number) p.get(0)).doubleValue(), ((Number) p.get(1)).doubleValue()));
    }
    return result;
  }

  private static List<TimeInterval> of(double... ends) {
    List<TimeInterval> result = new ArrayList<>();
    for (int i = 0; i < ends.length; i += 2) {
      result.add(new TimeInterval(ends[i], ends[i + 1]));
    }
    return result;
  }

  @Test
  void equalsTheOriginal(@TempDir Path folder) {
    List<Map<String, Object>> calls = Goldens.unpack("intervals", folder).calls();
    assertEquals(40, calls.size());
    for (Map<String, Object> call : calls) {
      List<TimeInterval> a = intervals(call.get("a"));
      List<TimeInterval> b = intervals(call.get("b"));
      assertEquals(intervals(call.get("unique_a")), Intervals.unique(a));
      assertEquals(intervals(call.get("intersection")), Intervals.intersection(a, b));
      assertEquals(intervals(call.get("union")), Intervals.union(a, b));
      assertEquals(intervals(call.get("complement_a")), Intervals.complement(a, 1, 9));
      assertEquals(call.get("statistics_a"), Intervals.statistics(a, 1, 9));
    }
  }

  @Test
  void intersectsMany() {
    assertEquals(of(), Intervals.intersection(List.of()));
    assertEquals(of(0, 5), Intervals.intersection(List.of(of(2, 5, 0, 3))));
    assertEquals(
        of(2, 3, 4, 4), Intervals.intersection(List.of(of(0, 3, 4, 9), of(1, 4), of(2, 8))));
    assertEquals(of(), Intervals.intersection(List.of(of(0, 1), of(), of(0, 1))));
  }

  @Test
  void mergesManyLists() {
    assertEquals(of(0, 4, 5, 6), Intervals.union(List.of(of(2, 4), of(5, 6), of(0, 2))));
    assertEquals(of(), Intervals.union(List.of()));
  }

  @Test
  void complementStaysInTheRange() {
    assertEquals(of(), Intervals.complement(of(), 3, 3));
    assertEquals(of(1, 2), Intervals.complement(of(5, 6), 1, 2));
    assertEquals(of(1, 2), Intervals.complement(of(-5, -4), 1, 2));
    assertEquals(of(), Intervals.complement(of(-5, 4), 1, 2));
    assertEquals(of(1, 3, 3, 9), Intervals.complement(of(3, 3), 1, 9));
  }

  @Test
  void complementOfTheComplementIsTheUnion() {
    long seed = 4711;
    System.out.println("IntervalsTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<TimeInterval> a = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        double s = random.nextInt(1, 50);
        a.add(new TimeInterval(s, s + random.nextInt(1, 20)));
      }
      List<TimeInterval> gaps = Intervals.complement(a, 0, 100);
      assertEquals(Intervals.unique(a), Intervals.complement(gaps, 0, 100));
      for (double t = 0.5; t < 100; t++) {
        double at = t;
        assertTrue(
            a.stream().anyMatch(x -> x.contains(at)) != gaps.stream().anyMatch(x -> x.contains(at)),
            () -> "at " + at);
      }
    }
  }

  /**
   * Totals printed by NumPy 2.4 for the same durations: pairwise summation changes with the count.
   */
  @Test
  void statisticsAddLikeNumPy() {
    String[] expected = {
      "7 0.834|11.12|0.119|0.086|6.666|0.952|0.226",
      "8 1.112|13.08|0.139|0.096|7.388|0.923|0.139",
      "9 1.345|14.16|0.149|0.095|8.155|0.906|0.156",
      "40 5.842|14.43|0.146|0.086|34.658|0.866|0.129",
      "128 19.107|14.87|0.149|0.086|109.393|0.855|0.094",
      "129 19.281|14.89|0.149|0.086|110.219|0.854|0.095",
      "136 20.433|14.97|0.150|0.086|116.067|0.853|0.095",
      "137 20.545|14.94|0.150|0.085|116.955|0.854|0.097",
      "300 44.475|14.80|0.148|0.086|256.025|0.853|0.089",
      "1001 148.256|14.80|0.148|0.085|853.244|0.852|0.087",
    };
    for (String line : expected) {
      int n = Integer.parseInt(line.substring(0, line.indexOf(' ')));
      List<TimeInterval> list = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        list.add(new TimeInterval(i, i + (i * 7919 % 1009 + 1) / 1024.0 * 0.3));
      }
      String[] f = line.substring(line.indexOf(' ') + 1).split("\\|");
      String text = Intervals.statistics(list, 0, n + 0.5);
      String expectedText =
          "  Valid Intervals (%d):\n    - Total Duration: %ss (%s%%)\n    - Mean Duration:  %ss\n    - Std Dev:        %ss\n"
                  .formatted(n, f[0], f[1], f[2], f[3])
              + "  Invalid Intervals (%d):\n    - Total Duration: %ss (".formatted(n, f[4]);
      assertTrue(text.contains(expectedText), () -> text + "\nexpected\n" + expectedText);
      assertTrue(
          text.endsWith(
              "    - Mean Duration:  %ss\n    - Std Dev:        %ss\n".formatted(f[5], f[6])),
          text);
    }
  }

  @Test
  void statisticsRoundTheBinaryValueHalfEven() {
    assertTrue(
        Intervals.statistics(of(0, 0.0625), 0, 1)
            .contains("Valid Intervals (1):\n    - Total Duration: 0.062s (6.25%)"));
    assertTrue(
        Intervals.statistics(of(0, 0.0005), 0, 1).contains("Total Duration: 0.001s (0.05%)"));
    assertTrue(Intervals.statistics(of(0, 1.0005), 0, 2).contains("Total Duration: 1.000s"));
  }

  @Test
  void statisticsOfNoRangeIsAText() {
    String text =
        "Error: Invalid time range (end_time <= start_time). Total duration must be positive.";
    assertEquals(text, Intervals.statistics(of(0, 1), 2, 2));
    assertEquals(text, Intervals.statistics(of(0, 1), 3, 2));
  }

  @Test
  void intervalKnowsItsTimes() {
    TimeInterval t = new TimeInterval(1, 2);
    assertArrayEquals(
        new int[] {1, 2, 4}, t.intersect(new double[] {0.9, 1, 2, 2.1, 1.5, Double.NaN}));
    assertArrayEquals(new int[0], t.intersect(new double[0]));
    assertEquals(Optional.of(new TimeInterval(2, 2)), t.intersect(new TimeInterval(2, 3)));
    assertEquals(Optional.empty(), t.intersect(new TimeInterval(2.1, 3)));
  }
}
