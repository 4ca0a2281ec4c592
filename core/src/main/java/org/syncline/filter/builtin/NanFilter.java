/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.ArrayList;
import java.util.List;
import org.syncline.device.Interpolator;
import org.syncline.device.MissingSamples;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;

/**
 * Leaves out the vicinity of missing samples: for each stored sample of a sequence with a NaN in
 * any stored signal, {@code [t - vicinity, t + vicinity]} clamped to the device's range is invalid;
 * valid are the gaps between.
 *
 * <p>Phase shifts play no part, and infinity is no NaN.
 */
final class NanFilter implements Filter {
  private final double vicinity;
  private final String source;
  private final String key;

  NanFilter(double vicinity, String source, String key) {
    this.vicinity = vicinity;
    this.source = source;
    this.key = key;
  }

  @Override
  public List<TimeInterval> validIntervals(Interpolator device) {
    MissingSamples missing =
        device
            .missingSamples()
            .orElseThrow(
                () ->
                    new ConfigException(
                        source,
                        0,
                        key,
                        "found a "
                            + device.getClass().getSimpleName()
                            + ", which has no stored samples, expected a device that has, like a"
                            + " sequence: nan_filter looks for NaN in them; remove it from this device"));
    return around(missing, vicinity, device.startTime(), device.endTime());
  }

  /** Returns what lies farther than a vicinity from every missing sample. */
  static List<TimeInterval> around(
      MissingSamples missing, double vicinity, double start, double end) {
    List<TimeInterval> invalid = new ArrayList<>();
    double[] last = {Double.NaN, Double.NaN};
    missing.forEach(
        t -> {
          double from = Math.max(start, t - vicinity);
          double to = Math.min(end, t + vicinity);
          if (from <= last[1]) {
            last[1] = Math.max(last[1], to);
            return;
          }
          if (!Double.isNaN(last[0])) {
            invalid.add(new TimeInterval(last[0], last[1]));
          }
          last[0] = from;
          last[1] = to;
        });
    if (!Double.isNaN(last[0])) {
      invalid.add(new TimeInterval(last[0], last[1]));
    }
    return Intervals.complement(invalid, start, end);
  }
}
