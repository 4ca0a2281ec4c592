/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.nio.file.Path;
import java.util.Map;

/**
 * Makes a custom interpolator that a configuration names with {@code interpolation: {_target_: …}}.
 */
@FunctionalInterface
public interface InterpolatorFactory {
  /**
   * Opens the interpolator of one device.
   *
   * @param folder the device's folder; it need not exist
   * @param arguments the other keys beside {@code _target_}
   */
  Interpolator open(Path folder, Map<String, Object> arguments);
}
