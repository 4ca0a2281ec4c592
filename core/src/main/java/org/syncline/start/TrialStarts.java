/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.start;

import java.util.Arrays;
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
  private final Interpolator device;
  private final DoubleList starts;

  private TrialStarts(Trials trials, Interpolator device) {
    this.trials = trials;
    this.device = device;
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
    for (Interpolator shown : screens(devices, lead)) {
      Optional<Trials> found = shown.trials();
      if (found.isPresent()) {
        return new TrialStarts(found.get(), shown);
      }
    }
    Interpolator leader = devices.get(lead).interpolator();
    Trials found =
        leader
            .trials()
            .or(() -> RecordedTrials.of(devices.get(lead).folder(), leader))
            .orElse(null);
    return found == null ? null : new TrialStarts(found, leader);
  }

  /** Returns the one device of frames whose trials count, in a list; none without such a device. */
  private static List<Interpolator> screens(Map<String, DatasetDevice> devices, String lead) {
    for (String name : new String[] {lead, "screen"}) {
      if (devices.containsKey(name) && devices.get(name).isScreen()) {
        return List.of(devices.get(name).interpolator());
      }
    }
    return devices.values().stream()
        .filter(DatasetDevice::isScreen)
        .findFirst()
        .map(device -> List.of(device.interpolator()))
        .orElse(List.of());
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

  /** Returns whether these are the trials of a device. */
  boolean isOf(Interpolator other) {
    return device == other;
  }

  /** Returns the trials themselves. */
  Trials trials() {
    return trials;
  }

  /** Returns all starts in a new array. */
  public double[] starts() {
    return starts.toArray();
  }

  /**
   * Returns when each trial ends, in a new array: where the next begins; the last with the values
   * of the device that shows the trials, whose last sample stands for one usual step.
   */
  public double[] ends() {
    double[] ends = new double[count()];
    for (int k = 0; k < ends.length; k++) {
      ends[k] = k + 1 < ends.length ? starts.at(k + 1) : lastEnd();
    }
    return ends;
  }

  private double lastEnd() {
    double said = trials.lastEnd();
    if (Double.isFinite(said)) {
      return said;
    }
    double last = device.endTime();
    if (device.storedRate() > 0) {
      return last + 1 / device.storedRate();
    }
    double[] times =
        device.storedTimes(device.startTime(), Math.nextUp(last)).orElse(new double[0]);
    if (times.length < 2) {
      return last;
    }
    double[] steps = new double[times.length - 1];
    Arrays.setAll(steps, i -> times[i + 1] - times[i]);
    Arrays.sort(steps);
    return Math.max(last, times[times.length - 1] + steps[steps.length / 2]);
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
