/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.nio.file.Path;
import org.syncline.error.RecordingException;
import org.syncline.storage.Pointers;

/**
 * An encoded file, and what the metadata of its trial say of its frames.
 *
 * @param file the encoded file
 * @param trial key of the trial, for messages
 * @param axis whether decoded frames have an axis of time, as those of a video trial
 * @param frames how many there must be
 * @param height of each
 * @param width of each
 * @param channels 0: grey without an axis of channels, 1: grey with one, 3: red, green and blue
 */
public record Stimulus(
    Path file, String trial, boolean axis, int frames, int height, int width, int channels) {

  /** Returns bytes of a decoded frame. */
  long frameBytes() {
    return (long) height * width * Math.max(1, channels);
  }

  /** Returns the bytes of all frames. */
  public long bytes() {
    return frames * frameBytes();
  }

  /** Returns the shape of the decoded array. */
  long[] shape() {
    long[] shape = new long[(axis ? 3 : 2) + (channels > 0 ? 1 : 0)];
    int at = 0;
    if (axis) {
      shape[at++] = frames;
    }
    shape[at++] = height;
    shape[at++] = width;
    if (channels > 0) {
      shape[at] = channels;
    }
    return shape;
  }

  RecordingException fault(String found, String expected, String advice, Throwable cause) {
    return RecordingException.of(
        file, "trial " + trial, found, expected, Pointers.advice(file, advice), cause);
  }

  /** Checks the size of the frames that are in the file. */
  void checkSize(long foundHeight, long foundWidth) {
    if (foundHeight != height || foundWidth != width) {
      throw fault(
          "frames of " + foundHeight + " x " + foundWidth,
          height + " x " + width + ", as image_size says",
          "write the stored size into image_size; interpolation.rescale resizes frames",
          null);
    }
  }

  /** Checks how many frames are in the file. */
  void checkCount(long found, boolean more) {
    if (more || found != frames) {
      throw fault(
          more ? "more than " + frames + " frames" : found + " frames",
          frames + (frames == 1 ? " frame" : " frames") + ", as the trial's metadata say",
          more
              ? "num_frames is too small, or the file belongs to another trial"
                  + (frames == 1 ? "; a video has a time for each frame" : "")
              : "the file is truncated, or its metadata belong to another one",
          null);
    }
  }
}
