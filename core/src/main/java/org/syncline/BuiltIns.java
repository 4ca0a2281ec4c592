/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.device.intervals.TimeIntervalModality;
import org.syncline.device.screen.ScreenModality;
import org.syncline.device.sequence.SequenceModality;
import org.syncline.device.spikes.SpikesModality;

/** The modalities of the library itself: every registry starts with them. */
final class BuiltIns implements RegistryProvider {
  @Override
  public void register(Registry.Builder registry) {
    registry.modality(new SequenceModality());
    registry.modality(new ScreenModality());
    registry.modality(new TimeIntervalModality());
    registry.modality(new SpikesModality());
  }
}
