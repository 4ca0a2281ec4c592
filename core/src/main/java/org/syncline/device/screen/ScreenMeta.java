/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NormalizationConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.Problems;
import org.syncline.device.support.Findings;
import org.syncline.format.Statistics;
import org.syncline.storage.Npy;

/**
 * meta.yml of a screen.
 *
 * @param folder the device's folder
 * @param startTime s, or NaN: the first of timestamps.npy
 * @param endTime s, or NaN: the last of timestamps.npy
 * @param timesDeclared see {@link DeviceMeta#timesDeclared()}
 * @param useStimuliNames pixels are in files named after the stimulus
 * @param frameRate Hz, informative; NaN where not declared
 */
public record ScreenMeta(
    Path folder,
    double startTime,
    double endTime,
    boolean timesDeclared,
    boolean useStimuliNames,
    double frameRate)
    implements DeviceMeta {
  /** Rate in Hz of a screen whose meta.yml does not say its frame rate. */
  private static final double COMMON_FRAME_RATE = 30;

  @Override
  public String modality() {
    return ScreenModality.NAME;
  }

  /** Returns timestamps.npy. */
  public Path timestampsFile() {
    return folder.resolve("timestamps.npy");
  }

  @Override
  public Interpolator open(ModalityConfig config, boolean cache) {
    return ScreenInterpolator.open(this, config.interpolation(), cache);
  }

  @Override
  public void check(Problems problems) {
    new ScreenCheck(problems).check(this);
  }

  @Override
  public double defaultRate() {
    return frameRate > 0 ? frameRate : COMMON_FRAME_RATE;
  }

  @Override
  public double leadRank() {
    return Double.POSITIVE_INFINITY;
  }

  /** Resizes frames to one size, and normalises with stored statistics of one value. */
  @Override
  public ModalityConfig defaults(double rate) {
    ModalityConfig.Builder modality =
        ModalityConfig.builder().interpolation(InterpolationConfig.builder().rescale(true).build());
    if (oneValue("means", false) && oneValue("stds", true)) {
      modality.normalization(NormalizationConfig.of(NormalizationConfig.Mode.NORMALIZE));
    }
    return modality.build();
  }

  private boolean oneValue(String name, boolean noZero) {
    Path file = Statistics.file(folder, name);
    if (!Findings.isThere(file)) {
      return false;
    }
    double[] values = Npy.readDoubles(file).values();
    return values.length == 1 && !(noZero && values[0] == 0);
  }
}
