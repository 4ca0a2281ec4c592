/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.syncline.device.Problems;

/** Compares the stretches of time in which the devices of a recording have values. */
public final class CommonRange {
  /** What time zones differ by whole numbers of, in seconds. */
  private static final double HALF_HOUR = 1800;

  /** Devices of one session begin and end within it, in seconds. */
  private static final double SAME_SECONDS = 5;

  /** The share of a device's length that it runs before and after another that lies inside. */
  private static final double MARGIN = 0.01;

  /** The share of its length that a device lies aside on a clock of its own from 0 on. */
  private static final double OWN_CLOCK = 0.05;

  /**
   * The same share where the clock begins elsewhere: devices may be started one after the other.
   */
  private static final double FAR_CLOCK = 0.15;

  /** The share of their distance, and of their length, by which lengths may differ. */
  private static final double SAME_SHIFT = 0.02;

  private static final double SAME_LENGTH = 0.001;

  private record Range(Path device, double start, double end) {}

  private double latestStart = Double.NEGATIVE_INFINITY;
  private double earliestEnd = Double.POSITIVE_INFINITY;
  private double longest;
  private Path latestDevice;
  private Path earliestDevice;
  private Path longestDevice;
  private final List<Range> ranges = new ArrayList<>();

  /**
   * Adds an error for times that cannot be seconds; counts a device's range in, unless it ends
   * before it starts.
   */
  public void include(Path device, double start, double end, Problems problems) {
    if (end < start) {
      return;
    }
    String unit = TimeUnits.ofTime(Math.max(Math.abs(start), Math.abs(end)));
    if (unit != null) {
      problems.error(
          device,
          "time range",
          start + " to " + end,
          "seconds",
          "they look like " + unit + " since 1970");
    }
    zone(device, start, end, problems);
    ranges.add(new Range(device, start, end));
    if (start > latestStart) {
      latestStart = start;
      latestDevice = device;
    }
    if (end < earliestEnd) {
      earliestEnd = end;
      earliestDevice = device;
    }
    if (end - start > longest) {
      longest = end - start;
      longestDevice = device;
    }
  }

  /** Adds a warning for a device that begins and ends whole half hours before or after another. */
  private void zone(Path device, double start, double end, Problems problems) {
    for (Range other : ranges) {
      double shift = HALF_HOUR * Math.rint((start - other.start) / HALF_HOUR);
      if (shift != 0
          && Math.abs(start - other.start - shift) <= SAME_SECONDS
          && Math.abs(end - other.end - shift) <= SAME_SECONDS) {
        problems.warning(
            device,
            "time range",
            start
                + " to "
                + end
                + " s: "
                + Math.round(Math.abs(shift) / 60)
                + " minutes "
                + (shift > 0 ? "later" : "earlier")
                + " than "
                + name(other.device)
                + " at both ends",
            "one clock for all devices",
            "is one of them in another time zone, or in daylight saving time?");
        return;
      }
    }
  }

  /** Adds what the ranges of all devices together say. */
  public void compare(Path root, Problems problems) {
    for (Range range : ranges) {
      if (Files.isSymbolicLink(range.device)) {
        sameFolder(range.device, problems);
      }
    }
    if (longestDevice == null) {
      return;
    }
    double shared = earliestEnd - latestStart;
    if (!(shared > 0)) {
      problems.error(
          root,
          "time range",
          name(latestDevice)
              + " starts at "
              + latestStart
              + " s, "
              + name(earliestDevice)
              + " ends at "
              + earliestEnd
              + " s",
          "a range of time that all devices share",
          "are all devices on one clock, in seconds?");
    } else if (shared < longest / 2 && !liesInside(shared)) {
      problems.warning(
          root,
          "time range",
          String.format(
              Locale.ROOT,
              "%.6g s that all devices share, from the start of %s to the end of %s",
              shared,
              name(latestDevice),
              name(earliestDevice)),
          String.format(
              Locale.ROOT, "more than half of the %.6g s of %s", longest, name(longestDevice)),
          "are all devices on one clock, in seconds?");
    } else {
      ownClock(problems);
    }
  }

  /**
   * Adds a warning for a device that runs as long as another, and begins and ends earlier than that
   * by the same time: where its times begin at 0, or lie far away, they are those of its own clock.
   */
  private void ownClock(Problems problems) {
    for (Range range : ranges) {
      for (Range other : ranges) {
        double length = other.end - other.start;
        double shift = other.start - range.start;
        double longer = Math.abs(range.end - range.start - length);
        double least = range.start == 0 ? OWN_CLOCK : FAR_CLOCK;
        if (shift < Math.max(least * length, SAME_SECONDS)
            || longer > Math.min(SAME_SHIFT * shift, SAME_LENGTH * length)
            || isZone(shift)) {
          continue;
        }
        problems.warning(
            range.device,
            "time range",
            String.format(
                Locale.ROOT,
                "%s to %s s: as long as %s, and %.6g s earlier at both ends",
                range.start,
                range.end,
                name(other.device),
                shift),
            "one clock for all devices",
            "do its times begin with its own recording? Values lie as far beside those of others");
        return;
      }
    }
  }

  private static boolean isZone(double shift) {
    return shift > HALF_HOUR / 2
        && Math.abs(shift - HALF_HOUR * Math.rint(shift / HALF_HOUR)) <= SAME_SECONDS;
  }

  /** Adds a warning for a device that is a link to another one. */
  private void sameFolder(Path link, Problems problems) {
    for (Range other : ranges) {
      if (!other.device.equals(link) && isSame(link, other.device)) {
        problems.warning(
            link,
            null,
            "a link to " + name(other.device) + ", a device of the same recording",
            "a folder of its own",
            "both give the same values: is it the link that was meant?");
        return;
      }
    }
  }

  private static boolean isSame(Path link, Path other) {
    try {
      return Files.isSameFile(link, other);
    } catch (IOException e) {
      // what cannot be followed is said where it is opened
      return false;
    }
  }

  /**
   * Returns whether all that is shared is a device that runs in the middle of all others, such as a
   * film between spontaneous activity: on another clock it would as likely reach past an end.
   */
  private boolean liesInside(double shared) {
    for (Range inner : ranges) {
      if (inner.end - inner.start > shared) {
        continue;
      }
      boolean inside = true;
      for (Range outer : ranges) {
        double margin = MARGIN * (outer.end - outer.start);
        inside &=
            outer.end - outer.start <= shared
                || inner.start - outer.start > margin && outer.end - inner.end > margin;
      }
      return inside;
    }
    return false;
  }

  private static String name(Path device) {
    return String.valueOf(device.getFileName());
  }
}
