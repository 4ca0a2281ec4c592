/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.storage;

import java.nio.file.Path;
import org.syncline.error.RecordingException;

/**
 * How many frames a file has, and of what size.
 *
 * @param frames T, 1 for an image
 * @param height H
 * @param width W
 * @param channels C, or 0 where there is no channel axis
 */
public record FrameSize(long frames, int height, int width, int channels) {
  /**
   * Reads the size from a header.
   *
   * @param video whether the first axis is time
   * @throws RecordingException where the array has other axes than frames have
   */
  public static FrameSize of(Path file, NpyHeader header, boolean video) {
    long[] shape = header.shape();
    int first = video ? 1 : 0;
    if (shape.length != first + 2 && shape.length != first + 3) {
      throw RecordingException.of(
          file,
          "shape",
          header.shapeText(),
          video ? "a video: (T, H, W) or (T, H, W, 3)" : "an image: (H, W) or (H, W, 3)",
          null);
    }
    int height = ArrayFiles.intAxis(file, header, shape[first]);
    int width = ArrayFiles.intAxis(file, header, shape[first + 1]);
    int channels =
        shape.length == first + 3 ? ArrayFiles.intAxis(file, header, shape[first + 2]) : 0;
    if (shape.length == first + 3 && channels == 0) {
      throw RecordingException.of(
          file, "shape", header.shapeText(), "a channel axis of at least 1", null);
    }
    return new FrameSize(video ? shape[0] : 1, height, width, channels);
  }
}
