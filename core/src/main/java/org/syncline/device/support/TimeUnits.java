/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

/** Tells by their size in which unit times are that cannot be seconds. */
public final class TimeUnits {
  /** No recording lies further from 1970 in seconds: this is the year 5138. */
  private static final double MOST_SECONDS = 1e11;

  private TimeUnits() {}

  /**
   * Returns which unit numbers are in.
   *
   * @param perSecond how many of them make a second
   * @param rate Hz of samples that may have been counted instead; NaN for none
   * @return null where they may be seconds
   */
  public static String of(double perSecond, double rate) {
    if (!(Math.abs(perSecond) > 20)) {
      return null;
    }
    if (near(perSecond, 1e3) && !near(rate, 1e3)) {
      return "milliseconds";
    }
    if (near(perSecond, 1e6)) {
      return "microseconds";
    }
    if (near(perSecond, 1e9)) {
      return "nanoseconds";
    }
    return near(perSecond, rate)
        ? "numbers of samples"
        : "numbers of samples or another unit than seconds";
  }

  private static boolean near(double a, double b) {
    return Math.abs(a / b - 1) < 0.1;
  }

  /** Returns the unit in which a time would lie in this century; null where that is seconds. */
  public static String ofTime(double time) {
    double size = Math.abs(time);
    if (!(size > MOST_SECONDS)) {
      return null;
    }
    return size < 1e14 ? "milliseconds" : size < 1e17 ? "microseconds" : "nanoseconds";
  }

  /** Returns the unit in which frames that follow each other so closely would be of a video. */
  public static String ofPeriod(double step) {
    return step < 1e4
        ? "milliseconds or numbers of samples"
        : step < 1e6
            ? "microseconds or numbers of samples"
            : step < 1e7 ? "microseconds" : "nanoseconds";
  }
}
