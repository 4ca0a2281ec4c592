/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Slices of columns as a text: {@code FROM:TO:STEP}, or a number, separated by commas. */
final class ColumnSlices {
  private static final Pattern PART =
      Pattern.compile("\\s*(-?\\d{1,9})?\\s*(:)?\\s*(-?\\d{1,9})?\\s*(?::\\s*(-?\\d{1,9})?)?\\s*");

  private ColumnSlices() {}

  /** Returns whether a text says slices; a step of 0 is none. */
  static boolean isOne(String text) {
    for (String part : text.split(",", -1)) {
      Matcher slice = PART.matcher(part);
      if (!slice.matches()
          || slice.group(1) == null && slice.group(2) == null
          || slice.group(2) == null && slice.group(3) != null
          || slice.group(4) != null && Integer.parseInt(slice.group(4)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the columns that slices of so many choose, as Python's do. */
  static int[] of(String text, int stored) {
    IntStream all = IntStream.empty();
    for (String part : text.split(",", -1)) {
      Matcher slice = PART.matcher(part);
      if (!slice.matches()) {
        throw new IllegalArgumentException(part);
      }
      if (slice.group(2) == null) {
        // a number past the end is refused by who asks
        int column = Integer.parseInt(slice.group(1));
        all = IntStream.concat(all, IntStream.of(column < 0 ? stored + column : column));
        continue;
      }
      int step = slice.group(4) == null ? 1 : Integer.parseInt(slice.group(4));
      int first = bound(slice.group(1), step > 0 ? 0 : stored - 1, stored, step);
      int end = bound(slice.group(3), step > 0 ? stored : -1, stored, step);
      int count = step > 0 ? (end - first + step - 1) / step : (first - end - step - 1) / -step;
      all =
          IntStream.concat(all, IntStream.range(0, Math.max(0, count)).map(i -> first + i * step));
    }
    return all.toArray();
  }

  private static int bound(String given, int otherwise, int stored, int step) {
    if (given == null) {
      return otherwise;
    }
    int at = Integer.parseInt(given);
    at = at < 0 ? at + stored : at;
    return step > 0 ? Math.clamp(at, 0, stored) : Math.clamp(at, -1, stored - 1);
  }
}
