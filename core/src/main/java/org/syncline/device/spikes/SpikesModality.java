/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import java.util.List;
import java.util.Map;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;

/** Times of spikes, unit by unit: {@code modality: spikes}. */
public final class SpikesModality implements Modality {
  static final String NAME = "spikes";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> placeholders() {
    return Map.of(
        "start_time", 0.0, "end_time", 0.0, "spike_indices", List.of(0L), "dtype", "float32");
  }

  @Override
  public DeviceMeta read(MetaFile file) {
    return meta(file);
  }

  static SpikesMeta meta(MetaFile file) {
    long[] indices = file.counts("spike_indices");
    for (int i = 1; i < indices.length; i++) {
      if (indices[i] < indices[i - 1]) {
        throw file.error(
            "spike_indices[" + i + "]",
            indices[i] + " after " + indices[i - 1],
            "offsets that do not descend",
            null);
      }
    }
    if (!file.isNull("n_signals")) {
      long signals = file.count("n_signals", Integer.MAX_VALUE);
      int units = Math.max(indices.length - 1, 0);
      if (signals != units) {
        throw file.error(
            "n_signals",
            String.valueOf(signals),
            units + ", as spike_indices has " + indices.length + " offsets",
            null);
      }
    }
    return new SpikesMeta(
        file.folder(),
        file.number("start_time"),
        file.number("end_time"),
        true,
        indices,
        file.flag("is_mem_mapped", false),
        file.isNull("dtype") ? "float64" : file.text("dtype"));
  }

  @Override
  public String toString() {
    return "Modality(" + name() + ")";
  }
}
