/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Objects;
import org.syncline.interval.TimeInterval;
import org.syncline.text.Printable;

/** What interpolators do alike with the times that they are asked for. */
public final class ValidTimes {
  private static final Logger LOG = System.getLogger("org.syncline");

  private ValidTimes() {}

  /** Warns that no time has a value. */
  public static void warnOfNone(Path folder, int asked, TimeInterval valid) {
    LOG.log(
        Level.WARNING,
        folder
            + ": none of "
            + asked
            + " times has a value; valid are "
            + Printable.digits(valid.start())
            + " to "
            + Printable.digits(valid.end())
            + " s");
  }

  /** Returns the times at some indices. */
  public static double[] select(double[] times, int[] indices) {
    double[] selected = new double[indices.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = times[indices[i]];
    }
    return selected;
  }

  /**
   * Checks the samples that a cursor is asked for.
   *
   * @throws IllegalArgumentException for more samples than the cursor was opened for
   * @throws IndexOutOfBoundsException for fewer times than samples
   */
  public static void check(double[] times, int count, int maxSamples) {
    if (count > maxSamples || count < 0) {
      throw new IllegalArgumentException(
          count + " samples, expected 0 to " + maxSamples + ", as the cursor was opened for");
    }
    Objects.checkFromIndexSize(0, count, times.length);
  }

  /** Returns how many of the first times are valid. */
  public static int count(TimeInterval valid, double[] times, int count) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (valid.contains(times[i])) {
        n++;
      }
    }
    return n;
  }
}
