/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.syncline.interval.TimeInterval;
import org.syncline.transform.Normalization;

/**
 * Gives the values of one device at any time, and says what else the device offers. Implementations
 * are safe for use by several threads at once.
 *
 * <p>Five methods are enough: {@link #startTime}, {@link #endTime}, {@link #validInterval}, {@link
 * #interpolate} and {@link #close}. Datasets then read through {@link #interpolate}, and normalise,
 * apply the NaN policy, convert and select columns afterwards, as for every device. A {@link
 * #sampler()} of its own makes reading fast; every other method is something that a device may
 * offer, and by default says that it does not.
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
   * @return (T, N), or (T) for one column, for a device of {@link Layout#COLUMNS}; element type and
   *     columns are the same at each call, also for no times
   * @throws org.syncline.error.ClosedException after close
   */
  Interpolation interpolate(double[] times);

  /** Releases the maps and caches; any number of times. */
  @Override
  void close();

  /** Returns how the values lie in a chunk. */
  default Layout layout() {
    return Layout.COLUMNS;
  }

  /**
   * Compiles reading into chunks: values as interpolated.
   *
   * <p>By default a sampler that calls {@link #interpolate} for each chunk, which allocates.
   *
   * @throws UnsupportedOperationException where a device of {@link Layout#FRAMES} has none
   */
  default Sampler sampler() {
    return InterpolatingSampler.of(this);
  }

  /**
   * Compiles reading and finishing in one pass over the data.
   *
   * @param finish all of which the sampler does
   * @return empty where the device leaves finishing to the library, which then does it after {@link
   *     #sampler()}
   * @throws IllegalArgumentException where it cannot be done: screen transforms of a device without
   *     frames, statistics of a wrong length, an element type that values cannot have
   */
  default Optional<Sampler> fused(Finish finish) {
    return Optional.empty();
  }

  /**
   * Returns the rate in Hz of the device's stored samples; NaN where it has none, or samples with
   * times of their own.
   */
  default double storedRate() {
    return Double.NaN;
  }

  /**
   * Returns whether the stored samples of all columns lie at {@link #startTime} {@code + k /}
   * {@link #storedRate}, so that a time within rounding of one of them is meant to be it.
   */
  default boolean isOnGrid() {
    return storedRate() > 0;
  }

  /**
   * Returns the times in seconds of the stored samples in {@code [from, to)}, ascending.
   *
   * @param to seconds, not before {@code from}
   * @return empty for a device whose samples have no times of their own
   * @throws org.syncline.error.ClosedException after close
   */
  default Optional<double[]> storedTimes(double from, double to) {
    return Optional.empty();
  }

  /**
   * Returns which stored sample alone gives the value at a time, as its number; allocates nothing.
   * Opening a dataset asks it whether a rounded grid of times meets each sample once.
   *
   * @param time seconds
   * @return -1 where none does, and where values are made of several samples or computed
   * @throws org.syncline.error.ClosedException after close
   */
  default long sampleAt(double time) {
    return -1;
  }

  /** Returns from when to when the device has a value at every time. */
  default Coverage coverage() {
    return Coverage.of(validInterval());
  }

  /**
   * Returns what judges whether a device that lacks values between {@link #coverage}'s ends has one
   * at each of a chunk's times in seconds, ascending; those outside of the coverage do not count.
   * Datasets leave out the chunks that fail.
   *
   * @return empty where there is a value at every time
   */
  default Optional<Predicate<double[]>> gaps() {
    return Optional.empty();
  }

  /** Returns the device's trials, whose metadata conditions speak of; empty where it has none. */
  default Optional<Trials> trials() {
    return Optional.empty();
  }

  /**
   * Returns which of the stored columns are read.
   *
   * @return empty where the device knows of no selection: the library selects from its columns
   */
  default Optional<Columns> columns() {
    return Optional.empty();
  }

  /**
   * Computes mean and standard deviation of each column that is read over all stored samples, NaN
   * ignored.
   *
   * @return empty where the device cannot
   * @throws org.syncline.error.ClosedException after close
   * @throws org.syncline.error.RecordingException where a file shrank or cannot be read
   */
  default Optional<Normalization> computeStatistics() {
    return Optional.empty();
  }

  /**
   * Returns the stored samples themselves, for statistics.
   *
   * @return empty where the device has none, or is no device of columns
   * @throws org.syncline.error.ClosedException after close
   */
  default Optional<StoredRows> storedRows() {
    return Optional.empty();
  }

  /** Returns the stored samples that are NaN; empty where the device has no stored samples. */
  default Optional<MissingSamples> missingSamples() {
    return Optional.empty();
  }

  /**
   * Returns what share of the stored values between two times in seconds is finite, neither NaN nor
   * infinite, over all columns that are read: from the last sample at or before the first time to
   * the last at or before the second. 1 where no sample lies there. May read all data, at this
   * call.
   *
   * @return empty where the device has no stored samples
   * @throws org.syncline.error.ClosedException after close
   * @throws org.syncline.error.RecordingException where the file shrank or cannot be read
   */
  default Optional<DoubleBinaryOperator> finiteShare() {
    return Optional.empty();
  }

  /**
   * Returns the intervals {@code [start, end)} of each label that is stored, selected or not, in
   * the file's order.
   *
   * @return empty where the device has no labels
   * @throws org.syncline.error.ClosedException after close
   * @throws org.syncline.error.RecordingException where a file cannot be read
   */
  default Optional<Map<String, List<TimeInterval>>> labelledIntervals() {
    return Optional.empty();
  }

  /**
   * Describes the device's data in one line, such as sizes, element type and rate. A dataset's
   * state holds it, and is refused by a dataset whose devices say something else.
   */
  default String contents() {
    return "";
  }

  /**
   * Returns a hash of the stored values, or of some of them, always the same ones, wherever the
   * recording lies. A state holds it, and is refused where a file was written anew. Asked for when
   * a state is taken or restored, never when a recording is opened; it should read a few pages at
   * most.
   *
   * @return empty where it is not known: nothing is compared then
   * @throws org.syncline.error.ClosedException after close
   * @throws org.syncline.error.RecordingException where a file shrank or cannot be read
   * @since 0.1.1
   */
  default String valueHash() {
    return "";
  }

  /**
   * Returns what else programs may want to know of the device, by the names that meta.yml uses:
   * plain values (null, Boolean, Number, String, List).
   */
  default Map<String, @Nullable Object> properties() {
    return Map.of();
  }
}
