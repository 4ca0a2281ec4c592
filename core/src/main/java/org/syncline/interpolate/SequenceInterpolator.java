/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interpolate;

import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.syncline.array.ElementType;
import org.syncline.config.ModalityConfig;
import org.syncline.interval.TimeInterval;
import org.syncline.transform.Normalization;

/** Reads signals sampled at a constant rate or at their own times. */
public sealed class SequenceInterpolator implements Interpolator permits PhaseShiftedSequenceInterpolator {
  SequenceInterpolator() {}

  /**
   * Opens a device folder; one with {@code phase_shift_per_signal} as a {@link PhaseShiftedSequenceInterpolator}.
   *
   * @param cache whether the data is read into memory once; memory-mapped data becomes float32
   * @throws org.syncline.error.RecordingException where a file is missing or wrong
   * @throws org.syncline.error.ConfigException where an option is wrong
   */
  public static SequenceInterpolator open(Path folder, ModalityConfig config, boolean cache) {
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

  /** Returns the device's folder. */
  public Path folder() {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of (selected) signals. */
  public int signals() {
    throw new UnsupportedOperationException();
  }

  /** Returns the number of stored rows. */
  public long rows() {
    throw new UnsupportedOperationException();
  }

  /** Returns the stored rate in Hz, NaN for an irregular sequence. */
  public double samplingRate() {
    throw new UnsupportedOperationException();
  }

  /** Returns the element type as read: stored, or float32 where memory-mapped data is cached. */
  public ElementType storedType() {
    throw new UnsupportedOperationException();
  }

  /** Returns the time of a stored row in seconds: {@code start + row / rate}, or its timestamp. Phase shifts play no part. */
  public double timeOf(long row) {
    throw new UnsupportedOperationException();
  }

  /** Returns the values of the selected signals out of one value per stored signal; one value alone is returned as it is. */
  public double[] select(double[] perStoredSignal) {
    throw new UnsupportedOperationException();
  }

  /** Computes mean and population standard deviation of each selected signal over all rows, NaN ignored, in double. */
  public Normalization statistics() {
    throw new UnsupportedOperationException();
  }

  /** Calls back for each stored row with a NaN in any stored signal (selected or not), in order; infinity is none. */
  public void forEachNaNRow(LongConsumer action) {
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
