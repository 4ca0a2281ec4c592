/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;

/**
 * A screen transform that treats every frame of a clip alike and by itself, as the built-in ones
 * do: it is compiled into the {@link FramePlan} of the frames, which runs its {@linkplain FrameStep
 * steps} fused with what stands before and after them.
 */
public interface FrameTransform extends ScreenTransform {
  /**
   * Appends the transform's steps, none where it changes nothing; they lead to frames of {@link
   * #outputShape}.
   */
  @Override
  void append(FramePlan.Builder plan);

  /**
   * {@inheritDoc}
   *
   * <p>Runs the plan of this transform alone: the bits are those of a fused one. The plan is
   * compiled at every call.
   */
  @Override
  default void apply(
      MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
    FramePlan.of(this, shape).runAll(source, frames, destination);
  }
}
