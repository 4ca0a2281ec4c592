/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.filter.builtin;

import org.syncline.config.Target;
import org.syncline.device.Interpolator;
import org.syncline.error.ConfigException;

/** Says that a filter of stored samples was given to a device without any. */
final class StoredSamples {
  private StoredSamples() {}

  /**
   * Returns the error.
   *
   * @param use what the filter does with samples, as "nan_filter looks for NaN"
   */
  static ConfigException missing(Target target, Interpolator device, String use) {
    return new ConfigException(
        target.source(),
        0,
        target.key(),
        "found a "
            + device.getClass().getSimpleName()
            + ", which has no stored samples, expected a device that has, like a sequence: "
            + use
            + " in them; remove it from this device");
  }
}
