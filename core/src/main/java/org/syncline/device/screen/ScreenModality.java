/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.util.Map;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;

/** Frames in trials: {@code modality: screen}. */
public final class ScreenModality implements Modality {
  static final String NAME = "screen";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> placeholders() {
    return Map.of("start_time", 0.0, "end_time", 0.0);
  }

  @Override
  public DeviceMeta read(MetaFile file) {
    return meta(file);
  }

  static ScreenMeta meta(MetaFile file) {
    boolean declared = file.has("start_time") && file.has("end_time");
    return new ScreenMeta(
        file.folder(),
        declared ? file.number("start_time") : Double.NaN,
        declared ? file.number("end_time") : Double.NaN,
        declared,
        file.flag("use_stimuli_names", false),
        file.isNumber("frame_rate") ? file.number("frame_rate") : Double.NaN);
  }

  @Override
  public String toString() {
    return "Modality(" + name() + ")";
  }
}
