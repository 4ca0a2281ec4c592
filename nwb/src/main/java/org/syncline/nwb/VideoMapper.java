/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.format.writing.DeviceFiles;

/** A series of frames in the file: a screen of one video. */
record VideoMapper(H5Node series) implements Mapper {
  @Override
  public String modality() {
    return "screen";
  }

  @Override
  public long size() {
    return SequenceMapper.product(series.dataset("data").shape(), 0);
  }

  @Override
  public String write(Path folder, Job job) throws IOException {
    H5Node data = series.dataset("data");
    List<Long> frame = ScreenFiles.frame(data, 1, "frames of shape (T, H, W) or (T, H, W, 3)");
    long[] shape = data.shape();
    Clock clock = job.clock(series, shape[0]);
    Conversion conversion = ScreenFiles.pixels(data, job);
    Placement placement = new Placement(SequenceMapper.product(shape, 1), false, clock.rows());
    ScreenFiles.npy(
        folder.resolve("data/00000.npy"), data, conversion, placement, clock.samples(), job);
    Map<String, Object> trial = new LinkedHashMap<>();
    trial.put("modality", "video");
    trial.put("first_frame_idx", 0);
    trial.put("num_frames", clock.samples());
    trial.put("image_size", frame);
    trial.put("nwb_path", series.path());
    ScreenFiles.write(folder, clock, false, Map.of(DeviceFiles.trialKey(0), trial));
    Rest.of(series, job);
    return "1 video, "
        + clock.samples()
        + " frames of "
        + frame
        + " "
        + conversion.to().numpyName()
        + ", "
        + clock.describe();
  }
}
