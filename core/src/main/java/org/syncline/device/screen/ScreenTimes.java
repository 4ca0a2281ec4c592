/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.syncline.device.Problems;
import org.syncline.device.support.CoarseTimes;
import org.syncline.device.support.TimeUnits;
import org.syncline.device.trials.TrialIndex;
import org.syncline.device.trials.TrialKind;
import org.syncline.text.Printable;

/**
 * Compares the times of a screen's frames with its trials, with the declared frame rate, and with
 * what seconds can be. Looks at some frames alone: cheap enough for every opening.
 */
final class ScreenTimes {
  /** Videos whose frames are looked at, and steps of each. */
  private static final int VIDEOS = 16;

  private static final int STEPS = 4;

  /** Seconds for which no frame of a video is shown, and no image either. */
  private static final double LONGEST_FRAME = 10;

  private static final double LONGEST_IMAGE = 3600;

  /** A step is a gap from this many usual ones, and this many seconds on. */
  private static final double GAP_STEPS = 100;

  private static final double GAP_SECONDS = 5;

  private static final int MOST_GAPS = 100;

  /** How far the median steps of videos of one rate may differ, and from where on rates do. */
  private static final double SAME_RATE = 0.1;

  private static final double OTHER_RATE = 1.5;

  /** The part of a usual step below which no frame follows another. */
  private static final double CLOSE = 4;

  /** Usual steps within a video from which on frames are missing, not one or two dropped. */
  private static final double WIDE = 5;

  /** Steps within videos from which on their share that may be 0 is judged. */
  private static final int SOME_STEPS = 20;

  private static final int MOST_ZEROS = 10;

  /** Seconds by which frames may lie outside the declared range, as of a sequence's rows. */
  private static final double NOTICED_SECONDS = 0.01;

  private static final double WRONG_SECONDS = 0.1;

  private final ScreenMeta meta;
  private final Path file;
  private final ScreenClock clock;
  private final TrialIndex trials;
  private final Problems problems;

  private ScreenTimes(ScreenMeta meta, ScreenClock clock, TrialIndex trials, Problems problems) {
    this.meta = meta;
    this.file = meta.timestampsFile();
    this.clock = clock;
    this.trials = trials;
    this.problems = problems;
  }

  /** Adds what is wrong with a clock. */
  static void check(ScreenMeta meta, ScreenClock clock, TrialIndex trials, Problems problems) {
    lengths(meta.timestampsFile(), clock.length(), trials, problems);
    if (clock.repeats() > 0) {
      repeats(meta.timestampsFile(), clock.length(), clock::timeOf, trials, problems);
    }
    range(meta, clock.length(), clock::timeOf, problems);
    if (clock.length() >= 2) {
      new ScreenTimes(meta, clock, trials, problems).steps();
    }
  }

  /** Compares the number of times with the frames of all trials. */
  static void lengths(Path file, int times, TrialIndex trials, Problems problems) {
    int frames = trials.totalFrames();
    if (times == frames || times == 0) {
      return;
    }
    String found = times + " times";
    String expected = frames + ", the frames of all trials";
    int off = Math.abs(times - frames);
    String more =
        times > frames
            ? off
                + (off == 1 ? " surplus pulse" : " surplus pulses")
                + ": frames past the last trial "
                + trials.key(trials.size() - 1)
                + " cannot be read"
            : off
                + (off == 1 ? " missing pulse" : " missing pulses")
                + ": trials from "
                + trials.key(trials.trialOfFrame(times))
                + " on lie past the clock";
    if (off == 1) {
      problems.warning(file, "length", found, expected, more);
    } else {
      problems.error(file, "length", found, expected, more);
    }
  }

  /** Adds an error where many frames of videos have the time of the one before. */
  static void repeats(
      Path file, int length, IntToDoubleFunction time, TrialIndex trials, Problems problems) {
    long steps = 0;
    long same = 0;
    for (int t = 0; t < trials.size(); t++) {
      int first = trials.firstFrame(t);
      int end = Math.min(first + trials.frames(t), length);
      for (int i = first + 1; i < end && trials.kind(t) == TrialKind.VIDEO; i++) {
        steps++;
        same += time.applyAsDouble(i) == time.applyAsDouble(i - 1) ? 1 : 0;
      }
    }
    if (steps >= SOME_STEPS && same * MOST_ZEROS > steps) {
      problems.error(
          file,
          "values",
          same + " of " + steps + " frames of videos have the time of the frame before",
          "a time for each frame",
          "of frames of one time the last alone is shown: were times rounded? Write them anew with all"
              + " digits");
    }
  }

  /**
   * Compares the times with the range that meta.yml declares, where it does: frames outside are as
   * wrong as rows of a sequence; of a range that is far longer than its frames it is said.
   */
  static void range(ScreenMeta meta, int n, IntToDoubleFunction time, Problems problems) {
    double length = meta.endTime() - meta.startTime();
    if (n < 2 || !meta.timesDeclared() || !Double.isFinite(length)) {
      return;
    }
    double first = time.applyAsDouble(0);
    double last = time.applyAsDouble(n - 1);
    double past = Math.max(meta.startTime() - first, last - meta.endTime());
    String found =
        "frames from " + Printable.digits(first) + " to " + Printable.digits(last) + " s";
    String expected =
        "seconds from "
            + meta.startTime()
            + " to "
            + meta.endTime()
            + ", as start_time and end_time of meta.yml say";
    if (past > Math.max(1.5 * (last - first) / (n - 1), NOTICED_SECONDS)) {
      String advice = "frames are shown by these times: correct meta.yml, or leave both keys out";
      if (past > WRONG_SECONDS) {
        problems.error(meta.timestampsFile(), "values", found, expected, advice);
      } else {
        problems.warning(meta.timestampsFile(), "values", found, expected, advice);
      }
    } else if (last - first < length / 2) {
      problems.warning(
          meta.timestampsFile(),
          "values",
          found,
          expected,
          "there are no frames in most of that range: is it another unit?");
    }
  }

  /**
   * Looks at the steps of all videos: for one that runs at another speed than all others, and for
   * pulses that follow too closely upon another.
   */
  static void videos(Path file, double[] times, TrialIndex trials, Problems problems) {
    double[] medians = new double[trials.size()];
    double[] sorted = new double[trials.size()];
    int n = 0;
    for (int t = 0; t < medians.length; t++) {
      medians[t] = medianStep(times, trials, t);
      if (!Double.isNaN(medians[t])) {
        sorted[n++] = medians[t];
      }
    }
    double usual = n == 0 ? Double.NaN : median(sorted, n);
    if (n >= 3 && agrees(sorted, n, usual)) {
      for (int t = 0; t < medians.length; t++) {
        if (isOff(medians[t], usual)) {
          problems.warning(
              file,
              "trial " + trials.key(t),
              String.format(Locale.ROOT, "steps of %.6g s from frame to frame", medians[t]),
              String.format(Locale.ROOT, "%.6g s, as in the other videos", usual),
              "is it of another rate, or are pulses missing or doubled?");
        }
      }
    }
    oddSteps(file, times, trials, medians, problems);
  }

  /** Returns the median step within a video; NaN for other trials. */
  private static double medianStep(double[] times, TrialIndex trials, int trial) {
    int first = trials.firstFrame(trial);
    int count = Math.min(trials.frames(trial), times.length - first) - 1;
    if (trials.kind(trial) != TrialKind.VIDEO || count < 2) {
      return Double.NaN;
    }
    double[] steps = new double[count];
    for (int s = 0; s < count; s++) {
      steps[s] = times[first + s + 1] - times[first + s];
    }
    return median(steps, count);
  }

  /**
   * Returns whether nearly all of some ascending steps are the usual one, so that others are odd.
   */
  private static boolean agrees(double[] steps, int count, double usual) {
    int off = 0;
    for (int i = 0; i < count; i++) {
      if (isOff(steps[i], usual)) {
        off++;
      } else if (Math.abs(steps[i] - usual) > SAME_RATE * usual) {
        return false;
      }
    }
    return off <= Math.max(1, count / 10);
  }

  private static boolean isOff(double step, double usual) {
    return step >= OTHER_RATE * usual || step * OTHER_RATE <= usual;
  }

  /** Steps within videos that are no usual ones, of which one is shown. */
  private static final class OddSteps {
    private int count;
    private int at;
    private int trial;

    void add(int frame, int ofTrial, boolean shown) {
      count++;
      at = shown ? frame : at;
      trial = shown ? ofTrial : trial;
    }

    void say(
        Path file, String found, TrialIndex trials, double[] usual, String why, Problems problems) {
      problems.warning(
          file,
          "element " + at,
          found + (count == 1 ? "" : ", and " + (count - 1) + " more such steps"),
          String.format(
              Locale.ROOT, "steps of about %.6g s in trial %s", usual[trial], trials.key(trial)),
          why);
    }
  }

  private static void oddSteps(
      Path file, double[] times, TrialIndex trials, double[] usual, Problems problems) {
    OddSteps close = new OddSteps();
    OddSteps wide = new OddSteps();
    for (int t = 0; t < usual.length; t++) {
      int last = Math.min(trials.firstFrame(t) + trials.frames(t), times.length) - 1;
      for (int i = trials.firstFrame(t); i < last && usual[t] > 0; i++) {
        double step = times[i + 1] - times[i];
        if (step > 0 && step < usual[t] / CLOSE) {
          close.add(i + 1, t, close.count == 0);
        } else if (step > WIDE * usual[t] && step < Math.max(GAP_STEPS * usual[t], GAP_SECONDS)) {
          // longer ones are gaps, which every opening says
          wide.add(i + 1, t, wide.count == 0 || step > times[wide.at] - times[wide.at - 1]);
        }
      }
    }
    if (close.count > 0) {
      close.say(
          file,
          Printable.digits(times[close.at])
              + " s after "
              + Printable.digits(times[close.at - 1])
              + " s",
          trials,
          usual,
          "is it a pulse too many? Then all later frames are one off",
          problems);
    }
    if (wide.count > 0) {
      wide.say(
          file,
          String.format(
              Locale.ROOT, "%.6g s after the frame before", times[wide.at] - times[wide.at - 1]),
          trials,
          usual,
          "the frame before counts as shown until then: did the display hang, or are frames missing?",
          problems);
    }
  }

  private void steps() {
    double ofVideos = videoStep();
    boolean video = !Double.isNaN(ofVideos);
    double usual = video ? ofVideos : usualStep();
    if (usual > (video ? LONGEST_FRAME : LONGEST_IMAGE)) {
      String unit = declaredUnit(usual);
      problems.error(
          file,
          "values",
          String.format(
              Locale.ROOT,
              "steps of %.6g from %s",
              usual,
              (video ? "frame to frame" : "image to image")),
          "seconds",
          "they look like " + unit + ": write the times in seconds");
      return;
    }
    double largest = Math.max(Math.abs(clock.valid().start()), Math.abs(clock.valid().end()));
    CoarseTimes.check(file, clock.type(), largest, problems);
    if (video && meta.frameRate() > 0) {
      frameRate(usual);
    }
    gaps(usual);
  }

  private String declaredUnit(double usual) {
    double rate = meta.frameRate();
    String declared = rate > 0 ? TimeUnits.of(usual * rate, Double.NaN) : null;
    return declared == null ? TimeUnits.ofPeriod(usual) : declared;
  }

  /** Returns the median step between frames of one video; NaN where there is no video. */
  private double videoStep() {
    double[] steps = new double[VIDEOS * STEPS];
    int n = 0;
    int size = trials.size();
    int looked = Math.min(size, VIDEOS);
    for (int v = 0; v < looked; v++) {
      int trial = (int) ((long) v * size / looked);
      int first = trials.firstFrame(trial);
      int frames = Math.min(trials.frames(trial), clock.length() - first);
      if (trials.kind(trial) != TrialKind.VIDEO || frames < 3) {
        continue;
      }
      int count = Math.min(STEPS, frames - 1);
      for (int s = 0; s < count; s++) {
        int at = first + (int) ((long) s * (frames - 1) / count);
        steps[n++] = clock.timeOf(at + 1) - clock.timeOf(at);
      }
    }
    return n == 0 ? Double.NaN : median(steps, n);
  }

  /** Returns the mean step of the middle one among videos. */
  private double meanStep() {
    double[] steps = new double[VIDEOS];
    int n = 0;
    int size = trials.size();
    int looked = Math.min(size, VIDEOS);
    for (int v = 0; v < looked; v++) {
      int trial = (int) ((long) v * size / looked);
      int first = trials.firstFrame(trial);
      int frames = Math.min(trials.frames(trial), clock.length() - first);
      if (trials.kind(trial) == TrialKind.VIDEO && frames >= 3) {
        steps[n++] = (clock.timeOf(first + frames - 1) - clock.timeOf(first)) / (frames - 1);
      }
    }
    return median(steps, n);
  }

  private double usualStep() {
    double[] steps = new double[VIDEOS * STEPS];
    int count = Math.min(steps.length, clock.length() - 1);
    for (int s = 0; s < count; s++) {
      int at = (int) ((long) s * (clock.length() - 1) / count);
      steps[s] = clock.timeOf(at + 1) - clock.timeOf(at);
    }
    return median(steps, count);
  }

  private static double median(double[] values, int count) {
    Arrays.sort(values, 0, count);
    return values[count / 2];
  }

  private void frameRate(double step) {
    double rate = meta.frameRate();
    // the usual step of rounded times is one of those that rounding leaves, the mean stays right
    if (!(step > 0)
        || Math.abs(step * rate - 1) <= 0.05
        || Math.abs(meanStep() * rate - 1) <= 0.05) {
      return;
    }
    Path metaFile = meta.folder().resolve("meta.yml");
    String found = String.valueOf(rate);
    String expected =
        String.format(Locale.ROOT, "%.6g Hz, as the times of videos have it", 1 / step);
    if (Math.abs(rate / step - 1) < 0.05) {
      problems.error(
          metaFile,
          "frame_rate",
          found,
          expected,
          "it looks like the period in seconds instead of the rate");
    } else {
      problems.warning(
          metaFile, "frame_rate", found, expected, "frames are read by timestamps.npy");
    }
  }

  private void gaps(double usual) {
    int[] gaps = clock.gaps(Math.max(GAP_STEPS * usual, GAP_SECONDS), MOST_GAPS);
    if (gaps.length == 0) {
      return;
    }
    int longest = gaps[0];
    double most = 0;
    for (int frame : gaps) {
      double step = clock.timeOf(frame + 1) - clock.timeOf(frame);
      if (step > most) {
        most = step;
        longest = frame;
      }
    }
    problems.warning(
        file,
        "element " + (longest + 1),
        String.format(
            Locale.ROOT,
            "a gap of %.6g s after %s s%s",
            most,
            clock.timeOf(longest),
            gaps.length == 1
                ? ""
                : gaps.length == MOST_GAPS
                    ? ", and many more"
                    : ", and " + (gaps.length - 1) + " more"),
        String.format(Locale.ROOT, "steps of about %.6g s", usual),
        "the frame before a gap counts as shown until its end");
  }
}
