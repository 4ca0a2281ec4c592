/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import org.syncline.config.schema.ConfigKey;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameTransform;
import org.syncline.transform.ScreenTransform;

/**
 * Cuts out the middle, as torchvision's CenterCrop does: a frame that is too small is padded with 0
 * first, and half a pixel too many goes to the even side.
 *
 * @param height rows kept
 * @param width columns kept
 */
public record CenterCrop(int height, int width) implements FrameTransform {
  private static final ConfigKey SIZE =
      TransformArguments.lengths("size", "What is kept; one length is that of both edges.")
          .required()
          .example("[96, 96]");

  /** The transform as configurations name it. */
  public static final TransformType TYPE =
      new TransformType(
          "CenterCrop", "Cuts out the middle; a frame that is too small is padded with 0.", SIZE) {
        @Override
        ScreenTransform create(TransformArguments arguments) {
          int[] size = arguments.lengths(SIZE);
          return new CenterCrop(size[0], size[size.length - 1]);
        }
      };

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

  @Override
  public void append(FramePlan.Builder plan) {
    FrameShape in = plan.shape();
    if (in.height() != height || in.width() != width) {
      plan.add(
          new CropStep(in, first(in.height(), height), first(in.width(), width), height, width));
    }
  }

  /**
   * Returns the first row or column kept of {@code source}; negative: so many are padded before it.
   */
  private static int first(int source, int kept) {
    // rint is Python's round; padding puts the smaller half before
    return kept > source ? -((kept - source) / 2) : (int) Math.rint((source - kept) / 2.0);
  }
}
