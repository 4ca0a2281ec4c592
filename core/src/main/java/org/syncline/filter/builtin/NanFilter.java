/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.syncline.config.Target;
import org.syncline.config.schema.Names;
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
public final class NanFilter implements Filter {
  /** What configurations name so. */
  public static final String NAME = "nan_filter";

  private static final double DEFAULT_VICINITY = 0.05;

  private final double vicinity;
  private final String source;
  private final String key;

  /**
   * Creates the filter that a configuration names as {@code nan_filter(vicinity=0.05)}.
   *
   * @throws ConfigException for another argument, or a vicinity that is no number of seconds
   */
  public static NanFilter of(Target target) {
    String source = target.source() == null ? "configuration" : target.source();
    String key = target.key() == null ? NAME : target.key();
    double vicinity = DEFAULT_VICINITY;
    for (Map.Entry<String, Object> argument : target.arguments().entrySet()) {
      if (!argument.getKey().equals("vicinity")) {
        throw new ConfigException(
            source,
            0,
            key,
            NAME
                + " has no argument '"
                + argument.getKey()
                + "'; "
                + Names.advice(argument.getKey(), List.of("vicinity")));
      }
      if (!(argument.getValue() instanceof Number n)
          || !(n.doubleValue() >= 0)
          || Double.isInfinite(n.doubleValue())) {
        throw new ConfigException(
            source,
            0,
            key,
            "vicinity: found " + argument.getValue() + ", expected seconds, 0 or more");
      }
      vicinity = n.doubleValue();
    }
    return new NanFilter(vicinity, source, key);
  }

  private NanFilter(double vicinity, String source, String key) {
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
