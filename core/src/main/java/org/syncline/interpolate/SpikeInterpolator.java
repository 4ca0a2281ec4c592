/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interpolate;

import java.nio.file.Path;
import org.syncline.config.ModalityConfig;
import org.syncline.interval.TimeInterval;

/** Counts spikes in windows around the times asked for. */
public final class SpikeInterpolator implements Interpolator {
  private SpikeInterpolator() {}

  /**
   * Opens a device folder.
   *
   * @param cache whether the data is read into memory once
   * @throws org.syncline.error.RecordingException where a file is missing or wrong
   * @throws org.syncline.error.ConfigException where an option is wrong
   */
  public static SpikeInterpolator open(Path folder, ModalityConfig config, boolean cache) {
    throw new UnsupportedOperationException();
  }

  @Override
  public double startTime() {
    throw new UnsupportedOperationException();
  }

  @Override
  public double endTime() {
    throw new UnsupportedOperationException();
  }

  @Override
  public TimeInterval validInterval() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Interpolation interpolate(double[] times) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Sampler sampler(Finish finish) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
