/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interval;

import java.util.List;

/** Algebra of lists of closed intervals. */
public final class Intervals {
  private Intervals() {}

  /** Returns the intervals sorted by start, with those that overlap or touch merged. */
  public static List<TimeInterval> unique(List<TimeInterval> intervals) {
    throw new UnsupportedOperationException();
  }

  /** Returns the pairwise common parts in a sweep over both lists, sorted by start; touching ends do intersect. */
  public static List<TimeInterval> intersection(List<TimeInterval> a, List<TimeInterval> b) {
    throw new UnsupportedOperationException();
  }

  /** Returns the intersection of all the lists, from left to right; no list at all gives no interval. */
  public static List<TimeInterval> intersection(List<List<TimeInterval>> lists) {
    throw new UnsupportedOperationException();
  }

  /** Returns what lies in either list, merged. */
  public static List<TimeInterval> union(List<TimeInterval> a, List<TimeInterval> b) {
    throw new UnsupportedOperationException();
  }

  /** Returns the gaps inside [start, end], none of zero length. */
  public static List<TimeInterval> complement(List<TimeInterval> intervals, double start, double end) {
    throw new UnsupportedOperationException();
  }

  /** Returns the statistics text of the intervals in [start, end], as the original prints it. */
  public static String statistics(List<TimeInterval> intervals, double start, double end) {
    throw new UnsupportedOperationException();
  }
}
