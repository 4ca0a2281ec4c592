/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.support;

import java.util.Locale;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;

/** Configurations of devices with columns, for tests. */
public final class ColumnConfigs {
  private ColumnConfigs() {}

  public static ModalityConfig config(
      double window, String align, double sigma, int[] columns, long[] unitIds) {
    InterpolationConfig options =
        InterpolationConfig.builder()
            .window(window)
            .align(InterpolationConfig.Align.valueOf(align.toUpperCase(Locale.ROOT)))
            .smoothingSigma(sigma)
            .build();
    return ModalityConfig.builder()
        .interpolation(options)
        .columns(columns)
        .unitIds(unitIds)
        .build();
  }

  public static ModalityConfig config() {
    return config(0.3, "center", 0, null, null);
  }
}
