/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.ArrayList;
import java.util.List;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigKey;
import org.syncline.device.Interpolator;
import org.syncline.device.MissingSamples;
import org.syncline.device.support.Answers;
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
public final class NanFilter implements Filter {
  private static final ConfigKey VICINITY =
      ConfigKey.number(
              "vicinity",
              "seconds",
              0,
              ConfigKey.ANY,
              0.05,
              "How far from a missing sample is left out, to both sides.")
          .example("0.1");

  /** The filter as configurations name it. */
  public static final FilterType TYPE =
      new FilterType(
          "nan_filter",
          "Leaves out the vicinity of stored samples of a sequence that are NaN in any signal; infinity is no NaN.",
          NanFilter::new,
          VICINITY);

  private final Target target;
  private final double vicinity;

  private NanFilter(FilterType.Arguments arguments) {
    target = arguments.target();
    vicinity = arguments.number(VICINITY);
    if (vicinity == 0) {
      System.getLogger("org.syncline")
          .log(
              System.Logger.Level.WARNING,
              "nan_filter.vicinity: found 0, expected seconds above 0: stretches of no length are"
                  + " left out, so that no chunk is");
    }
  }

  @Override
  public List<TimeInterval> validIntervals(Interpolator device) {
    MissingSamples missing =
        Answers.optional(device.missingSamples(), device, "missingSamples")
            .orElseThrow(() -> StoredSamples.missing(target, device, "nan_filter looks for NaN"));
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

  @Override
  public String toString() {
    return "NanFilter(vicinity " + vicinity + " s)";
  }
}
