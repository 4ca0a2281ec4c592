/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.syncline.clock.DoubleList;
import org.syncline.device.Interpolator;
import org.syncline.device.screen.ScreenInterpolator;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.RecordingException;
import org.syncline.storage.Npy;

/** The trials that conditions speak of, and when each begins. */
final class Trials {
  private final TrialIndex index;
  private final DoubleList starts;

  private Trials(TrialIndex index, DoubleList starts) {
    this.index = index;
    this.starts = starts;
  }

  /**
   * Reads the trials of a screen where there is one, else of a lead with trial metadata.
   *
   * @return null for a recording without trials
   * @throws RecordingException where a trial has no time
   */
  static Trials of(Experiment experiment, String lead) {
    String device = findDevice(experiment, lead);
    if (device == null) {
      return null;
    }
    TrialIndex index =
        experiment.device(device) instanceof ScreenInterpolator screen
            ? screen.trials()
            : TrialIndex.open(experiment.folder(device), false);
    return new Trials(index, DoubleList.listed(readStarts(experiment, device, index)));
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
    return index.match(conditions);
  }

  private static String findDevice(Experiment experiment, String lead) {
    if (experiment.device(lead) instanceof ScreenInterpolator) {
      return lead;
    }
    List<String> names = experiment.deviceNames();
    if (names.contains("screen") && experiment.device("screen") instanceof ScreenInterpolator) {
      return "screen";
    }
    for (String name : names) {
      if (experiment.device(name) instanceof ScreenInterpolator) {
        return name;
      }
    }
    Path folder = experiment.folder(lead);
    return Files.exists(folder.resolve("combined_meta.json"))
            || Files.exists(folder.resolve("meta/00000.yml"))
        ? lead
        : null;
  }

  private static double[] readStarts(Experiment experiment, String device, TrialIndex trials) {
    Interpolator interpolator = experiment.device(device);
    Path file = experiment.folder(device).resolve("timestamps.npy");
    ScreenInterpolator screen = interpolator instanceof ScreenInterpolator s ? s : null;
    double[] times = screen == null && Files.exists(file) ? Npy.readDoubles(file).values() : null;
    int known = screen != null ? screen.timestampCount() : times == null ? -1 : times.length;
    double rate = Experiment.storedRate(interpolator);
    double[] first = new double[trials.size()];
    for (int k = 0; k < first.length; k++) {
      int frame = trials.firstFrame(k);
      if (frame < known) {
        first[k] = screen != null ? screen.timeOf(frame) : times[frame];
      } else if (known < 0 && rate > 0) {
        first[k] = interpolator.startTime() + frame / rate;
      } else {
        throw RecordingException.of(
            file,
            "trial " + trials.key(k),
            known < 0 ? "no such file" : known + " times",
            "a time for its first frame, number " + frame,
            "the trials have " + trials.totalFrames() + " frames in all");
      }
    }
    return first;
  }
}
