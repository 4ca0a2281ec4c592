/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;
import org.syncline.config.ModalityConfig;

/**
 * A device as its {@code meta.yml} describes it: what a {@link Modality} reads, and what can be
 * done with it. Immutable.
 */
public interface DeviceMeta {
  /** Returns the device's folder. */
  Path folder();

  /** Returns the modality as {@code meta.yml} names it. */
  String modality();

  /** Returns the declared start in seconds; NaN where it is null or not declared. */
  double startTime();

  /** Returns the declared end in seconds; NaN where it is null or not declared. */
  double endTime();

  /**
   * Returns whether meta.yml has both keys, {@code start_time} and {@code end_time} (null counts).
   * A device that declares them as not finite is left out of an experiment. Where it has not, as on
   * screens and irregular sequences, the device finds its times in its data.
   */
  boolean timesDeclared();

  /** Returns whether both declared times are finite. */
  default boolean hasFiniteTimes() {
    return Double.isFinite(startTime()) && Double.isFinite(endTime());
  }

  /**
   * Opens the device.
   *
   * @param config how it is read: columns and options of interpolation; normalisation, NaN policy
   *     and element type are applied by the library
   * @param cache whether data is read into memory once
   * @throws org.syncline.error.RecordingException where a file is missing or wrong
   * @throws org.syncline.error.ConfigException where an option is wrong
   */
  Interpolator open(ModalityConfig config, boolean cache);

  /** Adds everything that is wrong with the device's files; changes nothing. */
  void check(Problems problems);

  /**
   * Returns the rate in Hz at which the device is streamed where no configuration says otherwise;
   * NaN for a device without a rate of its own, which follows the device that leads, at most a
   * hundred times a second.
   */
  default double defaultRate() {
    return Double.NaN;
  }

  /**
   * Returns how much the device is meant to lead the sample grid where no configuration names one:
   * the highest leads. Screens have infinity, sequences their rate, all others -1.
   */
  default double leadRank() {
    return -1;
  }

  /**
   * Returns how the device is read where no configuration says it.
   *
   * @param rate the rate in Hz at which it is streamed
   */
  default ModalityConfig defaults(double rate) {
    return ModalityConfig.DEFAULT;
  }
}
