/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.device.Coverage;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.storage.DataArena;
import org.syncline.storage.FileWatch;
import org.syncline.storage.StoredDoubles;

/**
 * When each frame was shown, and which is shown at a time: the last whose timestamp lies before the
 * time plus 0.1 ms. Immutable; safe for use by several threads.
 */
final class ScreenClock {
  private static final double TOLERANCE = 1e-4;
  private static final int PIECE = 4096;

  private final Path file;
  private final DataArena arena;
  private final StoredDoubles timestamps;
  private final TimeInterval valid;
  private final int repeats;

  /**
   * Reads a clock.
   *
   * @throws RecordingException for times that are not finite or not in ascending order
   */
  ScreenClock(Path file, DataArena arena) {
    this.file = file;
    this.arena = arena;
    timestamps = StoredDoubles.open(file, arena.arena());
    FileWatch.add(file, arena.arena());
    repeats = check();
    int n = timestamps.length();
    valid =
        new TimeInterval(
            n == 0 ? Double.NaN : timestamps.get(0), n == 0 ? Double.NaN : timestamps.get(n - 1));
  }

  /** Returns how many times are those before them. */
  private int check() {
    int same = 0;
    if (timestamps.shape().length != 1) {
      throw RecordingException.of(
          file, "shape", Arrays.toString(timestamps.shape()), "one axis: one time a frame", null);
    }
    double before = Double.NEGATIVE_INFINITY;
    for (int from = 0; from < timestamps.length(); from += PIECE) {
      double[] piece = timestamps.copy(from, Math.min(timestamps.length(), from + PIECE));
      for (int i = 0; i < piece.length; i++) {
        double t = piece[i];
        if (!Double.isFinite(t)) {
          throw RecordingException.of(
              file, "entry " + (from + i), Double.toString(t), "finite seconds", null);
        }
        if (t < before) {
          throw RecordingException.of(
              file,
              "entry " + (from + i),
              t + " after " + before,
              "times in ascending order",
              "repair the screen's clock");
        }
        same += t == before ? 1 : 0;
        before = t;
      }
    }
    return same;
  }

  /** Returns the interval from the first timestamp to the last; of NaN where there is none. */
  TimeInterval valid() {
    return valid;
  }

  /** Returns the number of timestamps. */
  int length() {
    return timestamps.length();
  }

  /** Returns how many times are the same as the one before. */
  int repeats() {
    return repeats;
  }

  /** Returns the element type of the file. */
  ElementType type() {
    return timestamps.type();
  }

  /** As {@link StoredDoubles#gaps}. */
  int[] gaps(double least, int most) {
    return timestamps.gaps(least, most);
  }

  /**
   * Returns from when to when there is a frame of a trial at every time.
   *
   * @param total frames that the trials have
   */
  Coverage coverage(int total) {
    if (length() <= total) {
      return Coverage.of(valid);
    }
    // the first time that no frame of a trial belongs to
    double past = total == 0 ? Double.NEGATIVE_INFINITY : timestamps.get(total);
    return new Coverage() {
      @Override
      public boolean notBefore(double time) {
        return time >= valid.start();
      }

      @Override
      public boolean notAfter(double time) {
        return time <= valid.end() && time + TOLERANCE <= past;
      }

      @Override
      public String toString() {
        return "Coverage(" + valid + ")";
      }
    };
  }

  /** Returns the time of a frame. */
  double timeOf(int frame) {
    try {
      return timestamps.get(frame);
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  /** Returns a copy of all times. */
  double[] times() {
    try {
      return timestamps.copy(0, timestamps.length());
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  /** Returns a copy of the times in {@code [from, to)}. */
  double[] times(double from, double to) {
    arena.ensureOpen();
    try {
      return timestamps.copy(timestamps.firstNotBelow(from, 0), timestamps.firstNotBelow(to, 0));
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  /** Returns the frame that is shown at a time, -1 where none is. */
  int frameAt(double time) {
    if (!valid.contains(time)) {
      return -1;
    }
    try {
      return frame(timestamps.firstNotBelow(time + TOLERANCE, 0));
    } catch (IllegalStateException e) {
      throw arena.translate(e);
    }
  }

  private static int frame(int firstNotBelow) {
    // where doubles are coarser than the tolerance, the first frame's own time finds none before it
    return Math.max(firstNotBelow - 1, 0);
  }

  /**
   * Finds the frames of the valid ones of some times.
   *
   * @param total frames that the trials have
   * @param frames receives the frame numbers
   * @param indices receives the places of the valid times, or null
   * @return how many times are valid
   * @throws IllegalArgumentException where the valid times do not strictly increase
   * @throws RecordingException where a frame lies past the last trial
   */
  int locate(double[] times, int count, int total, int[] frames, int[] indices) {
    int n = 0;
    int at = 0;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      double t = times[i];
      if (!valid.contains(t)) {
        continue;
      }
      if (!(t > last)) {
        throw new IllegalArgumentException(
            "screen times must strictly increase: time " + i + " is " + t + " after " + last);
      }
      last = t;
      at = timestamps.firstNotBelow(t + TOLERANCE, at);
      int frame = frame(at);
      if (frame >= total) {
        throw RecordingException.of(
            file,
            "time " + t,
            "frame " + frame + " of " + timestamps.length() + " timestamps",
            "one of the " + total + " frames that the trials have",
            "the clock is longer than the trials: ask for earlier times, or repair the recording");
      }
      if (indices != null) {
        indices[n] = i;
      }
      frames[n++] = frame;
    }
    return n;
  }
}
