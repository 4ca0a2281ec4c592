/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.intervals;

import java.nio.file.Path;
import java.util.Map;
import org.syncline.config.ModalityConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.Problems;

/**
 * meta.yml of labelled intervals.
 *
 * @param folder the device's folder
 * @param startTime s, or NaN
 * @param endTime s, or NaN
 * @param timesDeclared see {@link DeviceMeta#timesDeclared()}
 * @param labels file of each label, in meta.yml's order, inside the folder
 */
public record TimeIntervalMeta(
    Path folder, double startTime, double endTime, boolean timesDeclared, Map<String, Path> labels)
    implements DeviceMeta {
  /** Hz. */
  private static final double DEFAULT_RATE = 30;

  @Override
  public String modality() {
    return TimeIntervalModality.NAME;
  }

  @Override
  public Interpolator open(ModalityConfig config, boolean cache) {
    return TimeIntervalInterpolator.open(this, config, cache);
  }

  @Override
  public void check(Problems problems) {
    new TimeIntervalCheck(problems).check(this);
  }

  @Override
  public double defaultRate() {
    return DEFAULT_RATE;
  }
}
