/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.clock.DoubleList;
import org.syncline.config.TrialCondition;
import org.syncline.dataset.DatasetDevice;
import org.syncline.device.Interpolator;
import org.syncline.device.Trials;
import org.syncline.device.support.Answers;
import org.syncline.device.trials.RecordedTrials;
import org.syncline.error.RecordingException;

/** The trials that conditions speak of, and when each begins. */
public final class TrialStarts {
  private final Trials trials;
  private final DoubleList starts;

  private TrialStarts(Trials trials) {
    this.trials = trials;
    int count = trials.count();
    if (count < 0) {
      throw Answers.wrong(trials, "count", String.valueOf(count), "0 or more trials");
    }
    double[] times = new double[count];
    for (int k = 0; k < times.length; k++) {
      times[k] = trials.start(k);
      if (Double.isNaN(times[k]) || k > 0 && times[k] < times[k - 1]) {
        throw Answers.wrong(
            trials,
            "start(" + k + ")",
            times[k] + " s" + (k == 0 ? "" : " after " + times[k - 1] + " s"),
            "seconds in ascending order, infinity for a trial past the last time");
      }
    }
    starts = DoubleList.listed(times);
  }

  /**
   * Reads the trials of a device of frames where there is one (the lead, else {@code screen}, else
   * the first), else those of the lead, else the metadata of trials in the lead's folder.
   *
   * @return null for a recording without trials
   * @throws RecordingException where a trial has no time
   */
  static TrialStarts of(Map<String, DatasetDevice> devices, String lead) {
    Interpolator leader = devices.get(lead).interpolator();
    Trials found = ofFrames(devices, lead).orElse(null);
    if (found == null) {
      found =
          leader
              .trials()
              .or(() -> RecordedTrials.of(devices.get(lead).folder(), leader))
              .orElse(null);
    }
    return found == null ? null : new TrialStarts(found);
  }

  private static Optional<Trials> ofFrames(Map<String, DatasetDevice> devices, String lead) {
    for (String name : new String[] {lead, "screen"}) {
      if (devices.containsKey(name) && devices.get(name).isScreen()) {
        return devices.get(name).interpolator().trials();
      }
    }
    return devices.values().stream()
        .filter(DatasetDevice::isScreen)
        .findFirst()
        .flatMap(device -> device.interpolator().trials());
  }

  /** Returns the number of trials. */
  public int count() {
    return starts.length();
  }

  /** Returns the time in seconds at which trial {@code k} begins. */
  public double start(int k) {
    return starts.at(k);
  }

  /** Returns the time in seconds at which trial {@code k} ends: where the next begins, or never. */
  public double end(int k) {
    return k + 1 < starts.length() ? starts.at(k + 1) : Double.POSITIVE_INFINITY;
  }

  /** Returns the trial that a time in seconds lies in, -1 before the first; allocates nothing. */
  public int at(double t) {
    int low = 0;
    int high = starts.length();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts.at(middle) <= t) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Returns the trials themselves. */
  Trials trials() {
    return trials;
  }

  /** Returns all starts in a new array. */
  public double[] starts() {
    return starts.toArray();
  }

  /** Returns what in conditions matches no trial, a sentence each. */
  public List<String> advice(List<TrialCondition> conditions) {
    return ConditionAdvice.of(trials, conditions);
  }

  /** Returns which trials a key's conditions take for what they are not, a sentence each. */
  public List<String> unlabelled(String key) {
    return UnlabelledTrials.of(trials, key);
  }

  /** Returns which trials satisfy one of the conditions. */
  public boolean[] match(List<TrialCondition> conditions) {
    return Answers.matching(trials, conditions);
  }
}
