/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import org.syncline.device.intervals.TimeIntervalModality;
import org.syncline.device.screen.ScreenModality;
import org.syncline.device.sequence.SequenceModality;
import org.syncline.device.spikes.SpikesModality;
import org.syncline.filter.builtin.FiniteFilter;
import org.syncline.filter.builtin.LabelFilter;
import org.syncline.filter.builtin.NanFilter;
import org.syncline.transform.builtin.CenterCrop;
import org.syncline.transform.builtin.Grayscale;
import org.syncline.transform.builtin.Normalize;
import org.syncline.transform.builtin.Resize;
import org.syncline.transform.builtin.ToTensor;

/** The components of the library itself: every registry starts with them. */
final class BuiltIns implements RegistryProvider {
  @Override
  public void register(Registry.Builder registry) {
    registry.modality(new SequenceModality());
    registry.modality(new ScreenModality());
    registry.modality(new TimeIntervalModality());
    registry.modality(new SpikesModality());
    registry.filter(FiniteFilter.TYPE.name(), FiniteFilter.TYPE);
    registry.filter(LabelFilter.TYPE.name(), LabelFilter.TYPE);
    registry.filter(NanFilter.TYPE.name(), NanFilter.TYPE);
    registry.transform(CenterCrop.TYPE.name(), CenterCrop.TYPE);
    registry.transform(Grayscale.TYPE.name(), Grayscale.TYPE);
    registry.transform(Normalize.TYPE.name(), Normalize.TYPE);
    registry.transform(Resize.TYPE.name(), Resize.TYPE);
    registry.transform(ToTensor.TYPE.name(), ToTensor.TYPE);
  }

  @Override
  public String toString() {
    return "the components of Syncline";
  }
}
