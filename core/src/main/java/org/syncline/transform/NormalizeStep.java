/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import org.syncline.array.ElementType;

/** Subtracts and divides by statistics of each channel. */
final class NormalizeStep extends FrameStep {
  private final ChannelStatistics statistics;

  NormalizeStep(FrameShape shape, ChannelStatistics statistics) {
    super(shape, shape);
    this.statistics = statistics;
  }

  ChannelStatistics statistics() {
    return statistics;
  }

  @Override
  protected Bound bind(ElementType from, ElementType to, ChannelStatistics next) {
    return next == null ? new FinishPass(from, input(), to, statistics) : null;
  }

  @Override
  protected boolean constant(float[] channels) {
    for (int c = 0; c < input().channels(); c++) {
      channels[c] = statistics.normalize(c, channels[c]);
    }
    return true;
  }
}
