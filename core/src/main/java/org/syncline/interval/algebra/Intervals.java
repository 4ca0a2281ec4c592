/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interval.algebra;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.syncline.interval.TimeInterval;
import org.syncline.sum.PairwiseSum;

/**
 * Computes with lists of closed intervals. Lists given are never changed; lists returned belong to
 * the caller.
 */
public final class Intervals {
  private static final Comparator<TimeInterval> BY_START =
      (a, b) -> Double.compare(a.start(), b.start());

  private Intervals() {}

  /** Returns the intervals sorted by start, with those that overlap or touch merged. */
  public static List<TimeInterval> unique(List<TimeInterval> intervals) {
    List<TimeInterval> merged = new ArrayList<>();
    TimeInterval last = null;
    for (TimeInterval next : sorted(intervals)) {
      if (last != null && next.start() <= last.end()) {
        last = new TimeInterval(last.start(), Math.max(last.end(), next.end()));
        merged.set(merged.size() - 1, last);
      } else {
        last = next;
        merged.add(last);
      }
    }
    return merged;
  }

  private static List<TimeInterval> sorted(List<TimeInterval> intervals) {
    List<TimeInterval> copy = new ArrayList<>(intervals);
    copy.sort(BY_START);
    return copy;
  }

  /**
   * Returns the common parts of neighbours in a sweep over both lists sorted by start; the list
   * whose interval ends first is advanced, on a tie the second.
   *
   * <p>Intervals that merely touch have a common part of zero length. Parts may overlap where a
   * list overlaps itself.
   */
  public static List<TimeInterval> intersection(List<TimeInterval> a, List<TimeInterval> b) {
    List<TimeInterval> first = sorted(a);
    List<TimeInterval> second = sorted(b);
    List<TimeInterval> common = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < first.size() && j < second.size()) {
      TimeInterval p = first.get(i);
      TimeInterval q = second.get(j);
      p.intersect(q).ifPresent(common::add);
      if (p.end() < q.end()) {
        i++;
      } else {
        j++;
      }
    }
    return common;
  }

  /**
   * Returns the intersection of all the lists, from the first to the last, merged; no list at all
   * gives no interval.
   */
  public static List<TimeInterval> intersection(List<List<TimeInterval>> lists) {
    if (lists.isEmpty()) {
      return new ArrayList<>();
    }
    List<TimeInterval> common = lists.get(0);
    for (List<TimeInterval> next : lists.subList(1, lists.size())) {
      common = intersection(common, next);
    }
    return unique(common);
  }

  /** Returns what lies in either list, merged. */
  public static List<TimeInterval> union(List<TimeInterval> a, List<TimeInterval> b) {
    return union(List.of(a, b));
  }

  /** Returns what lies in any of the lists, merged. */
  public static List<TimeInterval> union(List<List<TimeInterval>> lists) {
    List<TimeInterval> all = new ArrayList<>();
    lists.forEach(all::addAll);
    return unique(all);
  }

  /**
   * Returns the gaps inside [start, end], none of zero length.
   *
   * @param intervals any order, overlaps allowed, may reach past the range
   */
  public static List<TimeInterval> complement(
      List<TimeInterval> intervals, double start, double end) {
    List<TimeInterval> gaps = new ArrayList<>();
    double now = start;
    for (TimeInterval next : sorted(intervals)) {
      double stop = Math.min(next.start(), end);
      if (now < stop) {
        gaps.add(new TimeInterval(now, stop));
      }
      now = Math.max(now, next.end());
    }
    if (now < end) {
      gaps.add(new TimeInterval(now, end));
    }
    return gaps;
  }

  /**
   * Returns what a person wants to know of valid intervals in [start, end], line for line as the
   * original prints it: number, total, mean and population standard deviation of the durations, for
   * the valid and the invalid parts.
   *
   * <p>Intervals are merged and clamped to the range; those of no length do not count. Numbers are
   * rounded half-even from the exact binary value.
   *
   * @return the text; an error text where the range is not positive
   */
  public static String statistics(List<TimeInterval> intervals, double start, double end) {
    double range = end - start;
    if (range <= 0) {
      return "Error: Invalid time range (end_time <= start_time). Total duration must be positive.";
    }
    List<TimeInterval> valid = new ArrayList<>();
    for (TimeInterval t : unique(intervals)) {
      double s = Math.max(t.start(), start);
      double e = Math.min(t.end(), end);
      if (e > s) {
        valid.add(new TimeInterval(s, e));
      }
    }
    StringBuilder text =
        new StringBuilder("Interval Statistics, Total Duration: ")
            .append(fixed(range, 3))
            .append("s):\n");
    append(text, "Valid", valid, range);
    append(text, "Invalid", complement(valid, start, end), range);
    return text.toString();
  }

  private static void append(
      StringBuilder text, String name, List<TimeInterval> parts, double range) {
    double[] durations = new double[parts.size()];
    for (int i = 0; i < durations.length; i++) {
      durations[i] = parts.get(i).end() - parts.get(i).start();
    }
    double total = 0;
    double mean = 0;
    double deviation = 0;
    if (durations.length > 0) {
      total = PairwiseSum.of(durations);
      mean = total / durations.length;
      double[] squares = new double[durations.length];
      for (int i = 0; i < squares.length; i++) {
        double d = durations[i] - mean;
        squares[i] = d * d;
      }
      deviation = Math.sqrt(PairwiseSum.of(squares) / squares.length);
    }
    text.append("  ").append(name).append(" Intervals (").append(parts.size()).append("):\n");
    text.append("    - Total Duration: ").append(fixed(total, 3)).append("s (");
    text.append(fixed(total / range * 100, 2)).append("%)\n");
    text.append("    - Mean Duration:  ").append(fixed(mean, 3)).append("s\n");
    text.append("    - Std Dev:        ").append(fixed(deviation, 3)).append("s\n");
  }

  /** Prints with a fixed number of decimals as Python does. */
  private static String fixed(double x, int decimals) {
    if (Double.isNaN(x)) {
      return "nan";
    }
    if (Double.isInfinite(x)) {
      return x > 0 ? "inf" : "-inf";
    }
    return new BigDecimal(x).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
  }
}
