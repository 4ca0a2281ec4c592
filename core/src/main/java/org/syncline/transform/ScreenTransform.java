/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;

/**
 * A step applied to clips of float32 frames (T, C, H, W), before normalisation. The built-in ones
 * carry torchvision's names (Resize, CenterCrop, …).
 *
 * <p>A transform that treats every frame by itself is better written as a {@link FrameTransform}:
 * it becomes part of the one pass over a frame that writes finished values. One that implements
 * {@link #apply} sees a chunk's whole clip in one call, so that it may treat all its frames alike
 * or look along time; the number of frames cannot change. Normalisation, NaN policy and element
 * type are applied to what either gives.
 *
 * <p>Implementations are immutable: one object serves several threads and several recordings at
 * once.
 */
public interface ScreenTransform {
  /**
   * Returns the shape of the frames that come of frames of the given shape; called when a recording
   * is opened.
   *
   * @throws IllegalArgumentException where frames of this shape cannot be transformed
   */
  FrameShape outputShape(FrameShape input);

  /**
   * Transforms a clip by itself. NaN is a value like any other.
   *
   * @param source native, {@code (frames, C, H, W)} float32 in C order, NaN possible; not to be
   *     written
   * @param shape shape of the source's frames
   * @param frames number of frames
   * @param destination native, room for {@code (frames, C', H', W')} float32, every value of which
   *     is written; it does not overlap the source, and neither is to be kept after the call
   * @throws IllegalArgumentException where {@link #outputShape} throws it
   */
  void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment destination);

  /**
   * Appends this transform to a plan, which is compiled when a recording is opened. By default
   * {@link #apply} is called for whole clips, between the frame steps before and after.
   */
  default void append(FramePlan.Builder plan) {
    plan.addClip(this);
  }

  /**
   * Returns whether pixels 0 … 255 stay in that range, so that a uint8 tensor can hold them; true
   * by default.
   */
  default boolean keepsPixelRange() {
    return true;
  }
}
