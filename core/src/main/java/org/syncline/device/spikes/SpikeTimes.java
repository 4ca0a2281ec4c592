/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.device.Columns;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.Findings;
import org.syncline.device.support.TimeUnits;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.storage.RowArray;

/**
 * Compares spike times with the range that meta.yml says. Looks at some spikes alone: cheap enough
 * for every opening.
 */
final class SpikeTimes {
  private static final int UNITS = 32;
  private static final int SPIKES_EACH = 5;

  /** Units that are looked at one by one, a spike each. */
  private static final int UNITS_ALONE = 256;

  /** So many spikes a unit, on average, are too many for units that follow each other by chance. */
  private static final int SPIKES_BY_UNIT = 10;

  /** Spikes that leave no quarter of the range empty by chance. */
  private static final int MANY_SPIKES = 100;

  private static final int SPIKES_OF_ACTIVE = 20;
  private static final int ACTIVE_UNITS = 4;

  /** Spikes a second, on average, that no unit has. */
  private static final double MOST_RATE = 1000;

  /** Times that are there twice, one after the other, and not by chance. */
  private static final int PAIRS = 20;

  /** What sorters and clusterings (phy, HDBSCAN) call what belongs to no cluster. */
  private static final long NO_CLUSTER = -1;

  private SpikeTimes() {}

  /**
   * Adds a warning where each unit ends before the next begins, as of the times of all units in one
   * order: whose spikes they are is lost then. Of a few spikes that may be chance.
   *
   * @param times of any type, as many as the offsets say
   */
  static void checkUnits(SpikesMeta meta, RowArray times, Problems problems) {
    long[] offsets = meta.spikeIndices();
    int units = 0;
    double last = Double.NEGATIVE_INFINITY;
    for (int u = 0; u < meta.units(); u++) {
      if (offsets[u + 1] == offsets[u]) {
        continue;
      }
      double first = RowArray.value(times.type(), times.bits(offsets[u], 0));
      if (!(first >= last)) {
        return;
      }
      last = RowArray.value(times.type(), times.bits(offsets[u + 1] - 1, 0));
      units++;
    }
    if (units > 1 && offsets[meta.units()] >= (long) SPIKES_BY_UNIT * units) {
      problems.warning(
          meta.dataFile(),
          "values",
          "each of " + units + " units ends before the next begins",
          "units whose spikes lie among each other",
          "they look sorted over all units: store the times of each unit, one unit after the other");
    }
  }

  /**
   * Adds a warning where a unit that is read is that of the spikes which a sorter or clustering
   * gave to none.
   */
  static void checkNoise(SpikesMeta meta, Columns columns, Problems problems) {
    Path file = Statistics.file(meta.folder(), "unit_ids");
    if (!Findings.isThere(file)) {
      return;
    }
    long[] ids;
    try {
      ids = Statistics.unitIds(meta.folder(), meta.units());
    } catch (RecordingException _) {
      return; // who needs them is told, and a validation says it
    }
    for (int u = 0; u < columns.count(); u++) {
      int unit = columns.column(u);
      if (ids[unit] != NO_CLUSTER) {
        continue;
      }
      long[] offsets = meta.spikeIndices();
      problems.warning(
          file,
          "values",
          "the id -1 of unit "
              + unit
              + ", with "
              + (offsets[unit + 1] - offsets[unit])
              + " of "
              + offsets[meta.units()]
              + " spikes",
          "ids of units",
          "sorters and clusterings give -1 to spikes of no unit: leave these out when writing, or"
              + " the unit by unit_ids or columns of the device's configuration");
      return;
    }
  }

  /** Adds a warning of units that have most of their spikes outside the device's range. */
  private static void unitsOutside(SpikesMeta meta, RowArray times, Problems problems) {
    List<Integer> found = new ArrayList<>();
    int units = Math.min(meta.units(), UNITS_ALONE);
    double first = 0;
    for (int u = 0; u < units; u++) {
      int unit = (int) ((long) u * meta.units() / units);
      long from = meta.spikeIndices()[unit];
      long count = meta.spikeIndices()[unit + 1] - from;
      if (count < SPIKES_EACH) {
        continue;
      }
      double t = RowArray.value(ElementType.FLOAT64, times.bits(from + count / 2, 0));
      if (t < meta.startTime() || t > meta.endTime()) {
        first = found.isEmpty() ? t : first;
        found.add(unit);
      }
    }
    if (!found.isEmpty()) {
      problems.warning(
          meta.dataFile(),
          "units",
          "most spikes of units "
              + FileChecks.some(found)
              + " outside the device's range, as one at "
              + first,
          "seconds in " + meta.startTime() + " to " + meta.endTime(),
          "they are never counted: are times of these units in another unit than seconds?");
    }
  }

  /**
   * Adds a warning where the spikes of all units leave the first or last quarter of the range
   * empty. One cell may fall silent; several do not at once, and none fires a thousand times a
   * second.
   */
  private static void partOfRange(SpikesMeta meta, RowArray times, Problems problems) {
    long[] offsets = meta.spikeIndices();
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    long spikes = 0;
    long active = 0;
    for (int u = 0; u < meta.units(); u++) {
      long count = offsets[u + 1] - offsets[u];
      if (count > 0) {
        first = Math.min(first, RowArray.value(times.type(), times.bits(offsets[u], 0)));
        last = Math.max(last, RowArray.value(times.type(), times.bits(offsets[u + 1] - 1, 0)));
      }
      spikes += count;
      active += count >= SPIKES_OF_ACTIVE ? 1 : 0;
    }
    double start = meta.startTime();
    double end = meta.endTime();
    double quarter = (end - start) / 4;
    boolean isPart =
        first >= start && last <= end && (first > start + quarter || last < end - quarter);
    if (!isPart
        || spikes < MANY_SPIKES
        || active < ACTIVE_UNITS && spikes < MOST_RATE * meta.units() * (last - first)) {
      return;
    }
    problems.warning(
        meta.dataFile(),
        "values",
        "all " + spikes + " spikes in " + first + " to " + last,
        "spikes throughout " + start + " to " + end + ", start_time and end_time",
        "are times in another unit than seconds, or start_time or end_time wrong? Counts elsewhere"
            + " are 0");
  }

  /** Adds a warning of units that have each time twice, exactly. */
  private static void pairs(SpikesMeta meta, RowArray times, Problems problems) {
    List<Integer> found = new ArrayList<>();
    int units = Math.min(meta.units(), UNITS);
    for (int u = 0; u < units; u++) {
      int unit = (int) ((long) u * meta.units() / units);
      long from = meta.spikeIndices()[unit];
      long count = meta.spikeIndices()[unit + 1] - from;
      if (count < 2 * PAIRS || count % 2 != 0) {
        continue;
      }
      int same = 0;
      while (same < PAIRS
          && times.bits(from + 2 * same, 0) == times.bits(from + 2 * same + 1, 0)
          && (same == 0 || times.bits(from + 2 * same, 0) != times.bits(from + 2 * same - 1, 0))) {
        same++;
      }
      if (same == PAIRS) {
        found.add(unit);
      }
    }
    if (!found.isEmpty()) {
      problems.warning(
          meta.dataFile(),
          "units",
          "each spike twice, at exactly the same time, in units " + FileChecks.some(found),
          "each spike once",
          "they are counted twice: were they written, or joined, twice?");
    }
  }

  /**
   * Adds an error where most spikes lie outside the device's range: they are read as none.
   *
   * @param times float64, ascending in each unit
   */
  static void check(SpikesMeta meta, RowArray times, Problems problems) {
    if (meta.units() > 0 && meta.spikeIndices()[meta.units()] == 0) {
      problems.warning(
          meta.folder().resolve("meta.yml"),
          "spike_indices",
          "no spike of " + meta.units() + (meta.units() == 1 ? " unit" : " units"),
          "spikes",
          "all counts are 0: was the file of spikes written?");
      return;
    }
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
      unitsOutside(meta, times, problems);
      if (outside == 0 && (first > start + (end - start) / 4 || last < end - (end - start) / 4)) {
        partOfRange(meta, times, problems);
      }
      pairs(meta, times, problems);
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
