/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.syncline.clock.DoubleList;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.Trials;
import org.syncline.device.trials.RecordedTrials;
import org.syncline.error.RecordingException;

/** The trials that conditions speak of, and when each begins. */
final class TrialStarts {
  private final Trials trials;
  private final DoubleList starts;

  private TrialStarts(Trials trials) {
    this.trials = trials;
    double[] times = new double[trials.count()];
    for (int k = 0; k < times.length; k++) {
      times[k] = trials.start(k);
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
  static TrialStarts of(Experiment experiment, String lead) {
    Interpolator leader = experiment.device(lead);
    Trials found = ofFrames(experiment, lead).orElse(null);
    if (found == null) {
      found =
          leader.trials().or(() -> RecordedTrials.of(experiment.folder(lead), leader)).orElse(null);
    }
    return found == null ? null : new TrialStarts(found);
  }

  private static Optional<Trials> ofFrames(Experiment experiment, String lead) {
    List<String> names = experiment.deviceNames();
    for (String name : new String[] {lead, "screen"}) {
      if (names.contains(name) && experiment.device(name).layout() == Layout.FRAMES) {
        return experiment.device(name).trials();
      }
    }
    return names.stream()
        .map(experiment::device)
        .filter(device -> device.layout() == Layout.FRAMES)
        .findFirst()
        .flatMap(Interpolator::trials);
  }

  /** Returns the number of trials. */
  int count() {
    return starts.length();
  }

  /** Returns the time in seconds at which trial {@code k} begins. */
  double start(int k) {
    return starts.at(k);
  }

  /** Returns the time in seconds at which trial {@code k} ends: where the next begins, or never. */
  double end(int k) {
    return k + 1 < starts.length() ? starts.at(k + 1) : Double.POSITIVE_INFINITY;
  }

  /** Returns all starts in a new array. */
  double[] starts() {
    return starts.toArray();
  }

  /** Returns which trials satisfy one of the conditions. */
  boolean[] match(List<Map<String, Object>> conditions) {
    return trials.match(conditions);
  }
}
