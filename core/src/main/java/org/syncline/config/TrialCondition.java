/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a trial's metadata must say: a value for each of some keys, all of which count. Whole
 * numbers are equal whatever their type, and true equals 1. Immutable.
 *
 * <p>{@code TrialCondition.of("tier", "train").and("valid_trial", true)}
 */
public final class TrialCondition {
  private final Map<String, @Nullable Object> values;

  private TrialCondition(Map<String, @Nullable Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /**
   * Takes values as configurations have them: null, Boolean, a number, String or List, which equals
   * nothing; copied. Without a value no trial meets the condition.
   */
  public static TrialCondition of(Map<String, ? extends @Nullable Object> values) {
    Objects.requireNonNull(values, "values is null");
    return new TrialCondition(Target.plain(values));
  }

  /** Asks for a text. */
  public static TrialCondition of(String key, String value) {
    Objects.requireNonNull(value, "value is null");
    return new TrialCondition(Map.of()).with(key, value);
  }

  /** Asks for a number. */
  public static TrialCondition of(String key, double value) {
    return new TrialCondition(Map.of()).and(key, value);
  }

  /** Asks for true or false. */
  public static TrialCondition of(String key, boolean value) {
    return new TrialCondition(Map.of()).with(key, value);
  }

  /** Returns this condition with one more text, which takes the place of the key's value. */
  public TrialCondition and(String key, String value) {
    Objects.requireNonNull(value, "value is null");
    return with(key, value);
  }

  /** Returns this condition with one more number, which takes the place of the key's value. */
  public TrialCondition and(String key, double value) {
    // as configurations have it, so that the same condition is equal
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return with(key, whole ? (Object) (long) value : value);
  }

  /** Returns this condition with one more flag, which takes the place of the key's value. */
  public TrialCondition and(String key, boolean value) {
    return with(key, value);
  }

  private TrialCondition with(String key, @Nullable Object value) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(values);
    all.put(Objects.requireNonNull(key, "key is null"), value);
    return new TrialCondition(all);
  }

  /** Returns the values by key, in the order given; unmodifiable. */
  public Map<String, @Nullable Object> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrialCondition c && c.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns keys and values in one line. */
  @Override
  public String toString() {
    return values.toString();
  }
}
