/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.example.events;

import java.util.Map;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;

/**
 * Marked points in time: `modality: events`.
 *
 * <p>The device's folder holds one .npy file a kind of mark: the times in seconds, ascending. Its
 * meta.yml names them: `marks: {lick: lick.npy, reward: reward.npy}`, beside `start_time` and
 * `end_time`.
 */
final class EventsModality implements Modality {
  static final String NAME = "events";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public DeviceMeta read(MetaFile file) {
    return new EventsMeta(
        file.folder(), file.number("start_time"), file.number("end_time"), file.files("marks"));
  }

  @Override
  public Map<String, Object> placeholders() {
    return Map.of("start_time", 0.0, "end_time", 0.0, "marks", Map.of());
  }
}
