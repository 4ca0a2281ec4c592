/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.support.Findings;
import org.syncline.error.ConfigException;

/**
 * The window that a time averages over.
 *
 * @param seconds its length
 * @param before the share of it that lies before the time
 */
record MeanWindow(double seconds, double before) {
  /** Steps between neighbouring doubles that a window must have at least. */
  private static final int LEAST_STEPS = 64;

  /**
   * Returns the window that a configuration asks for, or null for another mode.
   *
   * @param furthest the device's largest time, without its sign
   * @throws ConfigException where nobody says how long it is, or it is too short for the clock
   */
  static MeanWindow of(SequenceMeta meta, ModalityConfig config, double furthest) {
    InterpolationConfig options = config.interpolation();
    String key = "modality_config." + meta.folder().getFileName() + ".interpolation.window";
    if (options.mode() != InterpolationConfig.Mode.MEAN) {
      if (options.meanWindow() != null || options.meanAlign() != InterpolationConfig.Align.LEFT) {
        Findings.warn(
            meta.folder(),
            "interpolation_mode",
            options.mode().text() + ", with which window and align have no effect",
            "mean",
            "remove window and align from this device");
      }
      return null;
    }
    Double seconds = options.meanWindow();
    if (seconds == null && config.samplingRate() != null) {
      seconds = 1 / config.samplingRate();
    }
    if (seconds == null) {
      throw new ConfigException(
          "configuration",
          0,
          key,
          "is missing, expected the seconds over which interpolation_mode: mean averages; in a dataset it is one period of the device's sampling_rate");
    }
    double least = LEAST_STEPS * Math.ulp(furthest);
    if (!(seconds >= least)) {
      throw new ConfigException(
          "configuration",
          0,
          key,
          "is "
              + seconds
              + " s, expected "
              + least
              + " s or more: times near "
              + furthest
              + " s are no finer");
    }
    double before =
        switch (options.meanAlign()) {
          case LEFT -> 0;
          case CENTER -> 0.5;
          case RIGHT -> 1;
        };
    return new MeanWindow(seconds, before);
  }
}
