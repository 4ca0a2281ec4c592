/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import org.syncline.config.schema.Choice;

/**
 * What becomes of NaN in the finished values of a chunk. Immutable; two that mean the same are
 * equal.
 */
public final class NanPolicy {
  /** The kinds of policy. */
  public enum Kind {
    /** They stay. */
    KEEP,
    /**
     * The mean of the column over the chunk takes their place, 0 where the whole column is NaN: of
     * the values as they are written, in float64 and rounded once.
     */
    MEAN,
    /** A number takes their place. */
    VALUE,
    /** Reading the chunk is an error that names device, time and column. */
    FAIL
  }

  /** NaN stay. */
  public static final NanPolicy KEEP = new NanPolicy(Kind.KEEP, 0, "keep", "NaN stay.");

  /** The mean of the column over the chunk takes the place of NaN. */
  public static final NanPolicy MEAN =
      new NanPolicy(
          Kind.MEAN,
          0,
          "mean",
          "The mean of the column over the chunk takes their place, 0 where the whole column is NaN.");

  /** 0 takes the place of NaN. */
  public static final NanPolicy ZERO = new NanPolicy(Kind.VALUE, 0, "zero", "0 takes their place.");

  /** NaN are an error. */
  public static final NanPolicy FAIL =
      new NanPolicy(
          Kind.FAIL,
          0,
          "fail",
          "Reading the chunk is an error that names device, time and column.");

  private final Kind kind;
  private final double value;
  private final String text;
  private final String description;

  private NanPolicy(Kind kind, double value, String text, String description) {
    this.kind = kind;
    this.value = value;
    this.text = text;
    this.description = description;
  }

  /**
   * Returns the policy that puts a number in the place of NaN.
   *
   * @throws IllegalArgumentException where it is not finite
   */
  public static NanPolicy value(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value is " + value + ", expected a finite number");
    }
    // -0.0 is another value than 0.0
    return Double.doubleToRawLongBits(value) == 0
        ? ZERO
        : new NanPolicy(Kind.VALUE, value, null, "That number takes their place.");
  }

  /** Returns one sentence on what it means. */
  public String description() {
    return description;
  }

  /** Returns the names in configurations, and what they mean. */
  static Choice[] choices() {
    NanPolicy[] all = {KEEP, MEAN, ZERO, FAIL};
    Choice[] choices = new Choice[all.length];
    for (int i = 0; i < all.length; i++) {
      choices[i] = new Choice(all[i], all[i].text, all[i].description);
    }
    return choices;
  }

  /** Returns the kind. */
  public Kind kind() {
    return kind;
  }

  /** Returns what takes the place of NaN for {@link Kind#VALUE}, else 0. */
  public double value() {
    return value;
  }

  /** Returns whether configurations have a name for it; else they have its number. */
  boolean isNamed() {
    return text != null;
  }

  /** Returns the name in configurations, else the number. */
  public String text() {
    return text == null ? Double.toString(value) : text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NanPolicy p
        && p.kind == kind
        && Double.doubleToLongBits(p.value) == Double.doubleToLongBits(value);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Double.hashCode(value);
  }

  @Override
  public String toString() {
    return text();
  }
}
