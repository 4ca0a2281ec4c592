/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.syncline.config.DatasetConfig;
import org.syncline.interval.TimeInterval;

/**
 * A recording cut into chunks: one sample a valid start time.
 *
 * <p>Reading is safe from several threads at once. {@link #shuffle} and {@link #restore} replace the start times as a
 * whole; a read that runs at the same time sees the old ones or the new ones, never a mixture. {@link #close} may race
 * with reads, which then raise {@link org.syncline.error.ClosedException}.
 */
public final class ChunkDataset implements AutoCloseable {
  private ChunkDataset() {}

  /** Opens a dataset with the custom components of {@link Registry#services()}. */
  public static ChunkDataset open(Path root, DatasetConfig config) {
    return open(root, config, Registry.services());
  }

  /**
   * Opens a recording and finds its valid start times.
   *
   * @throws org.syncline.error.RecordingException where a file is wrong, no device is usable, the devices' ranges have
   *     nothing in common, or a chunk would come back short and the configuration does not skip those
   * @throws org.syncline.error.ConfigException where the configuration is wrong or does not fit the recording
   */
  public static ChunkDataset open(Path root, DatasetConfig config, Registry registry) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the recording's folder. */
  public Path root() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the configuration it was opened with. */
  public DatasetConfig config() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the devices; the dataset closes them. */
  public Experiment experiment() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the recording's name. */
  public String dataKey() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the device that leads the sample grid. */
  public String lead() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the first time in seconds at which all devices have values, safety threshold included. */
  public double startTime() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the last time in seconds at which all devices have values, safety threshold included. */
  public double endTime() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the usable devices in the configuration's order. */
  public List<String> deviceNames() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the samples of a chunk by device. */
  public Map<String, Integer> chunkSizes() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the rates in Hz by device. */
  public Map<String, Double> samplingRates() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the number of chunks. */
  public int length() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns a copy of the current start times in seconds, after stride or shuffle. */
  public double[] startTimes() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns every valid start time in seconds, before the stride.
   *
   * @param filterForValidIntervals whether filters count
   */
  public double[] fullValidSampleTimes(boolean filterForValidIntervals) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the number of trials that {@link #conditionMask} speaks of; 0 for a recording without trials. */
  public int trialCount() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the first times of the trials in seconds; each ends where the next begins, the last never. */
  public double[] trialStarts() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns which trials satisfy the conditions.
   *
   * @param conditions OR between maps, AND inside a map; an empty list or map matches nothing
   */
  public boolean[] conditionMask(List<Map<String, Object>> conditions) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns, for each point of the sample grid, whether the next {@code satisfyForNext} points satisfy the conditions.
   *
   * @param satisfyForNext how many points from each on, at least 1
   * @param conditions like {@link #conditionMask}; null: every trial
   * @param filterForValidIntervals whether filters count
   */
  public boolean[] sampleMask(
      int satisfyForNext, List<Map<String, Object>> conditions, boolean filterForValidIntervals) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the sample grid in seconds. */
  public double[] sampleGrid() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the intersection of all devices' filters; the whole range where there are none. */
  public List<TimeInterval> validIntervalsFromFilters() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the printed statistics of {@link #validIntervalsFromFilters}. */
  public String intervalStatistics() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Draws the start times anew with the dataset's generator. */
  public void shuffle() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns generator and current start times. */
  public DatasetState state() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Continues from a state.
   *
   * @throws org.syncline.error.ConfigException where the state's fingerprint is another: both fingerprints and what differs
   */
  public void restore(DatasetState state) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns chunk {@code index}, in memory of its own.
   *
   * @throws IndexOutOfBoundsException for an index outside 0 … length-1
   */
  public Chunk item(int index) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the chunk that starts at a time in seconds on the lead device's clock, in memory of its own. */
  public Chunk itemAt(double start) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Writes chunk {@code index} into native memory, entries as {@link #layout()} lists them, through a pooled reader;
   * allocates nothing on the heap once warm. Safe from several threads.
   */
  public void read(int index, MemorySegment[] segments, long[] offsets) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Opens a reader for one thread. */
  public ChunkReader reader(ReadOptions options) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the entries of a chunk: values in the configuration's device order, then timestamps. */
  public List<TensorSpec> layout() {
    return layout(ReadOptions.DEFAULT);
  }

  /** Returns the entries of a chunk read with options. */
  public List<TensorSpec> layout(ReadOptions options) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns a hash of {@link #identity()}, in hexadecimal. */
  public String fingerprint() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns what decides a dataset's samples, sorted by name: each configuration key, data key, device sizes, valid start
   * times. Neither the folder's place nor its clock is part of it.
   */
  public Map<String, String> identity() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Closes the devices and the pooled readers; any number of times. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not landed yet");
  }
}
