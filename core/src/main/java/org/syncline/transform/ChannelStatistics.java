/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.util.Arrays;

/** A mean and a standard deviation for each channel of a frame, in float32. Immutable. */
public final class ChannelStatistics {
  private final float[] means;
  private final float[] stds;

  private ChannelStatistics(float[] means, float[] stds) {
    this.means = means;
    this.stds = stds;
  }

  /**
   * Rounds statistics to float32.
   *
   * @param channels number of channels
   * @param means one value, or one per channel; null where nothing is subtracted
   * @param stds one value, or one per channel
   */
  static ChannelStatistics of(int channels, double[] means, double[] stds) {
    float[] m = new float[channels];
    float[] s = new float[channels];
    for (int c = 0; c < channels; c++) {
      m[c] = means == null ? 0 : (float) means[means.length == 1 ? 0 : c];
      s[c] = (float) stds[stds.length == 1 ? 0 : c];
    }
    return new ChannelStatistics(m, s);
  }

  /** Returns the mean of a channel. */
  public float mean(int channel) {
    return means[channel];
  }

  /** Returns the standard deviation of a channel. */
  public float std(int channel) {
    return stds[channel];
  }

  /** Returns {@code (value - mean) / std} of a channel. */
  public float normalize(int channel, float value) {
    return (value - means[channel]) / stds[channel];
  }

  /** The means as kernels take them, one per channel; not to be changed. */
  float[] means() {
    return means;
  }

  /** The standard deviations as kernels take them, one per channel; not to be changed. */
  float[] stds() {
    return stds;
  }

  @Override
  public String toString() {
    return "ChannelStatistics(means "
        + Arrays.toString(means)
        + ", stds "
        + Arrays.toString(stds)
        + ")";
  }
}
