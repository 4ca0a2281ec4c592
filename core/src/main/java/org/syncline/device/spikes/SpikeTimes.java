/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.device.support.TimeUnits;
import org.syncline.storage.RowArray;

/**
 * Compares spike times with the range that meta.yml says. Looks at some spikes alone: cheap enough
 * for every opening.
 */
final class SpikeTimes {
  private static final int UNITS = 32;
  private static final int SPIKES_EACH = 5;

  private SpikeTimes() {}

  /**
   * Adds an error where most spikes lie outside the device's range: they are read as none.
   *
   * @param times float64, ascending in each unit
   */
  static void check(SpikesMeta meta, RowArray times, Problems problems) {
    double start = meta.startTime();
    double end = meta.endTime();
    if (!meta.hasFiniteTimes() || !(end > start)) {
      return;
    }
    int looked = 0;
    int outside = 0;
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    int units = Math.min(meta.units(), UNITS);
    for (int u = 0; u < units; u++) {
      int unit = (int) ((long) u * meta.units() / units);
      long from = meta.spikeIndices()[unit];
      long count = meta.spikeIndices()[unit + 1] - from;
      int spikes = (int) Math.min(SPIKES_EACH, count);
      for (int k = 0; k < spikes; k++) {
        long place = from + (spikes == 1 ? 0 : (count - 1) * k / (spikes - 1));
        double t = RowArray.value(ElementType.FLOAT64, times.bits(place, 0));
        if (!Double.isFinite(t)) {
          continue;
        }
        looked++;
        outside += t < start || t > end ? 1 : 0;
        first = Math.min(first, t);
        last = Math.max(last, t);
      }
    }
    if (looked == 0 || outside * 2 <= looked) {
      return;
    }
    double range = end - start;
    String unit =
        last - first > 20 * range ? TimeUnits.of((last - first) / range, Double.NaN) : null;
    problems.error(
        meta.dataFile(),
        "values",
        first + " to " + last + (outside == looked ? "" : ", mostly outside the device's range"),
        "seconds in " + start + " to " + end + ", start_time and end_time",
        unit == null
            ? "spikes outside are never counted"
            : "they look like " + unit + ", and are never counted");
  }
}
