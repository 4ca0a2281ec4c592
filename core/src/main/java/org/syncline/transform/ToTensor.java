/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;

/** Changes nothing: frames are tensors already, and are never divided by 255. */
public record ToTensor() implements ScreenTransform {
  @Override
  public FrameShape outputShape(FrameShape input) {
    return input;
  }

  @Override
  public void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
    MemorySegment.copy(source, 0, destination, 0, 4L * frames * shape.pixels());
  }
}
