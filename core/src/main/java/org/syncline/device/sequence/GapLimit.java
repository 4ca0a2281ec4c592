/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.util.Arrays;
import java.util.function.Predicate;
import org.syncline.storage.StoredDoubles;

/**
 * Says at which times an irregular sequence has a value, where its configuration limits how far
 * away samples may lie.
 */
final class GapLimit {
  /** Timestamps that are looked at at a time. */
  private static final int PIECE = 4096;

  private final StoredDoubles times;
  private final SamplingRule rule;
  private final double most;
  private final MeanWindow mean;

  /**
   * Limits.
   *
   * @param most seconds; see {@link #allows}
   * @param mean what is averaged over, or null
   */
  GapLimit(StoredDoubles times, SamplingRule rule, double most, MeanWindow mean) {
    this.mean = mean;
    this.times = times;
    this.rule = rule;
    this.most = most;
  }

  /**
   * Returns whether a time has a value: whether it hits a sample; else, where two are blended,
   * whether these lie at most so far apart, and for every other rule whether the one that it takes
   * lies at most so far away; where a window is averaged, whether that holds for each of its times.
   *
   * @param row the one that it takes, or the first of the two
   */
  boolean allows(double t, int row) {
    if (mean != null) {
      return allowsWindow(t - mean.before() * mean.seconds());
    }
    double at = times.get(row);
    return at == t || (rule.blends() ? times.get(row + 1) - at <= most : Math.abs(t - at) <= most);
  }

  private boolean allowsWindow(double from) {
    double to = from + mean.seconds();
    int n = times.length();
    int next = times.firstNotBelow(from, 0);
    int first = Math.max(0, next < n && times.get(next) == from ? next : next - 1);
    for (int row = first; row < n && times.get(row) < to; row++) {
      double until = row + 1 < n ? Math.min(times.get(row + 1), to) : to;
      if (until - times.get(row) > most) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns what judges the times of chunks, those that lie where the sequence has rows: it looks
   * at single times only where a chunk meets a gap.
   */
  Predicate<double[]> chunks(SequenceInterpolator sequence) {
    double[] wide = wide();
    double ahead = mean == null ? 0 : (1 - mean.before()) * mean.seconds();
    double behind = mean == null ? 0 : mean.before() * mean.seconds();
    return chunk -> {
      double begin = chunk[0] - behind;
      double last = chunk[chunk.length - 1] + ahead;
      // the first gap that ends after the chunk's start: pairs of start and end
      int low = 0;
      int high = wide.length / 2;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (wide[2 * middle + 1] <= begin) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == wide.length / 2 || wide[2 * low] >= last || sequence.allowsAll(chunk);
    };
  }

  /** Returns start and end of each step between samples that is wider than the limit. */
  private double[] wide() {
    double[] found = new double[16];
    int n = 0;
    int length = times.length();
    for (int from = 0; from < length; from += PIECE) {
      double[] piece = times.copy(from, Math.min(length, from + PIECE + 1));
      int steps = piece.length - 1;
      // behind the last sample it is held without an end
      boolean end = from + PIECE >= length && !rule.blends();
      for (int i = 0; i < steps || end && i == steps; i++) {
        double next = i < steps ? piece[i + 1] : Double.POSITIVE_INFINITY;
        if (next - piece[i] > most) {
          if (n == found.length) {
            found = Arrays.copyOf(found, 2 * n);
          }
          found[n++] = piece[i];
          found[n++] = next;
        }
      }
    }
    return Arrays.copyOf(found, n);
  }
}
