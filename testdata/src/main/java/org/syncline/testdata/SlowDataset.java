/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A chunk dataset of plain arrays, slow and obvious: written from the pages on format and semantics
 * alone, to hold what is fast against. Its recording is in memory; nothing is remembered between
 * two calls.
 *
 * @param screen what leads the grid
 * @param sequences by name, in the configuration's order
 * @param spikes or null
 * @param labels or null
 */
public record SlowDataset(
    Screen screen,
    Map<String, Sequence> sequences,
    Spikes spikes,
    Labels labels,
    double threshold,
    int precision) {
  /** A time at which a device has no value: the chunk that asks for it is an error. */
  public static final class ShortChunk extends RuntimeException {
    private static final long serialVersionUID = 1;

    ShortChunk(String message) {
      super(message);
    }
  }

  /**
   * A screen of one channel.
   *
   * @param clock seconds of each frame
   * @param conditions maps of which a trial must meet one, or null for every trial
   */
  public record Screen(
      double[] clock,
      List<Trial> trials,
      List<Map<String, Object>> conditions,
      boolean blanks,
      double rate,
      int chunk,
      double offset,
      int stride) {}

  /**
   * A trial.
   *
   * @param frames pixels of each frame; one of a blank
   */
  public record Trial(Map<String, Object> metadata, float[][] frames) {}

  /**
   * A sequence of constant rate.
   *
   * @param type of the stored values: float32, float64, int16 or uint8
   * @param rows values as doubles
   * @param vicinity of the nan_filter, NaN for none
   * @param means with {@code stds} what values are normalised with, null for none
   * @param shifts by which each signal is late, null for none
   */
  public record Sequence(
      String type,
      double start,
      double end,
      double stored,
      double[][] rows,
      boolean linear,
      boolean keepNans,
      double rate,
      int chunk,
      double offset,
      double vicinity,
      double[] means,
      double[] stds,
      double[] shifts) {
    /** Returns where the first time lies that all signals have. */
    double validStart() {
      double most = Double.NEGATIVE_INFINITY;
      for (double shift : shifts == null ? new double[] {0} : shifts) {
        most = Math.max(most, shift);
      }
      return start + most;
    }

    /** Returns where the last time lies that all signals have. */
    double validEnd() {
      double least = Double.POSITIVE_INFINITY;
      for (double shift : shifts == null ? new double[] {0} : shifts) {
        least = Math.min(least, shift);
      }
      return end + least;
    }
  }

  /**
   * Spikes, of which those in a window around each time are counted.
   *
   * @param times of each unit
   * @param align center, left or right
   * @param sigma of a Gaussian over the counts, in steps; 0 for none
   */
  public record Spikes(
      double start,
      double end,
      double[][] times,
      double window,
      String align,
      double sigma,
      double rate,
      int chunk,
      double offset) {}

  /**
   * Labelled intervals.
   *
   * @param intervals starts and ends by label
   */
  public record Labels(
      double start,
      double end,
      Map<String, double[][]> intervals,
      double rate,
      int chunk,
      double offset) {}

  private double screenStart() {
    return screen.clock[0];
  }

  private double screenEnd() {
    return screen.clock[screen.clock.length - 1];
  }

  /** Returns the grid's points, none where devices share no range. */
  private double[] grid() {
    double start = screenStart();
    double end = screenEnd();
    for (Sequence s : sequences.values()) {
      start = Math.max(start, s.validStart());
      end = Math.min(end, s.validEnd());
    }
    if (spikes != null) {
      start = Math.max(start, spikes.start);
      end = Math.min(end, spikes.end);
    }
    if (labels != null) {
      start = Math.max(start, labels.start);
      end = Math.min(end, labels.end);
    }
    start += threshold;
    end -= threshold;
    if (start >= end) {
      return null;
    }
    double step = 1 / screen.rate;
    int n = (int) Math.ceil((end - start) / step);
    double between = start + step - start;
    double[] grid = new double[n + 1];
    for (int k = 0; k < n; k++) {
      grid[k] = start + k * between;
    }
    grid[n] = end;
    return grid;
  }

  private boolean meets(Trial trial) {
    if (screen.conditions == null) {
      return true;
    }
    List<Map<String, Object>> all = new ArrayList<>(screen.conditions);
    if (screen.blanks) {
      all.add(Map.of("tier", "blank"));
    }
    for (Map<String, Object> condition : all) {
      boolean met = !condition.isEmpty();
      for (Map.Entry<String, Object> wanted : condition.entrySet()) {
        Object found = trial.metadata.get(wanted.getKey());
        met &= Objects.equals(found == null ? "blank" : found, wanted.getValue());
      }
      if (met) {
        return true;
      }
    }
    return false;
  }

  private boolean inTrial(double t) {
    int first = 0;
    for (int k = 0; k < screen.trials.size(); k++) {
      int next = first + screen.trials.get(k).frames.length;
      double from = screen.clock[first];
      double to = k + 1 < screen.trials.size() ? screen.clock[next] : Double.POSITIVE_INFINITY;
      if (from <= t && t < to && meets(screen.trials.get(k))) {
        return true;
      }
      first = next;
    }
    return false;
  }

  private static boolean passes(Sequence s, double t) {
    if (Double.isNaN(s.vicinity)) {
      return true;
    }
    // valid intervals are half-open, what lies around a missing sample is closed but for its end
    if (t < s.start || t >= s.end) {
      return false;
    }
    for (int i = 0; i < s.rows.length; i++) {
      boolean missing = false;
      for (double x : s.rows[i]) {
        missing |= Double.isNaN(x);
      }
      double at = s.start + i / s.stored;
      if (missing && t >= at - s.vicinity && t < at + s.vicinity) {
        return false;
      }
    }
    return true;
  }

  /** Returns the valid start times; null where devices share no range. */
  public double[] starts() {
    double[] grid = grid();
    if (grid == null) {
      return null;
    }
    int n = grid.length - 1;
    double end = grid[n];
    List<Double> found = new ArrayList<>();
    for (int k = 0; k + screen.chunk <= n; k++) {
      boolean valid = grid[k + screen.chunk - 1] < end;
      for (int i = k; i < k + screen.chunk; i++) {
        boolean point = inTrial(grid[i]);
        for (Sequence s : sequences.values()) {
          point &= passes(s, grid[i]);
        }
        valid &= point;
      }
      if (valid) {
        found.add(grid[k]);
      }
    }
    List<Double> kept = new ArrayList<>();
    for (int k = 0; k < found.size(); k += screen.stride) {
      kept.add(found.get(k));
    }
    return kept.stream().mapToDouble(x -> x).toArray();
  }

  /** Returns the times in seconds at which a device is read for the chunk of a start. */
  public double[] times(double start, double rate, int chunk, double offset) {
    double p = Math.pow(10, precision);
    double[] times = new double[chunk];
    for (int k = 0; k < chunk; k++) {
      long units =
          (long) Math.rint(start * p)
              + (long) Math.rint(offset * p)
              + k * (long) Math.rint(p / rate);
      times[k] = units / p;
    }
    return times;
  }

  /** Returns the frames of a chunk, one row of pixels each. */
  public float[][] frames(double start) {
    double[] times = times(start, screen.rate, screen.chunk, screen.offset);
    float[][] out = new float[times.length][];
    for (int k = 0; k < times.length; k++) {
      if (times[k] < screenStart() || times[k] > screenEnd()) {
        throw new ShortChunk("screen at " + times[k]);
      }
      int frame = -1;
      for (double shown : screen.clock) {
        frame += shown < times[k] + 1e-4 ? 1 : 0;
      }
      int trial = 0;
      while (frame >= screen.trials.get(trial).frames.length) {
        frame -= screen.trials.get(trial++).frames.length;
      }
      out[k] = screen.trials.get(trial).frames[frame];
    }
    return out;
  }

  /** Returns the values of a sequence in a chunk, in the type that {@link #type} says. */
  public double[][] values(Sequence s, double start) {
    double[] times = times(start, s.rate, s.chunk, s.offset);
    double dt = 1 / s.stored;
    double[][] out = new double[times.length][];
    for (int k = 0; k < times.length; k++) {
      double t = times[k];
      if (t < s.validStart() || t > s.validEnd()) {
        throw new ShortChunk("sequence at " + t);
      }
      out[k] = new double[s.rows[0].length];
      for (int j = 0; j < out[k].length; j++) {
        double at = s.shifts == null ? t : t - s.shifts[j];
        int i = (int) Math.floor((at - s.start) / dt);
        if (i >= s.rows.length || s.linear && i + 1 >= s.rows.length) {
          throw new ShortChunk("sequence at " + t);
        }
        out[k][j] = s.rows[i][j];
        if (s.linear) {
          double t0 = s.start + i * dt;
          double t1 = s.start + (i + 1) * dt;
          out[k][j] =
              (t1 - at) / (t1 - t0) * s.rows[i][j] + (at - t0) / (t1 - t0) * s.rows[i + 1][j];
        }
      }
    }
    if (s.linear && !s.keepNans) {
      Oracles.fillWithColumnMeans(out);
    }
    if (s.stds != null) {
      boolean wide = type(s).equals("float64");
      for (double[] row : out) {
        for (int j = 0; j < row.length; j++) {
          row[j] =
              wide
                  ? (row[j] - s.means[j]) / s.stds[j]
                  : ((float) row[j] - (float) s.means[j]) / (float) s.stds[j];
        }
      }
    }
    return out;
  }

  /** Returns how many spikes of each unit lie in the window of each time of a chunk. */
  public double[][] counts(double start) {
    double[] times = times(start, spikes.rate, spikes.chunk, spikes.offset);
    double[][] out = new double[times.length][spikes.times.length];
    double before =
        switch (spikes.align) {
          case "left" -> 0;
          case "right" -> spikes.window;
          default -> spikes.window / 2;
        };
    double after =
        switch (spikes.align) {
          case "left" -> spikes.window;
          case "right" -> 0;
          default -> spikes.window / 2;
        };
    for (int k = 0; k < times.length; k++) {
      double t = times[k];
      if (t < spikes.start || t > spikes.end) {
        throw new ShortChunk("spikes at " + t);
      }
      for (int u = 0; u < spikes.times.length; u++) {
        for (double spike : spikes.times[u]) {
          out[k][u] += spike >= t - before && spike < t + after ? 1 : 0;
        }
      }
    }
    return spikes.sigma > 0 && times.length > 1 ? smoothed(out) : out;
  }

  /** Returns counts behind a Gaussian along time, with mirrored edges. */
  private double[][] smoothed(double[][] counts) {
    int radius = (int) (4 * spikes.sigma + 0.5);
    double[] weights = new double[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      weights[i + radius] = Math.exp(-0.5 * i * i / (spikes.sigma * spikes.sigma));
      sum += weights[i + radius];
    }
    int n = counts.length;
    double[][] out = new double[n][counts[0].length];
    for (int k = 0; k < n; k++) {
      for (int i = -radius; i <= radius; i++) {
        int at = k + i;
        while (at < 0 || at >= n) {
          at = at < 0 ? -1 - at : 2 * n - 1 - at;
        }
        for (int u = 0; u < out[k].length; u++) {
          out[k][u] += weights[i + radius] / sum * counts[at][u];
        }
      }
    }
    return out;
  }

  /** Returns whether each time of a chunk lies in an interval of each label: 1 or 0. */
  public double[][] memberships(double start) {
    double[] times = times(start, labels.rate, labels.chunk, labels.offset);
    double[][] out = new double[times.length][labels.intervals.size()];
    for (int k = 0; k < times.length; k++) {
      double t = times[k];
      if (t < labels.start || t > labels.end) {
        throw new ShortChunk("labels at " + t);
      }
      int column = 0;
      for (double[][] intervals : labels.intervals.values()) {
        for (double[] interval : intervals) {
          if (interval[0] <= t && t < interval[1]) {
            out[k][column] = 1;
          }
        }
        column++;
      }
    }
    return out;
  }

  /** Returns the element type of a sequence's values in a chunk. */
  public static String type(Sequence s) {
    if (s.linear) {
      return "float64";
    }
    return s.stds != null && !s.type.startsWith("float") ? "float32" : s.type;
  }
}
