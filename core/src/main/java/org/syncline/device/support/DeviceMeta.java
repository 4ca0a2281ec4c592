/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.nio.file.Path;
import org.syncline.device.intervals.TimeIntervalMeta;
import org.syncline.device.screen.ScreenMeta;
import org.syncline.device.sequence.SequenceMeta;
import org.syncline.device.spikes.SpikesMeta;

/** What a device's {@code meta.yml} says. */
public sealed interface DeviceMeta permits SequenceMeta, ScreenMeta, TimeIntervalMeta, SpikesMeta {
  /**
   * Reads {@code meta.yml} of a device's folder.
   *
   * @throws org.syncline.error.RecordingException naming file, key, found and expected, where the
   *     file is missing, cannot be read, lacks a key or has a value of the wrong type
   */
  static DeviceMeta read(Path folder) {
    return MetaReader.read(folder);
  }

  /** Returns the device's folder. */
  Path folder();

  /**
   * Returns the modality as meta.yml names it: {@code sequence}, {@code screen}, {@code
   * time_interval}, {@code spikes}.
   */
  String modality();

  /** Returns the declared start in seconds; NaN where it is null or not declared. */
  double startTime();

  /** Returns the declared end in seconds; NaN where it is null or not declared. */
  double endTime();

  /**
   * Returns whether meta.yml has both keys, {@code start_time} and {@code end_time} (null counts).
   * Where it has not, as on screens and irregular sequences, the times are the first and the last
   * of {@code timestamps.npy}.
   */
  boolean timesDeclared();

  /** Returns whether both declared times are finite. */
  default boolean hasFiniteTimes() {
    return Double.isFinite(startTime()) && Double.isFinite(endTime());
  }
}
