/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.syncline.config.TrialCondition;

/** The trials of a device, in the order in which they begin. Safe for use by several threads. */
public interface Trials {
  /** Returns the number of trials. */
  int count();

  /**
   * Returns the time in seconds at which a trial begins; it ends where the next begins, the last at
   * {@link #lastEnd}. Infinity for a trial that lies past the last time that the recording has.
   *
   * @throws IndexOutOfBoundsException for a trial outside 0 … {@link #count()} - 1
   * @throws org.syncline.error.RecordingException where the recording has no times for trials
   */
  double start(int trial);

  /**
   * Returns the time in seconds at which the last trial ends; infinity where the trials do not say:
   * it then lasts as long as its device's values. Asked of a device with at least one trial.
   *
   * @throws org.syncline.error.RecordingException where the recording has no times for trials
   */
  default double lastEnd() {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the trial of which the device gives a value at a time in seconds, which may be one that
   * begins a little later; -1 where there is none, or where nobody knows.
   *
   * @throws org.syncline.error.RecordingException where a file was truncated or cannot be read
   */
  default int shownAt(double time) {
    return -1;
  }

  /**
   * Returns what a trial shows: {@code image}, {@code video}, {@code blank} or {@code invalid};
   * null where the device knows of none of these.
   *
   * @throws IndexOutOfBoundsException for a trial outside 0 … {@link #count()} - 1
   */
  default @Nullable String kind(int trial) {
    return described(this, trial).get("modality") instanceof String text ? text : null;
  }

  /**
   * Returns which trials satisfy the conditions.
   *
   * @param conditions of which a trial meets any; none meets an empty list, or an empty condition
   * @return one flag a trial
   */
  boolean[] match(List<TrialCondition> conditions);

  /**
   * Describes a trial.
   *
   * @return plain values (null, Boolean, Number, String, List, Map) by name: {@code key}, {@code
   *     metadata} (a map), and what else the device knows of it
   * @throws IndexOutOfBoundsException for a trial outside 0 … {@link #count()} - 1
   */
  Map<String, @Nullable Object> describe(int trial);

  /**
   * Returns a trial's value for a metadata key: Boolean, Number, String, List or Map; null where it
   * has none.
   *
   * @throws IndexOutOfBoundsException for a trial outside 0 … {@link #count()} - 1
   */
  default @Nullable Object metadataValue(int trial, String key) {
    return described(this, trial).get("metadata") instanceof Map<?, ?> metadata
        ? metadata.get(key)
        : null;
  }

  /** Returns the metadata keys that any trial has, in order of first occurrence. */
  default Collection<String> metadataKeys() {
    Set<String> keys = new LinkedHashSet<>();
    for (int k = 0; k < count(); k++) {
      if (described(this, k).get("metadata") instanceof Map<?, ?> metadata) {
        metadata.keySet().forEach(key -> keys.add(String.valueOf(key)));
      }
    }
    return keys;
  }

  /**
   * Returns the different values that trials have for a metadata key, in order of first occurrence:
   * Boolean, Number, String, List or Map; empty for a key that no trial has.
   */
  default Collection<Object> metadataValues(String key) {
    Set<Object> values = new LinkedHashSet<>();
    for (int k = 0; k < count(); k++) {
      if (described(this, k).get("metadata") instanceof Map<?, ?> metadata
          && metadata.get(key) != null) {
        values.add(metadata.get(key));
      }
    }
    return values;
  }

  private static Map<String, @Nullable Object> described(Trials trials, int trial) {
    Map<String, @Nullable Object> found = trials.describe(trial);
    if (found == null) {
      throw new IllegalStateException(
          trials.getClass().getName()
              + ".describe("
              + trial
              + ") returned null, expected a map of what is known of the trial");
    }
    return found;
  }
}
