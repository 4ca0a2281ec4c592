/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import java.lang.foreign.MemorySegment;
import org.syncline.array.ElementType;
import org.syncline.config.schema.ConfigKey;
import org.syncline.kernel.GrayPass;
import org.syncline.kernel.PixelPass;
import org.syncline.transform.ChannelStatistics;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameStep;
import org.syncline.transform.FrameTransform;
import org.syncline.transform.ScreenTransform;

/**
 * Mixes three channels into {@code 0.2989 r + 0.587 g + 0.114 b}, as torchvision's Grayscale does;
 * grey frames stay.
 *
 * @param channels 1, or 3 equal ones
 */
public record Grayscale(int channels) implements FrameTransform {
  private static final ConfigKey CHANNELS =
      ConfigKey.whole(
              "num_output_channels", 1, 3, 1L, "Channels of the result: 1, or 3 equal ones.")
          .example("3");

  /** The transform as configurations name it. */
  public static final TransformType TYPE =
      new TransformType(
          "Grayscale", "Mixes three channels into grey; grey frames stay as they are.", CHANNELS) {
        @Override
        ScreenTransform create(TransformArguments arguments) {
          return new Grayscale(arguments.whole(CHANNELS));
        }
      };

  /**
   * Checks the number of channels.
   *
   * @throws IllegalArgumentException for another number than 1 or 3
   */
  public Grayscale {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "num_output_channels is " + channels + ", expected 1 or 3");
    }
  }

  @Override
  public FrameShape outputShape(FrameShape input) {
    if (input.channels() != 1 && input.channels() != 3) {
      throw new IllegalArgumentException(
          "Grayscale takes frames of 1 or 3 channels, these are " + input);
    }
    return new FrameShape(channels, input.height(), input.width());
  }

  @Override
  public void append(FramePlan.Builder plan) {
    FrameShape in = plan.shape();
    if (channels != 1 || in.channels() != 1) {
      plan.add(new Mix(in, channels));
    }
  }

  /** Makes a grey channel of three or takes the one there is, and writes it once or three times. */
  private static final class Mix extends FrameStep {
    Mix(FrameShape input, int channels) {
      super(input, new FrameShape(channels, input.height(), input.width()));
    }

    @Override
    protected Bound bind(ElementType from, ElementType to, ChannelStatistics statistics) {
      return from == ElementType.FLOAT32 && to == ElementType.FLOAT32
          ? new Mixing(input(), output().channels(), statistics)
          : null;
    }

    @Override
    protected boolean constant(float[] channels) {
      if (input().channels() == 3) {
        channels[0] = channels[0] * 0.2989f + channels[1] * 0.587f + channels[2] * 0.114f;
      }
      if (output().channels() == 3) {
        channels[1] = channels[0];
        channels[2] = channels[0];
      }
      return true;
    }
  }

  private static final class Mixing implements FrameStep.Bound {
    private static final ElementType FLOAT = ElementType.FLOAT32;

    private final FrameShape input;
    private final int channels;

    /** Mixes colours into each channel, or null where there is one to copy. */
    private final GrayPass[] mixing;

    private final PixelPass[] copying;

    Mixing(FrameShape input, int channels, ChannelStatistics statistics) {
      this.input = input;
      this.channels = channels;
      if (input.channels() == 3) {
        mixing = new GrayPass[channels];
        for (int c = 0; c < channels; c++) {
          mixing[c] = GrayPass.of(ChannelPasses.finish(FLOAT, FLOAT, statistics, c));
        }
        copying = null;
      } else {
        mixing = null;
        copying = ChannelPasses.each(FLOAT, FLOAT, statistics, channels);
      }
    }

    @Override
    public void run(
        MemorySegment src,
        long srcOffset,
        MemorySegment scratch,
        long scratchOffset,
        MemorySegment dst,
        long dstOffset,
        long planeBytes) {
      int n = input.plane();
      for (int c = 0; c < channels; c++) {
        long plane = dstOffset + c * planeBytes;
        if (mixing != null) {
          mixing[c].run(src, srcOffset, 4L * n, dst, plane, n);
        } else {
          copying[c].run(src, srcOffset, dst, plane, n);
        }
      }
    }
  }
}
