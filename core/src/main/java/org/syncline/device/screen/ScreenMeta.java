/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import org.syncline.device.support.DeviceMeta;

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
  @Override
  public String modality() {
    return "screen";
  }

  /** Returns timestamps.npy. */
  public Path timestampsFile() {
    return folder.resolve("timestamps.npy");
  }
}
