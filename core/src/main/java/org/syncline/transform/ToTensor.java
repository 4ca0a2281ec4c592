/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

/** Changes nothing: frames are tensors already, and are never divided by 255. */
record ToTensor() implements FrameTransform {
  static final TransformType TYPE =
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
