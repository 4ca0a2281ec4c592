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
import org.syncline.device.trials.TrialIndex;
import org.syncline.storage.FrameArray;

/**
 * Looks at some values of a screen's files as these are opened, and says once each what makes
 * values wrong that can be read: NaN, trials of another scale than others, statistics of another
 * scale, blanks of another scale, pixels that uint8 cannot hold, the rest of an interrupted copy.
 * Safe for use by several threads.
 */
final class PixelWatch {
  private static final String AS_BYTES = "pixels of 0 to 255, which are asked for as uint8";

  /** Files of which on what they hold together says something. */
  private static final int SOME_FILES = 4;

  private record Seen(Path file, PixelSample sample) {}

  private final TrialIndex trials;
  private final List<PixelScale> scales = new ArrayList<>();

  /** Null until a file was opened. */
  private BlankValues blanks;

  private boolean asBytes;
  private boolean handlesNans;

  // the first of each kind
  private Seen small;
  private Seen truth;
  private Seen wide;
  private Seen bytes;
  private Seen beyondBytes;
  private Seen beyond;

  /** The last file, and what all of them hold. */
  private Seen all;

  private int files;

  private boolean saidNans;
  private boolean saidMixed;
  private boolean saidScale;
  private boolean saidBytes;
  private boolean saidBlanks;
  private boolean saidMissing;

  PixelWatch(TrialIndex trials) {
    this.trials = trials;
  }

  /**
   * Takes note of what frames are read as.
   *
   * @param own statistics that the screen itself normalises with before {@code finish}; null where
   *     it does not
   */
  synchronized void asked(Finish finish, List<PixelScale> own) {
    asBytes |= finish.type() == ElementType.UINT8 && own == null;
    handlesNans |= finish.nans().kind() != NanPolicy.Kind.KEEP;
    for (PixelScale scale : own == null ? PixelScale.of(finish) : own) {
      if (!scales.contains(scale)) {
        scales.add(scale);
      }
    }
    if (all != null) {
      judge();
    }
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
    all = new Seen(file, all == null ? sample : sample.with(all.sample));
    files++;
    judge();
    judgeOne(seen);
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
    Problems found = new Problems();
    for (PixelScale scale : scales) {
      for (Seen seen : new Seen[] {unit, wide}) {
        saidScale = saidScale || seen != null && scale.check(seen.file, seen.sample, found);
      }
      saidScale = saidScale || files >= SOME_FILES && scale.checkAll(all.file, all.sample, found);
    }
    Findings.say(found);
  }

  /** Judges a file whose kind may be that of others, but not its values. */
  private void judgeOne(Seen seen) {
    Problems found = new Problems();
    for (PixelScale scale : scales) {
      saidScale = saidScale || scale.check(seen.file, seen.sample, found);
    }
    blanks = blanks == null ? new BlankValues(trials) : blanks;
    saidBlanks = saidBlanks || blanks.check(seen.file, seen.sample, found);
    saidMissing = saidMissing || !handlesNans && blanks.checkMissing(found);
    Findings.say(found);
  }

  private void mixed(Seen odd, Seen other) {
    if (!saidMixed) {
      saidMixed = true;
      Problems found = new Problems();
      mixed(odd.file, odd.sample, other.file, other.sample, found);
      Findings.say(found);
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
