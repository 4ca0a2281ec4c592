/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.device.support.ClipFinish;
import org.syncline.transform.FramePlan;

/**
 * The plans of a screen's frames: one for each layout in which its files store them, compiled when
 * it is first needed, and one for blanks. Shared by threads.
 */
final class LayoutPlans {
  private final ScreenInterpolator source;
  private final ClipFinish clips;

  // by the number of the stored layout
  private volatile FramePlan[] plans = {};

  LayoutPlans(ScreenInterpolator source, Finish finish) {
    this.source = source;
    clips =
        new ClipFinish(
            source.folder(),
            finish,
            interpolated(FramePlan.builder(ElementType.FLOAT32, source.target(), false)));
  }

  private FramePlan.Builder interpolated(FramePlan.Builder stored) {
    source.interpolate(stored);
    return stored;
  }

  /** Returns what finishes the clips that the plans write. */
  ClipFinish clips() {
    return clips;
  }

  /** Returns the plan of frames of float32 in the interpolated size, as blanks are. */
  FramePlan blanks() {
    return clips.first();
  }

  /** Returns the plan of a stored layout. */
  FramePlan of(int layout) {
    FramePlan[] known = plans;
    return layout < known.length && known[layout] != null ? known[layout] : compile(layout);
  }

  private synchronized FramePlan compile(int layout) {
    FramePlan[] grown = Arrays.copyOf(plans, Math.max(plans.length, layout + 1));
    if (grown[layout] == null) {
      TrialFrames.Layout stored = source.files().layout(layout);
      grown[layout] =
          clips.plan(interpolated(FramePlan.builder(stored.type(), stored.shape(), true)));
      plans = grown;
    }
    return grown[layout];
  }
}
