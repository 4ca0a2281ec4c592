/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.intervals;

import java.nio.file.Path;
import java.util.Map;
import org.syncline.device.support.DeviceMeta;

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
  @Override
  public String modality() {
    return "time_interval";
  }
}
