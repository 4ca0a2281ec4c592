/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import java.util.Arrays;
import org.syncline.config.InterpolationConfig;
import org.syncline.decode.EncodedTypes;
import org.syncline.device.support.Findings;
import org.syncline.device.trials.TrialIndex;
import org.syncline.device.trials.TrialKind;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;
import org.syncline.transform.FrameShape;

/**
 * The size of a screen's frames as they are interpolated.
 *
 * @param frame channels, height and width; one channel where frames have no axis of channels
 * @param channelAxis whether interpolated frames have an axis of channels
 */
record ScreenSize(FrameShape frame, boolean channelAxis) {
  /**
   * Finds the size: the configured one, else that of the first trial that says one, else that of
   * the first stored file.
   *
   * @throws RecordingException where no trial has a size, or one that frames cannot have
   * @throws ConfigException for a configured size that frames cannot have
   */
  static ScreenSize of(Path folder, TrialIndex trials, InterpolationConfig options) {
    int first = firstSized(trials);
    int[] stored =
        first < 0
            ? storedSize(trials)
            : new int[] {trials.height(first), trials.width(first), trials.channels(first)};
    int[] size = options.rescaleSize() == null ? stored : options.rescaleSize();
    if (size == null) {
      throw RecordingException.of(
          folder,
          "image_size",
          "no trial that has it",
          "the frames' size",
          "give image_size [H, W] in the metadata of a trial, or set interpolation.rescale_size");
    }
    if (options.rescaleSize() != null) {
      check(folder, options, size, stored);
    }
    int channels = stored == null ? 0 : stored[2];
    if (channels != 0 && channels != 1 && channels != 3) {
      throw RecordingException.of(
          folder, "image_size", channels + " channels", "[H, W] or [H, W, 3]", null);
    }
    return new ScreenSize(shape(folder, options, Math.max(1, channels), size), channels != 0);
  }

  private static int firstSized(TrialIndex trials) {
    for (int t = 0; t < trials.size(); t++) {
      if (trials.height(t) > 0 && trials.width(t) > 0) {
        return t;
      }
    }
    return -1;
  }

  /**
   * Returns {H, W, C} of the first trial that has a file, for exports without image_size; null
   * where there is none.
   */
  private static int[] storedSize(TrialIndex trials) {
    for (int t = 0; t < trials.size(); t++) {
      if (trials.hasFile(t) && !EncodedTypes.isEncoded(trials.file(t))) {
        long[] shape = Npy.header(trials.file(t)).shape();
        int axis = trials.kind(t) == TrialKind.VIDEO ? 1 : 0;
        if (shape.length >= axis + 2) {
          int channels = shape.length > axis + 2 ? Math.toIntExact(shape[axis + 2]) : 0;
          return new int[] {
            Math.toIntExact(shape[axis]), Math.toIntExact(shape[axis + 1]), channels
          };
        }
      }
    }
    return null;
  }

  private static FrameShape shape(
      Path folder, InterpolationConfig options, int channels, int[] size) {
    try {
      return new FrameShape(channels, size[0], size[1]);
    } catch (IllegalArgumentException e) {
      if (options.rescaleSize() == null) {
        throw RecordingException.of(
            folder, "image_size", e.getMessage(), "frames of a screen", null, e);
      }
      throw new ConfigException(
          folder.toString(), 0, "interpolation.rescale_size", "makes " + e.getMessage());
    }
  }

  private static void check(Path folder, InterpolationConfig options, int[] size, int[] stored) {
    if (size.length != 2 || size[0] < 1 || size[1] < 1) {
      throw new ConfigException(
          folder.toString(),
          0,
          "interpolation.rescale_size",
          "is " + Arrays.toString(size) + ", expected [height, width], both positive");
    }
    if (!options.rescale() && stored != null && (size[0] != stored[0] || size[1] != stored[1])) {
      throw new ConfigException(
          folder.toString(),
          0,
          "interpolation.rescale_size",
          "is "
              + Arrays.toString(size)
              + " but frames are stored as ["
              + stored[0]
              + ", "
              + stored[1]
              + "]: set rescale to true, or leave rescale_size out");
    }
    if (stored != null && FrameShape.areReversed(stored[0], stored[1], size[0], size[1])) {
      Findings.warn(
          folder,
          "interpolation.rescale_size",
          Arrays.toString(size),
          "[height, width] about as [" + stored[0] + ", " + stored[1] + "], as frames are stored",
          "it squeezes frames to the reverse of their proportions: is it [width, height]?");
    }
  }
}
