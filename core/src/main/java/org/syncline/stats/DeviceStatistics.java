/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.stats;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * What the samples of a device are like: of each signal, channel or pixel how many there are, mean,
 * deviation, extremes and quantiles. Immutable.
 */
public final class DeviceStatistics {
  final String unit;
  final long[] shape;
  final long[] counts;
  final long[] missing;
  final double[] means;

  // sums of squares of what values are off their mean
  final double[] squares;

  // null where moments alone were asked for
  final double[] least;
  final double[] most;

  // null where no quantiles were asked for
  final QuantileSketch[] sketches;

  DeviceStatistics(
      String unit,
      long[] shape,
      long[] counts,
      long[] missing,
      double[] means,
      double[] squares,
      double[] least,
      double[] most,
      QuantileSketch[] sketches) {
    this.unit = unit;
    this.shape = shape;
    this.counts = counts;
    this.missing = missing;
    this.means = means;
    this.squares = squares;
    this.least = least;
    this.most = most;
    this.sketches = sketches;
  }

  /** Returns what each entry is of: {@code signal}, {@code channel} or {@code pixel}. */
  public String unit() {
    return unit;
  }

  /** Returns how many entries there are, of how many numbers, and which share of all is NaN. */
  @Override
  public String toString() {
    long numbers = LongStream.of(counts).sum();
    long all = numbers + LongStream.of(missing).sum();
    double share = 100.0 * (all - numbers) / all;
    return "DeviceStatistics("
        + Arrays.toString(shape)
        + " "
        + unit
        + "s, "
        + numbers
        + " numbers"
        + (all == 0 ? "" : String.format(Locale.ROOT, ", %.3g %% NaN", share))
        + ")";
  }

  /** Returns the number of entries. */
  public int size() {
    return counts.length;
  }

  /** Returns how the entries lie: (n) signals or channels, (H, W) or (H, W, 3) pixels; a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** Returns how many numbers each entry has, NaN not counted; a copy. */
  public long[] counts() {
    return counts.clone();
  }

  /** Returns which share of each entry's samples is NaN, NaN where it has no samples. */
  public double[] nanShares() {
    double[] shares = new double[counts.length];
    Arrays.setAll(shares, i -> missing[i] / (double) (counts[i] + missing[i]));
    return shares;
  }

  /** Returns the means, NaN of an entry without a number; a copy. */
  public double[] means() {
    return means.clone();
  }

  /** Returns the population deviations, NaN of an entry without a number. */
  public double[] stds() {
    double[] stds = new double[counts.length];
    Arrays.setAll(stds, i -> Math.sqrt(squares[i] / counts[i]));
    return stds;
  }

  /** Returns whether there are extremes. */
  public boolean hasExtremes() {
    return least != null;
  }

  /** Returns whether there are quantiles. */
  public boolean hasQuantiles() {
    return sketches != null;
  }

  /**
   * Returns the smallest numbers, NaN of an entry without a number; a copy.
   *
   * @throws IllegalStateException where moments alone were computed
   */
  public double[] minima() {
    return extremes(least);
  }

  /** Returns the largest numbers; as of {@link #minima}. */
  public double[] maxima() {
    return extremes(most);
  }

  private double[] extremes(double[] values) {
    if (values == null) {
      throw new IllegalStateException("found moments alone, expected all statistics");
    }
    double[] copy = new double[values.length];
    Arrays.setAll(copy, i -> counts[i] == 0 ? Double.NaN : values[i]);
    return copy;
  }

  /**
   * Estimates a quantile of each entry, NaN of one without a number. The share of numbers below it
   * is off by about half a percent in the middle, less towards the ends; among bytes it is exact.
   *
   * @param share from 0, the smallest number, to 1, the largest
   * @throws IllegalArgumentException for another share
   * @throws IllegalStateException where no quantiles were computed
   */
  public double[] quantiles(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("found the share " + share + ", expected 0 to 1");
    }
    if (sketches == null) {
      throw new IllegalStateException("found no quantiles, expected them to be computed");
    }
    double[] values = new double[counts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          counts[i] == 0
              ? Double.NaN
              : share == 0
                  ? least[i]
                  : share == 1 ? most[i] : sketches[i].quantile(share, least[i], most[i]);
    }
    return values;
  }

  /**
   * Joins statistics of different samples of the same signals: counts, extremes and NaN shares are
   * exactly those of all samples, means and deviations to within rounding.
   *
   * @param parts in the order in which rounding happens
   * @throws IllegalArgumentException for none, or parts of different signals
   */
  public static DeviceStatistics join(List<DeviceStatistics> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("found no statistics, expected some to join");
    }
    Joined joined = new Joined(parts.getFirst());
    for (DeviceStatistics part : parts) {
      joined.add(part);
    }
    return joined.result();
  }

  /** Statistics that others are added to. */
  static final class Joined {
    private final DeviceStatistics like;
    private final long[] counts;
    private final long[] missing;
    private final double[] means;
    private final double[] squares;
    private final double[] least;
    private final double[] most;
    private final QuantileSketch[] sketches;

    Joined(DeviceStatistics like) {
      this.like = like;
      int n = like.counts.length;
      counts = new long[n];
      missing = new long[n];
      means = new double[n];
      Arrays.fill(means, Double.NaN);
      squares = new double[n];
      least = like.least == null ? null : new double[n];
      most = like.least == null ? null : new double[n];
      sketches = like.sketches == null ? null : new QuantileSketch[n];
      for (int i = 0; i < n && least != null; i++) {
        least[i] = Double.POSITIVE_INFINITY;
        most[i] = Double.NEGATIVE_INFINITY;
      }
      for (int i = 0; i < n && sketches != null; i++) {
        sketches[i] = new QuantileSketch();
      }
    }

    void add(DeviceStatistics part) {
      if (!part.unit.equals(like.unit) || !Arrays.equals(part.shape, like.shape)) {
        throw new IllegalArgumentException(
            "found statistics of "
                + part.unit
                + "s "
                + Arrays.toString(part.shape)
                + " and "
                + like.unit
                + "s "
                + Arrays.toString(like.shape)
                + ", expected the same signals in all recordings; leave them apart");
      }
      if ((part.least == null) != (like.least == null)
          || (part.sketches == null) != (like.sketches == null)) {
        throw new IllegalArgumentException(
            "found statistics of different kinds, expected the same measures in all");
      }
      for (int i = 0; i < counts.length; i++) {
        add(i, part, i);
        if (sketches != null) {
          sketches[i].add(part.sketches[i]);
        }
      }
    }

    private void add(int i, DeviceStatistics part, int k) {
      missing[i] += part.missing[k];
      if (part.counts[k] == 0) {
        return;
      }
      long both = counts[i] + part.counts[k];
      if (counts[i] == 0) {
        means[i] = part.means[k];
        squares[i] = part.squares[k];
      } else {
        double off = part.means[k] - means[i];
        double share = part.counts[k] / (double) both;
        squares[i] += part.squares[k] + off * off * counts[i] * share;
        means[i] += off * share;
      }
      counts[i] = both;
      if (least != null) {
        least[i] = Math.min(least[i], part.least[k]);
        most[i] = Math.max(most[i], part.most[k]);
      }
    }

    DeviceStatistics result() {
      return new DeviceStatistics(
          like.unit, like.shape, counts, missing, means, squares, least, most, sketches);
    }
  }

  /** Returns the same statistics with sketches of quantiles. */
  DeviceStatistics with(QuantileSketch[] found) {
    return new DeviceStatistics(unit, shape, counts, missing, means, squares, least, most, found);
  }

  /** Joins the pixels of each channel, which are the last axis. */
  DeviceStatistics byChannel(int channels, QuantileSketch[] ofChannels) {
    DeviceStatistics like =
        new DeviceStatistics(
            "channel",
            new long[] {channels},
            new long[channels],
            new long[channels],
            new double[channels],
            new double[channels],
            least == null ? null : new double[channels],
            most == null ? null : new double[channels],
            null);
    Joined joined = new Joined(like);
    for (int i = 0; i < counts.length; i++) {
      joined.add(i % channels, this, i);
    }
    DeviceStatistics all = joined.result();
    return new DeviceStatistics(
        all.unit,
        all.shape,
        all.counts,
        all.missing,
        all.means,
        all.squares,
        all.least,
        all.most,
        ofChannels);
  }

  /**
   * Returns the statistics as lists by name, with {@code shape} and {@code unit}.
   *
   * @param shares which quantiles, where they were computed
   */
  public Map<String, Object> toMap(double... shares) {
    Objects.requireNonNull(shares, "shares is null");
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("unit", unit);
    all.put("shape", shape.clone());
    all.put("counts", counts.clone());
    all.put("nan_shares", nanShares());
    all.put("means", means.clone());
    all.put("stds", stds());
    if (least != null) {
      all.put("minima", minima());
      all.put("maxima", maxima());
    }
    if (sketches != null) {
      Map<String, Object> quantiles = new LinkedHashMap<>();
      for (double share : shares) {
        quantiles.put(Double.toString(share), quantiles(share));
      }
      all.put("quantiles", quantiles);
    }
    return all;
  }
}
