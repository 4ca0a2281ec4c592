/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.util.List;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;

/** Configurations of devices with columns, for tests. */
public final class ColumnConfigs {
  private ColumnConfigs() {}

  public static ModalityConfig config(
      double window, String align, double sigma, int[] columns, long[] unitIds) {
    InterpolationConfig d = InterpolationConfig.DEFAULT;
    InterpolationConfig options =
        new InterpolationConfig(
            d.mode(), false, false, false, null, false, null, null, window, align, sigma, null);
    return new ModalityConfig(
        null, null, 0, 1, null, false, null, List.of(), options, List.of(), null, columns, unitIds);
  }

  public static ModalityConfig config() {
    return config(0.3, "center", 0, null, null);
  }
}
