/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.sequence;

import java.nio.file.Files;
import java.util.Map;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;

/** Signals in rows: {@code modality: sequence}. */
public final class SequenceModality implements Modality {
  static final String NAME = "sequence";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, Object> placeholders() {
    return Map.of(
        "start_time",
        0.0,
        "end_time",
        0.0,
        "sampling_rate",
        1.0,
        "dtype",
        "float32",
        "n_timestamps",
        0L,
        "n_signals",
        0L);
  }

  @Override
  public DeviceMeta read(MetaFile file) {
    return meta(file);
  }

  static SequenceMeta meta(MetaFile file) {
    double rate = Double.NaN;
    if (!file.isNull("sampling_rate")) {
      rate = file.number("sampling_rate");
      if (!(rate > 0) || Double.isInfinite(rate)) {
        throw file.error("sampling_rate", String.valueOf(rate), "a positive number of Hz", null);
      }
    } else if (!Files.exists(file.folder().resolve("timestamps.npy"))) {
      throw file.error(
          "sampling_rate",
          "nothing",
          "a positive number of Hz",
          "a sequence without a rate needs its own times in timestamps.npy");
    }
    boolean irregular = Double.isNaN(rate);
    boolean declared = !irregular || file.has("start_time") && file.has("end_time");
    boolean mapped = file.flag("is_mem_mapped", false);
    if (mapped) {
      for (String key : new String[] {"dtype", "n_timestamps", "n_signals"}) {
        if (file.isNull(key)) {
          throw file.error(
              key,
              "nothing",
              "a value, since is_mem_mapped is true",
              "data.mem has no header to read it from");
        }
      }
    }
    return new SequenceMeta(
        file.folder(),
        rate,
        declared ? file.number("start_time") : Double.NaN,
        declared ? file.number("end_time") : Double.NaN,
        declared,
        file.isNull("n_signals") ? -1 : (int) file.count("n_signals", Integer.MAX_VALUE),
        mapped,
        file.isNull("dtype") ? null : file.text("dtype"),
        file.isNull("n_timestamps") ? -1 : file.count("n_timestamps", 1L << 53),
        file.flag("phase_shift_per_signal", false));
  }

  @Override
  public String toString() {
    return "Modality(" + name() + ")";
  }
}
