/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.device.support.FileChecks;
import org.syncline.device.support.TimeUnits;
import org.syncline.device.support.UsualSteps;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.storage.NpyElements;

/**
 * Compares what a sequence with a rate says of its times: the rate with the number of rows between
 * start and end, and with the times in a {@code timestamps.npy} beside it, of which some elements
 * are read. Cheap enough for every opening.
 */
final class SequenceClock {
  /** Seconds that values may be off before opening says so, where that is more than a sample. */
  private static final double NOTICED_SECONDS = 0.01;

  /** Seconds that values are off where the times are wrong and not merely odd. */
  private static final double WRONG_SECONDS = 0.1;

  /** Stretches of timestamps.npy whose ends are compared with the rate. */
  private static final int STRETCHES = 8;

  private final SequenceMeta meta;
  private final long rows;
  private final int columns;
  private final Problems problems;

  private SequenceClock(SequenceMeta meta, long rows, int columns, Problems problems) {
    this.meta = meta;
    this.rows = rows;
    this.columns = columns;
    this.problems = problems;
  }

  /**
   * Adds what is wrong with the clock of a sequence; nothing for one without a rate.
   *
   * @param rows stored rows
   * @param columns stored columns
   * @param thorough whether to mention what does no harm, too
   */
  static void check(
      SequenceMeta meta, long rows, int columns, boolean thorough, Problems problems) {
    if (!meta.irregular()) {
      SequenceClock clock = new SequenceClock(meta, rows, columns, problems);
      clock.rate(thorough);
      clock.ownTimes();
    }
  }

  /**
   * Compares the times of a sequence without a rate with the range that meta.yml declares; nothing
   * where it declares none.
   *
   * @param n stored times, ascending
   * @param time gives a time in seconds by its row
   */
  static void range(SequenceMeta meta, int n, IntToDoubleFunction time, Problems problems) {
    if (n < 2 || !meta.timesDeclared() || !meta.hasFiniteTimes()) {
      return;
    }
    double first = time.applyAsDouble(0);
    double last = time.applyAsDouble(n - 1);
    double off = Math.max(Math.abs(first - meta.startTime()), Math.abs(last - meta.endTime()));
    if (!(off > Math.max(1.5 * (last - first) / (n - 1), NOTICED_SECONDS))) {
      return;
    }
    double longest = 0;
    for (int i = 1; i < n; i++) {
      longest = Math.max(longest, time.applyAsDouble(i) - time.applyAsDouble(i - 1));
    }
    // a recording may begin and end in a pause between samples; samples past its range are lost
    double past = Math.max(meta.startTime() - first, last - meta.endTime());
    double usual = UsualSteps.usual(n, time);
    if (off <= 1.5 * longest && past <= Math.max(1.5 * usual, NOTICED_SECONDS)) {
      return;
    }
    double length = meta.endTime() - meta.startTime();
    // by the usual step, for one gap makes no other unit
    String unit = TimeUnits.of(usual * (n - 1) / length, (n - 1) / length);
    String found = first + " to " + last + (unit == null ? "" : ", which looks like " + unit);
    String expected =
        "seconds from "
            + meta.startTime()
            + " to "
            + meta.endTime()
            + ", as start_time and end_time of meta.yml say";
    if (off > WRONG_SECONDS) {
      String advice =
          "rows are read by these times, from start_time to end_time alone: correct the times, or leave"
              + " both keys out";
      problems.error(meta.timestampsFile(), "values", found, expected, advice);
    } else {
      problems.warning(meta.timestampsFile(), "values", found, expected, "rows are read by these");
    }
  }

  /**
   * Adds a warning for the longest gap in the times of a sequence without a rate whose steps are
   * even but for a few: no values were stored there, and the one before counts until the next.
   *
   * @param n stored times, ascending
   * @param time gives a time in seconds by its row
   */
  static void gaps(Path file, int n, IntToDoubleFunction time, Problems problems) {
    double least = UsualSteps.leastGap(n, time);
    if (Double.isInfinite(least)) {
      return;
    }
    int count = 0;
    int longest = 0;
    double most = 0;
    double before = time.applyAsDouble(0);
    for (int i = 1; i < n; i++) {
      double t = time.applyAsDouble(i);
      double step = t - before;
      if (step > least) {
        count++;
        if (step > most) {
          most = step;
          longest = i;
        }
      }
      before = t;
    }
    if (count > 0) {
      problems.warning(
          file,
          "element " + longest,
          String.format(
              Locale.ROOT,
              "a gap of %.6g s after %s s%s",
              most,
              time.applyAsDouble(longest - 1),
              count == 1 ? "" : ", and " + (count - 1) + " more"),
          String.format(Locale.ROOT, "steps of about %.6g s", UsualSteps.usual(n, time)),
          "values are held or blended across it; interpolation.max_gap leaves such times out");
    }
  }

  /** Compares the declared rate with (n - 1) / (end - start). */
  private void rate(boolean thorough) {
    double length = meta.endTime() - meta.startTime();
    if (rows < 2 || !(length > 0) || Double.isInfinite(length)) {
      return;
    }
    double rate = meta.samplingRate();
    double expected = (rows - 1) / length;
    double off = Math.abs(length * rate - (rows - 1));
    if (off <= 0.5 || off <= 1.5 && !thorough) {
      return;
    }
    Path file = meta.folder().resolve("meta.yml");
    String found = String.valueOf(rate);
    String wanted =
        String.format(
            Locale.ROOT,
            "%.9g Hz = (%d - 1) / (%s - %s)",
            expected,
            rows,
            meta.endTime(),
            meta.startTime());
    if (off <= 1.5) {
      problems.warning(
          file, "sampling_rate", found, wanted, "start, end and number of samples are one apart");
    } else if (Math.abs(rate / expected - 1) <= 0.001) {
      if (thorough || off / rate > WRONG_SECONDS) {
        problems.warning(
            file, "sampling_rate", found, wanted, "values drift against the declared range");
      }
    } else if (Math.abs(rate * expected - 1) < 0.05 && Math.abs(rate / expected - 1) > 0.1) {
      problems.error(
          file,
          "sampling_rate",
          found,
          wanted,
          "it looks like the period in seconds instead of the rate");
    } else if (Math.abs(length * rate - (columns - 1)) <= 1.5) {
      problems.error(
          file,
          "sampling_rate",
          found,
          wanted,
          "the "
              + columns
              + " columns would fit: the array looks transposed, expected (samples, signals)");
    } else {
      problems.error(
          file, "sampling_rate", found, wanted, "rate, times or number of samples are wrong");
    }
  }

  /** Compares the times beside a rate with it. */
  private void ownTimes() {
    Path file = meta.timestampsFile();
    if (!new FileChecks(problems).isThere(file)) {
      return;
    }
    try (NpyElements times = NpyElements.open(file)) {
      long n = times.header().elements();
      if (!Statistics.fits(times.header().shape(), n)) {
        odd(file, "shape", times.header().shapeText(), "one axis: one time a row");
        return;
      }
      if (n != rows) {
        odd(file, "length", n + " times", "one for each of " + rows + " rows");
      }
      if (Math.abs(n - rows) <= 1 && Math.min(n, rows) >= 2 && Double.isFinite(meta.startTime())) {
        compare(file, times, Math.min(n, rows));
      }
    } catch (RecordingException e) {
      odd(file, e.key(), e.found(), e.expected());
    }
  }

  private void odd(Path file, String key, String found, String expected) {
    problems.warning(
        file, key, found, expected, "the file is not needed: rows are read by sampling_rate");
  }

  private void compare(Path file, NpyElements times, long n) {
    double rate = meta.samplingRate();
    long[] places = new long[(int) Math.min(STRETCHES, n - 1) + 1];
    Arrays.setAll(places, k -> (n - 1) * k / (places.length - 1));
    double first = times.get(0);
    double largest = Math.abs(first);
    double[] off = new double[places.length];
    double most = 0;
    int jump = 1;
    for (int k = 0; k < places.length; k++) {
      double t = times.get(places[k]);
      off[k] = t - first - places[k] / rate;
      largest = Math.max(largest, Math.abs(t));
      most = Math.max(most, Math.abs(off[k]));
      if (k > 1 && Math.abs(off[k] - off[k - 1]) > Math.abs(off[jump] - off[jump - 1])) {
        jump = k;
      }
    }
    if (!Double.isFinite(most)) {
      odd(file, "values", "times that are not finite", "finite seconds");
      return;
    }
    double last = times.get(n - 1);
    String unit = TimeUnits.of((last - first) / ((n - 1) / rate), rate);
    if (unit != null) {
      odd(file, "values", first + " to " + last + ", which looks like " + unit, "seconds");
      return;
    }
    double exact =
        times.header().dtype().type() == ElementType.FLOAT32 ? Math.ulp((float) largest) : 0;
    double noticed = Math.max(Math.max(1.5 / rate, NOTICED_SECONDS), exact);
    double wrong = Math.max(Math.max(1.5 / rate, WRONG_SECONDS), exact);
    if (most > noticed) {
      rateAgainst(file, times, places[jump - 1], places[jump], most, most > wrong);
    } else if (Math.abs(first - meta.startTime()) > noticed) {
      String found = "a first time of " + first;
      String expected = meta.startTime() + ", the start_time of meta.yml";
      // times that begin at 0 count from the start
      if (Math.abs(first) <= 1 || Math.abs(first - meta.startTime()) <= wrong) {
        odd(file, "element 0", found, expected);
      } else {
        problems.error(file, "element 0", found, expected, "start_time or the times are wrong");
      }
    }
  }

  /** Says where times and rate part: at a gap between two samples, or bit by bit. */
  private void rateAgainst(
      Path file, NpyElements times, long from, long to, double most, boolean wrong) {
    double period = 1 / meta.samplingRate();
    long low = from;
    long high = to;
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      double before = times.get(middle) - times.get(low) - (middle - low) * period;
      double after = times.get(high) - times.get(middle) - (high - middle) * period;
      if (Math.abs(before) > Math.abs(after)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    double step = times.get(high) - times.get(low);
    boolean gap = Math.abs(step - period) > most / 2;
    String key = gap ? "element " + high : "values";
    String found =
        gap
            ? String.format(Locale.ROOT, "a step of %.6g s from %s s", step, times.get(low))
            : String.format(Locale.ROOT, "times that part from the rate by %.3g s", most);
    String expected =
        String.format(
            Locale.ROOT, "steps of %.6g s, as sampling_rate = %s Hz has them", period, 1 / period);
    String advice =
        "rows are read by sampling_rate, so that values come from other times than these; leave"
            + " sampling_rate out to have them read by timestamps.npy";
    if (wrong) {
      problems.error(file, key, found, expected, advice);
    } else {
      problems.warning(file, key, found, expected, advice);
    }
  }
}
