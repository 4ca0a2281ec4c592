/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameTransform;
import org.syncline.transform.ScreenTransform;

/** Changes nothing: frames are tensors already, and are never divided by 255. */
public record ToTensor() implements FrameTransform {
  /** The transform as configurations name it. */
  public static final TransformType TYPE =
      new TransformType("ToTensor", "Changes nothing: frames are tensors already, unscaled.") {
        @Override
        ScreenTransform create(TransformArguments arguments) {
          return new ToTensor();
        }
      };

  @Override
  public FrameShape outputShape(FrameShape input) {
    return input;
  }

  @Override
  public void append(FramePlan.Builder plan) {
    // no step
  }
}
