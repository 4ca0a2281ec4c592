/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.storage.FrameArray;
import org.syncline.transform.FrameShape;

/**
 * The frames of one trial's file, mapped or in memory.
 *
 * @param file the file as opened
 * @param memory where the frames are: the map, or a copy of it
 * @param layout number of the file's {@link Layout} in its screen
 */
record TrialFrames(FrameArray file, MemorySegment memory, int layout) {
  /**
   * How frames are stored.
   *
   * @param type element type
   * @param shape channels, height and width; three channels are interleaved
   */
  record Layout(ElementType type, FrameShape shape) {}

  /** Touches a frame's pages before a vector kernel reads them. */
  void guard(long frame) {
    if (memory == file.segment()) {
      file.guard(frame, 1);
    }
  }
}
