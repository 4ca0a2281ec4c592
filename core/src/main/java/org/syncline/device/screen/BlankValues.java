/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.syncline.array.ElementType;
import org.syncline.device.Problems;
import org.syncline.device.trials.TrialIndex;

/** The values that trials without a file are filled with, beside pixels of those with one. */
final class BlankValues {
  private static final int MOST_VALUES = 64;

  /** The first trial of a value, and how many have it. */
  private static final class Use {
    final int first;
    int count;

    Use(int first) {
      this.first = first;
    }
  }

  private final TrialIndex trials;
  private final Map<Double, Use> uses = new LinkedHashMap<>();
  private Use none;

  BlankValues(TrialIndex trials) {
    this.trials = trials;
    for (int t = 0; t < trials.size(); t++) {
      if (trials.hasFile(t)) {
        continue;
      }
      double value = trials.interleaveValue(t);
      if (Double.isNaN(value)) {
        none = none == null ? new Use(t) : none;
        none.count++;
        continue;
      }
      if (uses.size() == MOST_VALUES && !uses.containsKey(value)) {
        continue;
      }
      int trial = t;
      uses.computeIfAbsent(value, _ -> new Use(trial)).count++;
    }
  }

  /**
   * Adds a warning where trials without a file have no value.
   *
   * @return whether it did
   */
  boolean checkMissing(Problems problems) {
    if (none == null) {
      return false;
    }
    problems.warning(
        trials.source(),
        "trial " + trials.key(none.first),
        "no interleave_value"
            + (none.count == 1 ? "" : ", nor have " + (none.count - 1) + " more trials one"),
        "the value of a blank's pixels",
        "its frames are NaN; nans replaces or refuses them");
    return true;
  }

  /**
   * Adds a warning where a value is of another scale than the pixels of a file.
   *
   * @return whether it did
   */
  boolean check(Path file, PixelSample pixels, Problems problems) {
    for (Map.Entry<Double, Use> use : uses.entrySet()) {
      double value = use.getKey();
      if (isOdd(value, pixels)) {
        int count = use.getValue().count;
        problems.warning(
            trials.source(),
            "trial " + trials.key(use.getValue().first),
            "an interleave_value of "
                + PixelSample.text(value)
                + (count == 1 ? "" : ", as " + (count - 1) + " more have"),
            "a value of the scale of pixels: " + pixels.range() + " in " + file.getFileName(),
            "frames of blanks are filled with it as it is, and normalised like others");
        return true;
      }
    }
    return false;
  }

  private static boolean isOdd(double value, PixelSample pixels) {
    if (pixels.isSmall() || pixels.isTruth()) {
      return Math.abs(value) > PixelSample.SMALL;
    }
    boolean bytes = pixels.type() == ElementType.UINT8 && pixels.high() > 1;
    return pixels.isWide() && value > 0 && value < 1 || bytes && (value < 0 || value > 255);
  }
}
