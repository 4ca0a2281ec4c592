/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.syncline.array.ElementType;
import org.syncline.device.support.ClipFinish;
import org.syncline.kernel.FillPass;
import org.syncline.transform.FramePlan;

/**
 * Writes frames of trials without a file, whose pixels are of one value. Immutable; each thread
 * writes through a {@link Cursor}.
 */
final class BlankFrames {
  /** From a frame in the interpolated size. */
  private final FramePlan plan;

  private final FillPass fillFinished;
  private final FillPass fillBlank;

  /**
   * Creates the writer.
   *
   * @param plan what is done to frames of float32 in the interpolated size
   */
  BlankFrames(FramePlan plan) {
    this.plan = plan;
    fillFinished = FillPass.of(plan.type());
    fillBlank = FillPass.of(ElementType.FLOAT32);
  }

  Cursor cursor(Arena arena) {
    return new Cursor(arena);
  }

  /** Scratch memory of one thread. */
  final class Cursor {
    private final Arena arena;
    private final float[] channels;

    /**
     * A frame of one value, made when first needed: where a plan makes more of it than a colour.
     */
    private MemorySegment blank = MemorySegment.NULL;

    private float blankValue;

    private Cursor(Arena arena) {
      this.arena = arena;
      int most = Math.max(plan.input().channels(), plan.output().channels());
      channels = new float[Math.max(3, most)];
    }

    /** Writes a frame of a clip. */
    void write(float value, ClipFinish.Cursor clip, long place) {
      Arrays.fill(channels, value);
      if (plan.constant(channels)) {
        for (int c = 0; c < plan.output().channels(); c++) {
          long at = place + c * clip.planeBytes();
          fillFinished.run(clip.destination(), at, plan.output().plane(), channels[c]);
        }
        return;
      }
      int count = plan.input().pixels();
      boolean made = blank.byteSize() > 0;
      if (!made) {
        blank = arena.allocate(4L * count, 64);
      }
      if (!made || Float.floatToRawIntBits(value) != Float.floatToRawIntBits(blankValue)) {
        blankValue = value;
        fillBlank.run(blank, 0, count, value);
      }
      plan.run(blank, 0, clip.scratch(), clip.destination(), place, clip.planeBytes());
    }
  }
}
