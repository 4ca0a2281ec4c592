/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.InterpolationConfig;
import org.syncline.device.Problems;
import org.syncline.device.support.Findings;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;
import org.syncline.kernel.FillPass;
import org.syncline.kernel.FrameFinish;
import org.syncline.kernel.ResampleAxis;
import org.syncline.kernel.ResamplePass;
import org.syncline.kernel.ResampleTable;
import org.syncline.storage.Npy;
import org.syncline.sum.PairwiseSum;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;

/** What a screen itself normalises its frames with: statistics in its folder. Immutable. */
final class ScreenStatistics {
  private static final String TRANSPOSED =
      "the array looks transposed: write it as (H, W) or (H, W, C)";

  private final FrameShape target;

  // one value, or one a channel; null where there is one a pixel
  private final double[] means;
  private final double[] stds;

  // of each pixel, planar (C, H, W)
  private final MemorySegment pixelMeans;
  private final MemorySegment pixelStds;

  private final List<PixelScale> scales;

  private ScreenStatistics(
      FrameShape target,
      double[] means,
      double[] stds,
      MemorySegment pixelMeans,
      MemorySegment pixelStds,
      List<PixelScale> scales) {
    this.target = target;
    this.means = means;
    this.stds = stds;
    this.pixelMeans = pixelMeans;
    this.pixelStds = pixelStds;
    this.scales = scales;
  }

  /**
   * Reads the statistics.
   *
   * @param options whether they are resized, and the threshold of standard deviations
   * @param target frames as interpolated
   * @param trials whose frames say which other sizes are resized as they are
   * @param arena keeps those of pixels
   * @throws RecordingException for files that cannot be read, a shape that frames do not have, or a
   *     standard deviation of 0 or NaN
   */
  static ScreenStatistics read(
      Path folder, InterpolationConfig options, FrameShape target, TrialIndex trials, Arena arena) {
    Npy.Doubles m = Statistics.read(folder, "means");
    Npy.Doubles s = Statistics.read(folder, "stds");
    double[] floored = floored(s.values(), options.normalizeStdThreshold());
    if (isChannelwise(m.shape(), target) && isChannelwise(s.shape(), target)) {
      List<PixelScale> scales = PixelScale.ofChannels(m.values(), floored);
      return new ScreenStatistics(target, m.values(), checked(folder, floored), null, null, scales);
    }
    boolean rescale = options.rescale();
    if (rescale) {
      checkSize(Statistics.file(folder, "means"), m.shape(), target, trials);
      checkSize(Statistics.file(folder, "stds"), s.shape(), target, trials);
    }
    MemorySegment ofMeans = planes(folder, "means", m, m.values(), target, rescale, arena);
    double[] stds = checked(folder, floored);
    MemorySegment ofStds = planes(folder, "stds", s, stds, target, rescale, arena);
    List<PixelScale> scales = PixelScale.ofPixels(m.values(), stds);
    return new ScreenStatistics(target, null, null, ofMeans, ofStds, scales);
  }

  /** Returns what stands for all of them. */
  List<PixelScale> scales() {
    return scales;
  }

  /** Adds the normalisation to a plan of frames as interpolated. */
  void append(FramePlan.Builder plan) {
    if (stds == null) {
      plan.add(new PixelStatistics(target, pixelMeans, pixelStds));
    } else {
      plan.normalize(means, stds);
    }
  }

  private static double[] floored(double[] values, Double threshold) {
    if (threshold == null) {
      return values;
    }
    double floor = threshold * PairwiseSum.nanMean(values);
    return Arrays.stream(values).map(v -> v > floor ? v : floor).toArray();
  }

  private static double[] checked(Path folder, double[] stds) {
    for (int i = 0; i < stds.length; i++) {
      if (stds[i] == 0 || stds[i] != stds[i]) {
        throw RecordingException.of(
            Statistics.file(folder, "stds"),
            "entry " + i,
            Double.toString(stds[i]),
            "a standard deviation other than 0",
            "set interpolation.normalize_std_threshold");
      }
    }
    return stds;
  }

  private static void checkSize(Path file, long[] shape, FrameShape target, TrialIndex trials) {
    if (isChannelwise(shape, target) || shape.length < 2) {
      return;
    }
    Likeness likeness =
        Likeness.of(shape, trials).or(Likeness.of(shape, target.height(), target.width()));
    String expected = "one value per pixel of " + target.height() + " x " + target.width();
    if (likeness.isTransposed()) {
      throw RecordingException.of(file, "shape", Arrays.toString(shape), expected, TRANSPOSED);
    }
    if (!likeness.same && !likeness.proportional) {
      Findings.warn(
          file,
          "shape",
          Arrays.toString(shape),
          expected + ", or of stored frames",
          "they are stretched to the frames: are they of another screen?");
    }
  }

  /** Warns of statistics of pixels, one of the files, that have the axes of frames swapped. */
  static void check(Path file, long[] shape, TrialIndex trials, Problems problems) {
    if (shape.length >= 2 && Likeness.of(shape, trials).isTransposed()) {
      problems.warning(
          file,
          "shape",
          Arrays.toString(shape),
          "one value per pixel of " + trials.height(0) + " x " + trials.width(0),
          TRANSPOSED);
    }
  }

  /** How the shape of statistics of pixels relates to sizes of frames: what any of these says. */
  private record Likeness(boolean same, boolean swapped, boolean proportional) {
    static Likeness of(long[] shape, int height, int width) {
      boolean known = height > 0 && width > 0;
      long[] lengths = {shape[0], shape[1], height, width};
      return new Likeness(
          known && shape[0] == height && shape[1] == width,
          known && shape[0] == width && shape[1] == height,
          // sizes are whole numbers: less than a row or a column off
          known
              && Math.abs(shape[0] * width - shape[1] * height)
                  < Arrays.stream(lengths).max().orElseThrow());
    }

    static Likeness of(long[] shape, TrialIndex trials) {
      Likeness all = new Likeness(false, false, false);
      int height = 0;
      int width = 0;
      for (int t = 0; t < trials.size(); t++) {
        if (trials.height(t) != height || trials.width(t) != width) {
          height = trials.height(t);
          width = trials.width(t);
          all = all.or(of(shape, height, width));
        }
      }
      return all;
    }

    Likeness or(Likeness other) {
      return new Likeness(
          same || other.same, swapped || other.swapped, proportional || other.proportional);
    }

    boolean isTransposed() {
      return swapped && !same;
    }
  }

  private static boolean isChannelwise(long[] shape, FrameShape target) {
    long n = Tensor.elements(shape);
    return n == 1 || target.channels() > 1 && shape.length == 1 && n == target.channels();
  }

  /**
   * Spreads statistics (1), (C), (H, W) or (H, W, C) over the planes of a frame, resized as frames
   * are.
   */
  private static MemorySegment planes(
      Path folder,
      String name,
      Npy.Doubles read,
      double[] values,
      FrameShape target,
      boolean rescale,
      Arena arena) {
    long[] shape = read.shape();
    int c = target.channels();
    int n = target.plane();
    MemorySegment planes = arena.allocate(4L * c * n, 64);
    if (isChannelwise(shape, target)) {
      FillPass fill = FillPass.of(ElementType.FLOAT32);
      for (int p = 0; p < c; p++) {
        fill.run(planes, 4L * p * n, n, (float) values[values.length == 1 ? 0 : p]);
      }
      return planes;
    }
    boolean colour = shape.length == 3 && shape[2] == c;
    boolean fits = shape.length == 2 && c == 1 || colour;
    boolean sized = fits && shape[0] == target.height() && shape[1] == target.width();
    if (!fits || !sized && !rescale || values.length == 0) {
      throw RecordingException.of(
          Statistics.file(folder, name),
          "shape",
          Arrays.toString(shape),
          "one value, one per channel, or one per pixel of "
              + target.height()
              + " x "
              + target.width(),
          null);
    }
    int h = Math.toIntExact(shape[0]);
    int w = Math.toIntExact(shape[1]);
    boolean grows = target.height() > h || target.width() > w;
    ResampleTable table =
        ResampleTable.of(
            grows
                ? ResampleAxis.areaEnlarge(h, target.height())
                : ResampleAxis.area(h, target.height()),
            grows
                ? ResampleAxis.areaEnlarge(w, target.width())
                : ResampleAxis.area(w, target.width()));
    ElementType f = ElementType.FLOAT32;
    ResamplePass pass = ResamplePass.of(table, FrameFinish.conversion(f, f));
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment source = temporary.allocate(4L * h * w, 64);
      MemorySegment scratch = temporary.allocate(table.scratchBytes(), 64);
      for (int p = 0; p < c; p++) {
        for (int i = 0; i < h * w; i++) {
          source.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i * c + p]);
        }
        if (sized) {
          MemorySegment.copy(source, 0, planes, 4L * p * n, 4L * n);
        } else {
          pass.run(source, 0, 4L * w, scratch, 0, planes, 4L * p * n);
        }
      }
    }
    return planes;
  }
}
