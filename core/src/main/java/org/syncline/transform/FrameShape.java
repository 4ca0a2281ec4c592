/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform;

/**
 * Shape of one frame of a clip.
 *
 * @param channels planes of a frame, at least 1
 * @param height rows, at least 1
 * @param width pixels in a row, at least 1
 */
public record FrameShape(int channels, int height, int width) {
  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException where one is not positive, or a frame has more than 2^30
   *     pixels
   */
  public FrameShape {
    if (channels < 1 || height < 1 || width < 1 || (long) channels * height * width > 1 << 30) {
      throw new IllegalArgumentException(
          "a frame of shape ("
              + channels
              + ", "
              + height
              + ", "
              + width
              + "), expected 1 to 2^30 pixels in all");
    }
  }

  /** Returns the number of pixels of one channel. */
  public int plane() {
    return height * width;
  }

  /** Returns the number of values of a frame. */
  public int pixels() {
    return channels * plane();
  }

  /**
   * Returns whether frames of one size have the reverse of another's proportions: what comes of
   * lengths in the order of OpenCV and Pillow, width first.
   */
  public static boolean areReversed(int height, int width, int otherHeight, int otherWidth) {
    return height != width && (long) height * otherHeight == (long) width * otherWidth;
  }

  // what the compiler writes for records is linked by method handles when it is first called: 7 ms
  // of an opening
  @Override
  public boolean equals(Object other) {
    return other instanceof FrameShape s
        && channels == s.channels
        && height == s.height
        && width == s.width;
  }

  @Override
  public int hashCode() {
    return (channels * 31 + height) * 31 + width;
  }

  /** Returns {@code (C, H, W)} as text. */
  @Override
  public String toString() {
    return "(" + channels + ", " + height + ", " + width + ")";
  }
}
