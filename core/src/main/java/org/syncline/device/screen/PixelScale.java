/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.device.Finish;
import org.syncline.device.Problems;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;
import org.syncline.transform.builtin.Normalize;

/**
 * A mean and a standard deviation that pixels are normalised with, and whether they can be those of
 * pixels that were seen: a few pages of a few files, which may be dark, bright or of one grey.
 */
record PixelScale(double mean, double std) {
  /** A normalisation of frames whose statistics suit these is far below. */
  private static final double FAR = 100;

  /** Statistics of pixels 0 to 255 are no smaller, of pixels 0 to 1 no larger. */
  private static final double MOST_OF_SMALL = 1;

  private static final double LEAST_OF_WIDE = 16;

  private static final double LARGEST_BYTE = 255;

  /** Bytes in 10 bits have smaller deviations, whatever they are divided by. */
  private static final double MOST_OF_BYTES = 4 * LARGEST_BYTE;

  /** Half the range of bytes: from there on deviations are scales that somebody chose. */
  private static final double CHOSEN = 127;

  /** A mean below is no mean that was computed, or of frames that are nearly black. */
  private static final double DARK = 32;

  /** Deviations that a range of pixels never spans: of sparse noise 100 at most. */
  private static final double WIDEST = 500;

  /** How many times the range of all pixels deviations may be. */
  private static final double NARROWEST = 20;

  /** The entry among ascending deviations that stands for those of all pixels. */
  private static final double TYPICAL = 0.9;

  private static final int MOST_PIXELS = 1024;

  private static final String OTHER_SCALE =
      "pixels are never divided by 255; give statistics of their scale";

  /** Returns what pixels are divided by first, one a channel; empty where they are not. */
  static List<PixelScale> of(Finish finish) {
    for (ScreenTransform t : finish.transforms()) {
      if (t instanceof Normalize n) {
        return ofChannels(doubles(n.mean()), doubles(n.std()));
      }
      if (!t.keepsPixelRange()) {
        return List.of();
      }
    }
    Normalization n = finish.normalization();
    return n == null ? List.of() : ofChannels(n.means(), n.stds());
  }

  private static double[] doubles(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  /**
   * Returns one scale a channel, at most three.
   *
   * @param means null where nothing is subtracted
   */
  static List<PixelScale> ofChannels(double[] means, double[] stds) {
    List<PixelScale> scales = new ArrayList<>();
    for (int c = 0; c < Math.min(3, stds.length); c++) {
      scales.add(
          new PixelScale(
              means == null || means.length == 0 ? 0 : means[means.length == 1 ? 0 : c], stds[c]));
    }
    return scales;
  }

  /**
   * Returns the scale that stands for one a pixel: that of a pixel whose deviation is among the
   * larger ones, for borders are constant.
   *
   * @param means one a pixel, or one for all
   * @param stds likewise
   */
  static List<PixelScale> ofPixels(double[] means, double[] stds) {
    int n = Math.min(stds.length, MOST_PIXELS);
    if (n == 0 || means.length == 0) {
      return List.of();
    }
    PixelScale[] some = new PixelScale[n];
    for (int k = 0; k < n; k++) {
      int pixel = (int) ((long) k * stds.length / n);
      double mean = means[means.length == stds.length ? pixel : 0];
      some[k] = new PixelScale(mean, Math.abs(stds[pixel]));
    }
    Arrays.sort(some, (a, b) -> Double.compare(a.std, b.std));
    return List.of(some[(int) (TYPICAL * (n - 1))]);
  }

  /**
   * Adds a warning where pixels of a file cannot be those of these statistics.
   *
   * @return whether it did
   */
  boolean check(Path file, PixelSample sample, Problems problems) {
    String advice = unsuited(sample);
    return add(file, sample, advice, problems);
  }

  /**
   * Likewise, for what a single file cannot tell.
   *
   * @param file one of many
   * @param all what all pixels that were seen hold
   */
  boolean checkAll(Path file, PixelSample all, Problems problems) {
    double range = all.high() - all.low();
    boolean collapsed =
        all.isWide() && range >= all.largest() / 4 && Math.abs(std) > NARROWEST * range;
    boolean negative = all.isWide() && all.low() >= 0 && mean < -Math.abs(std) / 4;
    String advice =
        all.isBinary() && Math.abs(std) >= LEAST_OF_WIDE
            ? OTHER_SCALE
            : collapsed
                ? "all pixels become nearly the same number: are they of another scale?"
                : negative ? "no pixel is below 0: is it of another sign?" : null;
    return add(file, all, advice, problems);
  }

  /** Returns what is wrong, null where nothing is. */
  private String unsuited(PixelSample sample) {
    double deviation = Math.abs(std);
    double low = (sample.low() - mean) / deviation;
    double high = (sample.high() - mean) / deviation;
    if (!(deviation > 0) || Double.isInfinite(deviation) || !(sample.high() >= sample.low())) {
      return null;
    }
    boolean unit = sample.isSmall() || sample.isTruth();
    boolean other =
        unit && deviation >= LEAST_OF_WIDE
            || sample.isWide()
                && deviation <= MOST_OF_SMALL
                && Math.abs(mean) <= MOST_OF_SMALL
                && sample.largest() > FAR * deviation;
    if (other) {
      return OTHER_SCALE;
    }
    if (sample.type() == ElementType.UINT8) {
      if (mean < -1 || mean > LARGEST_BYTE + 1) {
        return "no mean of bytes is below 0 or above 255; give statistics of their scale";
      }
      if (deviation > MOST_OF_BYTES) {
        return "all bytes become nearly the same number; give statistics of their scale";
      }
      // of values between two bounds, none deviate more
      double most = Math.sqrt(mean * (LARGEST_BYTE - mean));
      if (mean >= DARK && deviation < CHOSEN && deviation > 1.005 * most) {
        return "no bytes of this mean deviate so much: are means and deviations swapped?";
      }
    }
    return low > FAR || high < -FAR || high - low > WIDEST
        ? "are they statistics of other pixels, or of another scale?"
        : null;
  }

  private boolean add(Path file, PixelSample sample, String advice, Problems problems) {
    if (advice != null) {
      problems.warning(
          file,
          "pixels",
          sample.range(),
          "pixels for the mean of "
              + (float) mean
              + " and the standard deviation of "
              + (float) std
              + " that they are normalised with",
          "values become "
              + (float) ((sample.low() - mean) / std)
              + " to "
              + (float) ((sample.high() - mean) / std)
              + ": "
              + advice);
    }
    return advice != null;
  }
}
