/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import java.util.Arrays;
import org.syncline.config.schema.ConfigKey;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameTransform;
import org.syncline.transform.ScreenTransform;

/**
 * Subtracts means and divides by standard deviations in float32, as torchvision's Normalize does.
 *
 * @param mean one value, or one per channel; not to be changed afterwards
 * @param std likewise; none is 0
 */
public record Normalize(float[] mean, float[] std) implements FrameTransform {
  private static final ConfigKey MEAN =
      TransformArguments.perChannel("mean", "What is subtracted from each pixel.").example("[0.5]");
  private static final ConfigKey STD =
      TransformArguments.perChannel("std", "What each pixel is then divided by; not 0.")
          .example("[0.25]");
  private static final ConfigKey IN_PLACE =
      ConfigKey.flag("inplace", false, "Accepted and without effect.").example("true");

  /** The transform as configurations name it. */
  public static final TransformType TYPE =
      new TransformType(
          "Normalize",
          "Subtracts means and divides by standard deviations, in float32.",
          MEAN,
          STD,
          IN_PLACE) {
        @Override
        ScreenTransform create(TransformArguments arguments) {
          return new Normalize(arguments.perChannel(MEAN), arguments.perChannel(STD));
        }
      };

  /**
   * Checks the statistics.
   *
   * @throws IllegalArgumentException for no mean or no std, a std of 0, or lengths that do not go
   *     together
   */
  public Normalize {
    if (mean.length == 0 || std.length == 0) {
      throw new IllegalArgumentException("mean and std need one value, or one per channel");
    }
    if (mean.length != std.length && mean.length != 1 && std.length != 1) {
      throw new IllegalArgumentException(
          mean.length + " means and " + std.length + " stds, expected as many of both");
    }
    for (float s : std) {
      if (!(Math.abs(s) > 0)) {
        throw new IllegalArgumentException(
            "std is " + Arrays.toString(std) + ", expected numbers other than 0");
      }
    }
  }

  @Override
  public FrameShape outputShape(FrameShape input) {
    int n = Math.max(mean.length, std.length);
    if (n != 1 && n != input.channels()) {
      throw new IllegalArgumentException(
          "Normalize has statistics of "
              + n
              + " channels, frames are "
              + input
              + ": expected 1 or "
              + input.channels());
    }
    return input;
  }

  @Override
  public void append(FramePlan.Builder plan) {
    plan.normalize(doubles(mean), doubles(std));
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  @Override
  public boolean keepsPixelRange() {
    return false;
  }
}
