/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.util.Locale;

/**
 * What may be done about a series whose clock cannot be used as it is. Nothing of this happens
 * unless it is asked for, since each loses or moves samples.
 */
public enum Repair {
  /** Samples whose time is NaN are left out. */
  DROP_NAN_TIMES("leaves out the samples whose time is NaN"),
  /** Samples are put in the order of their times. */
  SORT_TIMES("puts the samples in the order of their times"),
  /** Of samples with one time the first stays. */
  DROP_REPEATED_TIMES("keeps the first of the samples with one time"),
  /** Of more samples than times, or more times than samples, the first ones stay. */
  CUT_TO_SHORTEST("keeps as many samples as there are both values and times"),
  /** A series whose starting_time is NaN starts at 0 s. */
  ZERO_START("lets a series whose starting_time is NaN start at 0 s"),
  /**
   * Where whole steps of a clock of constant rate are missing in a series of numbers, rows of NaN
   * take their place, so that the clock is regular. Series whose times lie otherwise keep them.
   */
  FILL_GAPS("puts rows of NaN where whole steps of a constant rate are missing"),
  /**
   * Times in float32 or float16 that are too large for it are taken, and where they are those of a
   * constant rate but for what the type has rounded, the series has that rate.
   */
  COARSE_TIMES(
      "takes times that their type has rounded, and the constant rate that they had before");

  private final String effect;

  Repair(String effect) {
    this.effect = effect;
  }

  /** Returns the name as the command takes it, for instance {@code sort-times}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns what it does, as a sentence without subject. */
  public String effect() {
    return effect;
  }

  /**
   * Returns the repair of a name.
   *
   * @throws IllegalArgumentException for another name
   */
  public static Repair named(String word) {
    StringBuilder known = new StringBuilder();
    for (Repair repair : values()) {
      if (repair.word().equals(word)) {
        return repair;
      }
      known.append(known.isEmpty() ? "" : ", ").append(repair.word());
    }
    throw new IllegalArgumentException("repair is '" + word + "', expected one of " + known);
  }

  String advice() {
    return "the repair " + word() + " " + effect;
  }
}
