/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.IOException;
import java.nio.file.Path;
import org.syncline.error.RecordingException;
import org.syncline.format.Fields;
import org.syncline.storage.Pointers;

/**
 * What the container of a video says of its frames: nothing is decoded.
 *
 * @param height of a frame as it is stored, 0 where nothing is said
 * @param width of it
 * @param frames how many there are, or more than were asked for
 * @param messages what the program said that is wrong, empty for nothing
 */
public record VideoListing(int height, int width, long frames, String messages) {
  /**
   * Lists the frames of a file.
   *
   * @throws RecordingException where it is no video of a known container, or is damaged
   * @throws DecodingException where there is no program that reads it; names what was tried
   */
  public static VideoListing of(Path file) {
    Stimulus any = new Stimulus(file, "00000", true, Integer.MAX_VALUE, 1, 1, 0);
    VideoListing found;
    try {
      found = new VideoDecoder(Ffmpeg.find(), any, () -> false).listing();
    } catch (IOException e) {
      throw Fields.unreadable(file, e);
    }
    if (found.height == 0 || found.frames == 0 || !found.messages.isEmpty()) {
      throw RecordingException.of(
          file,
          null,
          found.messages.isEmpty() ? "no frame" : found.messages,
          "a video that ffmpeg reads without an error",
          Pointers.advice(
              file, "the file is damaged or truncated, or no video of a known container"));
    }
    return found;
  }
}
