/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.syncline.device.Interpolator;
import org.syncline.interval.TimeInterval;

/** Says in which intervals a device's data can be used, or which chunks. */
@FunctionalInterface
public interface Filter {
  /** Returns the valid intervals of a device; any order, overlaps allowed. */
  List<TimeInterval> validIntervals(Interpolator device);

  /**
   * Returns the valid intervals of a device, which other devices may decide; by default those of
   * {@link #validIntervals(Interpolator)}. This is the method that datasets call.
   *
   * @param device the device that the filter is configured for
   * @param devices all devices of the dataset by name, that one among them; unmodifiable
   * @return any order, overlaps allowed
   */
  default List<TimeInterval> validIntervals(
      Interpolator device, Map<String, Interpolator> devices) {
    return validIntervals(device);
  }

  /**
   * Returns what judges whole chunks by the times in seconds at which the device is sampled for
   * one, ascending. Where there is such a test, a dataset asks it, and no intervals. It may be
   * called by the thread that opens the dataset alone, and must not keep the array.
   *
   * @return empty, by default, for a filter that knows intervals
   */
  default Optional<Predicate<double[]>> chunks(Interpolator device) {
    return Optional.empty();
  }
}
