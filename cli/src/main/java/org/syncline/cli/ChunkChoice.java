/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import java.util.List;
import org.syncline.ChunkDataset;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say which chunk of a recording is meant. */
final class ChunkChoice {
  @Option(
      names = {"-i", "--index"},
      paramLabel = "N",
      description = "the chunk of that number, from 0; negative ones count from the end")
  private Integer index;

  @Option(
      names = "--time",
      paramLabel = "S",
      description =
          "the chunk that begins at that second of the recording's clock, or the last that begins before")
  private Double time;

  boolean isGiven() {
    return index != null || time != null;
  }

  /**
   * Returns the number of the chunk that is meant; the given one where no option says it.
   *
   * @throws ParameterException where there is no such chunk
   */
  int of(ChunkDataset dataset, CommandSpec spec, int standard) {
    if (index != null && time != null) {
      throw new ParameterException(
          spec.commandLine(), "found --index and --time, expected one of them");
    }
    int length = dataset.length();
    if (index != null) {
      int chosen = index < 0 ? length + index : index;
      if (chosen < 0 || chosen >= length) {
        throw new ParameterException(
            spec.commandLine(),
            "--index is " + index + ", expected " + -length + " to " + (length - 1));
      }
      return chosen;
    }
    if (time == null) {
      return standard;
    }
    double[] starts = dataset.startTimes();
    int chosen = -1;
    for (int i = 0; i < length; i++) {
      // those of a shuffled dataset ascend, too
      if (starts[i] <= time) {
        chosen = i;
      }
    }
    double end =
        chosen < 0
            ? 0
            : starts[chosen]
                + dataset.chunkSizes().get(dataset.lead())
                    / dataset.samplingRates().get(dataset.lead());
    if (chosen < 0 || !(time < end)) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              "--time is %s, where no chunk is; expected %.3f to %.3f, in a chunk",
              Sessions.number(time), starts[0], starts[length - 1]));
    }
    return chosen;
  }

  /** Returns a chunk in which a trial begins: it says more than one inside a trial. */
  static int telling(ChunkDataset dataset) {
    double[] starts = dataset.startTimes();
    double[] trials = dataset.trialStarts();
    double length =
        dataset.chunkSizes().get(dataset.lead()) / dataset.samplingRates().get(dataset.lead());
    double margin = ChunkPicture.margin(length);
    List<TimeInterval> gaps = ChunkPicture.gaps(dataset);
    int chosen = starts.length / 2;
    int best = -1;
    for (int i = 0; i < starts.length && best < 3; i++) {
      int candidate = (starts.length / 2 + i) % starts.length;
      double from = starts[candidate];
      TimeInterval around = new TimeInterval(from - margin, from + length + margin);
      int score =
          (contains(trials, from + 0.2 * length, from + 0.8 * length) ? 2 : 0)
              + (Intervals.intersection(gaps, List.of(around)).isEmpty() ? 0 : 1);
      if (score > best) {
        best = score;
        chosen = candidate;
      }
    }
    return chosen;
  }

  private static boolean contains(double[] sorted, double from, double to) {
    for (double t : sorted) {
      if (t > from && t < to) {
        return true;
      }
    }
    return false;
  }
}
