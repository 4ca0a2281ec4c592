/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.syncline.config.TrialCondition;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Sampler;
import org.syncline.device.Trials;
import org.syncline.interval.TimeInterval;

/**
 * Judges what parts of a program's own return: what cannot be is an IllegalStateException that
 * names the class, its method, what came and what should. Far from its origin it would be a
 * NullPointerException that names nobody, or a wrong number.
 */
public final class Answers {
  private static final String EMPTY = "an Optional, empty where it has none";

  private Answers() {}

  /**
   * Returns an answer that is there.
   *
   * @param part who gave it
   * @param method the method's name, with what it was asked for where that helps
   * @param expected what it should be
   */
  public static <T> T given(T answer, Object part, String method, String expected) {
    if (answer == null) {
      throw wrong(part, method, "null", expected);
    }
    return answer;
  }

  /** Returns the answer of a method that may have nothing to say. */
  public static <T> Optional<T> optional(Optional<T> answer, Object part, String method) {
    return given(answer, part, method, EMPTY);
  }

  /** Returns the error for an answer that cannot be; parameters as of {@link #given}. */
  public static IllegalStateException wrong(
      Object part, String method, String found, String expected) {
    return new IllegalStateException(
        part.getClass().getName() + "." + method + " returned " + found + ", expected " + expected);
  }

  /** Asks a device that was just opened what costs nothing to answer. */
  public static void check(Interpolator device) {
    TimeInterval valid = given(device.validInterval(), device, "validInterval", "an interval");
    // a device without finite times is left out of an experiment, with a warning
    boolean timed = Double.isFinite(device.startTime()) && Double.isFinite(device.endTime());
    if (timed && (Double.isNaN(valid.start()) || Double.isNaN(valid.end()))) {
      throw wrong(
          device,
          "validInterval",
          valid.start() + " to " + valid.end() + " s",
          "times in seconds, the start above the end where none is valid");
    }
    given(device.layout(), device, "layout", "COLUMNS or FRAMES");
    given(
        device.coverage(),
        device,
        "coverage",
        "Coverage.of(validInterval()) or one of the device's own");
    optional(device.gaps(), device, "gaps");
    optional(device.trials(), device, "trials");
    optional(device.columns(), device, "columns");
    optional(device.storedRows(), device, "storedRows");
    given(device.properties(), device, "properties", "a map, empty for none");
    double rate = device.storedRate();
    if (rate <= 0 || Double.isInfinite(rate) || device.isOnGrid() && Double.isNaN(rate)) {
      throw wrong(
          device,
          "storedRate",
          rate + " Hz",
          "a positive rate, NaN for a device without one, whose isOnGrid is false");
    }
  }

  /** Asks a device for values. */
  public static Interpolation interpolated(Interpolator device, double[] times) {
    return given(
        device.interpolate(times),
        device,
        "interpolate",
        "values and the indices of the valid times");
  }

  /** Returns a sampler whose type and shape can be. */
  static Sampler sampler(Sampler sampler, Interpolator device, String method, Path folder) {
    given(sampler, device, method, "a sampler of " + folder);
    given(sampler.type(), sampler, "type", "an element type");
    boolean frames = device.layout() == Layout.FRAMES;
    for (int samples = 1; samples <= 2; samples++) {
      long[] shape = sampler.shape(samples);
      boolean fits =
          shape != null
              && shape.length == (frames ? 4 : 2)
              && shape[frames ? 1 : 0] == samples
              && !hasNegative(shape);
      if (!fits) {
        throw wrong(
            sampler,
            "shape(" + samples + ")",
            Arrays.toString(shape),
            frames
                ? "(C, T, H, W) of " + samples + " samples, for the layout is FRAMES"
                : "(T, N) of " + samples + " samples, for the layout is COLUMNS");
      }
    }
    return sampler;
  }

  /** A loop, for a lambda at each opening costs a cold start milliseconds. */
  private static boolean hasNegative(long[] shape) {
    for (long n : shape) {
      if (n < 0) {
        return true;
      }
    }
    return false;
  }

  /** Opens a cursor. */
  public static Sampler.Cursor cursor(Sampler sampler, int maxSamples) {
    return given(sampler.cursor(maxSamples), sampler, "cursor", "a cursor");
  }

  /** Reads, and returns how many of the times had a value. */
  public static int read(
      Sampler.Cursor cursor, double[] times, int count, MemorySegment dst, long dstOffset) {
    int got = cursor.read(times, count, dst, dstOffset);
    if (got < 0 || got > count) {
      throw wrong(cursor, "read", got + " times", "0 to " + count);
    }
    return got;
  }

  /** Returns which trials satisfy one of the conditions. */
  public static boolean[] matching(Trials trials, List<TrialCondition> conditions) {
    boolean[] flags = given(trials.match(conditions), trials, "match", "a flag for each trial");
    if (flags.length != trials.count()) {
      throw wrong(
          trials,
          "match",
          flags.length + " flags",
          "one for each of " + trials.count() + " trials");
    }
    return flags;
  }
}
