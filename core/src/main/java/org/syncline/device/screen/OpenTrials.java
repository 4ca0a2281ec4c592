/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.Arena;
import org.syncline.os.Advice;

/**
 * The trial files that one cursor reads: those that the screen keeps, else one at a time that is
 * open no longer than it is read. For one thread.
 */
final class OpenTrials {
  private final TrialFiles files;
  private Arena brief;

  OpenTrials(TrialFiles files) {
    this.files = files;
  }

  private TrialFrames kept(int trial) {
    TrialFrames file = files.kept(trial);
    return file == null ? files.open(trial) : file;
  }

  /** Returns a trial's frames; they may close with the next call, or with {@link #release}. */
  TrialFrames frames(int trial) {
    TrialFrames file = kept(trial);
    if (file == null) {
      release();
      brief = Arena.ofConfined();
      file = files.open(trial, brief);
    }
    return file;
  }

  /** Closes what is not kept. */
  void release() {
    if (brief != null) {
      brief.close();
      brief = null;
    }
  }

  /**
   * Asks for frames: of a mapped file for its pages, of an encoded one for its decoding. Returns
   * for how many bytes.
   */
  long willNeed(int trial, long first, long count) {
    if (files.kept(trial) == null && files.decodeAhead(trial)) {
      return count * files.declaredFrameBytes(trial);
    }
    TrialFrames file = kept(trial);
    if (file == null || !file.memory().isMapped()) {
      return 0;
    }
    long from = file.file().frameOffset(first);
    return Advice.willNeed(file.memory(), from, file.file().frameOffset(first + count) - from);
  }
}
