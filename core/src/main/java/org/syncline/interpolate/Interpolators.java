/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.interpolate;

import java.nio.file.Path;
import java.util.Map;
import org.syncline.config.ModalityConfig;

/** Opens devices by what their meta.yml says they are. */
public final class Interpolators {
  private Interpolators() {}

  /**
   * Opens a device.
   *
   * @param folder the device's folder
   * @param config how it is read; {@code interpolation.target} names one of the custom interpolators
   * @param cache whether data is read into memory once
   * @param custom registered interpolators by the name that {@code _target_} gives
   * @throws org.syncline.error.RecordingException where a file is missing or wrong
   * @throws org.syncline.error.ConfigException where an option is wrong or a custom interpolator is not known
   */
  public static Interpolator open(
      Path folder, ModalityConfig config, boolean cache, Map<String, InterpolatorFactory> custom) {
    throw new UnsupportedOperationException();
  }
}
