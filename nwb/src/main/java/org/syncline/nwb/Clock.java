/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.syncline.device.support.CoarseTimes;
import org.syncline.error.RecordingException;

/**
 * When the samples of a series were taken, in seconds from the file's reference time.
 *
 * @param samples how many there are, after repairs
 * @param start time of the first sample
 * @param end time of the last one
 * @param rate Hz where the clock is regular, else NaN
 * @param times float64 times of the samples, in memory of the arena given; null where the file says
 *     a rate
 * @param rows the place of each stored row, -1 for one that is left out; null: all stay
 * @param notes what was found and done
 */
record Clock(
    long samples,
    double start,
    double end,
    double rate,
    MemorySegment times,
    int[] rows,
    List<String> notes) {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

  /** Rows of a clock whose missing steps are filled, for each row that there is. */
  private static final int MOST_FILLED = 16;

  /** Rows whose places can be numbered. */
  private static final int MOST_ROWS = Integer.MAX_VALUE - 8;

  boolean isRegular() {
    return rate == rate;
  }

  double timeOf(long sample) {
    return times != null ? times.get(DOUBLE, 8 * sample) : start + sample / rate;
  }

  /** Returns one value a sample that stays, in the order of the times. */
  double[] inOrder(double[] stored) {
    if (rows == null) {
      return stored;
    }
    double[] kept = new double[(int) samples];
    for (int row = 0; row < rows.length; row++) {
      if (rows[row] >= 0) {
        kept[rows[row]] = stored[row];
      }
    }
    return kept;
  }

  /**
   * Returns the regular clock of which this one lacks whole steps, with the place of each row on
   * it: every time lies within the tolerance of its step. This clock, with a note that says why,
   * where there is none.
   *
   * @param stored rows of the file
   * @param tolerance share of the period by which times may be off
   */
  Clock filled(long stored, double tolerance) {
    if (isRegular() || samples < 3 || stored > MOST_ROWS) {
      return this;
    }
    int n = (int) samples;
    double[] steps = new double[n - 1];
    for (int i = 1; i < n; i++) {
      steps[i - 1] = timeOf(i) - timeOf(i - 1);
    }
    Arrays.sort(steps);
    double period = steps[steps.length / 2];
    double last = 0;
    // the median knows the period from one step alone: with each further time it becomes surer
    for (int i = 1; i < n && last >= 0; i++) {
      double step = Math.rint((timeOf(i) - start) / period);
      last = step > last ? step : -1;
      period = last > 0 && step >= 16 ? (timeOf(i) - start) / step : period;
    }
    String refused = null;
    if (last < 0) {
      refused = "times lie between the steps of " + hertz(period);
    } else if (last + 1 > MOST_FILLED * (double) n || last + 1 > MOST_ROWS) {
      refused = (long) (last + 1 - n) + " steps of " + hertz(period) + " are missing, too many";
    }
    int[] places = new int[refused == null ? n : 0];
    period = (end - start) / Math.max(1, last);
    for (int i = 0; i < places.length && refused == null; i++) {
      double step = Math.rint((timeOf(i) - start) / period);
      double off = Math.abs(timeOf(i) - (start + step * period));
      places[i] = (int) step;
      if (!(off < tolerance * period) || i > 0 && places[i] <= places[i - 1]) {
        refused =
            String.format(Locale.ROOT, "a time lies %.3g s from a step of %s", off, hertz(period));
      }
    }
    if (refused != null) {
      notes.add(Repair.FILL_GAPS.word() + ": not done, " + refused);
      return this;
    }
    int[] all = new int[(int) stored];
    for (int row = 0; row < all.length; row++) {
      int place = rows == null ? row : rows[row];
      all[row] = place < 0 ? -1 : places[place];
    }
    long whole = (long) last + 1;
    notes.add(
        Repair.FILL_GAPS.word() + ": " + (whole - n) + " of " + whole + " steps were missing");
    return new Clock(whole, start, end, 1 / period, null, all, notes);
  }

  private static String hertz(double period) {
    return String.format(Locale.ROOT, "%.6g Hz", 1 / period);
  }

  String describe() {
    String span = String.format(Locale.ROOT, "%.6g to %.6g s", start, end);
    return isRegular()
        ? String.format(Locale.ROOT, "%.9g Hz, %s", rate, span)
        : "its own times, " + span;
  }

  /** How many times a series has, without reading them: -1 where it has a rate instead. */
  static long stamps(H5Node series) {
    H5Node times = timestamps(series);
    return times == null ? -1 : Stored.of(times).elements();
  }

  /** Returns the dataset of a series' times, also where the link is to another series. */
  private static H5Node timestamps(H5Node series) {
    H5Node node = series.child("timestamps");
    if (node == null) {
      return null;
    }
    if (node.isBroken()) {
      return series.dataset("timestamps");
    }
    return node.isGroup() ? timestamps(node) : node;
  }

  /**
   * Reads a series' clock.
   *
   * @param rows samples that the series has
   * @param rateAsked Hz that the user gives, or NaN
   * @param tolerance share of the period by which times of a regular clock may be off
   * @param arena gets the times
   * @throws RecordingException for a clock that needs a repair that was not asked for
   */
  static Clock of(
      H5Node series,
      long rows,
      double rateAsked,
      double tolerance,
      Set<Repair> repairs,
      Arena arena) {
    H5Node timestamps = timestamps(series);
    if (timestamps != null) {
      Clock own = new Reading(series, repairs, tolerance, arena).times(timestamps, rows);
      if (rateAsked == rateAsked) {
        throw series.error(
            "timestamps",
            "a time of each sample",
            "no time, since a rate was given",
            "leave the rate of this series out");
      }
      return own;
    }
    return declared(series, rows, rateAsked, repairs);
  }

  private static Clock declared(H5Node series, long rows, double rateAsked, Set<Repair> repairs) {
    H5Node starting = series.dataset("starting_time");
    if (starting == null) {
      H5Node other = series.child("starting_time");
      if (other == null) {
        throw series.error(
            null, "neither timestamps nor starting_time", "one of them", "leave it out");
      }
    }
    List<String> notes = new ArrayList<>();
    Seconds.check(starting, notes);
    double start = starting.doubles()[0];
    if (!Double.isFinite(start)) {
      if (!repairs.contains(Repair.ZERO_START)) {
        throw series.error(
            "starting_time", String.valueOf(start), "finite seconds", Repair.ZERO_START.advice());
      }
      notes.add(Repair.ZERO_START.word() + ": starting_time was " + start);
      start = 0;
    }
    double rate = starting.number("rate", Double.NaN);
    if (rateAsked == rateAsked) {
      notes.add("rate given by the user: " + rateAsked + " Hz, the file says " + rate);
      rate = rateAsked;
    } else if (!(rate > 0) || Double.isInfinite(rate)) {
      throw series.error(
          "starting_time@rate",
          String.valueOf(rate),
          "a positive number of Hz",
          "give the rate of this series");
    } else {
      inverted(series, rate);
    }
    double end = rows == 0 ? start : start + (rows - 1) / rate;
    return new Clock(rows, start, end, rate, null, null, notes);
  }

  /** Returns the rate of a series' imaging plane in Hz, NaN where the file says none. */
  private static double imagingRate(H5Node series) {
    H5Node plane = plane(series);
    H5Node imaging = plane == null ? null : plane.child("imaging_rate");
    double[] value = imaging == null || !imaging.isDataset() ? new double[0] : imaging.doubles();
    return value.length == 1 ? value[0] : Double.NaN;
  }

  /** Refuses a period that stands in the place of a rate, where the file itself tells. */
  private static void inverted(H5Node series, double rate) {
    double imaging = imagingRate(series);
    if (rate < 1 && imaging > 1 && Math.abs(rate * imaging - 1) < 0.1) {
      throw series.error(
          "starting_time@rate",
          rate + ", the period of the " + imaging + " Hz that its imaging plane says",
          "the rate in Hz",
          "give the rate of this series: " + imaging);
    }
  }

  /** Refuses times in another unit than seconds, where the file itself tells. */
  private static void scaled(H5Node series, double rate) {
    double imaging = imagingRate(series);
    if (!(imaging > 0)) {
      return;
    }
    String unit = null;
    for (double many : new double[] {1e3, 1e6, 1e9}) {
      if (Math.abs(rate * many / imaging - 1) < 0.1) {
        unit = many == 1e3 ? "milliseconds" : many == 1e6 ? "microseconds" : "nanoseconds";
      }
    }
    // one for each sample, of a plane that is not read once a second
    if (rate == 1 && Math.abs(imaging - 1) > 0.1) {
      unit = "numbers of samples";
    }
    if (unit != null) {
      throw series.error(
          "timestamps",
          String.format(
              Locale.ROOT,
              "a clock of %.6g Hz where its imaging plane says %.6g Hz: times are %s",
              rate,
              imaging,
              unit),
          "seconds",
          "correct the times or imaging_rate");
    }
  }

  private static H5Node plane(H5Node series) {
    H5Node direct = series.child("imaging_plane");
    if (direct != null) {
      return direct.isBroken() ? null : direct;
    }
    H5Node rois = series.child("rois");
    H5Node table = rois == null || rois.isBroken() ? null : rois.reference("table");
    H5Node plane = table == null ? null : table.child("imaging_plane");
    return plane == null || plane.isBroken() ? null : plane;
  }

  /** The state of reading the times of one series. */
  private static final class Reading {
    private final H5Node series;
    private final Set<Repair> repairs;
    private final double tolerance;
    private final Arena arena;
    private final List<String> notes = new ArrayList<>();
    private double rounding;

    Reading(H5Node series, Set<Repair> repairs, double tolerance, Arena arena) {
      this.series = series;
      this.repairs = repairs;
      this.tolerance = tolerance;
      this.arena = arena;
    }

    Clock times(H5Node node, long rows) {
      Seconds.check(node, notes);
      long[] shape = node.shape();
      Stored stored = Stored.of(node);
      long n = stored.elements();
      long longest = Arrays.stream(shape).max().orElse(1);
      if (shape.length > 1 && longest != n) {
        throw series.error(
            "timestamps",
            "shape " + Arrays.toString(shape),
            "one time a sample",
            "two rows may be starts and ends, or seconds and samples: keep one in the file");
      }
      if (shape.length > 1) {
        notes.add("timestamps of shape " + Arrays.toString(shape) + " taken as one axis");
      }
      if (node.link() != null) {
        notes.add("times are those of " + node.link());
      }
      double interval = node.number("interval", 1);
      if (interval != 1) {
        // times of some samples alone must not be paired with the first ones
        if (n != rows) {
          throw series.error(
              "timestamps@interval",
              interval + ", with " + n + " times of " + rows + " samples",
              "1: a time for each sample",
              "write the times of the samples between, or a rate");
        }
        notes.add("timestamps@interval is " + interval + ", and there is a time for each sample");
      }
      if (n != rows) {
        wanted(
            Repair.CUT_TO_SHORTEST,
            "timestamps",
            n + " times of " + rows + " samples",
            "one time a sample");
      }
      long kept = Math.min(n, rows);
      MemorySegment all = ArrayReader.doubles(node, stored, arena);
      double largest = 0;
      for (long i = 0; i < kept; i++) {
        double t = Math.abs(all.get(DOUBLE, 8 * i));
        largest = t < Double.POSITIVE_INFINITY && t > largest ? t : largest;
      }
      Seconds.notCoarse(node, largest, repairs, notes);
      rounding = CoarseTimes.step(Seconds.type(node), largest);
      if (rounding > 0 && kept == rows && repairs.contains(Repair.COARSE_TIMES)) {
        Clock even = beforeRounding(all, kept);
        if (even != null) {
          return even;
        }
      }
      boolean odd = false;
      boolean repeated = false;
      boolean back = false;
      double before = Double.NEGATIVE_INFINITY;
      for (long i = 0; i < kept; i++) {
        double t = all.get(DOUBLE, 8 * i);
        if (!Double.isFinite(t)) {
          odd = true;
        } else {
          repeated |= t == before;
          back |= t < before;
          before = t;
        }
      }
      int[] order = null;
      if (odd || back || repeated || kept != rows) {
        order = order(all, kept, rows, odd, back);
        MemorySegment sorted = arena.allocate(Math.max(8, 8L * order.length), 8);
        for (int i = 0; i < order.length; i++) {
          sorted.set(DOUBLE, 8L * i, all.get(DOUBLE, 8L * order[i]));
        }
        all = sorted;
        kept = order.length;
      }
      if (kept == 0) {
        throw series.error("timestamps", "no usable time", "one time a sample", "leave it out");
      }
      int[] places = null;
      if (order != null) {
        places = new int[Math.toIntExact(rows)];
        Arrays.fill(places, -1);
        for (int i = 0; i < order.length; i++) {
          places[order[i]] = i;
        }
      }
      return clock(all, kept, places);
    }

    /**
     * Returns the clock of constant rate from which rounding makes these times, or null: the line
     * of least squares, from which each time lies as far as it may before and half a step more.
     */
    private Clock beforeRounding(MemorySegment all, long n) {
      double first = all.get(DOUBLE, 0);
      double middle = (n - 1) / 2.0;
      double sum = 0;
      double slope = 0;
      double squares = 0;
      for (long i = 0; i < n; i++) {
        double t = all.get(DOUBLE, 8 * i) - first;
        sum += t;
        slope += (i - middle) * t;
        squares += (i - middle) * (i - middle);
      }
      double period = slope / squares;
      if (!(period > 0)) {
        return null;
      }
      double start = first + sum / n - middle * period;
      for (long i = 0; i < n; i++) {
        double off = Math.abs(all.get(DOUBLE, 8 * i) - (start + i * period));
        if (!(off <= rounding / 2 + tolerance * period)) {
          return null;
        }
      }
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: %.9g Hz, from %d times with steps of %.3g s",
              Repair.COARSE_TIMES.word(),
              1 / period,
              n,
              rounding));
      return new Clock(n, start, start + (n - 1) * period, 1 / period, null, null, notes);
    }

    /** Returns the numbers of the samples that stay, in the order of their times. */
    private int[] order(MemorySegment all, long kept, long rows, boolean odd, boolean back) {
      if (rows > Integer.MAX_VALUE - 8) {
        throw series.error(
            "timestamps", rows + " samples that need a repair", "fewer than 2^31", null);
      }
      int[] order = IntStream.range(0, (int) kept).toArray();
      if (odd) {
        long first =
            Arrays.stream(order)
                .filter(i -> !Double.isFinite(all.get(DOUBLE, 8L * i)))
                .findFirst()
                .orElseThrow();
        int[] finite =
            Arrays.stream(order).filter(i -> Double.isFinite(all.get(DOUBLE, 8L * i))).toArray();
        wanted(
            Repair.DROP_NAN_TIMES,
            "timestamps",
            order.length - finite.length + " NaN or infinite, the first at index " + first,
            "finite seconds");
        order = finite;
      }
      if (back) {
        int at = 1;
        while (all.get(DOUBLE, 8L * order[at]) >= all.get(DOUBLE, 8L * order[at - 1])) {
          at++;
        }
        wanted(
            Repair.SORT_TIMES,
            "timestamps",
            "a step back at index "
                + order[at]
                + ", from "
                + all.get(DOUBLE, 8L * order[at - 1])
                + " to "
                + all.get(DOUBLE, 8L * order[at]),
            "ascending times");
        order =
            Arrays.stream(order)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> all.get(DOUBLE, 8L * i)))
                .mapToInt(i -> i)
                .toArray();
      }
      int[] sorted = order;
      int[] once =
          IntStream.range(0, sorted.length)
              .filter(
                  i ->
                      i == 0
                          || all.get(DOUBLE, 8L * sorted[i]) != all.get(DOUBLE, 8L * sorted[i - 1]))
              .map(i -> sorted[i])
              .toArray();
      if (once.length != sorted.length) {
        wanted(
            Repair.DROP_REPEATED_TIMES,
            "timestamps",
            sorted.length - once.length + " times that stand there twice",
            "ascending times");
        order = once;
      }
      return order;
    }

    private void wanted(Repair repair, String key, String found, String expected) {
      if (!repairs.contains(repair)) {
        throw series.error(key, found, expected, repair.advice());
      }
      notes.add(repair.word() + ": " + found);
    }

    private Clock clock(MemorySegment times, long n, int[] places) {
      double start = times.get(DOUBLE, 0);
      double end = times.get(DOUBLE, 8 * (n - 1));
      double rate = Double.NaN;
      if (n > 1) {
        double period = (end - start) / (n - 1);
        scaled(series, 1 / period);
        double most = 0;
        for (long i = 0; i < n; i++) {
          most = Math.max(most, Math.abs(times.get(DOUBLE, 8 * i) - (start + i * period)));
        }
        if (most < tolerance * period) {
          rate = 1 / period;
        } else {
          notes.add(
              String.format(
                      Locale.ROOT,
                      "not regular: a time lies %.3g s from a clock of %.6g Hz",
                      most,
                      1 / period)
                  // the ends of the clock are rounded as well
                  + (rounding == 0 || most > 1.5 * rounding
                      ? ""
                      : String.format(
                          Locale.ROOT,
                          "; their type has steps of %.3g s, and the repair %s finds the rate",
                          rounding,
                          Repair.COARSE_TIMES.word())));
        }
      }
      return new Clock(n, start, end, rate, times, places, notes);
    }
  }
}
