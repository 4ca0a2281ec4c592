/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Arrays;
import java.util.Locale;

/**
 * Records durations and tells their percentiles, within 1.6 %: 64 buckets for each power of two.
 * Recording costs a few nanoseconds and allocates nothing. Not safe for use by several threads at
 * once.
 */
public final class LatencyRecorder {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;

  private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB];
  private long count;
  private long sum;
  private long max;
  private long min = Long.MAX_VALUE;

  /** Creates a recorder without durations. */
  public LatencyRecorder() {}

  // values below 64 have a bucket each; above, the six bits after the leading one choose it
  private static int bucket(long value) {
    if (value < SUB) {
      return (int) value;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(value) - SUB_BITS;
    return ((shift + 1) << SUB_BITS) + (int) ((value >>> shift) - SUB);
  }

  private static long lowest(int bucket) {
    int shift = (bucket >>> SUB_BITS) - 1;
    return shift < 0 ? bucket : (long) (SUB + (bucket & (SUB - 1))) << shift;
  }

  /** Records a duration in nanoseconds; a negative one counts as 0. */
  public void record(long nanos) {
    long value = Math.max(0, nanos);
    counts[bucket(value)]++;
    count++;
    sum += value;
    max = Math.max(max, value);
    min = Math.min(min, value);
  }

  /**
   * Returns the duration in nanoseconds that a share of all durations does not exceed.
   *
   * @param share 0 … 1, for instance 0.999
   * @return 0 where nothing was recorded
   * @throws IllegalArgumentException for a share outside 0 … 1
   */
  public long percentile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", expected 0 to 1");
    }
    if (count == 0) {
      return 0;
    }
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int b = 0; b < counts.length; b++) {
      seen += counts[b];
      if (seen >= rank) {
        return Math.clamp(lowest(b + 1) - 1, min, max);
      }
    }
    return max;
  }

  /** Returns how many durations were recorded. */
  public long count() {
    return count;
  }

  /** Returns the mean in nanoseconds, 0 where nothing was recorded. */
  public double mean() {
    return count == 0 ? 0 : (double) sum / count;
  }

  /** Returns the longest duration in nanoseconds, 0 where nothing was recorded. */
  public long max() {
    return max;
  }

  /** Forgets everything recorded. */
  public void reset() {
    Arrays.fill(counts, 0);
    count = 0;
    sum = 0;
    max = 0;
    min = Long.MAX_VALUE;
  }

  /** Returns p50, p99, p99.9, maximum and count in one line, in microseconds. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "p50 %.1f µs, p99 %.1f µs, p99.9 %.1f µs, max %.1f µs, %d chunks",
        percentile(0.5) / 1e3,
        percentile(0.99) / 1e3,
        percentile(0.999) / 1e3,
        max / 1e3,
        count);
  }
}
