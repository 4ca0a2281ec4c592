/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.syncline.array.ElementType;
import org.syncline.device.support.CoarseTimes;
import org.syncline.error.RecordingException;

/** Tells whether the numbers of a dataset are the seconds that NWB wants. */
final class Seconds {
  /** What counts samples of a recorder, whose rate makes seconds of it. */
  private static final Set<String> SAMPLES =
      Set.of("sample", "samples", "frame", "frames", "tick", "ticks", "index", "indices");

  /** Names of units that are not the second. */
  private static final Set<String> OTHERS =
      Set.of(
          "ms",
          "msec",
          "millisecond",
          "milliseconds",
          "us",
          "µs",
          "microsecond",
          "microseconds",
          "ns",
          "nanosecond",
          "nanoseconds",
          "min",
          "minute",
          "minutes",
          "h",
          "hour",
          "hours",
          "d",
          "days");

  /** Names of the second, and what says nothing. */
  private static final Set<String> SECONDS =
      Set.of("s", "sec", "secs", "second", "seconds", "", "unknown", "n/a", "n.a.");

  private Seconds() {}

  private static String unit(H5Node dataset) {
    String unit = dataset.text("unit");
    return unit == null ? "" : unit.toLowerCase(Locale.ROOT);
  }

  static boolean areSamples(H5Node dataset) {
    return SAMPLES.contains(unit(dataset));
  }

  /**
   * Checks the unit that a dataset declares.
   *
   * @param notes gets a unit that is not known
   * @throws RecordingException for one that is not the second
   */
  static void check(H5Node dataset, List<String> notes) {
    String unit = unit(dataset);
    if (OTHERS.contains(unit) || SAMPLES.contains(unit)) {
      throw dataset.error(
          "@unit",
          "'" + dataset.text("unit") + "'",
          "seconds",
          "NWB has times in seconds: correct the file");
    }
    if (!SECONDS.contains(unit)) {
      notes.add(dataset.name() + " of the unit '" + dataset.text("unit") + "' taken as seconds");
    }
  }

  static ElementType type(H5Node dataset) {
    Numbers numbers = Numbers.of(dataset);
    return numbers == null ? ElementType.FLOAT64 : numbers.type();
  }

  /**
   * Checks that times were not rounded by more than a few milliseconds: as float64, which is what
   * is written, nobody can see it any more.
   *
   * @param largest magnitude of the times
   * @param notes gets what is taken nevertheless
   * @throws RecordingException for such times, where {@link Repair#COARSE_TIMES} is not asked for
   */
  static void notCoarse(H5Node dataset, double largest, Set<Repair> repairs, List<String> notes) {
    ElementType type = type(dataset);
    if (!CoarseTimes.isTooCoarse(type, largest)) {
      return;
    }
    String found = CoarseTimes.describe(type, largest);
    if (!repairs.contains(Repair.COARSE_TIMES)) {
      throw dataset.error(null, found, "float64", Repair.COARSE_TIMES.advice());
    }
    notes.add(Repair.COARSE_TIMES.word() + ": " + dataset.name() + " are " + found);
  }

  /** Returns the largest magnitude among finite numbers. */
  static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
    }
    return largest;
  }
}
