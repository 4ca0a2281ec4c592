/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;

/** Tells windows that hold nothing or everything, whatever the time. */
public final class WindowLength {
  private WindowLength() {}

  /**
   * Says where a window has no length, or is longer than a device's range.
   *
   * @param key of the configuration
   * @param seconds its length
   */
  public static void check(Path folder, String key, double seconds, double start, double end) {
    double range = end - start;
    if (seconds == 0) {
      Findings.warn(
          folder, key, "0", "seconds above 0", "a window of no length holds nothing: values are 0");
    } else if (range > 0 && seconds > range) {
      Findings.warn(
          folder,
          key,
          seconds + " s",
          "less than the " + range + " s from start_time to end_time",
          "every value is of nearly all data: is it milliseconds instead of seconds?");
    }
  }
}
