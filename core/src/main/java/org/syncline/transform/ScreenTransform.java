/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;

/**
 * A step applied to clips of float32 frames (T, C, H, W), before normalisation; the built-in ones
 * carry torchvision's names ({@link ScreenTransforms}).
 *
 * <p>Implementations are immutable: one object serves several threads and several recordings at
 * once. A transform sees a chunk's whole clip in one call, so that it may treat all frames of the
 * clip alike or look along time; the number of frames cannot change.
 */
public interface ScreenTransform {
  /**
   * Returns the shape of the frames that {@link #apply} writes for frames of the given shape;
   * called when a recording is opened.
   *
   * @throws IllegalArgumentException where frames of this shape cannot be transformed
   */
  FrameShape outputShape(FrameShape input);

  /**
   * Transforms a clip. Built-in transforms allocate nothing on the heap but Resize's tables.
   *
   * @param source native, {@code (frames, C, H, W)} float32 in C order, NaN possible; not to be
   *     written
   * @param shape shape of the source's frames
   * @param frames number of frames
   * @param destination native, room for {@code (frames, C', H', W')}, every value of which is
   *     written; it does not overlap the source, and neither is to be kept after the call
   */
  void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment destination);
}
