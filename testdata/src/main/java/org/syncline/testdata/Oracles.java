/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.testdata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What values must be, written down as the specification says it, in double precision and without
 * any thought of speed. Tests compare the library with these.
 */
public final class Oracles {
  private Oracles() {}

  /**
   * Values at the valid ones of some times.
   *
   * @param values one row a valid time
   * @param valid indices of the valid times
   */
  public record Rows(double[][] values, int[] valid) {}

  /** Sample and hold: row {@code floor((t - start) * rate)}, as the quotient with the period. */
  public static Rows previous(
      double[][] x, double start, double end, double rate, double[] shifts, double[] times) {
    return sequence(x, start, end, rate, shifts, times, false, true);
  }

  /**
   * Linear interpolation between two rows.
   *
   * @param shifts seconds a column, or null
   * @param keepNans whether NaN stay; else they become the column's mean over the returned rows
   */
  public static Rows linear(
      double[][] x,
      double start,
      double end,
      double rate,
      double[] shifts,
      double[] times,
      boolean keepNans) {
    return sequence(x, start, end, rate, shifts, times, true, keepNans);
  }

  private static Rows sequence(
      double[][] x,
      double start,
      double end,
      double rate,
      double[] shifts,
      double[] times,
      boolean linear,
      boolean keepNans) {
    double first = start + (shifts == null ? 0 : Arrays.stream(shifts).max().orElse(0));
    double last = end + (shifts == null ? 0 : Arrays.stream(shifts).min().orElse(0));
    double dt = 1 / rate;
    List<double[]> rows = new ArrayList<>();
    List<Integer> valid = new ArrayList<>();
    for (int k = 0; k < times.length; k++) {
      if (!(first <= times[k] && times[k] <= last)) {
        continue;
      }
      int columns = x.length == 0 ? 0 : x[0].length;
      double[] row = new double[columns];
      boolean inside = x.length > 0;
      for (int j = 0; j < columns; j++) {
        double t = times[k] - (shifts == null ? 0 : shifts[j]);
        int i = (int) Math.floor((t - start) / dt);
        if (i < 0 || i + (linear ? 1 : 0) >= x.length) {
          inside = false;
        } else if (linear) {
          double t0 = start + i * dt;
          double t1 = start + (i + 1) * dt;
          row[j] = (t1 - t) / (t1 - t0) * x[i][j] + (t - t0) / (t1 - t0) * x[i + 1][j];
        } else {
          row[j] = x[i][j];
        }
      }
      if (inside) {
        rows.add(row);
        valid.add(k);
      }
    }
    double[][] values = rows.toArray(double[][]::new);
    if (!keepNans) {
      fillWithColumnMeans(values);
    }
    return new Rows(values, valid.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Replaces NaN by the mean of the others in its column; a column of nothing but NaN stays. */
  public static void fillWithColumnMeans(double[][] values) {
    for (int j = 0; values.length > 0 && j < values[0].length; j++) {
      double sum = 0;
      int count = 0;
      for (double[] row : values) {
        if (!Double.isNaN(row[j])) {
          sum += row[j];
          count++;
        }
      }
      for (double[] row : values) {
        if (Double.isNaN(row[j])) {
          row[j] = count == 0 ? Double.NaN : sum / count;
        }
      }
    }
  }

  /**
   * Index of the frame shown at a time: the last whose timestamp is below {@code t + 1e-4}; -1
   * before the first.
   */
  public static int frame(double[] timestamps, double t) {
    int frame = -1;
    while (frame + 1 < timestamps.length && timestamps[frame + 1] < t + 1e-4) {
      frame++;
    }
    return frame;
  }

  /**
   * Resizes one plane as OpenCV's INTER_AREA does: area average, or its bilinear rule where any
   * axis grows.
   */
  public static double[] resizeArea(
      double[] x, int height, int width, int outHeight, int outWidth) {
    boolean shrink = outHeight <= height && outWidth <= width;
    double[][] rows = shrink ? areaWeights(height, outHeight) : growWeights(height, outHeight);
    double[][] columns = shrink ? areaWeights(width, outWidth) : growWeights(width, outWidth);
    return weighted(x, width, rows, columns);
  }

  /**
   * Resizes one plane bilinearly with the triangle filter widened to the scale, as torchvision does
   * with antialias.
   */
  public static double[] resizeAntialias(
      double[] x, int height, int width, int outHeight, int outWidth) {
    return weighted(x, width, triangleWeights(height, outHeight), triangleWeights(width, outWidth));
  }

  private static double[] weighted(double[] x, int width, double[][] rows, double[][] columns) {
    double[] out = new double[rows.length * columns.length];
    for (int r = 0; r < rows.length; r++) {
      for (int c = 0; c < columns.length; c++) {
        double sum = 0;
        for (int i = 0; i < rows[r].length; i++) {
          for (int j = 0; rows[r][i] != 0 && j < columns[c].length; j++) {
            if (columns[c][j] != 0) {
              sum += rows[r][i] * columns[c][j] * x[i * width + j];
            }
          }
        }
        out[r * columns.length + c] = sum;
      }
    }
    return out;
  }

  private static double[][] areaWeights(int size, int out) {
    double[][] weights = new double[out][size];
    double scale = size / (double) out;
    for (int d = 0; d < out; d++) {
      for (int s = 0; s < size; s++) {
        double overlap = Math.min((d + 1) * scale, s + 1) - Math.max(d * scale, s);
        // what is left of a boundary after rounding is no overlap
        weights[d][s] = overlap > 1e-9 ? overlap / scale : 0;
      }
    }
    return weights;
  }

  private static double[][] growWeights(int size, int out) {
    double[][] weights = new double[out][size];
    double ratio = out / (double) size;
    double inverse = 1 / ratio;
    for (int d = 0; d < out; d++) {
      int s = (int) Math.floor(d * inverse);
      float f = (float) ((d + 1) - (s + 1) * ratio);
      f = f <= 0 ? 0 : f - (float) Math.floor(f);
      if (s >= size - 1) {
        s = size - 1;
        f = 0;
      }
      weights[d][s] = 1 - f;
      if (f > 0) {
        weights[d][s + 1] = f;
      }
    }
    return weights;
  }

  private static double[][] triangleWeights(int size, int out) {
    double[][] weights = new double[out][size];
    double scale = size / (double) out;
    double support = Math.max(1, scale);
    for (int d = 0; d < out; d++) {
      double centre = (d + 0.5) * scale;
      double sum = 0;
      for (int s = 0; s < size; s++) {
        weights[d][s] = Math.max(0, 1 - Math.abs((s + 0.5 - centre) / support));
        sum += weights[d][s];
      }
      for (int s = 0; s < size; s++) {
        weights[d][s] /= sum;
      }
    }
    return weights;
  }

  /**
   * Counts spikes in a window around each time.
   *
   * @param spikes times of each unit
   * @param align {@code center}, {@code left} or {@code right}
   */
  public static double[][] spikeCounts(
      double[][] spikes, double[] times, double window, String align) {
    double[][] counts = new double[times.length][spikes.length];
    for (int k = 0; k < times.length; k++) {
      double from =
          switch (align) {
            case "center" -> times[k] - window / 2;
            case "left" -> times[k];
            default -> times[k] - window;
          };
      double to =
          switch (align) {
            case "center" -> times[k] + window / 2;
            case "left" -> times[k] + window;
            default -> times[k];
          };
      for (int u = 0; u < spikes.length; u++) {
        for (double spike : spikes[u]) {
          counts[k][u] += from <= spike && spike < to ? 1 : 0;
        }
      }
    }
    return counts;
  }

  /** Gaussian filter along the first axis, radius {@code int(4*sigma + 0.5)}, mirrored edges. */
  public static double[][] smooth(double[][] x, double sigma) {
    int radius = (int) (4 * sigma + 0.5);
    if (x.length < 2 || sigma <= 0) {
      return x;
    }
    double[] kernel = new double[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      kernel[i + radius] = Math.exp(-0.5 * i * i / (sigma * sigma));
      sum += kernel[i + radius];
    }
    double[][] out = new double[x.length][x[0].length];
    for (int k = 0; k < x.length; k++) {
      for (int i = -radius; i <= radius; i++) {
        int at = Math.floorMod(k + i, 2 * x.length);
        double[] row = x[at < x.length ? at : 2 * x.length - 1 - at];
        for (int j = 0; j < row.length; j++) {
          out[k][j] += kernel[i + radius] / sum * row[j];
        }
      }
    }
    return out;
  }

  /** Whether each time lies in any of the half-open intervals {start, end}. */
  public static boolean[] inAny(double[][] intervals, double[] times) {
    boolean[] in = new boolean[times.length];
    for (int k = 0; k < times.length; k++) {
      for (double[] interval : intervals) {
        in[k] |= interval[0] <= times[k] && times[k] < interval[1];
      }
    }
    return in;
  }
}
