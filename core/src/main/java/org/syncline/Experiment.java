/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.syncline.config.ModalityConfig;
import org.syncline.interpolate.Interpolation;
import org.syncline.interpolate.Interpolator;
import org.syncline.interval.TimeInterval;

/**
 * The devices of one recording, at any time. Safe for use by several threads; {@link #close} may race with uses, which
 * then raise {@link org.syncline.error.ClosedException}.
 */
public final class Experiment implements AutoCloseable {
  private Experiment() {}

  /** Opens a recording with no custom components but those of {@link Registry#services()}, nothing cached. */
  public static Experiment open(Path root, Map<String, ModalityConfig> modalities) {
    return open(root, modalities, false, Registry.services());
  }

  /**
   * Opens the configured devices of a recording; others are skipped. A configured device without a folder, or without
   * finite start and end, is left out with a warning.
   *
   * @param root the recording's folder; nothing is ever written into it
   * @param modalities one entry a device; their order is the devices' order
   * @param cacheData read everything into memory once
   * @param registry custom components
   * @throws org.syncline.error.RecordingException where a file is wrong, or no device is usable
   * @throws org.syncline.error.ConfigException where the configuration does not fit the device
   */
  public static Experiment open(
      Path root, Map<String, ModalityConfig> modalities, boolean cacheData, Registry registry) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the recording's folder. */
  public Path root() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the usable devices in the configuration's order. */
  public List<String> deviceNames() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns a device's interpolator; the experiment closes it.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   */
  public Interpolator device(String name) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the smallest start of all devices in seconds, as their meta.yml say. */
  public double startTime() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Returns the largest end of all devices in seconds, as their meta.yml say. */
  public double endTime() {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns the closed interval in which a device has values.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   */
  public TimeInterval validRange(String device) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Interpolates every device at the valid ones of the times; devices in the configuration's order. */
  public Map<String, Interpolation> interpolate(double[] times) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Interpolates one device at the valid ones of the times.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   */
  public Interpolation interpolate(double[] times, String device) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /**
   * Returns everything between two times: for each device its values at {@code from + k/rate} (each computed once, in
   * integers of a rational rate) for as long as that is below {@code to}, times without a value left out.
   *
   * @param from first time in seconds
   * @param to end in seconds, excluded
   * @param rates Hz by device; a device that is missing here has its configured rate, else the rate it is stored with
   * @throws IllegalArgumentException for an unknown device, a rate that is not positive, {@code from > to}, or a device
   *     that has no rate of its own and none here
   */
  public Map<String, TimedValues> query(double from, double to, Map<String, Double> rates) {
    throw new UnsupportedOperationException("not landed yet");
  }

  /** Closes every device; any number of times. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not landed yet");
  }
}
