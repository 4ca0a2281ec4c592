/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.util.ArrayList;
import java.util.Arrays;
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
   * A screen of one channel, 2 x 3 pixels.
   *
   * @param clock seconds of each frame
   * @param transforms what becomes of a frame, in order
   * @param mean of a normalization that follows
   * @param std likewise, NaN for none
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
      int stride,
      List<Transform> transforms,
      double mean,
      double std) {}

  /**
   * A screen transform.
   *
   * @param name as torchvision calls it
   * @param a height, or a mean, or a number of channels
   * @param b width, or a standard deviation
   * @param nearest whether a size is changed without averaging
   */
  public record Transform(String name, double a, double b, boolean nearest) {}

  /**
   * A frame of float32.
   *
   * @param values (C, H, W)
   */
  public record Frame(int channels, int height, int width, float[] values) {
    float at(int c, int y, int x) {
      return values[(c * height + y) * width + x];
    }
  }

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

  /** Returns a frame behind the screen's transforms and its normalization. */
  public Frame transformed(float[] pixels) {
    Frame frame = new Frame(1, 2, 3, pixels);
    for (Transform t : screen.transforms) {
      frame =
          switch (t.name) {
            case "CenterCrop" -> crop(frame, (int) t.a, (int) t.b);
            case "Resize" -> resized(frame, (int) t.a, (int) t.b, t.nearest);
            case "Grayscale" -> grey(frame, (int) t.a);
            default -> normalized(frame, t.a, t.b);
          };
    }
    return Double.isNaN(screen.std) ? frame : normalized(frame, screen.mean, screen.std);
  }

  private static Frame normalized(Frame in, double mean, double std) {
    float[] out = in.values.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] = (out[i] - (float) mean) / (float) std;
    }
    return new Frame(in.channels, in.height, in.width, out);
  }

  /** Cuts out the middle, or puts zeros around; halves go to the even pixel. */
  private static Frame crop(Frame in, int height, int width) {
    float[] out = new float[in.channels * height * width];
    int top =
        height > in.height
            ? -((height - in.height) / 2)
            : (int) Math.rint((in.height - height) / 2.);
    int left =
        width > in.width ? -((width - in.width) / 2) : (int) Math.rint((in.width - width) / 2.);
    int i = 0;
    for (int c = 0; c < in.channels; c++) {
      for (int y = top; y < top + height; y++) {
        for (int x = left; x < left + width; x++) {
          boolean inside = y >= 0 && y < in.height && x >= 0 && x < in.width;
          out[i++] = inside ? in.at(c, y, x) : 0;
        }
      }
    }
    return new Frame(in.channels, height, width, out);
  }

  /** The luma of colours; what is grey stays, as often as asked for. */
  private static Frame grey(Frame in, int channels) {
    int plane = in.height * in.width;
    float[] out = new float[channels * plane];
    for (int i = 0; i < out.length; i++) {
      int p = i % plane;
      out[i] =
          in.channels == 1
              ? in.values[p]
              : (float)
                  (0.2989 * in.values[p]
                      + 0.587 * in.values[plane + p]
                      + 0.114 * in.values[2 * plane + p]);
    }
    return new Frame(channels, in.height, in.width, out);
  }

  private static Frame resized(Frame in, int height, int width, boolean nearest) {
    double[][] rows = weights(in.height, height, nearest);
    double[][] columns = weights(in.width, width, nearest);
    float[] out = new float[in.channels * height * width];
    int i = 0;
    for (int c = 0; c < in.channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double sum = 0;
          for (int v = 0; v < in.height; v++) {
            for (int u = 0; u < in.width; u++) {
              sum += rows[y][v] * columns[x][u] * in.at(c, v, u);
            }
          }
          out[i++] = (float) sum;
        }
      }
    }
    return new Frame(in.channels, height, width, out);
  }

  /** Returns how much of each pixel goes into each that comes out: a triangle, wider to shrink. */
  private static double[][] weights(int from, int to, boolean nearest) {
    double[][] weights = new double[to][from];
    double scale = from / (double) to;
    for (int i = 0; i < to; i++) {
      if (nearest) {
        weights[i][(int) Math.min(from - 1, Math.floor(i * scale))] = 1;
        continue;
      }
      double width = Math.max(1, scale);
      double centre = scale * (i + 0.5);
      double sum = 0;
      for (int j = 0; j < from; j++) {
        weights[i][j] = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / width);
        sum += weights[i][j];
      }
      for (int j = 0; j < from; j++) {
        weights[i][j] /= sum;
      }
    }
    return weights;
  }

  /**
   * Returns the start times behind a first shuffle: the first of a permutation of all before the
   * stride, sorted.
   */
  public double[] shuffled(long seed) {
    double[] all =
        new SlowDataset(strideless(), sequences, spikes, labels, threshold, precision).starts();
    Mersenne random = new Mersenne(seed);
    int[] order = new int[all.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    random.shuffle(order);
    double[] chosen = new double[all.length / screen.stride];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = all[order[i]];
    }
    Arrays.sort(chosen);
    return chosen;
  }

  private Screen strideless() {
    return new Screen(
        screen.clock,
        screen.trials,
        screen.conditions,
        screen.blanks,
        screen.rate,
        screen.chunk,
        screen.offset,
        1,
        screen.transforms,
        screen.mean,
        screen.std);
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
