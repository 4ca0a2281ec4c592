/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import org.syncline.config.Target;
import org.syncline.config.schema.ConfigKey;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Answers;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;

/**
 * Keeps chunks in whose window enough of the stored values of a device are finite: of all
 * (selected) columns, from the sample that the chunk's first time holds to that of its last.
 */
public final class FiniteFilter implements Filter {
  private static final ConfigKey MIN_SHARE =
      ConfigKey.number(
              "min_share",
              null,
              0,
              1,
              1.0,
              "The least share of finite values, neither NaN nor infinite, over all columns that are read.")
          .example("0.9");

  /** The filter as configurations name it. */
  public static final FilterType TYPE =
      new FilterType(
          "finite_filter",
          "Keeps chunks that have enough finite values: among the stored samples of a sequence from that of the chunk's first time to that of its last.",
          FiniteFilter::new,
          MIN_SHARE);

  private final Target target;
  private final double least;

  private FiniteFilter(FilterType.Arguments arguments) {
    target = arguments.target();
    least = arguments.number(MIN_SHARE);
  }

  /** {@inheritDoc} All of its range: whole chunks are what it judges. */
  @Override
  public List<TimeInterval> validIntervals(Interpolator device) {
    return List.of(new TimeInterval(device.startTime(), device.endTime()));
  }

  @Override
  public Optional<Predicate<double[]>> chunks(Interpolator device) {
    DoubleBinaryOperator share =
        Answers.optional(device.finiteShare(), device, "finiteShare")
            .orElseThrow(
                () -> StoredSamples.missing(target, device, "finite_filter counts values"));
    return Optional.of(
        times -> {
          double part = share.applyAsDouble(times[0], times[times.length - 1]);
          if (!(part >= 0 && part <= 1)) {
            throw Answers.wrong(device, "finiteShare", String.valueOf(part), "a share from 0 to 1");
          }
          return part >= least;
        });
  }

  @Override
  public String toString() {
    return "FiniteFilter(min_share " + least + ")";
  }
}
