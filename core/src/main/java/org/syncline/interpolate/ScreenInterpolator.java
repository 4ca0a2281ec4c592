/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interpolate;

import java.nio.file.Path;
import org.syncline.config.InterpolationConfig;
import org.syncline.format.TrialIndex;
import org.syncline.interval.TimeInterval;

/**
 * Gives the frame shown at each time: the last whose timestamp lies before the time plus 0.1 ms.
 *
 * <p>Safe for use by several threads. Trial files are mapped when first needed; only the frames asked for are touched.
 */
public final class ScreenInterpolator implements Interpolator {
  private ScreenInterpolator() {}

  /**
   * Opens a screen.
   *
   * @param folder the device's folder
   * @param options rescaling, stimulus names and normalisation; null for the defaults
   * @param cacheData read all frames into memory now
   * @throws org.syncline.error.RecordingException for metadata, a clock or files that cannot be read
   * @throws org.syncline.error.ConfigException for options that do not fit the recording
   */
  public static ScreenInterpolator open(Path folder, InterpolationConfig options, boolean cacheData) {
    throw new UnsupportedOperationException();
  }

  /** Returns the trials in listing order. */
  @SuppressWarnings("exports") // for org.syncline itself and the command, which validate trials
  public TrialIndex trials() {
    throw new UnsupportedOperationException();
  }

  /** Returns the times in seconds at which frames were shown, ascending: a copy. */
  public double[] timestamps() {
    throw new UnsupportedOperationException();
  }

  /** Returns the shape of a frame as interpolated: {height, width}, or {height, width, channels} for colour. */
  public int[] frameShape() {
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
