/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import java.util.Arrays;

/**
 * Estimates quantiles of a stream of numbers in little memory, and joins with others: a t-digest,
 * whose centroids hold few numbers near the ends and more in the middle. Whole numbers from 0 to
 * 255, as pixels are, are counted exactly. NaN is passed over. For one thread.
 */
final class QuantileSketch {
  /** About as many centroids are kept: the rank of an estimate is off by some per mille. */
  private static final int COMPRESSION = 200;

  private static final int BUFFER = 512;
  private static final int EXACT = 256;

  private long[] counts;
  private double[] means = new double[0];
  private double[] weights = new double[0];
  private double[] buffer;
  private int buffered;

  /** Adds a number. */
  void add(double value) {
    if (isCounted(value)) {
      if (counts == null) {
        counts = new long[EXACT];
      }
      counts[(int) value]++;
      return;
    }
    if (value != value) {
      return;
    }
    if (buffer == null) {
      buffer = new double[BUFFER];
    }
    buffer[buffered++] = value;
    if (buffered == BUFFER) {
      compress();
    }
  }

  /**
   * Adds numbers that rise.
   *
   * @param weight how many numbers each stands for
   */
  void addSorted(double[] values, int n, double weight) {
    int loose = n;
    for (int i = 0; i < n; i++) {
      if (isCounted(values[i])) {
        if (counts == null) {
          counts = new long[EXACT];
        }
        loose--;
      }
    }
    double total = loose * weight;
    double[] centres = new double[16 + 2 * COMPRESSION];
    double[] masses = new double[centres.length];
    int kept = 0;
    double before = 0;
    double limit = total * next(0);
    // the centroid that is open: how often its values stand there, their sum, the last of them
    double mass = 0;
    double sum = 0;
    double last = Double.NaN;
    for (int i = 0; i < n; ) {
      double value = values[i];
      int end = i + 1;
      while (end < n && values[end] == value) {
        end++;
      }
      double more = (end - i) * weight;
      i = end;
      if (isCounted(value)) {
        counts[(int) value] += Math.round(more);
        continue;
      }
      // infinities have no mean with others
      boolean apart = Double.isInfinite(value) || Double.isInfinite(last);
      if (mass > 0 && (before + mass + more > limit || apart)) {
        if (kept == centres.length) {
          centres = Arrays.copyOf(centres, 2 * kept);
          masses = Arrays.copyOf(masses, 2 * kept);
        }
        centres[kept] = sum / mass;
        masses[kept++] = mass;
        before += mass;
        limit = total * next(before / total);
        mass = 0;
        sum = 0;
      }
      mass += more;
      sum += value * more;
      last = value;
    }
    centres = Arrays.copyOf(centres, kept + 1);
    masses = Arrays.copyOf(masses, kept + 1);
    centres[kept] = sum / mass;
    masses[kept] = mass;
    compress();
    if (mass > 0) {
      join(centres, masses);
    }
  }

  private static boolean isCounted(double value) {
    return value >= 0 && value < EXACT && value == (int) value;
  }

  /** Ends adding for now: keeps centroids alone. */
  void compress() {
    if (buffered > 0) {
      Arrays.sort(buffer, 0, buffered);
      double[] ones = new double[buffered];
      Arrays.fill(ones, 1);
      join(Arrays.copyOf(buffer, buffered), ones);
      buffered = 0;
    }
  }

  /** Frees what is only needed while numbers come. */
  void end() {
    compress();
    buffer = null;
  }

  /** Adds all that another holds. */
  void add(QuantileSketch other) {
    compress();
    other.compress();
    if (other.counts != null) {
      if (counts == null) {
        counts = new long[EXACT];
      }
      for (int i = 0; i < EXACT; i++) {
        counts[i] += other.counts[i];
      }
    }
    if (other.means.length > 0) {
      join(other.means, other.weights);
    }
  }

  private void join(double[] values, double[] ofValues) {
    double[] all = new double[means.length + values.length];
    double[] mass = new double[all.length];
    double total = 0;
    for (int i = 0, k = 0, n = 0; n < all.length; n++) {
      boolean old = k == values.length || i < means.length && means[i] <= values[k];
      all[n] = old ? means[i] : values[k];
      mass[n] = old ? weights[i++] : ofValues[k++];
      total += mass[n];
    }
    int n = 0;
    double before = 0;
    double limit = total * next(0);
    for (int i = 1; i < all.length; i++) {
      double joined = mass[n] + mass[i];
      // infinities have no mean with others
      boolean apart = Double.isInfinite(all[n]) || Double.isInfinite(all[i]);
      if (before + joined <= limit && !apart || all[n] == all[i]) {
        all[n] = all[n] == all[i] ? all[n] : all[n] + (all[i] - all[n]) * (mass[i] / joined);
        mass[n] = joined;
      } else {
        before += mass[n];
        limit = total * next(before / total);
        n++;
        all[n] = all[i];
        mass[n] = mass[i];
      }
    }
    int kept = all.length == 0 ? 0 : n + 1;
    means = Arrays.copyOf(all, kept);
    weights = Arrays.copyOf(mass, kept);
  }

  /** Returns up to which share of all numbers a centroid may reach that begins at one. */
  private static double next(double q) {
    double k = Math.asin(2 * Math.min(1, q) - 1) + 2 * Math.PI / COMPRESSION;
    return k >= Math.PI / 2 ? 1 : (Math.sin(k) + 1) / 2;
  }

  /**
   * Returns the number below which a share of all lies, NaN where there is none.
   *
   * @param least of all numbers, which is quantile 0
   * @param most quantile 1
   */
  double quantile(double share, double least, double most) {
    compress();
    int exact = counts == null ? 0 : EXACT;
    double[] all = Arrays.copyOf(means, means.length + exact);
    double[] mass = Arrays.copyOf(weights, all.length);
    Integer[] order = new Integer[all.length];
    double total = 0;
    for (int i = 0; i < all.length; i++) {
      if (i >= means.length) {
        all[i] = i - means.length;
        mass[i] = counts[i - means.length];
      }
      order[i] = i;
      total += mass[i];
    }
    if (total == 0) {
      return Double.NaN;
    }
    Arrays.sort(order, (a, b) -> Double.compare(all[a], all[b]));
    double wanted = share * total;
    double from = 0;
    double previous = least;
    double before = 0;
    for (int i : order) {
      if (mass[i] == 0) {
        continue;
      }
      boolean known = i >= means.length;
      if (known) {
        // all of this mass has one value
        if (wanted < from) {
          return between(previous, before, all[i], from, wanted);
        }
        if (wanted <= from + mass[i]) {
          return all[i];
        }
        previous = all[i];
        before = from + mass[i];
        from = before;
        continue;
      }
      double centre = from + mass[i] / 2;
      if (wanted <= centre) {
        return between(previous, before, all[i], centre, wanted);
      }
      previous = all[i];
      before = centre;
      from += mass[i];
    }
    return between(previous, before, most, total, wanted);
  }

  private static double between(double a, double at, double b, double to, double wanted) {
    return to <= at || a == b ? b : a + (b - a) * ((wanted - at) / (to - at));
  }
}
