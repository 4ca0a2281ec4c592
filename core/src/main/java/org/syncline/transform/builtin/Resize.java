/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.transform.builtin;

import org.syncline.config.schema.Choice;
import org.syncline.config.schema.ConfigKey;
import org.syncline.kernel.ResampleAxis;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.FrameTransform;
import org.syncline.transform.ScreenTransform;

/**
 * Resizes frames as torchvision's Resize does on tensors (align_corners false).
 *
 * @param height rows; with {@code width} 0 the length of the shorter edge; 0 where {@code maxSize}
 *     alone decides
 * @param width columns, or 0: the aspect is kept
 * @param maxSize limit of the longer edge when the aspect is kept, 0 for none
 * @param interpolation the filter
 * @param antialias whether a shrinking filter widens; of BILINEAR and BICUBIC only
 */
public record Resize(
    int height, int width, int maxSize, Interpolation interpolation, boolean antialias)
    implements FrameTransform {
  private static final ConfigKey SIZE =
      TransformArguments.lengths(
              "size",
              "The new size; one length is that of the shorter edge, and the aspect is kept.")
          .example("72");
  private static final ConfigKey INTERPOLATION =
      ConfigKey.choice(
              "interpolation",
              Interpolation.choices(),
              Interpolation.BILINEAR,
              "The filter: its name, or the number that Pillow has for it.")
          .example("bicubic");
  private static final ConfigKey MAX_SIZE =
      ConfigKey.whole(
              "max_size",
              1,
              TransformArguments.MOST_PIXELS,
              null,
              "The limit of the longer edge where the aspect is kept.")
          .example("128");
  private static final ConfigKey ANTIALIAS =
      ConfigKey.mixed(
              "antialias",
              "true or false",
              Choice.NONE,
              true,
              "Whether bilinear and bicubic filters widen where a frame shrinks; null and torchvision's older `warn` are true.")
          .example("false");

  /** The transform as configurations name it. */
  public static final TransformType TYPE =
      new TransformType(
          "Resize",
          "Resizes frames as torchvision does with tensors.",
          SIZE,
          INTERPOLATION,
          MAX_SIZE,
          ANTIALIAS) {
        @Override
        ScreenTransform create(TransformArguments arguments) {
          int[] size = arguments.lengths(SIZE);
          return new Resize(
              size.length == 0 ? 0 : size[0],
              size.length == 2 ? size[1] : 0,
              arguments.whole(MAX_SIZE),
              interpolation(arguments),
              "warn".equals(arguments.get(ANTIALIAS)) || arguments.flag(ANTIALIAS));
        }
      };

  private static Interpolation interpolation(TransformArguments arguments) {
    if (arguments.get(INTERPOLATION) instanceof Number number) {
      for (Interpolation filter : Interpolation.values()) {
        if (filter.number >= 0 && filter.number == number.doubleValue()) {
          return filter;
        }
      }
    }
    return (Interpolation) arguments.choice(INTERPOLATION);
  }

  /** The filters. */
  public enum Interpolation {
    NEAREST("nearest", 0, "Takes the pixel that the output's first corner falls into."),
    NEAREST_EXACT("nearest-exact", -1, "Takes the pixel nearest to the output's centre."),
    BILINEAR("bilinear", 2, "Weighs pixels by a triangle around the output's centre."),
    BICUBIC("bicubic", 3, "Weighs pixels by a cubic curve around the output's centre.");

    private final String text;

    /** Pillow's number; -1 where it has none. */
    private final int number;

    private final String description;

    Interpolation(String text, int number, String description) {
      this.text = text;
      this.number = number;
      this.description = description;
    }

    static Choice[] choices() {
      Interpolation[] all = values();
      Choice[] choices = new Choice[all.length];
      for (int i = 0; i < all.length; i++) {
        choices[i] = new Choice(all[i], all[i].text, all[i].description);
      }
      return choices;
    }
  }

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException where they are negative, none is given, or {@code maxSize}
   *     does not go with them
   */
  public Resize {
    if (height < 0 || width < 0 || maxSize < 0 || height == 0 && (width != 0 || maxSize == 0)) {
      throw new IllegalArgumentException(
          "size is (" + height + ", " + width + "), expected positive lengths");
    }
    if (maxSize > 0 && width > 0) {
      throw new IllegalArgumentException(
          "max_size goes with one length of the shorter edge, not with two");
    }
    if (maxSize > 0 && maxSize <= height) {
      throw new IllegalArgumentException(
          "max_size is " + maxSize + ", expected more than size, " + height);
    }
  }

  @Override
  public FrameShape outputShape(FrameShape input) {
    if (width > 0) {
      return new FrameShape(input.channels(), height, width);
    }
    boolean wide = input.width() > input.height();
    int shorter = Math.min(input.height(), input.width());
    int longer = Math.max(input.height(), input.width());
    int newShort;
    int newLong;
    if (height == 0) {
      newShort = (int) ((double) ((long) maxSize * shorter) / longer);
      newLong = maxSize;
    } else {
      newShort = height;
      newLong = (int) ((double) ((long) height * longer) / shorter);
      if (maxSize > 0 && newLong > maxSize) {
        newShort = (int) ((double) ((long) maxSize * newShort) / newLong);
        newLong = maxSize;
      }
    }
    return new FrameShape(input.channels(), wide ? newShort : newLong, wide ? newLong : newShort);
  }

  @Override
  public void append(FramePlan.Builder plan) {
    FrameShape in = plan.shape();
    FrameShape out = outputShape(in);
    if (!out.equals(in)) {
      plan.add(
          new ResampleStep(in, axis(in.height(), out.height()), axis(in.width(), out.width())));
    }
  }

  private ResampleAxis axis(int source, int target) {
    return ResampleAxis.resize(interpolation.name(), antialias, source, target);
  }
}
