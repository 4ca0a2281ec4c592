/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.intervals;

import java.nio.file.Path;
import java.util.Map;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;

/** Labelled intervals of time: {@code modality: time_interval}. */
public final class TimeIntervalModality implements Modality {
  static final String NAME = "time_interval";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> placeholders() {
    return Map.of("start_time", 0.0, "end_time", 0.0, "labels", Map.of());
  }

  @Override
  public DeviceMeta read(MetaFile file) {
    return meta(file);
  }

  static TimeIntervalMeta meta(MetaFile file) {
    Map<String, Path> labels = file.files("labels");
    return new TimeIntervalMeta(
        file.folder(), file.number("start_time"), file.number("end_time"), true, labels);
  }

  @Override
  public String toString() {
    return "Modality(" + name() + ")";
  }
}
