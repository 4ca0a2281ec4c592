/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.config.NanPolicy;
import org.syncline.device.Finish;
import org.syncline.device.Problems;
import org.syncline.device.support.Findings;
import org.syncline.device.support.StoredZeros;
import org.syncline.storage.FrameArray;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;
import org.syncline.transform.builtin.Normalize;

/**
 * Looks at some values of a screen's files as these are opened, and says once each what makes
 * values wrong that can be read: NaN, trials of another scale than others, statistics of another
 * scale, pixels that uint8 cannot hold, the rest of an interrupted copy. Safe for use by several
 * threads.
 */
final class PixelWatch {
  private static final String AS_BYTES = "pixels of 0 to 255, which are asked for as uint8";

  /** A normalisation of frames whose statistics suit these is far below. */
  private static final double FAR = 100;

  /** Statistics of pixels 0 to 255 are no smaller, of pixels 0 to 1 no larger. */
  private static final double MOST_OF_SMALL = 1;

  private static final double LEAST_OF_WIDE = 16;

  private record Seen(Path file, PixelSample sample) {}

  private record Scale(double mean, double std) {}

  private final List<Scale> scales = new ArrayList<>();
  private boolean asBytes;
  private boolean handlesNans;

  // the first of each kind
  private Seen small;
  private Seen truth;
  private Seen wide;
  private Seen bytes;
  private Seen beyondBytes;
  private Seen beyond;

  private boolean saidNans;
  private boolean saidMixed;
  private boolean saidScale;
  private boolean saidBytes;

  /**
   * Takes note of what frames are read as.
   *
   * @param normalized whether they are normalised before {@code finish}
   */
  synchronized void asked(Finish finish, boolean normalized) {
    asBytes |= finish.type() == ElementType.UINT8 && !normalized;
    handlesNans |= finish.nans().kind() != NanPolicy.Kind.KEEP;
    Scale scale = normalized ? null : scale(finish);
    if (scale != null && !scales.contains(scale)) {
      scales.add(scale);
    }
    judge();
  }

  /** Returns what pixels are divided by first, null where they are not. */
  private static Scale scale(Finish finish) {
    for (ScreenTransform t : finish.transforms()) {
      if (t instanceof Normalize n) {
        return new Scale(n.mean()[0], n.std()[0]);
      }
      if (!t.keepsPixelRange()) {
        return null;
      }
    }
    Normalization n = finish.normalization();
    return n == null ? null : new Scale(n.means() == null ? 0 : n.means()[0], n.stds()[0]);
  }

  /** Looks at a file that was opened. */
  void opened(FrameArray file) {
    Problems zeros = new Problems();
    StoredZeros.atEnd(file, zeros);
    Findings.say(zeros);
    add(file.path(), PixelSample.of(file, 2));
  }

  private synchronized void add(Path file, PixelSample sample) {
    Seen seen = new Seen(file, sample);
    if (sample.nans() > 0 && !handlesNans && !saidNans) {
      saidNans = true;
      Findings.warn(
          file,
          "pixels",
          sample.nans() + " NaN on the pages that were looked at",
          "numbers",
          "they stay NaN, and spread where frames are resized; nans replaces or refuses them");
    }
    small = small == null && sample.isSmall() ? seen : small;
    truth = truth == null && sample.isTruth() ? seen : truth;
    wide = wide == null && sample.isWide() ? seen : wide;
    bytes = bytes == null && sample.isBytes() ? seen : bytes;
    beyondBytes = beyondBytes == null && sample.isBeyondBytes() ? seen : beyondBytes;
    beyond = beyond == null && sample.leavesBytes() ? seen : beyond;
    judge();
  }

  private void judge() {
    Seen unit = small != null ? small : truth;
    if (unit != null && wide != null) {
      mixed(unit, wide);
    } else if (beyondBytes != null && bytes != null) {
      mixed(beyondBytes, bytes);
    }
    Seen odd = small != null ? small : beyond;
    if (asBytes && odd != null && !saidBytes) {
      saidBytes = true;
      Findings.warn(
          odd.file,
          "pixels",
          odd.sample.range(),
          AS_BYTES,
          "they are rounded to whole numbers and clipped: choose a floating type");
    }
    for (Scale scale : scales) {
      judge(scale);
    }
  }

  private void mixed(Seen odd, Seen other) {
    if (!saidMixed) {
      saidMixed = true;
      Problems found = new Problems();
      mixed(odd.file, odd.sample, other.file, other.sample, found);
      Findings.say(found);
    }
  }

  private void judge(Scale scale) {
    double std = Math.abs(scale.std);
    Seen unit = small != null ? small : truth;
    Seen odd = null;
    if (unit != null && std >= LEAST_OF_WIDE) {
      odd = unit;
    } else if (wide != null
        && std <= MOST_OF_SMALL
        && Math.abs(scale.mean) <= MOST_OF_SMALL
        && wide.sample.largest() > FAR * std) {
      odd = wide;
    }
    if (odd != null && !saidScale) {
      saidScale = true;
      Findings.warn(
          odd.file,
          "pixels",
          odd.sample.range(),
          "pixels for the mean of "
              + (float) scale.mean
              + " and the standard deviation of "
              + (float) scale.std
              + " that they are normalised with",
          "values become "
              + (float) ((odd.sample.low() - scale.mean) / scale.std)
              + " to "
              + (float) ((odd.sample.high() - scale.mean) / scale.std)
              + ": pixels are never divided by 255; give statistics of their scale");
    }
  }

  /** Adds a warning of a trial whose pixels are of another scale than those of others. */
  static void mixed(
      Path odd, PixelSample ofOdd, Path other, PixelSample ofOther, Problems problems) {
    problems.warning(
        odd,
        "pixels",
        ofOdd.range() + (ofOdd.type() == ofOther.type() ? "" : " in " + ofOdd.type().numpyName()),
        "the scale of other trials: " + ofOther.range() + " in " + other.getFileName(),
        "each trial is read as it is stored: store all in the same scale");
  }
}
