/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.syncline.clock.ChunkClock;
import org.syncline.clock.DoubleList;
import org.syncline.clock.SampleGrid;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.Target;
import org.syncline.config.TrialCondition;
import org.syncline.dataset.DatasetDevice;
import org.syncline.dataset.DatasetSettings;
import org.syncline.device.Coverage;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;

/**
 * Decides where chunks may start: points of the sample grid whose chunk lies in trials that meet
 * the conditions and in the filters' valid intervals.
 */
public final class ValidStarts {
  private static final Logger LOG = System.getLogger("org.syncline");

  private final Path root;
  private final SampleGrid grid;
  private final Map<String, DatasetDevice> devices;
  private final String lead;
  private final int leadSamples;
  private final boolean skipShort;
  private final TrialStarts trials;
  private final List<TrialCondition> conditions;
  private final List<TimeInterval> filterIntervals;

  /**
   * Reads trials and filters.
   *
   * @param filters makes the filters that the configuration names
   */
  public ValidStarts(
      Path root,
      DatasetConfig config,
      DatasetSettings settings,
      SampleGrid grid,
      Map<String, DatasetDevice> devices,
      Function<Target, Filter> filters) {
    this.root = root;
    this.grid = grid;
    this.devices = devices;
    lead = settings.lead();
    leadSamples = settings.chunkSizes().get(lead);
    skipShort = config.shortChunks() == DatasetConfig.ShortChunks.SKIP;
    trials = TrialStarts.of(devices, lead);
    conditions = findConditions(config);
    filterIntervals = List.copyOf(filter(settings.range(), filters));
  }

  /** Returns the trials, or null for a recording without. */
  public TrialStarts trials() {
    return trials;
  }

  /** Returns the intersection of all devices' filters; the whole range where there are none. */
  public List<TimeInterval> filterIntervals() {
    return filterIntervals;
  }

  private List<TimeInterval> filter(TimeInterval range, Function<Target, Filter> maker) {
    List<List<TimeInterval>> lists = new ArrayList<>();
    for (DatasetDevice device : devices.values()) {
      List<Target> filters = device.config().filters();
      if (filters == null) {
        continue;
      }
      for (Target target : filters) {
        lists.add(Intervals.unique(maker.apply(target).validIntervals(device.interpolator())));
      }
    }
    return lists.isEmpty() ? List.of(range) : Intervals.intersection(lists);
  }

  /** Returns whether a device has a filter. */
  public boolean hasFilters() {
    for (DatasetDevice device : devices.values()) {
      if (!device.config().filters().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the configured conditions, null for every trial. */
  private List<TrialCondition> findConditions(DatasetConfig config) {
    ModalityConfig modality = config.modalities().get(lead);
    if (modality.validCondition() == null && !devices.get(lead).isScreen()) {
      for (DatasetDevice device : devices.values()) {
        if (device.isScreen() && device.config().validCondition() != null) {
          modality = device.config();
          break;
        }
      }
    }
    if (modality.validCondition() == null) {
      return null;
    }
    List<TrialCondition> conditions = new ArrayList<>(modality.validCondition());
    if (modality.includeBlanks()) {
      conditions.add(TrialCondition.of("tier", "blank"));
    }
    if (trials == null) {
      LOG.log(
          Level.WARNING,
          "valid_condition of {0} is not applied: {1} has no screen, and the lead device no trial metadata",
          lead,
          root);
      return null;
    }
    return conditions;
  }

  /**
   * Returns which points of the grid lie in trials that satisfy the conditions.
   *
   * @param conditions null: every trial
   * @param filtered whether they must lie in the filters' valid intervals too
   */
  public boolean[] mask(List<TrialCondition> conditions, boolean filtered) {
    boolean[] mask = emptyMask();
    if (trials == null) {
      Arrays.fill(mask, true);
    } else {
      boolean[] meets = conditions == null ? null : trials.match(conditions);
      for (int k = 0; k < trials.count(); k++) {
        if (meets == null || meets[k]) {
          SampleMasks.set(mask, grid, trials.start(k), trials.end(k));
        }
      }
    }
    if (filtered && hasFilters()) {
      boolean[] usable = emptyMask();
      for (TimeInterval interval : filterIntervals) {
        SampleMasks.set(usable, grid, interval.start(), interval.end());
      }
      SampleMasks.and(mask, usable);
    }
    return mask;
  }

  private boolean[] emptyMask() {
    try {
      return new boolean[grid.length()];
    } catch (OutOfMemoryError e) {
      throw DatasetSettings.wrong(
          "modality_config." + lead + ".sampling_rate",
          "gives a sample grid of "
              + grid.length()
              + " points, more than the heap has room for; choose a lower rate or a larger heap");
    }
  }

  /**
   * Returns the valid starts, ascending, without those of short chunks where the configuration
   * skips them.
   *
   * @param filtered whether filters count
   */
  public DoubleList find(boolean filtered) {
    boolean[] mask = SampleMasks.forNext(mask(conditions, filtered), leadSamples);
    DoubleList found = SampleMasks.starts(mask, grid, leadSamples);
    if (skipShort) {
      int[] whole = wholeChunks(found);
      return found.range(whole[0], whole[1]);
    }
    return found;
  }

  /**
   * Returns which of ascending starts have a value for every sample of every device: from, to
   * (excluded).
   */
  private int[] wholeChunks(DoubleList ascending) {
    int from = 0;
    int to = ascending.length();
    for (DatasetDevice device : devices.values()) {
      Coverage coverage = device.interpolator().coverage();
      ChunkClock clock = device.clock();
      // the times of a chunk ascend with its start, so that those with too early or too late
      // samples lie at the ends
      int low = from;
      int high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (coverage.notBefore(clock.snap(clock.time(ascending.at(middle), 0)))) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      from = low;
      high = to;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (coverage.notAfter(clock.snap(clock.time(ascending.at(middle), clock.count() - 1)))) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      to = low;
    }
    return new int[] {from, to};
  }

  /** Logs how many of the starts have a short chunk, which raises an error when it is read. */
  public void reportShort(DoubleList starts) {
    if (skipShort || starts.length() == 0) {
      return;
    }
    int[] whole = wholeChunks(starts);
    int missing = starts.length() - (whole[1] - whole[0]);
    if (missing > 0) {
      LOG.log(
          Level.WARNING,
          "{0} of {1} chunks of {2} reach past a device''s range and raise an error when read; short_chunks: skip leaves"
              + " them out",
          missing,
          starts.length(),
          root);
    }
  }
}
