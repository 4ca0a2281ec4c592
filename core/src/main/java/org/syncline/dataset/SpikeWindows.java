/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.nio.file.Path;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.support.Findings;

/** Windows and filters of spikes that are out of proportion to a chunk. */
final class SpikeWindows {
  /** Samples of a chunk from which on it has a course. */
  private static final int COURSE = 10;

  /** How many chunks long a window is that is meant in another unit. */
  private static final int MANY = 10;

  private static final double LEAST_SECONDS = 10;

  private SpikeWindows() {}

  /** Warns of milliseconds where seconds, or time steps, are meant. */
  static void check(Path folder, ModalityConfig modality, int count, double rate) {
    InterpolationConfig options = modality.interpolation();
    if (count < COURSE) {
      return;
    }
    if (options.smoothingSigma() >= count) {
      Findings.warn(
          folder,
          "interpolation.smoothing_sigma",
          options.smoothingSigma() + " time steps, in chunks of " + count,
          "fewer than a chunk has",
          "all samples of a chunk become nearly one: it counts steps of sampling_rate, not milliseconds");
    }
    double seconds = options.window();
    double chunk = count / rate;
    if (seconds >= LEAST_SECONDS && seconds >= MANY * chunk) {
      Findings.warn(
          folder,
          "interpolation.interpolation_window",
          seconds + " s, where a chunk has " + (float) chunk + " s",
          "seconds",
          "all samples of a chunk count nearly the same spikes: is it milliseconds?");
    }
  }
}
