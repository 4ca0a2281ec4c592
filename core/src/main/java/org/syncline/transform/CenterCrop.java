/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

import java.lang.foreign.MemorySegment;

/**
 * Cuts out the middle, as torchvision's CenterCrop does: a frame that is too small is padded with 0
 * first, and half a pixel too many goes to the even side.
 *
 * @param height rows kept
 * @param width columns kept
 */
public record CenterCrop(int height, int width) implements ScreenTransform {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException where it is not positive
   */
  public CenterCrop {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "size is (" + height + ", " + width + "), expected positive lengths");
    }
  }

  @Override
  public FrameShape outputShape(FrameShape input) {
    return new FrameShape(input.channels(), height, width);
  }

  /**
   * Returns the first row or column kept of {@code source}; negative: so many are padded before it.
   */
  public static int first(int source, int kept) {
    // rint is Python's round; padding puts the smaller half before
    return kept > source ? -((kept - source) / 2) : (int) Math.rint((source - kept) / 2.0);
  }

  @Override
  public void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment destination) {
    int top = first(shape.height(), height);
    int left = first(shape.width(), width);
    int rows = Math.min(height, shape.height());
    int columns = Math.min(width, shape.width());
    destination.asSlice(0, 4L * frames * shape.channels() * height * width).fill((byte) 0);
    for (long p = 0; p < (long) frames * shape.channels(); p++) {
      for (int y = 0; y < rows; y++) {
        long from = (p * shape.height() + y + Math.max(top, 0)) * shape.width() + Math.max(left, 0);
        long to = (p * height + y + Math.max(-top, 0)) * width + Math.max(-left, 0);
        MemorySegment.copy(source, 4 * from, destination, 4 * to, 4L * columns);
      }
    }
  }
}
