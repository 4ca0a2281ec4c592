/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.Objects;
import org.syncline.interval.TimeInterval;

/**
 * Says, without reading data, from when to when a device has a value at every time. Safe for use by
 * several threads.
 */
public interface Coverage {
  /** Returns whether the first value is not after a time in seconds; false for NaN. */
  boolean notBefore(double time);

  /** Returns whether the last value is not before a time in seconds; false for NaN. */
  boolean notAfter(double time);

  /** Returns the coverage of a device that has a value at every time of a closed interval. */
  static Coverage of(TimeInterval interval) {
    Objects.requireNonNull(interval, "interval is null");
    return new Coverage() {
      @Override
      public boolean notBefore(double time) {
        return time >= interval.start();
      }

      @Override
      public boolean notAfter(double time) {
        return time <= interval.end();
      }

      @Override
      public String toString() {
        return "Coverage(" + interval + ")";
      }
    };
  }
}
