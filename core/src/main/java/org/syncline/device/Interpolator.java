/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import org.syncline.interval.TimeInterval;

/**
 * Gives the values of one device at any time. Implementations are safe for use by several threads
 * at once.
 *
 * <p>Custom interpolators implement this; the built-in ones add a compiled {@link Sampler}.
 */
public interface Interpolator extends AutoCloseable {
  /** Returns the device's first time in seconds, as its meta.yml says. */
  double startTime();

  /** Returns the device's last time in seconds, as its meta.yml says. */
  double endTime();

  /** Returns the closed interval in which times are valid. */
  TimeInterval validInterval();

  /**
   * Interpolates at the valid ones of the given times.
   *
   * @param times seconds; NaN is never valid
   * @throws org.syncline.error.ClosedException after close
   */
  Interpolation interpolate(double[] times);

  /**
   * Compiles reading into chunks.
   *
   * @param finish what is done to the values on their way out
   */
  Sampler sampler(Finish finish);

  /** Releases the maps and caches; any number of times. */
  @Override
  void close();
}
