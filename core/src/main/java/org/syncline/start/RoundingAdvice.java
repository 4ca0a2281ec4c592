/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.List;
import java.util.Map;
import org.syncline.clock.ChunkClock;
import org.syncline.clock.DoubleList;
import org.syncline.clock.SampleGrid;
import org.syncline.dataset.DatasetDevice;
import org.syncline.dataset.DatasetSettings;
import org.syncline.error.ConfigException;
import org.syncline.text.Printable;

/**
 * What rounding does to the samples of a dataset on the original's grid of times: periods that
 * become others, and samples that come twice or not at all.
 */
final class RoundingAdvice {
  /** Share of a period by which rounding may change it without a word: a sample in a hundred. */
  private static final double MOST_ROUNDING = 0.01;

  /** Samples by which a chunk of one device may end later than that of another. */
  private static final double MOST_DRIFT = 0.5;

  /**
   * Share of steps that may repeat or leave out a sample without a word. At 30 Hz one of each chunk
   * of 30 frames or more does, in every program with the original's defaults, as docs/experanto.md
   * says: a warning of all would be read by none.
   */
  private static final double MOST_ODD = 0.04;

  /** The part of these that may be there without rounding, too, where rounding is to blame. */
  private static final double UNROUNDED = 0.25;

  /** Samples of a device that are looked at, of how many chunks, and of each in a row. */
  private static final int LOOKED_AT = 256;

  private static final int FEWEST_CHUNKS = 4;
  private static final int MOST_CHUNKS = 24;

  /** Whole chunks of the defaults: their one step must not look like two. */
  private static final int MOST_SAMPLES = 64;

  /** Spreads places evenly without a period, which might be that of the rounding. */
  private static final double GOLDEN = 0.6180339887498949;

  private final SampleGrid grid;
  private final DoubleList starts;
  private final Map<String, DatasetDevice> devices;
  private final DatasetSettings settings;
  private final int decimals;

  /**
   * @param grid a rounded one
   * @param starts of chunks
   * @param decimals that times have
   */
  RoundingAdvice(
      SampleGrid grid,
      DoubleList starts,
      Map<String, DatasetDevice> devices,
      DatasetSettings settings,
      int decimals) {
    this.grid = grid;
    this.starts = starts;
    this.devices = devices;
    this.settings = settings;
    this.decimals = decimals;
  }

  /** Adds a sentence for each device whose period is another, and one of samples. */
  void addTo(List<String> advice) {
    String odd = "";
    for (DatasetDevice device : devices.values()) {
      period(device, advice);
      double share = oddShare(device);
      if (share > MOST_ODD) {
        odd += (odd.isEmpty() ? "" : ", ") + percent(share) + " of " + device.name();
      }
    }
    if (!odd.isEmpty()) {
      advice.add(
          "time_grid: rounded puts times to both sides of stored samples, so that steps repeat or"
              + " leave out a sample: "
              + odd
              + "; give time_grid: exact");
    }
  }

  private static String percent(double share) {
    return Math.round(100 * share) + " %";
  }

  private void period(DatasetDevice device, List<String> advice) {
    double rate = settings.samplingRates().get(device.name());
    if (device.clock().count() < 2) {
      return;
    }
    if (Math.abs(speed(rate) - 1) > MOST_ROUNDING) {
      advice.add(
          changed(device, rate)
              + "a chunk spans "
              + Math.round(100 * speed(rate))
              + " % of its time; give time_grid: exact, or more decimals");
      return;
    }
    for (DatasetDevice other : devices.values()) {
      double otherRate = settings.samplingRates().get(other.name());
      double common = Math.min(length(device, rate), length(other, otherRate));
      double drift = (speed(rate) - speed(otherRate)) * common;
      // the one whose period changed the more is to blame
      boolean own = Math.abs(speed(rate) - 1) >= Math.abs(speed(otherRate) - 1);
      if (own && Math.abs(drift) * rate > MOST_DRIFT) {
        advice.add(
            changed(device, rate)
                + "after "
                + Printable.digits(Math.rint(common * 1000) / 1000)
                + " s of a chunk its samples lie "
                + Printable.digits(Math.rint(Math.abs(drift) * rate * 10) / 10)
                + " of their periods too "
                + (drift > 0 ? "late" : "early")
                + " beside those of "
                + other.name()
                + "; give time_grid: exact, or more decimals");
        return;
      }
    }
  }

  private String changed(DatasetDevice device, double rate) {
    return "modality_config."
        + device.name()
        + ": interpolate_precision "
        + decimals
        + " makes its period of "
        + Printable.digits(1 / rate)
        + " s one of "
        + Printable.digits(rounded(rate))
        + " s, so that ";
  }

  /** Returns how much longer a period becomes by rounding, as a factor. */
  private double speed(double rate) {
    return rounded(rate) * rate;
  }

  private double rounded(double rate) {
    double scale = Math.pow(10, decimals);
    return Math.rint(scale / rate) / scale;
  }

  /** Returns the seconds from a chunk's first sample to its last. */
  private static double length(DatasetDevice device, double rate) {
    return (device.clock().count() - 1) / rate;
  }

  /** Returns the share of steps that repeat or leave out samples by rounding alone, or 0. */
  private double oddShare(DatasetDevice device) {
    int count = Math.min(device.clock().count(), MOST_SAMPLES);
    int chunks = Math.clamp(LOOKED_AT / count, FEWEST_CHUNKS, MOST_CHUNKS);
    chunks = Math.min(chunks, starts.length());
    if (count < 2 || chunks == 0 || sample(device, device.clock(), starts.at(0), 0) < 0) {
      return 0;
    }
    long[] steps = new long[chunks * (count - 1)];
    int n = steps(device, device.clock(), null, chunks, count, steps);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += steps[i];
    }
    // of 2.97 samples a step on the average 3 are meant, of 2.5 now 2 and now 3
    double usual = sum / n;
    double whole = Math.rint(usual);
    boolean even = whole > 0 && Math.abs(usual - whole) < 0.1;
    double least = even ? whole : Math.floor(usual);
    double most = even ? whole : Math.ceil(usual);
    double share = odd(steps, n, least, most);
    if (share <= MOST_ODD) {
      return 0;
    }
    SampleGrid.Exact exact;
    ChunkClock clock;
    try {
      exact =
          (SampleGrid.Exact)
              SampleGrid.exact(
                  grid.start(), grid.end(), settings.exactRate(settings.lead()), settings.lead());
      clock = device.exactClock(settings, exact);
    } catch (ConfigException e) {
      return 0; // there is no exact grid of such a rate
    }
    n = steps(device, clock, exact, chunks, count, steps);
    return odd(steps, n, least, most) > UNROUNDED * share ? 0 : share;
  }

  /**
   * Finds by how many stored samples each step goes on.
   *
   * @param exact the grid that counts, or null for the dataset's
   * @param steps receives them
   * @return how many there are
   */
  private int steps(
      DatasetDevice device,
      ChunkClock clock,
      SampleGrid.Exact exact,
      int chunks,
      int count,
      long[] steps) {
    int n = 0;
    for (int c = 0; c < chunks; c++) {
      double start = starts.at(place(c, starts.length()));
      if (exact != null) {
        start = exact.time(Math.max(0, grid.indexOf(start)));
      }
      int first = place(3 * c + 1, clock.count() - count + 1);
      long before = sample(device, clock, start, first);
      for (int k = 1; k < count; k++) {
        long at = sample(device, clock, start, first + k);
        if (before >= 0 && at >= 0) {
          steps[n++] = at - before;
        }
        before = at;
      }
    }
    return n;
  }

  /** Returns one of {@code n} places, another for each number. */
  private static int place(int number, int n) {
    double turns = number * GOLDEN;
    return (int) ((turns - Math.floor(turns)) * n);
  }

  private static long sample(DatasetDevice device, ChunkClock clock, double start, int k) {
    return device.interpolator().sampleAt(clock.snap(clock.time(start, k)));
  }

  private static double odd(long[] steps, int n, double least, double most) {
    int odd = 0;
    for (int i = 0; i < n; i++) {
      if (steps[i] < least || steps[i] > most) {
        odd++;
      }
    }
    return n == 0 ? 0 : (double) odd / n;
  }
}
