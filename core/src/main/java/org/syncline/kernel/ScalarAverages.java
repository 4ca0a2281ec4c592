/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.kernel;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static org.syncline.kernel.lanes.Addresses.ALL;
import static org.syncline.kernel.lanes.Addresses.at;

import org.syncline.array.ElementType;

/** The scalar body of {@link AveragePass}. */
final class ScalarAverages extends AveragePass.Body {
  private final ElementType from;
  private final ElementType to;

  ScalarAverages(ElementType from, ElementType to) {
    this.from = from;
    this.to = to;
  }

  static double mean(double sum, double weight, double last, double counted) {
    // one sample alone is what it is, whatever its weight
    return counted == 0 ? Double.NaN : counted == 1 ? last : sum / weight;
  }

  @Override
  void run(long a, long stride, long weights, int rows, long out, int n) {
    run(a, stride, weights, rows, out, 0, n);
  }

  /** Writes the averages of some of the columns. */
  void run(long a, long stride, long weights, int rows, long out, int begin, int end) {
    for (int i = begin; i < end; i++) {
      double sum = 0;
      double weight = 0;
      double last = 0;
      double counted = 0;
      for (int row = 0; row < rows; row++) {
        double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
        double x = Scalars.loadDouble(from, ALL, at(a + row * stride + (long) i * from.bytes()));
        if (w > 0 && x == x) {
          sum += w * x;
          weight += w;
          last = x;
          counted++;
        }
      }
      Scalars.storeDouble(
          to, ALL, at(out + (long) i * to.bytes()), mean(sum, weight, last, counted));
    }
  }

  @Override
  void add(long a, long stride, long weights, int rows, long sums, int n) {
    add(a, stride, weights, rows, sums, n, 0, n);
  }

  /** Adds some of the columns. */
  void add(long a, long stride, long weights, int rows, long sums, int n, int begin, int end) {
    for (int row = 0; row < rows; row++) {
      double w = ALL.get(JAVA_DOUBLE_UNALIGNED, at(weights + row * 8L));
      if (!(w > 0)) {
        continue;
      }
      for (int i = begin; i < end; i++) {
        double x = ALL.get(JAVA_DOUBLE_UNALIGNED, at(a + row * stride + i * 8L));
        if (x == x) {
          raise(sums + 8L * i, w * x);
          raise(sums + 8L * (n + i), w);
          ALL.set(JAVA_DOUBLE_UNALIGNED, at(sums + 8L * (2L * n + i)), x);
          raise(sums + 8L * (3L * n + i), 1);
        }
      }
    }
  }

  @Override
  void shifted(
      long a,
      long stride,
      double first,
      int rows,
      double low,
      double high,
      double doubt,
      long shifts,
      long weights,
      long out,
      int n) {
    shifted(a, stride, first, rows, low, high, doubt, shifts, out, 0, n);
  }

  /** Writes the averages of some of the columns. */
  void shifted(
      long a,
      long stride,
      double first,
      int rows,
      double low,
      double high,
      double doubt,
      long shifts,
      long out,
      int begin,
      int end) {
    for (int i = begin; i < end; i++) {
      double shift = ALL.get(JAVA_DOUBLE_UNALIGNED, at(shifts + i * 8L));
      double sum = 0;
      double weight = 0;
      double last = 0;
      double counted = 0;
      for (int row = 0; row < rows; row++) {
        double w = AveragePass.share(first + row, low - shift, high - shift, doubt);
        double x = Scalars.loadDouble(from, ALL, at(a + row * stride + (long) i * from.bytes()));
        if (w > 0 && x == x) {
          sum += w * x;
          weight += w;
          last = x;
          counted++;
        }
      }
      Scalars.storeDouble(
          to, ALL, at(out + (long) i * to.bytes()), mean(sum, weight, last, counted));
    }
  }

  private static void raise(long address, double by) {
    long p = at(address);
    ALL.set(JAVA_DOUBLE_UNALIGNED, p, ALL.get(JAVA_DOUBLE_UNALIGNED, p) + by);
  }
}
