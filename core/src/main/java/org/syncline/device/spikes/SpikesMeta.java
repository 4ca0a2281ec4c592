/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.spikes;

import java.nio.file.Path;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolator;
import org.syncline.device.Problems;

/**
 * meta.yml of spikes.
 *
 * @param folder the device's folder
 * @param startTime s, or NaN
 * @param endTime s, or NaN
 * @param timesDeclared see {@link DeviceMeta#timesDeclared()}
 * @param spikeIndices n + 1 ascending offsets of the n units into the flat array, the first 0;
 *     callers must not change it
 * @param memMapped spike times are in spikes.mem, else in spikes.npy
 * @param dtype NumPy name or descriptor of spikes.mem; float64 where not declared
 */
public record SpikesMeta(
    Path folder,
    double startTime,
    double endTime,
    boolean timesDeclared,
    long[] spikeIndices,
    boolean memMapped,
    String dtype)
    implements DeviceMeta {
  @Override
  public String modality() {
    return SpikesModality.NAME;
  }

  /** Returns the number of units. */
  public int units() {
    return Math.max(spikeIndices.length - 1, 0);
  }

  /** Returns the file of the spike times: spikes.mem or spikes.npy. */
  public Path dataFile() {
    return folder.resolve(memMapped ? "spikes.mem" : "spikes.npy");
  }

  @Override
  public Interpolator open(ModalityConfig config, boolean cache) {
    return SpikeInterpolator.open(this, config, cache);
  }

  @Override
  public void check(Problems problems) {
    new SpikeCheck(problems).check(this);
  }

  /** Counts in windows that follow each other. */
  @Override
  public ModalityConfig defaults(double rate) {
    return ModalityConfig.builder()
        .interpolation(
            InterpolationConfig.builder()
                .window(1 / rate)
                .align(InterpolationConfig.Align.LEFT)
                .build())
        .build();
  }
}
