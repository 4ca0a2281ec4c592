/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;

/** Tells whether times are stored in a type that is too coarse for them. */
public final class CoarseTimes {
  /** Seconds by which rounded times may be off. */
  private static final double FINE = 0.005;

  /** So many whole numbers of seconds are none that people noted. */
  private static final int WHOLE = 10;

  private CoarseTimes() {}

  /**
   * Adds an error for times in floats that are too large for them.
   *
   * @param largest magnitude among the times, in seconds
   */
  public static void check(Path file, ElementType type, double largest, Problems problems) {
    if (isTooCoarse(type, largest)) {
      problems.error(
          file,
          "dtype",
          describe(type, largest),
          "float64",
          "the exact times are lost: write them anew");
    }
  }

  /**
   * Likewise, and a warning for more than a few times in whole numbers.
   *
   * @param count of times
   */
  public static void check(
      Path file, ElementType type, double largest, long count, Problems problems) {
    check(file, type, largest, problems);
    if (!type.isFloating() && count >= WHOLE) {
      problems.warning(
          file,
          "dtype",
          type.numpyName() + ", which has whole seconds alone",
          "float64",
          "fractions of a second are lost: write the times anew");
    }
  }

  /** Returns whether times of a type may be off by more than a few milliseconds. */
  public static boolean isTooCoarse(ElementType type, double largest) {
    return step(type, largest) > FINE;
  }

  /** Returns the name of a type and how far neighbouring times in it lie apart, for messages. */
  public static String describe(ElementType type, double largest) {
    return type.numpyName() + ", which has steps of " + step(type, largest) + " s at " + largest;
  }

  /** Returns the distance of neighbouring numbers; 0 for types that are fine or hold no floats. */
  public static double step(ElementType type, double largest) {
    int digits =
        switch (type) {
          case FLOAT32 -> 23;
          case FLOAT16 -> 10;
          case BFLOAT16 -> 7;
          default -> -1;
        };
    return digits < 0 || !(largest > 0) || Double.isInfinite(largest)
        ? 0
        : Math.scalb(1.0, Math.getExponent(largest) - digits);
  }
}
